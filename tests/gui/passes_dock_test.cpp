#include <gtest/gtest.h>

#include <QApplication>
#include <QImage>
#include <QLabel>
#include <QPainter>
#include <QTest>
#include <QToolButton>
#include <QTreeView>
#include <QTreeWidget>
#include <QUndoStack>

#include "app/panels/passes_panel.h"
#include "tests/gui/window_fixture.h"

// The passes dock: taking back and doing again beside the recipe, bars that keep off their figures
// in a narrow dock, and why not, by keys too.
namespace kasuri::app {
namespace {

QVector<PassInfo> someOf(double largest) {
  QVector<PassInfo> passes;
  for (const auto& [name, ms] : {std::pair("fold", 0.0), {"fuse", largest}, {"stitch", -0.14}}) {
    PassInfo pass;
    pass.name = QString::fromLatin1(name);
    pass.fidelity = QStringLiteral("reassociates");
    pass.estimateMs = ms;
    RuleInfo rule;
    rule.name = pass.name + QStringLiteral("Rule");
    for (int site = 0; site < 3; ++site)
      rule.sites.append({QStringLiteral("s%1").arg(site),
                         site == 0,
                         site == 0 ? QString() : QStringLiteral("an extent is 0"),
                         {pass.name + QString::number(site), QStringLiteral("other")}});
    pass.rules.append(rule);
    passes.append(pass);
  }
  return passes;
}

/// The width of the first stretch of blank columns behind something drawn.
int firstGap(const QImage& cell) {
  const auto blank = [&](int x) {
    for (int y = 0; y < cell.height(); ++y)
      if (cell.pixel(x, y) != cell.pixel(0, 0)) return false;
    return true;
  };
  int x = 0;
  while (x < cell.width() && blank(x)) ++x;
  while (x < cell.width() && !blank(x)) ++x;
  const int end = x;
  while (x < cell.width() && blank(x)) ++x;
  return x - end;
}

TEST(PassesDock, BarsKeepOffTheirFigures) {
  const Theme theme = Theme::load(Theme::Appearance::Light);
  for (const int width : {280, 300, 348, 400})
    for (const double ms : {-8.4, -138.26, -1234.5}) {
      PassesPanel panel(theme);
      panel.resize(width, 700);
      panel.model()->setPasses(someOf(ms), {}, {});
      panel.show();
      panel.tree()->clearSelection();
      const QModelIndex effect = panel.model()->index(1, PassTreeModel::Effect);
      const QRect cell = panel.tree()->visualRect(effect);
      const QImage image = panel.tree()->viewport()->grab(cell.adjusted(0, 1, 0, -1)).toImage();
      EXPECT_GE(firstGap(image), 4) << width << " px, " << ms << " ms";
      EXPECT_GE(panel.tree()->columnWidth(PassTreeModel::Name), 100) << width;
    }
}

TEST(PassesDock, WhyNotLeadsToItsSitesByKeysToo) {
  const Theme theme = Theme::load(Theme::Appearance::Light);
  PassesPanel panel(theme);
  panel.resize(300, 700);
  panel.model()->setPasses(someOf(-8), {}, {});
  panel.refresh();
  panel.show();
  auto* why = panel.findChild<QTreeWidget*>(QStringLiteral("whyList"));
  ASSERT_EQ(why->topLevelItemCount(), 3);
  EXPECT_EQ(why->topLevelItem(0)->text(1), QStringLiteral("2")) << "sites, not operators";
  EXPECT_EQ(why->topLevelItem(0)->text(2), QStringLiteral("an extent is 0"));
  QStringList chosen;
  QObject::connect(&panel, &PassesPanel::operatorsSelected,
                   [&](const QStringList& names) { chosen = names; });
  why->setCurrentItem(why->topLevelItem(1));
  emit why->itemActivated(why->currentItem(), 0);
  EXPECT_EQ(chosen.size(), 4);
  EXPECT_GE(why->height(), 3 * why->sizeHintForRow(0)) << "three rows need no scrolling";
}

TEST(PassesDock, WhatFindsNothingIsPaleAndWhatBreaksSaysSo) {
  const Theme theme = Theme::load(Theme::Appearance::Light);
  QApplication::setPalette(theme.palette());
  QVector<PassInfo> passes = someOf(-8);
  passes[1].rules[0].sites[0].applied = false;
  EffectResult broken;
  broken.verdict = QStringLiteral("broken");
  passes[2].effect = PassEffectInfo{passes[2].name, broken, {}, {}};
  PassesPanel panel(theme);
  panel.resize(300, 700);
  panel.model()->setPasses(passes, {}, {});
  panel.show();
  const auto ink = [&](int row) {
    return panel.model()->index(row, 0).data(Qt::ForegroundRole).value<QBrush>().color();
  };
  EXPECT_EQ(ink(1), theme.color(QStringLiteral("text.3")));
  EXPECT_NE(ink(0), ink(1));
  panel.model()->setPasses(passes, {QStringLiteral("fuse")}, {});
  EXPECT_NE(ink(1), theme.color(QStringLiteral("text.3"))) << "off: what it would find is unknown";
  const QModelIndex effect = panel.model()->index(2, PassTreeModel::Effect);
  EXPECT_EQ(effect.data().toString(), QStringLiteral("× differ"));
  const QImage cell = panel.tree()->viewport()->grab(panel.tree()->visualRect(effect)).toImage();
  const QRgb error = theme.color(QStringLiteral("error")).rgb();
  int inked = 0;
  for (int x = 0; x < cell.width(); ++x)
    for (int y = 0; y < cell.height(); ++y) inked += cell.pixel(x, y) == error;
  EXPECT_GT(inked, 5);
}

using PassesWindow = WindowFixture;

TEST_F(PassesWindow, WhatWasSwitchedIsTakenBackWithAButton) {
  open(sample());
  ASSERT_TRUE(described());
  auto *undo = find<QToolButton>("undoButton"), *redo = find<QToolButton>("redoButton");
  ASSERT_TRUE(undo && redo);
  EXPECT_FALSE(undo->isEnabled());
  window_->document().toggle(QStringLiteral("fuse"), false);
  ASSERT_TRUE(undo->isEnabled());
  EXPECT_TRUE(undo->toolTip().contains(QStringLiteral("fuse"))) << undo->toolTip().toStdString();
  EXPECT_FALSE(redo->isEnabled());
  QTest::mouseClick(undo, Qt::LeftButton);
  EXPECT_EQ(window_->document().recipe(), QStringLiteral("default"));
  EXPECT_TRUE(redo->isEnabled());
  redo->setFocus();
  QTest::keyClick(redo, Qt::Key_Space);
  EXPECT_EQ(window_->document().recipe(), QStringLiteral("default,-fuse"));
  ASSERT_TRUE(described());
  screenshot(QStringLiteral("passes_dock"));
}

}  // namespace
}  // namespace kasuri::app
