// What the document writes for others: ONNX, plan, report, JSON.
#include <QFileInfo>
#include <QSaveFile>
#include <QTemporaryFile>

#include "app/session/document.h"
#include "app/session/engine_message.h"
#include "app/session/engine_process.h"

namespace kasuri::app {

void Document::exportTo(ExportKind kind, const QString &path)
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
    writeReport(path);
}

/// From the comparison shown, so that window and report say the same.
void Document::writeReport(const QString &path)
{
    auto json = std::make_shared<QTemporaryFile>();
    const QByteArray bytes = state_->comparison->json.toUtf8();
    if (!json->open() || json->write(bytes) != bytes.size() || !json->flush())
        return emit problem(tr("Cannot write %1: %2").arg(json->fileName(), json->errorString()));
    const bool pdf = path.endsWith(QLatin1String(".pdf"), Qt::CaseInsensitive);
    compare_->start({QStringLiteral("report"), json->fileName(),
                     pdf ? QStringLiteral("--pdf") : QStringLiteral("-o"), path,
                     QStringLiteral("--json"), QStringLiteral("--language"),
                     tr("en", "the language of reports: en or ja")},
                    [this, path, json](const EngineProcess::Answer &answer) {
                        answer.ok ? emit exported(path) : emit problem(answer.error);
                    });
}

void Document::exportTrace(const QString &path)
{
    if (compare_->running())
        return emit problem(tr("A measurement runs. Esc cancels it."));
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
