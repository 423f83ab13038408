// F7: the search for a recipe in the window, with the command line that was built.
#include <QElapsedTimer>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QTest>

#include "app/charts/pareto_chart.h"
#include "app/panels/list_table.h"
#include "app/panels/search_panel.h"
#include "tests/gui/window_fixture.h"

namespace kasuri::app {
namespace {

using Search = WindowFixture;

TEST_F(Search, ShowsItsTrialsAndOneOfThemIsUsedAndUndone) {
  open(sample());
  ASSERT_TRUE(described());
  window_->resize(1680, 1050);
  auto* panel = find<SearchPanel>();
  find<QSpinBox>("searchSeconds")->setValue(4);
  QTest::keyClick(window_.get(), Qt::Key_F7);
  ASSERT_TRUE(panel->running());
  EXPECT_TRUE(panel->isVisible());
  ASSERT_TRUE(wait([&] { return panel->found().trials.size() >= 2; }));
  EXPECT_EQ(panel->table()->rowCount(), panel->found().trials.size()) << "before it has ended";
  ASSERT_TRUE(wait([&] { return !panel->running(); }, kMeasureMs));
  const SearchInfo found = panel->found();
  EXPECT_FALSE(found.partial);
  EXPECT_FALSE(find<QLabel>("searchStamp")->isVisible());
  EXPECT_EQ(found.trials.first().recipe, QStringLiteral("default"));
  int front = 0;
  for (int i = 0; i < found.trials.size(); ++i) {
    front += found.trials[i].pareto ? 1 : 0;
    EXPECT_EQ(panel->chart()->placeOf(i).has_value(), found.trials[i].measured());
    const QPointF place = panel->chart()->placeOf(i).value_or(QPointF(1, 1));
    EXPECT_TRUE(QRectF(panel->chart()->rect()).contains(place));
  }
  EXPECT_GT(front, 0);
  EXPECT_TRUE(panel->table()->asTsv().contains(QStringLiteral("◆")));
  screenshot(QStringLiteral("search"));
  const QString other = found.trials[1].recipe;
  panel->table()->setCurrentCell(1, 0);
  QTest::keyClick(panel->table(), Qt::Key_Return);
  EXPECT_EQ(window_->document().recipe(), other);
  window_->document().undoStack()->undo();
  EXPECT_EQ(window_->document().recipe(), QStringLiteral("default"));
}

TEST_F(Search, CancelledWithinASecondItKeepsWhatItFound) {
  open(sample());
  ASSERT_TRUE(described());
  auto* panel = find<SearchPanel>();
  find<QSpinBox>("searchSeconds")->setValue(600);
  QTest::keyClick(window_.get(), Qt::Key_F7);
  ASSERT_TRUE(wait([&] { return panel->found().trials.size() >= 2; }));
  const int tried = int(panel->found().trials.size());
  QElapsedTimer clock;
  clock.start();
  QTest::keyClick(window_.get(), Qt::Key_Escape);
  ASSERT_TRUE(wait([&] { return !panel->running(); }));
  EXPECT_LT(clock.elapsed(), 1000);
  EXPECT_TRUE(panel->found().partial);
  EXPECT_GE(panel->found().trials.size(), tried);
  EXPECT_TRUE(find<QLabel>("searchStamp")->isVisible());
  EXPECT_TRUE(find<QLabel>("searchStamp")->text().startsWith(QStringLiteral("Partial")));
  screenshot(QStringLiteral("search_partial"));
}

}  // namespace
}  // namespace kasuri::app
