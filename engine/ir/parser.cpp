#include "engine/ir/parser.h"

#include <charconv>
#include <unordered_map>

#include "engine/ir/literal_parser.h"
#include "engine/ir/verifier.h"
#include "engine/ir/weight_use.h"

namespace kasuri {
namespace {

using namespace text;

constexpr int kMostNesting = 200;

struct ConstantText {
  std::string name;
  TensorLiteral literal;
};

struct NodeText {
  Node node;
  std::vector<std::string> inputs, outputs;  // "" is absent
  std::vector<ValueType> types;
  int line = 0;
};

/// One graph as written; ids come when everything is known.
struct GraphText {
  std::string name;
  std::map<std::string, int> opsets;
  std::map<std::string, std::string> metadata;
  std::vector<std::pair<std::string, ValueType>> inputs, captures;
  std::vector<ConstantText> constants;
  std::vector<NodeText> nodes;
  std::vector<std::pair<std::string, std::string>> outputs;  // name, value
};

class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text), literals_(lexer_) {}

  Result<Graph> file();

 private:
  Result<Graph> graph();
  Status statement(GraphText& out);
  Status node(GraphText& out);
  Status op_kind(NodeText& out, const GraphText& graph);
  Status tail(NodeText& out);
  Result<std::vector<std::string>> names();
  Result<std::string> word();
  Result<std::map<std::string, std::string>> entries();
  Result<Attribute> attribute();
  Result<Attribute> number();
  Result<Attribute> list(const std::string& kind);
  Result<Graph> build(GraphText& text);
  Result<std::map<std::string, WeightUse>> uses(const GraphText& text) const;

  Lexer lexer_;
  LiteralParser literals_;
  int depth_ = 0;
};

Result<std::string> Parser::word() {
  const Token::Kind kind = lexer_.peek().kind;
  if (kind != Token::Kind::kWord && kind != Token::Kind::kString)
    return lexer_.error("expected a word");
  return lexer_.take().text;
}

/// %a, _, %b
Result<std::vector<std::string>> Parser::names() {
  std::vector<std::string> out;
  const auto at_one = [&] {
    return lexer_.peek().kind == Token::Kind::kName || lexer_.at_word("_");
  };
  if (!at_one()) return out;
  do {
    if (!at_one()) return lexer_.error("expected a value");
    const Token token = lexer_.take();
    out.push_back(token.kind == Token::Kind::kName ? token.text : "");
  } while (lexer_.accept(','));
  return out;
}

Result<std::map<std::string, std::string>> Parser::entries() {
  std::map<std::string, std::string> out;
  KASURI_RETURN_IF_ERROR(lexer_.expect('{'));
  while (!lexer_.accept('}')) {
    if (!out.empty()) KASURI_RETURN_IF_ERROR(lexer_.expect(','));
    KASURI_TRY(const std::string key, literals_.string());
    KASURI_RETURN_IF_ERROR(lexer_.expect('='));
    KASURI_TRY(out[key], literals_.string());
  }
  return out;
}

Result<Attribute> Parser::number() {
  const std::string& text = lexer_.peek().text;
  const bool real = text.find_first_not_of("-0123456789") != std::string::npos;
  if (!real) {
    KASURI_TRY(const int64_t value, literals_.integer());
    return Attribute(value);
  }
  KASURI_TRY(const double value, literals_.real());
  float single = static_cast<float>(value);
  std::from_chars(text.data(), text.data() + text.size(), single);
  return Attribute(single);
}

/// After the word before the bracket, "" where there is none.
Result<Attribute> Parser::list(const std::string& kind) {
  KASURI_RETURN_IF_ERROR(lexer_.expect('['));
  std::vector<int64_t> ints;
  std::vector<float> floats;
  std::vector<std::string> strings;
  std::vector<Tensor> tensors;
  std::vector<GraphPointer> graphs;
  std::vector<ValueType> types;
  for (bool first = true; !lexer_.accept(']'); first = false) {
    if (!first) KASURI_RETURN_IF_ERROR(lexer_.expect(','));
    KASURI_TRY(const Attribute item, attribute());
    if (const auto* i = std::get_if<int64_t>(&item))
      ints.push_back(*i);
    else if (const auto* f = std::get_if<float>(&item))
      floats.push_back(*f);
    else if (const auto* s = std::get_if<std::string>(&item))
      strings.push_back(*s);
    else if (const auto* t = std::get_if<Tensor>(&item))
      tensors.push_back(*t);
    else if (const auto* g = std::get_if<GraphPointer>(&item))
      graphs.push_back(*g);
    else if (const auto* v = std::get_if<ValueType>(&item))
      types.push_back(*v);
    else
      return lexer_.error("a list cannot hold a list, before this");
  }
  const int kinds = !ints.empty() + !floats.empty() + !strings.empty() + !tensors.empty() +
                    !graphs.empty() + !types.empty();
  if (kinds > 1) return lexer_.error("a list mixes kinds, before this");
  if (!floats.empty() || kind == "floats") return Attribute(std::move(floats));
  if (!strings.empty() || kind == "strings") return Attribute(std::move(strings));
  if (!tensors.empty() || kind == "tensors") return Attribute(std::move(tensors));
  if (!graphs.empty() || kind == "graphs") return Attribute(std::move(graphs));
  if (!types.empty() || kind == "types") return Attribute(std::move(types));
  return Attribute(std::move(ints));
}

