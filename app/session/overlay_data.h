#pragma once

#include <QByteArray>
#include <QHash>
#include <QString>
#include <QStringList>
#include <QVector>
#include <optional>

namespace kasuri::app {

struct PlanInfo;

/// What another program measured of the model, read from its profile.
struct OverlayInfo {
    QString file; ///< with its path
    QString format; ///< "onnxruntime", "chrome"
    int names = 0; ///< in the file
    int matched = 0; ///< of them, operators of this model
    double totalMs = 0; ///< of all names
    QStringList unmatched;
    QHash<QString, double> operatorMs; ///< by imported operator
};

/// Reads what `kasuri profile --overlay FILE --json` prints. Nothing: there is no overlay in it.
std::optional<OverlayInfo> overlayFrom(const QByteArray &json);

/// Time there of what each step of a plan performs; an operator that several steps perform is
/// spread evenly over them. Nothing for steps none of whose operators are in the overlay.
QVector<std::optional<double>> overlayOf(const PlanInfo &plan, const OverlayInfo &overlay);

/// "a.json: 65 of 65 names are operators of this model, 18.0 ms there (ONNX Runtime)"
QString inWords(const OverlayInfo &overlay);

} // namespace kasuri::app
