#include <gtest/gtest.h>

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>
#include <vector>

#include "app/charts/memory_timeline.h"
#include "app/graph/graph_canvas.h"
#include "app/models/pass_tree_model.h"
#include "app/panels/command_palette.h"
#include "app/panels/graph_pane.h"
#include "app/panels/live_set_list.h"
#include "app/panels/main_window.h"
#include "app/panels/passes_panel.h"
#include "app/panels/shortcut_sheet.h"
#include "app/panels/start_page.h"
#include "app/panels/verdict_header.h"
#include "app/session/recipe_state.h"
#include "app/style/theme.h"

// Drives the real window with a bundled network: open, toggle, undo, measure, export; and a worker
// that is killed on the way. Screenshots go to the build folder.
namespace kasuri::app {
namespace {

using Phase = DocumentState::Phase;

constexpr int kOpenMs = 60000, kMeasureMs = 180000;

QString program() {
  return QString::fromLocal8Bit(qgetenv("KASURI_BIN")) + QStringLiteral("/kasuri");
}
QString sample() {
  return QString::fromLocal8Bit(qgetenv("KASURI_SOURCE")) +
         QStringLiteral("/resources/models/small_cnn.ktxt");
}

class Workbench : public ::testing::TestWithParam<Theme::Appearance> {
 protected:
  void SetUp() override {
    if (!QFile::exists(program())) GTEST_SKIP() << "the command line is not built";
    theme_ = Theme::load(GetParam());
    QApplication::setPalette(theme_.palette());
    qApp->setStyleSheet(theme_.styleSheet());
    window_ = std::make_unique<MainWindow>(theme_, program());
    window_->resize(1280, 800);
    window_->show();
  }

  const DocumentState& state() { return window_->document().state(); }

  bool wait(const std::function<bool()>& done, int ms) { return QTest::qWaitFor(done, ms); }

  void openSample() {
    window_->openModel(sample());
    ASSERT_TRUE(
        wait([&] { return state().after != nullptr || state().phase == Phase::Failed; }, kOpenMs));
    ASSERT_TRUE(state().after) << state().message.toStdString();
    // The graph arrives from its layout thread.
    auto* canvas = window_->findChild<GraphCanvas*>(QStringLiteral("graphCanvas"));
    ASSERT_TRUE(wait([&] { return canvas->graph() != nullptr; }, kOpenMs));
  }

  void screenshot(const QString& name) {
    QTest::qWait(150);
    const QString side =
        GetParam() == Theme::Appearance::Light ? QStringLiteral("light") : QStringLiteral("dark");
    const QDir folder(QString::fromLocal8Bit(qgetenv("KASURI_BIN")) +
                      QStringLiteral("/../screenshots"));
    folder.mkpath(QStringLiteral("."));
    EXPECT_TRUE(window_->grab().save(
        folder.filePath(name + QLatin1Char('_') + side + QStringLiteral(".png"))));
  }

