#include <gtest/gtest.h>

#include <QAction>
#include <QCheckBox>
#include <QHeaderView>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMenu>
#include <QTableView>
#include <QTest>
#include <QToolButton>

#include "app/graph/alike_kernels.h"
#include "app/models/operator_filter.h"
#include "app/models/operator_table_model.h"
#include "app/panels/operators_panel.h"
#include "app/session/engine_json.h"
#include "tests/gui/decoder_model.h"

namespace kasuri::app {
namespace {

QJsonObject objectFrom(const char* json) { return QJsonDocument::fromJson(json).object(); }

/// A loop of one body with an If inside.
const char* kPlan = R"({"hash": "0", "steps": [
  {"name": "relu", "op": "Relu", "sources": ["relu"]},
  {"name": "loop", "op": "Loop", "sources": ["loop"], "bodies": [{"name": "body", "steps": [
    {"name": "add", "op": "Add", "sources": ["add"]},
    {"name": "if", "op": "If", "sources": ["if"], "bodies": [
      {"name": "then_branch", "steps": [{"name": "exp", "op": "Exp", "backend": "cpu"}]}]}]}]}]})";

const char* kProfile = R"({"steps": [
  {"name": "relu", "op": "Relu", "median_ms": 1},
  {"name": "loop", "op": "Loop", "median_ms": 3, "bodies": [{"name": "body", "steps": [
    {"name": "add", "op": "Add", "median_ms": 0.5},
    {"name": "if", "op": "If", "median_ms": 2, "bodies": [
      {"name": "then_branch", "steps": [
        {"name": "exp", "op": "Exp", "median_ms": 1.5, "backend": "cpu"}]}]}]}]}]})";

QString column(const OperatorTableModel& model, int row, int column) {
  return model.data(model.index(row, column), Qt::DisplayRole).toString();
}

TEST(OperatorTable, LoopsAreFollowedByTheStepsOfTheirBodies) {
  auto plan = std::make_shared<PlanInfo>(planFrom(objectFrom(kPlan)));
  addTimes(*plan, objectFrom(kProfile));
  OperatorTableModel model;
  model.setPlans(nullptr, plan);
  ASSERT_EQ(model.rowCount(), 5);
  const QStringList names{QStringLiteral("relu"), QStringLiteral("loop"),
                          QStringLiteral("loop / body / add"), QStringLiteral("loop / body / if"),
                          QStringLiteral("loop / body / if / then_branch / exp")};
  for (int row = 0; row < names.size(); ++row)
    EXPECT_EQ(column(model, row, OperatorTableModel::Name), names[row]);
  EXPECT_EQ(column(model, 1, OperatorTableModel::Share), QStringLiteral("75.0"));
  EXPECT_EQ(column(model, 4, OperatorTableModel::Share), QStringLiteral("37.5"));
  EXPECT_EQ(column(model, 4, OperatorTableModel::Backend), QStringLiteral("cpu"));
  EXPECT_EQ(model.data(model.index(4, 0), OperatorTableModel::OperatorsRole).toStringList(),
            QStringList{QStringLiteral("loop")});
}

/// `blocks` layers of a MatMul and a Softmax behind an embedding.
std::shared_ptr<PlanInfo> layers(int blocks) {
  auto plan = std::make_shared<PlanInfo>();
  plan->hash = QStringLiteral("h");
  const auto add = [&](const QString& name, const char* title) {
    StepInfo step;
    step.name = name;
    step.title = QString::fromLatin1(title);
    step.sources = QStringList{name};
    step.medianMs = 1 + double(plan->steps.size());
    step.p90Ms = 9;
    plan->steps.append(step);
  };
  add(QStringLiteral("embed"), "MatMul");
  for (int b = 0; b < blocks; ++b) {
    add(QStringLiteral("layer.%1/mm").arg(b), "MatMul");
    add(QStringLiteral("layer.%1/sm_%2").arg(b).arg(7 * b), "Softmax");
  }
  return plan;
}

