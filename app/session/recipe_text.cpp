#include "app/session/recipe_text.h"

#include <QCoreApplication>
#include <algorithm>

namespace kasuri::app {
namespace {

struct RecipeText {
    Q_DECLARE_TR_FUNCTIONS(RecipeText)
};

QStringList wordsOf(const QString &text)
{
    QStringList words;
    for (const QString &line : text.split(QLatin1Char('\n'))) {
        const qsizetype comment
            = line.startsWith(QLatin1Char('#')) ? 0 : line.indexOf(QLatin1String(" #"));
        for (const QString &word : splitSpec(comment < 0 ? line : line.left(comment)))
            words << word;
    }
    return words;
}

bool hasRule(const PassInfo &pass, const QString &name)
{
    return std::any_of(pass.rules.begin(), pass.rules.end(),
                       [&](const RuleInfo &rule) { return rule.name == name; });
}

/// Switches as clicks would: one after the other.
class Reader {
public:
    explicit Reader(const QVector<PassInfo> &passes) : passes_(passes) { }

    void startFrom(const QString &base)
    {
        for (const PassInfo &pass : passes_) {
            if (pass.alwaysOn)
                continue;
            if (base == QLatin1String("none") && pass.onByDefault)
                recipe_.off.insert(pass.name);
            if (base == QLatin1String("all") && !pass.onByDefault
                && pass.fidelity != QLatin1String("approximate"))
                recipe_.on.insert(pass.name);
        }
    }

    /// Whether there is such a pass, rule or site.
    bool turn(const QString &key, bool on)
    {
        for (const PassInfo &pass : passes_) {
            if (pass.name == key) {
                turnPass(pass, on);
                return true;
            }
            if (hasRule(pass, key.section(QLatin1Char('@'), 0, 0))) {
                on ? turnOnWithin(pass, key) : void(recipe_.off.insert(key));
                return true;
            }
        }
        return false;
    }

    RecipeState take() { return std::move(recipe_); }

private:
    void turnPass(const PassInfo &pass, bool on)
    {
        (on ? recipe_.off : recipe_.on).remove(pass.name);
        if (on != pass.onByDefault)
            (on ? recipe_.on : recipe_.off).insert(pass.name);
    }

    /// Of a pass that is off, only this rule.
    void turnOnWithin(const PassInfo &pass, const QString &key)
    {
        const bool passOn
            = pass.onByDefault ? !recipe_.off.contains(pass.name) : recipe_.on.contains(pass.name);
        if (!passOn) {
            turnPass(pass, true);
            for (const RuleInfo &rule : pass.rules)
                recipe_.off.insert(rule.name);
        }
        recipe_.off.remove(key);
        recipe_.off.remove(key.section(QLatin1Char('@'), 0, 0));
    }

    const QVector<PassInfo> &passes_;
    RecipeState recipe_;
};

} // namespace

std::optional<RecipeState> recipeFromText(const QString &text, const QVector<PassInfo> &passes,
                                          QString &error)
{
    static const QStringList kBases{QStringLiteral("none"), QStringLiteral("default"),
                                    QStringLiteral("all")};
    QStringList words = wordsOf(text);
    if (words.isEmpty()) {
        error = RecipeText::tr("There is no recipe in it.");
        return std::nullopt;
    }
    Reader reader(passes);
    const auto isSigned = [](const QString &word) {
        return word.startsWith(QLatin1Char('+')) || word.startsWith(QLatin1Char('-'));
    };
    if (kBases.contains(words.first()))
        reader.startFrom(words.takeFirst());
    else if (!isSigned(words.first()))
        reader.startFrom(QStringLiteral("none"));
    for (const QString &word : std::as_const(words)) {
        const QString key = isSigned(word) ? word.mid(1) : word;
        if (!reader.turn(key, !word.startsWith(QLatin1Char('-')))) {
            error = RecipeText::tr("There is no pass or rule named %1.").arg(key);
            return std::nullopt;
        }
    }
    return reader.take();
}

} // namespace kasuri::app
