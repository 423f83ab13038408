#pragma once

#include <QByteArray>
#include <QJsonObject>

#include "app/session/workbench_data.h"

namespace kasuri::app {

/// Reads the objects of the worker protocol (profiling/README.md) into values. Missing keys read as
/// zero or empty: an older or newer worker never breaks the window.
ModelInfo modelFrom(const QJsonObject &graph);
QVector<PassInfo> passesFrom(const QJsonObject &rewrite);
/// A symbol that several inputs have stands once.
QVector<DimInfo> dimsFrom(const QJsonObject &graph);
QVector<InputInfo> inputsFrom(const QJsonObject &graph);
PlanInfo planFrom(const QJsonObject &plan);
/// Fills the times of the steps from a profile object.
void addTimes(PlanInfo &plan, const QJsonObject &profile);
/// The object of `kasuri compare --json`; empty when it has no delta.
std::optional<ComparisonInfo> comparisonFrom(const QByteArray &json);

} // namespace kasuri::app