TEST(OperatorTable, KernelsOfAlikeBlocksAreOneRowWithTheirSums) {
  const std::shared_ptr<PlanInfo> plan = layers(3);
  OperatorTableModel model;
  model.setGrouped(true);
  model.setPlans(nullptr, plan);
  EXPECT_EQ(model.rowCount(), 7) << "which blocks are alike is not known yet";
  const QVector<int> alike{0, 1, 2, 1, 2, 1, 2};
  model.setBlocks(QStringLiteral("another plan"), alike);
  EXPECT_EQ(model.rowCount(), 7);
  model.setBlocks(plan->hash, alike);
  ASSERT_EQ(model.rowCount(), 3) << "the embedding is a MatMul, too, but in no block";
  EXPECT_EQ(column(model, 0, OperatorTableModel::Calls), QStringLiteral("1"));
  EXPECT_EQ(column(model, 1, OperatorTableModel::Calls), QStringLiteral("×3"));
  EXPECT_EQ(column(model, 1, OperatorTableModel::Name), QStringLiteral("layer.0–2/mm"));
  EXPECT_EQ(column(model, 2, OperatorTableModel::Name), QStringLiteral("layer.0/sm_0 …"));
  EXPECT_EQ(model.data(model.index(1, OperatorTableModel::After), OperatorTableModel::SortRole),
            2 + 4 + 6);
  EXPECT_EQ(model.data(model.index(1, 0), OperatorTableModel::OperatorsRole).toStringList().size(),
            3);
  EXPECT_EQ(column(model, 1, OperatorTableModel::P90), QStringLiteral("–")) << "of a sum";
  EXPECT_EQ(model.data(model.index(1, 0), OperatorTableModel::SumRole).toList().value(2), 3);
  OperatorFilter filter;
  filter.setSourceModel(&model);
  filter.setFilterFixedString(QStringLiteral("layer.1/"));
  EXPECT_EQ(filter.rowCount(), 2) << "rows that hold kernels of that block";
  model.setPlans(nullptr, plan);
  EXPECT_EQ(model.rowCount(), 3) << "another profile stays grouped";
  EXPECT_TRUE(model.asCsv().contains(QStringLiteral("layer.0–2/mm,MatMul,3,"))) << "plain numbers";
  model.setGrouped(false);
  EXPECT_EQ(model.rowCount(), 7);
}

TEST(OperatorTable, BlocksAreThoseOfTheGraph) {
  const GraphContent content = contentOfOperators(tests::decoder_model(12, 60));
  const QVector<int> alike = alikeItems(content);
  ASSERT_EQ(alike.size(), content.items.size());
  QHash<int, int> repeats;
  for (int item = 0; item < alike.size(); ++item) {
    EXPECT_LE(alike[item], item);
    EXPECT_EQ(content.items[alike[item]].type, content.items[item].type);
    ++repeats[alike[item]];
  }
  int often = 0;
  for (int count : repeats) often += count >= 11 ? count : 0;
  EXPECT_GT(often, 11 * 50) << "nearly all of eleven blocks of sixty";
  EXPECT_EQ(alike[0], 0);
  EXPECT_EQ(repeats[0], 1) << "the mask stands alone";
}

TEST(OperatorTable, FidelityIsTheWeakestPromiseOfWhatMadeTheKernel) {
  const auto site = [](const char* node, bool applied) {
    return SiteInfo{QString::fromLatin1(node), applied, {}, {QString::fromLatin1(node)}};
  };
  PassInfo fuse, cast;
  fuse.rules = {{QStringLiteral("A"), {}, QStringLiteral("exact"), {site("embed", true)}},
                {QStringLiteral("B"),
                 {},
                 QStringLiteral("reassociates"),
                 {site("layer.0/mm", true), site("embed", false)}}};
  cast.rules = {
      {QStringLiteral("C"), {}, QStringLiteral("approximate"), {site("layer.0/sm_0", true)}}};
  OperatorTableModel model;
  model.setPlans(nullptr, layers(1));
  EXPECT_EQ(column(model, 0, OperatorTableModel::Fidelity), QStringLiteral("–"));
  model.setPasses({fuse, cast});
  EXPECT_EQ(column(model, 0, OperatorTableModel::Fidelity), QStringLiteral("= exact"))
      << "what was declined made nothing";
  EXPECT_EQ(column(model, 1, OperatorTableModel::Fidelity), QStringLiteral("≈ rounding"));
  EXPECT_EQ(column(model, 2, OperatorTableModel::Fidelity), QStringLiteral("~ approximate"));
}

