#include "app/charts/chart_access.h"

#include <gtest/gtest.h>

#include <QAccessible>

#include "app/charts/latency_histogram.h"
#include "app/style/theme.h"

// A chart is a chart to a screen reader, with its name; other widgets stay what they are.
namespace kasuri::app {
namespace {

TEST(ChartAccess, ChartsHaveTheRoleOfCharts) {
  installChartAccess();
  const Theme theme = Theme::load(Theme::Appearance::Light);
  LatencyHistogram chart(theme);
  QAccessibleInterface* found = QAccessible::queryAccessibleInterface(&chart);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->role(), QAccessible::Chart);
  EXPECT_EQ(found->text(QAccessible::Name), chart.accessibleName());
  EXPECT_FALSE(chart.accessibleName().isEmpty());
  QWidget plain;
  EXPECT_NE(QAccessible::queryAccessibleInterface(&plain)->role(), QAccessible::Chart);
}

}  // namespace
}  // namespace kasuri::app
