// What the window says of a selection, and the true edge behind a stub.
#include <QApplication>
#include <QMouseEvent>
#include <QSignalSpy>
#include <QTest>
#include <QUrl>
#include <algorithm>

#include "app/graph/graph_canvas.h"
#include "app/graph/graph_painter.h"
#include "app/panels/graph_pane.h"
#include "app/panels/selection_panel.h"
#include "tests/gui/decoder_model.h"
#include "tests/gui/window_fixture.h"

namespace kasuri::app {
namespace {

using Selection = WindowFixture;

TEST_F(Selection, TellsTimesSourcesRuleAndLiveTensors) {
  window_->resize(1680, 1050);
  open(sample());
  ASSERT_TRUE(described());
  auto* panel = find<SelectionPanel>();
  auto* canvas = find<GraphCanvas>("graphCanvas");
  const auto plan = state().after;  // profiles replace it
  const auto& steps = plan->steps;
  const auto fused = std::find_if(steps.begin(), steps.end(),
                                  [](const StepInfo& step) { return step.sources.size() > 2; });
  ASSERT_NE(fused, steps.end());
  const QStringList sources = fused->sources;
  emit canvas->operatorsSelected(sources);
  EXPECT_TRUE(panel->toPlainText().contains(QStringLiteral("fused %1 → 1").arg(sources.size())))
      << panel->toPlainText().toStdString();
  EXPECT_TRUE(panel->toPlainText().contains(QStringLiteral("fuse › "))) << "the rule that made it";
  EXPECT_TRUE(panel->toPlainText().contains(QStringLiteral("Tensors alive")));
  EXPECT_FALSE(panel->toPlainText().contains(QStringLiteral(" ms"))) << "nothing was timed";

  window_->document().measure(MeasureKind::Profile);
  ASSERT_TRUE(wait([&] { return state().after->profile && state().before->profile; }, kMeasureMs));
  EXPECT_TRUE(panel->toPlainText().contains(QStringLiteral(" → ")));
  EXPECT_TRUE(panel->toPlainText().contains(QStringLiteral(" ms"))) << "follows the profile";
  EXPECT_TRUE(panel->toPlainText().contains(QStringLiteral("GB/s")));
  // Every profiled run is in the histogram: of both sides.
  const StepInfo& timed =
      *std::find_if(state().after->steps.begin(), state().after->steps.end(),
                    [&](const StepInfo& step) { return step.sources == sources; });
  EXPECT_EQ(timed.timesMs.size(), state().after->profile->runs);
  const QString text = panel->toPlainText();
  EXPECT_TRUE(text.contains(QStringLiteral("after: %1 runs").arg(timed.timesMs.size())));
  EXPECT_TRUE(text.contains(QStringLiteral("before: %1 runs").arg(state().before->profile->runs)));
  const QVariant picture =
      panel->document()->resource(QTextDocument::ImageResource, QUrl(QStringLiteral("histogram")));
  const QImage drawn = picture.value<QImage>();
  ASSERT_FALSE(drawn.isNull());
  const auto has = [&](const char* token) {
    const QRgb wanted = theme_.color(QString::fromLatin1(token)).rgb();
    for (int y = 0; y < drawn.height(); ++y)
      for (int x = 0; x < drawn.width(); ++x)
        if (drawn.pixel(x, y) == wanted) return true;
    return false;
  };
  EXPECT_TRUE(has("before.mark"));
  EXPECT_TRUE(has("after.mark"));
  screenshot(QStringLiteral("selection"));

  QSignalSpy chosen(panel, &SelectionPanel::operatorsSelected);
  emit panel->anchorClicked(QUrl(QStringLiteral("0")));
  ASSERT_EQ(chosen.size(), 1);
  EXPECT_EQ(chosen.first().first().toStringList(), QStringList{sources.first()});
  EXPECT_TRUE(panel->toPlainText().contains(QStringLiteral("Attributes")) ||
              panel->toPlainText().contains(QStringLiteral("Output")))
      << "of one operator, its own facts";
  QStringList two = steps[0].sources + steps[1].sources;
  emit canvas->operatorsSelected(two);
  EXPECT_TRUE(
      panel->toPlainText().contains(QStringLiteral("%1 operators in 2 kernels").arg(two.size())));
}

TEST_F(Selection, MadeBeforeThePictureIsMarkedInIt) {
  open(sample());
  auto* canvas = find<GraphCanvas>("graphCanvas");
  const QStringList sources = state().after->steps[3].sources;
  find<GraphPane>()->setMessage(QStringLiteral("not drawn yet"));
  ASSERT_EQ(canvas->graph(), nullptr);
  emit canvas->operatorsSelected(sources);
  ASSERT_EQ(canvas->graph(), nullptr);
  ASSERT_TRUE(described());
  find<GraphPane>()->show(state());
  ASSERT_TRUE(wait([&] { return canvas->graph() != nullptr; }));
  canvas->fitAll(true);
  ASSERT_LT(canvas->anchor().scale, 0.99);
  QTest::keyClick(canvas, Qt::Key_Z);
  EXPECT_DOUBLE_EQ(canvas->anchor().scale, 1) << "Z goes to what is selected";
  EXPECT_EQ(canvas->anchor().operators, sources);
}

void hover(GraphCanvas& canvas, const QPoint& at) {
  QMouseEvent move(QEvent::MouseMove, at, canvas.mapToGlobal(at), Qt::NoButton, Qt::NoButton,
                   Qt::NoModifier);
  QApplication::sendEvent(&canvas, &move);
}

TEST(TrueEdge, OfAStubIsDrawnWhileTheMouseIsOnItsPill) {
  const GraphContent content = contentOfOperators(tests::decoder_model(12, 40));
  const GeometryPointer graph =
      composeGeometry(content, *layoutNested(content, nothingFolded(content)));
  int stub = -1;
  for (int e = 0; e < graph->edges.size() && stub < 0; ++e)
    if (graph->edges[e].isStub) stub = e;
  ASSERT_GE(stub, 0) << "a long edge";
  const Theme theme = Theme::load(Theme::Appearance::Light);
  GraphCanvas canvas(theme);
  canvas.resize(900, 600);
  canvas.show();
  canvas.setGeometryData(graph);
  canvas.zoomTo(1);
  canvas.selectOperators(graph->items[graph->edges[stub].to].operators);
  const GraphAnchor at = canvas.anchor();
  const auto known =
      std::find_if(graph->items.begin(), graph->items.end(),
                   [&](const GraphItem& item) { return item.operators == at.operators; });
  const QPoint on =
      (QPointF(at.x, at.y) + graph->edges[stub].pill.center() - known->rect.center()).toPoint();
  ASSERT_TRUE(canvas.rect().contains(on));
  hover(canvas, {2, 2});
  const QImage plain = canvas.grab().toImage();
  hover(canvas, on);
  const QImage hovered = canvas.grab().toImage();
  // The lane of the edge runs beside the pill, up out of the view.
  const int lane = int(on.x() - graph->edges[stub].pill.width() / 2 - 12);
  int drawn = 0;
  for (int y = 0; y < on.y() - 20; ++y) {
    bool changed = false;
    for (int x = lane - 1; x <= lane + 1; ++x)
      changed = changed || hovered.pixelColor(x, y) != plain.pixelColor(x, y);
    drawn += changed ? 1 : 0;
  }
  EXPECT_EQ(drawn, on.y() - 20) << "the edge comes down to the pill";
  hover(canvas, {2, 2});
  EXPECT_EQ(canvas.grab().toImage(), plain);
}

}  // namespace
}  // namespace kasuri::app
