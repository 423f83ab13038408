#include "profiling/dynamic/decode_face.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace kasuri::profiling {
namespace {

bool is_token_type(DataType type) { return type == DataType::kInt64 || type == DataType::kInt32; }

std::string list_of_inputs(const Graph& graph) {
  std::string list;
  for (ValueId id : graph.inputs())
    list += fmt::format("{}'{}' {}", list.empty() ? "" : ", ", graph.value(id).name,
                        graph.value(id).type.text());
  return list;
}

std::string list_of_outputs(const Graph& graph) {
  std::string list;
  for (const GraphOutput& output : graph.outputs())
    list += fmt::format("{}'{}' {}", list.empty() ? "" : ", ", output.name,
                        graph.value(output.value).type.text());
  return list;
}

std::optional<ValueId> input_called(const Graph& graph, const std::string& name) {
  for (ValueId id : graph.inputs())
    if (graph.value(id).name == name) return id;
  return std::nullopt;
}

std::optional<ValueId> output_called(const Graph& graph, const std::string& name) {
  for (const GraphOutput& output : graph.outputs())
    if (output.name == name) return output.value;
  return std::nullopt;
}

size_t rank_of(const Value& value) { return value.type.shape ? value.type.shape->size() : 0; }

Result<std::string> find_tokens(const Graph& graph, const std::string& asked) {
  if (!asked.empty()) {
    const auto id = input_called(graph, asked);
    if (id && is_token_type(graph.value(*id).type.dtype) && rank_of(graph.value(*id)) == 2)
      return asked;
    return Error(fmt::format("'{}' is not an integer input [batch, tokens]; the inputs are {}",
                             asked, list_of_inputs(graph)));
  }
  if (input_called(graph, "input_ids")) return std::string("input_ids");
  std::vector<std::string> fitting;
  for (ValueId id : graph.inputs()) {
    const Value& value = graph.value(id);
    if (is_token_type(value.type.dtype) && rank_of(value) == 2 && value.name != "attention_mask" &&
        value.name != "position_ids")
      fitting.push_back(value.name);
  }
  if (fitting.size() == 1) return fitting[0];
  return Error(
      fmt::format("no input takes tokens (an integer input [batch, tokens], as "
                  "'input_ids'); the inputs are {}",
                  list_of_inputs(graph)));
}

Result<std::string> find_logits(const Graph& graph, const std::string& asked) {
  const std::string name = asked.empty() ? "logits" : asked;
  if (output_called(graph, name)) return name;
  std::string found;
  if (asked.empty())
    for (const GraphOutput& output : graph.outputs())
      if (rank_of(graph.value(output.value)) == 3)
        found = found.empty() ? output.name : std::string("\x01");
  if (!found.empty() && found != "\x01") return found;
  return Error(fmt::format("no output '{}' [batch, tokens, vocabulary]; the outputs are {}", name,
                           list_of_outputs(graph)));
}

/// The axis on which `present` is one longer than `past`, if that is all that differs.
std::optional<int> growing_axis(const Value& past, const Value& present) {
  if (!past.type.is_static_tensor() || !present.type.is_static_tensor()) return std::nullopt;
  const auto from = *extents_of(*past.type.shape), to = *extents_of(*present.type.shape);
  if (from.size() != to.size() || past.type.dtype != present.type.dtype) return std::nullopt;
  std::optional<int> axis;
  for (size_t k = 0; k < from.size(); ++k) {
    if (from[k] == to[k]) continue;
    if (axis || to[k] != from[k] + 1) return std::nullopt;
    axis = static_cast<int>(k);
  }
  return axis;
}

Result<CachePair> given_pair(const Graph& graph, const std::string& past,
                             const std::string& present) {
  const auto from = input_called(graph, past);
  const auto to = output_called(graph, present);
  if (!from)
    return Error(fmt::format("no past input '{}'; the inputs are {}", past, list_of_inputs(graph)));
  if (!to)
    return Error(
        fmt::format("no present output '{}'; the outputs are {}", present, list_of_outputs(graph)));
  const auto axis = growing_axis(graph.value(*from), graph.value(*to));
  if (!axis)
    return Error(fmt::format("'{}' {} is not '{}' {} with one more token", present,
                             graph.value(*to).type.text(), past, graph.value(*from).type.text()));
  return CachePair{past, present, *axis};
}

/// An output that joins an input and new rows.
std::vector<CachePair> joined_pairs(const Graph& graph) {
  std::vector<CachePair> pairs;
  for (const GraphOutput& output : graph.outputs()) {
    const Value& present = graph.value(output.value);
    if (!present.producer.valid() || !graph.node(present.producer).is("Concat")) continue;
    const Node& join = graph.node(present.producer);
    if (join.inputs.size() != 2) continue;
    const Value& past = graph.value(join.inputs[0]);
    if (!input_called(graph, past.name)) continue;
    if (const auto axis = growing_axis(past, present))
      pairs.push_back({past.name, output.name, *axis});
  }
  return pairs;
}

Status check_cache_is_whole(const Graph& graph, const std::vector<CachePair>& pairs) {
  for (const GraphOutput& output : graph.outputs()) {
    const bool named = output.name.find("present") != std::string::npos;
    const bool paired = std::any_of(pairs.begin(), pairs.end(), [&](const CachePair& pair) {
      return pair.present == output.name;
    });
    if (named && !paired)
      return Error(fmt::format(
          "output '{}' has no past input that it extends; export the model with its past inputs "
          "or name the pair with --cache PAST={}; the inputs are {}",
          output.name, output.name, list_of_inputs(graph)));
  }
  for (ValueId id : graph.inputs()) {
    const std::string& name = graph.value(id).name;
    const bool paired = std::any_of(pairs.begin(), pairs.end(),
                                    [&](const CachePair& pair) { return pair.past == name; });
    if (name.find("past") != std::string::npos && !paired)
      return Error(
          fmt::format("input '{}' has no present output that extends it; the outputs are {}", name,
                      list_of_outputs(graph)));
  }
  return ok_status();
}

Status check_other_inputs(const Graph& graph, DecodeFace& face) {
  for (ValueId id : graph.inputs()) {
    const Value& value = graph.value(id);
    if (value.name == face.tokens) continue;
    if (std::any_of(face.cache.begin(), face.cache.end(),
                    [&](const CachePair& pair) { return pair.past == value.name; }))
      continue;
    if (value.name == "attention_mask" && value.type.dtype == DataType::kInt64)
      face.mask = value.name;
    else if (value.name == "position_ids" && value.type.dtype == DataType::kInt64)
      face.positions = value.name;
    else
      return Error(
          fmt::format("nothing is known to put into input '{}' {}: a decoder takes tokens, "
                      "a cache, attention_mask and position_ids",
                      value.name, value.type.text()));
  }
  return ok_status();
}

bool swaps_last_two(const Node& node) {
  if (!node.is("Transpose") || !node.has("perm")) return false;
  std::vector<int64_t> order = node.get_ints("perm", {});
  if (order.size() < 2) return false;
  std::swap(order[order.size() - 1], order[order.size() - 2]);
  for (size_t k = 0; k < order.size(); ++k)
    if (order[k] != static_cast<int64_t>(k)) return false;
  return true;
}

}  // namespace

