// The musts that the graph, the memory and the passes show: 1, 4, 6, 8 to 11, 16.
#include <QApplication>
#include <QComboBox>
#include <QElapsedTimer>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

#include "app/charts/memory_timeline.h"
#include "app/graph/graph_canvas.h"
#include "app/models/pass_tree_model.h"
#include "app/panels/graph_pane.h"
#include "app/panels/live_set_list.h"
#include "app/panels/selection_panel.h"
#include "app/panels/verdict_header.h"
#include "tests/gui/musts_fixture.h"

namespace kasuri::app {
namespace {

TEST_F(Musts, N01_OpensWithProgressAndACancelThatAnswers) {
  MainWindow other(theme_, program());
  other.show();
  const DocumentState& opening = other.document().state();
  QSignalSpy progress(&other.document(), &Document::progressed);
  other.openModel(model("light/swin_v2_t_ts_torch2.6.stripped.onnx"));
  ASSERT_TRUE(wait([&] { return !progress.empty(); })) << "says nothing while it opens";
  EXPECT_EQ(opening.phase, Phase::Opening);
  auto* button = other.findChild<QPushButton*>(QStringLiteral("measureButton"));
  EXPECT_TRUE(button->text().contains(QStringLiteral("Cancel")));
  QElapsedTimer clock;
  clock.start();
  button->click();
  ASSERT_TRUE(wait([&] { return opening.phase == Phase::Empty; }, 1000));
  EXPECT_LE(clock.elapsed(), 1000);
  clock.restart();
  other.openModel(network());
  EXPECT_TRUE(described(other)) << opening.message.toStdString();
  EXPECT_LE(clock.elapsed(), 5000) << "five megabytes open in seconds";
}

TEST_F(Musts, N04_EachPassCanBeSwitchedAloneAndEverythingFollows) {
  const QString hash = state().after->hash;
  const qsizetype kernels = state().after->steps.size();
  auto* tree = find<QTreeView>("passTree");
  auto* table = find<QTableView>("operatorTable");
  auto* pane = find<GraphPane>();
  const auto passOf = [&](const QString& name) {
    for (int row = 0; row < tree->model()->rowCount(); ++row)
      if (tree->model()->index(row, 0).data().toString() == name)
        return tree->model()->index(row, 0);
    return QModelIndex();
  };
  QHash<QString, int> others;
  for (int row = 0; row < tree->model()->rowCount(); ++row) {
    const QModelIndex pass = tree->model()->index(row, 0);
    others[pass.data().toString()] = pass.data(Qt::CheckStateRole).toInt();
  }
  press(Qt::Key_1, Qt::ControlModifier);
  tree->setCurrentIndex(passOf(QStringLiteral("fuse")));
  QTest::keyClick(tree, Qt::Key_Space);
  EXPECT_EQ(window().document().recipe(), QStringLiteral("default,-fuse"));
  ASSERT_TRUE(described(window()));
  EXPECT_NE(state().after->hash, hash);
  EXPECT_GT(state().after->steps.size(), kernels);
  EXPECT_EQ(table->model()->rowCount(), state().after->steps.size());
  EXPECT_EQ(find<MemoryTimeline>()->scene().after.plan->hash, state().after->hash);
  EXPECT_TRUE(wait([&] {
    const auto& picture = pane->pictures().of(Side::After);
    return picture.plain && picture.plain->items.size() == state().after->steps.size();
  })) << "the graph follows";
  EXPECT_EQ(state().phase, Phase::Stale);
  EXPECT_TRUE(find<VerdictHeader>()->plainText().contains(QStringLiteral("Recipe changed")));
  others.remove(QStringLiteral("fuse"));
  for (auto other = others.begin(); other != others.end(); ++other)
    EXPECT_EQ(passOf(other.key()).data(Qt::CheckStateRole).toInt(), other.value())
        << other.key().toStdString() << " changed silently";
  press(Qt::Key_Z, Qt::ControlModifier);
  ASSERT_TRUE(described(window()));
  EXPECT_EQ(state().after->hash, hash);
  EXPECT_EQ(state().phase, Phase::Measured) << "what was measured of this very plan holds again";
  EXPECT_TRUE(state().after->profile) << "and so do the times of its kernels";
}

TEST_F(Musts, N06_TheExportedModelComesBackEqual) {
  const QString path = exported(ExportKind::Onnx, "out.onnx");
  MainWindow other(theme_, program());
  other.openModel(path);
  const DocumentState& again = other.document().state();
  ASSERT_TRUE(described(other)) << again.message.toStdString();
  EXPECT_EQ(again.model->inputs, state().model->inputs);
  EXPECT_EQ(again.model->outputs, state().model->outputs);
  EXPECT_EQ(again.model->opset, state().model->opset);
  EXPECT_EQ(again.after->steps.size(), state().after->steps.size()) << "the same groups";
  EXPECT_EQ(again.after->memory.arenaBytes, state().after->memory.arenaBytes);
}

TEST_F(Musts, N08_MemoryIsLinkedBothWaysAndItsDifferenceHasNames) {
  press(Qt::Key_3, Qt::ControlModifier);
  auto* timeline = find<MemoryTimeline>();
  timeline->setMode(MemoryMode::Difference);
  timeline->setFocus();
  ASSERT_TRUE(wait([&] { return timeline->hasFocus(); }));
  QTest::keyClick(timeline, Qt::Key_P);
  const int step = timeline->cursorStep();
  EXPECT_EQ(state().after->memory.liveBytes[step], state().after->memory.arenaBytes);
  auto* list = find<LiveSetList>();
  QStringList named, wanted;
  for (int row = 0; row < list->rowCount(); ++row) named << list->item(row, 1)->text();
  for (const BufferInfo* tensor : timeline->scene().after.alive(step)) wanted << tensor->name;
  ASSERT_FALSE(wanted.isEmpty());
  for (const QString& name : wanted)
    EXPECT_TRUE(named.contains(name)) << name.toStdString() << " causes the peak";
  // The click on a step selected its kernel everywhere.
  const QString facts = find<SelectionPanel>()->toPlainText();
  EXPECT_TRUE(facts.contains(state().after->steps[step].title)) << facts.toStdString();
  // And an operator walked to in the graph is marked in the timeline.
  auto* canvas = find<GraphCanvas>("graphCanvas");
  ASSERT_TRUE(wait([&] { return canvas->graph() != nullptr; }));
  const QImage then = timeline->grab().toImage();
  canvas->setFocus();
  QTest::keyClick(canvas, Qt::Key_Up);
  EXPECT_NE(timeline->grab().toImage(), then);
}

TEST_F(Musts, N09_BeforeAndAfterMoveTogether) {
  auto *after = find<GraphCanvas>("graphCanvas"), *before = find<GraphCanvas>("graphCanvasBefore");
  press(Qt::Key_S, Qt::AltModifier);
  ASSERT_TRUE(wait([&] { return before->isVisible() && before->graph() && after->graph(); }));
  after->zoomTo(0.6);
  EXPECT_DOUBLE_EQ(before->anchor().scale, after->anchor().scale);
  const GraphAnchor then = before->anchor();
  const QPoint from = after->rect().center();
  QTest::mousePress(after, Qt::LeftButton, {}, from);
  for (int step = 1; step <= 10; ++step) QTest::mouseMove(after, from - QPoint(0, 30 * step));
  QTest::mouseRelease(after, Qt::LeftButton, {}, from - QPoint(0, 300));
  const GraphAnchor now = before->anchor();
  EXPECT_TRUE(now.operators != then.operators || now.y != then.y) << "the other side stood still";
  int fused = 0, none = 0;
  for (const GraphItem& item : after->graph()->items) {
    fused += item.change == Change::Fused ? 1 : 0;
    none += item.change == Change::None ? 1 : 0;
  }
  EXPECT_GT(fused, 10);
  EXPECT_EQ(none, 0) << "every card says what became of it";
  press(Qt::Key_A, Qt::AltModifier);
  EXPECT_FALSE(before->isVisible());
}

TEST_F(Musts, N10_AFusedKernelListsItsOperatorsAndBack) {
  const auto& steps = state().after->steps;
  const auto fused = std::find_if(steps.begin(), steps.end(),
                                  [](const StepInfo& step) { return step.sources.size() >= 2; });
  ASSERT_NE(fused, steps.end());
  auto* canvas = find<GraphCanvas>("graphCanvas");
  emit canvas->operatorsSelected(fused->sources);
  const QString facts = find<SelectionPanel>()->toPlainText();
  for (const QString& source : fused->sources) {
    EXPECT_TRUE(facts.contains(source)) << source.toStdString();
    const auto& operators = state().model->operators;
    EXPECT_TRUE(std::any_of(operators.begin(), operators.end(),
                            [&](const OperatorInfo& op) { return op.sources.contains(source); }))
        << source.toStdString() << " is an operator of the file";
  }
  emit canvas->operatorsSelected({fused->sources.first()});
  EXPECT_TRUE(find<SelectionPanel>()->toPlainText().contains(fused->title)) << "and back";
}

TEST_F(Musts, N11_FindsByNameTypeAttributeShapeAndDtype) {
  find<GraphPane>()->setView(GraphView::Before);
  press(Qt::Key_F, Qt::ControlModifier);
  auto* search = find<QLineEdit>("graphSearch");
  ASSERT_TRUE(wait([&] { return search->hasFocus(); }));
  auto* count = find<QLabel>("hitCount");
  const auto& operators = state().model->operators;
  const auto hits = [&](const QString& text) {
    search->setText(text);
    const QStringList words = count->text().split(QLatin1Char(' '));
    return words.contains(QStringLiteral("of")) ? words.value(2).toInt() : words.first().toInt();
  };
  const auto having = [&](const std::function<bool(const OperatorInfo&)>& holds) {
    return int(std::count_if(operators.begin(), operators.end(), holds));
  };
  EXPECT_EQ(hits(QStringLiteral("type:/^Conv$/")),
            having([](const OperatorInfo& op) { return op.type == QStringLiteral("Conv"); }));
  EXPECT_EQ(hits(QStringLiteral("name:") + operators[3].name) >= 1, true);
  EXPECT_EQ(hits(QStringLiteral("shape:64,")), having([](const OperatorInfo& op) {
              return op.output.contains(QStringLiteral("64,"));
            }));
  EXPECT_EQ(hits(QStringLiteral("dtype:float32")), operators.size());
  const int strided = having(
      [](const OperatorInfo& op) { return op.attributes.contains(QStringLiteral("strides")); });
  EXPECT_GT(strided, 5);
  EXPECT_EQ(hits(QStringLiteral("attr:strides")), strided);
  QString where = count->text();
  press(Qt::Key_F3);
  EXPECT_NE(count->text(), where) << "says which hit it is at";
  where = count->text();
  press(Qt::Key_F3);
  EXPECT_NE(count->text(), where);
  press(Qt::Key_F3, Qt::ShiftModifier);
  search->clear();
  find<GraphPane>()->setView(GraphView::After);
}

TEST_F(Musts, N16_EveryEditIsUndoneAndTheSourceIsNeverWritten) {
  const QTemporaryDir own;
  const QString copy = own.filePath(QStringLiteral("copy.onnx"));
  ASSERT_TRUE(QFile::copy(network(), copy));
  QFile::setPermissions(copy, QFile::ReadOwner | QFile::WriteOwner);
  const auto bytes = [&] {
    QFile file(copy);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
  };
  const QByteArray then = bytes();
  MainWindow other(theme_, program());
  other.openModel(copy);
  ASSERT_TRUE(described(other));
  Document& document = other.document();
  QSignalSpy problems(&document, &Document::problem);
  for (ExportKind kind :
       {ExportKind::Onnx, ExportKind::Plan, ExportKind::Recipe, ExportKind::Trace}) {
    const qsizetype before = problems.size();
    document.exportTo(kind, copy);
    EXPECT_TRUE(wait([&] { return problems.size() > before; })) << int(kind);
  }
  EXPECT_EQ(bytes(), then);
  const QString recipe = document.recipe();
  document.toggle(QStringLiteral("layout"), false);
  document.toggle(QStringLiteral("memory"), false);
  Target target = document.state().target;
  target.requirements = QStringList{QStringLiteral("p90<=1s")};
  document.retarget(QStringLiteral("requirements"), target);
  EXPECT_EQ(document.undoStack()->count(), 3);
  for (int i = 0; i < 3; ++i) document.undoStack()->undo();
  EXPECT_EQ(document.recipe(), recipe);
  EXPECT_TRUE(document.state().target.requirements.isEmpty());
  for (int i = 0; i < 3; ++i) document.undoStack()->redo();
  EXPECT_EQ(document.recipe(), recipe + QStringLiteral(",-layout,-memory"));
  EXPECT_EQ(document.state().target.requirements.size(), 1);
}

}  // namespace
}  // namespace kasuri::app
