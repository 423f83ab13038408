#include <gtest/gtest.h>

#include <QApplication>
#include <QDir>
#include <QTest>

#include "app/graph/graph_canvas.h"
#include "app/graph/height_alignment.h"
#include "app/graph/stub_pills.h"
#include "tests/gui/decoder_model.h"

// Edges too long to be drawn: their pills have room of their own, and keys lead along them.
namespace kasuri::app {
namespace {

GeometryPointer drawn(const GraphContent& content) {
  return composeGeometry(content, *layoutNested(content, nothingFolded(content)));
}

OperatorInfo op(const QString& name, const QStringList& inputs) {
  OperatorInfo made;
  made.name = name;
  made.type = QStringLiteral("Of") + name;  // nothing is repeated
  made.inputs = inputs;
  made.outputs = made.sources = QStringList{name};
  return made;
}

/// Every `every`-th operator of a chain is read again by the last one.
ModelInfo gathered(int length, int every) {
  ModelInfo model;
  QStringList far;
  for (int i = 0; i < length; ++i) {
    const QString name = QStringLiteral("op%1").arg(i);
    model.operators.append(
        op(name, i > 0 ? QStringList{QStringLiteral("op%1").arg(i - 1)} : QStringList()));
    if (i % every == 0 && i + 40 < length) far << name;
  }
  model.operators.append(
      op(QStringLiteral("last"), far + QStringList{model.operators.last().name}));
  return model;
}

int pills(const GraphGeometry& g) {
  return int(std::count_if(g.edges.begin(), g.edges.end(),
                           [](const GraphEdge& edge) { return edge.isStub; }));
}

/// No pill lies on an item, on another pill, on a line or outside the frames of its reader.
void expectClear(const GraphGeometry& g) {
  for (int e = 0; e < g.edges.size(); ++e) {
    const GraphEdge& edge = g.edges[e];
    if (!edge.isStub) continue;
    ASSERT_EQ(edge.pill.height(), 17);
    EXPECT_TRUE(g.bounds.contains(edge.pill));
    EXPECT_LT(edge.pill.right(), g.items[edge.to].rect.left());
    EXPECT_TRUE(reachOf(g, edge).contains(edge.pill));
    for (int f = g.frameOf[edge.to]; f >= 0; f = g.frames[f].parent)
      EXPECT_TRUE(g.frames[f].rect.adjusted(0, 30, 0, 0).contains(edge.pill));
    g.itemBands.forEach(edge.pill, [&](int item) {
      ADD_FAILURE() << "the pill of edge " << e << " lies on " << g.items[item].name.toStdString();
    });
    g.edgeBands.forEach(edge.pill, [&](int other) {
      if (other == e) return;
      const GraphEdge& line = g.edges[other];
      EXPECT_FALSE(line.isStub && line.pill.intersects(edge.pill)) << e << " and " << other;
      for (qsizetype p = 1; p < line.route.size(); ++p) {
        const QRectF leg = QRectF(line.route[p - 1], line.route[p]).normalized();
        EXPECT_FALSE(leg.adjusted(-1, -1, 1, 1).intersects(edge.pill)) << e << " and " << other;
      }
    });
  }
}

TEST(StubPills, HaveRoomOfTheirOwn) {
  for (const auto& [blocks, size] : {std::pair(12, 40), {20, 90}}) {
    const GeometryPointer g = drawn(contentOfOperators(tests::decoder_model(blocks, size)));
    ASSERT_GT(pills(*g), blocks) << "mask and table are read far away";
    expectClear(*g);
  }
  for (int every : {70, 20, 9, 2}) {
    const GeometryPointer g = drawn(contentOfOperators(gathered(80, every)));
    EXPECT_GE(pills(*g), every == 70 ? 1 : 2);
    expectClear(*g);
  }
}

TEST(StubPills, KeepTheirRoomInASplit) {
  const GraphContent content = contentOfOperators(tests::decoder_model(12, 40));
  GraphContent cards = content;
  for (GraphItem& item : cards.items) {
    item.isKernel = true;
    item.rect = QRectF(0, 0, 264, 40);
  }
  const AlignedPictures both = alignHeights(*drawn(content), *drawn(cards));
  ASSERT_GT(pills(*both.after), 12);
  expectClear(*both.before);
  expectClear(*both.after);
}

TEST(StubPills, ALayoutWithoutThemIsNoWider) {
  EXPECT_EQ(pillRoom(0), QSizeF(0, 0));
  EXPECT_GT(pillRoom(7).width(), pillRoom(6).width());
  const GraphContent content = contentOfOperators(gathered(30, 100));
  const GeometryPointer g = drawn(content);
  EXPECT_EQ(pills(*g), 0);
  EXPECT_LT(g->bounds.width(), 224 + 81) << "a chain is as wide as an item and the margins";
}

class PillKeys : public ::testing::Test {
 protected:
  PillKeys() : canvas_(theme_) {
    graph_ = drawn(contentOfOperators(gathered(80, 4)));
    canvas_.resize(900, 600);
    canvas_.show();
    canvas_.setGeometryData(graph_);
    canvas_.zoomTo(1);
    QObject::connect(&canvas_, &GraphCanvas::operatorsSelected, &canvas_,
                     [this](const QStringList& names) { selected_ = names; });
    reader_ = int(graph_->items.size()) - 1;
    canvas_.selectOperators({QStringLiteral("last")});
  }
  void press(int key) { QTest::keyClick(&canvas_, Qt::Key(key)); }

