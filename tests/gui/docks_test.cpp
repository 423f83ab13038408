// The docks beside the graph show what the engine says, to the byte.
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDockWidget>
#include <QFile>
#include <QGuiApplication>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>

#include "app/charts/kernel_timeline.h"
#include "app/panels/advice_panel.h"
#include "app/panels/list_table.h"
#include "app/panels/matrix_panel.h"
#include "app/panels/problems_panel.h"
#include "app/panels/sides_panel.h"
#include "app/panels/time_panel.h"
#include "app/panels/verdict_header.h"
#include "app/panels/why_not_panel.h"
#include "tests/gui/window_fixture.h"

namespace kasuri::app {
namespace {

using Docks = WindowFixture;

TEST_F(Docks, MemoryIsTheSameToTheByteInWindowJsonAndReport) {
  open(sample());
  ASSERT_TRUE(described());
  measureQuickly();
  const QJsonObject json = QJsonDocument::fromJson(state().comparison->json.toUtf8()).object();
  const QTemporaryDir folder;
  const QString report = folder.filePath(QStringLiteral("r.html"));
  window_->document().exportTo(ExportKind::Report, report);
  ASSERT_TRUE(wait([&] { return QFile(report).size() > 0; }));
  QFile file(report);
  ASSERT_TRUE(file.open(QIODevice::ReadOnly));
  const QString html = QString::fromUtf8(file.readAll());
  for (int i = 0; i < 2; ++i) {
    const QJsonObject memory = json.value(QStringLiteral("sides"))
                                   .toArray()[i]
                                   .toObject()
                                   .value(QStringLiteral("memory"))
                                   .toObject();
    const MemoryInfo& planned = i == 0 ? state().before->memory : state().after->memory;
    const SideMemory& measured = state().comparison->sides[i].memory;
    const auto bytes = [&](const char* key) {
      return qint64(memory.value(QString::fromLatin1(key)).toDouble());
    };
    EXPECT_EQ(planned.arenaBytes, bytes("arena_bytes"));
    EXPECT_EQ(planned.lowerBoundBytes, bytes("arena_lower_bound_bytes"));
    EXPECT_EQ(planned.weightsBytes, bytes("weights_bytes"));
    EXPECT_EQ(planned.packedBytes, bytes("packed_weights_bytes"));
    EXPECT_EQ(planned.workspaceBytes, bytes("workspace_bytes"));
    EXPECT_EQ(measured.peakRss.value_or(-1), bytes("peak_rss_bytes"));
    for (const char* key :
         {"arena_bytes", "weights_bytes", "packed_weights_bytes", "peak_rss_bytes"})
      EXPECT_TRUE(html.contains(QString::number(bytes(key))))
          << key << ' ' << bytes(key) << " is not in the report to the byte";
  }
}

TEST_F(Docks, TimeShowsKernelsSamplesAndWhatTheInstrumentsCost) {
  open(sample());
  ASSERT_TRUE(described());
  measureQuickly();
  ASSERT_TRUE(wait([&] { return state().before->profile && state().after->profile; }));
  raise("timeDock");
  auto* panel = find<TimePanel>();
  EXPECT_TRUE(panel->summary().contains(QStringLiteral("first run")));
  EXPECT_TRUE(panel->summary().contains(QStringLiteral("overhead")));
  EXPECT_EQ(panel->timeline()->twin().rows.size(),
            state().before->steps.size() + state().after->steps.size());
  // Keys walk from kernel to kernel and take the other views along.
  panel->timeline()->setFocus();
  QSignalSpy chosen(panel, &TimePanel::operatorsSelected);
  QTest::keyClick(panel->timeline(), Qt::Key_Home);
  QTest::keyClick(panel->timeline(), Qt::Key_Right);
  ASSERT_EQ(chosen.size(), 2);
  EXPECT_EQ(chosen.last().first().toStringList(), state().before->steps[1].sources);
  screenshot(QStringLiteral("time"));
  auto* modes = find<QTabBar>("timeModes");
  for (int mode : {1, 2}) {
    modes->setCurrentIndex(mode);
    screenshot(QStringLiteral("time%1").arg(mode));
  }
}

TEST_F(Docks, NoColumnOfTheRunsIsCutAt1280) {
  window_->resize(1280, 800);
  raise("runsDock");
  auto* table = find<ListTable>("runTable");
  ASSERT_TRUE(wait([&] { return table->isVisible(); }));
  EXPECT_TRUE(
      wait([&] { return table->horizontalHeader()->length() <= table->viewport()->width(); }, 2000))
      << table->horizontalHeader()->length() << " px of columns in " << table->viewport()->width();
}

TEST_F(Docks, SidesShareOneRunAndRequirementsAreLines) {
  open(sample());
  ASSERT_TRUE(described());
  raise("sidesDock");
  auto* panel = find<SidesPanel>();
  EXPECT_EQ(panel->sides().first(), QStringLiteral("none:runtime=kasuri,passes=none,threads=1"));
  int streams = 0;
  while (panel->editor()->horizontalHeaderItem(streams)->text() != QStringLiteral("Streams"))
    ASSERT_LT(++streams, panel->editor()->columnCount()) << "no field for streams";
  panel->editor()->item(0, streams)->setText(QStringLiteral("2"));
  EXPECT_EQ(panel->sides().first(),
            QStringLiteral("none:runtime=kasuri,passes=none,threads=1,streams=2"));
  panel->editor()->item(0, streams)->setText({});
  raise("sidesDock");
  EXPECT_LE(
      panel->editor()->columnViewportPosition(streams) + panel->editor()->columnWidth(streams),
      panel->editor()->viewport()->width())
      << "seen at 1280 px";
  auto* line = find<QLineEdit>("requirements");
  line->setText(QStringLiteral("rss<=64GiB; median<=0.000001ms"));
  emit line->editingFinished();
  panel->addSide(QStringLiteral("two"), QStringLiteral("kasuri"), {});
  MeasureRequest request(MeasureKind::Quick);
  request.sides = panel->sides();
  window_->document().measure(request);
  ASSERT_EQ(state().phase, Phase::Measuring);
  ASSERT_TRUE(wait([&] { return !state().working(); }, kMeasureMs));
  ASSERT_TRUE(state().columns) << state().message.toStdString();
  EXPECT_EQ(panel->results()->rowCount(), 3);
  const QString told = find<QLabel>("sideVerdict")->text();
  EXPECT_TRUE(told.contains(QStringLiteral("✓ rss<=64GiB"))) << told.toStdString();
  EXPECT_TRUE(told.contains(QStringLiteral("× median<="))) << told.toStdString();
  screenshot(QStringLiteral("sides"));
  raise("problemsDock");
  auto* problems = find<ListTable>("problemTable");
  bool named = false;
  for (int row = 0; row < problems->rowCount(); ++row)
    named = named || problems->item(row, 1)->text().contains(QStringLiteral("Requirement not met"));
  EXPECT_TRUE(named);
  problems->setFocus();
  ASSERT_TRUE(wait([&] { return problems->hasFocus(); }));
  QTest::keyClick(window_.get(), Qt::Key_C, Qt::ControlModifier);
  EXPECT_TRUE(QGuiApplication::clipboard()->text().contains(QStringLiteral("Requirement not met")))
      << "errors can be copied";
  screenshot(QStringLiteral("problems"));
}

TEST_F(Docks, AdviceComesBeforeAnyRunAndIsJudgedAfterwards) {
  raise("adviceDock");
  open(sample());
  ASSERT_TRUE(described());
  ASSERT_TRUE(wait([&] { return state().advice.has_value(); }, kMeasureMs));
  EXPECT_FALSE(state().comparison);
  EXPECT_TRUE(find<VerdictHeader>()->plainText().contains(QStringLiteral("≈")));
  bool beside = false;
  for (const PassInfo& pass : state().model->passes) beside = beside || pass.estimateMs;
  EXPECT_TRUE(beside) << "estimates stand in the pass tree";
  measureQuickly();
  const QString told = find<QLabel>("adviceConclusion")->text();
  EXPECT_TRUE(told.contains(QStringLiteral("Estimated"))) << told.toStdString();
  screenshot(QStringLiteral("advice"));
}

TEST_F(Docks, TheChecklistTicksOffWhatWasShown) {
  raise("adviceDock");
  open(sample());
  ASSERT_TRUE(described());
  auto* list = find<ListTable>("checklist");
  const auto ticked = [&] {
    QStringList shown;
    for (int row = 0; row < list->rowCount(); ++row)
      if (list->item(row, 0)->text() == QStringLiteral("✓")) shown << list->item(row, 1)->text();
    return shown;
  };
  ASSERT_GE(list->rowCount(), 8);
  EXPECT_FALSE(ticked().contains(QStringLiteral("Requirement stated")));
  Target target = state().target;
  target.requirements = {QStringLiteral("cosine>=0.9"), QStringLiteral("rss<=64GiB")};
  window_->document().retarget(QStringLiteral("requirements"), target);
  EXPECT_TRUE(ticked().contains(QStringLiteral("Requirement stated")));
  EXPECT_FALSE(ticked().contains(QStringLiteral("Outputs checked")));
  measureQuickly();
  EXPECT_TRUE(ticked().contains(QStringLiteral("Outputs checked")));
  EXPECT_TRUE(ticked().contains(QStringLiteral("Requirement met")));
  EXPECT_FALSE(ticked().contains(QStringLiteral("Fits the target's memory")));
  find<QTabWidget>("adviceTabs")->setCurrentWidget(list);
  screenshot(QStringLiteral("checklist"));
}

TEST_F(Docks, ModelsOpenedBeforeAreInTheMenu) {
  open(sample());
  ASSERT_TRUE(described());
  auto* menu = find<QMenu>("recentMenu");
  ASSERT_NE(menu, nullptr);
  window_->activateWindow();
  QTest::keyClick(window_.get(), Qt::Key_H, Qt::ControlModifier);
  ASSERT_TRUE(wait([&] { return menu->isVisible(); }, 5000));
  menu->close();
  QAction* again = nullptr;
  for (QAction* action : menu->actions())
    if (action->text().endsWith(sample())) again = action;
  ASSERT_NE(again, nullptr);
  window_->openModel({});
  again->trigger();
  ASSERT_TRUE(described());
  EXPECT_EQ(state().model->path, sample());
}

TEST_F(Docks, WhyNotCountsWhatThePassesDeclined) {
  open(sample());
  ASSERT_TRUE(described());
  raise("whyNotDock");
  int declined = 0;
  for (const PassInfo& pass : state().model->passes)
    for (const RuleInfo& rule : pass.rules)
      for (const SiteInfo& site : rule.sites) declined += site.applied ? 0 : 1;
  auto* table = find<ListTable>("whyNotTable");
  int shown = 0;
  for (int row = 0; row < table->rowCount(); ++row) shown += table->item(row, 3)->text().toInt();
  EXPECT_EQ(shown, declined);
  screenshot(QStringLiteral("why_not"));
}

TEST_F(Docks, ExactOnlyLocksOutWhatRounds) {
  open(sample());
  ASSERT_TRUE(described());
  QTest::keyClick(window_.get(), Qt::Key_L, Qt::ControlModifier);
  EXPECT_TRUE(state().recipe.exactOnly);
  ASSERT_TRUE(described());
  for (const PassInfo& pass : state().model->passes)
    for (const RuleInfo& rule : pass.rules)
      for (const SiteInfo& site : rule.sites)
        EXPECT_TRUE(!site.applied || rule.fidelity == QStringLiteral("exact"))
            << rule.name.toStdString();
  QTest::keyClick(window_.get(), Qt::Key_Z, Qt::ControlModifier);
  EXPECT_FALSE(state().recipe.exactOnly);
  EXPECT_EQ(window_->document().recipe(), QStringLiteral("default"));
}

TEST_F(Docks, AMatrixHasACellPerCombination) {
  open(sample());
  ASSERT_TRUE(described());
  raise("matrixDock");
  auto* panel = find<MatrixPanel>();
  find<QCheckBox>("quickMatrix")->setChecked(true);
  find<QPushButton>("measureMatrix")->click();
  ASSERT_TRUE(panel->running());
  ASSERT_TRUE(wait([&] { return !panel->running(); }, kMeasureMs));
  ASSERT_EQ(panel->table()->rowCount(), 2);
  EXPECT_TRUE(panel->table()->item(1, 0)->text().contains(QStringLiteral("threads 2")));
  screenshot(QStringLiteral("matrix"));
}

TEST_F(Docks, AMatrixGoesOnAfterACellThatFails) {
  QTemporaryDir folder;
  const QString path = folder.filePath(QStringLiteral("dynamic.ktxt"));
  QFile file(path);
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  file.write(R"(graph "dynamic" {
  opset "" 17
  input %x : float32["rows",64]
  input %z : float32[4,64]
  %a = Add(%x, %z)
  output "y" = %a
}
)");
  file.close();
  window_->openModel(path);
  ASSERT_TRUE(wait([&] { return state().after || state().phase == Phase::Failed; }));
  ASSERT_TRUE(state().after) << state().message.toStdString();
  raise("matrixDock");
  auto* panel = find<MatrixPanel>();
  find<QCheckBox>("quickMatrix")->setChecked(true);
  const auto fields = panel->findChildren<QLineEdit*>();
  ASSERT_EQ(fields.size(), 2);
  fields[0]->setText(QStringLiteral("rows=4,3"));
  fields[1]->setText(QStringLiteral("1"));
  find<QPushButton>("measureMatrix")->click();
  ASSERT_TRUE(wait([&] { return !panel->running(); }, kMeasureMs));
  ASSERT_EQ(panel->table()->rowCount(), 2);
  EXPECT_FALSE(panel->table()->item(0, 3)->text().contains(QStringLiteral("failed")));
  EXPECT_TRUE(panel->table()->item(1, 3)->text().contains(QStringLiteral("failed")));
}

TEST_F(Docks, EverythingHasAnAccessibleName) {
  open(sample());
  for (QWidget* widget : window_->findChildren<QWidget*>()) {
    if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible()) continue;
    const bool named = !widget->accessibleName().isEmpty() ||
                       qobject_cast<QTabBar*>(widget) != nullptr ||
                       qobject_cast<QAbstractButton*>(widget) != nullptr ||
                       qobject_cast<QLabel*>(widget) != nullptr ||
                       // What the screen reader falls back to.
                       !widget->property("placeholderText").toString().isEmpty() ||
                       widget->objectName().startsWith(QStringLiteral("qt_"));
    EXPECT_TRUE(named || widget->parentWidget()->accessibleName().size() > 0)
        << widget->metaObject()->className() << ' ' << widget->objectName().toStdString();
  }
}

}  // namespace
}  // namespace kasuri::app
