// What a window shows while a model opens.
#include <QElapsedTimer>
#include <QFile>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonObject>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStatusBar>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <string>

#include "app/panels/dims_bar.h"
#include "app/panels/list_table.h"
#include "app/panels/outline_view.h"
#include "app/panels/start_page.h"
#include "app/panels/verdict_header.h"
#include "app/session/engine_json.h"
#include "tests/gui/decoder_model.h"
#include "tests/gui/window_fixture.h"

namespace kasuri::app {
namespace {

QString shared(const char* path) {
  QString root = QString::fromLocal8Bit(qgetenv("KASURI_SHARED"));
  if (root.isEmpty())
    root = QString::fromLocal8Bit(qgetenv("KASURI_SOURCE")) + QStringLiteral("/../shared");
  return root + QStringLiteral("/models/") + QString::fromLatin1(path);
}

class Opening : public WindowFixture {};

TEST_F(Opening, ShowsTheChainOfGroupsBeforeTheModelAndBytesWhileItReads) {
  const QString path = shared("full/tv_squeezenet1_1_torch1.13.onnx");
  if (!QFile::exists(path)) GTEST_SKIP() << "no shared models";
  auto* outline = find<OutlineView>("outlineView");
  QSignalSpy progress(&window_->document(), &Document::progressed);
  bool outlined = false, early = false;
  QObject::connect(&window_->document(), &Document::changed, outline, [&] {
    if (!state().outline || outlined) return;
    outlined = true;
    early = !state().model && outline->isVisible();
  });
  window_->openModel(path);
  EXPECT_TRUE(outline->isVisible()) << "stands in for the picture";
  QString status;
  for (const QLabel* label : window_->statusBar()->findChildren<QLabel*>()) status += label->text();
  EXPECT_TRUE(status.contains(QStringLiteral("tv_squeezenet1_1"))) << status.toStdString();
  ASSERT_TRUE(wait([&] { return !outline->chain().isEmpty(); }));
  EXPECT_TRUE(outlined);
  EXPECT_TRUE(early) << "before the model is read";
  int operators = 0;
  for (const OutlineGroup& group : outline->chain()) operators += group.times * group.operators;
  EXPECT_EQ(operators, state().outline->operators.size()) << "every operator is in the chain once";
  EXPECT_TRUE(outline->plainText().contains(outline->chain().first().title));
  ASSERT_TRUE(described());
  EXPECT_TRUE(wait([&] { return !outline->isVisible(); })) << "the picture takes its place";
  const QString read =
      QStringLiteral("Reading %1 of %1 MiB").arg(double(QFile(path).size()) / 1048576.0, 0, 'f', 1);
  EXPECT_TRUE(std::any_of(progress.begin(), progress.end(), [&](const QList<QVariant>& told) {
    return told[0].toString() == read && told[1].toDouble() == 1;
  })) << "all bytes were counted";
  // A second model starts anew.
  window_->openModel(sample());
  EXPECT_FALSE(state().outline);
  EXPECT_TRUE(outline->chain().isEmpty());
  EXPECT_TRUE(outline->isVisible());
  ASSERT_TRUE(described());
}

TEST_F(Opening, AFileThatCannotBeReadLeavesNoOutline) {
  QTemporaryDir folder;
  QFile broken(folder.filePath(QStringLiteral("broken.onnx")));
  ASSERT_TRUE(broken.open(QIODevice::WriteOnly));
  broken.write("not a model");
  broken.close();
  QSignalSpy problems(&window_->document(), &Document::problem);
  window_->openModel(broken.fileName());
  ASSERT_TRUE(wait([&] { return !problems.empty(); }));
  EXPECT_EQ(problems.size(), 1) << "told once";
  EXPECT_TRUE(problems[0][0].toString().contains(QStringLiteral("broken.onnx")));
  EXPECT_FALSE(find<OutlineView>("outlineView")->isVisible());
}

TEST_F(Opening, AMessageThatWrapsLeavesTheLinksOfTheStartPageWhole) {
  auto* page = find<StartPage>();
  auto* message = page->findChild<QLabel*>();
  page->setRecovery(QStringLiteral("left.kasuri"));
  page->setMessage(QString(QStringLiteral("Cannot run MaxUnpool at pool_7: no kernel. ")) +
                   QStringLiteral("The model opens but cannot be measured; take another opset"));
  ASSERT_TRUE(wait([&] { return message->isVisible() && message->height() > 0; }));
  const auto cut = [&] {
    std::string parts;
    for (const QWidget* part : page->findChildren<QWidget*>()) {
      const bool words = qobject_cast<const QPushButton*>(part) != nullptr ||
                         qobject_cast<const QLabel*>(part) != nullptr;
      if (!words || !part->isVisible()) continue;
      const int whole = part->hasHeightForWidth() ? part->heightForWidth(part->width())
                                                  : part->sizeHint().height();
      if (part->height() < whole)
        parts += part->metaObject()->className() + (" at " + std::to_string(part->y())) + "; ";
    }
    return parts;
  };
  // What runs here is answered, and laid out, meanwhile.
  EXPECT_TRUE(wait([&] { return cut().empty(); }, 5000)) << cut();
}

TEST(DimsBar, ASymbolOfSeveralInputsStandsOnce) {
  const auto at = [](const char* input, const char* name) {
    return QJsonObject{
        {"input", input}, {"axis", 2}, {"name", name}, {"value", 3}, {"given", true}};
  };
  const QVector<DimInfo> dims =
      dimsFrom({{"dims", QJsonArray{at("a", "s11"), at("b", "s7"), at("c", "s11")}}});
  ASSERT_EQ(dims.size(), 2);
  EXPECT_EQ(dims[0].name, QStringLiteral("s11"));
  EXPECT_EQ(dims[1].name, QStringLiteral("s7"));
}

TEST(ListTable, HeadsAreWholeInAnyLanguage) {
  const QStringList heads{QStringLiteral("id"), QStringLiteral("中間テンソル領域の下限"),
                          QStringLiteral("last")};
  ListTable table(heads, QStringLiteral("table"));
  const int widths[] = {80, 40};
  setLeastWidths(table, widths);
  EXPECT_EQ(table.columnWidth(0), 80);
  EXPECT_GE(table.columnWidth(1),
            table.horizontalHeader()->fontMetrics().horizontalAdvance(heads[1]));
}

TEST(DimsBar, ShowsWhatFitsAndTheRestBehindAButton) {
  DimsBar bar;
  QVector<DimInfo> dims;
  for (int i = 0; i < 18; ++i) dims.append({QStringLiteral("past_sequence_%1").arg(i), 4, false});
  bar.resize(960, 30);
  bar.setDims(dims);
  bar.show();
  const auto whole = [&] {
    int shown = 0;
    for (const QLabel* label : bar.findChildren<QLabel*>(QString(), Qt::FindDirectChildrenOnly)) {
      EXPECT_GE(label->width(), label->fontMetrics().horizontalAdvance(label->text()));
      EXPECT_LE(label->geometry().right(), bar.width());
      ++shown;
    }
    return shown - 1;
  };
  EXPECT_TRUE(QTest::qWaitFor([&] { return bar.width() == 960 && bar.isVisible(); }));
  QCoreApplication::processEvents();
  const int wide = whole();
  bar.resize(600, 30);
  QCoreApplication::processEvents();
  EXPECT_LT(whole(), wide);
  EXPECT_GT(whole(), 0);
  auto* more = bar.findChild<QPushButton*>(QStringLiteral("moreDims"));
  ASSERT_TRUE(more != nullptr && more->isVisible());
  EXPECT_TRUE(more->text().contains(QString::number(18 - whole()))) << more->text().toStdString();
  more->setFocus();
  QTest::keyClick(more, Qt::Key_Space);
  auto* last = bar.findChild<QSpinBox*>(QStringLiteral("dim:past_sequence_17"));
  ASSERT_TRUE(last != nullptr && last->isVisible());
  QSignalSpy chosen(&bar, &DimsBar::dimChosen);
  last->setFocus();
  last->setValue(64);
  QTest::keyClick(last, Qt::Key_Return);
  ASSERT_EQ(chosen.count(), 1);
  EXPECT_EQ(chosen.first().at(1).toLongLong(), 64);
  QTest::keyClick(last, Qt::Key_Escape);
  EXPECT_FALSE(last->isVisible());
}

TEST(Outline, BlocksThatAreAlikeAreOneLink) {
  const ModelInfo model = tests::decoder_model(12, 40);
  const QVector<OutlineGroup> chain = chainOf(model);
  const auto run = std::find_if(chain.begin(), chain.end(),
                                [](const OutlineGroup& group) { return group.times == 12; });
  ASSERT_NE(run, chain.end());
  EXPECT_EQ(run->operators, 40);
  int operators = 0;
  for (const OutlineGroup& group : chain) operators += group.times * group.operators;
  EXPECT_EQ(operators, model.operators.size());
}

}  // namespace
}  // namespace kasuri::app