Result<Attribute> Parser::attribute() {
  const Token token = lexer_.peek();
  if (token.kind == Token::Kind::kString) return Attribute(lexer_.take().text);
  if (token.kind == Token::Kind::kNumber || token.text == "inf" || token.text == "nan")
    return number();
  if (lexer_.at('[')) return list("");
  if (token.kind != Token::Kind::kWord) return lexer_.error("expected the value of an attribute");
  if (token.text == "graph") {
    KASURI_TRY(Graph body, graph());
    return Attribute(GraphPointer(std::make_shared<const Graph>(std::move(body))));
  }
  if (lexer_.accept_word("type")) {
    KASURI_TRY(ValueType type, literals_.type());
    return Attribute(std::move(type));
  }
  for (const char* kind : {"ints", "floats", "strings", "tensors", "graphs", "types"})
    if (lexer_.accept_word(kind)) return list(kind);
  KASURI_TRY(const TensorLiteral literal, literals_.tensor("attribute"));
  if (!literal.needs_seed) return Attribute(literal.tensor);
  return lexer_.error("'seed' needs a name, which an attribute does not have, before this");
}

Status Parser::op_kind(NodeText& out, const GraphText& graph) {
  KASURI_TRY(out.node.op.name, word());
  if (lexer_.accept(':')) {
    KASURI_RETURN_IF_ERROR(lexer_.expect(':'));
    out.node.op.domain = std::move(out.node.op.name);
    KASURI_TRY(out.node.op.name, word());
  }
  if (lexer_.accept('@')) {
    KASURI_TRY(const int64_t opset, literals_.integer());
    if (opset < 1 || opset > 1'000'000)
      return lexer_.error("an opset is out of range, before this");
    out.node.opset = static_cast<int>(opset);
  } else if (const auto it = graph.opsets.find(out.node.op.domain); it != graph.opsets.end()) {
    out.node.opset = it->second;
  }
  return Done{};
}

/// {attributes} meta {...} from {...} : types
Status Parser::tail(NodeText& out) {
  if (lexer_.accept('{')) {
    while (!lexer_.accept('}')) {
      if (!out.node.attributes.empty()) KASURI_RETURN_IF_ERROR(lexer_.expect(','));
      KASURI_TRY(const std::string name, word());
      KASURI_RETURN_IF_ERROR(lexer_.expect('='));
      KASURI_TRY(out.node.attributes[name], attribute());
    }
  }
  if (lexer_.accept_word("meta")) {
    KASURI_TRY(out.node.metadata, entries());
  }
  if (lexer_.accept_word("from")) {
    KASURI_RETURN_IF_ERROR(lexer_.expect('{'));
    while (!lexer_.accept('}')) {
      if (!out.node.provenance.empty()) KASURI_RETURN_IF_ERROR(lexer_.expect(','));
      KASURI_TRY(out.node.provenance.emplace_back(), literals_.string());
    }
  }
  if (!lexer_.accept(':')) return Done{};
  do {
    KASURI_TRY(out.types.emplace_back(), literals_.type());
  } while (lexer_.accept(','));
  if (out.types.size() != out.outputs.size())
    return lexer_.error("a node needs one type per output, before this");
  return Done{};
}

Status Parser::node(GraphText& out) {
  NodeText& node = out.nodes.emplace_back();
  node.line = lexer_.peek().line;
  KASURI_TRY(node.outputs, names());
  if (!node.outputs.empty()) KASURI_RETURN_IF_ERROR(lexer_.expect('='));
  KASURI_RETURN_IF_ERROR(op_kind(node, out));
  if (lexer_.peek().kind == Token::Kind::kString) node.node.name = lexer_.take().text;
  KASURI_RETURN_IF_ERROR(lexer_.expect('('));
  KASURI_TRY(node.inputs, names());
  KASURI_RETURN_IF_ERROR(lexer_.expect(')'));
  return tail(node);
}

Status Parser::statement(GraphText& out) {
  const auto value = [&]() -> Result<std::string> {
    if (lexer_.peek().kind != Token::Kind::kName) return lexer_.error("expected a value");
    return lexer_.take().text;
  };
  const auto typed = [&](auto& list) -> Status {
    KASURI_TRY(const std::string name, value());
    KASURI_RETURN_IF_ERROR(lexer_.expect(':'));
    KASURI_TRY(ValueType type, literals_.type());
    list.emplace_back(name, std::move(type));
    return Done{};
  };
  if (lexer_.accept_word("input")) return typed(out.inputs);
  if (lexer_.accept_word("capture")) return typed(out.captures);
  if (lexer_.accept_word("opset")) {
    KASURI_TRY(const std::string domain, literals_.string());
    KASURI_TRY(const int64_t version, literals_.integer());
    if (version < 1 || version > 1'000'000)
      return lexer_.error("an opset is out of range, before this");
    out.opsets[domain] = static_cast<int>(version);
  } else if (lexer_.accept_word("meta")) {
    KASURI_TRY(const std::string key, literals_.string());
    KASURI_RETURN_IF_ERROR(lexer_.expect('='));
    KASURI_TRY(out.metadata[key], literals_.string());
  } else if (lexer_.accept_word("const")) {
    KASURI_TRY(const std::string name, value());
    KASURI_RETURN_IF_ERROR(lexer_.expect('='));
    KASURI_TRY(TensorLiteral literal, literals_.tensor(name));
    out.constants.push_back({name, std::move(literal)});
  } else if (lexer_.accept_word("output")) {
    KASURI_TRY(const std::string name, literals_.string());
    KASURI_RETURN_IF_ERROR(lexer_.expect('='));
    KASURI_TRY(const std::string source, value());
    out.outputs.emplace_back(name, source);
  } else {
    return node(out);
  }
  return Done{};
}

