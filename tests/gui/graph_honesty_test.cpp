// A picture says what is estimated and what copies nothing, and its text is as large as chosen.
#include <gtest/gtest.h>

#include <QApplication>
#include <QTest>
#include <algorithm>

#include "app/graph/graph_canvas.h"
#include "app/graph/legend_bar.h"
#include "app/graph/picture_maker.h"
#include "app/style/font_scale.h"

namespace kasuri::app {
namespace {

OperatorInfo op(const QString& name, const QString& type, const QStringList& inputs) {
  OperatorInfo info;
  info.name = name;
  info.type = type;
  info.inputs = inputs;
  info.outputs = QStringList{name + QStringLiteral("_out")};
  info.sources = QStringList{name};
  return info;
}

StepInfo step(const QStringList& sources) {
  StepInfo made;
  made.name = sources.first();
  made.title = QStringLiteral("Relu");
  made.sources = sources;
  return made;
}

BufferInfo alias(const QString& name) {
  BufferInfo buffer;
  buffer.name = name;
  buffer.kind = QStringLiteral("alias");
  return buffer;
}

/// relu -> kept (aliased) -> copied (a step of its own) -> inside (in a kernel with add) -> add.
PictureRequest request() {
  const auto text = [](const char* s) { return QString::fromLatin1(s); };
  auto model = std::make_shared<ModelInfo>();
  model->operators = {op(text("relu"), text("Relu"), {}),
                      op(text("kept"), text("Reshape"), {text("relu_out")}),
                      op(text("copied"), text("Transpose"), {text("kept_out")}),
                      op(text("inside"), text("Transpose"), {text("copied_out")}),
                      op(text("add"), text("Add"), {text("inside_out")})};
  auto before = std::make_shared<PlanInfo>(), after = std::make_shared<PlanInfo>();
  before->hash = text("b");
  for (const OperatorInfo& each : model->operators) before->steps.append(step(each.sources));
  after->hash = text("a");
  after->steps = {step({text("relu")}), step({text("copied")}),
                  step({text("inside"), text("add")})};
  after->buffers = {alias(text("kept_out"))};
  PictureRequest made;
  made.model = model;
  made.before = before;
  made.after = after;
  return made;
}

std::shared_ptr<Pictures> drawn(const PictureRequest& wanted) {
  return makePictures(wanted, {}, [] { return false; });
}

TEST(GraphHonesty, OnlyOperatorsThatCopyNothingAreViews) {
  const auto pictures = drawn(request());
  QStringList views;
  for (const GraphItem& item : pictures->of(Side::Before).content->items)
    if (item.isView) views << item.name;
  EXPECT_EQ(views, (QStringList{QStringLiteral("kept"), QStringLiteral("inside")}));
}

TEST(GraphHonesty, EstimatesAreShownAsSuchAndOnlyOfTheirPlan) {
  PictureRequest wanted = request();
  EXPECT_EQ(drawn(wanted)->of(Side::After).scale.top, 0) << "nothing is known";
  wanted.estimates[1] = {QStringLiteral("a"), {1, 4, 2}};
  const auto pictures = drawn(wanted);
  const Picture& after = pictures->of(Side::After);
  EXPECT_TRUE(after.scale.estimated);
  EXPECT_EQ(after.scale.top, 4);
  EXPECT_EQ(after.content->items[2].heat, 2);
  EXPECT_TRUE(after.content->items[2].heatEstimated);
  EXPECT_FALSE(pictures->of(Side::Before).scale.estimated);
  wanted.heat = HeatKind::Delta;
  EXPECT_EQ(drawn(wanted)->of(Side::After).scale.top, 0)
      << "an estimate is not compared with something else";
  wanted.heat = HeatKind::Time;
  wanted.estimates[1].planHash = QStringLiteral("another");
  EXPECT_EQ(drawn(wanted)->of(Side::After).scale.top, 0);
}

TEST(GraphHonesty, MeasuredTimesReplaceEstimates) {
  PictureRequest wanted = request();
  wanted.estimates[1] = {QStringLiteral("a"), {1, 4, 2}};
  auto measured = std::make_shared<PlanInfo>(*wanted.after);
  measured->profile = ProfileTotals{};
  for (StepInfo& each : measured->steps) each.medianMs = 0.5;
  wanted.after = measured;
  const auto pictures = drawn(wanted);
  EXPECT_FALSE(pictures->of(Side::After).scale.estimated);
  EXPECT_EQ(pictures->of(Side::After).scale.top, 0.5);
}

TEST(GraphHonesty, CanvasAndLegendFollowTheSizeOfText) {
  const Theme theme = Theme::load(Theme::Appearance::Light);
  GraphCanvas canvas(theme);
  LegendBar legend(theme);
  canvas.resize(600, 400);
  canvas.show();
  canvas.setGeometryData(drawn(request())->of(Side::Before).geometry);
  canvas.zoomTo(1);
  legend.show();
  const int low = legend.height();
  EXPECT_DOUBLE_EQ(canvas.anchor().scale, 1);
  const double kept = fontScale();
  setFontScale(1.5);
  QApplication::processEvents();
  EXPECT_DOUBLE_EQ(canvas.anchor().scale, 1.5);
  EXPECT_GT(legend.height(), low);
  canvas.zoomTo(1);
  EXPECT_DOUBLE_EQ(canvas.anchor().scale, 1.5) << "1:1 is the size the user chose";
  setFontScale(kept);
  QApplication::processEvents();
  EXPECT_DOUBLE_EQ(canvas.anchor().scale, 1);
  EXPECT_EQ(legend.height(), low);
}

}  // namespace
}  // namespace kasuri::app
