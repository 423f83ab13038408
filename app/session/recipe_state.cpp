#include "app/session/recipe_state.h"

#include <QJsonArray>
#include <QRegularExpression>
#include <algorithm>

#include "app/session/json_access.h"

namespace kasuri::app {
namespace {

bool isExact(const QString &fidelity)
{
    return fidelity.isEmpty() || fidelity == QLatin1String("exact");
}

QStringList sorted(const QSet<QString> &words)
{
    QStringList list(words.begin(), words.end());
    list.sort();
    return list;
}

QSet<QString> setOf(const QJsonArray &items)
{
    const QStringList list = access::strings(items);
    return {list.begin(), list.end()};
}

/// As the engine splits it again.
QString escaped(const QString &name)
{
    QString out;
    for (const QChar c : name) {
        if (c == QLatin1Char(',') || c == QLatin1Char('\\'))
            out += QLatin1Char('\\');
        out += c;
    }
    return out;
}

/// Switches off what of one pass is not exact: the rules if some are, else the pass.
void lock(RecipeState &recipe, const PassInfo &pass)
{
    if (pass.alwaysOn || isExact(pass.fidelity))
        return;
    const bool someExact = std::any_of(pass.rules.begin(), pass.rules.end(),
                                       [](const RuleInfo &rule) { return isExact(rule.fidelity); });
    const bool runs = pass.onByDefault || recipe.on.contains(pass.name);
    if (someExact && runs) {
        for (const RuleInfo &rule : pass.rules)
            if (!isExact(rule.fidelity))
                recipe.off.insert(rule.name);
    } else if (pass.onByDefault) {
        recipe.off.insert(pass.name);
    } else {
        recipe.on.remove(pass.name);
    }
}

} // namespace

RecipeState effective(const RecipeState &recipe, const QVector<PassInfo> &passes)
{
    RecipeState result = recipe;
    if (recipe.exactOnly)
        for (const PassInfo &pass : passes)
            lock(result, pass);
    return result;
}

QString specOf(const RecipeState &recipe)
{
    QStringList words{QStringLiteral("default")};
    for (const QString &key : sorted(recipe.on))
        words << QLatin1Char('+') + escaped(key);
    for (const QString &key : sorted(recipe.off))
        words << QLatin1Char('-') + escaped(key);
    return words.join(QLatin1Char(','));
}

QStringList splitSpec(const QString &spec)
{
    QStringList words{QString()};
    for (qsizetype i = 0; i < spec.size(); ++i) {
        const bool escape = spec[i] == QLatin1Char('\\') && i + 1 < spec.size();
        if (spec[i] == QLatin1Char(',') && !escape)
            words << QString();
        else
            words.last() += spec[escape ? ++i : i];
    }
    for (QString &word : words)
        word = word.trimmed();
    words.removeAll(QString());
    return words;
}

RecipeState recipeFromSpec(const QString &spec)
{
    RecipeState recipe;
    for (const QString &trimmed : splitSpec(spec)) {
        if (trimmed.startsWith(QLatin1Char('+')))
            recipe.on.insert(trimmed.mid(1));
        else if (trimmed.startsWith(QLatin1Char('-')))
            recipe.off.insert(trimmed.mid(1));
    }
    return recipe;
}

QStringList optionsOf(const Target &target)
{
    QStringList options{QStringLiteral("--threads"), QString::number(target.threads)};
    if (!target.cpus.isEmpty())
        options << QStringLiteral("--cpus") << target.cpus;
    for (auto dim = target.dims.begin(); dim != target.dims.end(); ++dim)
        options << QStringLiteral("--dim")
                << QStringLiteral("%1=%2").arg(dim.key()).arg(dim.value());
    return options + inputOptionsOf(target);
}

QStringList inputOptionsOf(const Target &target)
{
    QStringList options;
    for (auto input = target.inputs.begin(); input != target.inputs.end(); ++input)
        options << QStringLiteral("--input") << input.key() + QLatin1Char('=') + input.value();
    return options;
}

bool isInputRule(const QString &source)
{
    static const QRegularExpression kRule(QStringLiteral("^((seed|range|mod|const):.*|arange)$"));
    return kRule.match(source).hasMatch();
}

QJsonObject toJson(const RecipeState &recipe)
{
    return {{QStringLiteral("off"), QJsonArray::fromStringList(sorted(recipe.off))},
            {QStringLiteral("on"), QJsonArray::fromStringList(sorted(recipe.on))},
            {QStringLiteral("exact_only"), recipe.exactOnly}};
}

QJsonObject toJson(const Target &target)
{
    QJsonObject dims;
    for (auto dim = target.dims.begin(); dim != target.dims.end(); ++dim)
        dims.insert(dim.key(), dim.value());
    QJsonObject inputs;
    for (auto input = target.inputs.begin(); input != target.inputs.end(); ++input)
        inputs.insert(input.key(), input.value());
    return {{QStringLiteral("threads"), target.threads},
            {QStringLiteral("cpus"), target.cpus},
            {QStringLiteral("dims"), dims},
            {QStringLiteral("inputs"), inputs},
            {QStringLiteral("requirements"), QJsonArray::fromStringList(target.requirements)}};
}

RecipeState recipeFromJson(const QJsonObject &object)
{
    return {setOf(access::array(object, "off")), setOf(access::array(object, "on")),
            object.value(QLatin1String("exact_only")).toBool()};
}

Target targetFromJson(const QJsonObject &object)
{
    Target target;
    target.threads = std::clamp(object.value(QLatin1String("threads")).toInt(1), 1, 1024);
    target.cpus = access::text(object, "cpus");
    target.requirements = access::strings(access::array(object, "requirements"));
    const QJsonObject dims = access::object(object, "dims");
    for (auto dim = dims.begin(); dim != dims.end(); ++dim)
        target.dims.insert(dim.key(), qint64(dim.value().toDouble(1)));
    const QJsonObject inputs = access::object(object, "inputs");
    for (auto input = inputs.begin(); input != inputs.end(); ++input)
        if (!input.value().toString().isEmpty())
            target.inputs.insert(input.key(), input.value().toString());
    return target;
}

} // namespace kasuri::app