Result<Graph> Parser::graph() {
  if (!lexer_.accept_word("graph")) return lexer_.error("expected 'graph'");
  if (++depth_ > kMostNesting) return lexer_.error("graphs are nested too deeply");
  GraphText text;
  KASURI_TRY(text.name, literals_.string());
  KASURI_RETURN_IF_ERROR(lexer_.expect('{'));
  while (!lexer_.accept('}')) KASURI_RETURN_IF_ERROR(statement(text));
  --depth_;
  return build(text);
}

Result<std::map<std::string, WeightUse>> Parser::uses(const GraphText& text) const {
  std::map<std::string, WeightUse> out;
  for (const NodeText& n : text.nodes) {
    for (size_t i = 0; i < n.inputs.size(); ++i)
      if (const WeightUse use = weight_use(n.node, i); use != WeightUse::kOther)
        out.emplace(n.inputs[i], use);
    for (const auto& [name, attribute] : n.node.attributes) {
      if (const auto* body = std::get_if<GraphPointer>(&attribute)) out.merge(weight_uses(**body));
      if (const auto* bodies = std::get_if<std::vector<GraphPointer>>(&attribute))
        for (const GraphPointer& body : *bodies) out.merge(weight_uses(*body));
    }
  }
  return out;
}

Result<Graph> Parser::build(GraphText& text) {
  GraphBuilder builder(text.name);
  std::unordered_map<std::string, ValueId> ids;
  for (const auto& [domain, version] : text.opsets) builder.opset(domain, version);
  for (const auto& [key, value] : text.metadata) builder.metadata(key, value);
  const auto define = [&](const std::string& name, ValueId id) -> Status {
    if (ids.emplace(name, id).second) return Done{};
    return Error("value '" + name + "' is defined twice");
  };
  const auto find = [&](const std::vector<std::string>& names,
                        int line) -> Result<std::vector<ValueId>> {
    std::vector<ValueId> out;
    for (const std::string& name : names) {
      const auto it = ids.find(name);
      if (it == ids.end() && !name.empty())
        return Error("line " + std::to_string(line) + ": value '" + name + "' is never defined");
      out.push_back(name.empty() ? ValueId() : it->second);
    }
    return out;
  };
  for (const auto& [name, type] : text.inputs)
    KASURI_RETURN_IF_ERROR(define(name, builder.input(name, type)));
  for (const auto& [name, type] : text.captures)
    KASURI_RETURN_IF_ERROR(define(name, builder.capture(name, type)));
  KASURI_TRY(const auto known_uses, uses(text));
  for (ConstantText& c : text.constants) {
    const auto use = known_uses.find(c.name);
    const WeightUse kind = use == known_uses.end() ? WeightUse::kOther : use->second;
    if (c.literal.needs_seed) {
      KASURI_TRY(c.literal.tensor, literals_.seeded(c.literal, c.name, kind));
    }
    KASURI_RETURN_IF_ERROR(define(c.name, builder.constant(c.name, c.literal.tensor)));
  }
  for (const NodeText& n : text.nodes)
    for (size_t i = 0; i < n.outputs.size(); ++i)
      if (!n.outputs[i].empty())
        KASURI_RETURN_IF_ERROR(
            define(n.outputs[i],
                   builder.declare(n.outputs[i], i < n.types.size() ? n.types[i] : ValueType())));
  for (NodeText& n : text.nodes) {
    KASURI_TRY(n.node.inputs, find(n.inputs, n.line));
    KASURI_TRY(n.node.outputs, find(n.outputs, n.line));
    builder.add(std::move(n.node));
  }
  for (const auto& [name, value] : text.outputs) {
    KASURI_TRY(const std::vector<ValueId> id, find({value}, lexer_.peek().line));
    builder.output(name, id[0]);
  }
  return builder.take();
}

Result<Graph> Parser::file() {
  KASURI_TRY(Graph out, graph());
  if (lexer_.peek().kind != Token::Kind::kEnd) return lexer_.error("expected nothing more");
  if (const Status sound = verify_graph(out); !sound.ok()) return Error(sound.error().text());
  return out;
}

}  // namespace

Result<Graph> parse_graph(std::string_view text) { return Parser(text).file(); }

}  // namespace kasuri