std::map<std::string, int64_t> DecodeFace::dims(int64_t past, int64_t tokens_now) const {
  std::map<std::string, int64_t> out = {{tokens + ":0", 1}, {tokens + ":1", tokens_now}};
  for (const auto* pairs : {&cache, &cut_away})
    for (const CachePair& pair : *pairs) {
      out[pair.past + ":0"] = 1;
      out[fmt::format("{}:{}", pair.past, pair.axis)] = past;
    }
  if (!mask.empty()) out[mask + ":1"] = past + tokens_now;
  if (!positions.empty()) out[positions + ":1"] = tokens_now;
  return out;
}

ValueType CachePair::kept_type(ValueType type) const {
  if (turned) std::swap((*type.shape)[axis], (*type.shape)[axis + 1]);
  return type;
}

std::vector<NodeId> turning_readers(const Graph& graph, const CachePair& pair) {
  for (const GraphOutput& output : graph.outputs()) {
    if (output.name != pair.present) continue;
    const Value& present = graph.value(output.value);
    const int rank = static_cast<int>(present.type.shape->size());
    const auto past = input_called(graph, pair.past);
    const bool swapped = std::all_of(present.consumers.begin(), present.consumers.end(),
                                     [&](NodeId id) { return swaps_last_two(graph.node(id)); });
    const bool joined_only =
        past && std::all_of(graph.value(*past).consumers.begin(),
                            graph.value(*past).consumers.end(), [&](NodeId id) {
                              return id == present.producer || graph.node(id).is("Shape");
                            });
    if (swapped && joined_only && pair.axis == rank - 2) return present.consumers;
  }
  return {};
}

Result<DecodeFace> find_decode_face(const Graph& graph, const DecodeNames& names) {
  DecodeFace face;
  KASURI_TRY(face.tokens, find_tokens(graph, names.tokens));
  face.token_type = graph.value(*input_called(graph, face.tokens)).type.dtype;
  KASURI_TRY(face.logits, find_logits(graph, names.logits));
  if (names.cache.empty()) {
    face.cache = joined_pairs(graph);
    KASURI_RETURN_IF_ERROR(check_cache_is_whole(graph, face.cache));
  }
  for (const auto& [past, present] : names.cache) {
    KASURI_TRY(CachePair pair, given_pair(graph, past, present));
    face.cache.push_back(std::move(pair));
  }
  for (CachePair& pair : face.cache) pair.turned = !turning_readers(graph, pair).empty();
  KASURI_RETURN_IF_ERROR(check_other_inputs(graph, face));
  const Value& logits = graph.value(*output_called(graph, face.logits));
  if (rank_of(logits) != 3 || !(*logits.type.shape)[2].known() ||
      logits.type.dtype != DataType::kFloat)
    return Error(fmt::format("'{}' is {}, not float32[batch, tokens, vocabulary]", face.logits,
                             logits.type.text()));
  face.vocabulary = (*logits.type.shape)[2].value();
  return face;
}

}  // namespace kasuri::profiling
