#include <fmt/format.h>

#include <unordered_map>
#include <utility>

#include "engine/base/check.h"
#include "engine/loops/names.h"
#include "engine/loops/nest.h"

// Text form of nests:
//
//   nest "softmax" outer 1
//   b0 input float32 [4, 8] "x"
//   b1 output float32 [4, 8] strides [1, 4] "y"
//   reduce max [4, 8] over 1
//     b2[i0] = b0[i0, i1]
//   map [4, 8]
//     t0 = exp((b0[i0, i1] - b2[i0]))
//     b1[i0, i1] = (t0 * t0)
//
// Expressions used several times get names t0, t1, ... within their stage.
namespace kasuri::loops {
namespace {

std::string list_of(const std::vector<int64_t>& numbers) {
  return fmt::format("[{}]", fmt::join(numbers, ", "));
}

std::string list_of(const std::vector<Index>& indices) {
  std::string text;
  for (const Index& index : indices) text += (text.empty() ? "" : ", ") + text_of(index);
  return "[" + text + "]";
}

bool is_atom(const Index& index) { return index->args.empty() || index->kind >= IndexKind::kMin; }

std::string atom_of(const Index& index) {
  return is_atom(index) ? text_of(index) : "(" + text_of(index) + ")";
}

std::string sum_of(const IndexNode& node) {
  const std::string right =
      node.args[1]->kind == IndexKind::kAdd ? atom_of(node.args[1]) : text_of(node.args[1]);
  return text_of(node.args[0]) + " + " + right;
}

std::string quoted(const std::string& name) {
  std::string text = "\"";
  for (char c : name) {
    if (c == '"' || c == '\\') text += '\\';
    text += c == '\n' ? ' ' : c;
  }
  return text + "\"";
}

/// Prints the expressions of one stage, naming what is used several times.
class ExpressionPrinter {
 public:
  explicit ExpressionPrinter(const std::vector<Scalar>& roots) {
    for (const Scalar& root : roots)
      visit(root, [&](const ScalarNode& node) {
        for (const Scalar& arg : node.args) ++uses_[arg.get()];
      });
  }

  /// `target = expression`, preceded by lines for the names it needs.
  std::string line(const std::string& target, const Scalar& value) {
    visit(value, [&](const ScalarNode& node) {
      if (node.args.empty() || uses_[&node] < 2 || names_.count(&node) > 0) return;
      lines_ += fmt::format("  t{} = {}\n", names_.size(), text(node));
      names_.emplace(&node, fmt::format("t{}", names_.size()));
    });
    lines_ += fmt::format("  {} = {}\n", target, named(*value));
    return std::exchange(lines_, {});
  }

 private:
  std::string named(const ScalarNode& node) {
    const auto name = names_.find(&node);
    return name == names_.end() ? text(node) : name->second;
  }

  std::string text(const ScalarNode& n) {
    switch (n.kind) {
      case ScalarKind::kLoad:
        if (n.buffer == kAccumulator) return fmt::format("acc.{}", kasuri::name_of(n.type));
        return fmt::format("b{}{}", n.buffer, list_of(n.index));
      case ScalarKind::kConstant:
        if (is_integer(n.type)) return fmt::format("{}.{}", n.integer, kasuri::name_of(n.type));
        if (n.type == DataType::kBool) return n.number != 0 ? "true" : "false";
        if (n.type == DataType::kFloat)
          return fmt::format("{}.float32", static_cast<float>(n.number));
        return fmt::format("{}.{}", n.number, kasuri::name_of(n.type));
      case ScalarKind::kUnary:
        return fmt::format("{}({})", name_of(n.unary), named(*n.args[0]));
      case ScalarKind::kBinary:
        return binary_text(n);
      case ScalarKind::kCast:
        return fmt::format("cast.{}({})", kasuri::name_of(n.type), named(*n.args[0]));
      case ScalarKind::kSelect:
        return fmt::format("select({}, {}, {})", named(*n.args[0]), named(*n.args[1]),
                           named(*n.args[2]));
      case ScalarKind::kIndexValue:
        return fmt::format("index({})", text_of(n.index[0]));
    }
    fail("unknown kind of scalar");
  }