  void screenshot() {
    const QDir folder(QString::fromLocal8Bit(qgetenv("KASURI_BIN")) +
                      QStringLiteral("/../screenshots"));
    folder.mkpath(QStringLiteral("."));
    EXPECT_TRUE(canvas_.grab().save(folder.filePath(QStringLiteral("graph_pills.png"))));
  }

  Theme theme_ = Theme::load(qEnvironmentVariableIsSet("KASURI_DARK") ? Theme::Appearance::Dark
                                                                      : Theme::Appearance::Light);
  GraphCanvas canvas_;
  GeometryPointer graph_;
  QStringList selected_;
  int reader_ = 0;
};

TEST_F(PillKeys, LeftLeadsToThePillsAndEnterToTheOtherEnd) {
  ASSERT_EQ(pills(*graph_), 10);
  const int first = pillBeside(*graph_, reader_, -1, Qt::Key_Left);
  ASSERT_GE(first, 0);
  const QImage plain = canvas_.grab().toImage();
  press(Qt::Key_Left);
  EXPECT_NE(canvas_.grab().toImage(), plain) << "the pill shows the focus";
  press(Qt::Key_Down);
  press(Qt::Key_Left);
  screenshot();
  EXPECT_TRUE(selected_.isEmpty()) << "the reader stays selected";
  press(Qt::Key_Return);
  const int below = pillBeside(*graph_, reader_, first, Qt::Key_Down);
  const int beside = pillBeside(*graph_, reader_, below, Qt::Key_Left);
  ASSERT_GE(beside, 0);
  EXPECT_EQ(selected_, graph_->items[graph_->edges[beside].from].operators);
  EXPECT_EQ(canvas_.anchor().scale, 1) << "the view follows at its zoom";
}

TEST_F(PillKeys, RightLeadsBackAndUpOnceMoreFoldsNothing) {
  press(Qt::Key_Left);
  press(Qt::Key_Right);
  press(Qt::Key_Up);
  ASSERT_FALSE(selected_.isEmpty());
  EXPECT_EQ(selected_, QStringList{QStringLiteral("op79")}) << "from the reader, along its line";
}

TEST_F(PillKeys, EnterFollowsThePillUnderTheMouse) {
  const int stub = pillBeside(*graph_, reader_, -1, Qt::Key_Left);
  const GraphAnchor at = canvas_.anchor();
  const auto known =
      std::find_if(graph_->items.begin(), graph_->items.end(),
                   [&](const GraphItem& item) { return item.operators == at.operators; });
  const QPointF on = QPointF(at.x, at.y) + graph_->edges[stub].pill.center() - known->rect.center();
  ASSERT_TRUE(canvas_.rect().contains(on.toPoint()));
  QMouseEvent move(QEvent::MouseMove, on, canvas_.mapToGlobal(on), Qt::NoButton, Qt::NoButton,
                   Qt::NoModifier);
  QApplication::sendEvent(&canvas_, &move);
  press(Qt::Key_Return);
  EXPECT_EQ(selected_, graph_->items[graph_->edges[stub].from].operators);
}

}  // namespace
}  // namespace kasuri::app
