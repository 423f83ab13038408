#include <gtest/gtest.h>

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QFile>
#include <QLoggingCategory>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>
#include <QStyleFactory>
#include <QTest>
#include <QTreeView>

#include "app/graph/graph_canvas.h"
#include "app/models/pass_tree_model.h"
#include "app/panels/main_window.h"
#include "app/panels/passes_panel.h"
#include "app/panels/verdict_header.h"
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
    auto* canvas = window_->findChild<GraphCanvas*>();
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
  EXPECT_GT(window_->findChild<GraphCanvas*>()->graph()->items.size(), 0);
  EXPECT_FALSE(state().model->passes.isEmpty());
  screenshot(QStringLiteral("opened"));
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
  window_->document().measure(true);
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

TEST_P(Workbench, AKilledMeasurementIsAMessage) {
  openSample();
  QSignalSpy problems(&window_->document(), &Document::problem);
  window_->document().measure(false);
  // Whatever workers this window has die, until the measurement says so.
  const QStringList kill{QStringLiteral("-9"), QStringLiteral("-P"),
                         QString::number(QCoreApplication::applicationPid()), QStringLiteral("-f"),
                         program() + QStringLiteral(" worker")};
  ASSERT_TRUE(wait(
      [&] {
        QTest::qWait(300);
        QProcess::execute(QStringLiteral("pkill"), kill);
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

INSTANTIATE_TEST_SUITE_P(Themes, Workbench,
                         ::testing::Values(Theme::Appearance::Light, Theme::Appearance::Dark));

}  // namespace
}  // namespace kasuri::app

int main(int argc, char** argv) {
  if (qEnvironmentVariableIsEmpty("DISPLAY")) qputenv("QT_QPA_PLATFORM", "offscreen");
  QApplication application(argc, argv);
  QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
