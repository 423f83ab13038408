#include "engine/onnx/graph_reader.h"

#include <algorithm>
#include <unordered_set>

#include "engine/ir/shape_inference.h"
#include "engine/onnx/attribute_schema.h"
#include "engine/onnx/node_metadata.h"
#include "engine/onnx/type_reader.h"

namespace kasuri::onnx {
namespace {

constexpr size_t kCancelInterval = 256;
constexpr int64_t kNewestOpset = 28;
/// Functions that call functions can multiply; this bounds what a small file may become.
constexpr size_t kMaxNodes = 400'000;

bool is_constant(const NodeMessage& node) {
  return node.op_type == "Constant" && standard_domain(node.domain).empty() &&
         node.outputs.size() == 1 && !node.outputs[0].empty();
}

/// Operators whose extents may depend on the values of an input.
bool may_follow_data(const NodeMessage& node) {
  static const std::unordered_set<std::string_view> kNames = {
      "CenterCropPad", "Compress",  "ConstantOfShape",
      "Expand",        "If",        "Loop",
      "NonZero",       "OneHot",    "Pad",
      "Range",         "Resize",    "Reshape",
      "Scan",          "Slice",     "Split",
      "Squeeze",       "Tile",      "TopK",
      "Unique",        "Unsqueeze", "Upsample"};
  return kNames.contains(node.op_type);
}

/// What a file says of a node's output. Extents of operators we know follow from their inputs;
/// where they do not, they depend on data, and a run may show that the file was wrong. Loops of no
/// turns need what their body says, unless it is such a claim.
ValueType believed(const NodeMessage& node, ValueType type, bool in_body) {
  const bool known =
      is_known_operator({std::string(standard_domain(node.domain)), std::string(node.op_type)});
  if (known && type.shape && (!in_body || may_follow_data(node)))
    for (Dim& dim : *type.shape) dim = Dim::unknown();
  return without_symbols(std::move(type));
}

/// Names that `graph` or a body inside it reads but does not define, in order of first use.
class FreeNames {
 public:
  static std::vector<std::string_view> of(const GraphMessage& graph) {
    FreeNames names;
    names.visit(graph);
    return std::move(names.list_);
  }

 private:
  void visit(const GraphMessage& graph) {
    std::unordered_set<std::string_view> own;
    for (const ValueMessage& v : graph.inputs) own.insert(v.name);
    for (const TensorMessage& t : graph.initializers) own.insert(t.name);
    for (const SparseMessage& s : graph.sparse_initializers) own.insert(s.values.name);
    for (const NodeMessage& n : graph.nodes) own.insert(n.outputs.begin(), n.outputs.end());
    defined_.push_back(std::move(own));
    for (const NodeMessage& n : graph.nodes) {
      for (std::string_view name : n.inputs) use(name);
      for (const AttributeMessage& a : n.attributes)
        for (const GraphMessage& body : a.graphs) visit(body);
    }
    for (const ValueMessage& v : graph.outputs) use(v.name);
    defined_.pop_back();
  }

  void use(std::string_view name) {
    if (name.empty()) return;
    for (const auto& own : defined_)
      if (own.contains(name)) return;
    if (seen_.insert(name).second) list_.push_back(name);
  }

