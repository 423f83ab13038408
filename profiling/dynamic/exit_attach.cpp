#include "profiling/dynamic/exit_attach.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/ir/graph_patch.h"
#include "engine/ir/shape_inference.h"
#include "engine/ir/subgraph.h"

namespace kasuri::profiling {
namespace {

constexpr int64_t kGridCells = 3;
constexpr int64_t kMostFeatures = 1024;

std::vector<int64_t> extents(const Value& value) {
  return value.type.shape ? extents_of(*value.type.shape).value_or(std::vector<int64_t>())
                          : std::vector<int64_t>();
}

/// Windows of equal size without overlap, as many as fit the grid.
struct Windows {
  int64_t size = 1, cells = 1;
};
Windows windows_of(int64_t extent) {
  for (int64_t cells = std::min(kGridCells, extent); cells > 1; --cells)
    if (extent % cells == 0) return {extent / cells, cells};
  return extent >= 2 * kGridCells ? Windows{extent / 2, 2} : Windows{extent, 1};
}

int64_t features_of(const std::vector<int64_t>& shape) {
  if (shape.size() == 2) return shape[1];
  if (shape.size() == 3) return 2 * shape[2];
  return shape[1] * (windows_of(shape[2]).cells * windows_of(shape[3]).cells + 1);
}

bool readable(const Value& value, int64_t batch) {
  const std::vector<int64_t> shape = extents(value);
  if (value.type.dtype != DataType::kFloat || shape.size() < 2 || shape.size() > 4) return false;
  const int64_t features = features_of(shape);
  return shape[0] == batch && features >= 2 && features <= kMostFeatures;
}

/// The builder of a head: nodes one after the other.
class HeadBuilder {
 public:
  HeadBuilder(const Graph& graph, const AttachedHead& head)
      : graph_(graph), head_(head), patch_(graph, "AttachExit") {}

  ValueId add(const char* op, const std::string& name, std::vector<ValueId> inputs,
              std::map<std::string, Attribute> attributes, std::vector<int64_t> shape) {
    Node node;
    node.op = {"", op};
    node.opset = graph_.opset();
    node.name = name;
    node.inputs = std::move(inputs);
    node.attributes = std::move(attributes);
    node.provenance = {name};
    const NodeId id =
        patch_.add_node(std::move(node), {ValueType::tensor(DataType::kFloat, shape_of(shape))});
    return patch_.output_of(id, 0);
  }
  std::string part(const char* suffix) const { return head_.name + suffix; }
  ValueId constant(const char* suffix, Tensor tensor) {
    return patch_.add_constant(part(suffix), std::move(tensor));
  }

  ValueId grid(ValueId value, const std::vector<int64_t>& shape) {
    const Windows h = windows_of(shape[2]), w = windows_of(shape[3]);
    const ValueId pooled = add("AveragePool", part("/pool"), {value},
                               {{"kernel_shape", std::vector<int64_t>{h.size, w.size}},
                                {"strides", std::vector<int64_t>{h.size, w.size}}},
                               {shape[0], shape[1], h.cells, w.cells});
    const int64_t means = shape[1] * h.cells * w.cells;
    const ValueId flat =
        add("Flatten", part("/means"), {pooled}, {{"axis", int64_t{1}}}, {shape[0], means});
    const ValueId top = add("GlobalMaxPool", part("/max"), {value}, {}, {shape[0], shape[1], 1, 1});
    const ValueId tops =
        add("Flatten", part("/tops"), {top}, {{"axis", int64_t{1}}}, {shape[0], shape[1]});
    return add("Concat", features_name(), {flat, tops}, {{"axis", int64_t{1}}},
               {shape[0], features_of(shape)});
  }
  ValueId tokens(ValueId value, const std::vector<int64_t>& shape) {
    const ValueId first =
        add("Gather", part("/first"), {value, constant("/zero", Tensor::scalar<int64_t>(0))},
            {{"axis", int64_t{1}}}, {shape[0], shape[2]});
    const bool axes_are_input = graph_.opset() >= 18;
    std::vector<ValueId> inputs{value};
    std::map<std::string, Attribute> attributes{{"keepdims", int64_t{0}}};
    if (axes_are_input)
      inputs.push_back(constant("/axis", Tensor::of<int64_t>({1}, {1})));
    else
      attributes["axes"] = std::vector<int64_t>{1};
    const ValueId all = add("ReduceMean", part("/mean"), inputs, attributes, {shape[0], shape[2]});
    return add("Concat", features_name(), {first, all}, {{"axis", int64_t{1}}},
               {shape[0], 2 * shape[2]});
  }
  void scores(ValueId features, int64_t batch) {
    add("Gemm", head_.name,
        {features, constant("/weights", head_.weights), constant("/bias", head_.bias)}, {},
        {batch, head_.weights.extents()[1]});
  }
  Status apply(Graph& graph) { return done(patch_.apply(graph)); }

