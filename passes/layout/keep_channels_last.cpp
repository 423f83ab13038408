#include "passes/layout/keep_channels_last.h"

#include <algorithm>
#include <set>

#include "engine/rewrite/pattern.h"

namespace kasuri {
namespace {

/// Faster with channels innermost.
bool prefers(const Node& node) {
  return is_any_of(node, {"Conv", "ConvTranspose", "MaxPool", "AveragePool", "Resize", "Upsample",
                          "QLinearConv", "ConvInteger"});
}

/// Does not care, as long as all its values of the region's rank agree.
bool is_indifferent(const Node& node) {
  return is_elementwise(node) ||
         is_any_of(node,
                   {"BatchNormalization", "Concat", "Pad", "Slice", "Split", "Identity", "Dropout",
                    "InstanceNormalization", "GroupNormalization", "GlobalAveragePool",
                    "GlobalMaxPool", "ReduceMean", "ReduceMax", "ReduceSum", "LRN"}) ||
         converts_codes(node) ||
         (node.op.domain == "com.microsoft" && node.op.name.starts_with("QLinear"));
}

/// Float32 numbers or their 8-bit codes.
bool has_layout(const Graph& graph, ValueId id) {
  const auto type = dtype_of(graph, id);
  return type == DataType::kFloat || type == DataType::kUint8 || type == DataType::kInt8;
}

/// Stores the value's axes 0, 2, 3, ..., 1.
std::vector<int> channels_last(size_t rank) {
  std::vector<int> order{0};
  for (size_t a = 2; a < rank; ++a) order.push_back(static_cast<int>(a));
  order.push_back(1);
  return order;
}

/// Values whose layout is decided together, and what it would gain and cost in bytes moved.
class LayoutRegion {
 public:
  LayoutRegion(const Scene& scene, const Node& seed)
      : scene_(scene),
        graph_(scene.graph),
        seed_(seed),
        rank_(static_extents(graph_, seed.output(0))->size()) {}

  /// False when an earlier node already speaks for the region.
  bool collect() {
    take(seed_.output(0));
    take(seed_.input(0));
    while (!open_.empty()) {
      const ValueId value = open_.back();
      open_.pop_back();
      if (const Node* p = producer_of(graph_, value); p && !visit(*p, value)) return false;
      for (NodeId reader : graph_.value(value).consumers)
        if (!visit(graph_.node(reader), value)) return false;
    }
    return true;
  }

  bool pays() const { return gain_ > cost_; }
  /// Values that would move, in id order.
  std::vector<ValueId> values() const {
    std::vector<ValueId> moved;
    for (ValueId id : values_)
      if (producer_of(graph_, id) && !graph_.is_output(id) && moves(id)) moved.push_back(id);
    return moved;
  }

 private:
  /// Channels and places both more than one: the two orders differ.
  bool moves(ValueId id) const {
    const auto e = *static_extents(graph_, id);
    const bool places = std::any_of(e.begin() + 2, e.end(), [](int64_t n) { return n > 1; });
    return e[1] > 1 && places;
  }

  void take(ValueId id) {
    if (!id.valid() || graph_.value(id).is_constant()) return;
    const auto extents = static_extents(graph_, id);
    if (!extents || extents->size() != rank_ || !has_layout(graph_, id)) return;
    if (values_.insert(id).second) open_.push_back(id);
  }

  bool visit(const Node& node, ValueId value) {
    if (prefers(node)) {
      if (graph_.rank(node.id) < graph_.rank(seed_.id)) return false;
      if (seen_.insert(node.id).second)
        gain_ += bytes_of(graph_, node.input(0)) + bytes_of(graph_, node.output(0));
      take(node.input(0));
      take(node.output(0));
    } else if (is_indifferent(node)) {
      for (ValueId in : node.inputs) take(in);
      for (ValueId out : node.outputs) take(out);
    } else {
      add_border(node, value);
    }
    return true;
  }

  /// A node that thinks in row-major order: one pass over the value, unless it undoes the order.
  void add_border(const Node& node, ValueId value) {
    if (!moves(value)) return;
    (is_transposing(node, value) ? gain_ : cost_) += bytes_of(graph_, value);
  }

  bool is_transposing(const Node& node, ValueId value) const {
    if (node.is("Transpose")) return true;
    if (!is_any_of(node, {"Reshape", "Flatten"})) return false;
    if (node.input(0) != value) {
      return producer_if(graph_, node.input(0), "Transpose") != nullptr;
    }
    const Node* next = only_reader(graph_, node.output(0));
    return next && next->is("Transpose");
  }

  const Scene& scene_;
  const Graph& graph_;
  const Node& seed_;
  size_t rank_;
  std::set<ValueId> values_;
  std::set<NodeId> seen_;
  std::vector<ValueId> open_;
  int64_t gain_ = 0, cost_ = 0;
};

}  // namespace

KeepChannelsLast::KeepChannelsLast()
    : Rule({.name = "KeepChannelsLast",
            .law = "conv(x) = conv(x stored as N, places, C), for a whole region at once",
            .fidelity = Fidelity::kReassociates}) {}

Match KeepChannelsLast::match(const Scene& scene, NodeId id) const {
  const Graph& graph = scene.graph;
  const Node& node = graph.node(id);
  if (!prefers(node)) return NotHere{};
  const auto extents = static_extents(graph, node.output(0));
  if (!extents || extents->size() < 3 || extents->size() > 5) return NotHere{};
  if (!has_layout(graph, node.output(0))) return NotHere{};
  LayoutRegion region(scene, node);
  if (!region.collect()) return NotHere{};
  Proposal proposal;
  for (ValueId value : region.values()) {
    if (scene.decisions.layout_of(value)) continue;
    proposal.decisions.push_back(SetLayout{value, channels_last(extents->size())});
  }
  if (proposal.decisions.empty()) return NotHere{};
  KASURI_DECLINE_UNLESS(region.pays(), "changing to row-major at its borders would cost more");
  return proposal;
}

}  // namespace kasuri
