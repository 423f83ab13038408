#include "profiling/dynamic/exit_segments.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "engine/ir/graph_patch.h"
#include "engine/ir/subgraph.h"

namespace kasuri::profiling {
namespace {

Result<ValueId> value_called(const Graph& graph, const std::string& name) {
  for (const GraphOutput& output : graph.outputs())
    if (output.name == name) return output.value;
  if (const auto value = graph.find_value(name)) return *value;
  std::string outputs;
  for (const GraphOutput& output : graph.outputs())
    outputs += (outputs.empty() ? "" : ", ") + output.name;
  return Error(
      fmt::format("the model has no value '{}' to leave at; its outputs are: {}", name, outputs));
}

/// "" if class scores can be read there, else why not.
std::string why_no_head(const Value& value) {
  const auto extents = value.type.shape ? extents_of(*value.type.shape) : std::nullopt;
  if (!value.producer.valid()) return "no node makes it";
  if (!value.type.is_tensor() || value.type.dtype != DataType::kFloat || !extents)
    return "it is " + value.type.text() + ", not float32[batch,classes]";
  if (extents->size() != 2 || (*extents)[1] < 2)
    return "it is " + value.type.text() + ", not [batch,classes] with two classes or more";
  return "";
}

Status check_head(const Graph& graph, ValueId id) {
  const std::string why = why_no_head(graph.value(id));
  if (why.empty()) return Done{};
  return Error(fmt::format("'{}' cannot be an exit: {}", graph.value(id).name, why));
}

/// The output most of the graph works for.
ValueId deepest_output(const Graph& graph) {
  ValueId best;
  size_t most = 0;
  for (const GraphOutput& output : graph.outputs()) {
    const size_t makers = makers_of(graph, {output.value}).size();
    if (makers >= most && why_no_head(graph.value(output.value)).empty()) {
      best = output.value;
      most = makers;
    }
  }
  return best;
}

/// By how much of the graph they need; each but the last must need less than the next.
void sort_by_depth(const Graph& graph, std::vector<ValueId>& exits, ValueId last) {
  std::vector<std::pair<size_t, ValueId>> order;
  for (ValueId id : exits)
    if (id != last) order.push_back({makers_of(graph, {id}).size(), id});
  std::sort(order.begin(), order.end());
  order.erase(std::unique(order.begin(), order.end()), order.end());
  exits.clear();
  for (const auto& [size, id] : order) exits.push_back(id);
  exits.push_back(last);
}

/// Nodes only a head is made by do not count; the trunks must be nested.
Status check_one_way(const Graph& graph, const std::vector<ValueId>& exits) {
  const std::set<NodeId> all = makers_of(graph, {exits.back()});
  for (size_t k = 0; k + 1 < exits.size(); ++k) {
    const auto makers = makers_of(graph, {exits[k]});
    const bool shares =
        std::any_of(makers.begin(), makers.end(), [&](NodeId id) { return all.contains(id); });
    if (!shares)
      return Error(fmt::format("exit '{}' shares no work with '{}': nothing is saved by it",
                               graph.value(exits[k]).name, graph.value(exits.back()).name));
  }
  return Done{};
}

bool ends_in_softmax(const Graph& graph, ValueId id) {
  const NodeId maker = graph.value(id).producer;
  return maker.valid() && graph.node(maker).is("Softmax");
}

Status check_crossing(const Graph& graph, ValueId id, ValueId head) {
  const Value& value = graph.value(id);
  const Value& scores = graph.value(head);
  const bool batched = value.type.is_tensor() && value.type.shape && !value.type.shape->empty() &&
                       (*value.type.shape)[0] == (*scores.type.shape)[0];
  if (batched || (*scores.type.shape)[0] == Dim(1)) return Done{};
  return Error(
      fmt::format("'{}' ({}) is read behind exit '{}', but the batch is not its first "
                  "axis: only batch 1 can leave early here",
                  value.name, value.type.text(), scores.name));
}

/// An image that convolutions of the part read, all readers there by an ordinary input.
bool is_image(const Graph& graph, ValueId id, const std::set<NodeId>& part) {
  const Value& value = graph.value(id);
  if (!value.producer.valid() || !value.type.is_static_tensor() || value.type.shape->size() != 4)
    return false;
  bool convolved = false;
  for (NodeId reader : value.consumers) {
    if (!part.contains(reader)) continue;
    const Node& node = graph.node(reader);
    if (std::find(node.inputs.begin(), node.inputs.end(), id) == node.inputs.end()) return false;
    convolved = convolved || node.is("Conv");
  }
  return convolved;
}

/// Images cross a cut with the channels last, as convolutions read and write them: the transposes
/// put on both sides are mere views for the layout pass.
class ImageCrossings {
 public:
  explicit ImageCrossings(const Graph& graph) : graph_(graph), patch_(graph, "CrossChannelsLast") {}

  void add(ValueId image, std::set<NodeId>& maker, std::set<NodeId>& reader) {
    const Value& value = graph_.value(image);
    const Shape& s = *value.type.shape;
    if (!crossing_.contains(image))
      crossing_[image] =
          transpose(image, "/channels_last", {0, 2, 3, 1}, {s[0], s[2], s[3], s[1]}, value, maker);
    const ValueId back =
        transpose(crossing_[image], "/channels_first", {0, 3, 1, 2}, s, value, reader);
    for (NodeId id : value.consumers) {
      if (!reader.contains(id)) continue;
      if (!inputs_.contains(id)) inputs_[id] = graph_.node(id).inputs;
      std::replace(inputs_[id].begin(), inputs_[id].end(), image, back);
    }
  }
  Status apply(Graph& graph) {
    for (const auto& [id, inputs] : inputs_)
      patch_.update_node(id, inputs, graph_.node(id).attributes);
    const auto inverse = patch_.apply(graph);
    if (!inverse.ok()) return inverse.error();
    return Done{};
  }

