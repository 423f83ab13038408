#include "engine/rewrite/pass_manager.h"

#include <chrono>

#include "engine/ir/verifier.h"

namespace kasuri {
namespace {

/// Removes constants that nothing reads; returns whether there were any.
Result<bool> drop_unused_constants(Graph& graph) {
  GraphPatch patch(graph, "unused constants");
  for (ValueId id : graph.value_ids()) {
    const Value& v = graph.value(id);
    if (v.is_constant() && v.consumers.empty() && !graph.is_output(id)) patch.remove_value(id);
  }
  if (patch.empty()) return false;
  KASURI_TRY([[maybe_unused]] const GraphPatch inverse, patch.apply(graph));
  return true;
}

}  // namespace

Result<OptimizedGraph> PassManager::run(const Graph& imported, const TaskContext& context) const {
  Rewriting work{imported, {}, {}};
  double done = 0;
  for (const Pass& pass : passes_) {
    context.report("Pass " + pass.name, done++, static_cast<double>(passes_.size()));
    KASURI_RETURN_IF_ERROR(context.cancel.check());
    KASURI_RETURN_IF_ERROR(run_pass(pass, work, context));
  }
  return OptimizedGraph{std::make_shared<const Graph>(std::move(work.graph)),
                        std::move(work.decisions), std::move(work.log)};
}

Status PassManager::run_pass(const Pass& pass, Rewriting& work, const TaskContext& context) const {
  PassRecord record;
  record.pass = pass.name;
  record.enabled = recipe_.allows(pass);
  if (record.enabled) {
    const auto start = std::chrono::steady_clock::now();
    KASURI_TRY_IN(record.changed, RuleDriver(pass, recipe_, services_, context, work).run(),
                  "pass " + pass.name);
    KASURI_TRY_IN(const bool dropped, drop_unused_constants(work.graph), "pass " + pass.name);
    record.changed |= dropped;
    if (record.changed)
      if (Status sound = verify_graph(work.graph); !sound.ok())
        return std::move(sound).error().with_context("after pass " + pass.name);
    record.milliseconds =
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  }
  work.log.add(std::move(record));
  return Done{};
}

}  // namespace kasuri
