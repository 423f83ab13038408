#include <gtest/gtest.h>

#include <QRegularExpression>
#include <cmath>

#include "app/graph/graph_search.h"
#include "app/graph/graph_walk.h"
#include "app/graph/picture_maker.h"
#include "tests/gui/decoder_model.h"

// Folding, layout, search and walking on made-up graphs, without a window.
namespace kasuri::app {
namespace {

GeometryPointer drawn(const GraphContent& content, const FoldState& folds) {
  const LayoutPointer layout = layoutNested(content, folds);
  return composeGeometry(content, *layout);
}

const ScopeGroup* runIn(const GraphContent& content) {
  for (const ScopeGroup& group : content.scopes.groups)
    if (group.isRun) return &group;
  return nullptr;
}

OperatorInfo op(const QString& name, const QString& type, const QStringList& inputs) {
  OperatorInfo info;
  info.name = name;
  info.type = type;
  info.inputs = inputs;
  info.outputs = QStringList{name};
  info.output = QStringLiteral("float32[8]");
  info.bytes = 32;
  info.sources = QStringList{name};
  return info;
}

TEST(GraphFolding, AlikeBlocksAreARunAndOneStandsForAll) {
  const GraphContent content = contentOfOperators(tests::decoder_model(12, 60));
  const ScopeGroup* run = runIn(content);
  ASSERT_NE(run, nullptr);
  EXPECT_GE(run->groups.size(), 11) << "the first reads something else than the others";
  EXPECT_TRUE(run->title.endsWith(QStringLiteral("–11"))) << run->title.toStdString();
  const GeometryPointer all = drawn(content, nothingFolded(content));
  EXPECT_EQ(all->items.size(), content.items.size());
  const FoldState folds = defaultFolds(content);
  const GeometryPointer shown = drawn(content, folds);
  EXPECT_LT(shown->items.size(), 200);
  const bool badge = std::any_of(shown->items.begin(), shown->items.end(),
                                 [](const GraphItem& item) { return item.repeats >= 11; }) ||
                     std::any_of(shown->frames.begin(), shown->frames.end(),
                                 [](const GraphFrame& frame) { return frame.repeats >= 11; });
  EXPECT_TRUE(badge);
}

TEST(GraphFolding, BlocksAreAlikeInWhateverOrderTheirItemsCome) {
  // Six blocks of two branches each; every other block lists its branches the other way round.
  ModelInfo model;
  QString here = QStringLiteral("in");
  model.operators.append(op(here, QStringLiteral("Relu"), {}));
  for (int block = 0; block < 6; ++block) {
    const QString base = QStringLiteral("m/layers.%1/").arg(block);
    OperatorInfo left = op(base + QStringLiteral("l"), QStringLiteral("Exp"), {here});
    OperatorInfo right = op(base + QStringLiteral("r"), QStringLiteral("Tanh"), {here});
    OperatorInfo sum =
        op(base + QStringLiteral("s"), QStringLiteral("Add"), {left.name, right.name});
    if (block % 2) std::swap(left, right);
    for (OperatorInfo part : {left, right, sum}) {
      part.scope = base.chopped(1);
      model.operators.append(part);
    }
    here = sum.name;
  }
  const GraphContent content = contentOfOperators(model);
  const ScopeGroup* run = runIn(content);
  ASSERT_NE(run, nullptr);
  EXPECT_EQ(run->groups.size(), 6);
  const auto& first = content.scopes.groups[run->groups[0]].alike;
  const auto& second = content.scopes.groups[run->groups[1]].alike;
  ASSERT_EQ(first.size(), second.size());
  for (int k = 0; k < first.size(); ++k)
    EXPECT_EQ(content.items[first[k]].type, content.items[second[k]].type);
}

TEST(GraphFolding, AnyItemCanBeBroughtUp) {
  const GraphContent content = contentOfOperators(tests::decoder_model(12, 60));
  for (int item : {5, 100, 333, 700, int(content.items.size()) - 1}) {
    const FoldState folds = withItemShown(content, defaultFolds(content), item);
    const GeometryPointer shown = drawn(content, folds);
    const int at = shown->shownAs[item];
    ASSERT_GE(at, 0);
    EXPECT_FALSE(shown->items[at].isGroup);
    EXPECT_EQ(shown->items[at].name, content.items[item].name);
  }
}

TEST(GraphFolding, AFoldedGroupStandsForAllItsOperators) {
  GraphContent content = contentOfOperators(tests::decoder_model(6, 40));
  FoldState folds;
  for (const ScopeGroup& group : content.scopes.groups) folds.folded.insert(group.path);
  const GeometryPointer shown = drawn(content, folds);
  QStringList operators;
  for (const GraphItem& item : shown->items) operators += item.operators;
  EXPECT_EQ(operators.size(), content.items.size());
  EXPECT_TRUE(shown->frames.isEmpty());
}

TEST(GraphFolding, RepetitionIsFoundWithoutScopes) {
  ModelInfo model = tests::decoder_model(8, 50);
  for (int i = 0; i < model.operators.size(); ++i) {
    model.operators[i].scope.clear();
    model.operators[i].name = QStringLiteral("node_%1").arg(i);
  }
  const GraphContent content = contentOfOperators(model);
  const ScopeGroup* run = runIn(content);
  ASSERT_NE(run, nullptr);
  EXPECT_GE(run->groups.size(), 6);
  EXPECT_GE(run->members, 300);
}

TEST(GraphFolding, GroupsThatInterleaveStillHaveALayout) {
  // a1 -> b1 -> a2 -> b2: folded into a and b they read each other.
  ModelInfo model;
  model.operators = {op(QStringLiteral("a.1"), QStringLiteral("Relu"), {}),
                     op(QStringLiteral("b.1"), QStringLiteral("Relu"), {QStringLiteral("a.1")}),
                     op(QStringLiteral("a.2"), QStringLiteral("Exp"), {QStringLiteral("b.1")}),
                     op(QStringLiteral("b.2"), QStringLiteral("Exp"), {QStringLiteral("a.2")})};
  const GraphContent content = contentOfOperators(model);
  ASSERT_EQ(content.scopes.groups.size(), 2);
  const GeometryPointer open = drawn(content, {});
  EXPECT_EQ(open->items.size(), 4);
  EXPECT_EQ(open->frames.size(), 2);
  EXPECT_TRUE(std::any_of(open->edges.begin(), open->edges.end(),
                          [](const GraphEdge& e) { return e.isStub; }));
  FoldState folded;
  for (const ScopeGroup& group : content.scopes.groups) folded.folded.insert(group.path);
  EXPECT_EQ(drawn(content, folded)->items.size(), 2);
}

TEST(GraphLayout, NothingOverlapsAndFramesHoldTheirItems) {
  const GraphContent content = contentOfOperators(tests::decoder_model(4, 80));
  const GeometryPointer g = drawn(content, nothingFolded(content));
  for (int i = 0; i < g->items.size(); ++i) {
    const QRectF& box = g->items[i].rect;
    EXPECT_TRUE(g->bounds.contains(box));
    if (g->frameOf[i] >= 0) {
      EXPECT_TRUE(g->frames[g->frameOf[i]].rect.contains(box));
    }
    int met = 0;
    g->itemBands.forEach(box.adjusted(1, 1, -1, -1), [&](int) { ++met; });
    EXPECT_EQ(met, 1) << g->items[i].name.toStdString();
  }
  for (const GraphEdge& edge : g->edges) {
    if (edge.isStub) continue;
    EXPECT_NEAR(edge.route.first().x(), g->items[edge.from].rect.center().x(), 0.5);
    EXPECT_NEAR(edge.route.last().y(), g->items[edge.to].rect.top(), 0.5);
    for (int k = 1; k < edge.route.size(); ++k) {
      const QPointF step = edge.route[k] - edge.route[k - 1];
      EXPECT_TRUE(std::abs(step.x()) < 0.1 || std::abs(step.y()) < 0.1) << "orthogonal";
    }
  }
}

TEST(GraphLayout, CancelEndsIt) {
  const GraphContent content = contentOfOperators(tests::decoder_model(12, 200));
  EXPECT_EQ(layoutNested(content, nothingFolded(content), [] { return true; }), nullptr);
}

TEST(GraphLayout, EdgesAreUprightOrLevelAndMeetTheirItems) {
  const GraphContent content = contentOfOperators(tests::decoder_model(3, 60));
  const GeometryPointer graph = drawn(content, nothingFolded(content));
  int drawnEdges = 0;
  for (const GraphEdge& edge : graph->edges) {
    if (edge.isStub) continue;
    ++drawnEdges;
    for (qsizetype i = 1; i < edge.route.size(); ++i) {
      const QPointF step = edge.route[i] - edge.route[i - 1];
      EXPECT_TRUE(std::abs(step.x()) < 0.02 || std::abs(step.y()) < 0.02)
          << step.x() << " by " << step.y();
    }
    const QRectF &from = graph->items[edge.from].rect, &to = graph->items[edge.to].rect;
    EXPECT_NEAR(edge.route.first().x(), from.center().x(), from.width() / 2);
    EXPECT_NEAR(edge.route.last().x(), to.center().x(), to.width() / 2);
  }
  EXPECT_GT(drawnEdges, 100);
}

TEST(GraphSearch, FieldsExpressionsAndRanges) {
  QVector<GraphItem> items(3);
  items[0].name = QStringLiteral("encoder/conv_1");
  items[0].type = QStringLiteral("Conv");
  items[0].output = QStringLiteral("float32[1,64,56,56]");
  items[0].attributes = QStringLiteral("group=2 kernel_shape=[3, 3]");
  items[0].bytes = 4 << 20;
  items[0].heat = 0.5;
  items[0].heatUnit = QStringLiteral("ms");
  items[1].name = QStringLiteral("decoder/relu_22");
  items[1].type = QStringLiteral("Relu");
  items[1].output = QStringLiteral("float16[1,8]");
  items[1].bytes = 16;
  items[1].operators = {QStringLiteral("a"), QStringLiteral("b")};
  items[2].name = QStringLiteral("odd[name");
  const auto found = [&](const char* text) { return searchItems(items, QString::fromUtf8(text)); };
  EXPECT_EQ(found("conv"), (QVector<int>{0}));
  EXPECT_EQ(found("type:conv shape:64,56"), (QVector<int>{0}));
  EXPECT_EQ(found("dtype:float16"), (QVector<int>{1}));
  EXPECT_EQ(found("attr:group=2"), (QVector<int>{0}));
  EXPECT_EQ(found("name:/_\\d\\d$/"), (QVector<int>{1}));
  EXPECT_EQ(found("ms>0.4"), (QVector<int>{0}));
  EXPECT_EQ(found("ms:0.1..0.4"), QVector<int>{});
  EXPECT_EQ(found("bytes>=1MiB"), (QVector<int>{0}));
  EXPECT_EQ(found("bytes<1KiB fused>1"), (QVector<int>{1}));
  EXPECT_EQ(found("/[/"), QVector<int>{}) << "no valid expression: looked for as it stands";
  EXPECT_EQ(found("odd[name"), (QVector<int>{2}));
  EXPECT_EQ(found("   "), QVector<int>{});
}

TEST(GraphWalk, ArrowsAndPaths) {
  ModelInfo model;
  const auto name = [](const char* text) { return QString::fromLatin1(text); };
  model.operators = {op(name("in"), name("Relu"), {}), op(name("l"), name("Relu"), {name("in")}),
                     op(name("r"), name("Relu"), {name("in")}),
                     op(name("out"), name("Add"), {name("l"), name("r")}),
                     op(name("aside"), name("Relu"), {})};
  const GraphContent content = contentOfOperators(model);
  const GeometryPointer g = drawn(content, {});
  EXPECT_EQ(between(*g, 0, 3), (QSet<int>{0, 1, 2, 3}));
  EXPECT_EQ(between(*g, 3, 1), (QSet<int>{1, 3}));
  EXPECT_TRUE(between(*g, 0, 4).isEmpty());
  const bool left = g->items[1].rect.left() < g->items[2].rect.left();
  EXPECT_EQ(neighbour(*g, 1, left ? Qt::Key_Right : Qt::Key_Left), 2);
  EXPECT_EQ(neighbour(*g, 1, Qt::Key_Down), 3);
  EXPECT_EQ(neighbour(*g, 1, Qt::Key_Up), 0);
  EXPECT_EQ(neighbour(*g, 3, Qt::Key_Down), -1);
}

}  // namespace
}  // namespace kasuri::app
