// Times from another program's profile, laid over the operators of the model.
#include "app/session/document.h"
#include "app/session/engine_process.h"

namespace kasuri::app {

/// An empty path takes the overlay away.
void Document::overlay(const QString &path)
{
    overlayer_->cancel();
    if (path.isEmpty()) {
        state_->overlay.reset();
        return emit changed();
    }
    matchOverlay(path, QStringLiteral("none"));
}

/// Names are sought among the imported operators first; a profile of an exported file has the names
/// of the recipe.
void Document::matchOverlay(const QString &path, const QString &spec)
{
    const QStringList arguments{
        QStringLiteral("profile"),   path_,
        QStringLiteral("--passes"),  spec,
        QStringLiteral("--overlay"), path,
        QStringLiteral("--samples"), QStringLiteral("1"),
        QStringLiteral("--json"),    QStringLiteral("--progress"),
        QStringLiteral("json"),      QStringLiteral("--synthesize-weights")};
    overlayer_->start(
        arguments + targetArguments(), [this, path, spec](const EngineProcess::Answer &answer) {
            if (answer.cancelled)
                return emit changed();
            std::optional<OverlayInfo> found = answer.ok ? overlayFrom(answer.json) : std::nullopt;
            if (found && found->matched == 0 && spec != recipe())
                return matchOverlay(path, recipe());
            const bool matches = found && found->matched > 0;
            if (matches) {
                found->file = path;
                state_->overlay = std::make_shared<const OverlayInfo>(*std::move(found));
            }
            emit changed();
            if (!answer.ok)
                emit problem(answer.error);
            else if (!matches)
                emit problem(tr("%1 is of another model: none of its names is an operator of "
                                "this one.")
                                 .arg(path));
        });
}

} // namespace kasuri::app
