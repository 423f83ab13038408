#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "engine/base/check.h"
#include "engine/loops/lexer.h"
#include "engine/loops/names.h"
#include "engine/loops/nest.h"

namespace kasuri::loops {
namespace {

constexpr int kDeepest = 400;
constexpr int kMostVariables = 64;

/// Recursive descent over the grammar print() writes. Numbers from the text are bounded before they
/// are used; what remains is checked by verify().
class Parser {
 public:
  explicit Parser(std::string_view text) : in_(text) {}

  Result<Nest> nest() {
    KASURI_RETURN_IF_ERROR(in_.expect("nest"));
    KASURI_TRY(nest_.name, in_.quoted());
    KASURI_RETURN_IF_ERROR(in_.expect("outer"));
    KASURI_TRY(const int64_t outer, in_.integer());
    if (outer < 0 || outer > kMostVariables) return in_.error("an impossible outer rank");
    nest_.outer_rank = static_cast<int>(outer);
    while (const auto number = in_.numbered('b')) KASURI_RETURN_IF_ERROR(buffer(*number));
    while (!in_.at_end()) {
      KASURI_TRY(Stage parsed, stage());
      nest_.stages.push_back(std::move(parsed));
    }
    KASURI_RETURN_IF_ERROR(verify(nest_));
    return std::move(nest_);
  }

 private:
  Result<std::vector<int64_t>> numbers() {
    std::vector<int64_t> list;
    KASURI_RETURN_IF_ERROR(in_.expect("["));
    while (!in_.accept("]")) {
      if (!list.empty()) KASURI_RETURN_IF_ERROR(in_.expect(","));
      KASURI_TRY(const int64_t value, in_.integer());
      list.push_back(value);
      if (list.size() > kMostVariables) return in_.error("too many axes");
    }
    return list;
  }

  Result<DataType> type(const std::string& name) {
    if (const auto known = data_type_from(name)) return *known;
    return in_.error("unknown type '" + name + "'");
  }

  Status buffer(int number) {
    if (number != static_cast<int>(nest_.buffers.size())) return in_.error("buffers out of order");
    KASURI_TRY(const std::string role_name, in_.word());
    const auto role = role_from(role_name);
    if (!role) return in_.error("unknown role '" + role_name + "'");
    KASURI_TRY(const std::string type_name, in_.word());
    KASURI_TRY(const DataType dtype, type(type_name));
    KASURI_TRY(auto extents, numbers());
    int64_t count = 1;
    for (const int64_t extent : extents)
      if (extent < 0 || __builtin_mul_overflow(count, std::max<int64_t>(extent, 1), &count))
        return in_.error("impossible extents");
    Buffer parsed = make_buffer("", dtype, std::move(extents), *role);
    if (in_.accept("strides")) {
      KASURI_TRY(parsed.strides, numbers());
    }
    KASURI_TRY(parsed.name, in_.quoted());
    nest_.add_buffer(std::move(parsed));
    return Done{};
  }

  Result<Stage> stage() {
    Stage s;
    names_.clear();
    KASURI_TRY(const std::string kind, in_.word());
    if (kind == "map")
      KASURI_RETURN_IF_ERROR(map_head(s));
    else if (kind == "reduce")
      KASURI_RETURN_IF_ERROR(reduce_head(s));
    else if (kind == "scan")
      KASURI_RETURN_IF_ERROR(scan_head(s));
    else if (kind == "contraction")
      KASURI_RETURN_IF_ERROR(contraction_head(s));
    else
      return in_.error("unknown stage '" + kind + "'");
    if (s.kind == StageKind::kContraction) {
      KASURI_TRY(s.a, operand("a"));
      KASURI_TRY(s.b, operand("b"));
    }
    KASURI_RETURN_IF_ERROR(named_lines());
    KASURI_RETURN_IF_ERROR(target(s));
    if (!in_.accept("=")) {
      if (s.kind == StageKind::kContraction) return s;
      return in_.error("expected '='");
    }
    KASURI_TRY(Scalar value, scalar(0));
    (s.kind == StageKind::kContraction ? s.epilogue : s.body) = std::move(value);
    return s;
  }

  Status domain(Stage& s) {
    KASURI_TRY(s.domain, numbers());
    return Done{};
  }

  Status map_head(Stage& s) {
    KASURI_RETURN_IF_ERROR(domain(s));
    if (!in_.accept("combine")) return Done{};
    KASURI_TRY(const std::string name, in_.word());
    const auto combine = combine_from(name);
    if (!combine) return in_.error("unknown way to combine '" + name + "'");
    s.combine = *combine;
    return Done{};
  }

  Status op(Stage& s) {
    KASURI_TRY(const std::string name, in_.word());
    const auto known = reduce_from(name);
    if (!known) return in_.error("unknown reduction '" + name + "'");
    s.op = *known;
    return domain(s);
  }

