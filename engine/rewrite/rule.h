#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/ir/graph_patch.h"
#include "engine/rewrite/plan_decisions.h"
#include "engine/rewrite/services.h"

namespace kasuri {

/// How far results may move.
enum class Fidelity : uint8_t {
  kExact,         ///< Same bits.
  kReassociates,  ///< The order of floating-point sums and products may change.
  kApproximate,   ///< Rounds or skips; never on unless asked for by name.
};
std::string_view name_of(Fidelity fidelity);  ///< "exact", "reassociates", "approximate"

/// What people are told about a rule.
struct RuleInfo {
  std::string name;  ///< A verb phrase: "FuseConvBatchNorm".
  std::string law;   ///< One line of algebra.
  Fidelity fidelity = Fidelity::kExact;
  bool on_by_default = true;
  bool quiet = false;  ///< Bookkeeping (types): not written into the log.
};

/// What a rule may look at. The graph changes between matches, never during one.
struct Scene {
  const Graph& graph;
  const PlanDecisions& decisions;
  const Services& services;
};

/// The node is not even the root of this pattern.
struct NotHere {};
/// It looked like a site, but a guard failed.
struct Declined {
  std::string reason;
};
/// What the rule would do: a change of the graph, decisions beside it, or both.
struct Proposal {
  std::optional<GraphPatch> patch;
  std::vector<PlanDecision> decisions;
  std::vector<NodeId> nodes;  ///< Source nodes of the site besides the root, for the log.
};
using Match = std::variant<NotHere, Declined, Proposal>;

/// A law applied at one place. Pure: the same scene gives the same answer, and only the pass
/// manager applies what it proposes.
class Rule {
 public:
  explicit Rule(RuleInfo info) : info_(std::move(info)) {}
  virtual ~Rule() = default;
  const RuleInfo& info() const { return info_; }
  virtual Match match(const Scene& scene, NodeId node) const = 0;

 private:
  RuleInfo info_;
};

/// "FuseGelu@Mul_5": the rule and the name of the first source node behind its root. Stable across
/// toggles, files and versions.
std::string site_of(const Rule& rule, const Node& root);

}  // namespace kasuri

/// One guard, one line, one reason for people.
#define KASURI_DECLINE_UNLESS(condition, reason)         \
  do {                                                   \
    if (!(condition)) return ::kasuri::Declined{reason}; \
  } while (false)
