// Times of another program over the graph, what a bisection found, and what only moves data.
#include <QApplication>
#include <QComboBox>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QMimeData>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>
#include <QUrl>

#include "app/graph/hover_card.h"
#include "app/models/operator_table_model.h"
#include "app/panels/graph_pane.h"
#include "app/panels/list_table.h"
#include "app/panels/operators_panel.h"
#include "app/panels/passes_panel.h"
#include "app/panels/problems_panel.h"
#include "app/session/engine_json.h"
#include "app/session/problems.h"
#include "app/session/units.h"
#include "tests/gui/window_fixture.h"

namespace kasuri::app {
namespace {

class Overlay : public WindowFixture {
 protected:
  static QString model() {
    const QString source = QString::fromLocal8Bit(qgetenv("KASURI_SOURCE"));
    return qEnvironmentVariable("KASURI_SHARED", source + QStringLiteral("/../shared")) +
           QStringLiteral("/models/full/yunet_face_120x160.onnx");
  }

  void openFaces() {
    if (!QFile::exists(model())) GTEST_SKIP() << "no " << model().toStdString();
    open(model());
    ASSERT_TRUE(described());
  }

  void drop(const QString& path) {
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(path)});
    QDragEnterEvent enter(QPoint(400, 300), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(window_.get(), &enter);
    EXPECT_TRUE(enter.isAccepted());
    QDropEvent event(QPointF(400, 300), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(window_.get(), &event);
  }

  /// The heat of a graph is there once its picture was made.
  bool painted(HeatKind kind) {
    return wait([&] {
      return find<GraphPane>()->pictures().of(Side::After).scale.kind == kind &&
             find<QComboBox>("heatBox")->currentIndex() == int(kind);
    });
  }
};

QJsonObject event(const QString& cat, const QString& name, const QString& op, double us) {
  return {{QStringLiteral("cat"), cat},
          {QStringLiteral("ph"), QStringLiteral("X")},
          {QStringLiteral("name"), name},
          {QStringLiteral("dur"), us},
          {QStringLiteral("args"), QJsonObject{{QStringLiteral("op_name"), op}}}};
}

/// A profile as ONNX Runtime writes it: three runs, the middle one of operator i taking 10 (i + 1)
/// microseconds.
void writeOrtProfile(const QString& path, const QVector<OperatorInfo>& operators) {
  QJsonArray events{event(QStringLiteral("Session"), QStringLiteral("model_run"), {}, 9000)};
  for (int run = 0; run < 3; ++run)
    for (int i = 0; i < operators.size(); ++i)
      events.append(event(QStringLiteral("Node"),
                          operators[i].name + QStringLiteral("_kernel_time"), operators[i].type,
                          10.0 * (i + 1) + run - 1));
  QFile file(path);
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  file.write(QJsonDocument(events).toJson());
}

double sumOf(const StepInfo& step, const QHash<QString, double>& ms) {
  double sum = 0;
  for (const QString& source : step.sources) sum += ms.value(source);
  return sum;
}

TEST_F(Overlay, ADroppedProfileIsAHeatAColumnAndALineOfTheCard) {
  openFaces();
  if (IsSkipped()) return;
  const QTemporaryDir folder;
  const QString path = folder.filePath(QStringLiteral("ort.json"));
  QVector<OperatorInfo> operators = state().model->operators.mid(0, 70);
  QHash<QString, double> ms;
  for (int i = 0; i < operators.size(); ++i) ms.insert(operators[i].name, 0.01 * (i + 1));
  operators.append(OperatorInfo{QStringLiteral("not_here"), QStringLiteral("Relu")});
  writeOrtProfile(path, operators);
  const int columns = find<OperatorsPanel>()->model()->columnCount();
  drop(path);
  ASSERT_TRUE(wait([&] { return state().overlay != nullptr; }));
  EXPECT_EQ(state().overlay->names, 71);
  EXPECT_EQ(state().overlay->matched, 70);
  EXPECT_EQ(state().overlay->unmatched, QStringList{QStringLiteral("not_here")});
  EXPECT_EQ(state().overlay->format, QStringLiteral("onnxruntime"));
  ASSERT_TRUE(painted(HeatKind::Overlay));

  const Pictures& pictures = find<GraphPane>()->pictures();
  const QVector<GraphItem>& lines = pictures.of(Side::Before).content->items;
  for (const GraphItem& item : lines) {
    EXPECT_EQ(item.heat.has_value(), ms.contains(item.operators.first()));
    EXPECT_NEAR(item.heat.value_or(0), ms.value(item.operators.first()), 1e-9);
  }
  const QVector<GraphItem>& cards = pictures.of(Side::After).content->items;
  const OperatorTableModel& table = *find<OperatorsPanel>()->model();
  ASSERT_EQ(table.columnCount(), columns + 1);
  EXPECT_EQ(table.headerData(columns, Qt::Horizontal, Qt::DisplayRole).toString(),
            QStringLiteral("Overlay ms"));
  ASSERT_EQ(table.rowCount(), state().after->steps.size());
  int fused = 0;
  for (int i = 0; i < state().after->steps.size(); ++i) {
    const StepInfo& step = state().after->steps[i];
    const double there = sumOf(step, ms);
    fused += step.sources.size() > 1 && there > 0 ? 1 : 0;
    EXPECT_NEAR(cards[i].heat.value_or(0), there, 1e-9) << step.name.toStdString();
    EXPECT_EQ(table.index(i, OperatorTableModel::Overlay).data().toString(),
              there > 0 ? formatMs(there) : QStringLiteral("–"));
  }
  EXPECT_GT(fused, 10);
  HoverCard card(theme_, window_.get());
  card.rest(cards.first(), {});
  EXPECT_TRUE(
      card.plainText().contains(QStringLiteral("Overlay: ") + formatMs(*cards.first().overlayMs)))
      << card.plainText().toStdString();
  const auto labels = find<OperatorsPanel>()->findChildren<QLabel*>();
  EXPECT_TRUE(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
    return label->text().contains(QStringLiteral("ort.json: 70 of 71 names"));
  }));
  screenshot(QStringLiteral("overlay"));