  std::vector<std::unordered_set<std::string_view>> defined_;
  std::unordered_set<std::string_view> seen_;
  std::vector<std::string_view> list_;
};

}  // namespace

std::string local_name(std::string_view name, const Scope& scope) {
  return scope.call ? scope.call->prefix + std::string(name) : std::string(name);
}

std::string_view standard_domain(std::string_view domain) {
  return domain == "ai.onnx" ? std::string_view() : domain;
}

std::string describe(const NodeMessage& node, size_t index, int opset) {
  std::string op(node.op_type);
  if (!standard_domain(node.domain).empty()) op = std::string(node.domain) + "::" + op;
  std::string text = "importing node " + std::to_string(index);
  std::string_view name = node.name;
  if (name.empty() && !node.outputs.empty()) name = node.outputs[0];
  if (!name.empty()) text += " '" + std::string(name) + "'";
  return text + " (" + op + (opset > 0 ? ", opset " + std::to_string(opset) : "") + ")";
}

Result<std::map<std::string, int>> read_opsets(const std::vector<OpsetMessage>& opsets) {
  std::map<std::string, int> out;
  for (const OpsetMessage& o : opsets) {
    if (o.version < 0 || o.version > 1'000'000)
      return Error("opset " + std::to_string(o.version) + " of domain '" + std::string(o.domain) +
                   "' is not a version");
    int& version = out[std::string(standard_domain(o.domain))];
    version = std::max({version, static_cast<int>(o.version), 1});  // 0: nothing was stated
  }
  return out;
}

GraphReader::GraphReader(const ModelMessage& model, const TensorReader& tensors,
                         const TaskContext& task)
    : model_(model), tensors_(tensors), task_(task) {}

void GraphReader::note(std::string text) {
  if (notes_.size() < 100) notes_.push_back(std::move(text));
}

Status GraphReader::prepare() {
  KASURI_TRY(opsets_, read_opsets(model_.opsets));
  if (opsets_.empty()) opsets_[""] = 1;
  const auto standard = opsets_.find("");
  if (standard != opsets_.end() && standard->second > kNewestOpset)
    note("opset " + std::to_string(standard->second) + " is newer than " +
         std::to_string(kNewestOpset) + ", the newest known");
  if (model_.has_training) note("training information in the file is left out");
  for (const FunctionMessage& f : model_.functions) {
    const FunctionKey key{standard_domain(f.domain), f.name, f.overload};
    if (!functions_.emplace(key, &f).second)
      return Error("function '" + std::string(f.name) + "' is defined twice");
  }
  return Done{};
}

Result<Graph> GraphReader::read(const ImportOptions& options) {
  KASURI_RETURN_IF_ERROR(prepare());
  const GraphMessage& message = *model_.graph;
  GraphBuilder builder(std::string(message.name.empty() ? "graph" : message.name));
  for (const auto& [domain, version] : opsets_) builder.opset(domain, version);
  for (const Entry& e : message.metadata) builder.metadata(std::string(e.key), clean_text(e.value));
  for (const Entry& e : model_.metadata) builder.metadata(std::string(e.key), clean_text(e.value));
  DimBinder binder(options);
  Scope scope{builder};
  KASURI_RETURN_IF_ERROR(fill(message, scope, &binder));
  KASURI_RETURN_IF_ERROR(binder.finish());
  dims_ = binder.bindings();
  return builder.take();
}

Result<GraphPointer> GraphReader::read_body(const GraphMessage& message, const Scope& outer) {
  GraphBuilder builder(std::string(message.name.empty() ? "body" : message.name));
  for (const auto& [domain, version] : outer.call ? outer.call->opsets : opsets_)
    builder.opset(domain, version);
  for (const Entry& e : message.metadata) builder.metadata(std::string(e.key), clean_text(e.value));
  Scope scope{builder, &outer, outer.call};
  std::map<ValueId, ValueId> captured;
  for (std::string_view name : FreeNames::of(message)) {
    const auto it = outer.names.find(name);
    if (it == outer.names.end()) continue;
    ValueId& inside = captured[it->second];
    if (it->second.valid() && !inside.valid()) {
      const Value& value = outer.builder.peek().value(it->second);
      inside = builder.capture(value.name, value.type);
    }
    scope.names[name] = inside;
  }
  KASURI_RETURN_IF_ERROR(fill(message, scope, nullptr));
  KASURI_TRY_IN(Graph graph, builder.take(), "body '" + std::string(message.name) + "'");
  return GraphPointer(std::make_shared<const Graph>(std::move(graph)));
}

void GraphReader::find_constants(const GraphMessage* graph, const std::vector<NodeMessage>& nodes,
                                 Scope& scope) {
  const auto define = [&](std::string_view name, const void* message) {
    if (!scope.constants.insert_or_assign(name, message).second)
      note("constant '" + std::string(name) + "' is defined twice; the last definition counts");
  };
  if (graph) {
    for (const TensorMessage& t : graph->initializers) define(t.name, &t);
    for (const SparseMessage& s : graph->sparse_initializers) define(s.values.name, &s);
  }
  for (const NodeMessage& n : nodes)
    if (is_constant(n)) define(n.outputs[0], &n);
}

Status GraphReader::fill(const GraphMessage& message, Scope& scope, DimBinder* binder) {
  find_constants(&message, message.nodes, scope);
  KASURI_RETURN_IF_ERROR(declare_constants(message, scope));
  KASURI_RETURN_IF_ERROR(declare_inputs(message, scope, binder));
  Types types;
  for (const ValueMessage& v : message.value_infos) types[v.name] = &v.type;
  for (const ValueMessage& v : message.outputs) types[v.name] = &v.type;
  KASURI_RETURN_IF_ERROR(declare_outputs(message.nodes, types, scope));
  KASURI_RETURN_IF_ERROR(add_nodes(message.nodes, scope));
  return add_outputs(message, scope);
}

Status GraphReader::declare_constant(std::string_view name, const void* message,
                                     const Tensor& tensor, Scope& scope) {
  if (name.empty()) return Error("an initialiser has no name");
  if (scope.constants.at(name) != message) return Done{};
  if (scope.names.contains(name))
    return Error("value '" + std::string(name) + "' is defined twice (by an initialiser)");
  scope.names[name] = scope.builder.constant(local_name(name, scope), tensor);
  weight_bytes_ += static_cast<int64_t>(tensor.stored_bytes().size());
  return Done{};
}

Status GraphReader::declare_constants(const GraphMessage& message, Scope& scope) {
  const size_t total = message.initializers.size();
  for (size_t i = 0; i < total; ++i) {
    const TensorMessage& t = message.initializers[i];
    if (i % kCancelInterval == 0) {
      KASURI_RETURN_IF_ERROR(task_.cancel.check());
      task_.report("Reading weights", static_cast<double>(i), static_cast<double>(total));
    }
    KASURI_TRY_IN(const Tensor tensor, tensors_.read(t),
                  "initialiser '" + std::string(t.name) + "'");
    KASURI_RETURN_IF_ERROR(declare_constant(t.name, &t, tensor, scope));
  }
  for (const SparseMessage& s : message.sparse_initializers) {
    KASURI_TRY_IN(const Tensor tensor, tensors_.read(s),
                  "sparse initialiser '" + std::string(s.values.name) + "'");
    KASURI_RETURN_IF_ERROR(declare_constant(s.values.name, &s, tensor, scope));
  }
  return Done{};
}

Status GraphReader::declare_inputs(const GraphMessage& message, Scope& scope, DimBinder* binder) {
  std::unordered_set<std::string_view> seen;
  for (const ValueMessage& v : message.inputs) {
    if (v.name.empty()) return Error("a graph input has no name");
    if (!seen.insert(v.name).second)
      return Error("value '" + std::string(v.name) + "' is defined twice (by a graph input)");
    if (const auto it = scope.names.find(v.name);
        it != scope.names.end() && scope.builder.peek().value(it->second).constant) {
      if (binder && model_.ir_version >= 4)
        note("input '" + std::string(v.name) + "' has a default value, which is used");
      continue;
    }
    const ValueType declared = value_type_of(v.type);
    ValueType type = without_symbols(declared);
    if (binder) {
      KASURI_TRY(type, binder->bind(std::string(v.name), declared));
      declared_inputs_.push_back(declared);
      if (declared.is_tensor() && !declared.shape)
        note("input '" + std::string(v.name) + "' has no declared rank");
    }
    scope.names[v.name] = scope.builder.input(local_name(v.name, scope), std::move(type));
  }
  return Done{};
}

Status GraphReader::declare_outputs(const std::vector<NodeMessage>& nodes, const Types& types,
                                    Scope& scope) {
  for (size_t i = 0; i < nodes.size(); ++i) {
    const NodeMessage& node = nodes[i];
    const auto where = [&] { return describe(node, i, 0); };
    for (std::string_view name : node.outputs) {
      if (name.empty()) continue;
      if (is_constant(node) && scope.constants.at(name) != &node) continue;
      const auto known = scope.names.find(name);
      if (known != scope.names.end()) {
        const bool formal =
            scope.call && !scope.builder.peek().value(known->second).producer.valid();
        if (formal) continue;
        return Error("value '" + std::string(name) + "' is defined twice").with_context(where());
      }
      if (is_constant(node)) {
        KASURI_TRY_IN(const Tensor tensor, read_constant(node, scope), where());
        KASURI_RETURN_IF_ERROR(declare_constant(name, &node, tensor, scope));
        continue;
      }
      const auto type = types.find(name);
      scope.names[name] = scope.builder.declare(
          local_name(name, scope),
          type == types.end()
              ? ValueType()
              : believed(node, value_type_of(*type->second), scope.outer != nullptr));
    }
  }
  return Done{};
}

Status GraphReader::add_nodes(const std::vector<NodeMessage>& nodes, Scope& scope) {
  const auto& opsets = scope.call ? scope.call->opsets : opsets_;
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (node_count_ % kCancelInterval == 0) {
      KASURI_RETURN_IF_ERROR(task_.cancel.check());
      task_.report("Reading nodes", static_cast<double>(node_count_));
    }
    const auto opset = opsets.find(std::string(standard_domain(nodes[i].domain)));
    Status status = add_node(nodes[i], scope);
    if (!status.ok())
      return std::move(status).error().with_context(
          describe(nodes[i], i, opset == opsets.end() ? 0 : opset->second));
  }
  return Done{};
}

