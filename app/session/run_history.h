#pragma once

#include <QDateTime>
#include <QJsonObject>
#include <QObject>
#include <QVector>

#include "app/session/comparison_data.h"
#include "app/session/recipe_state.h"

namespace kasuri::app {

/// One measurement that was kept.
struct RunRecord {
    QString name;
    QDateTime when;
    QString model; ///< file name
    QString recipe;
    Target target;
    ComparisonInfo result;
    QJsonObject report; ///< as measured; filled by the history
};

/// The measurements of a session, newest last. Names are unique: a name given twice gets a number.
class RunHistory : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    const QVector<RunRecord> &runs() const { return runs_; }
    void add(RunRecord run); ///< an empty name becomes "run 3"; the oldest beyond 100 go
    void rename(int index, const QString &name); ///< an empty name changes nothing
    void remove(int index);

    QJsonArray toJson() const;
    void restore(const QJsonArray &runs); ///< replaces all; entries without a result are left out

signals:
    void changed();

private:
    QString unique(const QString &name, int except) const;

    QVector<RunRecord> runs_;
};

/// What two runs have in common and what not, a line per figure. Times of runs made apart are not
/// compared: the line says how to measure both together.
QStringList differenceOf(const RunRecord &a, const RunRecord &b);

} // namespace kasuri::app
