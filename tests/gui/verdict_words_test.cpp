#include <gtest/gtest.h>

#include <QApplication>

#include "app/session/reason_words.h"
#include "app/session/verdict_words.h"
#include "app/style/language.h"

// Tables say verdicts and fidelity in the language of the window, not in the keys of the JSON.
namespace kasuri::app {
namespace {

class VerdictWordsTest : public ::testing::Test {
 protected:
  void TearDown() override { setLanguage(*qApp, QStringLiteral("en")); }
};

TEST_F(VerdictWordsTest, EveryKeyHasAWordInBothLanguages) {
  EXPECT_EQ(verdictWord(QStringLiteral("faster")), QStringLiteral("faster"));
  EXPECT_EQ(fidelityWord(QStringLiteral("within_tolerance")), QStringLiteral("within tolerance"));
  setLanguage(*qApp, QStringLiteral("ja"));
  for (const char* key : {"faster", "slower", "same", "undecided", "broken"})
    EXPECT_NE(verdictWord(QString::fromLatin1(key)), QString::fromLatin1(key)) << key;
  for (const char* key : {"equal", "within_tolerance", "broken", "unchecked"})
    EXPECT_FALSE(fidelityWord(QString::fromLatin1(key)).contains(QString::fromLatin1(key).left(5)))
        << key;
  EXPECT_EQ(verdictWord(QStringLiteral("?")), QStringLiteral("?")) << "what is unknown stays";
}

TEST_F(VerdictWordsTest, WarningsOfTheMachineAreTranslated) {
  setLanguage(*qApp, QStringLiteral("ja"));
  const QString said =
      reasonWords(QStringLiteral("busy machine: load 3.6 on 2 cores before measuring"));
  EXPECT_FALSE(said.contains(QStringLiteral("busy"))) << said.toStdString();
  EXPECT_TRUE(said.contains(QStringLiteral("3.6"))) << said.toStdString();
}

}  // namespace
}  // namespace kasuri::app
