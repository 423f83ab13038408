#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>

#include "engine/base/cancel_token.h"
#include "engine/rewrite/pass.h"
#include "engine/rewrite/recipe.h"
#include "engine/rewrite/rewrite_log.h"

namespace kasuri {

/// What passes work on and leave behind.
struct Rewriting {
  Graph graph;
  PlanDecisions decisions;
  RewriteLog log;
};

/// Runs one pass's rules to a fix-point: sweeps over the nodes, producers first, until a sweep
/// changes nothing. Bounded by a number of sweeps and of changes. A change that is refused (it
/// would break the graph) is logged as declined and leaves everything as it was.
class RuleDriver {
 public:
  RuleDriver(const Pass& pass, const Recipe& recipe, const Services& services,
             const TaskContext& context, Rewriting& work);

  /// True when something was applied. The only error is cancellation.
  Result<bool> run();

 private:
  struct Refusal {
    RewriteEntry entry;
    int sweep = 0;
  };

  Result<bool> run_to_fix_point();
  Result<bool> sweep();
  /// Applies rules at this node until none fires; true when one did.
  bool visit(NodeId node);
  bool try_rule(const Rule& rule, NodeId node);
  bool apply(const Rule& rule, const Proposal& proposal, RewriteEntry entry);
  /// All or nothing; the reason if it was refused.
  std::optional<std::string> put(const Proposal& proposal, RewriteEntry& entry);
  Status decide(const std::vector<PlanDecision>& decisions, RewriteEntry& entry);
  void refuse(RewriteEntry entry, RewriteEntry::Outcome outcome, std::string reason);
  RewriteEntry entry_for(const Rule& rule, const Node& root) const;
  void write_refusals();

  const Pass& pass_;
  const Recipe& recipe_;
  const Services& services_;
  const TaskContext& context_;
  Rewriting& work_;
  std::vector<const Rule*> rules_;
  std::map<std::string, Refusal> refusals_;  // by site; written at the end if still true
  int sweep_ = 0;
  size_t changes_left_ = 0;
};

}  // namespace kasuri
