#include <gtest/gtest.h>

#include <QApplication>
#include <QComboBox>
#include <QSignalSpy>
#include <QTest>

#include "app/graph/graph_canvas.h"
#include "app/panels/graph_pane.h"
#include "app/panels/settings_sheet.h"
#include "tests/gui/window_fixture.h"

// What the real window looks at and how it looks: the way back, the split, the appearance.
namespace kasuri::app {
namespace {

class Looks : public WindowFixture {
 protected:
  GraphPane* pane() { return find<GraphPane>(); }
  GraphCanvas* after() { return find<GraphCanvas>("graphCanvas"); }
  GraphCanvas* before() { return find<GraphCanvas>("graphCanvasBefore"); }
  void openSample() {
    open(sample());
    ASSERT_TRUE(described());
    ASSERT_TRUE(wait([&] { return after()->graph() && before()->graph(); }));
  }
  /// Until nothing has moved the picture for longer than a look is.
  void settle() {
    QSignalSpy looked(pane(), &GraphPane::looked);
    do {
      looked.clear();
      QTest::qWait(450);
    } while (!looked.isEmpty());
  }
};

TEST_F(Looks, AltArrowsRestorePlaceAndZoom) {
  openSample();
  after()->setFocus();
  const auto items = after()->graph()->items;  // shared: pictures are replaced as estimates come
  after()->zoomTo(1);
  pane()->selectOperators(items.first().operators);
  settle();
  const GraphAnchor first = after()->anchor();
  after()->zoomTo(0.5);
  settle();
  const GraphAnchor second = after()->anchor();
  ASSERT_NE(first.scale, second.scale);
  // The picture moved without another zoom is where the step ends, not a step.
  emit after() -> operatorsSelected(items.last().operators);
  settle();
  after()->zoomTo(0.8);
  settle();
  const GraphAnchor last = after()->anchor();
  const auto back = [&] { QTest::keyClick(window_.get(), Qt::Key_Left, Qt::AltModifier); };
  const auto expectAt = [&](const GraphAnchor& wanted) {
    const GraphAnchor now = after()->anchor();
    EXPECT_DOUBLE_EQ(now.scale, wanted.scale);
    EXPECT_EQ(now.operators, wanted.operators);
    EXPECT_NEAR(now.x, wanted.x, 1);
    EXPECT_NEAR(now.y, wanted.y, 1);
  };
  back();
  EXPECT_DOUBLE_EQ(after()->anchor().scale, 0.5);
  back();
  expectAt(second);
  back();
  expectAt(first);
  settle();
  for (int step = 0; step < 3; ++step)
    QTest::keyClick(window_.get(), Qt::Key_Right, Qt::AltModifier);
  expectAt(last);
}

TEST_F(Looks, InASplitKernelsStandBesideTheirSources) {
  openSample();
  window_->resize(1680, 1050);
  pane()->setView(GraphView::Split);
  ASSERT_TRUE(wait([&] { return pane()->pictures().aligned; }));
  const auto kernels = after()->graph()->items;
  const auto fused = std::find_if(kernels.begin(), kernels.end(), [](const GraphItem& item) {
    return !item.isGroup && item.operators.size() > 2;
  });
  ASSERT_NE(fused, kernels.end());
  // Chosen in either half, it is selected in both, at one height of the screen.
  for (const QStringList& chosen : {fused->operators, QStringList{fused->operators.first()}}) {
    emit(chosen.size() > 1 ? after() : before())->operatorsSelected(chosen);
    EXPECT_EQ(before()->anchor().top, after()->anchor().top);
    EXPECT_EQ(before()->anchor().scale, after()->anchor().scale);
    const QImage left = before()->grab().toImage();
    const QColor soft = theme_.color(QStringLiteral("before.soft"));
    int enclosed = 0;
    for (int y = 0; y < left.height(); y += 2)
      for (int x = 0; x < left.width(); x += 2) enclosed += left.pixelColor(x, y) == soft;
    EXPECT_GT(enclosed, 100) << "the hull around the sources is drawn";
  }
  before()->zoomTo(0.7);
  EXPECT_DOUBLE_EQ(after()->anchor().scale, 0.7);
  EXPECT_EQ(before()->anchor().top, after()->anchor().top);
  pane()->setView(GraphView::After);
  EXPECT_TRUE(wait([&] { return !pane()->pictures().aligned; }));
}

TEST_F(Looks, AnotherAppearanceIsThereAtOnce) {
  openSample();
  const Theme::Appearance was = theme_.appearance();
  const bool toDark = was == Theme::Appearance::Light;
  const Theme other = Theme::load(toDark ? Theme::Appearance::Dark : Theme::Appearance::Light);
  const Theme old = theme_;
  QTest::keyClick(window_.get(), Qt::Key_Comma, Qt::ControlModifier);
  auto* sheet = find<SettingsSheet>("settingsSheet");
  ASSERT_TRUE(sheet->isVisible());
  auto* box = sheet->findChild<QComboBox*>();
  ASSERT_EQ(box->currentIndex(), int(was));
  QTest::keyClick(box, toDark ? Qt::Key_Down : Qt::Key_Up);
  EXPECT_EQ(theme_.appearance(), other.appearance());
  sheet->hide();
  QTest::qWait(50);
  const QImage picture = window_->grab().toImage();
  int stale = 0, fresh = 0;
  QSet<QRgb> past, now;
  for (const char* token : {"window", "panel", "canvas", "raised", "row.alt"}) {
    past.insert(old.color(QString::fromLatin1(token)).rgb());
    now.insert(other.color(QString::fromLatin1(token)).rgb());
  }
  for (int y = 0; y < picture.height(); y += 2)
    for (int x = 0; x < picture.width(); x += 2) {
      stale += past.contains(picture.pixel(x, y));
      fresh += now.contains(picture.pixel(x, y));
    }
  EXPECT_GT(fresh, picture.width() * picture.height() / 4 * 7 / 10);
  // White is a colour of text and marks as well.
  EXPECT_LT(stale, picture.width() * picture.height() / 4 / 50);
  screenshot(QStringLiteral("switched"));
  QTest::keyClick(box, toDark ? Qt::Key_Up : Qt::Key_Down);
  EXPECT_EQ(theme_.appearance(), was);
}

}  // namespace
}  // namespace kasuri::app
