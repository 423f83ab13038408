#include <gtest/gtest.h>

#include <QApplication>

#include "app/models/pass_tree_model.h"
#include "app/session/reason_words.h"
#include "app/style/language.h"

// Why a rule declined is said in Japanese, too, in the words of the report (profiling/sentences,
// whose tests read what the sources can say).
namespace kasuri::app {
namespace {

class ReasonWords : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(setLanguage(*qApp, QStringLiteral("ja"))); }
  void TearDown() override { setLanguage(*qApp, QStringLiteral("en")); }
};

TEST_F(ReasonWords, NamesStayAndSeveralReasonsAreSaidEach) {
  EXPECT_EQ(reasonWords(QStringLiteral("'Gather_2' (GatherND) is no kernel of ours; its input is "
                                       "read elsewhere too")),
            QStringLiteral("「Gather_2」(GatherND)は Kasuri のカーネルではない; "
                           "入力が他でも読まれる"));
  EXPECT_EQ(reasonWords(QStringLiteral("Dropout: its mask is read")),
            QStringLiteral("Dropout: マスクが読まれている"));
  EXPECT_EQ(reasonWords(QStringLiteral("nobody foresaw this")),
            QStringLiteral("nobody foresaw this"));
}

TEST_F(ReasonWords, ErrorsAndWarningsAreSaidAsInTheReport) {
  EXPECT_EQ(reasonWords(QStringLiteral("kasuri: cannot read 'a.onnx'")),
            QStringLiteral("kasuri: 「a.onnx」を読めない"));
  EXPECT_EQ(reasonWords(QStringLiteral("busy machine: load 1.7 on 2 cores before measuring")),
            QStringLiteral("計測前から負荷の高い環境です: 2 コアに対し負荷 1.7"));
  EXPECT_EQ(reasonWords(QStringLiteral("this build has no CUDA backend")),
            QStringLiteral("このビルドに CUDA バックエンドはありません"));
  EXPECT_EQ(reportLanguage(), QStringLiteral("ja"));
  ASSERT_TRUE(setLanguage(*qApp, QStringLiteral("en")));
  EXPECT_EQ(reasonWords(QStringLiteral("it is not float32")), QStringLiteral("it is not float32"));
  EXPECT_EQ(reportLanguage(), QStringLiteral("en"));
}

TEST_F(ReasonWords, ReasonsThatDifferInNamesOnlyAreOne) {
  const QString first = QStringLiteral("'a/Concat' joins it with others");
  EXPECT_EQ(reasonShape(first), reasonShape(QStringLiteral("'b/Concat_2' joins it with others")));
  EXPECT_NE(reasonShape(first), reasonShape(QStringLiteral("'a/Concat' (Loop) is no kernel")));
  EXPECT_EQ(reasonShape(QStringLiteral("the input's shape is not the output's")),
            QStringLiteral("the input's shape is not the output's"))
      << "an apostrophe quotes nothing";
  EXPECT_EQ(reasonWords(reasonShape(first)), QStringLiteral("「…」が他と結合する"));
  PassInfo pass;
  RuleInfo rule;
  for (const char* name : {"a", "b", "c"})
    rule.sites.append({QString::fromLatin1(name),
                       false,
                       QStringLiteral("'%1' joins it with others").arg(QLatin1String(name)),
                       {QString::fromLatin1(name)}});
  pass.rules.append(rule);
  PassTreeModel model;
  model.setPasses({pass}, {}, {});
  ASSERT_EQ(model.declinedReasons({}).size(), 1);
  EXPECT_EQ(model.declinedReasons({})[0].sites, 3);
  EXPECT_EQ(model.declinedReasons({})[0].reason, QStringLiteral("「…」が他と結合する"));
}

TEST_F(ReasonWords, ThePassTreeSpeaksThem) {
  PassInfo pass;
  pass.name = QStringLiteral("stitch");
  RuleInfo rule;
  rule.name = QStringLiteral("StitchMemoryBound");
  for (int i = 0; i < 3; ++i)
    rule.sites.append({QStringLiteral("s%1").arg(i),
                       i == 2,
                       i == 2 ? QString() : QStringLiteral("they work on different rows"),
                       {QStringLiteral("a%1").arg(i), QStringLiteral("b%1").arg(i)}});
  pass.rules.append(rule);
  PassTreeModel model;
  model.setPasses({pass}, {}, {});
  const auto declined = model.declinedReasons({});
  ASSERT_EQ(declined.size(), 1);
  EXPECT_EQ(declined[0].pass, QStringLiteral("stitch"));
  EXPECT_EQ(declined[0].reason, QStringLiteral("異なる行を処理している"));
  EXPECT_EQ(declined[0].sites, 2) << "sites, not operators";
  EXPECT_EQ(declined[0].operators.size(), 4);
  const QModelIndex site = model.index(0, 0, model.index(0, 0, model.index(0, 0)));
  EXPECT_EQ(site.data(PassTreeModel::ReasonRole).toString(), declined[0].reason);
}

}  // namespace
}  // namespace kasuri::app
