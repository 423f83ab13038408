// What pictures show is there as tables too.
#include <QDockWidget>
#include <QFile>
#include <QSignalSpy>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <algorithm>
#include <utility>

#include "app/charts/latency_chart.h"
#include "app/charts/latency_histogram.h"
#include "app/models/twin_model.h"
#include "app/panels/memory_panel.h"
#include "app/panels/twin_view.h"
#include "tests/gui/window_fixture.h"

namespace kasuri::app {
namespace {

using Twins = WindowFixture;

int arenaTensors(const PlanInfo& plan) {
  return int(std::count_if(plan.buffers.begin(), plan.buffers.end(),
                           [](const BufferInfo& b) { return b.kind == QStringLiteral("arena"); }));
}

QString cell(const TwinModel& model, int row, int column) {
  return model.data(model.index(row, column), Qt::DisplayRole).toString();
}

TEST(TwinModel, SortsNumbersAsNumbersAndWritesThemPlain) {
  using Kind = Twin::Kind;
  TwinModel model;
  model.setTwin({{{QStringLiteral("Name"), Kind::Text}, {QStringLiteral("ms"), Kind::Ms}},
                 {{{QStringLiteral("a,b"), 10.25}, {}},
                  {{QStringLiteral("c"), 9.123456789}, {}},
                  {{QStringLiteral("d"), QVariant()}, {}}}});
  const QPersistentModelIndex kept = model.index(0, 0);
  model.sort(1, Qt::AscendingOrder);
  EXPECT_EQ(cell(model, 0, 0), QStringLiteral("d"));
  EXPECT_EQ(cell(model, 1, 0), QStringLiteral("c"));
  EXPECT_EQ(kept.row(), 2) << "a selection stays with its row";
  EXPECT_EQ(cell(model, 0, 1), QStringLiteral("–"));
  model.sort(-1);
  EXPECT_EQ(model.asCsv(),
            QStringLiteral("\uFEFFName,ms\r\n\"a,b\",10.25\r\nc,9.123456789\r\nd,\r\n"));
}

TEST(TwinOfTimes, FlagsWhatTheEngineFlagged) {
  ComparisonInfo comparison;
  comparison.sides.resize(2);
  comparison.sides[0].samplesMs = {1, 9, 1};
  comparison.sides[0].outlierRuns = {1};
  comparison.sides[1].samplesMs = {2, 2};
  const Twin twin = twinOfRuns(comparison);
  ASSERT_EQ(twin.rows.size(), 5);
  for (const Twin::Row& row : twin.rows)
    EXPECT_EQ(row.cells[3].toString().isEmpty(), row.cells[2].toDouble() < 9);
  EXPECT_TRUE(twinOfRuns(std::nullopt).rows.isEmpty());
}

TEST_F(Twins, AllTensorsOfTheArenaAreAListLinkedBothWays) {
  open(sample());
  ASSERT_TRUE(described());
  raise("memoryDock");
  find<QTabBar>("tensorScope")->setCurrentIndex(1);
  auto* table = find<TwinView>("allTensors");
  ASSERT_TRUE(table->isVisible());
  const TwinModel& rows = *table->rows();
  EXPECT_EQ(rows.rowCount(), arenaTensors(*state().before) + arenaTensors(*state().after));
  table->sortByColumn(5, Qt::DescendingOrder);
  for (int r = 1; r < rows.rowCount(); ++r)
    EXPECT_GE(cell(rows, r - 1, 5).toLongLong(), cell(rows, r, 5).toLongLong());
  QSignalSpy chosen(find<MemoryPanel>(), &MemoryPanel::operatorsSelected);
  table->setCurrentIndex(rows.index(0, 0));
  ASSERT_EQ(chosen.size(), 1);
  EXPECT_EQ(chosen.last().first().toStringList(), rows.at(0).operators);
  find<MemoryPanel>()->selectOperators(rows.at(2).operators);
  const QModelIndexList selected = table->selectionModel()->selectedRows();
  EXPECT_TRUE(selected.contains(rows.index(2, 0))) << "what another view selects is marked";
  table->setFocus();
  const QTemporaryDir folder;
  const QString path = folder.filePath(QStringLiteral("tensors.csv"));
  EXPECT_EQ(table->writeCsv(path), QString());
  QFile file(path);
  ASSERT_TRUE(file.open(QIODevice::ReadOnly));
  EXPECT_EQ(file.readAll().count("\r\n"), 1 + rows.rowCount());
  screenshot(QStringLiteral("tensors"));
}

TEST_F(Twins, EveryPictureOfTimeTurnsIntoATable) {
  open(sample());
  ASSERT_TRUE(described());
  measureQuickly();
  ASSERT_TRUE(wait([&] { return state().before->profile && state().after->profile; }));
  raise("timeDock");
  auto* modes = find<QTabBar>("timeModes");
  find<QToolButton>("timeAsTable")->setChecked(true);
  const ComparisonInfo& comparison = *state().comparison;
  int runs = 0, blocks = 0, flagged = 0;
  for (const SideInfo& side : comparison.sides) {
    runs += int(side.samplesMs.size());
    blocks += int(side.blockMedians.size());
    flagged += side.outliers - int(side.outlierRuns.size());
  }
  EXPECT_EQ(flagged, 0) << "the count and the list of outliers agree";
  const std::pair<const char*, int> expected[] = {
      {"kernelTwin", int(state().before->steps.size() + state().after->steps.size())},
      {"runTwin", runs},
      {"blockTwin", blocks}};
  for (int mode : {0, 1, 2}) {
    modes->setCurrentIndex(mode);
    auto* table = find<TwinView>(expected[mode].first);
    EXPECT_TRUE(table->isVisible());
    EXPECT_EQ(table->rows()->rowCount(), expected[mode].second);
    screenshot(QStringLiteral("time_table%1").arg(mode));
  }
  find<QToolButton>("timeAsTable")->setChecked(false);
  EXPECT_TRUE(find<LatencyChart>()->isVisible());
  for (const QWidget* picture :
       std::initializer_list<const QWidget*>{find<LatencyChart>(), find<LatencyHistogram>()})
    for (const char* word : {"median", "p90", "n = "})
      EXPECT_TRUE(picture->accessibleDescription().contains(QString::fromLatin1(word))) << word;
}

class Arrangement : public WindowFixture {
 protected:
  QDockWidget* dock(const char* name) { return find<QDockWidget>(name); }
  bool beside() {
    return window_->dockWidgetArea(dock("selectionDock")) == Qt::RightDockWidgetArea &&
           !window_->tabifiedDockWidgets(dock("memoryDock")).contains(dock("operatorsDock"));
  }
};

TEST_F(Arrangement, AWindowMadeWideLaterStandsAsOneThatWasWide) {
  EXPECT_FALSE(beside());
  window_->resize(1680, 1050);
  EXPECT_TRUE(wait([&] { return beside(); }));
  window_->resize(1500, 900);
  window_->resize(1700, 900);
  QTest::qWait(20);
  EXPECT_TRUE(beside());
}

TEST_F(Arrangement, WhatTheUserMovedStays) {
  window_->addDockWidget(Qt::RightDockWidgetArea, dock("adviceDock"));
  window_->resize(1680, 1050);
  QTest::qWait(20);
  EXPECT_FALSE(beside());
  EXPECT_EQ(window_->dockWidgetArea(dock("adviceDock")), Qt::RightDockWidgetArea);
}

}  // namespace
}  // namespace kasuri::app
