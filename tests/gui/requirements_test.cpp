// A requirement on the memory of the target, and the report as PDF, in the real window.
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>

#include "app/session/engine_json.h"
#include "app/session/problems.h"
#include "tests/gui/window_fixture.h"

namespace kasuri::app {
namespace {

using Requirements = WindowFixture;

TEST(Comparison, StreamsOfAThroughputAreNamed) {
  const auto comparison = comparisonFrom(R"({"deltas": [{"side": "after"}], "sides": [
    {"name": "before", "runtime": {"name": "kasuri"}, "throughput": {"streams": 1}},
    {"name": "after", "runtime": {"name": "ort"}, "throughput": {"items_per_s": 8, "streams": 3}}]})");
  ASSERT_TRUE(comparison);
  EXPECT_EQ(comparison->sides[0].runtime, QStringLiteral("kasuri"));
  EXPECT_EQ(comparison->sides[1].runtime, QStringLiteral("ort, 3 streams"));
  EXPECT_EQ(comparison->sides[1].itemsPerSecond, 8);
}

/// What prints in place of a browser.
void writeScript(const QString& path) {
  QFile script(path);
  ASSERT_TRUE(script.open(QIODevice::WriteOnly));
  script.write(
      "#!/bin/sh\nfor word; do case $word in --print-to-pdf=*) echo %PDF-1.4 > "
      "\"${word#*=}\";; esac; done\n");
  script.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

TEST_F(Requirements, ABoxThatIsTooSmallSaysWhereItFailsAndTheReportIsPrinted) {
  open(sample());
  ASSERT_TRUE(described());
  Target target = state().target;
  target.requirements = {QStringLiteral("box<=20MiB"), QStringLiteral("box<=20MiB")};
  window_->document().retarget(QStringLiteral("test"), target);
  measureQuickly();
  ASSERT_EQ(state().comparison->requirements.size(), 2);
  const RequirementResult& box = state().comparison->requirements.first();
  EXPECT_FALSE(box.met);
  EXPECT_FALSE(box.why.isEmpty());
  bool told = false;
  for (const ProblemInfo& problem : problemsOf(state())) told = told || problem.where == box.why;
  EXPECT_TRUE(told) << "among the problems";

  const QTemporaryDir folder;
  const QString pdf = folder.filePath(QStringLiteral("r.pdf"));
  QSignalSpy written(&window_->document(), &Document::exported);
  QSignalSpy problems(&window_->document(), &Document::problem);
  writeScript(folder.filePath(QStringLiteral("browser")));
  qputenv("KASURI_BROWSER", folder.filePath(QStringLiteral("browser")).toLocal8Bit());
  window_->document().exportTo(ExportKind::Report, pdf);
  EXPECT_TRUE(wait([&] { return !written.empty() || !problems.empty(); }));
  EXPECT_TRUE(problems.empty()) << problems.first().first().toString().toStdString();
  QFile file(pdf);
  ASSERT_TRUE(file.open(QIODevice::ReadOnly));
  EXPECT_TRUE(file.readAll().startsWith("%PDF"));
  qputenv("KASURI_BROWSER", "/no/browser");
  window_->document().exportTo(ExportKind::Report, pdf);
  EXPECT_TRUE(wait([&] { return !problems.empty(); }));
  EXPECT_TRUE(problems.first().first().toString().contains(QStringLiteral("/no/browser")));
  qunsetenv("KASURI_BROWSER");
}

}  // namespace
}  // namespace kasuri::app
