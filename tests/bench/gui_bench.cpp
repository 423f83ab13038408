/// Times what the window promises: frames while panning and zooming, layout, a model from click to
/// first picture, the start. Each line has its limit; wall clock, so run it on a quiet machine.
#include <malloc.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QStyleFactory>
#include <QTemporaryDir>
#include <QTest>
#include <QWheelEvent>
#include <algorithm>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "app/graph/graph_canvas.h"
#include "app/panels/graph_pane.h"
#include "app/panels/main_window.h"
#include "tests/gui/decoder_model.h"

namespace {

using namespace kasuri::app;  // NOLINT

constexpr int kWidth = 1200, kHeight = 800, kFrames = 120, kWaitMs = 120000;
constexpr double kFrameMs = 16, kWorstFrameMs = 33;

int over_limit = 0;

void report(const std::string& what, double value, const char* unit, double limit) {
  const bool over = value > limit;
  over_limit += over ? 1 : 0;
  std::printf("%-64s %9.1f %-4s limit %7.0f  %s\n", what.c_str(), value, unit, limit,
              over ? "OVER" : "ok");
  std::fflush(stdout);
}

double percentile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[size_t(share * double(values.size() - 1))];
}

double millis(const std::function<void()>& work) {
  QElapsedTimer timer;
  timer.start();
  work();
  return double(timer.nsecsElapsed()) / 1e6;
}

void report_frames(const std::string& what, const std::vector<double>& times) {
  report(what + ", median frame", percentile(times, 0.5), "ms", kFrameMs);
  report(what + ", p95", percentile(times, 0.95), "ms", kWorstFrameMs);
}

