#include <gtest/gtest.h>

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QTemporaryDir>
#include <QTest>
#include <vector>

#include "app/graph/graph_canvas.h"
#include "app/graph/hover_card.h"
#include "app/graph/legend_bar.h"
#include "app/graph/minimap.h"
#include "app/graph/peek_sheet.h"
#include "app/panels/graph_pane.h"
#include "app/panels/main_window.h"
#include "tests/gui/watchdog.h"

// The graph of the real window with real models: folding, search, peek, path, map, export; and an
// event loop that is never held up while a model opens.
namespace kasuri::app {
namespace {

constexpr int kOpenMs = 20000, kDrawMs = 10000;

QString program() {
  return QString::fromLocal8Bit(qgetenv("KASURI_BIN")) + QStringLiteral("/kasuri");
}

QString model(const char* name) {
  const QString source = QString::fromLocal8Bit(qgetenv("KASURI_SOURCE"));
  const QString shared =
      qEnvironmentVariable("KASURI_SHARED", source + QStringLiteral("/../shared"));
  return shared + QStringLiteral("/models/light/") + QString::fromLatin1(name);
}

class GraphWindow : public ::testing::TestWithParam<Theme::Appearance> {
 protected:
  void SetUp() override {
    if (!QFile::exists(program())) GTEST_SKIP() << "the command line is not built";
    theme_ = Theme::load(GetParam());
    QApplication::setPalette(theme_.palette());
    qApp->setStyleSheet(theme_.styleSheet());
    window_ = std::make_unique<MainWindow>(theme_, program());
    window_->resize(1680, 1050);
    window_->show();
    pane_ = window_->findChild<GraphPane*>();
  }

  bool wait(const std::function<bool()>& done, int ms) { return QTest::qWaitFor(done, ms); }

  bool open(const QString& path) {
    if (!QFile::exists(path)) return false;
    window_->openModel(path);
    return wait([&] { return pane_->pictures().of(Side::After).geometry != nullptr; }, kOpenMs);
  }

  GraphCanvas* after() { return window_->findChild<GraphCanvas*>(QStringLiteral("graphCanvas")); }

  /// Waits until the picture drawn fulfils something.
  bool drawn(const std::function<bool(const GraphGeometry&)>& holds) {
    return wait([&] { return pane_->front()->graph() && holds(*pane_->front()->graph()); },
                kDrawMs);
  }

  void screenshot(const char* name) {
    QTest::qWait(150);
    const char* side = GetParam() == Theme::Appearance::Light ? "light" : "dark";
    const QDir folder(QString::fromLocal8Bit(qgetenv("KASURI_BIN")) +
                      QStringLiteral("/../screenshots"));
    folder.mkpath(QStringLiteral("."));
    EXPECT_TRUE(window_->grab().save(
        folder.filePath(QStringLiteral("graph_%1_%2.png")
                            .arg(QString::fromLatin1(name), QString::fromLatin1(side)))));
  }