  Status reduce_head(Stage& s) {
    s.kind = StageKind::kReduce;
    KASURI_RETURN_IF_ERROR(op(s));
    KASURI_RETURN_IF_ERROR(in_.expect("over"));
    KASURI_TRY(const int64_t rank, in_.integer());
    if (rank < 0 || rank > kMostVariables) return in_.error("an impossible number of axes");
    s.reduce_rank = static_cast<int>(rank);
    return Done{};
  }

  Status scan_head(Stage& s) {
    s.kind = StageKind::kScan;
    KASURI_RETURN_IF_ERROR(op(s));
    s.exclusive = in_.accept("exclusive");
    s.reverse = in_.accept("reverse");
    return Done{};
  }

  Status contraction_head(Stage& s) {
    s.kind = StageKind::kContraction;
    s.reduce_rank = 1;
    KASURI_TRY(const std::string name, in_.word());
    const auto known = accumulate_from(name);
    if (!known) return in_.error("unknown accumulator '" + name + "'");
    s.accumulate = *known;
    return domain(s);
  }

  /// Lines "t0 = expression".
  Status named_lines() {
    while (const auto number = in_.numbered('t')) {
      if (*number != static_cast<int>(names_.size())) return in_.error("names out of order");
      KASURI_RETURN_IF_ERROR(in_.expect("="));
      KASURI_TRY(Scalar value, scalar(0));
      names_.push_back(std::move(value));
    }
    return Done{};
  }

  Result<Scalar> operand(std::string_view name) {
    KASURI_RETURN_IF_ERROR(named_lines());
    KASURI_RETURN_IF_ERROR(in_.expect(name));
    KASURI_RETURN_IF_ERROR(in_.expect("="));
    return scalar(0);
  }

  Status target(Stage& s) {
    const auto out = in_.numbered('b');
    if (!out) return in_.error("expected the buffer the stage stores to");
    s.out = *out;
    KASURI_TRY(s.out_index, indices(0));
    if (!in_.accept(",")) return Done{};
    const auto second = in_.numbered('b');
    if (!second) return in_.error("expected a second buffer");
    s.out2 = *second;
    return Done{};
  }

  Result<std::vector<Index>> indices(int depth) {
    std::vector<Index> list;
    KASURI_RETURN_IF_ERROR(in_.expect("["));
    while (!in_.accept("]")) {
      if (!list.empty()) KASURI_RETURN_IF_ERROR(in_.expect(","));
      KASURI_TRY(Index i, index(depth + 1));
      list.push_back(std::move(i));
    }
    return list;
  }

  Result<Index> index(int depth) {
    if (depth > kDeepest) return in_.error("nested too deeply");
    KASURI_TRY(Index sum, index_term(depth));
    while (in_.accept("+")) {
      KASURI_TRY(Index next, index_term(depth));
      sum = add(std::move(sum), std::move(next));
    }
    return sum;
  }

  Result<Index> index_term(int depth) {
    KASURI_TRY(Index term, index_atom(depth));
    while (true) {
      const bool times = in_.accept("*"), divides = !times && in_.accept("div");
      if (!times && !divides && !in_.accept("mod")) return term;
      KASURI_TRY(const int64_t value, in_.integer());
      if (!times && value <= 0) return in_.error("a divisor that is not positive");
      term = times     ? mul(std::move(term), value)
             : divides ? floor_div(std::move(term), value)
                       : mod(std::move(term), value);
    }
  }

  Result<Index> index_atom(int depth) {
    if (const auto v = in_.numbered('i')) {
      if (*v < 0 || *v >= kMostVariables) return in_.error("no such variable");
      return variable(*v);
    }
    if (in_.accept("(")) {
      KASURI_TRY(Index inner, index(depth + 1));
      KASURI_RETURN_IF_ERROR(in_.expect(")"));
      return inner;
    }
    const bool smallest = in_.accept("min"), largest = !smallest && in_.accept("max");
    if (smallest || largest) {
      KASURI_RETURN_IF_ERROR(in_.expect("("));
      KASURI_TRY(Index x, index(depth + 1));
      KASURI_RETURN_IF_ERROR(in_.expect(","));
      KASURI_TRY(Index y, index(depth + 1));
      KASURI_RETURN_IF_ERROR(in_.expect(")"));
      return smallest ? min(x, y) : max(x, y);
    }
    if (in_.accept("at")) return indirect_index(OutOfRange::kReport, depth);
    if (in_.accept("clamped")) return indirect_index(OutOfRange::kClamp, depth);
    KASURI_TRY(const int64_t value, in_.integer());
    return constant(value);
  }

  Result<Index> indirect_index(OutOfRange policy, int depth) {
    KASURI_RETURN_IF_ERROR(in_.expect("("));
    const auto buffer = in_.numbered('b');
    if (!buffer) return in_.error("expected a buffer");
    KASURI_TRY(auto at, indices(depth));
    KASURI_RETURN_IF_ERROR(in_.expect(","));
    KASURI_TRY(const int64_t limit, in_.integer());
    if (limit < 0) return in_.error("a negative limit");
    KASURI_RETURN_IF_ERROR(in_.expect(")"));
    return indirect(*buffer, std::move(at), limit, policy);
  }