void wheel(GraphCanvas& canvas, int delta) {
  QWheelEvent event(QPointF(kWidth / 2.0, kHeight / 2.0), QPointF(), QPoint(), QPoint(0, delta),
                    Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
  QApplication::sendEvent(&canvas, &event);
}

std::vector<double> pan(GraphCanvas& canvas) {
  std::vector<double> times;
  QTest::mousePress(&canvas, Qt::LeftButton, Qt::NoModifier, {600, 700});
  for (int f = 0; f < kFrames; ++f) {
    const QPointF at(600 + 3 * (f % 7), 700 - 10.0 * f);
    QMouseEvent move(QEvent::MouseMove, at, canvas.mapToGlobal(at), Qt::NoButton, Qt::LeftButton,
                     Qt::NoModifier);
    times.push_back(millis([&] {
      QApplication::sendEvent(&canvas, &move);
      canvas.repaint();
    }));
  }
  QTest::mouseRelease(&canvas, Qt::LeftButton, Qt::NoModifier, {600, 0});
  return times;
}

/// In and out again around a scale.
std::vector<double> zoom(GraphCanvas& canvas) {
  std::vector<double> times;
  for (int f = 0; f < kFrames; ++f)
    times.push_back(millis([&] {
      wheel(canvas, (f / 10) % 2 ? -30 : 30);
      canvas.repaint();
    }));
  return times;
}

void bench_layout_and_frames(const Theme& theme) {
  const ModelInfo model = kasuri::tests::decoder_model(48, 216);
  const auto heap = [] { return double(mallinfo2().uordblks + mallinfo2().hblkhd) / 1048576.0; };
  const double before = heap();
  GraphContent content;
  LayoutPointer layout;
  GeometryPointer picture;
  const double ms = millis([&] {
    content = contentOfOperators(model);
    layout = layoutNested(content, nothingFolded(content));
    picture = composeGeometry(content, *layout);
  });
  const std::string nodes = std::to_string(content.items.size());
  report("layout of " + nodes + " operators, all unfolded", ms, "ms", 1000);
  report("its memory", heap() - before, "MiB", 200);
  ModelInfo flat = model;
  for (OperatorInfo& op : flat.operators) op.scope.clear();
  report("layout of the same without scopes", millis([&] {
           const GraphContent plain = contentOfOperators(flat);
           FoldState open = nothingFolded(plain);
           layoutNested(plain, open);
         }),
         "ms", 1000);
  GraphCanvas canvas(theme);
  canvas.resize(kWidth, kHeight);
  canvas.setGeometryData(picture);
  canvas.show();
  if (!QTest::qWaitForWindowExposed(&canvas)) return;
  for (double scale : {2.0, 1.0, 0.75, 0.5, 0.4, 0.25, 0.15, 0.1, 0.05, 0.02}) {
    canvas.fitAll();
    canvas.zoomTo(scale);
    char name[64];
    std::snprintf(name, sizeof name, "pan at %.2f", scale);
    report_frames(name, pan(canvas));
    std::snprintf(name, sizeof name, "zoom around %.2f", scale);
    report_frames(name, zoom(canvas));
  }
  canvas.fitAll(true);
  report_frames("pan, everything in view", pan(canvas));
}

void bench_open(Theme& theme, const QString& kasuri, const QString& path) {
  if (!QFile::exists(path) || !QFile::exists(kasuri)) {
    std::printf("skipped: %s or %s is missing\n", qPrintable(path), qPrintable(kasuri));
    return;
  }
  MainWindow window(theme, kasuri);
  window.resize(1280, 800);
  window.show();
  if (!QTest::qWaitForWindowExposed(&window)) return;
  QElapsedTimer timer;
  timer.start();
  window.openModel(path);
  auto* pane = window.findChild<GraphPane*>();
  pane->setView(GraphView::Before);
  const auto shown = [&] {
    const GraphGeometry* graph = pane->front()->graph();
    return graph && !graph->items.isEmpty();
  };
  if (!QTest::qWaitFor(shown, kWaitMs)) {
    std::printf("skipped: %s did not open\n", qPrintable(path));
    return;
  }
  pane->front()->repaint();
  report("swin_v2_t_ts (6,568 operators) from click to first picture", double(timer.elapsed()),
         "ms", 1500);
}

/// The child process: one window, gone when it can be used.
int start_only(Theme& theme, const QString& kasuri) {
  MainWindow window(theme, kasuri);
  window.show();
  if (!QTest::qWaitForWindowExposed(&window)) return 1;
  window.repaint();
  QApplication::processEvents();
  return 0;
}

void bench_start() {
  std::vector<double> times;
  for (int run = 0; run < 6; ++run)
    times.push_back(millis([] {
      QProcess::execute(QCoreApplication::applicationFilePath(), {QStringLiteral("--start-only")});
    }));
  times.erase(times.begin());  // cold
  report("start to usable window, median of 5 warm", percentile(times, 0.5), "ms", 1000);
}

}  // namespace

int main(int argc, char** argv) {
  if (qEnvironmentVariableIsEmpty("DISPLAY")) qputenv("QT_QPA_PLATFORM", "offscreen");
  const QTemporaryDir settings;  // not the user's own
  qputenv("XDG_CONFIG_HOME", settings.path().toLocal8Bit());
  QApplication application(argc, argv);
  QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
  Theme theme = Theme::load(Theme::Appearance::Light);
  QApplication::setPalette(theme.palette());
  application.setStyleSheet(theme.styleSheet());
  const QString kasuri = QCoreApplication::applicationDirPath() + QStringLiteral("/kasuri");
  if (application.arguments().contains(QStringLiteral("--start-only")))
    return start_only(theme, kasuri);
  const QString source = qEnvironmentVariable("KASURI_SOURCE", QStringLiteral("."));
  const QString shared =
      qEnvironmentVariable("KASURI_SHARED", source + QStringLiteral("/../shared"));
  bench_layout_and_frames(theme);
  bench_open(theme, kasuri,
             shared + QStringLiteral("/models/light/swin_v2_t_ts_torch2.6.stripped.onnx"));
  bench_start();
  std::printf("%d over the limit\n", over_limit);
  return over_limit > 0 ? 1 : 0;
}
