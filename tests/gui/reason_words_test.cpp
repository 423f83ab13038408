#include <gtest/gtest.h>

#include <QApplication>
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>

#include "app/models/pass_tree_model.h"
#include "app/session/reason_words.h"
#include "app/style/language.h"

// Why a rule declined is said in Japanese, too: whatever the sources can say has its translation.
namespace kasuri::app {
namespace {

const QString kLiteral = QStringLiteral(R"re("(?:[^"\\]|\\.)*")re");

/// The last argument of a call whose arguments begin here.
QString lastArgument(const QString& text) {
  int depth = 0;
  qsizetype from = 0;
  bool quoted = false;
  for (qsizetype i = 0; i < text.size(); ++i) {
    const QChar c = text[i];
    if (c == u'\\' && quoted)
      ++i;
    else if (c == u'"')
      quoted = !quoted;
    else if (quoted)
      continue;
    else if (QStringLiteral("([{").contains(c))
      ++depth;
    else if (QStringLiteral(")]}").contains(c) && --depth < 0)
      return text.mid(from, i - from);
    else if (c == u',' && depth == 0)
      from = i + 1;
  }
  return {};
}

/// A sentence put together from literals, with x for everything else.
QString sentenceOf(const QString& expression) {
  static const QRegularExpression kPart(kLiteral);
  const QString whole = expression.trimmed();
  QString sentence;
  qsizetype at = 0;
  for (auto it = kPart.globalMatch(whole); it.hasNext();) {
    const auto part = it.next();
    const QString between = whole.mid(at, part.capturedStart() - at);
    if (!between.trimmed().isEmpty()) sentence += u'x';
    sentence += part.captured().mid(1, part.capturedLength() - 2);
    at = part.capturedEnd();
  }
  return whole.mid(at).contains(u'+') ? sentence + u'x' : sentence;
}

QStringList reasonsIn(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) return {};
  QString text = QString::fromUtf8(file.readAll());
  text.remove(QRegularExpression(QStringLiteral("//[^\n]*")));
  static const QRegularExpression kCall(
      QStringLiteral(R"re(KASURI_DECLINE_UNLESS\(|Declined\{|\bnote\(|\brefuse\(|\bdeclined\(|)re"
                     R"re(Error::unavailable\(|return\s+(?="))re"));
  QStringList reasons;
  for (auto it = kCall.globalMatch(text); it.hasNext();) {
    const auto call = it.next();
    const QString rest = text.mid(call.capturedEnd(), 600);
    const QString said = call.captured().startsWith(QLatin1String("return"))
                             ? rest.left(rest.indexOf(u';'))
                             : lastArgument(rest);
    if (said.contains(u'"')) reasons << sentenceOf(said);
  }
  return reasons;
}

QStringList reasonsOf(const QStringList& places) {
  const QString root = QString::fromLocal8Bit(qgetenv("KASURI_SOURCE")) + u'/';
  QStringList reasons;
  for (const QString& place : places) {
    if (place.endsWith(QLatin1String(".cpp"))) reasons += reasonsIn(root + place);
    QDirIterator it(root + place, {QStringLiteral("*.cpp")}, QDir::Files,
                    QDirIterator::Subdirectories);
    while (it.hasNext()) reasons += reasonsIn(it.next());
  }
  return reasons;
}

/// Names of attributes and operators stay as they are.
bool isWords(const QString& reason) {
  static const QRegularExpression kWords(QStringLiteral("[a-z]{2,} [a-z0-9]{1,}|^[a-z]{8,}$"));
  return kWords.match(reason).hasMatch();
}

class ReasonWords : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(setLanguage(*qApp, QStringLiteral("ja"))); }
  void TearDown() override { setLanguage(*qApp, QStringLiteral("en")); }
};

/// Reasons without Japanese, and how many there are in all.
std::pair<QStringList, int> missingIn(const QStringList& places) {
  static const QRegularExpression kJapanese(QStringLiteral("[\\x{3040}-\\x{9fff}]"));
  // What a kernel is called, and sentences put together from others.
  const QStringList none{QStringLiteral("stitch of x"), QStringLiteral("x; x"),
                         QStringLiteral("x: x")};
  std::pair<QStringList, int> found{{}, 0};
  for (const QString& reason : reasonsOf(places)) {
    if (none.contains(reason) || !isWords(reason)) continue;
    ++found.second;
    if (!reasonWords(reason).contains(kJapanese)) found.first << reason;
  }
  return found;
}

TEST_F(ReasonWords, WhateverAPassCanSayHasJapanese) {
  const auto [missing, all] =
      missingIn({QStringLiteral("passes"), QStringLiteral("engine/rewrite/rule_driver.cpp"),
                 QStringLiteral("engine/backend/cpu/cpu_legality.cpp")});
  EXPECT_TRUE(missing.isEmpty()) << missing.join(u'\n').toStdString();
  EXPECT_GT(all, 80) << "the sources still say why in the way this test reads";
}

TEST_F(ReasonWords, WhatKernelsAnswerWhenAskedMostlyHasJapanese) {
  const auto [missing, all] = missingIn(
      {QStringLiteral("engine/lower"), QStringLiteral("engine/backend/cpu/contraction_match.cpp"),
       QStringLiteral("engine/backend/cpu/contraction_kernel.cpp"),
       QStringLiteral("engine/backend/cpu/quantized_terms.cpp")});
  EXPECT_LE(missing.size(), all / 10) << missing.join(u'\n').toStdString();
  EXPECT_GT(all, 50);
}

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