 private:
  ValueId transpose(ValueId from, const char* suffix, std::vector<int64_t> order, Shape shape,
                    const Value& image, std::set<NodeId>& part) {
    Node node;
    node.op = {"", "Transpose"};
    node.opset = graph_.opset();
    node.name = image.name + suffix;
    node.inputs = {from};
    node.attributes["perm"] = std::move(order);
    node.provenance = {node.name};
    const NodeId id =
        patch_.add_node(std::move(node), {ValueType::tensor(image.type.dtype, std::move(shape))});
    part.insert(id);
    return patch_.output_of(id, 0);
  }

  const Graph& graph_;
  GraphPatch patch_;
  std::map<ValueId, ValueId> crossing_;
  std::map<NodeId, std::vector<ValueId>> inputs_;
};

Status cross_channels_last(Graph& graph, std::vector<std::set<NodeId>>& parts) {
  const Graph before = graph;
  ImageCrossings crossings(before);
  for (size_t k = 1; k < parts.size(); ++k)
    for (ValueId id : values_entering(before, parts[k])) {
      if (!is_image(before, id, parts[k])) continue;
      const auto maker = std::find_if(parts.begin(), parts.end(), [&](const auto& part) {
        return part.contains(before.value(id).producer);
      });
      crossings.add(id, *maker, parts[k]);
    }
  return crossings.apply(graph);
}

}  // namespace

Result<ValueId> final_scores(const Graph& graph, const std::string& name) {
  ValueId last = deepest_output(graph);
  if (!name.empty()) {
    KASURI_TRY(last, value_called(graph, name));
  }
  if (!last.valid())
    return Error("the model has no output with class scores, float32[batch,classes], to leave at");
  KASURI_RETURN_IF_ERROR(check_head(graph, last));
  return last;
}

Result<std::vector<ValueId>> find_exits(const Graph& graph, const std::vector<std::string>& names,
                                        const std::string& final_name) {
  KASURI_TRY(const ValueId last, final_scores(graph, final_name));
  std::vector<ValueId> exits;
  if (names.empty()) {
    for (const GraphOutput& output : graph.outputs())
      if (output.value != last && graph.value(output.value).type == graph.value(last).type)
        exits.push_back(output.value);
  }
  for (const std::string& name : names) {
    KASURI_TRY(const ValueId id, value_called(graph, name));
    KASURI_RETURN_IF_ERROR(check_head(graph, id));
    if (graph.value(id).type != graph.value(last).type)
      return Error(fmt::format("exit '{}' is {}, but '{}' is {}", name, graph.value(id).type.text(),
                               graph.value(last).name, graph.value(last).type.text()));
    exits.push_back(id);
  }
  sort_by_depth(graph, exits, last);
  if (exits.size() < 2)
    return Error(
        fmt::format("the model has no exit heads: no output but '{}' gives {}; name a "
                    "value with --exit, or let heads be fitted with --attach",
                    graph.value(last).name, graph.value(last).type.text()));
  KASURI_RETURN_IF_ERROR(check_one_way(graph, exits));
  return exits;
}

Result<std::vector<std::set<NodeId>>> exit_parts(const Graph& graph,
                                                 const std::vector<ValueId>& exits) {
  std::vector<std::set<NodeId>> parts;
  std::set<NodeId> done;
  for (ValueId exit : exits) {
    std::set<NodeId> part;
    for (NodeId id : makers_of(graph, {exit}))
      if (!done.contains(id)) part.insert(id);
    done.insert(part.begin(), part.end());
    if (part.empty())
      return Error(fmt::format("exit '{}' comes after '{}' without any work between",
                               graph.value(exit).name, graph.value(exits.front()).name));
    parts.push_back(std::move(part));
  }
  return parts;
}

Result<std::vector<ExitSegment>> cut_at_exits(const Graph& whole,
                                              const std::vector<ValueId>& exits) {
  KASURI_TRY(std::vector<std::set<NodeId>> parts, exit_parts(whole, exits));
  Graph graph = whole;
  KASURI_RETURN_IF_ERROR(cross_channels_last(graph, parts));
  std::vector<ExitSegment> segments(exits.size());
  std::set<ValueId> wanted;  // by later parts
  for (size_t k = exits.size(); k-- > 0;) {
    ExitSegment& segment = segments[k];
    std::vector<ValueId> outputs{exits[k]};
    for (ValueId id : wanted)
      if (id != exits[k] && parts[k].contains(graph.value(id).producer)) outputs.push_back(id);
    for (ValueId id : wanted) KASURI_RETURN_IF_ERROR(check_crossing(graph, id, exits[k]));
    KASURI_TRY(segment.graph, cut_graph(graph, parts[k], outputs));
    segment.head = graph.value(exits[k]).name;
    segment.gives_probabilities = ends_in_softmax(graph, exits[k]);
    for (ValueId id : outputs) segment.leaves.push_back(graph.value(id).name);
    for (ValueId id : values_entering(graph, parts[k])) {
      segment.enters.push_back(graph.value(id).name);
      wanted.insert(id);
    }
  }
  return segments;
}

Result<Graph> graph_of(const Graph& graph, ValueId output) {
  return cut_graph(graph, makers_of(graph, {output}), {output});
}

}  // namespace kasuri::profiling
