#include "app/session/verdict_words.h"

#include <QCoreApplication>
#include <utility>

namespace kasuri::app {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(VerdictWords)
};

template <size_t count>
QString wordOf(const QString &key, const std::pair<const char *, const char *> (&words)[count])
{
    for (const auto &[name, word] : words)
        if (key == QLatin1String(name))
            return Words::tr(word);
    return key;
}

} // namespace

QString verdictWord(const QString &verdict)
{
    static constexpr std::pair<const char *, const char *> kWords[]
        = {{"faster", QT_TRANSLATE_NOOP("VerdictWords", "faster")},
           {"slower", QT_TRANSLATE_NOOP("VerdictWords", "slower")},
           {"same", QT_TRANSLATE_NOOP("VerdictWords", "same")},
           {"undecided", QT_TRANSLATE_NOOP("VerdictWords", "undecided")},
           {"broken", QT_TRANSLATE_NOOP("VerdictWords", "broken")}};
    return wordOf(verdict, kWords);
}

QString fidelityWord(const QString &fidelity)
{
    static constexpr std::pair<const char *, const char *> kWords[]
        = {{"equal", QT_TRANSLATE_NOOP("VerdictWords", "equal")},
           {"within_tolerance", QT_TRANSLATE_NOOP("VerdictWords", "within tolerance")},
           {"broken", QT_TRANSLATE_NOOP("VerdictWords", "broken")},
           {"unchecked", QT_TRANSLATE_NOOP("VerdictWords", "unchecked")}};
    return wordOf(fidelity, kWords);
}

} // namespace kasuri::app
