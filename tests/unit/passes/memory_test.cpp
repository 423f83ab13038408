#include "passes/memory/memory_rules.h"
#include "tests/support/rewrite_check.h"

namespace kasuri::testing {
namespace {

TEST(ReuseInPlace, AllowsElementwiseNodesOverComputedInputsOfTheirType) {
  GraphBuilder b;
  b.opset("", 17);
  const ValueId x = b.add({"", "Neg"}, "n", {b.input("x", f32({4, 8}))})[0];
  const ValueId s = b.add({"", "Exp"}, "e", {b.input("s", f32({8}))})[0];
  b.output("y", b.add({"", "Add"}, "a", {s, x})[0]);
  const OptimizedGraph r = rewrite_with<ReuseInPlace>(typed(b));
  const NodeId add = *r.graph->find_node("a");
  EXPECT_TRUE(r.decisions.may_overwrite(add, 1, 0));
  EXPECT_FALSE(r.decisions.may_overwrite(add, 0, 0)) << "the input is smaller than the result";
  EXPECT_FALSE(r.decisions.may_overwrite(*r.graph->find_node("n"), 0, 0))
      << "a graph input is not ours";
}

TEST(EnablePlanning, SwitchesEachAbilityOnOnce) {
  GraphBuilder b;
  b.opset("", 17);
  b.output("y", b.add({"", "Exp"}, "e", {b.add({"", "Neg"}, "n", {b.input("x", f32({4}))})[0]})[0]);
  const OptimizedGraph r = rewrite(typed(b), planning_rules());
  for (const MemoryOption option : {MemoryOption::kAliasViews, MemoryOption::kOrderByPeak,
                                    MemoryOption::kConcatInPlace, MemoryOption::kExactPlacement})
    EXPECT_TRUE(r.decisions.enabled(option));
  EXPECT_EQ(r.log.entries().size(), 4u);
}

}  // namespace
}  // namespace kasuri::testing