  Theme theme_;
  std::unique_ptr<MainWindow> window_;
};

TEST_P(Workbench, OpensAModelAndShowsItsKernels) {
  openSample();
  EXPECT_GT(state().before->steps.size(), state().after->steps.size());
  EXPECT_GT(window_->findChild<GraphCanvas*>(QStringLiteral("graphCanvas"))->graph()->items.size(),
            0);
  EXPECT_FALSE(state().model->passes.isEmpty());
  screenshot(QStringLiteral("opened"));
}

TEST_P(Workbench, StartsWithASampleAndWhatRunsHere) {
  auto* start = window_->findChild<StartPage*>();
  ASSERT_TRUE(start->isVisible());
  const auto told = [&] {
    for (const QLabel* label : start->findChildren<QLabel*>())
      if (label->text().contains(QStringLiteral("✓ cpu"))) return true;
    return false;
  };
  EXPECT_TRUE(wait(told, kOpenMs));
  screenshot(QStringLiteral("start"));
  QTest::mouseClick(start->findChild<QPushButton*>(QStringLiteral("openSample")), Qt::LeftButton);
  ASSERT_TRUE(wait([&] { return state().after != nullptr; }, kOpenMs));
  EXPECT_FALSE(start->isVisible());
  start->refresh();
  const auto buttons = start->findChildren<QPushButton*>();
  EXPECT_TRUE(std::any_of(buttons.begin(), buttons.end(), [](const QPushButton* button) {
    return button->text() == QStringLiteral("small_cnn.ktxt");
  })) << "it is among the models opened before";
}

TEST_P(Workbench, AToggleChangesThePlanAndUndoBringsItBack) {
  openSample();
  const QString hash = state().after->hash;
  const auto planned = [&](const QString& recipe) {
    return wait([&] { return state().after->recipe == recipe; }, kOpenMs);
  };
  window_->document().toggle(QStringLiteral("fuse"), false);
  ASSERT_TRUE(planned(QStringLiteral("default,-fuse")));
  EXPECT_NE(state().after->hash, hash);
  screenshot(QStringLiteral("toggled"));
  window_->document().undoStack()->undo();
  ASSERT_TRUE(planned(QStringLiteral("default")));
  EXPECT_EQ(state().after->hash, hash);
}

TEST_P(Workbench, MeasuresAndExports) {
  openSample();
  window_->document().measure(MeasureKind::Quick);
  EXPECT_EQ(state().phase, Phase::Measuring);
  ASSERT_TRUE(wait([&] { return state().phase != Phase::Measuring; }, kMeasureMs));
  ASSERT_EQ(state().phase, Phase::Measured) << state().message.toStdString();
  EXPECT_GT(state().comparison->latency.beforeMs, 0);
  EXPECT_NE(state().comparison->fidelity, QStringLiteral("broken"));
  ASSERT_TRUE(wait([&] { return state().after->steps.first().medianMs.has_value(); }, kOpenMs));
  screenshot(QStringLiteral("measured"));
  const QString folder = QDir::tempPath() + QStringLiteral("/kasuri_gui_test");
  QDir(folder).removeRecursively();
  QDir().mkpath(folder);
  QSignalSpy written(&window_->document(), &Document::exported);
  QSignalSpy problems(&window_->document(), &Document::problem);
  for (const auto& [kind, name] :
       {std::pair(ExportKind::Onnx, "out.onnx"), std::pair(ExportKind::Plan, "out.kplan"),
        std::pair(ExportKind::Json, "out.json"), std::pair(ExportKind::Report, "out.html")}) {
    const QString path = folder + QLatin1Char('/') + QString::fromLatin1(name);
    const qsizetype before = written.size();
    window_->document().exportTo(kind, path);
    ASSERT_TRUE(wait([&] { return written.size() > before || !problems.empty(); }, kMeasureMs))
        << name;
    ASSERT_TRUE(problems.empty()) << name << ": "
                                  << problems.first().first().toString().toStdString();
    EXPECT_GT(QFile(path).size(), 100) << name;
  }
}

TEST_P(Workbench, ShowsWhatEveryPassIsWorth) {
  openSample();
  window_->resize(1680, 1050);
  RecipeState few;  // every pass is three sides of the run
  for (const PassInfo& pass : state().model->passes)
    if (pass.onByDefault && !pass.alwaysOn && pass.name != QStringLiteral("fuse") &&
        pass.name != QStringLiteral("fold-bn"))
      few.off.insert(pass.name);
  window_->document().setRecipe(QStringLiteral("two passes"), few);
  ASSERT_TRUE(wait([&] { return state().after->recipe == window_->document().recipe(); }, kOpenMs));
  window_->document().measure(MeasureKind::EachPass);
  ASSERT_TRUE(wait([&] { return state().phase != Phase::Measuring; }, kMeasureMs));
  ASSERT_EQ(state().phase, Phase::Measured) << state().message.toStdString();
  ASSERT_GE(state().comparison->effects.size(), 2);
  const auto* header = window_->findChild<VerdictHeader*>();
  EXPECT_TRUE(header->plainText().contains(QStringLiteral("Effect of each pass: ")));
  const auto* passes = window_->findChild<PassesPanel*>()->model();
  int shown = 0;
  for (int row = 0; row < passes->rowCount(); ++row)
    shown += passes->index(row, PassTreeModel::Effect).data().toString().isEmpty() ? 0 : 1;
  EXPECT_EQ(shown, state().comparison->effects.size());
  ASSERT_TRUE(wait([&] { return state().after->steps.first().medianMs.has_value(); }, kOpenMs));
  screenshot(QStringLiteral("each_pass"));
  window_->document().toggle(QStringLiteral("fuse"), false);
  EXPECT_TRUE(
      wait([&] { return state().after->recipe.contains(QStringLiteral("-fuse")); }, kOpenMs));
  EXPECT_FALSE(state().model->passes.first().effect) << "they belong to another recipe";
}

TEST_P(Workbench, AKilledMeasurementIsAMessage) {
  openSample();
  QSignalSpy problems(&window_->document(), &Document::problem);
  window_->document().measure(MeasureKind::Full);
  // The workers of the measurement are children of the process that this window started for it.
  const QString kill =
      QStringLiteral(
          "for p in $(pgrep -P %1 -f 'kasuri compare'); do pkill -9 -P $p -f worker; done")
          .arg(QCoreApplication::applicationPid());
  ASSERT_TRUE(wait(
      [&] {
        QTest::qWait(300);
        QProcess::execute(QStringLiteral("sh"), {QStringLiteral("-c"), kill});
        return state().phase != Phase::Measuring;
      },
      kOpenMs));
  EXPECT_EQ(state().phase, Phase::Failed);
  ASSERT_GT(problems.size(), 0);
  EXPECT_FALSE(problems.first().first().toString().isEmpty());
  screenshot(QStringLiteral("killed"));
  EXPECT_TRUE(state().model != nullptr);
}

TEST_P(Workbench, AMissingFileIsAMessage) {
  QSignalSpy problems(&window_->document(), &Document::problem);
  window_->openModel(QStringLiteral("/nowhere/model.onnx"));
  ASSERT_TRUE(wait([&] { return problems.size() > 0; }, kOpenMs));
  EXPECT_TRUE(problems.first().first().toString().contains(QStringLiteral("model.onnx")));
  screenshot(QStringLiteral("missing"));
}

TEST_P(Workbench, ASplitSharesZoomAndSelection) {
  openSample();
  auto* pane = window_->findChild<GraphPane*>();
  auto* after = window_->findChild<GraphCanvas*>(QStringLiteral("graphCanvas"));
  auto* before = window_->findChild<GraphCanvas*>(QStringLiteral("graphCanvasBefore"));
  EXPECT_FALSE(before->isVisible());
  window_->resize(1680, 1050);
  pane->setView(GraphView::Split);
  ASSERT_TRUE(wait([&] { return before->isVisible() && before->graph() != nullptr; }, kOpenMs));
  after->zoomTo(0.5);
  EXPECT_DOUBLE_EQ(before->anchor().scale, after->anchor().scale);
  // A fused card selected on one side marks its sources on the other.
  const auto items = after->graph()->items;
  const auto fused = std::find_if(items.begin(), items.end(), [](const GraphItem& item) {
    return item.change == Change::Fused && item.operators.size() > 2;
  });
  ASSERT_NE(fused, items.end());
  pane->selectOperators(fused->operators);
  screenshot(QStringLiteral("split"));
  int same = 0, fusedLines = 0;
  for (const GraphItem& item : before->graph()->items) {
    same += item.change == Change::Same ? 1 : 0;
    fusedLines += item.change == Change::Fused ? 1 : 0;
    EXPECT_NE(item.change, Change::None);
  }
  EXPECT_GT(fusedLines, 10);
  pane->setView(GraphView::Difference);
  EXPECT_FALSE(before->isVisible());
}

TEST_P(Workbench, TheMemoryViewsAgreeToTheByte) {
  openSample();
  auto* timeline = window_->findChild<MemoryTimeline*>();
  auto* list = window_->findChild<LiveSetList*>();
  static const char* const kNames[] = {"stacked", "lifetimes", "arena", "difference"};
  for (int mode = 0; mode < 4; ++mode) {
    timeline->setMode(MemoryMode(mode));
    timeline->moveToPeak();
    screenshot(QStringLiteral("memory_") + QString::fromLatin1(kNames[mode]));
    const auto& after = state().after->memory;
    EXPECT_EQ(list->item(list->rowCount() - 1, 3)->toolTip(),
              QStringLiteral("%1 bytes").arg(after.liveBytes[timeline->cursorStep()]));
    EXPECT_EQ(after.liveBytes[timeline->cursorStep()], after.arenaBytes);
    qint64 sum = 0;
    for (int row = 0; row + 1 < list->rowCount(); ++row)
      sum += list->item(row, 3)->toolTip().section(QLatin1Char(' '), 0, 0).toLongLong();
    EXPECT_EQ(sum, after.arenaBytes);
  }
}

TEST_P(Workbench, HeatHasFourMeanings) {
  openSample();
  window_->document().measure(MeasureKind::Quick);
  ASSERT_TRUE(wait([&] { return state().phase == Phase::Measured; }, kMeasureMs));
  ASSERT_TRUE(wait([&] { return state().after->steps.first().medianMs.has_value(); }, kOpenMs));
  ASSERT_TRUE(wait([&] { return state().before->steps.first().medianMs.has_value(); }, kOpenMs));
  auto* pane = window_->findChild<GraphPane*>();
  auto* canvas = window_->findChild<GraphCanvas*>(QStringLiteral("graphCanvas"));
  const auto sum = [&] {
    double total = 0;
    for (const GraphItem& item : canvas->graph()->items) total += item.heat.value_or(0);
    return total;
  };
  double ms = 0, before = 0;
  for (const StepInfo& step : state().after->steps) ms += *step.medianMs;
  for (const StepInfo& step : state().before->steps) before += *step.medianMs;
  const auto becomes = [&](double wanted, double within) {  // colours come off the event loop
    return wait([&] { return std::abs(sum() - wanted) <= within; }, kOpenMs);
  };
  pane->setHeat(HeatKind::Time);
  EXPECT_TRUE(becomes(ms, 1e-9)) << sum() << " not " << ms;
  pane->setHeat(HeatKind::Share);
  EXPECT_TRUE(becomes(100, 1e-6)) << sum();
  pane->setHeat(HeatKind::Bytes);
  EXPECT_TRUE(wait([&] { return canvas->graph()->items.first().heatUnit == u"MiB"; }, kOpenMs));
  EXPECT_GT(sum(), 0);
  pane->setHeat(HeatKind::Delta);
  EXPECT_TRUE(wait([&] { return canvas->graph()->items.first().heatDiverges; }, kOpenMs));
  EXPECT_NEAR(sum(), ms - before, 0.2 * before) << "what no kernel performs any more is missing";
  screenshot(QStringLiteral("heat_delta"));
}

TEST_P(Workbench, DimensionsAndThreadsAreChosenAboveTheGraph) {
  const QTemporaryDir folder;
  QFile file(folder.filePath(QStringLiteral("dynamic.ktxt")));
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  file.write(R"(graph "dynamic" {
  opset "" 17
  input %x : float32["rows",64]
  %a = Relu(%x)
  %b = Sigmoid(%a)
  output "y" = %b
}
)");
  file.close();
  window_->openModel(file.fileName());
  ASSERT_TRUE(wait([&] { return state().after != nullptr; }, kOpenMs));
  ASSERT_EQ(state().dims.size(), 1);
  EXPECT_FALSE(state().dims.first().given);
  const qint64 small = state().before->memory.arenaBytes;
  auto* box = window_->findChild<QSpinBox*>(QStringLiteral("dim:") + state().dims.first().name);
  ASSERT_TRUE(box != nullptr && box->isVisible());
  box->setValue(4096);
  emit box->editingFinished();
  ASSERT_TRUE(wait([&] { return state().before->memory.arenaBytes > small; }, kOpenMs));
  EXPECT_EQ(state().dims.first().value, 4096);
  Target target = state().target;
  target.threads = 2;
  window_->document().retarget(QStringLiteral("threads"), target);
  EXPECT_EQ(state().target.threads, 2);
  window_->document().undoStack()->undo();
  window_->document().undoStack()->undo();
  EXPECT_EQ(state().target.threads, 1);
  ASSERT_TRUE(wait([&] { return state().before->memory.arenaBytes == small; }, kOpenMs));
}

TEST_P(Workbench, EveryActionHasKeysAndThePaletteFindsIt) {
  openSample();
  for (const QAction* menu : window_->menuBar()->actions())
    for (const QAction* action : menu->menu()->actions())
      EXPECT_TRUE(action->isSeparator() || !action->shortcut().isEmpty())
          << action->text().toStdString();
  window_->activateWindow();
  QTest::keyClick(window_.get(), Qt::Key_K, Qt::ControlModifier);
  auto* palette = window_->findChild<CommandPalette*>();
  ASSERT_TRUE(wait([&] { return palette->isVisible(); }, 5000));
  QTest::keyClicks(palette->findChild<QLineEdit*>(), QStringLiteral("split"));
  screenshot(QStringLiteral("palette"));
  QTest::keyClick(palette->findChild<QLineEdit*>(), Qt::Key_Return);
  EXPECT_FALSE(palette->isVisible());
  EXPECT_TRUE(window_->findChild<GraphCanvas*>(QStringLiteral("graphCanvasBefore"))->isVisible());
  QTest::keyClick(window_.get(), Qt::Key_Question);
  auto* sheet = window_->findChild<ShortcutSheet*>();
  ASSERT_TRUE(wait([&] { return sheet->isVisible(); }, 5000));
  EXPECT_TRUE(sheet->toPlainText().contains(QStringLiteral("F5")));
  screenshot(QStringLiteral("keys"));
}

// What the window does is the same in both; pictures of both on request, and by ./dev screenshots.
std::vector<Theme::Appearance> themes() {
  if (qEnvironmentVariableIsSet("KASURI_ALL_SCREENSHOTS"))
    return {Theme::Appearance::Light, Theme::Appearance::Dark};
  return {Theme::Appearance::Light};
}

INSTANTIATE_TEST_SUITE_P(Themes, Workbench, ::testing::ValuesIn(themes()));

}  // namespace
}  // namespace kasuri::app
