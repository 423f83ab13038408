#include "engine/ir/verifier.h"

#include <algorithm>
#include <string_view>
#include <unordered_set>

namespace kasuri {
namespace {

constexpr int kMostNesting = 256;

Error broken(const std::string& message) { return Error(message, ErrorKind::kInternal); }

std::string show(const Node& node) { return "node '" + node.name + "' (" + node.op.text() + ")"; }
std::string show(const Value& value) { return "value '" + value.name + "'"; }

bool lists(std::span<const ValueId> ids, ValueId id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

/// Could one value have both types?
bool agree(const ValueType& a, const ValueType& b) {
  if (!a.is_tensor() || !b.is_tensor() || a.dtype == DataType::kUndefined ||
      b.dtype == DataType::kUndefined)
    return true;
  return a.dtype == b.dtype;
}

class Verifier {
 public:
  Verifier(const Graph& graph, const Graph* outside, int depth)
      : graph_(graph), outside_(outside), depth_(depth) {}

  Status whole();
  /// One node, its values and bodies.
  Status neighbourhood(const Node& node);

 private:
  Status node(const Node& node);
  Status value(const Value& value);
  Status read(const Node& node, ValueId id);
  Status bodies(const Node& node);
  Status body(const Node& node, const GraphPointer& body);
  Status boundary();
  Status order();
  Status names();

  const Graph& graph_;
  const Graph* outside_;
  int depth_;
};

Status Verifier::read(const Node& node, ValueId id) {
  if (!graph_.contains(id)) return broken(show(node) + " reads a value that does not exist");
  const Value& v = graph_.value(id);
  if (std::find(v.consumers.begin(), v.consumers.end(), node.id) == v.consumers.end())
    return broken(show(v) + " does not list its reader " + show(node));
  if (v.producer.valid() && graph_.contains(v.producer) &&
      graph_.rank(v.producer) >= graph_.rank(node.id))
    return broken(show(node) + " has no greater rank than the producer of " + show(v));
  return Done{};
}

Status Verifier::node(const Node& node) {
  if (node.name.empty()) return broken("a node of type " + node.op.text() + " has no name");
  if (node.op.name.empty()) return broken(show(node) + " has no operator");
  if (node.provenance.empty()) return broken(show(node) + " does not say where it came from");
  for (ValueId id : node.inputs) {
    if (!id.valid()) continue;
    KASURI_RETURN_IF_ERROR(read(node, id));
  }
  for (ValueId id : captured_values(graph_, node)) KASURI_RETURN_IF_ERROR(read(node, id));
  for (ValueId id : node.outputs) {
    if (!id.valid()) continue;
    if (!graph_.contains(id)) return broken(show(node) + " writes a value that does not exist");
    if (graph_.value(id).producer != node.id)
      return broken(show(graph_.value(id)) + " does not name its producer " + show(node));
  }
  return Done{};
}

Status Verifier::neighbourhood(const Node& n) {
  KASURI_RETURN_IF_ERROR(node(n));
  for (ValueId id : n.inputs)
    if (id.valid()) KASURI_RETURN_IF_ERROR(value(graph_.value(id)));
  for (ValueId id : n.outputs)
    if (id.valid()) KASURI_RETURN_IF_ERROR(value(graph_.value(id)));
  return bodies(n);
}

Status Verifier::value(const Value& v) {
  if (v.name.empty()) return broken("a value has no name");
  const bool given = lists(graph_.inputs(), v.id) || lists(graph_.captures(), v.id);
  if (v.producer.valid()) {
    if (!graph_.contains(v.producer))
      return broken(show(v) + " names a producer that does not exist");
    const Node& producer = graph_.node(v.producer);
    if (std::count(producer.outputs.begin(), producer.outputs.end(), v.id) != 1)
      return broken(show(v) + " is not one output of its producer " + show(producer));
  }
  const int sources = given + v.producer.valid() + v.constant.has_value();
  const bool used = !v.consumers.empty() || graph_.is_output(v.id);
  if (sources > 1 || (sources == 0 && used))
    return broken(show(v) + " has " + std::to_string(sources) + " sources");
  for (NodeId reader : v.consumers) {
    if (!graph_.contains(reader)) return broken(show(v) + " lists a reader that does not exist");
    const Node& n = graph_.node(reader);
    if (lists(n.inputs, v.id)) continue;
    if (!lists(captured_values(graph_, n), v.id))
      return broken(show(v) + " lists " + show(n) + ", which does not read it");
  }
  if (!v.constant) return Done{};
  const bool same = v.type.is_tensor() && v.type.dtype == v.constant->dtype() && v.type.shape &&
                    extents_of(*v.type.shape) == v.constant->extents();
  if (!same) return broken(show(v) + " is typed " + v.type.text() + " unlike its constant");
  return Done{};
}

Status Verifier::bodies(const Node& node) {
  for (const auto& [name, attribute] : node.attributes) {
    if (const auto* g = std::get_if<GraphPointer>(&attribute))
      KASURI_RETURN_IF_ERROR(body(node, *g));
    if (const auto* gs = std::get_if<std::vector<GraphPointer>>(&attribute))
      for (const GraphPointer& g : *gs) KASURI_RETURN_IF_ERROR(body(node, g));
  }
  return Done{};
}

Status Verifier::body(const Node& node, const GraphPointer& body) {
  if (!body) return broken(show(node) + " has an empty body");
  if (depth_ > kMostNesting) return broken(show(node) + " is nested too deeply");
  Status status = Verifier(*body, &graph_, depth_ + 1).whole();
  if (status.ok()) return status;
  return std::move(status).error().with_context("body '" + body->name() + "' of " + show(node));
}

Status Verifier::boundary() {
  for (ValueId id : graph_.inputs())
    if (!graph_.contains(id)) return broken("a graph input does not exist");
  std::unordered_set<std::string_view> names;
  for (const GraphOutput& o : graph_.outputs()) {
    if (!graph_.contains(o.value)) return broken("graph output '" + o.name + "' does not exist");
    if (o.name.empty() || (!outside_ && !names.insert(o.name).second))
      return broken("graph output name '" + o.name + "' is empty or not unique");
  }
  for (ValueId id : graph_.captures()) {
    if (!graph_.contains(id)) return broken("a capture does not exist");
    const Value& inner = graph_.value(id);
    const auto outer = outside_ ? outside_->find_value(inner.name) : std::nullopt;
    if (!outer) return broken(show(inner) + " is captured but does not exist outside");
    if (!agree(inner.type, outside_->value(*outer).type))
      return broken(show(inner) + " is captured as " + inner.type.text() + " but is " +
                    outside_->value(*outer).type.text() + " outside");
  }
  return Done{};
}

Status Verifier::names() {
  std::unordered_set<std::string_view> nodes, values;
  for (NodeId id : graph_.node_ids())
    if (!nodes.insert(graph_.node(id).name).second)
      return broken("two nodes are called '" + graph_.node(id).name + "'");
  for (ValueId id : graph_.value_ids())
    if (!values.insert(graph_.value(id).name).second)
      return broken("two values are called '" + graph_.value(id).name + "'");
  return Done{};
}

Status Verifier::order() {
  if (graph_.topological_order().size() != graph_.node_count())
    return broken("graph '" + graph_.name() + "' has a cycle");
  return Done{};
}

Status Verifier::whole() {
  KASURI_RETURN_IF_ERROR(boundary());
  KASURI_RETURN_IF_ERROR(names());
  for (ValueId id : graph_.value_ids()) KASURI_RETURN_IF_ERROR(value(graph_.value(id)));
  for (NodeId id : graph_.node_ids()) {
    KASURI_RETURN_IF_ERROR(node(graph_.node(id)));
    KASURI_RETURN_IF_ERROR(bodies(graph_.node(id)));
  }
  return order();
}

}  // namespace

Status verify_graph(const Graph& graph) { return Verifier(graph, nullptr, 0).whole(); }

Status verify_nodes(const Graph& graph, std::span<const NodeId> nodes) {
  Verifier verifier(graph, nullptr, 0);
  for (NodeId id : nodes)
    if (graph.contains(id)) KASURI_RETURN_IF_ERROR(verifier.neighbourhood(graph.node(id)));
  return Done{};
}

}  // namespace kasuri
