#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/base/fingerprint.h"
#include "engine/ir/graph.h"

namespace kasuri {

struct GroupTag;
using GroupId = Id<GroupTag>;

/// Nodes that run as one kernel. The graph itself is not changed: members stay standard operators,
/// so export, provenance and undo come for free.
struct Group {
  GroupId id;
  std::string kind;           ///< For people: "MatMul + bias + GELU", "LayerNorm", "stitch".
  std::vector<NodeId> nodes;  ///< Members that belong to this group alone, topological order.
  /// View nodes (Legality::is_view) done here as index arithmetic. They may be absorbed by several
  /// groups; such a node gets a kernel of its own only if some other reader still needs its value.
  std::vector<NodeId> absorbed;
  std::string rule;  ///< Who formed it (or extended it last).
  std::string site;  ///< Site identity, see rule.h.
};

struct FormGroup {
  Group group;
  std::vector<GroupId> replaces;
};  ///< replaced groups vanish
/// Physical order of axes in memory, outermost first: {0,2,3,1} stores NCHW as NHWC.
struct SetLayout {
  ValueId value;
  std::vector<int> axis_order;
};
/// The node may write its output `output` over its dying input `input`.
struct AllowInPlace {
  NodeId node;
  int input = 0;
  int output = 0;
};
/// Memory planning switches.
enum class MemoryOption : uint8_t { kAliasViews, kOrderByPeak, kConcatInPlace, kExactPlacement };
struct EnableMemory {
  MemoryOption option;
};

/// One reversible decision beside the graph.
using PlanDecision = std::variant<FormGroup, SetLayout, AllowInPlace, EnableMemory>;

/// The decisions in force. Like Graph, changed only through apply() (by the PassManager).
class PlanDecisions {
 public:
  std::vector<const Group*> groups() const;  ///< live groups, ascending id
  const Group* group_of(NodeId node) const;  ///< as a member (not absorbed); or null
  const Group* find(GroupId id) const;
  std::vector<GroupId> absorbers_of(NodeId view) const;
  std::optional<std::vector<int>> layout_of(ValueId value) const;
  bool may_overwrite(NodeId node, int input, int output) const;
  bool enabled(MemoryOption option) const;

  GroupId next_group_id() const;  ///< The id the next formed group gets (apply() sets it).
  /// Errors (internal): a member already in another group not replaced, unknown group.
  Status apply(const PlanDecision& decision);
  Fingerprint fingerprint(const Graph& graph) const;

 private:
  Status put(const FormGroup& form);
  Status put(const SetLayout& layout);
  Status put(const AllowInPlace& allow);
  Status put(const EnableMemory& enable);
  void drop(GroupId id);

  std::map<uint32_t, Group> groups_;
  std::map<uint32_t, GroupId> member_of_;
  std::map<uint32_t, std::vector<GroupId>> absorbers_;
  std::map<uint32_t, std::vector<int>> layouts_;
  std::vector<AllowInPlace> in_place_;
  uint32_t memory_options_ = 0;
  uint32_t next_group_ = 0;
};

}  // namespace kasuri
