#include "engine/backend/cpu/epilogue_match.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "engine/backend/cpu/few_rows.h"
#include "engine/backend/cpu/scalar_function.h"

namespace kasuri::cpu {
namespace {

using Ops = std::vector<EpilogueOp>;

class EpilogueMatcher {
 public:
  EpilogueMatcher(const KernelRequest& request, const std::vector<NodeId>& after, ValueId start,
                  const std::function<std::optional<StridedView>(ValueId)>& operand)
      : request_(request),
        graph_(*request.graph),
        after_(after),
        operand_(operand),
        extents_(extents_of_value(graph_, start)) {
    const Node& root = graph_.node(graph_.value(start).producer);
    int64_t rows = 1;
    for (size_t k = 0; k + 1 < extents_.size(); ++k) rows *= extents_[k];
    joins_only_vectors_ = (root.is("MatMul") || root.is("Gemm")) && rows > FewRows::kMostRows;
    made_.insert(start);
    for (NodeId id : after)
      made_.insert(graph_.node(id).outputs.begin(), graph_.node(id).outputs.end());
  }

  Ops run(ValueId value) {
    Ops ops;
    while (true) {
      Ops next = composite(value);
      if (next.empty()) next = single(value);
      if (next.empty() || is_dear(next)) return ops;
      value = next.back().result;
      for (EpilogueOp& op : next) ops.push_back(std::move(op));
    }
  }

 private:
  /// As post-ops these take 0.6 to 0.8 ns per element, in a nest behind it 0.3 (Zen 4, AVX-512);
  /// an operand as large as a product's result costs 0.8 ns against 0.2 (of few rows: nothing).
  bool is_dear(const Ops& ops) const {
    return std::any_of(ops.begin(), ops.end(), [&](const EpilogueOp& op) {
      return op.form.kind == PostKind::kGeluErf || op.form.kind == PostKind::kGeluTanh ||
             op.form.kind == PostKind::kSwish || op.form.kind == PostKind::kMish ||
             (joins_only_vectors_ && op.operand && varying_axes(*op.operand) > 1);
    });
  }

  static int64_t varying_axes(const StridedView& view) {
    int64_t axes = 0;
    for (size_t k = 0; k < view.extents.size(); ++k)
      axes += view.extents[k] > 1 && view.strides[k] != 0;
    return axes;
  }

  bool is_output(ValueId id) const {
    return std::find(request_.outputs.begin(), request_.outputs.end(), id) !=
           request_.outputs.end();
  }

  /// Members that read `value`; empty when it is needed outside too.
  std::vector<NodeId> readers(ValueId value) const {
    if (is_output(value)) return {};
    std::vector<NodeId> inside;
    for (NodeId id : after_) {
      const auto& in = graph_.node(id).inputs;
      if (std::find(in.begin(), in.end(), value) != in.end()) inside.push_back(id);
    }
    return inside;
  }

  bool keeps_shape(const Node& node) const {
    const ValueType& type = graph_.value(node.output(0)).type;
    return type.is_static_tensor() && type.dtype == DataType::kFloat &&
           extents_of_value(graph_, node.output(0)) == extents_;
  }

  /// A closed bundle of scalar nodes that is a well-known activation.
  Ops composite(ValueId value) const {
    const std::vector<NodeId> first = readers(value);
    if (first.empty()) return {};
    std::set<ValueId> inside{value};
    std::vector<NodeId> nodes;
    for (NodeId id : after_) {
      const Node& node = graph_.node(id);
      if (!is_scalar_node(graph_, node) || !keeps_shape(node)) continue;
      const bool closed = std::all_of(node.inputs.begin(), node.inputs.end(), [&](ValueId in) {
        return !in.valid() || inside.contains(in) || graph_.value(in).is_constant();
      });
      const bool touches = std::any_of(node.inputs.begin(), node.inputs.end(),
                                       [&](ValueId in) { return inside.contains(in); });
      if (!closed || !touches) continue;
      nodes.push_back(id);
      inside.insert(node.outputs[0]);
      constexpr size_t kLongest = 12;
      if (nodes.size() > kLongest) return {};
      if (!is_exit(nodes, inside, node.outputs[0], value)) continue;
      if (const auto form = recognise_activation(graph_, nodes, value, node.outputs[0]))
        return {{*form, std::nullopt, nodes, node.outputs[0]}};
    }
    return {};
  }

  /// Is `result` the only value of the bundle that anything else reads?
  bool is_exit(const std::vector<NodeId>& nodes, const std::set<ValueId>& inside, ValueId result,
               ValueId start) const {
    const std::set<NodeId> members(nodes.begin(), nodes.end());
    for (ValueId id : inside) {
      if (id == result) continue;
      if (is_output(id)) return false;
      for (NodeId reader : graph_.value(id).consumers)
        if (!members.contains(reader) && (id != start || in_group(reader))) return false;
    }
    return true;
  }

