#include <QCoreApplication>
#include <QFileInfo>
#include <QJsonDocument>
#include <algorithm>

#include "app/session/json_access.h"
#include "app/session/overlay_data.h"
#include "app/session/units.h"
#include "app/session/workbench_data.h"

namespace kasuri::app {
namespace {

using namespace access;

struct Overlay {
    Q_DECLARE_TR_FUNCTIONS(Overlay)
};

} // namespace

std::optional<OverlayInfo> overlayFrom(const QByteArray &json)
{
    const QJsonObject o = QJsonDocument::fromJson(json).object(), about = object(o, "overlay");
    if (about.isEmpty())
        return std::nullopt;
    OverlayInfo overlay;
    overlay.file = text(about, "file");
    overlay.format = text(about, "format");
    overlay.names = int(integer(about, "names"));
    overlay.matched = int(integer(about, "matched"));
    overlay.totalMs = real(about, "total_ms");
    overlay.unmatched = strings(array(about, "unmatched"));
    for (const QJsonValue &value : array(o, "steps")) {
        const QJsonObject step = value.toObject();
        const std::optional<double> ms = maybe(step, "overlay_ms");
        QStringList operators = strings(array(step, "sources"));
        if (operators.isEmpty())
            operators = strings(array(step, "nodes"));
        for (const QString &name : operators)
            if (ms)
                overlay.operatorMs[name] += *ms / double(operators.size());
    }
    return overlay;
}

QVector<std::optional<double>> overlayOf(const PlanInfo &plan, const OverlayInfo &overlay)
{
    QHash<QString, int> performed;
    for (const StepInfo &step : plan.steps)
        for (const QString &name : step.sources)
            ++performed[name];
    QVector<std::optional<double>> times;
    for (const StepInfo &step : plan.steps) {
        std::optional<double> sum;
        for (const QString &name : step.sources)
            if (const auto ms = overlay.operatorMs.constFind(name);
                ms != overlay.operatorMs.constEnd())
                sum = sum.value_or(0) + *ms / performed.value(name);
        times.append(sum);
    }
    return times;
}

QString inWords(const OverlayInfo &overlay)
{
    return Overlay::tr("%1: %2 of %3 names are operators of this model, %4 ms there (%5)")
        .arg(QFileInfo(overlay.file).fileName())
        .arg(overlay.matched)
        .arg(overlay.names)
        .arg(formatMs(overlay.totalMs),
             overlay.format == QLatin1String("onnxruntime") ? QStringLiteral("ONNX Runtime")
                                                            : QStringLiteral("Chrome trace"));
}

} // namespace kasuri::app
