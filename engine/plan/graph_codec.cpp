#include "engine/plan/graph_codec.h"

#include <algorithm>
#include <set>

#include "engine/plan/attribute_codec.h"

namespace kasuri {
namespace {

constexpr int kDeepestBody = 32;

void write_texts(ByteWriter& out, const std::map<std::string, std::string>& texts) {
  out.number(texts.size());
  for (const auto& [key, text] : texts) {
    out.text(key);
    out.text(text);
  }
}

std::map<std::string, std::string> read_texts(ByteReader& in) {
  std::map<std::string, std::string> texts;
  const size_t count = in.count();
  for (size_t k = 0; k < count && in.ok(); ++k) {
    std::string key = in.text();
    texts[std::move(key)] = in.text();
  }
  return texts;
}

enum class ValueRole : uint64_t { kInput, kCapture, kConstant, kOther };

void write_values(ByteWriter& out, WeightSection& weights, const Graph& graph,
                  const GraphNumbers& numbers) {
  out.number(numbers.values.size());
  for (size_t k = 0; k < numbers.values.size(); ++k) {
    const Value& value = graph.value(numbers.values[k]);
    const size_t inputs = graph.inputs().size(), captures = graph.captures().size();
    const ValueRole role = k < inputs              ? ValueRole::kInput
                           : k < inputs + captures ? ValueRole::kCapture
                           : value.constant        ? ValueRole::kConstant
                                                   : ValueRole::kOther;
    out.number(static_cast<uint64_t>(role));
    out.text(value.name);
    write_type(out, value.type);
    if (role == ValueRole::kConstant) write_tensor(out, weights, *value.constant);
  }
}

void write_nodes(ByteWriter& out, WeightSection& weights, const Graph& graph,
                 const GraphNumbers& numbers) {
  out.number(numbers.nodes.size());
  for (NodeId id : numbers.nodes) {
    const Node& node = graph.node(id);
    out.text(node.op.domain);
    out.text(node.op.name);
    out.signed_number(node.opset);
    out.text(node.name);
    for (const auto* list : {&node.inputs, &node.outputs}) {
      out.number(list->size());
      for (ValueId value : *list) out.number(numbers.of(value));
    }
    out.number(node.attributes.size());
    for (const auto& [name, attribute] : node.attributes) {
      out.text(name);
      write_attribute(out, weights, attribute);
    }
    write_texts(out, node.metadata);
    out.number(node.provenance.size());
    for (const std::string& source : node.provenance) out.text(source);
  }
}

class GraphReader {
 public:
  GraphReader(ByteReader& in, const MappedWeights& weights, int depth)
      : in_(in), weights_(weights), depth_(depth) {}

  Result<Graph> run() {
    if (depth_ > kDeepestBody) return malformed("bodies nested too deep");
    GraphBuilder builder(in_.text());
    const size_t opsets = in_.count();
    for (size_t k = 0; k < opsets && in_.ok(); ++k) {
      const std::string domain = in_.text();
      builder.opset(domain, read_version());
    }
    for (const auto& [key, text] : read_texts(in_)) builder.metadata(key, text);
    if (!read_values(builder)) return malformed("its values");
    if (!read_nodes(builder)) return malformed("its nodes");
    const size_t outputs = in_.count();
    for (size_t k = 0; k < outputs && in_.ok(); ++k) {
      const std::string name = in_.text();
      builder.output(name, ValueId(static_cast<uint32_t>(in_.below(values_))));
    }
    if (!in_.ok()) return malformed("its outputs");
    return builder.take();
  }

 private:
  static Error malformed(const std::string& what) {
    return Error("the graph in the plan is malformed: " + what);
  }

