#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/reference/single_node.h"

namespace kasuri {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::values;

const ValueType kFloat = ValueType::tensor(DataType::kFloat, Shape{});

/// x -> x + step, where `step` is captured; always goes on.
GraphPointer counting_body() {
  GraphBuilder b("body");
  b.opset("", 21);
  b.input("i", ValueType::tensor(DataType::kInt64, Shape{}));
  const ValueId go_on = b.input("go_on", ValueType::tensor(DataType::kBool, Shape{}));
  const ValueId x = b.input("x", kFloat), step = b.capture("step", kFloat);
  const ValueId sum = b.add({"", "Add"}, "sum", {x, step})[0];
  b.output("go_on_out", go_on);
  b.output("sum", sum);
  b.output("scan", sum);
  return std::make_shared<const Graph>(*b.take());
}

Graph looping_graph(GraphPointer body) {
  GraphBuilder b("model");
  b.opset("", 21);
  const ValueId trips = b.input("trips", ValueType::tensor(DataType::kInt64, Shape{}));
  const ValueId start = b.input("start", kFloat);
  b.input("step", kFloat);
  const auto outputs =
      b.add({"", "Loop"}, "loop", {trips, ValueId::none(), start}, 2, {{"body", std::move(body)}});
  b.output("last", outputs[0]);
  b.output("all", outputs[1]);
  return *b.take();
}

std::map<std::string, RuntimeValue> loop_inputs(int64_t trips) {
  return {{"trips", Tensor::scalar<int64_t>(trips)},
          {"start", Tensor::scalar<float>(1)},
          {"step", Tensor::scalar<float>(2)}};
}

TEST(Interpreter, LoopCarriesAndCollects) {
  const auto out = run_model(looping_graph(counting_body()), loop_inputs(3), {});
  EXPECT_THAT(values<float>((*out)[0].tensor()), ElementsAre(7));
  EXPECT_THAT(values<float>((*out)[1].tensor()), ElementsAre(3, 5, 7));
}

TEST(Interpreter, LoopOfNoTripsGivesAnEmptyScan) {
  const auto out = run_model(looping_graph(counting_body()), loop_inputs(0), {});
  EXPECT_THAT(values<float>((*out)[0].tensor()), ElementsAre(1));
  EXPECT_EQ((*out)[1].tensor().extents().at(0), 0);
}

TEST(Interpreter, MissingInputsAndFailingNodesAreNamed) {
  auto inputs = loop_inputs(1);
  inputs["start"] = Tensor::of<float>({2}, {1, 2});
  inputs["step"] = Tensor::of<float>({3}, {1, 2, 3});
  const auto failed = run_model(looping_graph(counting_body()), inputs, {});
  EXPECT_THAT(failed.error().text(), HasSubstr("(Loop, opset"));
  EXPECT_THAT(failed.error().text(), HasSubstr("(Add, opset"));
  inputs.erase("start");
  EXPECT_THAT(run_model(looping_graph(counting_body()), inputs, {}).error().text(),
              HasSubstr("no value for input 'start'"));
}

TEST(Interpreter, ObserverSeesEveryNodeAndMayEndTheRun) {
  int seen = 0;
  const auto graph = looping_graph(counting_body());
  const auto count = [&](const Node& node, auto, std::span<const RuntimeValue> outputs) -> Status {
    ++seen;
    EXPECT_EQ(outputs.size(), node.outputs.size());
    return Error("enough");
  };
  EXPECT_THAT(run_model(graph, loop_inputs(1), {}, count).error().text(), HasSubstr("enough"));
  EXPECT_EQ(seen, 1);
}

TEST(Interpreter, BodiesMayNotNestWithoutEnd) {
  GraphPointer body;
  for (int depth = 0; depth < 80; ++depth) {
    GraphBuilder b("branch");
    b.opset("", 21);
    const ValueId yes = b.constant(
        "yes", Tensor::make(DataType::kBool, {}, [](auto bytes) { bytes[0] = std::byte{1}; }));
    const ValueId out =
        body ? b.add({"", "If"}, "if", {yes}, 1, {{"then_branch", body}, {"else_branch", body}})[0]
             : yes;
    b.output("out", out);
    body = std::make_shared<const Graph>(*b.take());
  }
  EXPECT_THAT(run_model(*body, {}, {}).error().text(), HasSubstr("nest more than 64 deep"));
}

TEST(Interpreter, EvaluatorFoldsConstants) {
  GraphBuilder b("constants");
  b.opset("", 21);
  const ValueId two = b.constant("two", Tensor::scalar<float>(2));
  const ValueId four = b.add({"", "Mul"}, "four", {two, two})[0];
  b.output("four", four);
  const Graph graph = *b.take();
  const std::vector<RuntimeValue> inputs(2, Tensor::scalar<float>(2));
  const auto result = ReferenceBackend().evaluate(graph, graph.node(graph.node_ids()[0]), inputs);
  EXPECT_THAT(values<float>((*result)[0].tensor()), ElementsAre(4));
}

}  // namespace
}  // namespace kasuri
