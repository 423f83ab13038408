// The musts that a measurement shows: 2, 3, 5, 7, 12 to 15, 17.
#include <QClipboard>
#include <QComboBox>
#include <QElapsedTimer>
#include <QFile>
#include <QGuiApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QStatusBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include "app/graph/graph_canvas.h"
#include "app/graph/hover_card.h"
#include "app/models/operator_table_model.h"
#include "app/panels/operators_panel.h"
#include "app/panels/verdict_header.h"
#include "app/session/problems.h"
#include "app/session/units.h"
#include "tests/gui/musts_fixture.h"

namespace kasuri::app {
namespace {

QByteArray contentOf(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QJsonObject jsonOf(const DocumentState& state) {
  return QJsonDocument::fromJson(state.comparison->json.toUtf8()).object();
}

QJsonObject sideOf(const DocumentState& state, int side) {
  return jsonOf(state).value(QStringLiteral("sides")).toArray()[side].toObject();
}

TEST_F(Musts, N02_SaysOnWhatItWasMeasured) {
  const QJsonObject environment =
      sideOf(state(), 0).value(QStringLiteral("environment")).toObject();
  const QString cpu = environment.value(QStringLiteral("cpu")).toString();
  ASSERT_FALSE(cpu.isEmpty());
  emit window().document().changed();  // the line that an export wrote goes
  QString status;
  for (const QLabel* label : window().statusBar()->findChildren<QLabel*>()) status += label->text();
  EXPECT_TRUE(status.contains(cpu)) << status.toStdString();
  EXPECT_TRUE(find<QComboBox>("targetBox")->currentText().contains(QStringLiteral("1 thread")));
  const QString page = QString::fromUtf8(contentOf(exported(ExportKind::Report, "on.html")));
  const SideInfo& side = state().comparison->sides[0];
  for (const QString& fact :
       {cpu.toHtmlEscaped(), QStringLiteral("Governor"), QStringLiteral("float32[1,3,224,224]"),
        QStringLiteral("Warm-up"),
        QStringLiteral("%1 blocks, %2 runs").arg(state().comparison->blocks).arg(side.samples)})
    EXPECT_TRUE(page.contains(fact)) << fact.toStdString();
}

TEST_F(Musts, N03_InterleavedWithAnIntervalAndOneOfFourVerdicts) {
  const ComparisonInfo& c = *state().comparison;
  EXPECT_GE(c.blocks, 9);
  EXPECT_EQ(c.beforeSamples.size(), c.afterSamples.size()) << "blocks are paired";
  EXPECT_LT(c.latency.ratioLow, c.latency.ratioHigh);
  const QStringList kWords{QStringLiteral("faster"), QStringLiteral("slower"),
                           QStringLiteral("same"), QStringLiteral("undecided")};
  ASSERT_TRUE(kWords.contains(c.latency.verdict)) << c.latency.verdict.toStdString();
  const QString told = find<VerdictHeader>()->plainText();
  EXPECT_TRUE(told.contains(QStringLiteral("99 %"))) << told.toStdString();
  EXPECT_TRUE(told.contains(c.latency.verdict, Qt::CaseInsensitive)) << told.toStdString();
  const double ratio =
      jsonOf(state())
          .value(QStringLiteral("deltas"))[0][QStringLiteral("latency")][QStringLiteral("ratio")]
          .toDouble();
  EXPECT_EQ(c.latency.ratio, ratio);
  EXPECT_GE(ratio, c.latency.ratioLow) << "what is shown lies in its interval";
  EXPECT_LE(ratio, c.latency.ratioHigh);
  VerdictState doubtful = find<VerdictHeader>()->state();
  doubtful.comparison->latency.verdict = QStringLiteral("undecided");
  VerdictHeader header(theme_);
  header.setState(doubtful);
  EXPECT_TRUE(header.plainText().contains(QStringLiteral("? Undecided")));
}

TEST_F(Musts, N05_OutputsAreCheckedAndAPassThatBreaksThemIsNamed) {
  const ComparisonInfo& c = *state().comparison;
  EXPECT_EQ(c.outputsChecked, state().model->outputs.size());
  EXPECT_TRUE(c.fidelity == QStringLiteral("equal") ||
              c.fidelity == QStringLiteral("within_tolerance"));
  EXPECT_TRUE(find<VerdictHeader>()->plainText().contains(QStringLiteral("1 of 1 max abs")));
  // A weight that carries an amplification of a million loses what it amplifies.
  const QTemporaryDir own;
  QFile file(own.filePath(QStringLiteral("fragile.ktxt")));
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  file.write(R"(graph "fragile" {
  opset "" 17
  input %x : float32[1,1,32,32]
  const %tiny = float32[] {1e-06}
  const %one = float32[] {1}
  const %weight = float32[1,1,1,1] {0.3}
  const %scale = float32[1] {1}
  const %shift = float32[1] {0}
  const %mean = float32[1] {0.3}
  const %variance = float32[1] {1e-12}
  %small = Mul(%x, %tiny)
  %near_one = Add(%small, %one)
  %conv = Conv(%near_one, %weight) {dilations=[1,1], group=1, kernel_shape=[1,1], pads=[0,0,0,0], strides=[1,1]}
  %norm = BatchNormalization(%conv, %scale, %shift, %mean, %variance) {epsilon=1e-12}
  output "y" = %norm
}
)");
  file.close();
  MainWindow other(theme_, program());
  other.openModel(file.fileName());
  ASSERT_TRUE(described(other));
  const DocumentState& fragile = other.document().state();
  other.document().measure(MeasureKind::Quick);
  ASSERT_TRUE(wait([&] { return !fragile.working(); }, kMeasureMs));
  ASSERT_TRUE(fragile.comparison) << fragile.message.toStdString();
  EXPECT_EQ(fragile.comparison->sides[1].blocked, QStringList{QStringLiteral("fold-bn")});
  QStringList told;
  for (const ProblemInfo& problem : problemsOf(fragile)) told << problem.what;
  EXPECT_TRUE(told.contains(QStringLiteral("Pass fold-bn breaks outputs and was left out")))
      << told.join(QLatin1Char('\n')).toStdString();
  // Where nothing can be left out, there is no word of a gain.
  VerdictState broken = find<VerdictHeader>()->state();
  broken.comparison->fidelity = QStringLiteral("broken");
  broken.comparison->latency.verdict = QStringLiteral("faster");
  VerdictHeader header(theme_);
  header.setState(broken);
  const QString first = header.plainText().section(QLatin1Char('\n'), 0, 0);
  EXPECT_TRUE(first.contains(QStringLiteral("× Outputs differ"))) << first.toStdString();
  EXPECT_FALSE(first.contains(QStringLiteral("Faster")) || first.contains(QLatin1Char('%')));
}

TEST_F(Musts, N07_EveryKindOfMemoryHasItsNameAndFigure) {
  const QString figures = find<QLabel>("memoryFigures")->text();
  const QJsonObject memory = sideOf(state(), 1).value(QStringLiteral("memory")).toObject();
  for (const auto& [name, key] : {std::pair("planned arena", "arena_bytes"),
                                  {"lower bound", "arena_lower_bound_bytes"},
                                  {"weights", "weights_bytes"},
                                  {"packed copies", "packed_weights_bytes"},
                                  {"workspace", "workspace_bytes"},
                                  {"process RSS, peak", "peak_rss_bytes"}}) {
    EXPECT_TRUE(figures.contains(QString::fromLatin1(name))) << name;
    const qint64 bytes = qint64(memory.value(QString::fromLatin1(key)).toDouble());
    EXPECT_TRUE(figures.contains(formatBytes(bytes)))
        << name << ' ' << bytes << " in " << figures.toStdString();
  }
  EXPECT_TRUE(figures.contains(QStringLiteral("device")));
  const QString told = find<VerdictHeader>()->plainText();
  EXPECT_TRUE(told.contains(QStringLiteral("Planned arena peak")));
  EXPECT_TRUE(told.contains(QStringLiteral("Process RSS peak")));
}

TEST_F(Musts, N12_HeatHasALegendAndTheNumberOnHover) {
  auto* box = find<QComboBox>("heatBox");
  auto* canvas = find<GraphCanvas>("graphCanvas");
  ASSERT_EQ(box->count(), 5);  // the last is a foreign profile, while one is laid over the graph
  ASSERT_TRUE(wait([&] { return canvas->graph() != nullptr; }));
  for (const char* unit : {"MiB", "%", "ms", "ms"}) {
    box->setCurrentIndex((box->currentIndex() + 1) % 4);
    const auto shown = [&] {
      const auto items = canvas->graph()->items;
      return std::any_of(items.begin(), items.end(), [&](const GraphItem& item) {
        return item.heat && item.heatUnit == QString::fromLatin1(unit);
      });
    };
    EXPECT_TRUE(wait(shown)) << unit;
  }
  const auto items = canvas->graph()->items;
  const auto hot =
      std::find_if(items.begin(), items.end(), [](const GraphItem& item) { return item.heat; });
  ASSERT_NE(hot, items.end());
  auto* hover = canvas->findChild<HoverCard*>();
  hover->rest(*hot, {40, 40});
  EXPECT_TRUE(hover->plainText().contains(hot->heatText)) << hover->plainText().toStdString();
  hover->leave();
}

TEST_F(Musts, N13_TheTableSortsFiltersCopiesAndIsWrittenAsCsv) {
  auto* panel = find<OperatorsPanel>();
  const OperatorTableModel& model = *panel->model();
  QStringList heads;
  for (int c = 0; c < model.columnCount(); ++c)
    heads << model.headerData(c, Qt::Horizontal, Qt::DisplayRole).toString();
  for (const char* head :
       {"Calls", "Before ms", "After ms", "p90 ms", "Share %", "MiB moved", "GFLOP/s", "Backend"})
    EXPECT_TRUE(heads.contains(QString::fromLatin1(head))) << head;
  auto* table = find<QTableView>("operatorTable");
  const auto key = [&](int row) {
    return table->model()
        ->index(row, OperatorTableModel::After)
        .data(OperatorTableModel::SortRole)
        .toDouble();
  };
  table->sortByColumn(OperatorTableModel::After, Qt::DescendingOrder);
  for (int row = 1; row < table->model()->rowCount(); ++row) EXPECT_GE(key(row - 1), key(row));
  panel->setFilter(QStringLiteral("Conv"));
  EXPECT_GT(table->model()->rowCount(), 5);
  EXPECT_LT(table->model()->rowCount(), model.rowCount());
  panel->setFilter({});
  table->setFocus();
  press(Qt::Key_C, Qt::ControlModifier);
  const QStringList copied = QGuiApplication::clipboard()->text().split(QLatin1Char('\n'));
  EXPECT_EQ(copied.size(), model.rowCount() + 2);
  EXPECT_TRUE(copied.first().startsWith(QStringLiteral("Operator\tType")));
  const QTemporaryDir own;
  const QString path = own.filePath(QStringLiteral("operators.csv"));
  EXPECT_EQ(panel->writeCsv(path), QString());
  const QByteArray csv = contentOf(path);
  EXPECT_TRUE(csv.startsWith("\xEF\xBB\xBFOperator,Type"));
  EXPECT_EQ(csv.count("\r\n"), model.rowCount() + 1);
  ASSERT_TRUE(state().after->steps.first().medianMs);
  const QByteArray exact = QByteArray::number(*state().after->steps.first().medianMs, 'g', 12);
  EXPECT_TRUE(csv.contains(',' + exact + ',')) << "numbers are not rounded for the eye";
  EXPECT_FALSE(panel->writeCsv(own.filePath(QStringLiteral("no/such.csv"))).isEmpty());
}

TEST_F(Musts, N14_TheReportIsOneFileThatSaysHowItWasMade) {
  const QString page = QString::fromUtf8(contentOf(exported(ExportKind::Report, "r.html")));
  for (const char* outside : {"http:", "https:", "src=", "href=", "url(", "@import", "<script"})
    EXPECT_FALSE(page.contains(QString::fromLatin1(outside))) << outside;
  EXPECT_TRUE(page.contains(QStringLiteral("size: A4")));
  EXPECT_TRUE(page.contains(QStringLiteral("lang=\"en\"")));
  EXPECT_TRUE(page.contains(state().comparison->command.toHtmlEscaped().section(u' ', 0, 1)));
  for (const SideInfo& side : state().comparison->sides)
    EXPECT_TRUE(page.contains(QStringLiteral(">%1<").arg(formatMs(*side.medianMs))))
        << formatMs(*side.medianMs).toStdString();
  EXPECT_EQ(QJsonDocument::fromJson(contentOf(exported(ExportKind::Json, "r.json"))).object(),
            jsonOf(state()));
}

TEST_F(Musts, N15_TheWindowGivesTheCommandLineThatDoesTheSame) {
  press(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
  const QString command = QGuiApplication::clipboard()->text();
  EXPECT_TRUE(command.contains(QStringLiteral(" compare "))) << command.toStdString();
  EXPECT_TRUE(command.contains(QFileInfo(network()).fileName())) << command.toStdString();
  EXPECT_TRUE(command.contains(QStringLiteral("--after default"))) << command.toStdString();
}

TEST_F(Musts, N17_LongWorkTellsHowLongAndWhatWasCutShortIsCalledPartial) {
  MainWindow other(theme_, program());
  other.openModel(network());
  ASSERT_TRUE(described(other));
  const DocumentState& cut = other.document().state();
  QString told;
  bool enough = false;
  QObject::connect(
      &other.document(), &Document::progressed, &other, [&](const QString& what, double share) {
        told = what;
        const int block = what.section(u' ', 1, 1).toInt();
        enough = enough ||
                 (what.startsWith(QStringLiteral("Block")) && block > 9 && share > 0 && share < 1);
      });
  other.document().measure(MeasureKind::Full);
  ASSERT_TRUE(wait([&] { return enough; }, kMeasureMs)) << told.toStdString();
  EXPECT_TRUE(told.contains(QStringLiteral(" s left"))) << told.toStdString();
  QElapsedTimer clock;
  clock.start();
  other.document().cancel();
  ASSERT_TRUE(wait([&] { return !cut.working(); }));
  EXPECT_LE(clock.elapsed(), 1000);
  ASSERT_TRUE(cut.comparison) << cut.message.toStdString();
  EXPECT_TRUE(cut.comparison->partial);
  EXPECT_GE(cut.comparison->blocks, 9);
  EXPECT_TRUE(other.findChild<VerdictHeader*>()->plainText().contains(QStringLiteral("Partial")));
}

}  // namespace
}  // namespace kasuri::app
