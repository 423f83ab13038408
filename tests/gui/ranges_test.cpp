// A range taken on a chart filters all views; filters and zooms are steps one goes back through.
#include <QApplication>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMouseEvent>
#include <QPushButton>
#include <QSet>
#include <QSignalSpy>
#include <QTableView>
#include <QTableWidget>
#include <QTest>
#include <QWheelEvent>

#include "app/charts/axis_window.h"
#include "app/charts/kernel_timeline.h"
#include "app/charts/memory_timeline.h"
#include "app/graph/graph_canvas.h"
#include "app/models/operator_table_model.h"
#include "app/panels/command_palette.h"
#include "app/panels/graph_pane.h"
#include "app/panels/memory_panel.h"
#include "app/panels/operators_panel.h"
#include "tests/gui/window_fixture.h"

namespace kasuri::app {
namespace {

TEST(AxisWindow, StaysInsideAndKeepsWhatIsUnderTheCursor) {
  AxisWindow window;
  for (const double at : {0.1, 0.9, 0.5, 0.5, 0.2}) {
    const double there = window.share(at);
    window = window.zoomed(at, 0.5, 1e-3);
    EXPECT_NEAR(window.share(at), there, 1e-12);
  }
  EXPECT_NEAR(window.span(), 1.0 / 32, 1e-12);
  EXPECT_EQ(window.moved(-9).from, 0);
  EXPECT_DOUBLE_EQ(window.moved(9).to, 1);
  EXPECT_TRUE(window.zoomed(0.3, 1000, 1e-3).whole());
  const AxisWindow there = window.showing(0.8, 0.81);
  EXPECT_LE(there.from, 0.8);
  EXPECT_GE(there.to, 0.81);
  EXPECT_EQ(there.showing(0.8, 0.81), there);
}

class Ranges : public WindowFixture {
 protected:
  static void drag(QWidget* on, QPointF from, QPointF to, Qt::KeyboardModifiers keys) {
    QTest::mousePress(on, Qt::LeftButton, keys, from.toPoint());
    QMouseEvent move(QEvent::MouseMove, to, on->mapToGlobal(to), Qt::NoButton, Qt::LeftButton,
                     keys);
    QApplication::sendEvent(on, &move);
    QTest::mouseRelease(on, Qt::LeftButton, keys, to.toPoint());
  }

