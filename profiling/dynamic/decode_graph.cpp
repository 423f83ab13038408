#include "profiling/dynamic/decode_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>
#include <optional>

#include "engine/ir/shape_inference.h"

namespace kasuri::profiling {
namespace {

/// Copies a graph piece by piece, with some values replaced on the way.
class DecodeCopy {
 public:
  DecodeCopy(const Graph& from, const DecodeFace& face, DecodeGraph& to)
      : from_(from), face_(face), to_(to), builder_(from.name()), copies_(from.value_capacity()) {}

  Result<Graph> run(const TaskContext& task);

 private:
  Status copy_inputs();
  int64_t blocks_of(const CachePair& pair) const;
  Status copy_lengths(const TaskContext& task);
  void copy_node(const Node& node);
  Status join_in_slots(const Node& node, const CachePair& pair);
  /// The new rows of a cache that is kept turned.
  ValueId turned_rows(const Node& node, const CachePair& pair);
  /// A reader of such a cache that has nothing left to do.
  bool reads_turned(const Node& node) const;
  void add_outputs();
  ValueId copy_of(ValueId id);
  std::optional<CachePair> pair_joined_by(const Node& node) const;

  const Graph& from_;
  const DecodeFace& face_;
  DecodeGraph& to_;
  GraphBuilder builder_;
  std::vector<ValueId> copies_;              // by value of from_
  std::map<int64_t, ValueId> first_slot_;    // by the first extent of a cache
  std::map<std::string, ValueId> new_rows_;  // by past input
};

ValueId DecodeCopy::copy_of(ValueId id) {
  if (!id.valid()) return id;
  ValueId& copy = copies_[id.index()];
  if (copy.valid()) return copy;
  const Value& value = from_.value(id);
  copy = value.is_constant() ? builder_.constant(value.name, *value.constant)
                             : builder_.declare(value.name, value.type);
  return copy;
}

std::optional<CachePair> DecodeCopy::pair_joined_by(const Node& node) const {
  for (const CachePair& pair : face_.cache)
    for (const GraphOutput& output : from_.outputs())
      if (output.name == pair.present && from_.value(output.value).producer == node.id) return pair;
  return std::nullopt;
}

Status DecodeCopy::copy_inputs() {
  for (ValueId id : from_.inputs()) {
    const Value& value = from_.value(id);
    ValueType type = value.type;
    for (const CachePair& pair : face_.cache)
      if (pair.past == value.name) {
        (*type.shape)[pair.axis] = Dim(to_.capacity);
        type = pair.kept_type(type);
      }
    copies_[id.index()] = builder_.input(value.name, type);
  }
  if (face_.cache.empty()) return ok_status();
  for (const CachePair& pair : face_.cache) {
    const int64_t blocks = blocks_of(pair);
    if (first_slot_.contains(blocks)) continue;
    first_slot_[blocks] = builder_.input(fmt::format("{}.{}", DecodeGraph::kFirstSlot, blocks),
                                         ValueType::tensor(DataType::kInt64, Shape{Dim(blocks)}));
  }
  return ok_status();
}

int64_t DecodeCopy::blocks_of(const CachePair& pair) const {
  return (*from_.value(*from_.find_value(pair.past)).type.shape)[0].value();
}

Status DecodeCopy::copy_lengths(const TaskContext& task) {
  const LengthProgram& lengths = to_.lengths;
  KASURI_TRY(const std::vector<Tensor> shapes,
             lengths.evaluate(lengths.shapes(), to_.capacity - to_.tokens, task));
  for (size_t k = 0; k < shapes.size(); ++k) {
    const ValueId id = lengths.shapes()[k];
    copies_[id.index()] = builder_.constant(from_.value(id).name, shapes[k]);
  }
  KASURI_TRY(const std::vector<Tensor> data,
             lengths.evaluate(lengths.data(), to_.capacity - to_.tokens, task));
  for (size_t k = 0; k < data.size(); ++k) {
    const ValueId id = lengths.data()[k];
    const std::string name = "kasuri.length." + from_.value(id).name;
    copies_[id.index()] =
        builder_.input(name, ValueType::tensor(data[k].dtype(), shape_of(data[k].extents())));
    to_.length_inputs.push_back(name);
  }
  return ok_status();
}

void DecodeCopy::copy_node(const Node& node) {
  Node copy = node;
  for (ValueId& id : copy.inputs) id = copy_of(id);
  for (ValueId& id : copy.outputs) id = copy_of(id);
  builder_.add(std::move(copy));
}

Status DecodeCopy::join_in_slots(const Node& node, const CachePair& pair) {
  const bool joins =
      node.is("Concat") && node.inputs.size() == 2 && from_.value(node.inputs[0]).name == pair.past;
  if (!joins)
    return Error(
        fmt::format("'{}' is made by {} '{}', not by joining '{}' with new rows; a cache "
                    "of this kind cannot grow in place",
                    pair.present, node.op.text(), node.name, pair.past));
  if (pair.axis == 0)
    return Error(
        fmt::format("'{}' {} has its tokens on the first axis; a cache of this kind cannot "
                    "grow in place",
                    pair.past, from_.value(node.inputs[0]).type.text()));
  const ValueId rows = pair.turned ? turned_rows(node, pair) : copy_of(node.inputs[1]);
  const ValueId past = copy_of(node.inputs[0]);
  new_rows_[pair.past] = rows;
  Node scatter;
  scatter.op = OpKind{"", "TensorScatter"};
  scatter.opset = 24;
  scatter.name = node.name;
  scatter.inputs = {past, rows, first_slot_.at(blocks_of(pair))};
  const Value& present = from_.value(node.outputs[0]);
  scatter.outputs = {pair.turned ? builder_.declare(present.name, pair.kept_type(present.type))
                                 : copy_of(present.id)};
  if (pair.turned)
    for (NodeId id : present.consumers)
      copies_[from_.node(id).outputs[0].index()] = scatter.outputs[0];
  scatter.attributes["axis"] = int64_t{pair.kept_axis()};
  scatter.provenance = node.provenance;
  builder_.add(std::move(scatter));
  return ok_status();
}

ValueId DecodeCopy::turned_rows(const Node& node, const CachePair& pair) {
  const Value& rows = from_.value(node.inputs[1]);
  std::vector<int64_t> order(rows.type.shape->size());
  std::iota(order.begin(), order.end(), 0);
  std::swap(order[static_cast<size_t>(pair.axis)], order[static_cast<size_t>(pair.axis) + 1]);
  Node turn;
  turn.op = OpKind{"", "Transpose"};
  turn.opset = node.opset;
  turn.name = node.name + ".turned";
  turn.inputs = {copy_of(rows.id)};
  turn.outputs = {builder_.declare(rows.name + ".turned", pair.kept_type(rows.type))};
  turn.attributes["perm"] = order;
  turn.provenance = node.provenance;
  const ValueId turned = turn.outputs[0];
  builder_.add(std::move(turn));
  return turned;
}

bool DecodeCopy::reads_turned(const Node& node) const {
  return std::any_of(face_.cache.begin(), face_.cache.end(), [&](const CachePair& pair) {
    if (!pair.turned || !node.is("Transpose")) return false;
    const std::vector<NodeId> readers = turning_readers(from_, pair);
    return std::find(readers.begin(), readers.end(), node.id) != readers.end();
  });
}

void DecodeCopy::add_outputs() {
  for (const GraphOutput& output : from_.outputs())
    if (output.name == face_.logits) builder_.output(output.name, copy_of(output.value));
  for (const CachePair& pair : face_.cache)
    builder_.output(pair.present + ".rows", new_rows_.at(pair.past));
}

Result<Graph> DecodeCopy::run(const TaskContext& task) {
  for (const auto& [domain, version] : from_.opsets()) builder_.opset(domain, version);
  KASURI_RETURN_IF_ERROR(copy_inputs());
  KASURI_RETURN_IF_ERROR(copy_lengths(task));
  for (NodeId id : from_.topological_order()) {
    const Node& node = from_.node(id);
    if (to_.lengths.has(id)) continue;
    if (const auto pair = pair_joined_by(node))
      KASURI_RETURN_IF_ERROR(join_in_slots(node, *pair));
    else if (!reads_turned(node))
      copy_node(node);
  }
  add_outputs();
  return builder_.take();
}

/// Every extent that grows with the fill must have a masked form.
Status check_lengths(const DecodeGraph& made, const Graph& graph) {
  for (ValueId id : made.lengths.data()) {
    const Value& value = graph.value(id);
    const bool known = value.type.dtype == DataType::kFloat ||
                       value.type.dtype == DataType::kBool || value.type.dtype == DataType::kInt64;
    if (!known)
      return Error(
          fmt::format("'{}' {} depends on how many tokens the cache holds, and slots that "
                      "hold none cannot be masked in it",
                      value.name, value.type.text()));
  }
  return ok_status();
}

}  // namespace

Result<Graph> DecodeSource::import(const std::map<std::string, int64_t>& dims,
                                   const TaskContext& task) const {
  ImportOptions options;
  options.dims = dims;
  options.ignore_unknown_dims = true;
  KASURI_TRY(ImportedModel model, import_model(path, options, task));
  KASURI_TRY_IN(Graph graph, infer_graph(std::move(model.graph)), "reading " + path);
  if (!rewrite) return graph;
  return rewrite(std::move(graph));
}

Result<DecodeGraph> make_decode_graph(const DecodeSource& source, const DecodeFace& face,
                                      int64_t tokens, int64_t capacity, const TaskContext& task) {
  const int64_t past = face.cache.empty() ? 0 : capacity - tokens;
  KASURI_CHECK(past >= (face.cache.empty() ? 0 : 1), "a cache has room for the tokens and one");
  KASURI_TRY(Graph imported, source.import(face.dims(past, tokens), task));
  DecodeGraph made;
  made.tokens = tokens;
  made.capacity = capacity;
  const auto shared = std::make_shared<const Graph>(std::move(imported));
  if (face.cache.empty()) {
    made.lengths = LengthProgram::find(shared, *shared, 0);
  } else {
    KASURI_TRY(const Graph one_less, source.import(face.dims(past - 1, tokens), task));
    made.lengths = LengthProgram::find(shared, one_less, past);
  }
  KASURI_RETURN_IF_ERROR(check_lengths(made, *shared));
  KASURI_TRY(made.graph, DecodeCopy(*shared, face, made).run(task));
  return made;
}

Status pad_length_value(const Tensor& value, const ValueType& type, std::byte* to) {
  const std::vector<int64_t> have = value.extents(), want = *extents_of(*type.shape);
  KASURI_CHECK(have.size() == want.size(), "rank of a length value");
  const size_t size = static_cast<size_t>(bits_of(type.dtype)) / 8;
  const size_t total = static_cast<size_t>(*element_count(want));
  if (have == want) {
    std::memcpy(to, value.bytes().data(), total * size);
    return ok_status();
  }
  if (type.dtype == DataType::kInt64)
    return Error(
        "a list of all positions is read as data; slots that hold no token cannot be "
        "masked in it");
  std::memset(to, 0, total * size);
  if (type.dtype == DataType::kFloat)
    std::fill_n(reinterpret_cast<float*>(to), total, -std::numeric_limits<float>::infinity());
  const std::vector<int64_t> from_strides = contiguous_strides(have),
                             to_strides = contiguous_strides(want);
  std::vector<int64_t> extents(have.size());
  for (size_t k = 0; k < have.size(); ++k) extents[k] = std::min(have[k], want[k]);
  const int64_t run = extents.empty() ? 1 : extents.back();
  const int64_t rows = run == 0 ? 0 : *element_count(extents) / run;
  for (int64_t row = 0; row < rows; ++row) {
    int64_t rest = row, from = 0, at = 0;
    for (size_t k = extents.size() - 1; k-- > 0;) {
      from += rest % extents[k] * from_strides[k];
      at += rest % extents[k] * to_strides[k];
      rest /= extents[k];
    }
    std::memcpy(to + at * static_cast<int64_t>(size),
                value.bytes().data() + from * static_cast<int64_t>(size),
                static_cast<size_t>(run) * size);
  }
  return ok_status();
}

}  // namespace kasuri::profiling
