#include <QJsonDocument>

#include "app/session/engine_json.h"
#include "app/session/json_access.h"
#include "app/session/matrix_data.h"

namespace kasuri::app {

using namespace access;

MatrixInfo matrixFrom(const QByteArray &json)
{
    const QJsonObject o = QJsonDocument::fromJson(json).object();
    MatrixInfo matrix;
    for (const QJsonValue &axis : array(o, "axes"))
        matrix.axes << text(axis.toObject(), "name");
    for (const QJsonValue &value : array(o, "cells")) {
        const QJsonObject at = object(value.toObject(), "at"),
                          report = object(value.toObject(), "report");
        MatrixCell cell;
        for (const QString &axis : matrix.axes)
            cell.at << QString::number(qint64(at.value(axis).toDouble()));
        cell.error = text(report, "error");
        const auto result = comparisonFrom(QJsonDocument(report).toJson(QJsonDocument::Compact));
        if (result) {
            cell.latency = result->latency;
            cell.partial = result->partial;
            cell.arenaBefore = result->sides[0].memory.arena;
            cell.arenaAfter = result->sides[1].memory.arena;
        }
        matrix.cells.append(cell);
    }
    return matrix;
}

} // namespace kasuri::app