  bool in_group(NodeId id) const {
    return std::find(after_.begin(), after_.end(), id) != after_.end();
  }

  Ops single(ValueId value) const {
    const std::vector<NodeId> readers_here = readers(value);
    if (readers_here.size() != 1) return {};
    const Node& node = graph_.node(readers_here[0]);
    if (!node.op.domain.empty() || node.outputs.size() != 1 || !keeps_shape(node)) return {};
    Ops ops = node.inputs.size() == 2 && !node.is("Clip") ? binary(node, value) : unary(node);
    for (EpilogueOp& op : ops) {
      op.result = node.outputs[0];
      op.nodes = {node.id};
    }
    return ops;
  }

  static EpilogueOp plain(PostKind kind, float alpha = 0, float beta = 0) {
    EpilogueOp op;
    op.form.kind = kind;
    op.form.alpha = alpha;
    op.form.beta = beta;
    return op;
  }

  std::optional<float> number(ValueId id) const {
    if (!id.valid() || !graph_.value(id).constant) return std::nullopt;
    const Tensor& t = *graph_.value(id).constant;
    if (t.count() != 1 || t.dtype() != DataType::kFloat) return std::nullopt;
    return t.data<float>()[0];
  }

  Ops clip(const Node& node) const {
    float low = -std::numeric_limits<float>::max(), high = std::numeric_limits<float>::max();
    for (size_t k = 1; k < node.inputs.size(); ++k)
      if (node.inputs[k].valid() && !number(node.inputs[k])) return {};
    low = node.has("min") ? node.get_float("min", low) : number(node.input(1)).value_or(low);
    high = node.has("max") ? node.get_float("max", high) : number(node.input(2)).value_or(high);
    return {plain(PostKind::kClip, low, high)};
  }

  Ops unary(const Node& node) const {
    if (node.is("Relu")) return {plain(PostKind::kRelu)};
    if (node.is("LeakyRelu")) return {plain(PostKind::kRelu, node.get_float("alpha", 0.01f))};
    if (node.is("Elu")) return {plain(PostKind::kElu, node.get_float("alpha", 1.f))};
    if (node.is("Clip")) return clip(node);
    if (node.is("Sigmoid")) return {plain(PostKind::kSigmoid)};
    if (node.is("Tanh")) return {plain(PostKind::kTanh)};
    if (node.is("Abs")) return {plain(PostKind::kAbs)};
    if (node.is("Sqrt")) return {plain(PostKind::kSqrt)};
    if (node.is("Exp")) return {plain(PostKind::kExp)};
    if (node.is("Softplus")) return {plain(PostKind::kSoftplus)};
    if (node.is("Neg")) return {plain(PostKind::kLinear, -1, 0)};
    return {};
  }

  Ops binary(const Node& node, ValueId value) const {
    if (node.inputs[0] == node.inputs[1]) return {};
    const bool first = node.inputs[0] == value;
    const ValueId other = node.inputs[first ? 1 : 0];
    if (made_.contains(other)) return {};
    if (const auto c = number(other)) {
      if (node.is("Add")) return {plain(PostKind::kLinear, 1, *c)};
      if (node.is("Sub"))
        return {first ? plain(PostKind::kLinear, 1, -*c) : plain(PostKind::kLinear, -1, *c)};
      if (node.is("Mul")) return {plain(PostKind::kLinear, *c, 0)};
      int exponent;
      if (node.is("Div") && first && std::fabs(std::frexp(*c, &exponent)) == 0.5f)
        return {plain(PostKind::kLinear, 1 / *c, 0)};
    }
    const PostKind kind = node.is("Add")   ? PostKind::kAdd
                          : node.is("Mul") ? PostKind::kMul
                          : node.is("Sub") ? PostKind::kSub
                          : node.is("Div") ? PostKind::kDiv
                          : node.is("Max") ? PostKind::kMax
                          : node.is("Min") ? PostKind::kMin
                                           : PostKind::kRelu;
    if (!is_binary(kind) || (!first && (kind == PostKind::kSub || kind == PostKind::kDiv)))
      return {};
    if (graph_.value(other).type.dtype != DataType::kFloat) return {};
    const auto view = operand_(other);
    if (!view) return {};
    EpilogueOp op = plain(kind);
    op.operand = broadcast(*view, extents_);
    if (!op.operand) return {};
    return {op};
  }

  const KernelRequest& request_;
  const Graph& graph_;
  const std::vector<NodeId>& after_;
  const std::function<std::optional<StridedView>(ValueId)>& operand_;
  std::vector<int64_t> extents_;
  bool joins_only_vectors_ = false;
  std::set<ValueId> made_;  // by the root and the members behind it
};

}  // namespace

std::vector<EpilogueOp> match_epilogue(
    const KernelRequest& request, const std::vector<NodeId>& after, ValueId start,
    const std::function<std::optional<StridedView>(ValueId)>& operand) {
  return EpilogueMatcher(request, after, start, operand).run(start);
}

}  // namespace kasuri::cpu
