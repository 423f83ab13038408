#include <gtest/gtest.h>

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QMenuBar>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

#include "app/panels/main_window.h"
#include "app/session/engine_words.h"
#include "app/style/language.h"
#include "app/style/theme.h"

// Japanese: no string of the window is without its translation, and the window speaks it.
namespace kasuri::app {
namespace {

QString source() { return QString::fromLocal8Bit(qgetenv("KASURI_SOURCE")); }

// Sources of messages that lack a finished translation, each with its context.
QStringList unfinished(const QString& file) {
  QFile ts(file);
  QStringList missing;
  if (!ts.open(QIODevice::ReadOnly)) return {QStringLiteral("cannot read ") + file};
  QString context, text;
  for (QXmlStreamReader xml(&ts); !xml.atEnd();) {
    if (xml.readNext() != QXmlStreamReader::StartElement) continue;
    if (xml.name() == QLatin1String("name")) context = xml.readElementText();
    if (xml.name() == QLatin1String("source")) text = xml.readElementText();
    if (xml.name() == QLatin1String("translation") &&
        xml.attributes().hasAttribute(QStringLiteral("type")))
      missing << context + QStringLiteral(": ") + text;
  }
  return missing;
}

TEST(Translation, NoStringIsLeftUntranslated) {
  QTemporaryDir folder;
  const QString copy = folder.filePath(QStringLiteral("kasuri_ja.ts"));
  ASSERT_TRUE(QFile::copy(source() + QStringLiteral("/resources/translations/kasuri_ja.ts"), copy));
  QProcess lupdate;
  lupdate.setWorkingDirectory(source());
  lupdate.setProcessChannelMode(QProcess::MergedChannels);
  lupdate.start(QStringLiteral(KASURI_LUPDATE),
                {QStringLiteral("app"), QStringLiteral("-I"), QStringLiteral("."),
                 QStringLiteral("-extensions"), QStringLiteral("cpp,h"), QStringLiteral("-silent"),
                 QStringLiteral("-ts"), copy});
  ASSERT_TRUE(lupdate.waitForFinished(60000));
  ASSERT_EQ(lupdate.exitCode(), 0) << lupdate.readAll().toStdString();
  const QStringList missing = unfinished(copy);
  EXPECT_TRUE(missing.isEmpty()) << "./dev translate, then translate:\n"
                                 << missing.join(QLatin1Char('\n')).toStdString();
}

// What context.report("...") says anywhere in the sources, with x for what is put in.
QStringList stagesIn(const QString& folder) {
  static const QRegularExpression kReport(
      QStringLiteral(R"re(\breport\(\s*(?:fmt::format\(\s*)?"([^"]+)"(\s*\+)?)re"));
  QStringList stages;
  QDirIterator files(source() + QLatin1Char('/') + folder, {QStringLiteral("*.cpp")}, QDir::Files,
                     QDirIterator::Subdirectories);
  while (files.hasNext()) {
    QFile file(files.next());
    if (!file.open(QIODevice::ReadOnly)) continue;
    const QString text = QString::fromUtf8(file.readAll());
    for (auto it = kReport.globalMatch(text); it.hasNext();) {
      const auto match = it.next();
      QString stage = match.captured(1) + (match.captured(2).isEmpty() ? "" : "x");
      static const QRegularExpression kPlace(QStringLiteral(R"(\{[^}]*\})"));
      stages << stage.replace(kPlace, QStringLiteral("x"));
    }
  }
  return stages;
}

TEST(Translation, WhatTheEngineSaysOfItsProgressHasJapanese) {
  ASSERT_TRUE(setLanguage(*qApp, QStringLiteral("ja")));
  static const QRegularExpression kJapanese(QStringLiteral("[\\x{3040}-\\x{9fff}]"));
  int stages = 0;
  for (const char* folder : {"engine", "passes", "profiling"})
    for (const QString& stage : stagesIn(QString::fromLatin1(folder))) {
      if (stage == QLatin1String("x: x")) continue;  // composed of two that are known
      EXPECT_TRUE(engineWords(stage).contains(kJapanese)) << stage.toStdString();
      ++stages;
    }
  EXPECT_GT(stages, 30);
  EXPECT_EQ(engineWords(QStringLiteral("Pass fuse alone: Block 3 of 21, 2 s left")),
            QStringLiteral("パス fuse 単独: ブロック 3 / 21、残り 2 秒"));
  EXPECT_EQ(engineWords(QStringLiteral("what nobody knows")), QStringLiteral("what nobody knows"));
  ASSERT_TRUE(setLanguage(*qApp, QStringLiteral("en")));
  EXPECT_EQ(engineWords(QStringLiteral("Warming up 'a'")), QStringLiteral("Warming up 'a'"));
}

TEST(Translation, TheWindowSpeaksJapanese) {
  const QString program = QString::fromLocal8Bit(qgetenv("KASURI_BIN")) + QStringLiteral("/kasuri");
  EXPECT_FALSE(setLanguage(*qApp, QStringLiteral("xx")));
  ASSERT_TRUE(setLanguage(*qApp, QStringLiteral("ja_JP")));
  Theme theme = Theme::load(Theme::Appearance::Light);
  {
    MainWindow window(theme, program);
    window.resize(1280, 800);
    window.show();
    EXPECT_TRUE(window.menuBar()->actions().first()->text().contains(QStringLiteral("ファイル")));
    QTest::qWait(200);
    const QDir folder(QString::fromLocal8Bit(qgetenv("KASURI_BIN")) +
                      QStringLiteral("/../screenshots"));
    folder.mkpath(QStringLiteral("."));
    EXPECT_TRUE(window.grab().save(folder.filePath(QStringLiteral("start_ja.png"))));
  }
  EXPECT_TRUE(setLanguage(*qApp, QStringLiteral("en")));
  MainWindow window(theme, program);
  EXPECT_TRUE(window.menuBar()->actions().first()->text().contains(QStringLiteral("File")));
}

}  // namespace
}  // namespace kasuri::app
