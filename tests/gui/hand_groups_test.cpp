// Groups the user draws in the graph: made of what is selected, undone, kept in the session file.
#include <QApplication>
#include <QJsonArray>
#include <QJsonObject>
#include <QLineEdit>
#include <QMouseEvent>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>

#include "app/graph/graph_canvas.h"
#include "app/panels/graph_pane.h"
#include "tests/gui/window_fixture.h"

namespace kasuri::app {
namespace {

TEST(HandGroup, TakesItsOperatorsFromOthers) {
  QVector<HandGroup> groups = grouped({}, QStringLiteral("a"), {"1", "2", "3"});
  groups = grouped(groups, QStringLiteral("b"), {"3", "4"});
  ASSERT_EQ(groups.size(), 2);
  EXPECT_EQ(groups[0].operators, (QStringList{"1", "2"}));
  groups = grouped(groups, QStringLiteral("b"), {"2", "5"});
  ASSERT_EQ(groups.size(), 2) << "one operator is no group";
  EXPECT_NE(groups[0].name, groups[1].name);
  EXPECT_EQ(handGroupsFromJson(toJson(groups)), groups);
  EXPECT_EQ(ungrouped(groups, {"5", "9"}).size(), 1);
  const QJsonArray hostile{QJsonObject{{QStringLiteral("name"), 3}}, 7,
                           QJsonObject{{QStringLiteral("name"), QStringLiteral("x")},
                                       {QStringLiteral("operators"), QJsonArray{1, 2, 3}}}};
  EXPECT_TRUE(handGroupsFromJson(hostile).isEmpty());
}

class HandGroups : public WindowFixture {
 protected:
  GraphCanvas* canvas() { return find<GraphPane>()->front(); }

  /// The frame or folded line of a group; nothing where there is none.
  bool drawn(const QString& title, bool expected = true) {
    return wait([&] {
      const GraphGeometry* graph = canvas()->graph();
      if (graph == nullptr) return false;
      const auto named = [&](const auto& each) { return each.title == title; };
      const bool found = std::any_of(graph->frames.begin(), graph->frames.end(), named) ||
                         std::any_of(graph->items.begin(), graph->items.end(),
                                     [&](const GraphItem& i) { return i.isGroup && named(i); });
      return found == expected;
    });
  }

  /// Two items one below the other, taken with Ctrl.
  QStringList takeTwo() {
    canvas()->fitAll(true);
    const QVector<GraphItem> items = canvas()->graph()->items;
    QSignalSpy told(canvas(), &GraphCanvas::operatorsSelected);
    const GraphAnchor first = anchorOf(items[0]), second = anchorOf(items[1]);
    QTest::mouseClick(canvas(), Qt::LeftButton, Qt::ControlModifier, {int(first.x), int(first.y)});
    QTest::mouseClick(canvas(), Qt::LeftButton, Qt::ControlModifier,
                      {int(second.x), int(second.y)});
    EXPECT_EQ(told.size(), 2);
    return told.last().first().toStringList();
  }

  /// Where the middle of an item is on the screen, without moving anything.
  GraphAnchor anchorOf(const GraphItem& item) {
    const GraphAnchor at = canvas()->anchor();
    const auto& items = canvas()->graph()->items;
    const auto known = std::find_if(items.begin(), items.end(), [&](const GraphItem& each) {
      return each.operators == at.operators;
    });
    GraphAnchor found = at;
    const QPointF way = (item.rect.center() - known->rect.center()) * at.scale;
    found.x += way.x();
    found.y += way.y();
    return found;
  }