  static void wheel(QWidget* on, QPointF at, int delta) {
    QWheelEvent event(at, on->mapToGlobal(at), {}, {0, delta}, Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(on, &event);
  }

  QSet<QString> shownOperators() {
    const QAbstractItemModel* rows = find<QTableView>("operatorTable")->model();
    QSet<QString> shown;
    for (int r = 0; r < rows->rowCount(); ++r)
      for (const QString& name :
           rows->index(r, 0).data(OperatorTableModel::OperatorsRole).toStringList())
        shown.insert(name);
    return shown;
  }

  bool filtered() { return find<QLabel>("filterWords")->isVisible(); }

  void step(int key) {
    QTest::keyClick(window_.get(), Qt::Key(key), Qt::AltModifier);
    QTest::qWait(1);
  }
};

TEST_F(Ranges, ARangeOfTheMemoryFiltersEveryViewAndIsGoneBackThrough) {
  open(sample());
  ASSERT_TRUE(described());
  auto* chart = find<MemoryTimeline>();
  auto* canvas = find<GraphCanvas>("graphCanvas");
  ASSERT_TRUE(wait([&] { return canvas->graph() != nullptr; }));
  const int all = find<OperatorsPanel>()->model()->rowCount();
  emit canvas->operatorsSelected({state().after->steps.first().sources.first()});
  const QImage full = canvas->grab().toImage();
  const double left = 46, wide = chart->width() - 46 - 124, y = chart->height() / 2.0;
  drag(chart, {left + 0.01 * wide, y}, {left + 0.3 * wide, y}, Qt::ControlModifier);
  ASSERT_TRUE(filtered());
  const QString words = find<QLabel>("filterWords")->text();
  EXPECT_TRUE(words.contains(QStringLiteral("memory, steps 1–"))) << words.toStdString();
  QSet<QString> wanted;
  const PlanSpans& spans = chart->scene().front();
  const int last = spans.stepAt(0.3);
  for (int s = 0; s <= last; ++s)
    for (const QString& name : spans.plan->steps[s].sources) wanted.insert(name);
  EXPECT_EQ(shownOperators(), wanted);
  EXPECT_EQ(find<QTableView>("operatorTable")->model()->rowCount(), last + 1);
  EXPECT_LT(last + 1, all);
  EXPECT_NE(canvas->grab().toImage(), full) << "what is left out fades in the graph";
  screenshot(QStringLiteral("range"));

  step(Qt::Key_Left);
  EXPECT_FALSE(filtered());
  EXPECT_EQ(find<QTableView>("operatorTable")->model()->rowCount(), all);
  step(Qt::Key_Right);
  EXPECT_TRUE(filtered());
  EXPECT_EQ(shownOperators(), wanted);
  window_->document().toggle(QStringLiteral("fuse"), false);
  ASSERT_TRUE(described());
  EXPECT_TRUE(filtered()) << "another recipe does not end it";
  QSet<QString> still = shownOperators();
  EXPECT_TRUE(still.contains(wanted)) << "the same operators, in other kernels";
  find<QPushButton>("filterClear")->click();
  EXPECT_FALSE(filtered());
}

TEST_F(Ranges, TheMemoryZoomsUnderItsBrush) {
  open(sample());
  ASSERT_TRUE(described());
  auto* chart = find<MemoryTimeline>();
  const double left = 46, wide = chart->width() - 46 - 124, y = chart->height() / 2.0;
  emit find<GraphCanvas>("graphCanvas")
      ->operatorsSelected({state().after->steps.first().sources.first()});
  wheel(chart, {left + 0.5 * wide, y}, 480);
  const AxisWindow zoomed = chart->window();
  EXPECT_LT(zoomed.span(), 0.6);
  EXPECT_NEAR(zoomed.share(0.5), 0.5, 0.01);
  QTest::qWait(500);  // a step once it has settled
  const double held = 15;
  drag(chart, {left + 0.5 * wide, held}, {left + 0.6 * wide, held}, Qt::NoModifier);
  EXPECT_NEAR(chart->window().from, zoomed.from + 0.1, 0.01) << "the brush moves what is shown";
  EXPECT_NEAR(chart->window().span(), zoomed.span(), 1e-9);
  step(Qt::Key_Left);
  EXPECT_TRUE(chart->window().whole());
  step(Qt::Key_Right);
  EXPECT_NEAR(chart->window().span(), zoomed.span(), 0.01);
  drag(chart, {left + 0.5 * wide, y}, {left + 0.6 * wide, y}, Qt::NoModifier);
  EXPECT_LT(chart->window().from, zoomed.from + 0.11) << "dragging pans what is zoomed";
  screenshot(QStringLiteral("memory_zoom"));
  QTest::keyClick(chart, Qt::Key_Space);
  EXPECT_TRUE(chart->window().whole());
  drag(chart, {left + 0.25 * wide, held}, {left + 0.5 * wide, held}, Qt::NoModifier);
  EXPECT_NEAR(chart->window().from, 0.25, 0.01) << "a new brush";
  EXPECT_NEAR(chart->window().to, 0.5, 0.01);
}

TEST_F(Ranges, ARangeOfTheTimeIsOfTheKernelsThatRunInIt) {
  open(sample());
  ASSERT_TRUE(described());
  window_->document().measure(MeasureKind::Profile);
  ASSERT_TRUE(wait([&] { return state().after->profile && state().before->profile; }, kMeasureMs));
  raise("timeDock");
  auto* chart = find<KernelTimeline>();
  ASSERT_TRUE(wait([&] { return chart->isVisible() && chart->width() > 400; }));
  const double left = 150, wide = chart->width() - 150 - 16, y = chart->height() / 2.0;
  drag(chart, {left + 0.02 * wide, y}, {left + 0.2 * wide, y}, Qt::ControlModifier);
  ASSERT_TRUE(filtered());
  const QString words = find<QLabel>("filterWords")->text();
  EXPECT_TRUE(words.contains(QStringLiteral("time, "))) << words.toStdString();
  const qsizetype shown = shownOperators().size();
  EXPECT_GT(shown, 0);
  EXPECT_LT(shown, state().model->operators.size());
  screenshot(QStringLiteral("time_range"));
  wheel(chart, {left + 0.5 * wide, y}, 480);
  EXPECT_LT(chart->window().span(), 0.6);
  QTest::keyClick(chart, Qt::Key_Space);
  EXPECT_TRUE(chart->window().whole());
  // The keyboard does the same to what is selected.
  emit find<GraphCanvas>("graphCanvas")
      ->operatorsSelected({state().after->steps.first().sources.first()});
  QTest::keyClick(window_.get(), Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_EQ(find<QTableView>("operatorTable")->model()->rowCount(), 1);
  QTest::keyClick(window_.get(), Qt::Key_A, Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_FALSE(filtered());
}

TEST_F(Ranges, ATensorShowsItsBarWhatMakesItAndWhatReadsIt) {
  open(sample());
  ASSERT_TRUE(described());
  auto* chart = find<MemoryTimeline>();
  chart->setMode(MemoryMode::Arena);
  auto* list = find<QTableWidget>("liveSet");
  ASSERT_GT(list->rowCount(), 1);
  const QString name = list->item(0, 1)->text();
  const QImage plain = chart->grab().toImage();
  QSignalSpy told(find<MemoryPanel>(), &MemoryPanel::operatorsSelected);
  emit list->cellClicked(0, 1);
  ASSERT_EQ(told.size(), 1);
  const QStringList users = told.first().first().toStringList();
  const PlanInfo& plan = *state().after;
  QSet<QString> wanted;
  for (const StepInfo& step : plan.steps)
    for (int buffer : step.outputs + step.inputs) {
      int root = buffer;
      while (plan.buffers[root].aliasOf >= 0) root = plan.buffers[root].aliasOf;
      if (plan.buffers[buffer].name == name || plan.buffers[root].name == name)
        for (const QString& source : step.sources) wanted.insert(source);
    }
  EXPECT_EQ(QSet<QString>(users.begin(), users.end()), wanted) << name.toStdString();
  EXPECT_NE(chart->grab().toImage(), plain) << "its box is outlined";
  screenshot(QStringLiteral("tensor"));
  // A bar of its own is clicked.
  chart->setMode(MemoryMode::Lifetimes);
  QSignalSpy chosen(chart, &MemoryTimeline::tensorChosen);
  QTest::mouseClick(chart, Qt::LeftButton, {}, {50, 38});
  ASSERT_EQ(chosen.size(), 1) << "the first tensor is born first and drawn at the top";
  EXPECT_EQ(chosen.first().first().toString(), tensorsByBirth(plan).first()->name);
}

TEST_F(Ranges, ThePaletteFindsTensors) {
  open(sample());
  ASSERT_TRUE(described());
  const OperatorInfo& op = state().model->operators[5];
  QTest::keyClick(window_.get(), Qt::Key_K, Qt::ControlModifier);
  auto* palette = find<CommandPalette>();
  ASSERT_TRUE(palette->isVisible());
  auto* line = palette->findChild<QLineEdit*>();
  line->setText(op.outputs.first());
  auto* found = palette->findChild<QListWidget*>();
  const auto hits =
      found->findItems(op.outputs.first() + QStringLiteral("   tensor"), Qt::MatchExactly);
  ASSERT_EQ(hits.size(), 1);
  found->setCurrentItem(hits.first());
  QSignalSpy jumped(palette, &CommandPalette::jumped);
  QTest::keyClick(line, Qt::Key_Return);
  ASSERT_EQ(jumped.size(), 1);
  EXPECT_EQ(jumped.first().first().toStringList(), QStringList{op.name});
}

TEST_F(Ranges, HiddenSideDocksLeaveARail) {
  open(sample());
  auto* button = find<QWidget>("rail:passesDock");
  auto* dock = find<QDockWidget>("passesDock");
  ASSERT_NE(button, nullptr);
  EXPECT_FALSE(button->isVisible());
  for (const char* name : {"passesDock", "selectionDock", "adviceDock"})
    find<QDockWidget>(name)->hide();
  ASSERT_TRUE(wait([&] { return button->isVisible(); }));
  EXPECT_EQ(button->parentWidget()->width(), 30);
  screenshot(QStringLiteral("rail"));
  QTest::mouseClick(button, Qt::LeftButton);
  EXPECT_TRUE(wait([&] { return dock->isVisible() && !button->isVisible(); }));
}

}  // namespace
}  // namespace kasuri::app