  QTest::keyClick(window_.get(), Qt::Key_O,
                  Qt::ControlModifier | Qt::AltModifier | Qt::ShiftModifier);
  EXPECT_EQ(state().overlay, nullptr);
  EXPECT_EQ(table.columnCount(), columns);
  EXPECT_TRUE(painted(HeatKind::Time));
}

TEST_F(Overlay, TheSessionFileKeepsItAndSaysWhenItIsGone) {
  open(sample());
  ASSERT_TRUE(described());
  const QTemporaryDir folder;
  const QString path = folder.filePath(QStringLiteral("ort.json")),
                file = folder.filePath(QStringLiteral("o.kasuri"));
  writeOrtProfile(path, state().model->operators);
  drop(path);
  ASSERT_TRUE(wait([&] { return state().overlay != nullptr; }));
  const QHash<QString, double> ms = state().overlay->operatorMs;
  ASSERT_TRUE(window_->keeper().save(file));
  window_->openModel(sample());
  ASSERT_TRUE(described());
  EXPECT_EQ(state().overlay, nullptr);
  window_->openModel(file);
  ASSERT_TRUE(wait([&] { return state().overlay != nullptr; }));
  EXPECT_EQ(state().overlay->operatorMs, ms);

  ASSERT_TRUE(QFile::remove(path));
  QSignalSpy notices(&window_->keeper(), &SessionKeeper::noticed);
  QSignalSpy problems(&window_->document(), &Document::problem);
  window_->openModel(file);
  ASSERT_TRUE(described());
  EXPECT_EQ(state().overlay, nullptr);
  EXPECT_TRUE(problems.empty());
  ASSERT_EQ(notices.size(), 1);
  const QString words = notices.first().first().toString();
  EXPECT_TRUE(words.contains(path)) << words.toStdString();
  EXPECT_FALSE(words.contains(u'\n'));
}

