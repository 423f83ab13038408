#include "app/panels/selection_facts.h"

#include <QSet>
#include <algorithm>
#include <cmath>
#include <utility>

#include "app/charts/memory_scene.h"
#include "app/session/reason_words.h"
#include "app/session/units.h"

namespace kasuri::app {
namespace {

constexpr int kMostListed = 40, kMostAlive = 8;
constexpr double kNoiseFloor = 0.02;

QString row(const QString &name, const QString &value)
{
    return value.isEmpty()
        ? QString()
        : QStringLiteral("<tr><td style='padding-right:12px'>%1</td><td>%2</td></tr>")
              .arg(name, value);
}

QString numberRow(const QString &name, const QString &middle, const QString &number)
{
    return QStringLiteral("<tr><td>%1</td><td style='padding-left:8px'>%2</td>"
                          "<td align='right' style='padding-left:12px'>%3</td></tr>")
        .arg(name, middle, number);
}

QString head(const QString &words)
{
    return QStringLiteral("<p style='margin-top:10px;margin-bottom:2px'><b>%1</b></p>").arg(words);
}

QString table(const QString &rows, bool wide = false)
{
    return rows.isEmpty() ? QString()
                          : QStringLiteral("<table%1>%2</table>")
                                .arg(wide ? QStringLiteral(" width='100%'") : QString(), rows);
}

bool meets(const QStringList &names, const QSet<QString> &wanted)
{
    return std::any_of(names.begin(), names.end(),
                       [&](const QString &name) { return wanted.contains(name); });
}

} // namespace

SelectionFacts::SelectionFacts(const DocumentState &state, const QStringList &operators,
                               const Theme &theme)
    : state_(state), operators_(operators), theme_(theme)
{
    if (!state.before)
        return;
    for (const StepInfo &step : state.before->steps)
        for (const QString &name : step.sources)
            if (step.medianMs)
                baseline_[name]
                    += *step.medianMs / double(std::max<qsizetype>(1, step.sources.size()));
}

SelectionFacts::Steps SelectionFacts::stepsOf(const std::shared_ptr<const PlanInfo> &plan) const
{
    const QSet<QString> wanted(operators_.begin(), operators_.end());
    Steps steps;
    for (int s = 0; plan && s < plan->steps.size(); ++s)
        if (meets(plan->steps[s].sources, wanted))
            steps.append(&plan->steps[s]);
    return steps;
}

std::optional<double> SelectionFacts::beforeMs(const QStringList &operators) const
{
    std::optional<double> sum;
    for (const QString &name : operators)
        if (const auto ms = baseline_.constFind(name); ms != baseline_.constEnd())
            sum = sum.value_or(0) + *ms;
    return sum;
}

/// Of each run, as beforeMs() shares the time of a step among its operators.
QVector<double> SelectionFacts::runsBefore(const QStringList &operators) const
{
    const QSet<QString> wanted(operators.begin(), operators.end());
    QVector<double> sums;
    bool first = true;
    for (const StepInfo &step : state_.before ? state_.before->steps : QVector<StepInfo>()) {
        const auto own = std::count_if(step.sources.begin(), step.sources.end(),
                                       [&](const QString &name) { return wanted.contains(name); });
        if (own == 0)
            continue;
        const double share = double(own) / double(step.sources.size());
        if (std::exchange(first, false))
            sums.fill(0, step.timesMs.size());
        sums.resize(std::min(sums.size(), step.timesMs.size()));
        for (qsizetype run = 0; run < sums.size(); ++run)
            sums[run] += share * step.timesMs[run];
    }
    return sums;
}

QString SelectionFacts::inkOf(const char *token, const QString &text) const
{
    return QStringLiteral("<span style='color:%1'>%2</span>")
        .arg(theme_.color(QString::fromLatin1(token)).name(), text);
}

QString SelectionFacts::link(const QString &words, const QStringList &operators)
{
    links_.append(operators);
    return QStringLiteral("<a href='%1' style='color:%2;text-decoration:none'>%3</a>")
        .arg(links_.size() - 1)
        .arg(theme_.color(QStringLiteral("text")).name(), words.toHtmlEscaped());
}

/// "1.27 → 0.57 ms  −55 %"; no percentage below the noise.
QString SelectionFacts::times(const std::optional<double> &before,
                              const std::optional<double> &after) const
{
    if (!before && !after)
        return {};
    QString text = before ? inkOf("before", formatMs(*before)) : QString();
    if (after)
        text += (before ? QStringLiteral(" → ") : QString()) + inkOf("after", formatMs(*after));
    text = QStringLiteral("<b>%1</b> %2").arg(text, tr("ms"));
    if (!before || !after || *before <= 0)
        return text;
    const double change = *after / *before - 1;
    return text + QStringLiteral("&nbsp;&nbsp; ")
        + (std::abs(change) < kNoiseFloor ? tr("= same") : formatSignedPercent(change));
}

QString SelectionFacts::html()
{
    const Steps after = stepsOf(state_.after), before = stepsOf(state_.before);
    const Steps &steps = state_.after ? after : before;
    QString text;
    if (steps.size() == 1)
        text += kernel(*steps.first());
    else if (!steps.isEmpty())
        text += several(steps);
    for (const OperatorInfo &op : state_.model->operators)
        if (operators_.size() == 1 && op.sources.contains(operators_.first()))
            text += operatorFacts(op);
    return text;
}

QString SelectionFacts::kernel(const StepInfo &step)
{
    const qsizetype count = step.sources.size();
    QString text
        = QStringLiteral("<p style='margin-bottom:0'><span style='font-size:large'>"
                         "<b>%1</b></span>%2<br>%3</p>")
              .arg(step.title.toHtmlEscaped(),
                   count > 1 ? QStringLiteral("&nbsp;&nbsp; ") + tr("fused %1 → 1").arg(count)
                             : QString(),
                   inkOf("text.2", step.name.toHtmlEscaped()));
    const std::optional<double> before = state_.after ? beforeMs(step.sources) : step.medianMs,
                                after = state_.after ? step.medianMs : std::nullopt;
    const QString ms = times(before, after);
    if (!ms.isEmpty())
        text += QStringLiteral("<p>%1</p>").arg(ms);
    runs_ = state_.after ? StepRuns{runsBefore(step.sources), step.timesMs}
                         : StepRuns{step.timesMs, {}};
    if (!runs_.empty())
        text += QStringLiteral("<p style='margin-top:2px'><img src='%1'><br>%2</p>")
                    .arg(QLatin1String(kHistogram), inkOf("text.2", wordsOf(runs_)));
    QString rows = row(
        tr("Bytes moved"),
        tr("%1 read, %2 written").arg(formatBytes(step.bytesRead), formatBytes(step.bytesWritten)));
    if (step.medianMs.value_or(0) > 0) {
        const double moved = double(step.bytesRead + step.bytesWritten);
        QStringList rates;
        if (step.flops > 0)
            rates << tr("%1 GFLOP/s").arg(double(step.flops) / *step.medianMs / 1e6, 0, 'f', 1);
        rates << tr("%1 GB/s").arg(moved / *step.medianMs / 1e6, 0, 'f', 1);
        rows += row(tr("Rate"), rates.join(QStringLiteral(", ")));
    }
    rows += row(tr("Kernel"), step.backend.toHtmlEscaped());
    rows += row(tr("Why not faster"), reasonWords(step.reason).toHtmlEscaped());
    rows += row(tr("Made by"), madeBy(step));
    return text + table(rows) + sources(step) + alive(step);
}

/// The rules that were applied to the operators of the step.
QString SelectionFacts::madeBy(const StepInfo &step) const
{
    QSet<QString> wanted(step.sources.begin(), step.sources.end());
    wanted += QSet<QString>(step.nodes.begin(), step.nodes.end());
    // A site that is mostly of other kernels, as those of whole plans are, made none of this one.
    const auto ownedBy = [&](const SiteInfo &site) {
        const auto own = std::count_if(site.nodes.begin(), site.nodes.end(),
                                       [&](const QString &n) { return wanted.contains(n); });
        return site.applied && own > 0 && 2 * own >= site.nodes.size();
    };
    QStringList rules;
    for (const PassInfo &pass : state_.model->passes)
        for (const RuleInfo &rule : pass.rules)
            if (std::any_of(rule.sites.begin(), rule.sites.end(), ownedBy))
                rules << QStringLiteral("%1 › %2").arg(pass.name, rule.name).toHtmlEscaped();
    return rules.join(QStringLiteral("<br>"));
}

QString SelectionFacts::sources(const StepInfo &step)
{
    QHash<QString, const OperatorInfo *> known;
    for (const OperatorInfo &op : state_.model->operators)
        for (const QString &source : op.sources)
            known.insert(source, &op);
    QString rows;
    int listed = 0;
    for (const QString &name : step.sources) {
        if (++listed > kMostListed)
            break;
        const OperatorInfo *op = known.value(name);
        const std::optional<double> ms = beforeMs({name});
        rows += numberRow(link(name, {name}),
                          op ? inkOf("text.2", op->type.toHtmlEscaped()) : QString(),
                          ms ? inkOf("before", formatMs(*ms)) : QString());
    }
    if (step.sources.size() > kMostListed)
        rows += numberRow(tr("and %1 more").arg(step.sources.size() - kMostListed), {}, {});
    return head(tr("Made from %1 operators").arg(step.sources.size())) + table(rows, true);
}

QString SelectionFacts::alive(const StepInfo &step) const
{
    const auto &plan = state_.after ? state_.after : state_.before;
    const int number = int(&step - plan->steps.constData());
    const PlanSpans spans{plan, {}};
    const QVector<const BufferInfo *> tensors = spans.alive(number);
    if (tensors.isEmpty())
        return {};
    QString rows;
    for (const BufferInfo *tensor : tensors.mid(0, kMostAlive))
        rows += numberRow(
            tensor->name.toHtmlEscaped(),
            inkOf("text.2", tr("steps %1–%2").arg(tensor->firstStep + 1).arg(tensor->lastStep + 1)),
            formatMiB(double(tensor->bytes)));
    if (tensors.size() > kMostAlive)
        rows += numberRow(tr("and %1 more").arg(tensors.size() - kMostAlive), {}, {});
    return head(tr("Tensors alive, MiB")) + table(rows, true);
}

QString SelectionFacts::several(const Steps &steps)
{
    double after = 0;
    bool timed = true;
    QSet<QString> covered;
    QString rows;
    for (int s = 0; s < steps.size(); ++s) {
        const StepInfo &step = *steps[s];
        timed = timed && step.medianMs;
        after += step.medianMs.value_or(0);
        covered += QSet<QString>(step.sources.begin(), step.sources.end());
        if (s < kMostListed)
            rows += numberRow(
                link(step.name, step.sources), inkOf("text.2", step.title.toHtmlEscaped()),
                step.medianMs ? inkOf(state_.after ? "after" : "before", formatMs(*step.medianMs))
                              : QString());
    }
    if (steps.size() > kMostListed)
        rows += numberRow(tr("and %1 more").arg(steps.size() - kMostListed), {}, {});
    const std::optional<double> sum = timed ? std::optional(after) : std::nullopt;
    const QStringList all(covered.begin(), covered.end());
    const QString ms = state_.after ? times(beforeMs(all), sum) : times(sum, std::nullopt);
    return head(tr("%1 operators in %2 kernels").arg(operators_.size()).arg(steps.size()))
        + (ms.isEmpty() ? QString() : QStringLiteral("<p>%1</p>").arg(ms)) + table(rows, true);
}

QString SelectionFacts::operatorFacts(const OperatorInfo &op)
{
    return head(op.name.toHtmlEscaped())
        + table(row(tr("Type"), op.type.toHtmlEscaped())
                + row(tr("Inputs"), op.inputs.join(QStringLiteral(", ")).toHtmlEscaped())
                + row(tr("Output"), op.output.toHtmlEscaped())
                + row(tr("Scope"), op.scope.toHtmlEscaped())
                + row(tr("Attributes"), op.attributes.toHtmlEscaped())
                + row(tr("Cannot run"), op.unsupported.toHtmlEscaped()));
}

} // namespace kasuri::app
