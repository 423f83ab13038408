#include "engine/ir/graph.h"

#include <algorithm>
#include <queue>

#include "engine/ir/attribute_hash.h"

namespace kasuri {

int Graph::opset() const {
  const auto it = opsets_.find("");
  return it == opsets_.end() ? 0 : it->second;
}

const Node& Graph::node(NodeId id) const {
  KASURI_CHECK(contains(id), "node id of graph '" + name_ + "'");
  return nodes_[id.index()];
}

const Value& Graph::value(ValueId id) const {
  KASURI_CHECK(contains(id), "value id of graph '" + name_ + "'");
  return values_[id.index()];
}

std::vector<NodeId> Graph::node_ids() const {
  std::vector<NodeId> ids;
  ids.reserve(live_nodes_);
  for (const Node& n : nodes_)
    if (n.id.valid()) ids.push_back(n.id);
  return ids;
}

std::vector<ValueId> Graph::value_ids() const {
  std::vector<ValueId> ids;
  for (const Value& v : values_)
    if (v.id.valid()) ids.push_back(v.id);
  return ids;
}

std::optional<NodeId> Graph::find_node(std::string_view name) const {
  for (const Node& n : nodes_)
    if (n.id.valid() && n.name == name) return n.id;
  return std::nullopt;
}

std::optional<ValueId> Graph::find_value(std::string_view name) const {
  for (const Value& v : values_)
    if (v.id.valid() && v.name == name) return v.id;
  return std::nullopt;
}

namespace {

/// Calls `use` with every value name captured by a body of this node, at any depth.
void visit_captures(const Node& node, const std::function<void(const std::string&)>& use) {
  const auto visit_graph = [&](const GraphPointer& body) {
    if (!body) return;
    for (ValueId c : body->captures()) use(body->value(c).name);
  };
  for (const auto& [name, attribute] : node.attributes) {
    if (const auto* g = std::get_if<GraphPointer>(&attribute)) visit_graph(*g);
    if (const auto* gs = std::get_if<std::vector<GraphPointer>>(&attribute))
      for (const GraphPointer& g : *gs) visit_graph(g);
  }
}

bool has_body(const Node& node) {
  return std::any_of(node.attributes.begin(), node.attributes.end(), [](const auto& entry) {
    return std::holds_alternative<GraphPointer>(entry.second) ||
           std::holds_alternative<std::vector<GraphPointer>>(entry.second);
  });
}

}  // namespace

std::vector<ValueId> captured_values(const Graph& graph, const Node& node) {
  std::vector<ValueId> ids;
  if (!has_body(node)) return ids;
  visit_captures(node, [&](const std::string& name) {
    if (const auto id = graph.find_value(name)) ids.push_back(*id);
  });
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

void Graph::rebuild_consumers() {
  for (Value& v : values_) v.consumers.clear();
  live_nodes_ = 0;
  for (const Node& n : nodes_) {
    if (!n.id.valid()) continue;
    ++live_nodes_;
    const auto use = [&](ValueId id) {
      if (!id.valid() || !contains(id)) return;
      auto& readers = values_[id.index()].consumers;
      if (readers.empty() || readers.back() != n.id) readers.push_back(n.id);
    };
    for (ValueId id : n.inputs) use(id);
    for (ValueId id : captured_values(*this, n)) use(id);
  }
}

std::vector<NodeId> Graph::topological_order() const {
  std::vector<uint32_t> waiting(nodes_.size(), 0);
  std::priority_queue<uint32_t, std::vector<uint32_t>, std::greater<>> ready;
  for (const Value& v : values_) {
    if (!v.id.valid() || !v.producer.valid()) continue;
    for (NodeId reader : v.consumers) ++waiting[reader.index()];
  }
  for (const Node& n : nodes_)
    if (n.id.valid() && waiting[n.id.index()] == 0) ready.push(n.id.index());
  std::vector<NodeId> order;
  order.reserve(live_nodes_);
  while (!ready.empty()) {
    const Node& n = nodes_[ready.top()];
    ready.pop();
    order.push_back(n.id);
    for (ValueId out : n.outputs) {
      if (!out.valid()) continue;
      for (NodeId reader : values_[out.index()].consumers)
        if (--waiting[reader.index()] == 0) ready.push(reader.index());
    }
  }
  return order;
}

bool Graph::renumber() {
  constexpr int64_t kGap = int64_t{1} << 32;
  const std::vector<NodeId> order = topological_order();
  ranks_.assign(nodes_.size(), 0);
  for (size_t i = 0; i < order.size(); ++i)
    ranks_[order[i].index()] = static_cast<int64_t>(i + 1) * kGap;
  return order.size() == live_nodes_;
}

bool Graph::is_output(ValueId id) const {
  return std::any_of(outputs_.begin(), outputs_.end(),
                     [id](const GraphOutput& o) { return o.value == id; });
}

const Tensor* Graph::constant_input(const Node& node, size_t i) const {
  const ValueId id = node.input(i);
  if (!id.valid()) return nullptr;
  const Value& v = value(id);
  return v.constant ? &*v.constant : nullptr;
}

namespace {

/// Collects parts whose order means nothing (ids are an accident of history).
class UnorderedParts {
 public:
  void add(const FingerprintBuilder& part) {
    const Fingerprint f = part.finish();
    low_ += f.low;
    high_ += f.high;
  }
  void add_to(FingerprintBuilder& builder) const { builder.add(low_).add(high_); }

 private:
  uint64_t low_ = 0, high_ = 0;
};

}  // namespace

Fingerprint Graph::fingerprint() const {
  FingerprintBuilder all;
  const auto add_value = [&](FingerprintBuilder& b, ValueId id) {
    b.add(id.valid() ? std::string_view(values_[id.index()].name) : std::string_view());
  };
  all.add(name_);
  for (const auto& [domain, version] : opsets_) all.add(domain).add(static_cast<uint64_t>(version));
  for (const auto& [key, text] : metadata_) all.add(key).add(text);
  for (ValueId id : inputs_) add_value(all, id);
  for (const GraphOutput& o : outputs_) {
    all.add(o.name);
    add_value(all, o.value);
  }
  UnorderedParts parts;
  for (ValueId id : captures_) {
    FingerprintBuilder b;
    add_value(b, id);
    parts.add(b);
  }
  for (const Value& v : values_) {
    if (!v.id.valid()) continue;
    FingerprintBuilder b;
    b.add(v.name).add(v.type.text());
    if (v.constant) add_to(b, *v.constant);
    parts.add(b);
  }
  for (const Node& n : nodes_) {
    if (!n.id.valid()) continue;
    FingerprintBuilder b;
    b.add(n.op.text()).add(static_cast<uint64_t>(n.opset)).add(n.name);
    for (ValueId id : n.inputs) add_value(b, id);
    b.add("->");
    for (ValueId id : n.outputs) add_value(b, id);
    for (const auto& [name, attribute] : n.attributes) add_to(b.add(name), attribute);
    for (const std::string& source : n.provenance) b.add(source);
    parts.add(b);
  }
  parts.add_to(all);
  return all.finish();
}

}  // namespace kasuri
