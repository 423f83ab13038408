#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "engine/ir/shape_inference/context.h"
#include "engine/ir/shape_inference/matmul.h"
#include "engine/ir/shape_inference/registry.h"

namespace kasuri::shape_inference {
namespace {

void matmul(Context& c) {
  if (!c.want_input(0) || !c.want_input(1)) return;
  MaybeShape out;
  if (c.shape(0) && c.shape(1)) out = matmul_shape(c, *c.shape(0), *c.shape(1));
  c.set(0, c.dtype(0) == DataType::kUndefined ? c.dtype(1) : c.dtype(0), std::move(out));
}

void matmul_integer(Context& c) {
  matmul(c);
  c.set(0, DataType::kInt32,
        c.shape(0) && c.shape(1) ? matmul_shape(c, *c.shape(0), *c.shape(1)) : std::nullopt);
}

/// The operand as FusedMatMul sees it: [m, batch..., k] becomes [batch..., m, k], then the last two
/// change places.
Shape turned(const Shape& in, bool transposed, bool batch_transposed) {
  Shape out = in;
  if (out.size() < 2) return out;
  if (batch_transposed) std::rotate(out.begin(), out.begin() + 1, out.end() - 1);
  if (transposed) std::swap(out[out.size() - 1], out[out.size() - 2]);
  return out;
}

void fused_matmul(Context& c) {
  if (!c.want_input(0) || !c.want_input(1)) return;
  MaybeShape out;
  if (c.shape(0) && c.shape(1))
    out = matmul_shape(
        c, turned(*c.shape(0), c.integer("transA", 0) != 0, c.integer("transBatchA", 0) != 0),
        turned(*c.shape(1), c.integer("transB", 0) != 0, c.integer("transBatchB", 0) != 0));
  c.set(0, c.dtype(0), std::move(out));
}

void gemm(Context& c) {
  if (!c.want_input(0) || !c.want_input(1)) return;
  const bool known = c.want_rank(0, 2, 2) & c.want_rank(1, 2, 2);
  if (!known) return c.set(0, c.dtype(0), unknown_shape(2));
  const bool ta = c.integer("transA", 0) != 0;
  const bool tb = c.integer("transB", 0) != 0;
  c.match(c.dim(0, ta ? 0 : 1), c.dim(1, tb ? 1 : 0), "the inner extents differ");
  Shape out{c.dim(0, ta ? 1 : 0), c.dim(1, tb ? 0 : 1)};
  if (c.shape(2) && (c.opset() >= 7 || c.integer("broadcast", 0) == 0)) {
    const auto both = broadcast(out, *c.shape(2));
    if (!both || both->size() > 2)
      return c.fail(
          fmt::format("C {} does not broadcast to {}", text_of(*c.shape(2)), text_of(out)));
  }
  c.set(0, c.dtype(0), std::move(out));
}

void det(Context& c) {
  if (!c.want_input(0) || !c.want_rank(0, 2)) return c.set(0, c.dtype(0));
  c.match(c.dim(0, -1), c.dim(0, -2), "the matrix is not square");
  c.set(0, c.dtype(0), Shape(c.shape(0)->begin(), c.shape(0)->end() - 2));
}

/// Subscripts of one term with the ellipsis as '.'; blanks dropped. Empty optional: malformed.
std::optional<std::string> letters_of(std::string_view term) {
  std::string out;
  for (size_t i = 0; i < term.size(); ++i) {
    const char ch = term[i];
    if (ch == ' ') continue;
    if (ch == '.') {
      if (term.substr(i, 3) != "..." || out.find('.') != std::string::npos) return std::nullopt;
      out += '.';
      i += 2;
    } else if ((ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z')) {
      out += ch;
    } else {
      return std::nullopt;
    }
  }
  return out;
}

struct EinsumExtents {
  std::map<char, Dim> of;
  std::map<char, int> uses;
  Shape ellipsis;
};

bool read_term(Context& c, const std::string& letters, const Shape& shape, EinsumExtents& e) {
  const bool dots = letters.find('.') != std::string::npos;
  const size_t plain = letters.size() - (dots ? 1 : 0);
  if (shape.size() < plain || (!dots && shape.size() != plain)) {
    c.fail(fmt::format("the subscripts '{}' do not fit the shape {}", letters, text_of(shape)));
    return false;
  }
  size_t at = 0;
  for (char letter : letters) {
    if (letter == '.') {
      const size_t width = shape.size() - plain;
      const auto both = broadcast(e.ellipsis, Shape(shape.begin() + static_cast<long>(at),
                                                    shape.begin() + static_cast<long>(at + width)));
      if (!both) return c.fail("the extents under '...' do not broadcast"), false;
      e.ellipsis = *both;
      at += width;
      continue;
    }
    const Dim& d = shape[at++];
    const auto [it, fresh] = e.of.try_emplace(letter, d);
    if (!fresh) {
      const auto both = broadcast({it->second}, {d});
      if (!both) return c.fail(fmt::format("subscript '{}' has two extents", letter)), false;
      it->second = both->front();
    }
    ++e.uses[letter];
  }
  return true;
}

void einsum(Context& c) {
  const std::string equation = c.text("equation", "");
  c.set(0, c.dtype(0));
  const size_t arrow = equation.find("->");
  const std::string_view left = std::string_view(equation).substr(0, arrow);
  EinsumExtents e;
  bool known = true;
  size_t begin = 0;
  size_t terms = 0;
  while (begin <= left.size()) {
    const size_t comma = std::min(left.find(',', begin), left.size());
    const auto letters = letters_of(left.substr(begin, comma - begin));
    if (!letters) return c.fail("the equation '" + equation + "' is malformed");
    known = known && c.shape(terms);
    if (known && !read_term(c, *letters, *c.shape(terms), e)) return;
    ++terms;
    begin = comma + 1;
  }
  if (terms != c.inputs())
    return c.fail("the equation '" + equation + "' has the wrong number of terms");
  if (!known) return;
  std::string output;
  if (arrow == std::string::npos) {
    output = ".";
    for (const auto& [letter, uses] : e.uses)
      if (uses == 1) output += letter;
  } else {
    const auto letters = letters_of(std::string_view(equation).substr(arrow + 2));
    if (!letters) return c.fail("the equation '" + equation + "' is malformed");
    output = *letters;
  }
  Shape out;
  for (char letter : output) {
    if (letter == '.')
      out.insert(out.end(), e.ellipsis.begin(), e.ellipsis.end());
    else if (e.of.contains(letter))
      out.push_back(e.of[letter]);
    else
      return c.fail(fmt::format("output subscript '{}' is in no input", letter));
  }
  c.set(0, c.dtype(0), std::move(out));
}

/// com.microsoft::MatMulNBits: B holds N rows of packed blocks of a [K, N] matrix.
void matmul_n_bits(Context& c) {
  if (!c.want_input(0) || !c.want_input(1)) return;
  if (!c.want_rank(0, 1)) return c.set(0, c.dtype(0));
  c.match(c.dim(0, -1), Dim(c.integer("K", -1)), "the inner extents differ");
  Shape out = *c.shape(0);
  out.back() = Dim(c.integer("N", -1));
  c.set(0, c.dtype(0), std::move(out));
}

}  // namespace

std::optional<Shape> matmul_shape(Context& c, const Shape& left, const Shape& right) {
  Shape a = left;
  Shape b = right;
  if (a.empty() || b.empty()) return c.fail("a matrix product of a scalar"), std::nullopt;
  const bool row = a.size() == 1;
  const bool column = b.size() == 1;
  if (row) a.insert(a.begin(), 1);
  if (column) b.push_back(1);
  if (conflict(a.back(), b[b.size() - 2])) {
    c.fail(fmt::format("the inner extents of {} and {} differ", text_of(left), text_of(right)));
    return std::nullopt;
  }
  auto out = broadcast(Shape(a.begin(), a.end() - 2), Shape(b.begin(), b.end() - 2));
  if (!out) {
    c.fail(fmt::format("the batch extents of {} and {} do not broadcast", text_of(left),
                       text_of(right)));
    return std::nullopt;
  }
  if (!row) out->push_back(a[a.size() - 2]);
  if (!column) out->push_back(b.back());
  return out;
}

void register_linear_algebra_shapes(Registry& r) {
  r.add("MatMul", matmul);
  r.add("MatMulInteger", matmul_integer);
  r.add("Gemm", gemm);
  r.add("Det", det);
  r.add("Einsum", einsum);
  r.add(kMicrosoft, {"FusedMatMul", "TransposeMatMul"}, fused_matmul);
  r.add(kMicrosoft, {"FusedGemm"}, gemm);
  r.add(kMicrosoft, {"MatMulNBits"}, matmul_n_bits);
  r.add(kMicrosoft, {"MatMulInteger16"}, matmul_integer);
  r.add(kMicrosoft, {"MatMulIntegerToFloat", "DynamicQuantizeMatMul"}, [](Context& c) {
    if (!c.want_input(0) || !c.want_input(1)) return;
    c.set(0, DataType::kFloat,
          c.shape(0) && c.shape(1) ? matmul_shape(c, *c.shape(0), *c.shape(1)) : std::nullopt);
  });
}

}  // namespace kasuri::shape_inference