  Result<Scalar> scalar(int depth) {
    if (depth > kDeepest) return in_.error("nested too deeply");
    if (in_.accept("(")) return infix(depth);
    if (const auto number = in_.numbered('t')) {
      if (*number < 0 || *number >= static_cast<int>(names_.size()))
        return in_.error(fmt::format("t{} is not known yet", *number));
      return names_[*number];
    }
    if (const auto buffer = in_.numbered('b')) return element(*buffer);
    if (const auto number = in_.literal()) return constant_of(*number);
    KASURI_TRY(const std::string name, in_.word());
    if (name == "true" || name == "false") return literal(DataType::kBool, name == "true");
    if (name.starts_with("acc.")) {
      KASURI_TRY(const DataType t, type(name.substr(4)));
      return load(kAccumulator, t, {});
    }
    return call(name, depth);
  }

  Result<Scalar> element(int buffer) {
    if (buffer < 0 || buffer >= static_cast<int>(nest_.buffers.size()))
      return in_.error("there is no such buffer");
    KASURI_TRY(auto at, indices(0));
    return load(buffer, compute_type(nest_.buffers[buffer].dtype), std::move(at));
  }

  Result<Scalar> constant_of(const Lexer::Literal& text) {
    KASURI_TRY(const DataType t, type(text.type));
    if (t == DataType::kString || t == DataType::kUndefined || bits_of(t) < 8 || bits_of(t) > 64)
      return in_.error("a constant of a type nests do not compute in");
    const char* begin = text.number.data();
    const char* end = begin + text.number.size();
    if (!is_integer(t)) return literal(t, std::strtod(begin, nullptr));
    int64_t value = 0;
    const auto [stop, code] = std::from_chars(begin, end, value);
    if (code != std::errc() || stop != end) return in_.error("expected an integer");
    return literal_int(t, value);
  }

  Result<Scalar> joined(BinaryOp op, const Scalar& a, const Scalar& b) {
    if (compute_type(a->type) != compute_type(b->type))
      return in_.error("operands of different types");
    return binary(op, a, b);
  }

  Result<Scalar> infix(int depth) {
    KASURI_TRY(Scalar a, scalar(depth + 1));
    for (const std::string_view sign : {"<=", ">=", "==", "!=", "<", ">", "+", "-", "*", "/"}) {
      if (!in_.accept(sign)) continue;
      KASURI_TRY(Scalar b, scalar(depth + 1));
      KASURI_RETURN_IF_ERROR(in_.expect(")"));
      return joined(*binary_from(sign), a, b);
    }
    return in_.error("expected an operator");
  }

  Result<std::vector<Scalar>> arguments(size_t count, int depth) {
    std::vector<Scalar> list;
    KASURI_RETURN_IF_ERROR(in_.expect("("));
    for (size_t k = 0; k < count; ++k) {
      if (k > 0) KASURI_RETURN_IF_ERROR(in_.expect(","));
      KASURI_TRY(Scalar value, scalar(depth + 1));
      list.push_back(std::move(value));
    }
    KASURI_RETURN_IF_ERROR(in_.expect(")"));
    return list;
  }

  Result<Scalar> call(const std::string& name, int depth) {
    if (name == "index") {
      KASURI_RETURN_IF_ERROR(in_.expect("("));
      KASURI_TRY(Index i, index(depth + 1));
      KASURI_RETURN_IF_ERROR(in_.expect(")"));
      return index_value(std::move(i));
    }
    if (name == "select") {
      KASURI_TRY(const auto args, arguments(3, depth));
      if (args[0]->type != DataType::kBool ||
          compute_type(args[1]->type) != compute_type(args[2]->type))
        return in_.error("select takes a bool and two values of one type");
      return select(args[0], args[1], args[2]);
    }
    if (name.starts_with("cast.")) {
      KASURI_TRY(const DataType to, type(name.substr(5)));
      KASURI_TRY(const auto args, arguments(1, depth));
      return cast(args[0], to);
    }
    if (const auto op = unary_from(name)) {
      KASURI_TRY(const auto args, arguments(1, depth));
      return unary(*op, args[0]);
    }
    const auto op = binary_from(name);
    if (!op) return in_.error("unknown operation '" + name + "'");
    KASURI_TRY(const auto args, arguments(2, depth));
    return joined(*op, args[0], args[1]);
  }

  Lexer in_;
  Nest nest_;
  std::vector<Scalar> names_;
};

}  // namespace

Result<Nest> parse(const std::string& text) {
  try {
    return Parser(text).nest();
  } catch (const InternalError& error) {
    return Error(std::string("a nest that cannot be: ") + error.what());
  }
}

}  // namespace kasuri::loops
