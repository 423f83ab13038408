#include <gtest/gtest.h>

#include <QJsonDocument>
#include <QJsonObject>

#include "app/models/operator_table_model.h"
#include "app/session/engine_json.h"

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

TEST(OperatorTable, AlikeKernelsAreOneRowWithTheirSums) {
  auto plan = std::make_shared<PlanInfo>();
  for (int i = 0; i < 6; ++i) {
    StepInfo step;
    step.name = QStringLiteral("layer.%1").arg(i);
    step.title = i % 2 == 0 ? QStringLiteral("MatMul") : QStringLiteral("Softmax");
    step.sources = QStringList{step.name};
    step.bytesRead = i == 4 ? 7 : 100;
    step.medianMs = 1 + i;
    plan->steps.append(step);
  }
  OperatorTableModel model;
  model.setPlans(nullptr, plan);
  ASSERT_EQ(model.rowCount(), 6);
  model.setGrouped(true);
  ASSERT_EQ(model.rowCount(), 3) << "two of the MatMul are alike, all three Softmax are";
  EXPECT_EQ(column(model, 1, OperatorTableModel::Calls), QStringLiteral("3"));
  EXPECT_EQ(model.data(model.index(1, OperatorTableModel::After), OperatorTableModel::SortRole),
            2 + 4 + 6);
  EXPECT_EQ(model.data(model.index(1, 0), OperatorTableModel::OperatorsRole).toStringList().size(),
            3);
  EXPECT_EQ(column(model, 2, OperatorTableModel::Calls), QStringLiteral("1"));
  model.setPlans(nullptr, plan);
  EXPECT_EQ(model.rowCount(), 3) << "another profile stays grouped";
  model.setGrouped(false);
  EXPECT_EQ(model.rowCount(), 6);
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
