#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/rewrite/rule.h"

namespace kasuri {

/// A growing set of nodes that may become one kernel.
class Region {
 public:
  explicit Region(const Scene& scene) : scene_(scene) {}

  void add(NodeId node) { members_.insert(node); }
  /// Adds the members of a formed group, which the region then replaces.
  void add(const Group& group);
  void absorb(NodeId view) { absorbed_.insert(view); }

  bool contains(NodeId node) const { return members_.contains(node); }
  size_t size() const { return members_.size(); }
  /// Producers first.
  std::vector<NodeId> members() const { return sorted(members_); }
  /// Members and absorbed views, producers first.
  std::vector<NodeId> everything() const;
  /// Values made inside that are read outside or are graph outputs.
  std::vector<ValueId> live_outs() const;
  /// Distinct outside values read that are not constants.
  std::vector<ValueId> live_ins() const;
  /// Would the kernel wait for itself, through nodes outside or groups that reach back?
  bool closes_cycle() const;

  /// The group as a decision, if the engine can run it as one kernel; else why not.
  Match form(const std::string& kind, const Rule& rule, const Node& root) const;

 private:
  std::vector<NodeId> sorted(const std::set<NodeId>& nodes) const;

  const Scene& scene_;
  std::set<NodeId> members_, absorbed_;
  std::vector<GroupId> replaced_;
};

/// Nodes computed from `start` and constants alone, by elementwise steps, that meet in one value:
/// every such bundle that holds `wanted`, shortest first.
std::vector<std::vector<NodeId>> closed_bundles(const Scene& scene, ValueId start, NodeId wanted);

}  // namespace kasuri
