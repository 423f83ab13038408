#include <gtest/gtest.h>

#include <QImage>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPainter>

#include "app/panels/waterfall.h"
#include "app/session/engine_json.h"

// The bars of the passes lead from the latency before to the one after, each pair's own baseline
// notwithstanding.
namespace kasuri::app {
namespace {

PassEffectInfo effect(const char* pass, double base, double ratio, const char* verdict) {
  EffectResult result;
  result.ms = base * (ratio - 1);
  result.ratio = ratio;
  result.ratioLow = ratio - 0.01;
  result.ratioHigh = ratio + 0.01;
  result.lowMs = base * (result.ratioLow - 1);
  result.highMs = base * (result.ratioHigh - 1);
  result.verdict = QString::fromLatin1(verdict);
  return {QString::fromLatin1(pass), result, {}, {}};
}

/// 100 ms before; the pairs were timed at other baselines, as on a machine whose clock wanders.
ComparisonInfo measured(double after) {
  ComparisonInfo made;
  made.latency = {
      100, after, after / 100 - 0.01, after / 100 + 0.01, QStringLiteral("faster"), after / 100};
  made.effects = {effect("fuse", 120, 0.8, "faster"), effect("stitch", 70, 1.0, "same"),
                  effect("layout", 150, 0.5, "faster")};
  return made;
}

TEST(Waterfall, BarsLeadFromBeforeToAfterWithoutAGap) {
  for (const double after : {40.0, 43.0, 37.0}) {
    const ComparisonInfo comparison = measured(after);
    double at = comparison.latency.beforeMs;
    for (const WaterfallBar& bar : waterfallBars(comparison)) {
      EXPECT_DOUBLE_EQ(bar.fromMs, at) << bar.name.toStdString();
      at += bar.effect.ms;
    }
    EXPECT_NEAR(at, after, 0.6);
  }
}

TEST(Waterfall, ABarIsItsRatioOfWhatIsLeft) {
  const QVector<WaterfallBar> bars = waterfallBars(measured(40));
  ASSERT_EQ(bars.size(), 3) << "the pairs explain all of it";
  EXPECT_DOUBLE_EQ(bars[0].effect.ms, -20);
  EXPECT_DOUBLE_EQ(bars[1].effect.ms, 0);
  EXPECT_DOUBLE_EQ(bars[2].effect.ms, -40) << "half of 80, not of the 150 it was timed at";
  EXPECT_NEAR(bars[2].effect.lowMs, 80 * -0.51, 1e-9);
}

TEST(Waterfall, WhatThePairsDoNotExplainIsNamed) {
  const QVector<WaterfallBar> bars = waterfallBars(measured(43));
  ASSERT_EQ(bars.size(), 4);
  EXPECT_TRUE(bars[3].isRest);
  EXPECT_NEAR(bars[3].effect.ms, 3, 1e-9);
  EXPECT_TRUE(waterfallText(measured(43)).contains(QStringLiteral("rest +3.00")))
      << waterfallText(measured(43)).toStdString();
  // Where little changed, little counts.
  ComparisonInfo little = measured(43);
  little.latency.afterMs = 100.3;
  little.effects = {effect("fuse", 120, 1.001, "same")};
  ASSERT_EQ(waterfallBars(little).size(), 2);
  EXPECT_NEAR(waterfallBars(little)[1].effect.ms, 0.2, 1e-9);
  ComparisonInfo none = measured(43);
  none.effects.clear();
  EXPECT_TRUE(waterfallBars(none).isEmpty()) << "nothing measured, nothing to explain";
}

TEST(Waterfall, ABrokenPassKeepsTheChain) {
  ComparisonInfo comparison = measured(40);
  comparison.effects.insert(1, effect("bad", 100, 1, "broken"));
  const QVector<WaterfallBar> bars = waterfallBars(comparison);
  ASSERT_EQ(bars.size(), 4);
  EXPECT_DOUBLE_EQ(bars[2].fromMs, 80);
  EXPECT_TRUE(waterfallText(comparison).contains(QStringLiteral("bad × outputs differ")));
}

TEST(Waterfall, IsDrawnBetweenItsEndLines) {
  const Theme theme = Theme::load(Theme::Appearance::Light);
  QImage image(260, 80, QImage::Format_RGB32);
  image.fill(Qt::white);
  {
    QPainter painter(&image);
    paintWaterfall(painter, QRectF(0, 0, 260, 80), theme, measured(40));
  }
  const QRgb mark = theme.color(QStringLiteral("before.mark")).rgb();
  const auto reach = [&](int y) {
    int left = image.width(), right = -1;
    for (int x = 58; x < 172; ++x)  // before the line of the latency before
      if (image.pixel(x, y) == mark) {
        left = std::min(left, x);
        right = std::max(right, x);
      }
    return QPoint(left, right);
  };
  const QPoint first = reach(18 + 5), last = reach(18 + 28 + 5);
  EXPECT_NEAR(first.x(), last.y(), 2) << "the last bar begins where the first one ends";
  EXPECT_GT(last.y() - last.x(), first.y() - first.x());
}

}  // namespace
}  // namespace kasuri::app
