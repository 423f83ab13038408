#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/rewrite/plan_decisions.h"

namespace kasuri {

/// Nodes that become one step: a group with the views it absorbs, or a node alone.
struct PlanUnit {
  GroupId group;                 ///< none() for a node alone.
  std::string kind;              ///< The group's kind.
  std::vector<NodeId> members;   ///< Topological order, absorbed views included.
  std::vector<ValueId> inputs;   ///< Outside values read (captures and constants too), each once.
  std::vector<ValueId> outputs;  ///< Values that other units or the caller read.
  std::string note;              ///< Why a group that held it was taken apart.
};

/// Groups that may not be used, with the reason.
using DissolvedGroups = std::map<GroupId, std::string>;

/// Cuts the graph into units, producers first. Absorbed views get a unit of their own only where
/// somebody else reads them. Groups that would close a cycle are added to `dissolved`.
std::vector<PlanUnit> partition(const Graph& graph, const PlanDecisions& decisions,
                                DissolvedGroups& dissolved);

/// For each unit the units that produce what it reads; ascending, unique.
std::vector<std::vector<int>> unit_dependencies(const std::vector<PlanUnit>& units);

}  // namespace kasuri
