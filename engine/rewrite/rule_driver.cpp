#include "engine/rewrite/rule_driver.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "engine/ir/verifier.h"

namespace kasuri {
namespace {

constexpr int kMaxSweeps = 16;
constexpr int kMaxChangesPerVisit = 64;

using Clock = std::chrono::steady_clock;

double microseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

void add_unique(std::vector<std::string>& list, const std::vector<std::string>& more) {
  for (const std::string& name : more)
    if (std::find(list.begin(), list.end(), name) == list.end()) list.push_back(name);
}

}  // namespace

RuleDriver::RuleDriver(const Pass& pass, const Recipe& recipe, const Services& services,
                       const TaskContext& context, Rewriting& work)
    : pass_(pass),
      recipe_(recipe),
      services_(services),
      context_(context),
      work_(work),
      changes_left_(20 * work.graph.node_count() + 1000) {
  for (const auto& rule : pass.rules)
    if (recipe.allows(pass, *rule)) rules_.push_back(rule.get());
}

Result<bool> RuleDriver::run() {
  if (!pass_.in_turn) return run_to_fix_point();
  bool changed = false;
  for (const Rule* rule : std::exchange(rules_, {})) {
    rules_ = {rule};
    KASURI_TRY(const bool fired, run_to_fix_point());
    changed |= fired;
  }
  return changed;
}

Result<bool> RuleDriver::run_to_fix_point() {
  bool changed = false;
  for (sweep_ = 1; sweep_ <= kMaxSweeps; ++sweep_) {
    KASURI_TRY(const bool again, sweep());
    if (!again) break;
    changed = true;
  }
  write_refusals();
  return changed;
}

Result<bool> RuleDriver::sweep() {
  bool changed = false;
  size_t visited = 0;
  for (NodeId node : work_.graph.topological_order()) {
    if (++visited % 64 == 0) KASURI_RETURN_IF_ERROR(context_.cancel.check());
    if (work_.graph.contains(node)) changed |= visit(node);
  }
  return changed;
}

bool RuleDriver::visit(NodeId node) {
  bool changed = false;
  for (const Rule* rule : rules_)
    for (int i = 0; i < kMaxChangesPerVisit && changes_left_ > 0; ++i) {
      if (!work_.graph.contains(node)) return changed;
      if (!try_rule(*rule, node)) break;
      --changes_left_;
      changed = true;
    }
  return changed;
}

RewriteEntry RuleDriver::entry_for(const Rule& rule, const Node& root) const {
  RewriteEntry entry;
  entry.pass = pass_.name;
  entry.rule = rule.info().name;
  entry.site = site_of(rule, root);
  entry.source_nodes = root.provenance;
  return entry;
}

bool RuleDriver::try_rule(const Rule& rule, NodeId id) {
  const auto start = Clock::now();
  const Match match = rule.match({work_.graph, work_.decisions, services_}, id);
  if (std::holds_alternative<NotHere>(match)) return false;
  RewriteEntry entry = entry_for(rule, work_.graph.node(id));
  entry.microseconds = microseconds_since(start);
  if (const auto* declined = std::get_if<Declined>(&match)) {
    refuse(std::move(entry), RewriteEntry::Outcome::kDeclined, declined->reason);
    return false;
  }
  if (!recipe_.allows(pass_, rule, entry.site)) {
    refuse(std::move(entry), RewriteEntry::Outcome::kSwitchedOff, "switched off for this site");
    return false;
  }
  return apply(rule, std::get<Proposal>(match), std::move(entry));
}

bool RuleDriver::apply(const Rule& rule, const Proposal& proposal, RewriteEntry entry) {
  const auto start = Clock::now();
  for (NodeId id : proposal.nodes) add_unique(entry.source_nodes, work_.graph.node(id).provenance);
  if (const auto refused = put(proposal, entry)) {
    refuse(std::move(entry), RewriteEntry::Outcome::kDeclined,
           "the change was refused: " + *refused);
    return false;
  }
  refusals_.erase(entry.site);
  entry.microseconds += microseconds_since(start);
  if (!rule.info().quiet) work_.log.add(std::move(entry));
  return true;
}

std::optional<std::string> RuleDriver::put(const Proposal& proposal, RewriteEntry& entry) {
  Graph& graph = work_.graph;
  std::optional<GraphPatch> inverse;
  if (proposal.patch) {
    auto applied = proposal.patch->apply(graph);
    if (!applied.ok()) return applied.error().text();
    inverse = *std::move(applied);
    const std::vector<NodeId> touched = proposal.patch->added_nodes();
    if (const Status sound = verify_nodes(graph, touched); !sound.ok()) {
      KASURI_CHECK(inverse->apply(graph).ok(), "the inverse of a patch applies");
      return sound.error().text();
    }
    entry.what = proposal.patch->label();
    for (NodeId id : proposal.patch->added_nodes())
      if (graph.contains(id)) entry.new_nodes.push_back(graph.node(id).name);
  }
  const Status status = decide(proposal.decisions, entry);
  if (status.ok()) return std::nullopt;
  if (inverse) KASURI_CHECK(inverse->apply(graph).ok(), "the inverse of a patch applies");
  return status.error().text();
}

Status RuleDriver::decide(const std::vector<PlanDecision>& decisions, RewriteEntry& entry) {
  for (const PlanDecision& decision : decisions)
    if (const auto* form = std::get_if<FormGroup>(&decision)) {
      entry.what = form->group.kind;
      for (NodeId id : form->group.nodes) {
        add_unique(entry.source_nodes, work_.graph.node(id).provenance);
        entry.new_nodes.push_back(work_.graph.node(id).name);
      }
    }
  if (decisions.size() == 1) return work_.decisions.apply(decisions[0]);
  PlanDecisions next = decisions.empty() ? PlanDecisions{} : work_.decisions;
  for (const PlanDecision& decision : decisions) KASURI_RETURN_IF_ERROR(next.apply(decision));
  if (!decisions.empty()) work_.decisions = std::move(next);
  return Done{};
}

void RuleDriver::refuse(RewriteEntry entry, RewriteEntry::Outcome outcome, std::string reason) {
  entry.outcome = outcome;
  entry.reason = std::move(reason);
  const std::string site = entry.site;
  refusals_[site] = {std::move(entry), sweep_};
}

void RuleDriver::write_refusals() {
  const int last = std::min(sweep_, kMaxSweeps);
  for (auto& [site, refusal] : refusals_)
    if (refusal.sweep == last) work_.log.add(std::move(refusal.entry));
  refusals_.clear();
}

}  // namespace kasuri
