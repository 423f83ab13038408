#include "app/charts/step_histogram.h"

#include <gtest/gtest.h>

namespace kasuri::app {
namespace {

QVector<double> runs(double from, int count) {
  QVector<double> values;
  for (int k = 0; k < count; ++k) values << from + 0.01 * k;
  return values;
}

/// The columns that hold a colour, first and last.
std::pair<int, int> spreadOf(const QImage& image, const QColor& color) {
  std::pair<int, int> columns{-1, -1};
  for (int x = 0; x < image.width(); ++x)
    for (int y = 0; y < image.height(); ++y)
      if (image.pixel(x, y) == color.rgb()) {
        if (columns.first < 0) columns.first = x;
        columns.second = x;
      }
  return columns;
}

TEST(StepHistogram, AnInterruptedRunDoesNotSqueezeTheOthers) {
  const Theme theme = Theme::load(Theme::Appearance::Light);
  const QColor before = theme.color(QStringLiteral("before.mark")),
               after = theme.color(QStringLiteral("after.mark"));
  StepRuns all{runs(2, 20), runs(1, 20)};
  const QImage plain = stepHistogram(all, theme, QFont(), {240, 60}, 1);
  all.before.last() = 400;
  const QImage late = stepHistogram(all, theme, QFont(), {240, 60}, 1);
  for (const QImage& image : {plain, late}) {
    EXPECT_LT(spreadOf(image, after).second, spreadOf(image, before).first) << "faster is left";
    EXPECT_GT(spreadOf(image, after).second - spreadOf(image, after).first, 20) << "has its width";
  }
  EXPECT_TRUE(wordsOf(all).contains(QStringLiteral("400.0 ms (1 slower than shown)")))
      << wordsOf(all).toStdString();
}

TEST(StepHistogram, WithoutRunsThereIsNothing) {
  EXPECT_TRUE(wordsOf({}).isEmpty());
  const Theme theme = Theme::load(Theme::Appearance::Dark);
  const QImage empty = stepHistogram({}, theme, QFont(), {240, 60}, 2);
  EXPECT_EQ(empty.size(), QSize(480, 120));
  EXPECT_EQ(empty.pixel(10, 10), 0u);
  const QImage one = stepHistogram({{1.5}, {}}, theme, QFont(), {240, 60}, 1);
  EXPECT_GE(spreadOf(one, theme.color(QStringLiteral("before.mark"))).first, 0);
}

}  // namespace
}  // namespace kasuri::app
