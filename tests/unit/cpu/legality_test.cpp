#include "tests/unit/cpu/model_runner.h"

namespace kasuri::testing {
namespace {

ValueId node(GraphBuilder& g, const std::string& op, std::vector<ValueId> in,
             std::map<std::string, Attribute> attributes = {}) {
  return g.add({"", op}, op, std::move(in), 1, std::move(attributes))[0];
}

std::string why_not(const std::function<ValueId(GraphBuilder&, ValueId)>& build) {
  GraphBuilder g;
  g.opset("", 17);
  g.output("y", build(g, g.input("x", floats({2, 8, 16}))));
  const auto graph = finish(g);
  return cpu_backend()
      ->legality()
      .why_not_one_kernel(*graph, graph->topological_order())
      .value_or("legal");
}

ValueId product(GraphBuilder& g, ValueId x) {
  return node(g, "MatMul", {x, g.constant("w", random_floats({16, 16}, 1))});
}

TEST(CpuLegality, ElementwiseEpiloguesAreLegal) {
  EXPECT_EQ(why_not([](GraphBuilder& g, ValueId x) {
              return node(
                  g, "Relu",
                  {node(g, "Add", {product(g, x), g.constant("b", random_floats({16}, 2))})});
            }),
            "legal");
}

TEST(CpuLegality, ViewsInFrontAndBehindAreLegal) {
  EXPECT_EQ(why_not([](GraphBuilder& g, ValueId x) {
              const ValueId y = product(g, node(g, "Identity", {x}));
              return node(g, "Transpose", {y}, {{"perm", std::vector<int64_t>{1, 0, 2}}});
            }),
            "legal");
}

TEST(CpuLegality, RowsMixedBehindAContractionAreNot) {
  EXPECT_THAT(
      why_not([](GraphBuilder& g, ValueId x) { return node(g, "Softmax", {product(g, x)}); }),
      ::testing::HasSubstr("not elementwise"));
}

TEST(CpuLegality, TwoContractionsAreNot) {
  EXPECT_THAT(why_not([](GraphBuilder& g, ValueId x) { return product(g, product(g, x)); }),
              ::testing::HasSubstr("second contraction"));
}

TEST(CpuLegality, WorkInFrontOfAContractionIsNot) {
  EXPECT_NE(why_not([](GraphBuilder& g, ValueId x) { return product(g, node(g, "Relu", {x})); }),
            "legal");
}

TEST(CpuLegality, StitchedNestsAreLegalAndContractionsAreNoNests) {
  EXPECT_EQ(
      why_not([](GraphBuilder& g, ValueId x) { return node(g, "Softmax", {node(g, "Exp", {x})}); }),
      "legal");
  GraphBuilder g;
  g.opset("", 17);
  g.output("y", product(g, g.input("x", floats({2, 16}))));
  const auto graph = finish(g);
  EXPECT_TRUE(
      cpu_backend()->legality().why_no_nest(*graph, graph->node(*graph->find_node("MatMul"))));
}

}  // namespace
}  // namespace kasuri::testing
