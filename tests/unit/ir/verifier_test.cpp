#include "engine/ir/verifier.h"

#include <gmock/gmock.h>

#include "engine/ir/graph_patch.h"

namespace kasuri {
namespace {

using ::testing::HasSubstr;

struct Chain {
  Graph graph;
  ValueId x, a, b;
};

Chain chain() {
  GraphBuilder builder("g");
  builder.opset("", 17);
  Chain c;
  c.x = builder.input("x", ValueType::tensor(DataType::kFloat, Shape{2}));
  c.a = builder.add({"", "Neg"}, "a", {c.x})[0];
  const ValueId w = builder.constant("w", Tensor::of<float>({2}, {1, 2}));
  c.b = builder.add({"", "Add"}, "b", {c.a, w})[0];
  builder.output("b", c.b);
  c.graph = *builder.take();
  return c;
}

std::string problem(const Graph& graph) {
  const Status status = verify_graph(graph);
  if (status.ok()) return "";
  EXPECT_EQ(status.error().kind(), ErrorKind::kInternal);
  return status.error().text();
}

TEST(Verifier, GoodGraphsPass) {
  const Chain c = chain();
  EXPECT_EQ(problem(c.graph), "");
  EXPECT_TRUE(verify_nodes(c.graph, c.graph.node_ids()).ok());
  const std::vector<NodeId> gone = {NodeId(77)};
  EXPECT_TRUE(verify_nodes(c.graph, gone).ok());
}

TEST(Verifier, ConstantsMustHaveTheirTensorsType) {
  Chain c = chain();
  GraphPatch patch(c.graph, "wrong type");
  patch.set_type(*c.graph.find_value("w"), ValueType::tensor(DataType::kFloat, Shape{3}));
  ASSERT_TRUE(patch.apply(c.graph).ok());
  EXPECT_THAT(problem(c.graph), HasSubstr("'w' is typed float32[3] unlike its constant"));
  const std::vector<NodeId> touched = {c.graph.value(c.b).producer};
  EXPECT_FALSE(verify_nodes(c.graph, touched).ok());
  const std::vector<NodeId> elsewhere = {c.graph.value(c.a).producer};
  EXPECT_TRUE(verify_nodes(c.graph, elsewhere).ok());
}

TEST(Verifier, CapturesMustExistOutside) {
  GraphBuilder body("body");
  const ValueId captured = body.capture("nowhere", ValueType::tensor(DataType::kFloat));
  body.output("o", body.add({"", "Neg"}, "o", {captured})[0]);
  GraphBuilder builder("g");
  const ValueId c = builder.input("c", ValueType::tensor(DataType::kBool, Shape{}));
  builder.output(
      "y",
      builder.add({"", "If"}, "y", {c}, 1,
                  {{"then_branch", GraphPointer(std::make_shared<const Graph>(*body.take()))}})[0]);
  EXPECT_THAT(problem(*builder.take()),
              HasSubstr("'nowhere' is captured but does not exist outside"));
}

TEST(Verifier, CapturesMustAgreeInType) {
  GraphBuilder body("body");
  const ValueId captured = body.capture("c", ValueType::tensor(DataType::kFloat));
  body.output("o", body.add({"", "Neg"}, "o", {captured})[0]);
  GraphBuilder builder("g");
  const ValueId c = builder.input("c", ValueType::tensor(DataType::kBool, Shape{}));
  builder.output(
      "y",
      builder.add({"", "If"}, "y", {c}, 1,
                  {{"then_branch", GraphPointer(std::make_shared<const Graph>(*body.take()))}})[0]);
  EXPECT_THAT(problem(*builder.take()),
              HasSubstr("captured as float32[...] but is bool[] outside"));
}

}  // namespace
}  // namespace kasuri
