#include <gtest/gtest.h>

#include <QHash>

#include "app/graph/equal_rooms.h"
#include "app/graph/graph_hull.h"
#include "app/graph/height_alignment.h"
#include "tests/gui/decoder_model.h"

// Two versions side by side: on one scale of heights, with hulls around what became one kernel.
namespace kasuri::app {
namespace {

GeometryPointer drawn(const GraphContent& content) {
  const LayoutPointer layout = layoutNested(content, nothingFolded(content));
  return composeGeometry(content, *layout);
}

/// A chain with a branch: every `width` operators in a row became one kernel.
struct Versions {
  GraphContent before, after;
};
Versions chain(int operators, int width) {
  Versions v;
  ModelInfo model;
  PlanInfo plan;
  for (int i = 0; i < operators; ++i) {
    OperatorInfo op;
    op.name = QStringLiteral("op%1").arg(i);
    op.type = i % 3 ? QStringLiteral("Relu") : QStringLiteral("Conv");
    op.inputs = QStringList{QStringLiteral("op%1").arg(i - 1)};
    op.outputs = op.sources = QStringList{op.name};
    model.operators.append(op);
    if (i % width == 0) {
      StepInfo step;
      step.name = op.name;
      step.title = op.type;
      if (!plan.steps.isEmpty()) step.inputs = {int(plan.steps.size()) - 1};
      step.outputs = {int(plan.steps.size())};
      plan.steps.append(step);
      plan.buffers.append(BufferInfo{});
    }
    plan.steps.last().sources.append(op.name);
  }
  v.before = contentOfOperators(model);
  v.after = contentOfKernels(plan, model);
  return v;
}

double middleOf(const GraphGeometry& before, const QStringList& operators) {
  QRectF box;
  for (const GraphItem& item : before.items)
    if (operators.contains(item.operators.first())) box |= item.rect;
  return box.center().y();
}

void expectSound(const GraphGeometry& was, const GraphGeometry& is) {
  ASSERT_EQ(was.items.size(), is.items.size());
  for (int a = 0; a < is.items.size(); ++a) {
    EXPECT_EQ(was.items[a].rect.size(), is.items[a].rect.size());
    EXPECT_EQ(was.items[a].rect.left(), is.items[a].rect.left());
    EXPECT_TRUE(is.bounds.contains(is.items[a].rect));
    int found = 0;
    is.itemBands.forEach(is.items[a].rect, [&](int i) { found += i == a; });
    EXPECT_EQ(found, 1);
    for (int b = 0; b < a; ++b)
      EXPECT_FALSE(is.items[a].rect.intersects(is.items[b].rect)) << a << " and " << b;
    for (int f = is.frameOf[a]; f >= 0; f = is.frames[f].parent)
      EXPECT_TRUE(is.frames[f].rect.contains(is.items[a].rect));
  }
  for (const GraphEdge& edge : is.edges) {
    if (edge.isStub) continue;
    EXPECT_DOUBLE_EQ(edge.route.first().y(), is.items[edge.from].rect.bottom());
    EXPECT_DOUBLE_EQ(edge.route.last().y(), is.items[edge.to].rect.top());
    for (qsizetype i = 1; i < edge.route.size(); ++i)
      EXPECT_GE(edge.route[i].y(), edge.route[i - 1].y() - 1e-6) << "edges run downwards";
  }
}

TEST(GraphSplit, KernelsStandAtTheHeightOfTheirSources) {
  for (const int width : {1, 2, 7}) {
    const Versions v = chain(60, width);
    const GeometryPointer before = drawn(v.before), after = drawn(v.after);
    const AlignedPictures both = alignHeights(*before, *after);
    for (const GraphItem& kernel : both.after->items)
      EXPECT_NEAR(kernel.rect.center().y(), middleOf(*both.before, kernel.operators), 0.51)
          << width << ": " << kernel.name.toStdString();
    expectSound(*before, *both.before);
    expectSound(*after, *both.after);
  }
}

TEST(GraphSplit, ParallelKernelsStandEachAtItsOwnSources) {
  // From one operator two branches, of nine and of two operators, into one again.
  ModelInfo model;
  const auto add = [&](const QString& name, const QStringList& inputs) {
    OperatorInfo op;
    op.name = name;
    op.type = QStringLiteral("Relu");
    op.inputs = inputs;
    op.outputs = op.sources = QStringList{name};
    model.operators.append(op);
  };
  add(QStringLiteral("in"), {});
  QStringList deep, flat;
  for (int i = 0; i < 9; ++i) {
    deep << QStringLiteral("deep%1").arg(i);
    add(deep.back(), {i == 0 ? QStringLiteral("in") : deep[i - 1]});
  }
  for (int i = 0; i < 2; ++i) {
    flat << QStringLiteral("flat%1").arg(i);
    add(flat.back(), {i == 0 ? QStringLiteral("in") : flat[i - 1]});
  }
  add(QStringLiteral("out"), {deep.back(), flat.back()});
  PlanInfo plan;
  const auto step = [&](const QStringList& sources, const QVector<int>& inputs) {
    StepInfo made;
    made.name = sources.first();
    made.title = QStringLiteral("Relu");
    made.sources = sources;
    made.inputs = inputs;
    made.outputs = {int(plan.steps.size())};
    plan.steps.append(made);
    plan.buffers.append(BufferInfo{});
  };
  step({QStringLiteral("in")}, {});
  step(deep, {0});
  step(flat, {0});
  step({QStringLiteral("out")}, {1, 2});
  const GeometryPointer before = drawn(contentOfOperators(model)),
                        after = drawn(contentOfKernels(plan, model));
  const AlignedPictures both = alignHeights(*before, *after);
  expectSound(*after, *both.after);
  const double apart = std::abs(middleOf(*both.before, deep) - middleOf(*both.before, flat));
  ASSERT_GT(apart, 60) << "the branches have different middles";
  for (int i : {1, 2}) {
    const GraphItem& kernel = both.after->items[i];
    EXPECT_LT(std::abs(kernel.rect.center().y() - middleOf(*both.before, kernel.operators)),
              apart / 4)
        << kernel.name.toStdString() << ", where the mean of both is half of it away";
  }
}

TEST(GraphSplit, FramesAndBranchesStaySound) {
  const GraphContent content = contentOfOperators(tests::decoder_model(3, 40));
  const GeometryPointer before = drawn(content);
  // The other version: the same operators in another order of drawing, cards in place of lines.
  GraphContent cards = content;
  for (GraphItem& item : cards.items) {
    item.isKernel = true;
    item.rect = QRectF(0, 0, 264, 40);
  }
  const GeometryPointer after = drawn(cards);
  const AlignedPictures both = alignHeights(*before, *after);
  expectSound(*before, *both.before);
  expectSound(*after, *both.after);
  int level = 0;
  for (int i = 0; i < both.after->items.size(); ++i)
    level += std::abs(both.after->items[i].rect.center().y() -
                      middleOf(*both.before, both.after->items[i].operators)) < 30;
  EXPECT_GT(level, both.after->items.size() * 3 / 4);
}

/// Blocks of three branches of different depth with a residual around; in `after` the kernels run
/// in another order, and those of the last block became one.
Versions branches(int blocks) {
  Versions v;
  ModelInfo model;
  const auto add = [&](int block, const char* what, const QStringList& inputs) {
    OperatorInfo op;
    op.scope = QStringLiteral("net/block%1").arg(block);
    op.name = op.scope + QLatin1Char('/') + QLatin1String(what);
    // No two blocks are alike.
    op.type = QLatin1String(what).startsWith(QLatin1String("a very"))
                  ? QStringLiteral("Kind%1").arg(block)
                  : QStringLiteral("Relu");
    op.inputs = inputs;
    op.outputs = op.sources = QStringList{op.name};
    model.operators.append(op);
    return op.name;
  };
  QString here;
  for (int block = 0; block < blocks; ++block) {
    const QString in = add(block, "in", here.isEmpty() ? QStringList() : QStringList{here});
    const QString left = add(block, "a very long name of an operator", {in});
    const QString mid = add(block, "m", {add(block, "n", {in})});
    const QString right = add(block, "r", {in});
    here = add(block, "sum", {left, mid, right, in});
  }
  PlanInfo plan;
  QHash<QString, int> made;
  const auto step = [&](const QVector<int>& numbers) {
    StepInfo one;
    for (int number : numbers) {
      const OperatorInfo& op = model.operators[number];
      one.name = one.name.isEmpty() ? op.name : one.name;
      one.title = op.type;
      one.sources << op.name;
      for (const QString& input : op.inputs)
        if (made.contains(input)) one.inputs << made.value(input);
    }
    for (const QString& name : one.sources) made.insert(name, int(plan.steps.size()));
    one.outputs = {int(plan.steps.size())};
    plan.steps.append(one);
    plan.buffers.append(BufferInfo{});
  };
  for (int block = 0; block < blocks - 1; ++block)
    for (int k : {0, 4, 2, 3, 1, 5}) step({6 * block + k});
  const int last = 6 * (blocks - 1);
  step({last, last + 1, last + 2, last + 3, last + 4, last + 5});
  v.before = contentOfOperators(model);
  v.after = contentOfKernels(plan, model);
  return v;
}

/// Lines of both pictures between the same items that differ in a bend or in where it is; those
/// compared in all.
std::pair<int, int> unlike(const AlignedPictures& both, const QString& changed) {
  QHash<QString, int> there;
  for (int i = 0; i < both.after->items.size(); ++i) there.insert(both.after->items[i].name, i);
  int differ = 0, compared = 0;
  for (const GraphEdge& edge : both.before->edges) {
    const QString &from = both.before->items[edge.from].name,
                  &to = both.before->items[edge.to].name;
    if (from.contains(changed) || to.contains(changed)) continue;
    ++compared;
    bool same = false;
    for (int e : both.after->outgoing[there.value(from)]) {
      const QVector<QPointF>& other = both.after->edges[e].route;
      if (both.after->edges[e].to != there.value(to) || other.size() != edge.route.size()) continue;
      same = true;
      for (qsizetype p = 0; p < other.size(); ++p)
        same = same && std::abs((edge.route[p].x() - edge.route[0].x()) -
                                (other[p].x() - other[0].x())) < 0.5;
    }
    differ += same ? 0 : 1;
  }
  return {differ, compared};
}

TEST(GraphSplit, WhatIsUnchangedIsRoutedAlike) {
  const Versions v = branches(4);
  const auto picture = [](const GraphContent& content, const QVector<double>& room) {
    return composeGeometry(content, *layoutNested(content, nothingFolded(content), {}, room));
  };
  const auto rooms = equalRooms(v.before, v.after);
  const AlignedPictures both =
      alignHeights(*picture(v.before, rooms[0]), *picture(v.after, rooms[1]));
  expectSound(*both.before, *both.before);
  EXPECT_EQ(unlike(both, QStringLiteral("block3")), std::pair(0, 3 * 8 + 2));
  const AlignedPictures narrow = alignHeights(*picture(v.before, {}), *picture(v.after, {}));
  EXPECT_GT(unlike(narrow, QStringLiteral("block3")).first, 0)
      << "boxes of other widths bend the lines otherwise";
}

TEST(GraphSplit, WithoutCommonOperatorsNothingMoves) {
  const Versions v = chain(6, 2);
  const GeometryPointer before = drawn(v.before);
  GraphContent strangers = v.after;
  for (GraphItem& item : strangers.items) item.operators = QStringList{item.name + u'?'};
  const GeometryPointer after = drawn(strangers);
  const AlignedPictures both = alignHeights(*before, *after);
  EXPECT_EQ(both.before->bounds, before->bounds);
  EXPECT_EQ(both.after->items.first().rect, after->items.first().rect);
}

TEST(GraphSplit, AHullHoldsItsItemsAndNoOthers) {
  const Versions v = chain(30, 6);
  const GeometryPointer before = drawn(v.before);
  const QStringList operators = v.after.items[2].operators;
  const HullShape hull = hullOf(*before, operators);
  EXPECT_EQ(hull.items.size(), 6);
  ASSERT_TRUE(hull.caption.has_value());
  for (int i = 0; i < before->items.size(); ++i) {
    const QRectF& rect = before->items[i].rect;
    if (operators.contains(before->items[i].operators.first()))
      EXPECT_TRUE(hull.outline.contains(rect)) << i;
    else
      EXPECT_FALSE(hull.outline.intersects(rect)) << i;
    EXPECT_FALSE(rect.contains(*hull.caption));
  }
  EXPECT_EQ(hull.outline.toFillPolygons().size(), 1) << "what stands together is one hull";
  EXPECT_TRUE(hullOf(*before, {operators.first()}).outline.isEmpty());
  EXPECT_TRUE(hullOf(*before, {QStringLiteral("nothing")}).outline.isEmpty());
}

}  // namespace
}  // namespace kasuri::app
