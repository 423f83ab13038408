#include "passes/merge/merge_parallel_convs.h"

#include <algorithm>
#include <map>

#include "engine/rewrite/pattern.h"
#include "passes/fold/conv_weights.h"
#include "passes/merge/conv_branch.h"

namespace kasuri {
namespace {

/// A sum of any association: its summands, and the inner Adds that make it.
struct SumTree {
  std::vector<ValueId> leaves;
  std::vector<NodeId> inner;
};

bool is_part_of(const Graph& graph, const Node& node, ValueId sum) {
  return node.is("Add") && only_reader(graph, node.output(0)) &&
         same_type(graph, node.output(0), sum);
}

SumTree sum_tree(const Graph& graph, const Node& root) {
  SumTree tree;
  std::vector<ValueId> open{root.input(1), root.input(0)};
  while (!open.empty()) {
    const ValueId value = open.back();
    open.pop_back();
    const Node* node = producer_of(graph, value);
    if (node && is_part_of(graph, *node, root.output(0))) {
      tree.inner.push_back(node->id);
      open.push_back(node->input(1));
      open.push_back(node->input(0));
    } else {
      tree.leaves.push_back(value);
    }
  }
  return tree;
}

/// The summand as a branch of its own input; the value itself when it is no private Conv or BN.
ConvBranch branch_of(const Graph& graph, ValueId leaf) {
  const Node* node = producer_of(graph, leaf);
  if (node && node->is("Conv") && only_reader(graph, leaf)) return {node->input(0), node, {}, {}};
  if (node && node->is("BatchNormalization") && only_reader(graph, leaf)) {
    auto affine = affine_of_batch_norm(graph, *node);
    if (auto* a = std::get_if<Affine>(&affine))
      return {node->input(0), node, std::move(a->scale), std::move(a->shift)};
  }
  return {leaf, nullptr, {}, {}};
}

/// The branches of the input that most of them share, at least one of them a convolution.
std::vector<ConvBranch> largest_family(const std::vector<ConvBranch>& all) {
  std::map<ValueId, std::vector<ConvBranch>> by_input;
  for (const ConvBranch& b : all) by_input[b.input].push_back(b);
  std::vector<ConvBranch> best;
  for (auto& [input, family] : by_input) {
    const bool has_conv = std::any_of(family.begin(), family.end(), [](const ConvBranch& b) {
      return b.node && b.node->is("Conv");
    });
    if (has_conv && family.size() > best.size()) best = std::move(family);
  }
  return best;
}

bool all_distinct(std::vector<ValueId> values) {
  std::sort(values.begin(), values.end());
  return std::adjacent_find(values.begin(), values.end()) == values.end();
}

std::map<std::string, Attribute> attributes_of(const ConvGeometry& g) {
  std::vector<int64_t> pads = g.pads_begin;
  pads.insert(pads.end(), g.pads_end.begin(), g.pads_end.end());
  return {{"kernel_shape", g.kernel},
          {"strides", g.strides},
          {"pads", pads},
          {"dilations", std::vector<int64_t>(g.kernel.size(), 1)},
          {"group", g.group}};
}

class Merger {
 public:
  Merger(const Graph& graph, const Node& root, SumTree tree, std::vector<ConvBranch> family)
      : graph_(graph), root_(root), tree_(std::move(tree)), family_(std::move(family)) {}

  Proposal propose(const ConvGeometry& geometry) {
    GraphPatch patch(graph_, std::to_string(family_.size()) + " branches into one Conv");
    const Node& conv = latest_conv();
    MergedWeights merged = merge_weights(graph_, family_, geometry);
    const ValueId w = patch.add_constant(fresh_name(graph_, conv.name + "_merged_weight"),
                                         std::move(merged.weights));
    const ValueId b =
        patch.add_constant(fresh_name(graph_, conv.name + "_merged_bias"), std::move(merged.bias));
    std::vector<NodeId> nodes = tree_.inner;
    for (const ConvBranch& branch : family_)
      if (branch.node) nodes.push_back(branch.node->id);
    std::vector<NodeId> sources = nodes;
    sources.insert(sources.begin(), root_.id);
    patch.update_node(conv.id, {family_[0].input, w, b}, attributes_of(geometry),
                      merged_provenance(graph_, sources));
    ValueId sum = conv.output(0);
    for (ValueId rest : others()) sum = add(patch, sum, rest, sources);
    patch.replace_value(root_.output(0), sum);
    patch.remove_node(root_.id);
    for (NodeId id : nodes)
      if (id != conv.id) patch.remove_node(id);
    return Proposal{.patch = std::move(patch), .nodes = std::move(nodes)};
  }

 private:
  const Node& latest_conv() const {
    const Node* latest = nullptr;
    for (const ConvBranch& b : family_)
      if (b.node && b.node->is("Conv") &&
          (!latest || graph_.rank(b.node->id) > graph_.rank(latest->id)))
        latest = b.node;
    return *latest;
  }

  /// Summands that are not in the family, in the order of the sum.
  std::vector<ValueId> others() const {
    std::vector<ValueId> rest;
    for (ValueId leaf : tree_.leaves) {
      const ConvBranch b = branch_of(graph_, leaf);
      if (b.input != family_[0].input) rest.push_back(leaf);
    }
    return rest;
  }

  ValueId add(GraphPatch& patch, ValueId a, ValueId b, const std::vector<NodeId>& sources) const {
    Node node;
    node.op = {"", "Add"};
    node.opset = root_.opset;
    node.name =
        fresh_name(graph_, root_.name + "_rest" + std::to_string(patch.added_nodes().size()));
    node.inputs = {a, b};
    node.provenance = merged_provenance(graph_, sources);
    const NodeId id = patch.add_node(std::move(node), {graph_.value(root_.output(0)).type});
    return patch.output_of(id, 0);
  }

  const Graph& graph_;
  const Node& root_;
  SumTree tree_;
  std::vector<ConvBranch> family_;
};

}  // namespace

MergeParallelConvs::MergeParallelConvs()
    : Rule({.name = "MergeParallelConvs",
            .law = "conv(x, V) + conv(x, W) + x = conv(x, pad(V) + pad(W) + delta)",
            .fidelity = Fidelity::kReassociates}) {}

Match MergeParallelConvs::match(const Scene& scene, NodeId id) const {
  const Graph& graph = scene.graph;
  const Node& root = graph.node(id);
  if (!root.is("Add")) return NotHere{};
  const Node* reader = only_reader(graph, root.output(0));
  if (reader && reader->is("Add") && same_type(graph, root.output(0), reader->output(0)))
    return NotHere{};
  SumTree tree = sum_tree(graph, root);
  std::vector<ConvBranch> all;
  for (ValueId leaf : tree.leaves) all.push_back(branch_of(graph, leaf));
  std::vector<ConvBranch> family = largest_family(all);
  if (family.size() < 2) return NotHere{};
  KASURI_DECLINE_UNLESS(!is_captured(graph, root.output(0)), "a body reads its output by name");
  for (ValueId leaf : tree.leaves)
    KASURI_DECLINE_UNLESS(same_type(graph, leaf, root.output(0)), "a summand is broadcast");
  KASURI_DECLINE_UNLESS(all_distinct(tree.leaves), "a summand is added twice");
  const auto geometry = common_geometry(graph, family);
  if (const auto* declined = std::get_if<Declined>(&geometry)) return *declined;
  return Merger(graph, root, std::move(tree), std::move(family))
      .propose(std::get<ConvGeometry>(geometry));
}

}  // namespace kasuri
