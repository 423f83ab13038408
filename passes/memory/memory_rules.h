#pragma once

#include <memory>
#include <vector>

#include "engine/rewrite/rule.h"

namespace kasuri {

/// y may lie where x lay, if y = f(x) element by element and x dies there. Only permission: the
/// planner uses it where the lifetimes allow.
class ReuseInPlace : public Rule {
 public:
  ReuseInPlace();
  Match match(const Scene& scene, NodeId node) const override;
};

/// Switches one ability of the memory planner on, once per graph.
class EnablePlanning : public Rule {
 public:
  EnablePlanning(RuleInfo info, MemoryOption option) : Rule(std::move(info)), option_(option) {}
  Match match(const Scene& scene, NodeId node) const override;

 private:
  MemoryOption option_;
};

/// The planner's abilities: AliasViews, ConcatInPlace, OrderByPeak, ExactPlacement.
std::vector<std::shared_ptr<const Rule>> planning_rules();

}  // namespace kasuri