TEST_F(Overlay, AProfileOfAnotherModelIsRefusedInWords) {
  openFaces();
  if (IsSkipped()) return;
  const QTemporaryDir folder;
  const QString path = folder.filePath(QStringLiteral("other.json"));
  writeOrtProfile(path, {OperatorInfo{QStringLiteral("elsewhere"), QStringLiteral("Relu")}});
  QSignalSpy problems(&window_->document(), &Document::problem);
  drop(path);
  ASSERT_TRUE(wait([&] { return !problems.empty(); }));
  EXPECT_TRUE(problems.first().first().toString().contains(QStringLiteral("another model")));
  EXPECT_EQ(state().overlay, nullptr);
  EXPECT_EQ(find<QComboBox>("heatBox")->currentIndex(), int(HeatKind::Time));
}

TEST_F(Overlay, WhatOnlyMovesDataIsCountedBeforeAndAfter) {
  openFaces();
  if (IsSkipped()) return;
  qint64 bytes = 0;
  int steps = 0;
  const StepInfo* largest = nullptr;
  for (const StepInfo& step : state().after->steps)
    if (step.movesOnly) {
      const qint64 moved = step.bytesRead + step.bytesWritten;
      if (largest == nullptr || moved > largest->bytesRead + largest->bytesWritten) largest = &step;
      bytes += moved;
      ++steps;
    }
  const MovementInfo then = state().before->movement, now = state().after->movement;
  EXPECT_EQ(now.steps, steps);
  EXPECT_EQ(now.bytes, bytes);
  ASSERT_GT(then.steps, now.steps);
  ASSERT_NE(largest, nullptr);
  auto* label = find<QLabel>("movement");
  const auto words = [](int count, qint64 moved) {
    return QStringLiteral("%1 · %2").arg(count).arg(formatBytes(moved));
  };
  EXPECT_TRUE(label->text().contains(QStringLiteral("removed ") +
                                     words(then.steps - now.steps, then.bytes - now.bytes)))
      << label->text().toStdString();
  EXPECT_TRUE(label->text().contains(QStringLiteral("left ") + words(now.steps, now.bytes)));
  auto* panel = find<PassesPanel>();
  for (int row = 0; row < panel->model()->rowCount(); ++row) {
    panel->tree()->setCurrentIndex(panel->model()->index(row, 0));
    EXPECT_EQ(label->isVisibleTo(panel),
              panel->tree()->currentIndex().data().toString() == QStringLiteral("layout"));
  }
  QSignalSpy chosen(panel, &PassesPanel::operatorsSelected);
  emit label->linkActivated(largest->sources.first());
  ASSERT_EQ(chosen.size(), 1);
  EXPECT_EQ(chosen.first().first().toStringList(), QStringList{largest->sources.first()});
  EXPECT_TRUE(label->text().contains(largest->name.toHtmlEscaped()));
}

TEST(Bisection, SaysWhatSlowsAndWhatBreaksOrThatNothingDoes) {
  const QByteArray json = R"({"sides": [{"name": "before"}, {"name": "after"}],
    "deltas": [{"side": "after", "latency": {"verdict": "slower"}}],
    "fidelity": [{"side": "after", "verdict": "equal", "blocked_passes": ["fuse"],
                  "guilty_sites": ["FuseRule"]}],
    "passes": [{"name": "layout", "slowed_by": ["KeepRule@conv_7"]}, {"name": "memory"}]})";
  DocumentState state;
  state.comparison = comparisonFrom(json);
  ASSERT_TRUE(state.comparison);
  state.comparison->bisected = true;
  ModelInfo model;
  model.passes.resize(2);
  model.passes[0].rules = {{QStringLiteral("KeepRule"),
                            {},
                            {},
                            {{QStringLiteral("KeepRule@conv_7"),
                              true,
                              {},
                              {QStringLiteral("conv_6"), QStringLiteral("t_7")}}}}};
  model.passes[1].rules = {{QStringLiteral("FuseRule"),
                            {},
                            {},
                            {{QStringLiteral("FuseRule@a"), true, {}, {QStringLiteral("a")}},
                             {QStringLiteral("FuseRule@b"), false, {}, {QStringLiteral("b")}}}}};
  state.model = std::make_shared<const ModelInfo>(model);
  QVector<ProblemInfo> found;
  for (const ProblemInfo& problem : problemsOf(state))
    if (problem.bisected) found.append(problem);
  ASSERT_EQ(found.size(), 2);
  EXPECT_EQ(found[0].kind, ProblemInfo::Kind::Error);
  EXPECT_TRUE(found[0].what.contains(QStringLiteral("FuseRule")));
  EXPECT_EQ(found[0].operators, QStringList{QStringLiteral("a")}) << "where it was applied";
  EXPECT_TRUE(found[1].what.contains(QStringLiteral("KeepRule@conv_7")));
  EXPECT_TRUE(found[1].what.contains(QStringLiteral("layout")));
  EXPECT_EQ(found[1].operators, (QStringList{QStringLiteral("conv_6"), QStringLiteral("t_7")}));

  state.comparison->slow.clear();
  for (SideInfo& side : state.comparison->sides) side.guilty = side.blocked = QStringList{};
  const QVector<ProblemInfo> none = problemsOf(state);
  ASSERT_EQ(none.size(), 1);
  EXPECT_EQ(none[0].kind, ProblemInfo::Kind::Note);
  state.comparison->partial = true;
  EXPECT_NE(problemsOf(state).first().kind, ProblemInfo::Kind::Note) << "cancelled: not known";
}