  Theme theme_;
  std::unique_ptr<MainWindow> window_;
  GraphPane* pane_ = nullptr;
};

int runFrameIn(const GraphGeometry& graph) {
  for (int f = 0; f < graph.frames.size(); ++f)
    if (graph.frames[f].repeats > 0) return f;
  return -1;
}

TEST_P(GraphWindow, RepeatedLayersAreOneFrameAndFoldWithKeys) {
  if (!open(model("vit_b_16_ts_torch2.6.stripped.onnx"))) GTEST_SKIP() << "no shared models";
  const GraphGeometry* graph = after()->graph();
  ASSERT_NE(graph, nullptr);
  const int frame = runFrameIn(*graph);
  ASSERT_GE(frame, 0) << "twelve encoder layers look alike";
  EXPECT_GE(graph->frames[frame].repeats, 10);
  screenshot("run");
  // Enter on an item inside folds the frame; Enter on the folded line opens it again.
  const QString path = graph->frames[frame].path;
  const int frames = int(graph->frames.size());
  int inside = -1;
  for (int i = 0; i < graph->items.size(); ++i)
    if (graph->frameOf[i] == frame && !graph->items[i].isGroup) inside = i;
  ASSERT_GE(inside, 0);
  after()->selectOperators(graph->items[inside].operators);
  QTest::keyClick(after(), Qt::Key_Return);
  ASSERT_TRUE(drawn([&](const GraphGeometry& g) { return g.frames.size() < frames; }));
  const auto items = after()->graph()->items;
  const auto folded = std::find_if(items.begin(), items.end(),
                                   [&](const GraphItem& item) { return item.name == path; });
  ASSERT_NE(folded, items.end());
  EXPECT_GE(folded->repeats, 10);
  screenshot("folded");
  after()->selectOperators(folded->operators);
  QTest::keyClick(after(), Qt::Key_Return);
  EXPECT_TRUE(drawn([&](const GraphGeometry& g) { return g.frames.size() == frames; }));
  pane_->foldAll(false);
  const qsizetype kernels = pane_->pictures().of(Side::After).plain->items.size();
  ASSERT_TRUE(drawn([&](const GraphGeometry& g) { return g.items.size() == kernels; }));
  after()->fitAll(true);
  screenshot("all_in_view");
  after()->zoomTo(0.3);
  screenshot("blocks");
}

TEST_P(GraphWindow, SearchFindsWhatIsFoldedAndF3BringsItUp) {
  if (!open(model("vit_b_16_ts_torch2.6.stripped.onnx"))) GTEST_SKIP() << "no shared models";
  pane_->setView(GraphView::Before);
  ASSERT_TRUE(drawn([](const GraphGeometry& g) { return runFrameIn(g) >= 0; }));
  screenshot("before");
  auto* search = window_->findChild<QLineEdit*>(QStringLiteral("graphSearch"));
  search->setText(QStringLiteral("type:/^Softmax$/ scope:/layer_7/"));
  auto* count = window_->findChild<QLabel*>(QStringLiteral("hitCount"));
  EXPECT_TRUE(count->text().startsWith(QStringLiteral("1 "))) << count->text().toStdString();
  pane_->nextHit(1);
  ASSERT_TRUE(drawn([](const GraphGeometry& g) {
    return std::any_of(g.items.begin(), g.items.end(), [](const GraphItem& item) {
      return !item.isGroup && item.type == QStringLiteral("Softmax") &&
             item.name.contains(QStringLiteral("layer_7"));
    });
  })) << "its block is shown in place of the first";
  screenshot("search");
  search->setText(QStringLiteral("bytes>1MiB type:matmul"));
  EXPECT_FALSE(count->text().startsWith(QStringLiteral("0 "))) << count->text().toStdString();
  pane_->nextHit(-1);
  EXPECT_TRUE(count->text().contains(QStringLiteral(" of ")));
}

TEST_P(GraphWindow, PeekPathMapAndHoverCard) {
  if (!open(model("vit_b_16_ts_torch2.6.stripped.onnx"))) GTEST_SKIP() << "no shared models";
  GraphCanvas* canvas = after();
  const auto fused = [&] {
    const auto items = canvas->graph()->items;
    return int(std::find_if(items.begin(), items.end(),
                            [](const GraphItem& item) {
                              return !item.isGroup && item.operators.size() > 5;
                            }) -
               items.begin());
  };
  const int card = fused();
  ASSERT_LT(card, canvas->graph()->items.size());
  canvas->zoomTo(1);
  canvas->selectOperators(canvas->graph()->items[card].operators);
  QTest::keyClick(canvas, Qt::Key_Return, Qt::ShiftModifier);
  ASSERT_TRUE(canvas->peekSheet()->isVisible()) << canvas->graph()->items[card].title.toStdString();
  EXPECT_EQ(canvas->peekSheet()->graph()->items.size(),
            canvas->graph()->items[card].operators.size());
  EXPECT_TRUE(canvas->rect().contains(canvas->peekSheet()->geometry()));
  screenshot("peek");
  QTest::keyClick(canvas, Qt::Key_Escape);
  EXPECT_FALSE(canvas->peekSheet()->isVisible());
  // P here, three steps down, P there.
  canvas->selectOperators(canvas->graph()->items[card].operators);
  QTest::keyClick(canvas, Qt::Key_P);
  for (int step = 0; step < 3; ++step) QTest::keyClick(canvas, Qt::Key_Down);
  QTest::keyClick(canvas, Qt::Key_P);
  screenshot("path");
  QTest::keyClick(canvas, Qt::Key_Escape);
  auto* map = canvas->findChild<Minimap*>();
  EXPECT_TRUE(map->isVisible()) << "the graph is larger than the canvas";
  const double y = canvas->anchor().y;
  QTest::mouseClick(map, Qt::LeftButton, Qt::NoModifier, {map->width() / 2, map->height() - 12});
  EXPECT_NE(canvas->anchor().y, y);
  QTest::keyClick(canvas, Qt::Key_Down);
  auto* hover = canvas->findChild<HoverCard*>();
  hover->rest(canvas->graph()->items[card], QPointF(canvas->width() - 30, 40));
  ASSERT_TRUE(wait([&] { return hover->isVisible(); }, kDrawMs));
  EXPECT_TRUE(canvas->rect().contains(hover->geometry()));
  EXPECT_TRUE(hover->plainText().contains(QStringLiteral("operators")));
  screenshot("hover");
}

TEST_P(GraphWindow, TheCountsOfTheLegendFilter) {
  if (!open(model("tv_resnet50_torch1.13.stripped.onnx"))) GTEST_SKIP() << "no shared models";
  pane_->setView(GraphView::Difference);
  auto* legend = window_->findChild<LegendBar*>();
  auto* search = window_->findChild<QLineEdit*>(QStringLiteral("graphSearch"));
  screenshot("difference");
  // Somewhere along the bar stands the first count.
  for (int x = 0; x < legend->width() && search->text().isEmpty(); x += 8)
    QTest::mouseClick(legend, Qt::LeftButton, Qt::NoModifier, {x, 13});
  EXPECT_EQ(search->text(), QStringLiteral("change:fused"));
  auto* count = window_->findChild<QLabel*>(QStringLiteral("hitCount"));
  const auto& items = pane_->pictures().of(Side::After).content->items;
  const auto fused = std::count_if(items.begin(), items.end(), [](const GraphItem& item) {
    return item.change == Change::Fused;
  });
  EXPECT_GT(fused, 0);
  EXPECT_TRUE(count->text().startsWith(QString::number(fused))) << count->text().toStdString();
}

TEST_P(GraphWindow, ThePictureIsWrittenAsSvgAndPng) {
  if (!open(model("tv_resnet50_torch1.13.stripped.onnx"))) GTEST_SKIP() << "no shared models";
  screenshot("resnet50");
  const QTemporaryDir folder;
  for (const char* name : {"g.svg", "g.png"}) {
    pane_->exportTo(folder.filePath(QString::fromLatin1(name)));
    EXPECT_GT(QFile(folder.filePath(QString::fromLatin1(name))).size(), 10000) << name;
  }
  QFile svg(folder.filePath(QStringLiteral("g.svg")));
  ASSERT_TRUE(svg.open(QIODevice::ReadOnly));
  const QByteArray text = svg.readAll();
  EXPECT_TRUE(text.contains("<svg") && text.contains("Conv"));
  QString said;
  QObject::connect(pane_, &GraphPane::told, window_.get(),
                   [&](const QString& words) { said = words; });
  pane_->exportTo(folder.filePath(QStringLiteral("no/such/folder.svg")));
  EXPECT_TRUE(said.startsWith(QStringLiteral("×"))) << said.toStdString();
  pane_->exportTo(QStringLiteral("graph.gif"));
  EXPECT_TRUE(said.contains(QStringLiteral(".png"))) << said.toStdString();
}

TEST_P(GraphWindow, OpeningALargeModelNeverHoldsUpTheEventLoop) {
  const QString path = model("swin_v2_t_ts_torch2.6.stripped.onnx");
  if (!QFile::exists(path)) GTEST_SKIP() << "no shared models";
  QApplication::processEvents();
  const auto openAndUnfold = [&] {
    ASSERT_TRUE(open(path));
    pane_->setView(GraphView::Before);
    ASSERT_TRUE(drawn([](const GraphGeometry& g) { return !g.items.isEmpty(); }));
    pane_->foldAll(false);
    const qsizetype all = pane_->pictures().of(Side::Before).plain->items.size();
    EXPECT_GT(all, 500);
    ASSERT_TRUE(drawn([&](const GraphGeometry& g) { return g.items.size() == all; }));
    QTest::qWait(100);
  };
  const LongestTurn turn = longestTurnOf(openAndUnfold, 50);
  EXPECT_LT(turn.work, 50) << "processor time of one turn of the event loop";
  EXPECT_LT(turn.wait, 1000) << "it waits for nobody";
  screenshot("swin");
  // Opened over and over, the newest wins and nothing of an older one appears.
  for (int again = 0; again < 3; ++again) {
    window_->openModel(path);
    QTest::qWait(37 * again);
  }
  ASSERT_TRUE(open(model("tv_resnet50_torch1.13.stripped.onnx")))
      << window_->document().state().message.toStdString();
  EXPECT_TRUE(drawn([](const GraphGeometry& g) {
    return std::none_of(g.items.begin(), g.items.end(), [](const GraphItem& item) {
      return item.scope.contains(QStringLiteral("features"));
    });
  }));
}

// What the window does is the same in both; screenshots of both on request.
std::vector<Theme::Appearance> themes() {
  if (qEnvironmentVariableIsSet("KASURI_ALL_SCREENSHOTS"))
    return {Theme::Appearance::Light, Theme::Appearance::Dark};
  return {Theme::Appearance::Light};
}

INSTANTIATE_TEST_SUITE_P(Themes, GraphWindow, ::testing::ValuesIn(themes()));

}  // namespace
}  // namespace kasuri::app
