#include "engine/ir/printer.h"

#include <utility>

#include "engine/ir/literal_printer.h"
#include "engine/ir/weight_use.h"

namespace kasuri {
namespace {

using namespace text;

class Printer {
 public:
  explicit Printer(const PrintOptions& options) : options_(options) {}

  std::string graph(const Graph& graph, int indent);
  std::string node(const Graph& graph, const Node& node, int indent);

 private:
  std::string attribute(const Attribute& attribute, int indent);
  std::string constant(const Value& value);
  std::string metadata(const Node& node);
  std::string output_types(const Graph& graph, const Node& node);

  const PrintOptions& options_;
  std::map<std::string, WeightUse> uses_;
};

template <typename T, typename F>
std::string list(const std::vector<T>& items, const char* word_if_empty, F&& show) {
  std::string out = items.empty() ? std::string(word_if_empty) + "[" : "[";
  for (size_t i = 0; i < items.size(); ++i) out += (i ? "," : "") + show(items[i]);
  return out + "]";
}

std::string entries(const char* word, const std::map<std::string, std::string>& map) {
  std::string out = std::string(" ") + word + " {";
  for (const auto& [key, value] : map)
    out += (out.back() == '{' ? "" : ", ") + quoted(key) + "=" + quoted(value);
  return out + "}";
}

std::string Printer::attribute(const Attribute& attribute, int indent) {
  const auto tensor = [&](const Tensor& t) {
    return tensor_text(t, {options_.max_elements, "", {}});
  };
  const auto body = [&](const GraphPointer& g) { return graph(*g, indent); };
  const auto type = [](const ValueType& t) { return "type " + type_text(t); };
  struct Visitor {
    const decltype(tensor)& tensor_;
    const decltype(body)& body_;
    const decltype(type)& type_;
    std::string operator()(int64_t v) { return std::to_string(v); }
    std::string operator()(float v) { return real_text(v); }
    std::string operator()(const std::string& v) { return quoted(v); }
    std::string operator()(const Tensor& v) { return tensor_(v); }
    std::string operator()(const GraphPointer& v) { return body_(v); }
    std::string operator()(const ValueType& v) { return type_(v); }
    std::string operator()(const std::vector<int64_t>& v) {
      return list(v, "ints", [](int64_t i) { return std::to_string(i); });
    }
    std::string operator()(const std::vector<float>& v) { return list(v, "floats", real_text); }
    std::string operator()(const std::vector<std::string>& v) { return list(v, "strings", quoted); }
    std::string operator()(const std::vector<Tensor>& v) {
      return "tensors" + list(v, "", tensor_);
    }
    std::string operator()(const std::vector<GraphPointer>& v) {
      return "graphs" + list(v, "", body_);
    }
    std::string operator()(const std::vector<ValueType>& v) { return "types" + list(v, "", type_); }
  };
  return std::visit(Visitor{tensor, body, type}, attribute);
}

std::string Printer::constant(const Value& value) {
  const auto use = uses_.find(value.name);
  const WeightUse kind = use == uses_.end() ? WeightUse::kOther : use->second;
  return "const " + value_name(value.name) + " = " +
         tensor_text(*value.constant, {options_.max_elements, value.name, kind});
}

std::string Printer::metadata(const Node& node) {
  if (!options_.metadata) return "";
  std::string out;
  if (!node.metadata.empty()) out += entries("meta", node.metadata);
  if (node.provenance == std::vector<std::string>{node.name}) return out;
  out += " from {";
  for (const std::string& source : node.provenance)
    out += (out.back() == '{' ? "" : ", ") + quoted(source);
  return out + "}";
}

std::string Printer::output_types(const Graph& graph, const Node& node) {
  std::string out;
  bool known = false;
  for (ValueId id : node.outputs) {
    const std::string type = id.valid() ? type_text(graph.value(id).type) : "_";
    known = known || type != "_";
    out += (out.empty() ? " : " : ", ") + type;
  }
  return known && options_.types ? out : "";
}

std::string Printer::node(const Graph& graph, const Node& node, int indent) {
  const auto names = [&](const std::vector<ValueId>& ids) {
    std::string out;
    for (size_t i = 0; i < ids.size(); ++i)
      out += (i ? ", " : "") + (ids[i].valid() ? value_name(graph.value(ids[i]).name) : "_");
    return out;
  };
  std::string out = names(node.outputs);
  out += out.empty() ? "" : " = ";
  out += node.op.domain.empty() ? word(node.op.name)
                                : word(node.op.domain) + "::" + word(node.op.name);
  const auto opset = graph.opsets().find(node.op.domain);
  if (node.opset != (opset == graph.opsets().end() ? 1 : opset->second))
    out += "@" + std::to_string(node.opset);
  const bool default_name = !node.outputs.empty() && node.outputs[0].valid() &&
                            graph.value(node.outputs[0]).name == node.name;
  if (!default_name) out += " " + quoted(node.name) + " ";
  out += "(" + names(node.inputs) + ")";
  std::string attributes;
  for (const auto& [name, value] : node.attributes)
    attributes += (attributes.empty() ? "" : ", ") + word(name) + "=" + attribute(value, indent);
  if (!attributes.empty()) out += " {" + attributes + "}";
  return out + metadata(node) + output_types(graph, node);
}

std::string Printer::graph(const Graph& g, int indent) {
  const auto outer_uses = std::exchange(uses_, weight_uses(g));
  const std::string pad(static_cast<size_t>(indent) * 2 + 2, ' ');
  std::string out = "graph " + quoted(g.name()) + " {\n";
  const auto line = [&](const std::string& text) { out += pad + text + "\n"; };
  for (const auto& [domain, version] : g.opsets())
    line("opset " + quoted(domain) + " " + std::to_string(version));
  if (options_.metadata)
    for (const auto& [key, value] : g.metadata())
      line("meta " + quoted(key) + " = " + quoted(value));
  const auto declare = [&](const char* word, ValueId id) {
    line(std::string(word) + " " + value_name(g.value(id).name) + " : " +
         type_text(g.value(id).type));
  };
  for (ValueId id : g.inputs()) declare("input", id);
  for (ValueId id : g.captures()) declare("capture", id);
  for (ValueId id : g.value_ids())
    if (g.value(id).constant) line(constant(g.value(id)));
  for (NodeId id : g.topological_order()) line(node(g, g.node(id), indent + 1));
  for (const GraphOutput& o : g.outputs())
    line("output " + quoted(o.name) + " = " + value_name(g.value(o.value).name));
  uses_ = outer_uses;
  return out + std::string(static_cast<size_t>(indent) * 2, ' ') + "}" + (indent == 0 ? "\n" : "");
}

}  // namespace

std::string print_graph(const Graph& graph, const PrintOptions& options) {
  return Printer(options).graph(graph, 0);
}

std::string print_node(const Graph& graph, const Node& node, const PrintOptions& options) {
  return Printer(options).node(graph, node, 1);
}

}  // namespace kasuri
