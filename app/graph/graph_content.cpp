#include "app/graph/graph_content.h"

#include <QHash>
#include <algorithm>
#include <optional>

#include "app/session/units.h"

namespace kasuri::app {
namespace {

constexpr double kLineHeight = 22, kLineMinWidth = 104, kLineMaxWidth = 224, kValueWidth = 64;
constexpr double kCardHeight = 40, kCardWidth = 264;
constexpr double kCharacterWidth = 6.6;

double lineWidth(const QString &title)
{
    return std::clamp(double(title.size()) * kCharacterWidth + kValueWidth, kLineMinWidth,
                      kLineMaxWidth);
}

/// Adds links without doubles.
class Linker {
public:
    explicit Linker(GraphContent &content) : content_(content), last_(content.items.size(), -1) { }

    void connect(int from, int to, qint64 bytes, const QString &label)
    {
        // All links of one reader come together, so one mark per producer tells doubles.
        if (from == to || last_[from] == to)
            return;
        last_[from] = to;
        content_.links.append({from, to, bytes, label});
    }

    void finish(const QVector<HandGroup> &groups)
    {
        QVector<std::pair<int, int>> pairs;
        for (const GraphLink &link : content_.links)
            pairs.append({link.from, link.to});
        content_.scopes = buildScopes(content_.items, pairs, groups);
    }

private:
    GraphContent &content_;
    QVector<int> last_;
};

/// The buffer whose bytes `buffer` lies in.
int owner(const PlanInfo &plan, int buffer)
{
    while (plan.buffers[buffer].aliasOf >= 0)
        buffer = plan.buffers[buffer].aliasOf;
    return buffer;
}

/// Where no exporter says it, a dotted name does: "block1.a.conv" is in block1/a.
QString scopeOf(const OperatorInfo &op)
{
    if (!op.scope.isEmpty() || op.name.count(QLatin1Char('.')) == 0)
        return op.scope;
    return op.name.section(QLatin1Char('.'), 0, -2).replace(QLatin1Char('.'), QLatin1Char('/'));
}

/// The scope that most of the operators share.
QString scopeOf(const QStringList &operators, const QHash<QString, QString> &scopes)
{
    QHash<QString, int> votes;
    QString best;
    for (const QString &name : operators) {
        const QString scope = scopes.value(name);
        if (!scope.isEmpty() && ++votes[scope] > votes.value(best))
            best = scope;
    }
    return best;
}

std::optional<int> placeOf(const QStringList &operators, const QHash<QString, int> &places)
{
    std::optional<int> first;
    for (const QString &name : operators)
        if (const auto found = places.constFind(name); found != places.constEnd())
            first = std::min(first.value_or(*found), *found);
    return first;
}

/// What is said of a value on its edge.
QString labelOf(const QString &what, qint64 bytes)
{
    return what + QStringLiteral(" · ") + formatBytes(bytes);
}

GraphItem cardOf(const StepInfo &step)
{
    GraphItem item;
    item.name = step.name;
    item.title = item.type = step.title;
    item.detail = step.name;
    item.family = familyOf(step.title);
    item.operators = step.sources;
    item.isKernel = true;
    item.attributes = step.backend;
    item.bytes = step.bytesWritten;
    for (const QString &part : step.title.split(QStringLiteral(" + ")))
        item.threads.append(familyOf(part));
    while (item.threads.size() < step.sources.size())
        item.threads.append(item.family);
    item.rect = QRectF(0, 0, kCardWidth, kCardHeight);
    return item;
}

GraphItem lineOf(const OperatorInfo &op)
{
    GraphItem item;
    item.name = op.name;
    item.title = op.name.isEmpty() ? op.type : op.name;
    item.detail = item.type = op.type;
    item.family = familyOf(op.type);
    item.operators = op.sources;
    item.unsupported = op.unsupported;
    item.scope = scopeOf(op);
    item.output = op.output;
    item.attributes = op.attributes;
    item.bytes = op.bytes;
    return item;
}

/// A name repeats its scope, which the frame around it says already; where what is left is only
/// the type, the part before it tells one from another.
QString withoutScope(const QString &name, const QString &type)
{
    const QString last = name.section(QLatin1Char('/'), -1);
    return last.isEmpty() || last == type ? name.section(QLatin1Char('/'), -2) : last;
}

} // namespace

GraphContent contentOfOperators(const ModelInfo &model, const QVector<HandGroup> &groups)
{
    GraphContent content;
    QHash<QString, int> producers;
    for (int i = 0; i < model.operators.size(); ++i) {
        GraphItem item = lineOf(model.operators[i]);
        item.title = withoutScope(item.title, item.type);
        item.rect = QRectF(0, 0, lineWidth(item.title), kLineHeight);
        item.place = i;
        content.items.append(item);
        for (const QString &value : model.operators[i].outputs)
            producers.insert(value, i);
    }
    Linker linker(content);
    for (int i = 0; i < model.operators.size(); ++i)
        for (const QString &value : model.operators[i].inputs)
            if (const auto from = producers.constFind(value);
                from != producers.constEnd() && *from < i) {
                const OperatorInfo &source = model.operators[*from];
                linker.connect(*from, i, source.bytes, labelOf(source.output, source.bytes));
            }
    linker.finish(groups);
    return content;
}

GraphContent contentOfKernels(const PlanInfo &plan, const ModelInfo &model,
                              const QVector<HandGroup> &groups)
{
    GraphContent content;
    QHash<QString, QString> scopes;
    QHash<QString, int> places;
    for (int i = 0; i < model.operators.size(); ++i)
        for (const QString &source : model.operators[i].sources) {
            scopes.insert(source, scopeOf(model.operators[i]));
            places.insert(source, i);
        }
    int place = 0; // also of what stands for no operator
    for (const StepInfo &step : plan.steps) {
        content.items.append(cardOf(step));
        GraphItem &card = content.items.back();
        card.scope = scopeOf(step.sources, scopes);
        card.detail = card.detail.section(QLatin1Char('/'), -2);
        place = placeOf(step.sources, places).value_or(place);
        card.place = place;
    }
    // In run order the last writer of the bytes a buffer shares is the producer of what is read.
    Linker linker(content);
    QHash<int, int> writers;
    for (int i = 0; i < plan.steps.size(); ++i) {
        for (int buffer : plan.steps[i].inputs)
            if (const auto from = writers.constFind(owner(plan, buffer));
                from != writers.constEnd()) {
                const BufferInfo &b = plan.buffers[buffer];
                linker.connect(*from, i, b.bytes, formatBytes(b.bytes));
            }
        for (int buffer : plan.steps[i].outputs)
            writers.insert(owner(plan, buffer), i);
    }
    linker.finish(groups);
    return content;
}

} // namespace kasuri::app