  std::string binary_text(const ScalarNode& n) {
    const std::string a = named(*n.args[0]), b = named(*n.args[1]);
    if (is_infix(n.binary)) return fmt::format("({} {} {})", a, name_of(n.binary), b);
    return fmt::format("{}({}, {})", name_of(n.binary), a, b);
  }

  std::unordered_map<const ScalarNode*, int> uses_;
  std::unordered_map<const ScalarNode*, std::string> names_;
  std::string lines_;
};

std::string head_of(const Stage& s) {
  switch (s.kind) {
    case StageKind::kMap: {
      const bool combines = s.combine != Stage::Combine::kNone;
      const std::string how = combines ? fmt::format(" combine {}", name_of(s.combine)) : "";
      return fmt::format("map {}{}\n", list_of(s.domain), how);
    }
    case StageKind::kReduce:
      return fmt::format("reduce {} {} over {}\n", name_of(s.op), list_of(s.domain), s.reduce_rank);
    case StageKind::kScan:
      return fmt::format("scan {} {}{}{}\n", name_of(s.op), list_of(s.domain),
                         s.exclusive ? " exclusive" : "", s.reverse ? " reverse" : "");
    case StageKind::kContraction:
      return fmt::format("contraction {} {}\n", name_of(s.accumulate), list_of(s.domain));
  }
  fail("unknown kind of stage");
}

std::string text_of(const Stage& stage) {
  ExpressionPrinter printer(scalars_of(stage));
  std::string target = fmt::format("b{}{}", stage.out, list_of(stage.out_index));
  if (stage.out2 >= 0) target += fmt::format(", b{}", stage.out2);
  std::string text = head_of(stage);
  if (stage.kind == StageKind::kContraction) {
    text += printer.line("a", stage.a) + printer.line("b", stage.b);
    if (!stage.epilogue) return text + "  " + target + "\n";
    return text + printer.line(target, stage.epilogue);
  }
  return text + printer.line(target, stage.body);
}

std::string text_of(const Buffer& buffer, int number) {
  std::string text = fmt::format("b{} {} {} {}", number, name_of(buffer.role),
                                 kasuri::name_of(buffer.dtype), list_of(buffer.extents));
  if (buffer.strides != make_buffer("", buffer.dtype, buffer.extents, buffer.role).strides)
    text += " strides " + list_of(buffer.strides);
  return text + " " + quoted(buffer.name) + "\n";
}

}  // namespace

std::string text_of(const Index& index) {
  switch (index->kind) {
    case IndexKind::kConstant:
      return fmt::format("{}", index->value);
    case IndexKind::kVariable:
      return fmt::format("i{}", index->value);
    case IndexKind::kAdd:
      return sum_of(*index);
    case IndexKind::kMul:
      return fmt::format("{}*{}", atom_of(index->args[0]), index->value);
    case IndexKind::kFloorDiv:
      return fmt::format("{} div {}", atom_of(index->args[0]), index->value);
    case IndexKind::kMod:
      return fmt::format("{} mod {}", atom_of(index->args[0]), index->value);
    case IndexKind::kMin:
      return fmt::format("min({}, {})", text_of(index->args[0]), text_of(index->args[1]));
    case IndexKind::kMax:
      return fmt::format("max({}, {})", text_of(index->args[0]), text_of(index->args[1]));
    case IndexKind::kIndirect:
      return fmt::format("{}(b{}{}, {})", index->policy == OutOfRange::kClamp ? "clamped" : "at",
                         index->buffer, list_of(index->args), index->limit);
  }
  fail("unknown kind of index");
}

std::string print(const Nest& nest) {
  std::string text = "nest " + quoted(nest.name) + fmt::format(" outer {}\n", nest.outer_rank);
  for (size_t b = 0; b < nest.buffers.size(); ++b)
    text += text_of(nest.buffers[b], static_cast<int>(b));
  for (const Stage& stage : nest.stages) text += text_of(stage);
  return text;
}

}  // namespace kasuri::loops