Result<std::vector<ValueId>> GraphReader::resolve(const std::vector<std::string_view>& names,
                                                  const Scope& scope) const {
  std::vector<ValueId> ids;
  for (std::string_view name : names) {
    const auto it = scope.names.find(name);
    if (name.empty())
      ids.push_back(ValueId::none());
    else if (it != scope.names.end())
      ids.push_back(it->second);
    else
      return Error("reads '" + std::string(name) + "', which nothing defines");
  }
  return ids;
}

Status GraphReader::add_node(const NodeMessage& message, Scope& scope) {
  if (message.op_type.empty()) return Error("has no operator type");
  if (++node_count_ > kMaxNodes)
    return Error("the model has more than " + std::to_string(kMaxNodes) + " nodes");
  if (const FunctionMessage* function = function_of(message))
    return inline_call(message, *function, scope);
  if (is_constant(message)) return add_constant(message, scope);
  Node node;
  node.op = {std::string(standard_domain(message.domain)), std::string(message.op_type)};
  const auto& opsets = scope.call ? scope.call->opsets : opsets_;
  if (const auto it = opsets.find(node.op.domain); it != opsets.end()) node.opset = it->second;
  if (!message.name.empty()) node.name = local_name(message.name, scope);
  KASURI_TRY(node.inputs, resolve(message.inputs, scope));
  KASURI_TRY(node.outputs, resolve(message.outputs, scope));
  KASURI_TRY(node.attributes, read_attributes(message, scope));
  KASURI_RETURN_IF_ERROR(check_attribute_types(node));
  if (scope.call) node.metadata = scope.call->metadata;
  for (const Entry& e : message.metadata) node.metadata[std::string(e.key)] = clean_text(e.value);
  if (!message.doc_string.empty()) node.metadata[kDocString] = clean_text(message.doc_string);
  adopt_provenance(node);
  scope.builder.add(std::move(node));
  return Done{};
}

/// Most constants exist since the names were declared; the output of a function's call does not.
Status GraphReader::add_constant(const NodeMessage& message, Scope& scope) {
  const ValueId output = scope.names.at(message.outputs[0]);
  if (scope.builder.peek().value(output).constant) return Done{};
  KASURI_TRY(const Tensor tensor, read_constant(message, scope));
  Node copy;
  copy.op = {"", "Identity"};
  copy.inputs = {scope.builder.constant(local_name(message.outputs[0], scope), tensor)};
  copy.outputs = {output};
  scope.builder.add(std::move(copy));
  return Done{};
}

Status GraphReader::add_outputs(const GraphMessage& message, Scope& scope) {
  std::unordered_set<std::string_view> listed;
  for (const ValueMessage& v : message.outputs) {
    const auto it = scope.names.find(v.name);
    if (it == scope.names.end() || !it->second.valid())
      return Error("graph output '" + std::string(v.name) + "' is never defined");
    if (!scope.outer && !listed.insert(v.name).second) {
      note("graph output '" + std::string(v.name) + "' is listed twice; once is enough");
      continue;
    }
    scope.builder.output(std::string(v.name), it->second);
  }
  return Done{};
}

}  // namespace kasuri::onnx
