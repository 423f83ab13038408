#include "engine/ir/graph_patch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "engine/ir/parser.h"
#include "engine/ir/verifier.h"
#include "tests/unit/rewrite/fixture.h"

namespace kasuri::testing {
namespace {

using ::testing::HasSubstr;

Node neg(const Graph& graph, ValueId in) {
  Node n;
  n.op = {"", "Neg"};
  n.opset = 17;
  n.name = "added" + std::to_string(graph.node_capacity());
  n.inputs = {in};
  n.provenance = {"added"};
  return n;
}

/// Reader lists are exact and ranks grow along every edge.
void expect_consistent(const Graph& graph) {
  std::map<ValueId, std::vector<NodeId>> readers;
  for (NodeId id : graph.node_ids())
    for (ValueId in : graph.node(id).inputs)
      if (readers[in].empty() || readers[in].back() != id) readers[in].push_back(id);
  for (ValueId id : graph.value_ids()) {
    EXPECT_EQ(graph.value(id).consumers, readers[id]) << graph.value(id).name;
    const NodeId p = graph.value(id).producer;
    if (!p.valid()) continue;
    for (NodeId r : graph.value(id).consumers) EXPECT_LT(graph.rank(p), graph.rank(r));
  }
  EXPECT_EQ(graph.topological_order().size(), graph.node_count());
}

TEST(GraphPatch, UndoBringsBackANodeAndWhatItsBodiesCapture) {
  Graph graph = *parse_graph(R"(graph "g" {
  opset "" 17
  input %x : float32[2]
  const %yes = bool[] {1}
  %n = Neg(%x) : float32[2]
  %chosen = If(%yes) {else_branch=graph "e" {
    capture %n : float32[2]
    output "r" = %n
  }, then_branch=graph "t" {
    capture %n : float32[2]
    output "r" = %n
  }} : float32[2]
  %y = Abs(%x) : float32[2]
  output "y" = %y
})");
  const std::string before = graph.fingerprint().hex();
  GraphPatch patch(graph, "without both");
  patch.remove_node(*graph.find_node("chosen"));
  patch.remove_node(*graph.find_node("n"));
  const auto inverse = patch.apply(graph);
  ASSERT_TRUE(inverse.ok()) << inverse.error().text();
  ASSERT_TRUE(inverse->apply(graph).ok());
  EXPECT_EQ(graph.fingerprint().hex(), before);
  const Status sound = verify_graph(graph);
  EXPECT_TRUE(sound.ok()) << sound.error().text();
}

TEST(GraphPatch, KeepsReadersAndRanksThroughManyRandomEdits) {
  std::vector<std::pair<std::string, std::string>> ops;
  for (int i = 0; i < 40; ++i) ops.emplace_back("Exp", "n" + std::to_string(i));
  Graph graph = chain(ops);
  std::mt19937 random(1);
  for (int step = 0; step < 400; ++step) {
    const auto nodes = graph.topological_order();
    const Node& at = graph.node(nodes[random() % nodes.size()]);
    GraphPatch patch(graph, "edit");
    if (random() % 2 && graph.node_count() > 5 && !graph.is_output(at.output(0))) {
      patch.replace_value(at.output(0), at.input(0));
      patch.remove_node(at.id);
    } else {
      const NodeId added = patch.add_node(neg(graph, at.input(0)), {graph.value(at.input(0)).type});
      patch.update_node(at.id, {patch.output_of(added, 0)}, {});
    }
    const std::string before = graph.fingerprint().hex();
    auto inverse = patch.apply(graph);
    ASSERT_TRUE(inverse.ok()) << inverse.error().text();
    expect_consistent(graph);
    if (step % 3 != 0) continue;
    ASSERT_TRUE(inverse->apply(graph).ok());
    EXPECT_EQ(graph.fingerprint().hex(), before);
    expect_consistent(graph);
  }
}

TEST(GraphPatch, RefusesACycleAndRestoresEverything) {
  Graph graph = chain({{"Exp", "a"}, {"Exp", "b"}});
  const Node& a = graph.node(*graph.find_node("a"));
  const ValueId b_out = graph.node(*graph.find_node("b")).output(0);
  const std::string before = graph.fingerprint().hex();
  GraphPatch patch(graph, "cycle");
  patch.update_node(a.id, {b_out}, {});
  const auto result = patch.apply(graph);
  ASSERT_FALSE(result.ok());
  EXPECT_THAT(result.error().text(), HasSubstr("would make a cycle"));
  EXPECT_EQ(graph.fingerprint().hex(), before);
  expect_consistent(graph);
}

TEST(GraphPatch, AllowsEdgesAgainstTheOldOrderWithoutACycle) {
  GraphBuilder b;
  b.opset("", 17);
  const ValueId x = b.input("x", ValueType::tensor(DataType::kFloat, Shape{4}));
  const ValueId p = b.add({"", "Exp"}, "p", {x})[0], q = b.add({"", "Neg"}, "q", {x})[0];
  b.output("y", b.add({"", "Add"}, "sum", {p, q})[0]);
  Graph graph = *b.take();
  GraphPatch patch(graph, "p reads q");
  patch.update_node(*graph.find_node("p"), {q}, {});
  ASSERT_TRUE(patch.apply(graph).ok());
  expect_consistent(graph);
}

TEST(GraphPatch, RefusesAReplacementOfAnotherType) {
  GraphBuilder b;
  b.opset("", 17);
  const ValueId x = b.input("x", ValueType::tensor(DataType::kFloat, Shape{4}));
  const ValueId y = b.input("y", ValueType::tensor(DataType::kFloat, Shape{5}));
  b.output("z", b.add({"", "Exp"}, "p", {x})[0]);
  b.output("w", b.add({"", "Exp"}, "q", {y})[0]);
  Graph graph = *b.take();
  GraphPatch patch(graph, "wrong");
  patch.replace_value(x, y);
  EXPECT_THAT(patch.apply(graph).error().text(), HasSubstr("float32[4] by float32[5]"));
}

TEST(GraphPatch, FitsOnlyTheVersionItWasMadeFor) {
  Graph graph = chain({{"Exp", "a"}});
  const ValueId x = graph.inputs()[0];
  GraphPatch first(graph, "first"), second(graph, "second");
  first.add_node(neg(graph, x), {graph.value(x).type});
  second.add_node(neg(graph, x), {graph.value(x).type});
  ASSERT_TRUE(first.apply(graph).ok());
  EXPECT_THAT(second.apply(graph).error().text(), HasSubstr("another version"));
}

}  // namespace
}  // namespace kasuri::testing
