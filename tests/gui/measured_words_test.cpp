// What the window says of how and on what was measured, and its A/A self-test.
#include "app/session/measured_words.h"

#include <gtest/gtest.h>

#include <QLabel>
#include <QPushButton>

#include "tests/gui/window_fixture.h"

namespace kasuri::app {
namespace {

ComparisonInfo measured() {
  ComparisonInfo c;
  c.blocks = 21;
  c.seconds = 31.43;
  c.machine.cpu = QStringLiteral("AMD EPYC");
  c.machine.isa = QStringLiteral("fma sse4_2 avx f16c avx2 avx512f avx512_bf16");
  c.machine.cores = 8;
  c.machine.load = 0.31;
  c.machine.when = QDateTime(QDate(2026, 11, 21), QTime(10, 42, 18));
  c.sides.resize(2);
  c.sides[0].threads = 1;
  return c;
}

TEST(MeasuredWords, SayWhenHowLongOnWhatAndHowFarItCanBeTrusted) {
  const QString told = measuredWords(measured(), {3, 200}, measured().machine.when);
  for (const char* part :
       {"Measured 10:42:18", "21 blocks × A/B, interleaved, 31.4 s",
        "AMD EPYC · AVX-512 · 1 / 8 cores", "load 0.3", "A/A false alarms 3 of 200"})
    EXPECT_TRUE(told.contains(QString::fromUtf8(part))) << part << " in " << told.toStdString();
  const QString later = measuredWords(measured(), {}, measured().machine.when.addDays(1));
  EXPECT_TRUE(later.contains(QStringLiteral("Measured 2026-11-21 10:42")));
}

TEST(MeasuredWords, LeaveOutWhatIsNotKnown) {
  ComparisonInfo c = measured();
  c.seconds.reset();
  c.machine = {};
  const QString told = measuredWords(c, {}, QDateTime::currentDateTime());
  EXPECT_TRUE(told.endsWith(QStringLiteral("interleaved")) || !told.contains(QStringLiteral(" s")))
      << told.toStdString();
  for (const char* part : {"Measured", "load", "A/A", "cores"})
    EXPECT_FALSE(told.contains(QString::fromLatin1(part))) << told.toStdString();
}

TEST(MeasuredWords, NameTheWidestInstructions) {
  EXPECT_EQ(widestIsa(QStringLiteral("avx2 avx512f amx-bf16")), QStringLiteral("AMX"));
  EXPECT_EQ(widestIsa(QStringLiteral("sse4_2 avx fma avx2")), QStringLiteral("AVX2"));
  EXPECT_EQ(widestIsa(QStringLiteral("asimd")), QStringLiteral("NEON"));
  EXPECT_EQ(widestIsa(QStringLiteral("rvv")), QStringLiteral("rvv"));
}

class StartWindow : public WindowFixture {};

TEST_F(StartWindow, TheStatusLineSaysWhetherAGraphicsProcessorRuns) {
  auto* gpu = find<QLabel>("gpuStatus");
  ASSERT_NE(gpu, nullptr);
  ASSERT_TRUE(wait([&] { return gpu->text().startsWith(QStringLiteral("GPU: ")); }));
  const bool none = gpu->text() == QStringLiteral("GPU: none");
  EXPECT_EQ(none, !gpu->toolTip().isEmpty()) << "with the reason";
}

TEST_F(StartWindow, TheSelfTestComparesEqualSidesAndCountsForGood) {
  auto* button = find<QPushButton>("selfTest");
  ASSERT_NE(button, nullptr);
  const int before = SelfTest::kept().of;
  button->click();
  ASSERT_TRUE(wait([&] { return SelfTest::kept().of == before + 1; }, kMeasureMs));
  const SelfTest::Tally kept = SelfTest::kept();
  EXPECT_LE(kept.alarms, kept.of);
  EXPECT_TRUE(find<QLabel>("selfTestResult")->text().contains(QString::number(kept.of)));
  screenshot(QStringLiteral("self_test"));
  EXPECT_TRUE(button->text().contains(QStringLiteral("left")));
  button->click();
  EXPECT_FALSE(button->text().contains(QStringLiteral("left"))) << "a click cancels";
  EXPECT_TRUE(wait([&] { return childrenWith("compare").isEmpty(); }, 5000));
}

}  // namespace
}  // namespace kasuri::app
