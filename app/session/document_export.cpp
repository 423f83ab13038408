// What the document writes for others: ONNX, plan, report, JSON.
#include <QFileInfo>
#include <QSaveFile>
#include <QTemporaryFile>

#include "app/session/document.h"
#include "app/session/engine_message.h"
#include "app/session/engine_process.h"
#include "app/session/reason_words.h"

namespace kasuri::app {

void Document::exportTo(ExportKind kind, const QString &path, const ReportFields &fields)
{
    if (!state_->model)
        return emit problem(tr("Nothing to export. Ctrl+O opens a model."));
    if (QFileInfo(path) == QFileInfo(path_))
        return emit problem(
            tr("%1 is the open model and is never written over. Choose another name.").arg(path));
    if (kind == ExportKind::Onnx || kind == ExportKind::Plan) {
        openAgainIfLost();
        const char *field = kind == ExportKind::Onnx ? "onnx" : "plan";
        order(message("optimize", {{"recipe", recipe()}}));
        order(message("plan", {{"threads", state_->target.threads}}));
        return order(message("export", {{field, path}}), [this, path] { emit exported(path); });
    }
    if (kind == ExportKind::Recipe)
        return writeText(path, recipe().toUtf8() + '\n');
    if (kind == ExportKind::Trace)
        return exportTrace(path);
    if (!state_->comparison)
        return emit problem(
            tr("Nothing measured yet. F5 measures, then the report can be written."));
    if (kind == ExportKind::Json)
        return writeText(path, state_->comparison->json.toUtf8());
    writeReport(path, fields);
}

/// From the comparison shown, so that window and report say the same.
void Document::writeReport(const QString &path, const ReportFields &fields)
{
    if (refuseWhileMeasuring())
        return;
    auto json = std::make_shared<QTemporaryFile>();
    const QByteArray bytes = state_->comparison->json.toUtf8();
    if (!json->open() || json->write(bytes) != bytes.size() || !json->flush())
        return emit problem(tr("Cannot write %1: %2").arg(json->fileName(), json->errorString()));
    const bool pdf = path.endsWith(QLatin1String(".pdf"), Qt::CaseInsensitive);
    ReportFields shown = fields;
    if (shown.language.isEmpty())
        shown.language = reportLanguage();
    QStringList arguments{QStringLiteral("report"), json->fileName(),
                          pdf ? QStringLiteral("--pdf") : QStringLiteral("-o"), path,
                          QStringLiteral("--json")};
    arguments += optionsOf(shown);
    if (fields.bundle)
        arguments << QStringLiteral("--bundle") << bundleOf(path);
    // Only of what was measured, and never what would tell the names again.
    const bool models
        = fields.bundle && !fields.anonymise && state_->phase == DocumentState::Phase::Measured;
    compare_->start(arguments, [this, path, json, models](const EngineProcess::Answer &answer) {
        if (!answer.ok)
            return answer.cancelled ? void() : emit problem(answer.error);
        models ? writeModelsInto(bundleOf(path), path) : emit exported(path);
    });
}

/// The optimised model and its plan, as `compare --bundle` names them.
void Document::writeModelsInto(const QString &folder, const QString &report)
{
    openAgainIfLost();
    order(message("optimize", {{"recipe", state_->measuredRecipe}, {"graph", false}}));
    order(message("plan", {{"threads", state_->target.threads}}));
    order(message("export",
                  {{"onnx", folder + QStringLiteral("/optimized.onnx")},
                   {"plan", folder + QStringLiteral("/optimized.kplan")}}),
          [this, report] { emit exported(report); });
}

/// One process measures, traces, extracts and reports: the later one would end the earlier.
bool Document::refuseWhileMeasuring()
{
    if (!compare_->running())
        return false;
    emit problem(tr("A measurement runs. Esc cancels it."));
    return true;
}

void Document::extract(const QStringList &operators, const QString &path)
{
    if (!state_->model || operators.isEmpty())
        return emit problem(tr("Nothing selected. Click an operator first."));
    if (QFileInfo(path) == QFileInfo(path_))
        return emit problem(
            tr("%1 is the open model and is never written over. Choose another name.").arg(path));
    if (refuseWhileMeasuring())
        return;
    QStringList arguments{QStringLiteral("extract"),
                          path_,
                          QStringLiteral("-o"),
                          path,
                          QStringLiteral("--json"),
                          QStringLiteral("--quiet"),
                          QStringLiteral("--synthesize-weights")};
    for (const QString &name : operators)
        arguments << QStringLiteral("--from=") + name << QStringLiteral("--to=") + name;
    emit progressed(tr("Extracting %n operators", nullptr, int(operators.size())), -1);
    compare_->start(arguments + targetArguments(),
                    [this, path](const EngineProcess::Answer &answer) {
                        emit changed();
                        if (answer.ok)
                            emit exported(path);
                        else if (!answer.cancelled)
                            emit problem(answer.error);
                    });
}

void Document::exportTrace(const QString &path)
{
    if (refuseWhileMeasuring())
        return;
    compare_->start(QStringList{QStringLiteral("profile"), path_, QStringLiteral("--passes"),
                                recipe(), QStringLiteral("--trace"), path, QStringLiteral("--json"),
                                QStringLiteral("--synthesize-weights")}
                        + targetArguments(),
                    [this, path](const EngineProcess::Answer &answer) {
                        answer.ok ? emit exported(path) : emit problem(answer.error);
                    });
}

void Document::writeText(const QString &path, const QByteArray &bytes)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return emit problem(tr("Cannot write %1: %2").arg(path, file.errorString()));
    emit exported(path);
}

} // namespace kasuri::app