 private:
  static Status done(Result<GraphPatch> inverse) {
    if (!inverse.ok()) return std::move(inverse).error();
    return Done{};
  }
  std::string features_name() const {
    return head_.weights.defined() ? part("/features") : head_.name;
  }

  const Graph& graph_;
  const AttachedHead& head_;
  GraphPatch patch_;
};

ExitPooling pooling_for(size_t rank) {
  if (rank == 4) return ExitPooling::kGrid;
  return rank == 3 ? ExitPooling::kTokens : ExitPooling::kRow;
}

}  // namespace

std::vector<ExitPlace> exit_places(const Graph& graph, ValueId last) {
  const std::set<NodeId> needed = makers_of(graph, {last});
  const std::vector<int64_t> scores = extents(graph.value(last));
  std::vector<ExitPlace> places;
  std::set<ValueId> open;  // made, and read by nodes still to come
  std::set<NodeId> done;
  for (NodeId id : graph.topological_order()) {
    if (!needed.contains(id)) continue;
    done.insert(id);
    for (ValueId output : graph.node(id).outputs)
      if (output.valid() && output != last) open.insert(output);
    std::erase_if(open, [&](ValueId value) {
      const auto& readers = graph.value(value).consumers;
      return std::all_of(readers.begin(), readers.end(), [&](NodeId reader) {
        return !needed.contains(reader) || done.contains(reader);
      });
    });
    if (open.size() != 1 || done.size() == needed.size()) continue;
    const Value& value = graph.value(*open.begin());
    if (value.producer != id || scores.empty() || !readable(value, scores[0])) continue;
    const std::vector<int64_t> shape = extents(value);
    places.push_back({value.name, pooling_for(shape.size()), features_of(shape),
                      static_cast<double>(done.size()) / static_cast<double>(needed.size())});
  }
  return places;
}

Result<Graph> attach_head(Graph graph, const AttachedHead& head) {
  const auto at = graph.find_value(head.at);
  if (!at) return Error(fmt::format("no value is called '{}' to attach a head to", head.at));
  const std::vector<int64_t> shape = extents(graph.value(*at));
  if (!readable(graph.value(*at), shape.empty() ? 0 : shape[0]))
    return Error(
        fmt::format("'{}' is {}: a head reads float32 [batch,features], "
                    "[batch,tokens,width] or [batch,channels,height,width]",
                    head.at, graph.value(*at).type.text()));
  HeadBuilder builder(graph, head);
  ValueId features = *at;
  if (head.pooling == ExitPooling::kGrid) features = builder.grid(*at, shape);
  if (head.pooling == ExitPooling::kTokens) features = builder.tokens(*at, shape);
  if (head.weights.defined()) builder.scores(features, shape[0]);
  KASURI_RETURN_IF_ERROR(builder.apply(graph));
  return infer_graph(std::move(graph));
}

}  // namespace kasuri::profiling