  bool read_values(GraphBuilder& builder) {
    values_ = in_.count();
    std::set<std::string> names;
    for (size_t k = 0; k < values_ && in_.ok(); ++k) {
      const auto role = static_cast<ValueRole>(in_.below(4));
      const std::string name = in_.text();
      ValueType type = read_type(in_);
      if (!in_.ok() || name.empty() || !names.insert(name).second) return false;
      ValueId id;
      switch (role) {
        case ValueRole::kInput:
          id = builder.input(name, type);
          break;
        case ValueRole::kCapture:
          id = builder.capture(name, type);
          break;
        case ValueRole::kOther:
          id = builder.declare(name, type);
          break;
        case ValueRole::kConstant: {
          Tensor tensor = read_tensor(in_, weights_);
          if (!in_.ok()) return false;
          id = builder.constant(name, std::move(tensor));
          break;
        }
      }
      if (builder.peek().value(id).name != name) return false;
    }
    return in_.ok();
  }

  std::vector<ValueId> read_operands() {
    std::vector<ValueId> list;
    const size_t count = in_.count();
    for (size_t k = 0; k < count && in_.ok(); ++k) {
      const uint64_t number = in_.below(values_ + 1);
      list.push_back(number == values_ ? ValueId::none() : ValueId(static_cast<uint32_t>(number)));
    }
    return list;
  }

  int read_version() {
    constexpr uint64_t kNewest = 1'000'000;
    const uint64_t version = in_.below(kNewest + 1);
    if (version == 0) in_.fail();
    return static_cast<int>(version);
  }

  bool read_nodes(GraphBuilder& builder) {
    const size_t nodes = in_.count();
    for (size_t k = 0; k < nodes && in_.ok(); ++k) {
      Node node;
      node.op.domain = in_.text();
      node.op.name = in_.text();
      node.opset = read_version();
      node.name = in_.text();
      node.inputs = read_operands();
      node.outputs = read_operands();
      const size_t attributes = in_.count();
      for (size_t a = 0; a < attributes && in_.ok(); ++a) {
        std::string name = in_.text();
        node.attributes.insert_or_assign(std::move(name), read_attribute(in_, weights_, depth_));
      }
      node.metadata = read_texts(in_);
      const size_t sources = in_.count();
      for (size_t s = 0; s < sources && in_.ok(); ++s) node.provenance.push_back(in_.text());
      if (!in_.ok() || node.op.name.empty() || node.name.empty()) return false;
      const std::string name = node.name;
      if (builder.peek().node(builder.add(std::move(node))).name != name) return false;
    }
    return in_.ok();
  }

  ByteReader& in_;
  const MappedWeights& weights_;
  int depth_;
  size_t values_ = 0;
};

}  // namespace

uint64_t GraphNumbers::of(ValueId id) const {
  if (!id.valid()) return values.size();
  return value_numbers.at(id);
}
uint64_t GraphNumbers::of(NodeId id) const { return node_numbers.at(id); }

GraphNumbers numbers_of(const Graph& graph) {
  GraphNumbers numbers;
  const auto add = [&](ValueId id) {
    if (numbers.value_numbers.emplace(id, numbers.values.size()).second)
      numbers.values.push_back(id);
  };
  for (ValueId id : graph.inputs()) add(id);
  for (ValueId id : graph.captures()) add(id);
  for (ValueId id : graph.value_ids()) add(id);
  numbers.nodes = graph.node_ids();
  for (size_t k = 0; k < numbers.nodes.size(); ++k) numbers.node_numbers[numbers.nodes[k]] = k;
  return numbers;
}

void write_graph(ByteWriter& out, WeightSection& weights, const Graph& graph) {
  const GraphNumbers numbers = numbers_of(graph);
  out.text(graph.name());
  out.number(graph.opsets().size());
  for (const auto& [domain, version] : graph.opsets()) {
    out.text(domain);
    out.signed_number(version);
  }
  write_texts(out, graph.metadata());
  write_values(out, weights, graph, numbers);
  write_nodes(out, weights, graph, numbers);
  out.number(graph.outputs().size());
  for (const GraphOutput& output : graph.outputs()) {
    out.text(output.name);
    out.number(numbers.of(output.value));
  }
}

Result<Graph> read_graph(ByteReader& in, const MappedWeights& weights, int depth) {
  return GraphReader(in, weights, depth).run();
}

}  // namespace kasuri
