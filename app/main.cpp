#include <QApplication>
#include <QByteArrayList>
#include <QCommandLineParser>
#include <QDir>
#include <QFileInfo>
#include <QSettings>
#include <algorithm>
#include <cstdio>

#include "app/charts/chart_access.h"
#include "app/panels/main_window.h"
#include "app/style/appearance.h"
#include "app/style/font_scale.h"
#include "app/style/language.h"

namespace {

QString kasuriProgram()
{
    const QString beside
        = QDir(QCoreApplication::applicationDirPath()).filePath(QStringLiteral("kasuri"));
    return QFileInfo::exists(beside) ? beside : QStringLiteral("kasuri");
}

/// --help, --version and --licenses print and end: they work where there is no display.
bool wantsWordsOnly(int argc, char **argv)
{
    static const QByteArrayList kWords
        = {"-h", "--help", "--help-all", "-v", "--version", "--licenses"};
    return std::any_of(argv + 1, argv + argc,
                       [](const char *word) { return kWords.contains(QByteArray(word)); });
}

} // namespace

int main(int argc, char **argv)
{
    if (wantsWordsOnly(argc, argv))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("Kasuri"));
    QApplication::setApplicationVersion(QStringLiteral(KASURI_VERSION));
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("Profiler and graph-rewriting workbench for ONNX models"));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption dark(QStringLiteral("dark"), QStringLiteral("Dark colours."));
    const QCommandLineOption licences(QStringLiteral("licenses"),
                                      QStringLiteral("List third-party parts."));
    const QCommandLineOption language(QStringLiteral("language"),
                                      QStringLiteral("Words of the window: en or ja."),
                                      QStringLiteral("LANGUAGE"));
    parser.addOptions({dark, language, licences});
    parser.addPositionalArgument(QStringLiteral("MODEL"), QStringLiteral("Model to open."),
                                 QStringLiteral("[MODEL]"));
    parser.process(application);
    if (parser.isSet(licences)) {
        std::puts("Kasuri Apache-2.0; Qt 6 LGPL-3.0; Qt Charts GPL-3.0: this program as "
                  "distributed is under GPL-3.0.");
        return 0;
    }
    const QSettings kept(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("kasuri"),
                         QStringLiteral("workbench"));
    const QString words = parser.isSet(language)
        ? parser.value(language)
        : kept.value(QStringLiteral("language")).toString();
    if (!kasuri::app::setLanguage(application, words) && parser.isSet(language)) {
        std::fprintf(stderr, "no words for '%s': the window speaks en and ja\n",
                     qUtf8Printable(parser.value(language)));
        return 2;
    }
    using kasuri::app::Theme;
    const bool isDark
        = parser.isSet(dark) || kept.value(QStringLiteral("appearance")) == QLatin1String("dark");
    Theme theme;
    kasuri::app::setAppearance(theme, isDark ? Theme::Appearance::Dark : Theme::Appearance::Light);
    kasuri::app::restoreFontScale();
    kasuri::app::installChartAccess();
    kasuri::app::MainWindow window(theme, kasuriProgram());
    window.show();
    if (!parser.positionalArguments().isEmpty())
        window.openModel(parser.positionalArguments().first());
    return QApplication::exec();
}
