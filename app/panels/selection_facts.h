#pragma once

#include <QCoreApplication>
#include <QHash>
#include <QString>
#include <QStringList>
#include <QVector>

#include "app/charts/step_histogram.h"
#include "app/session/document.h"
#include "app/style/theme.h"

namespace kasuri::app {

/// What there is to say of some operators of an open model, as rich text.
class SelectionFacts {
    Q_DECLARE_TR_FUNCTIONS(SelectionFacts)
public:
    /// References are kept.
    SelectionFacts(const DocumentState &state, const QStringList &operators, const Theme &theme);

    QString html();
    /// What the image `kHistogram` of the text shows; empty: there is none. Known once html() was
    /// asked for.
    const StepRuns &runs() const { return runs_; }
    static constexpr const char *kHistogram = "histogram";
    /// What the link with each number in the text selects; known once html() was asked for.
    const QVector<QStringList> &links() const { return links_; }

private:
    using Steps = QVector<const StepInfo *>;

    Steps stepsOf(const std::shared_ptr<const PlanInfo> &plan) const;
    std::optional<double> beforeMs(const QStringList &operators) const;
    QVector<double> runsBefore(const QStringList &operators) const;
    QString kernel(const StepInfo &step);
    QString sources(const StepInfo &step);
    QString alive(const StepInfo &step) const;
    QString several(const Steps &steps);
    QString operatorFacts(const OperatorInfo &op);
    QString times(const std::optional<double> &before, const std::optional<double> &after) const;
    QString madeBy(const StepInfo &step) const;
    QString inkOf(const char *token, const QString &text) const;
    QString link(const QString &words, const QStringList &operators);

    const DocumentState &state_;
    const QStringList &operators_;
    const Theme &theme_;
    QHash<QString, double> baseline_; ///< ms by operator
    QVector<QStringList> links_;
    StepRuns runs_;
};

} // namespace kasuri::app
