#include "engine/ir/subgraph.h"

#include <map>

namespace kasuri {
namespace {

std::vector<ValueId> values_read(const Graph& graph, const Node& node) {
  std::vector<ValueId> read = captured_values(graph, node);
  for (ValueId id : node.inputs)
    if (id.valid()) read.push_back(id);
  return read;
}

std::set<NodeId> readers_of(const Graph& graph, const std::set<NodeId>& from) {
  std::set<NodeId> seen = from;
  std::vector<NodeId> open(from.begin(), from.end());
  while (!open.empty()) {
    const Node& node = graph.node(open.back());
    open.pop_back();
    for (ValueId output : node.outputs) {
      if (!output.valid()) continue;
      for (NodeId reader : graph.value(output).consumers)
        if (seen.insert(reader).second) open.push_back(reader);
    }
  }
  return seen;
}

std::set<NodeId> makers_of_nodes(const Graph& graph, const std::set<NodeId>& nodes) {
  std::vector<ValueId> made;
  for (NodeId id : nodes)
    for (ValueId output : graph.node(id).outputs)
      if (output.valid()) made.push_back(output);
  return makers_of(graph, made);
}

}  // namespace

std::set<NodeId> makers_of(const Graph& graph, const std::vector<ValueId>& values) {
  std::set<NodeId> seen;
  std::vector<ValueId> open = values;
  while (!open.empty()) {
    const NodeId maker = graph.value(open.back()).producer;
    open.pop_back();
    if (!maker.valid() || !seen.insert(maker).second) continue;
    const auto read = values_read(graph, graph.node(maker));
    open.insert(open.end(), read.begin(), read.end());
  }
  return seen;
}

std::set<NodeId> nodes_between(const Graph& graph, const std::set<NodeId>& from,
                               const std::set<NodeId>& to) {
  const std::set<NodeId> after = readers_of(graph, from), before = makers_of_nodes(graph, to);
  std::set<NodeId> both;
  for (NodeId id : after)
    if (before.contains(id)) both.insert(id);
  return both;
}

std::vector<ValueId> values_entering(const Graph& graph, const std::set<NodeId>& nodes) {
  std::set<ValueId> entering;
  for (NodeId id : nodes)
    for (ValueId value : values_read(graph, graph.node(id)))
      if (!graph.value(value).is_constant() && !nodes.contains(graph.value(value).producer))
        entering.insert(value);
  return {entering.begin(), entering.end()};
}

std::vector<ValueId> values_leaving(const Graph& graph, const std::set<NodeId>& nodes) {
  std::set<ValueId> leaving;
  for (NodeId id : nodes)
    for (ValueId value : graph.node(id).outputs) {
      if (!value.valid()) continue;
      bool outside = graph.is_output(value);
      for (NodeId reader : graph.value(value).consumers)
        outside = outside || !nodes.contains(reader);
      if (outside) leaving.insert(value);
    }
  return {leaving.begin(), leaving.end()};
}

Result<Graph> cut_graph(const Graph& graph, const std::set<NodeId>& nodes,
                        const std::vector<ValueId>& outputs) {
  GraphBuilder builder(graph.name());
  for (const auto& [domain, version] : graph.opsets()) builder.opset(domain, version);
  for (const auto& [key, value] : graph.metadata()) builder.metadata(key, value);
  std::map<ValueId, ValueId> copies;
  for (ValueId id : values_entering(graph, nodes))
    copies[id] = builder.input(graph.value(id).name, graph.value(id).type);
  const auto copy_of = [&](ValueId id) {
    if (!id.valid()) return id;
    const auto found = copies.find(id);
    if (found != copies.end()) return found->second;
    const Value& value = graph.value(id);
    return copies[id] = value.is_constant() ? builder.constant(value.name, *value.constant)
                                            : builder.declare(value.name, value.type);
  };
  for (NodeId id : graph.topological_order()) {
    if (!nodes.contains(id)) continue;
    Node node = graph.node(id);
    for (ValueId captured : captured_values(graph, node)) copy_of(captured);
    for (ValueId& input : node.inputs) input = copy_of(input);
    for (ValueId& output : node.outputs) output = copy_of(output);
    builder.add(std::move(node));
  }
  for (ValueId id : outputs) {
    if (!nodes.contains(graph.value(id).producer))
      return Error("'" + graph.value(id).name + "' is not made by the part cut out");
    builder.output(graph.value(id).name, copies.at(id));
  }
  return builder.take();
}

}  // namespace kasuri
