#include "engine/ir/subgraph.h"

#include <gtest/gtest.h>

#include "engine/ir/parser.h"

namespace kasuri {
namespace {

constexpr const char* kDiamond = R"(graph "diamond" {
  opset "" 17
  input %x : float32[4]
  const %two = float32[] {2}
  %a = Relu(%x)
  %b = Mul(%a, %two)
  %c = Neg(%a)
  %d = Add(%b, %c)
  %e = Abs(%d)
  output "y" = %e
}
)";

std::vector<std::string> names(const Graph& graph, const std::vector<ValueId>& values) {
  std::vector<std::string> list;
  for (ValueId id : values) list.push_back(graph.value(id).name);
  return list;
}

std::set<NodeId> makers(const Graph& graph, std::initializer_list<const char*> values) {
  std::set<NodeId> nodes;
  for (const char* name : values) nodes.insert(graph.value(*graph.find_value(name)).producer);
  return nodes;
}

TEST(Subgraph, IsWhatLiesOnAPath) {
  const auto graph = parse_graph(kDiamond);
  ASSERT_TRUE(graph.ok()) << graph.error().text();
  EXPECT_EQ(nodes_between(*graph, makers(*graph, {"b"}), makers(*graph, {"d"})),
            makers(*graph, {"b", "d"}));
  EXPECT_EQ(nodes_between(*graph, makers(*graph, {"a"}), makers(*graph, {"d"})),
            makers(*graph, {"a", "b", "c", "d"}));
  EXPECT_TRUE(nodes_between(*graph, makers(*graph, {"d"}), makers(*graph, {"a"})).empty());
}

TEST(Subgraph, StandsAloneWithItsConstants) {
  const auto graph = parse_graph(kDiamond);
  ASSERT_TRUE(graph.ok());
  const std::set<NodeId> nodes = makers(*graph, {"b", "d"});
  EXPECT_EQ(names(*graph, values_entering(*graph, nodes)), (std::vector<std::string>{"a", "c"}));
  EXPECT_EQ(names(*graph, values_leaving(*graph, nodes)), (std::vector<std::string>{"d"}));
  const auto part = cut_graph(*graph, nodes, values_leaving(*graph, nodes));
  ASSERT_TRUE(part.ok()) << part.error().text();
  EXPECT_EQ(part->node_count(), 2U);
  EXPECT_EQ(part->inputs().size(), 2U);
  ASSERT_EQ(part->outputs().size(), 1U);
  EXPECT_EQ(part->outputs()[0].name, "d");
  EXPECT_TRUE(part->value(*part->find_value("two")).is_constant());
  EXPECT_FALSE(cut_graph(*graph, nodes, {*graph->find_value("e")}).ok());
}

}  // namespace
}  // namespace kasuri
