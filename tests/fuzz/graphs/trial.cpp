#include "tests/fuzz/graphs/trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "engine/backend/cpu/cpu_backend.h"
#include "engine/backend/reference/reference_backend.h"
#include "engine/exec/executor.h"
#include "engine/ir/parser.h"
#include "engine/ir/printer.h"
#include "engine/ir/verifier.h"
#include "engine/plan/planner.h"
#include "passes/optimize.h"
#include "tests/fuzz/graphs/number_check.h"

namespace kasuri::testing {
namespace {

using MaybeFinding = std::optional<Finding>;

struct Engine {
  std::shared_ptr<const ReferenceBackend> reference = std::make_shared<ReferenceBackend>();
  std::shared_ptr<const Backend> cpu = *cpu::create_backend("");
  Services services{*reference, cpu->legality(), cpu->cost_model()};
};

const Engine& engine() {
  static const Engine kEngine;
  return kEngine;
}

MaybeFinding check_text(const Graph& graph, const std::string& recipe) {
  const auto read = parse_graph(print_graph(graph));
  if (!read.ok()) return Finding{"text", recipe, "its text is refused: " + read.error().text()};
  if (read->fingerprint().hex() != graph.fingerprint().hex())
    return Finding{"text", recipe, "its text reads back to another graph"};
  return std::nullopt;
}

MaybeFinding check_structure(const Graph& graph, const std::string& recipe) {
  if (const Status sound = verify_graph(graph); !sound.ok())
    return Finding{"structure", recipe, sound.error().text()};
  return std::nullopt;
}

/// One proposal: applies, leaves a sound graph, and its inverse restores the one before.
MaybeFinding check_patch(const Graph& graph, const GraphPatch& patch, const std::string& site) {
  Graph copy = graph;
  const auto inverse = patch.apply(copy);
  if (!inverse.ok())
    return Finding{"rewrite", "all", site + " is refused: " + inverse.error().text()};
  if (auto found = check_structure(copy, "all")) {
    found->text = site + ": " + found->text;
    return found;
  }
  const auto undone = inverse->apply(copy);
  if (!undone.ok()) return Finding{"undo", "all", site + ": " + undone.error().text()};
  if (copy.fingerprint().hex() != graph.fingerprint().hex())
    return Finding{"undo", "all", site + ": the inverse patch makes another graph"};
  return check_structure(copy, "all");
}

MaybeFinding check_patches(const Rewriting& work, const Pass& pass) {
  for (NodeId id : work.graph.topological_order())
    for (const auto& rule : pass.rules) {
      const Match match = rule->match({work.graph, work.decisions, engine().services}, id);
      const auto* proposal = std::get_if<Proposal>(&match);
      if (!proposal || !proposal->patch) continue;
      if (auto found = check_patch(work.graph, *proposal->patch,
                                   rule->info().name + "@" + work.graph.node(id).name))
        return found;
    }
  return std::nullopt;
}

/// Passes one by one, each looked at before and after.
MaybeFinding check_rewriting(const Graph& graph) {
  const Recipe recipe(Recipe::Base::kAll);
  Rewriting work{graph, {}, {}};
  for (const Pass& pass : catalogue()) {
    if (!recipe.allows(pass)) continue;
    if (auto found = check_patches(work, pass)) return found;
    const std::string before = work.graph.fingerprint().hex();
    const auto changed = RuleDriver(pass, recipe, engine().services, {}, work).run();
    if (!changed.ok()) return Finding{"rewrite", "all", changed.error().text()};
    if (!*changed && work.graph.fingerprint().hex() != before)
      return Finding{"rewrite", "all", "pass " + pass.name + " denies its change"};
    if (auto found = check_structure(work.graph, "all")) return found;
    if (auto found = check_text(work.graph, "all")) return found;
  }
  for (const RewriteEntry& e : work.log.entries())
    if (e.reason.find("the change was refused") != std::string::npos)
      return Finding{"rewrite", "all", e.site + ": " + e.reason};
  return std::nullopt;
}

MaybeFinding check_run(const Graph& graph, const std::string& run, Truth& truth) {
  const size_t at = run.find('@');
  const int threads = at == std::string::npos ? 1 : run[at + 1] - '0';
  const std::string spec = run.substr(0, at);
  OptimizedGraph optimized{std::make_shared<const Graph>(graph), {}, {}};
  if (spec != "raw") {
    const auto recipe = parse_recipe(spec);
    if (!recipe.ok()) return Finding{"refusal", run, recipe.error().text()};
    auto rewritten = optimize(graph, *recipe, engine().services, {});
    if (!rewritten.ok()) return Finding{"rewrite", run, rewritten.error().text()};
    optimized = *std::move(rewritten);
  }
  if (auto found = check_text(*optimized.graph, run)) return found;
  const auto plan = make_plan(optimized.graph, optimized.decisions,
                              {{engine().cpu}, engine().reference}, {.threads = threads}, {});
  if (!plan.ok()) return Finding{"refusal", run, plan.error().text()};
  const auto executor = Executor::create(*plan, engine().reference, threads);
  if (!executor.ok()) return Finding{"refusal", run, executor.error().text()};
  for (int round = 0; round < 2; ++round) {
    const auto outputs = (*executor)->run(truth.inputs(), {});
    if (!outputs.ok()) return Finding{"refusal", run, outputs.error().text()};
    if (const auto why = truth.mismatch(*outputs))
      return Finding{why->find("nan") == std::string::npos ? "numbers" : "nan", run,
                     (round ? "in the second run: " : "") + *why};
  }
  return std::nullopt;
}

MaybeFinding examine_unguarded(const Graph& graph, const Recipes& recipes, std::string& run) {
  if (auto found = check_structure(graph, "")) return found;
  if (auto found = check_text(graph, "")) return found;
  auto truth = Truth::of(graph);
  if (!truth.ok()) return Finding{"refusal", "reference", truth.error().text()};
  run = "all";
  if (auto found = check_rewriting(graph)) return found;
  for (const std::string& recipe : recipes) {
    run = recipe;
    if (auto found = check_run(graph, recipe, *truth)) return found;
  }
  return std::nullopt;
}

}  // namespace

Recipes recipes_for(uint64_t seed) {
  std::mt19937_64 random(seed + 77);
  Recipes recipes = {"raw", "none", "default@2", "all"};
  for (int i = 0; i < 3; ++i) {
    std::string spec = "none";
    for (const Pass& pass : catalogue())
      if (!pass.always_on && random() % 2 == 0) spec += ",+" + pass.name;
    if (std::find(recipes.begin(), recipes.end(), spec) == recipes.end()) recipes.push_back(spec);
  }
  return recipes;
}

std::optional<Finding> examine(const Graph& graph, const Recipes& recipes) {
  std::string run;
  try {
    return examine_unguarded(graph, recipes, run);
  } catch (const std::exception& e) {
    return Finding{"internal", run, e.what()};
  }
}

}  // namespace kasuri::testing