class Bisect : public WindowFixture {
 protected:
  /// The command line that was built, but what a bisection finds is given.
  QString toldProgram() {
    const QString path = folder_.filePath(QStringLiteral("kasuri"));
    QFile script(path);
    EXPECT_TRUE(script.open(QIODevice::WriteOnly));
    script.write("#!/bin/sh\ncase \"$*\" in *--bisect*) cat <<'E'\n" + kTold +
                 "\nE\nexit;; esac\nexec " + program().toLocal8Bit() + " \"$@\"\n");
    script.close();
    script.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    return path;
  }

  static inline const QByteArray kTold = R"({"sides": [{"name": "before"}, {"name": "after"}],
    "deltas": [{"side": "after", "latency": {"verdict": "faster"}}],
    "fidelity": [{"side": "after", "verdict": "equal"}],
    "passes": [{"name": "fold-bn", "slowed_by": ["FuseConvBatchNorm@stem.norm"]}]})";
  QTemporaryDir folder_;
};

TEST_F(Bisect, ItsAnswerIsARowOfTheProblemsInFront) {
  window_ = std::make_unique<MainWindow>(theme_, toldProgram());
  window_->show();
  window_->activateWindow();
  ASSERT_TRUE(QTest::qWaitForWindowActive(window_.get()));
  open(sample());
  ASSERT_TRUE(described());
  QSignalSpy jumps(find<ProblemsPanel>(), &ProblemsPanel::operatorsSelected);
  QTest::keyClick(window_.get(), Qt::Key_F7, Qt::ShiftModifier);
  ASSERT_TRUE(wait([&] { return !state().working() && state().comparison; }));
  ASSERT_TRUE(state().comparison->bisected);
  auto* panel = find<ProblemsPanel>();
  EXPECT_TRUE(panel->isVisible());
  const int row = panel->table()->currentRow();
  ASSERT_GE(row, 0);
  EXPECT_TRUE(
      panel->table()->item(row, 1)->text().contains(QStringLiteral("FuseConvBatchNorm@stem.norm")));
  ASSERT_FALSE(jumps.empty());
  EXPECT_TRUE(jumps.last().first().toStringList().contains(QStringLiteral("stem.norm")));
  screenshot(QStringLiteral("bisect"));
}

TEST_F(Bisect, IsCancelledWithinASecond) {
  open(sample());
  ASSERT_TRUE(described());
  QTest::keyClick(window_.get(), Qt::Key_F7, Qt::ShiftModifier);
  ASSERT_EQ(state().phase, Phase::Measuring);
  QTest::qWait(300);
  QElapsedTimer clock;
  clock.start();
  QTest::keyClick(window_.get(), Qt::Key_Escape);
  ASSERT_TRUE(wait([&] { return !state().working(); }));
  EXPECT_LT(clock.elapsed(), 1000);
  EXPECT_TRUE(wait([&] { return childrenWith("--bisect").empty(); }));
}

}  // namespace
}  // namespace kasuri::app
