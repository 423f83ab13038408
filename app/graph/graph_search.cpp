#include "app/graph/graph_search.h"

#include <QHash>
#include <QRegularExpression>
#include <QStringList>
#include <limits>
#include <optional>

namespace kasuri::app {
namespace {

using Test = std::function<bool(const GraphItem &)>;
using TextOf = std::function<QString(const GraphItem &)>;
using ValueOf = std::function<std::optional<double>(const GraphItem &)>;

QString changeName(Change change)
{
    static const char *const kNames[] = {"", "same", "changed", "fused", "added", "removed"};
    return QString::fromLatin1(kNames[int(change)]);
}

QString everything(const GraphItem &item)
{
    return QStringList{
        item.name,   item.title,
        item.type,   item.scope,
        item.output, item.attributes,
        item.detail, item.isKernel ? item.operators.join(QLatin1Char(' ')) : QString()}
        .join(QLatin1Char(' '));
}

const QHash<QString, TextOf> &textFields()
{
    static const QHash<QString, TextOf> fields{
        {QStringLiteral("name"), [](const GraphItem &i) { return i.name; }},
        {QStringLiteral("type"), [](const GraphItem &i) { return i.type; }},
        {QStringLiteral("scope"), [](const GraphItem &i) { return i.scope; }},
        {QStringLiteral("attr"), [](const GraphItem &i) { return i.attributes; }},
        {QStringLiteral("backend"), [](const GraphItem &i) { return i.attributes; }},
        {QStringLiteral("shape"),
         [](const GraphItem &i) { return i.output.section(QLatin1Char('['), 1); }},
        {QStringLiteral("dtype"),
         [](const GraphItem &i) { return i.output.section(QLatin1Char('['), 0, 0); }},
        {QStringLiteral("change"), [](const GraphItem &i) { return changeName(i.change); }}};
    return fields;
}

std::optional<double> timeOf(const GraphItem &item)
{
    return item.heatUnit == QLatin1String("ms") ? item.heat : std::nullopt;
}

const QHash<QString, ValueOf> &valueFields()
{
    static const QHash<QString, ValueOf> fields{
        {QStringLiteral("ms"), timeOf},
        {QStringLiteral("heat"), [](const GraphItem &i) { return i.heat; }},
        {QStringLiteral("bytes"),
         [](const GraphItem &i) { return std::optional(double(i.bytes)); }},
        {QStringLiteral("fused"),
         [](const GraphItem &i) { return std::optional(double(i.operators.size())); }}};
    return fields;
}

/// "1.5", "64KiB", "2 MiB".
std::optional<double> numberFrom(QString text)
{
    static const QHash<QString, double> units{{QStringLiteral("KiB"), 1024.0},
                                              {QStringLiteral("MiB"), 1048576.0},
                                              {QStringLiteral("GiB"), 1073741824.0}};
    double factor = 1;
    for (auto unit = units.begin(); unit != units.end(); ++unit)
        if (text.endsWith(unit.key(), Qt::CaseInsensitive)) {
            factor = unit.value();
            text.chop(unit.key().size());
        }
    bool ok = false;
    const double value = text.trimmed().toDouble(&ok);
    return ok ? std::optional(value * factor) : std::nullopt;
}

Test within(const ValueOf &value, double low, double high, bool openLow, bool openHigh)
{
    return [=](const GraphItem &item) {
        const std::optional<double> v = value(item);
        return v && (openLow ? *v > low : *v >= low) && (openHigh ? *v < high : *v <= high);
    };
}

/// "ms>0.5", "ms:0.1..2", "fused:3".
std::optional<Test> valueTest(const QString &word)
{
    static const QRegularExpression form(QStringLiteral("^(\\w+)(<=|>=|<|>|=|:)(.+)$"));
    const auto match = form.match(word);
    const auto field = valueFields().constFind(match.captured(1).toLower());
    if (!match.hasMatch() || field == valueFields().constEnd())
        return std::nullopt;
    const QString sign = match.captured(2), given = match.captured(3);
    constexpr double kMost = std::numeric_limits<double>::infinity();
    const qsizetype dots = given.indexOf(QLatin1String(".."));
    if (dots >= 0) {
        const auto low = numberFrom(given.left(dots)), high = numberFrom(given.mid(dots + 2));
        return within(*field, low.value_or(-kMost), high.value_or(kMost), false, false);
    }
    const auto number = numberFrom(given);
    if (!number)
        return std::nullopt;
    if (sign.startsWith(QLatin1Char('>')))
        return within(*field, *number, kMost, sign.size() == 1, false);
    if (sign.startsWith(QLatin1Char('<')))
        return within(*field, -kMost, *number, false, sign.size() == 1);
    return within(*field, *number, *number, false, false);
}

/// Contains the text, or matches it where it stands between slashes.
Test textTest(const TextOf &text, const QString &wanted)
{
    if (wanted.size() > 2 && wanted.startsWith(QLatin1Char('/'))
        && wanted.endsWith(QLatin1Char('/'))) {
        const QRegularExpression form(wanted.mid(1, wanted.size() - 2),
                                      QRegularExpression::CaseInsensitiveOption);
        if (form.isValid())
            return [=](const GraphItem &item) { return form.match(text(item)).hasMatch(); };
    }
    return [=](const GraphItem &item) { return text(item).contains(wanted, Qt::CaseInsensitive); };
}

Test testOf(const QString &word)
{
    if (auto value = valueTest(word))
        return *value;
    const qsizetype colon = word.indexOf(QLatin1Char(':'));
    const auto field = textFields().constFind(word.left(std::max<qsizetype>(colon, 0)).toLower());
    if (colon > 0 && colon + 1 < word.size() && field != textFields().constEnd())
        return textTest(*field, word.mid(colon + 1));
    return textTest(everything, word);
}

} // namespace

GraphQuery::GraphQuery(const QString &text)
{
    for (const QString &word : text.simplified().split(QLatin1Char(' '), Qt::SkipEmptyParts))
        tests_.append(testOf(word));
}

bool GraphQuery::matches(const GraphItem &item) const
{
    for (const Test &test : tests_)
        if (!test(item))
            return false;
    return true;
}

QVector<int> searchItems(const QVector<GraphItem> &items, const QString &text)
{
    const GraphQuery query(text);
    QVector<int> found;
    for (int i = 0; !query.isEmpty() && i < items.size(); ++i)
        if (query.matches(items[i]))
            found.append(i);
    return found;
}

} // namespace kasuri::app