TEST(OperatorTable, OptionalColumnsAreShownWhenAskedForAndKept) {
  const Theme theme = Theme::load(Theme::Appearance::Light);
  OperatorsPanel panel(theme);
  panel.model()->setPlans(nullptr, layers(2));
  auto* table = panel.findChild<QTableView*>(QStringLiteral("operatorTable"));
  EXPECT_TRUE(panel.findChild<QCheckBox*>(QStringLiteral("groupAlike"))->isChecked());
  EXPECT_FALSE(table->isColumnHidden(OperatorTableModel::Share));
  EXPECT_TRUE(table->isColumnHidden(OperatorTableModel::Fidelity));
  auto* button = panel.findChild<QToolButton*>(QStringLiteral("operatorColumns"));
  ASSERT_NE(button, nullptr);
  EXPECT_EQ(button->menu()->actions().size(), 6);
  const auto head = [&](int column) {
    return table->model()->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
  };
  EXPECT_EQ(head(OperatorTableModel::After), QStringLiteral("After ms ▾"));
  panel.resize(1000, 300);
  panel.show();
  QTest::mouseClick(table->horizontalHeader()->viewport(), Qt::LeftButton, Qt::NoModifier,
                    {table->columnViewportPosition(OperatorTableModel::Calls) + 20, 8});
  EXPECT_TRUE(head(OperatorTableModel::Calls).endsWith(QStringLiteral(" ▴")));
  EXPECT_EQ(head(OperatorTableModel::After), QStringLiteral("After ms"));
  button->menu()->actions().last()->trigger();
  EXPECT_FALSE(table->isColumnHidden(OperatorTableModel::Fidelity));
  const QJsonObject kept = static_cast<KeepsLook&>(panel).look();
  OperatorsPanel again(theme);
  static_cast<KeepsLook&>(again).restoreLook(kept);
  auto* other = again.findChild<QTableView*>(QStringLiteral("operatorTable"));
  EXPECT_FALSE(other->isColumnHidden(OperatorTableModel::Fidelity));
  EXPECT_TRUE(other->isColumnHidden(OperatorTableModel::P90));
}

TEST(OperatorTable, ChangesBelowTheNoiseHaveNoPercentage) {
  const auto plan = [](double relu, double add) {
    auto made = std::make_shared<PlanInfo>();
    StepInfo first, second;
    first.sources = QStringList{QStringLiteral("relu")};
    first.medianMs = relu;
    first.bytesRead = 3000000;
    first.bytesWritten = 1000000;
    second.sources = QStringList{QStringLiteral("add")};
    second.medianMs = add;
    second.flops = 4000000;
    made->steps = {first, second};
    return made;
  };
  OperatorTableModel model;
  model.setPlans(plan(2, 1), plan(1, 1.01));
  EXPECT_EQ(column(model, 0, OperatorTableModel::DeltaPercent), QStringLiteral("−50.0 %"));
  EXPECT_EQ(column(model, 1, OperatorTableModel::DeltaPercent), QStringLiteral("= same"));
  EXPECT_EQ(column(model, 0, OperatorTableModel::Bandwidth), QStringLiteral("4.0"));
  EXPECT_EQ(column(model, 0, OperatorTableModel::Rate), QStringLiteral("–")) << "no arithmetic";
  EXPECT_EQ(column(model, 1, OperatorTableModel::Bandwidth), QStringLiteral("–"));
  double before = 0, after = 0;
  for (int row = 0; row < model.rowCount(); ++row) {
    const QVariantList ms = model.data(model.index(row, 0), OperatorTableModel::SumRole).toList();
    before += ms.value(0).toDouble();
    after += ms.value(1).toDouble();
  }
  EXPECT_DOUBLE_EQ(before, 3);
  EXPECT_DOUBLE_EQ(after, 2.01);
}

}  // namespace
}  // namespace kasuri::app
