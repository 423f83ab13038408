#include "engine/rewrite/pass_manager.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "tests/unit/rewrite/fixture.h"

namespace kasuri::testing {
namespace {

OptimizedGraph run(const Graph& graph, const std::string& spec, const TaskContext& context = {}) {
  const Nobody nobody;
  const PassList passes = small_catalogue();
  const Recipe recipe = *Recipe::parse(spec, passes);
  auto result = PassManager(passes, recipe, {nobody, nobody, nobody}).run(graph, context);
  if (!result.ok()) throw std::runtime_error(result.error().text());
  return *std::move(result);
}

TEST(PassManager, AppliesDeclinesAndRecords) {
  const OptimizedGraph r = run(chain({{"Neg", "a"}, {"Neg", "keep"}, {"Exp", "e"}}), "default");
  EXPECT_EQ(text_of(*r.graph), "keep e last ");
  ASSERT_EQ(r.log.entries().size(), 2u);
  EXPECT_EQ(r.log.of_site("RemoveNeg@a")[0]->outcome, RewriteEntry::Outcome::kApplied);
  const RewriteEntry& kept = *r.log.of_site("RemoveNeg@keep")[0];
  EXPECT_EQ(kept.outcome, RewriteEntry::Outcome::kDeclined);
  EXPECT_EQ(kept.reason, "it is to be kept");
  EXPECT_EQ(r.log.applied("RemoveNeg"), 1u);
  EXPECT_EQ(r.log.of_source_node("a").size(), 1u);
  ASSERT_EQ(r.log.passes().size(), 2u);
  EXPECT_TRUE(r.log.passes()[0].changed);
  EXPECT_FALSE(r.log.passes()[1].enabled);
}

TEST(PassManager, ASiteThatIsSwitchedOffSaysSo) {
  const OptimizedGraph r = run(chain({{"Neg", "a"}, {"Neg", "b"}}), "default,-RemoveNeg@b");
  EXPECT_EQ(text_of(*r.graph), "b last ");
  EXPECT_EQ(r.log.of_site("RemoveNeg@b")[0]->outcome, RewriteEntry::Outcome::kSwitchedOff);
}

TEST(PassManager, OneSiteAloneCanBeSwitchedOn) {
  EXPECT_EQ(text_of(*run(chain({{"Neg", "a"}, {"Neg", "b"}}), "none,+RemoveNeg@b").graph),
            "a last ");
}

TEST(PassManager, CancelsBetweenNodes) {
  const Nobody nobody;
  const PassList passes = small_catalogue();
  TaskContext context;
  context.cancel.cancel();
  const auto r =
      PassManager(passes, Recipe(), {nobody, nobody, nobody}).run(chain({{"Neg", "a"}}), context);
  ASSERT_FALSE(r.ok());
  EXPECT_EQ(r.error().kind(), ErrorKind::kCancelled);
}

TEST(PassManager, TenThousandPatchesTakeLessThanASecond) {
  std::vector<std::pair<std::string, std::string>> ops;
  for (int i = 0; i < 10000; ++i) ops.emplace_back(i % 2 ? "Neg" : "Exp", "n" + std::to_string(i));
  const Graph graph = chain(ops);
  const auto start = std::chrono::steady_clock::now();
  const OptimizedGraph r = run(graph, "default,+RemoveExp");
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  EXPECT_EQ(r.graph->node_count(), 1u);
  EXPECT_LT(taken.count(), 1.0);
}

/// Says yes for ever, adding a node each time.
class Grow : public Rule {
 public:
  Grow() : Rule({.name = "Grow", .law = "x = f(x)"}) {}
  Match match(const Scene& scene, NodeId id) const override {
    const Node& node = scene.graph.node(id);
    if (!node.is("Relu")) return NotHere{};
    GraphPatch patch(scene.graph, "grow");
    Node extra;
    extra.op = {"", "Neg"};
    extra.opset = 17;
    extra.name = "grown" + std::to_string(scene.graph.node_capacity());
    extra.inputs = {node.input(0)};
    extra.provenance = node.provenance;
    const NodeId added = patch.add_node(extra, {scene.graph.value(node.input(0)).type});
    patch.update_node(id, {patch.output_of(added, 0)}, {});
    return Proposal{.patch = std::move(patch)};
  }
};

TEST(RuleDriver, EndlessRulesAreBounded) {
  const Nobody nobody;
  const PassList passes{{.name = "grow", .rules = {std::make_shared<Grow>()}}};
  const auto r = PassManager(passes, Recipe(), {nobody, nobody, nobody}).run(chain({}), {});
  ASSERT_TRUE(r.ok());
  EXPECT_LT(r->graph->node_count(), 2000u);
}

/// Proposes a patch that leaves a reader without its value.
class Break : public Rule {
 public:
  Break() : Rule({.name = "Break", .law = "none"}) {}
  Match match(const Scene& scene, NodeId id) const override {
    if (!scene.graph.node(id).is("Neg")) return NotHere{};
    GraphPatch patch(scene.graph, "break");
    patch.remove_node(id);
    return Proposal{.patch = std::move(patch)};
  }
};

TEST(RuleDriver, AChangeThatWouldBreakTheGraphIsRefusedAndLogged) {
  const Nobody nobody;
  const PassList passes{{.name = "break", .rules = {std::make_shared<Break>()}}};
  const Graph graph = chain({{"Neg", "a"}});
  const auto r = PassManager(passes, Recipe(), {nobody, nobody, nobody}).run(graph, {});
  ASSERT_TRUE(r.ok());
  EXPECT_EQ(r->graph->fingerprint().hex(), graph.fingerprint().hex());
  EXPECT_FALSE(r->log.passes()[0].changed);
  EXPECT_THAT(r->log.entries()[0].reason, ::testing::HasSubstr("the change was refused"));
}

}  // namespace
}  // namespace kasuri::testing
