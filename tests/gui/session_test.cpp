// The session: runs with names, saved and opened again, recovered after a crash, the model's file
// watched.
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QDropEvent>
#include <QFile>
#include <QJsonDocument>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>

#include "app/charts/memory_timeline.h"
#include "app/graph/graph_canvas.h"
#include "app/panels/graph_pane.h"
#include "app/panels/list_table.h"
#include "app/panels/operators_panel.h"
#include "app/panels/start_page.h"
#include "tests/gui/window_fixture.h"

namespace kasuri::app {
namespace {

using Session = WindowFixture;

TEST_F(Session, KeepsRunsTogglesAndTarget) {
  const QTemporaryDir folder;
  const QString file = folder.filePath(QStringLiteral("a.kasuri"));
  open(sample());
  ASSERT_TRUE(described());
  measureQuickly();
  window_->document().toggle(QStringLiteral("fuse"), false);
  ASSERT_TRUE(described());
  measureQuickly();
  ASSERT_EQ(window_->runs().runs().size(), 2);
  window_->runs().rename(0, QStringLiteral("as it was"));
  window_->runs().rename(1, QStringLiteral("as it was"));
  EXPECT_NE(window_->runs().runs()[1].name, QStringLiteral("as it was")) << "names are unique";
  const ComparisonInfo kept = window_->runs().runs()[1].result;
  ASSERT_TRUE(window_->keeper().save(file));
  const QString recipe = window_->document().recipe();

  window_ = std::make_unique<MainWindow>(theme_, program());
  window_->show();
  window_->openModel(file);
  ASSERT_TRUE(described()) << state().message.toStdString();
  EXPECT_EQ(window_->document().recipe(), recipe);
  ASSERT_EQ(window_->runs().runs().size(), 2);
  EXPECT_EQ(window_->runs().runs()[0].name, QStringLiteral("as it was"));
  const ComparisonInfo& again = window_->runs().runs()[1].result;
  EXPECT_EQ(again.latency.afterMs, kept.latency.afterMs);
  EXPECT_EQ(again.sides[1].memory.arena, kept.sides[1].memory.arena);
  EXPECT_EQ(QJsonDocument::fromJson(again.json.toUtf8()),
            QJsonDocument::fromJson(kept.json.toUtf8()));

  // Any two runs: what can be compared is, what was measured apart is not.
  raise("runsDock");
  auto* table = find<ListTable>("runTable");
  table->selectAll();
  const QString told = find<QLabel>("runDifference")->text();
  EXPECT_TRUE(told.contains(QStringLiteral("planned arena"))) << told.toStdString();
  EXPECT_TRUE(told.contains(QStringLiteral("no ratio"))) << told.toStdString();
  screenshot(QStringLiteral("runs"));
  bool enough = false;  // blocks for a result
  QObject::connect(&window_->document(), &Document::progressed, window_.get(),
                   [&](const QString& what) {
                     enough = enough || (what.startsWith(QStringLiteral("Block ")) &&
                                         what.section(QLatin1Char(' '), 1, 1).toInt() > 9);
                   });
  find<QPushButton>("measureTogether")->click();
  ASSERT_EQ(state().phase, Phase::Measuring);
  ASSERT_TRUE(wait([&] { return enough || !state().working(); }, kMeasureMs));
  window_->document().cancel();
  ASSERT_TRUE(wait([&] { return !state().working(); }, kMeasureMs));
  ASSERT_TRUE(state().columns) << state().message.toStdString();
  EXPECT_EQ(state().columns->sides[1].name, QStringLiteral("B"));
}

TEST_F(Session, KeepsHowTheViewsLook) {
  const QTemporaryDir folder;
  const QString file = folder.filePath(QStringLiteral("l.kasuri"));
  open(sample());
  ASSERT_TRUE(described());
  auto* pane = find<GraphPane>();
  ASSERT_TRUE(wait([&] { return pane->front()->graph() != nullptr; }));
  pane->setView(GraphView::Split);
  pane->setHeat(HeatKind::Bytes);
  emit pane->front()->foldRequested(pane->front()->graph()->frames.first().path, true);
  ASSERT_TRUE(wait([&] {
    return pane->pictures().aligned &&
           pane->pictures().of(Side::After).scale.kind == HeatKind::Bytes &&
           !pane->pictures().of(Side::After).folds.folded.isEmpty();
  }));
  const FoldState folds = pane->pictures().of(Side::After).folds;
  find<MemoryTimeline>()->setMode(MemoryMode::Arena);
  find<OperatorsPanel>()->setFilter(QStringLiteral("conv"));
  find<QCheckBox>("groupAlike")->setChecked(true);
  emit pane->operatorsSelected(state().after->steps[2].sources);
  QTest::keyClick(window_.get(), Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
  const QString words = find<QLabel>("filterWords")->text();
  ASSERT_TRUE(window_->keeper().save(file));

  window_ = std::make_unique<MainWindow>(theme_, program());
  window_->show();
  window_->openModel(file);
  ASSERT_TRUE(described());
  pane = find<GraphPane>();
  EXPECT_TRUE(wait(
      [&] { return pane->pictures().aligned && pane->pictures().of(Side::After).folds == folds; }));
  EXPECT_EQ(find<QTabBar>("sideTabs")->currentIndex(), int(GraphView::Split));
  EXPECT_EQ(find<QComboBox>("heatBox")->currentIndex(), int(HeatKind::Bytes));
  EXPECT_EQ(find<MemoryTimeline>()->mode(), MemoryMode::Arena);
  EXPECT_EQ(find<OperatorsPanel>()->filter(), QStringLiteral("conv"));
  EXPECT_TRUE(find<QCheckBox>("groupAlike")->isChecked());
  EXPECT_TRUE(find<QLabel>("filterWords")->isVisible());
  EXPECT_EQ(find<QLabel>("filterWords")->text(), words);
}

TEST_F(Session, RefusesWhatIsNone) {
  const QTemporaryDir folder;
  const QString file = folder.filePath(QStringLiteral("b.kasuri"));
  QSignalSpy problems(&window_->keeper(), &SessionKeeper::problem);
  for (const QByteArray& text : {QByteArray(), QByteArray("{"), QByteArray("[1,2]"),
                                 QByteArray(R"({"format":"kasuri-session","version":0})")}) {
    QFile out(file);
    ASSERT_TRUE(out.open(QIODevice::WriteOnly));
    out.write(text);
    out.close();
    window_->openModel(file);
  }
  EXPECT_EQ(problems.size(), 4);
  EXPECT_EQ(state().phase, Phase::Empty);
  // A later version is read as far as it is known.
  QFile out(file);
  ASSERT_TRUE(out.open(QIODevice::WriteOnly));
  out.write(QStringLiteral(R"({"format":"kasuri-session","version":9,"new":1,)"
                           R"("model":{"path":"%1"},"recipe":{"off":["fuse"]}})")
                .arg(sample())
                .toUtf8());
  out.close();
  window_->openModel(file);
  ASSERT_TRUE(described());
  EXPECT_EQ(window_->document().recipe(), QStringLiteral("default,-fuse"));
}

TEST_F(Session, IsOfferedAgainAfterACrash) {
  open(sample());
  ASSERT_TRUE(described());
  window_->document().toggle(QStringLiteral("layout"), false);
  ASSERT_TRUE(described());
  const QString folder =
      QString::fromLocal8Bit(qgetenv("XDG_CONFIG_HOME")) + QStringLiteral("/kasuri/sessions/");
  const auto saved = [&] {
    return QDir(folder).entryList({QStringLiteral("open-*.kasuri")}, QDir::Files);
  };
  ASSERT_TRUE(wait([&] { return !saved().isEmpty(); }, 5000)) << "saved by itself";
  EXPECT_TRUE(SessionKeeper::leftBehind().isEmpty()) << "its window still lives";
  QTest::qWait(1700);
  ASSERT_TRUE(
      QFile::copy(folder + saved().first(), folder + QStringLiteral("open-999999999-1.kasuri")));
  window_.reset();
  EXPECT_EQ(saved().size(), 1) << "an orderly end leaves nothing behind";
  window_ = std::make_unique<MainWindow>(theme_, program());
  window_->show();
  auto* go = find<QPushButton>("recoverSession");
  ASSERT_TRUE(go->isVisible());
  go->click();
  ASSERT_TRUE(described()) << state().message.toStdString();
  EXPECT_EQ(window_->document().recipe(), QStringLiteral("default,-layout"));
  EXPECT_TRUE(SessionKeeper::leftBehind().isEmpty());
}

TEST_F(Session, FollowsTheFileAndTakesWhatIsDropped) {
  const QTemporaryDir folder;
  const QString path = folder.filePath(QStringLiteral("m.ktxt"));
  const auto write = [&](const char* op) {
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(QByteArray("graph \"m\" {\n  opset \"\" 17\n  input %x : float32[8,64]\n  %a = ") +
               op + "(%x)\n  output \"y\" = %a\n}\n");
  };
  write("Relu");
  QMimeData mime;
  mime.setUrls({QUrl::fromLocalFile(path)});
  QDropEvent drop(QPointF(100, 100), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
  QDragEnterEvent enter(QPoint(100, 100), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(window_.get(), &enter);
  EXPECT_TRUE(enter.isAccepted());
  QApplication::sendEvent(window_.get(), &drop);
  ASSERT_TRUE(described()) << state().message.toStdString();
  EXPECT_EQ(state().model->operators.first().type, QStringLiteral("Relu"));
  QSignalSpy notices(&window_->keeper(), &SessionKeeper::noticed);
  write("Sigmoid");
  ASSERT_TRUE(wait([&] {
    return state().model && state().after &&
           state().model->operators.first().type == QStringLiteral("Sigmoid");
  }));
  EXPECT_EQ(notices.size(), 1);
}

}  // namespace
}  // namespace kasuri::app