  void group(const QString& name) {
    QTest::keyClick(window_.get(), Qt::Key_G, Qt::ControlModifier);
    auto* line = find<QLineEdit>("nameStrip");
    ASSERT_TRUE(line->isVisible());
    line->setText(name);
    QTest::keyClick(line, Qt::Key_Return);
    EXPECT_FALSE(line->isVisible());
  }
};

TEST_F(HandGroups, AreMadeUndoneKeptAndLetGo) {
  open(sample());
  ASSERT_TRUE(described());
  ASSERT_TRUE(wait([&] { return canvas()->graph() != nullptr; }));
  QTest::keyClick(window_.get(), Qt::Key_G, Qt::ControlModifier);
  EXPECT_FALSE(find<QLineEdit>("nameStrip")->isVisible()) << "nothing is selected";
  const QStringList taken = takeTwo();
  ASSERT_GE(taken.size(), 2);
  const qsizetype items = canvas()->graph()->items.size();
  group(QStringLiteral("front end"));
  ASSERT_TRUE(drawn(QStringLiteral("front end")));
  ASSERT_EQ(state().groups.size(), 1);
  EXPECT_EQ(state().groups.first().operators, taken);
  EXPECT_EQ(canvas()->graph()->items.size(), items) << "open: everything is still there";
  screenshot(QStringLiteral("hand_group"));

  QTest::keyClick(window_.get(), Qt::Key_Z, Qt::ControlModifier);
  EXPECT_TRUE(drawn(QStringLiteral("front end"), false));
  QTest::keyClick(window_.get(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_TRUE(drawn(QStringLiteral("front end")));
  find<GraphPane>()->setView(GraphView::Before);
  EXPECT_TRUE(drawn(QStringLiteral("front end"))) << "of the operators, so of both versions";
  find<GraphPane>()->setView(GraphView::After);

  const QTemporaryDir folder;
  const QString file = folder.filePath(QStringLiteral("g.kasuri"));
  ASSERT_TRUE(window_->keeper().save(file));
  window_->openModel(sample());
  ASSERT_TRUE(described());
  EXPECT_TRUE(drawn(QStringLiteral("front end"), false));
  window_->openModel(file);
  ASSERT_TRUE(described());
  EXPECT_TRUE(drawn(QStringLiteral("front end")));

  canvas()->setFocus();
  emit canvas() -> operatorsSelected({taken.first()});
  QTest::keyClick(canvas(), Qt::Key_Return);
  EXPECT_TRUE(wait([&] { return canvas()->graph()->items.size() < items; })) << "it folds";
  QTest::keyClick(window_.get(), Qt::Key_G, Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_TRUE(drawn(QStringLiteral("front end"), false));
  EXPECT_TRUE(state().groups.isEmpty());
}

TEST_F(HandGroups, EscTakesTheQuestionBackAndCtrlDragTakesARectangle) {
  open(sample());
  ASSERT_TRUE(described());
  ASSERT_TRUE(wait([&] { return canvas()->graph() != nullptr; }));
  canvas()->fitAll(true);
  QSignalSpy told(canvas(), &GraphCanvas::operatorsSelected);
  const QPoint end(canvas()->width() - 4, canvas()->height() - 4);
  QTest::mousePress(canvas(), Qt::LeftButton, Qt::ControlModifier, {3, 3});
  QMouseEvent move(QEvent::MouseMove, end, canvas()->mapToGlobal(end), Qt::NoButton, Qt::LeftButton,
                   Qt::ControlModifier);
  QApplication::sendEvent(canvas(), &move);
  QTest::mouseRelease(canvas(), Qt::LeftButton, Qt::ControlModifier, end);
  ASSERT_EQ(told.size(), 1);
  int all = 0;
  for (const StepInfo& step : state().after->steps) all += int(step.sources.size());
  EXPECT_EQ(told.first().first().toStringList().size(), all) << "everything is in view";
  QTest::keyClick(window_.get(), Qt::Key_G, Qt::ControlModifier);
  auto* line = find<QLineEdit>("nameStrip");
  ASSERT_TRUE(line->isVisible());
  EXPECT_FALSE(line->text().isEmpty());
  QTest::keyClick(line, Qt::Key_Escape);
  EXPECT_FALSE(line->isVisible());
  EXPECT_TRUE(state().groups.isEmpty());
}

}  // namespace
}  // namespace kasuri::app
