#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <map>

#include "engine/backend/reference/contraction.h"
#include "engine/backend/reference/registry.h"
#include "engine/backend/reference/strided.h"

// Einsum and determinants.
namespace kasuri::reference {
namespace {

/// Labels of one term; the axes under "..." get labels '0', '1', ... right-aligned.
std::vector<char> labels_of(Context& c, std::string_view term, int64_t rank,
                            int64_t ellipsis_rank) {
  std::vector<char> labels;
  for (size_t i = 0; i < term.size(); ++i) {
    if (term.substr(i, 3) == "...") {
      const int64_t own = rank < 0 ? ellipsis_rank : rank - (static_cast<int64_t>(term.size()) - 3);
      c.require(own >= 0 && own <= ellipsis_rank, "'{}' does not name {} axes", term, rank);
      for (int64_t k = ellipsis_rank - own; k < ellipsis_rank; ++k)
        labels.push_back(static_cast<char>('0' + k));
      i += 2;
      continue;
    }
    c.require(std::isalpha(static_cast<unsigned char>(term[i])) != 0, "'{}' in the equation",
              term.substr(i, 1));
    labels.push_back(term[i]);
  }
  c.require(rank < 0 || static_cast<int64_t>(labels.size()) == rank, "'{}' does not name {} axes",
            term, rank);
  return labels;
}

struct Equation {
  std::vector<std::vector<char>> operands;
  std::vector<char> result;
};

Equation parse(Context& c) {
  std::string text = c.node().get_string("equation", "");
  std::erase(text, ' ');
  const size_t arrow = text.find("->");
  std::vector<std::string> terms = {""};
  for (char ch : text.substr(0, arrow)) {
    if (ch == ',')
      terms.emplace_back();
    else
      terms.back() += ch;
  }
  c.require(terms.size() == c.input_count(), "'{}' names {} operands of {}", text, terms.size(),
            c.input_count());
  int64_t ellipsis_rank = 0;
  for (size_t i = 0; i < terms.size(); ++i)
    if (terms[i].find("...") != std::string::npos)
      ellipsis_rank =
          std::max(ellipsis_rank, c.in(i).rank() - static_cast<int64_t>(terms[i].size()) + 3);
  c.require(ellipsis_rank <= 10, "'{}' stands for too many axes", text);
  Equation e;
  for (size_t i = 0; i < terms.size(); ++i)
    e.operands.push_back(labels_of(c, terms[i], c.in(i).rank(), ellipsis_rank));
  if (arrow != std::string::npos) {
    e.result = labels_of(c, std::string_view(text).substr(arrow + 2), -1, ellipsis_rank);
    return e;
  }
  std::map<char, int> uses;
  for (const auto& operand : e.operands)
    for (char l : operand) ++uses[l];
  for (const auto& [label, n] : uses)
    if (n == 1 || std::isdigit(static_cast<unsigned char>(label))) e.result.push_back(label);
  return e;
}

std::map<char, int64_t> extents_of_labels(Context& c, const Equation& e) {
  std::map<char, int64_t> extents;
  for (size_t i = 0; i < e.operands.size(); ++i)
    for (size_t d = 0; d < e.operands[i].size(); ++d) {
      int64_t& known = extents.try_emplace(e.operands[i][d], 1).first->second;
      const int64_t here = c.in(i).extents()[d];
      c.require(known == 1 || here == 1 || known == here, "label '{}' is {} and {}",
                e.operands[i][d], known, here);
      if (here != 1) known = here;
    }
  return extents;
}

/// Labels of a product of two operands by the part they play in it.
struct Roles {
  std::vector<char> batch, rows, columns, summed;
};

/// The equation as a batched matrix product; false where labels repeat in an operand, broadcast, or
/// vanish from one operand alone.
bool as_matrix_product(Context& c, const Equation& e, const std::map<char, int64_t>& extents,
                       Roles& roles) {
  if (e.operands.size() != 2) return false;
  const auto has = [](const std::vector<char>& labels, char l) {
    return std::count(labels.begin(), labels.end(), l);
  };
  for (size_t i = 0; i < 2; ++i)
    for (size_t d = 0; d < e.operands[i].size(); ++d)
      if (has(e.operands[i], e.operands[i][d]) > 1 ||
          c.in(i).extents()[d] != extents.at(e.operands[i][d]))
        return false;
  for (const auto& [label, extent] : extents) {
    const bool in_a = has(e.operands[0], label) > 0, in_b = has(e.operands[1], label) > 0,
               kept = has(e.result, label) > 0;
    if (has(e.result, label) > 1 || (!kept && !(in_a && in_b))) return false;
    (in_a && in_b ? (kept ? roles.batch : roles.summed)
     : in_a       ? roles.rows
                  : roles.columns)
        .push_back(label);
  }
  return true;
}

/// Operand i with its axes in the order of `labels`.
Tensor ordered(Context& c, const Tensor& x, const std::vector<char>& own,
               std::vector<char> labels) {
  std::vector<int> order;
  for (char l : labels)
    order.push_back(static_cast<int>(std::find(own.begin(), own.end(), l) - own.begin()));
  return transposed(c, x, order);
}

std::vector<char> joined(std::vector<char> a, const std::vector<char>& b,
                         const std::vector<char>& d) {
  a.insert(a.end(), b.begin(), b.end());
  a.insert(a.end(), d.begin(), d.end());
  return a;
}

void einsum_as_matrices(Context& c, const Equation& e, const std::map<char, int64_t>& extents,
                        const Roles& roles) {
  const auto size = [&](const std::vector<char>& labels) {
    int64_t n = 1;
    for (char l : labels) n *= extents.at(l);
    return n;
  };
  const int64_t m = size(roles.rows), n = size(roles.columns), k = size(roles.summed);
  const std::vector<char> natural = joined(roles.batch, roles.rows, roles.columns);
  Extents out;
  for (char l : natural) out.push_back(extents.at(l));
  std::vector<double> result(static_cast<size_t>(c.scratch_count(out)), 0);
  const Tensor a =
      ordered(c, c.in(0), e.operands[0], joined(roles.batch, roles.rows, roles.summed));
  const Tensor b =
      ordered(c, c.in(1), e.operands[1], joined(roles.batch, roles.summed, roles.columns));
  for (int64_t i = 0; i < size(roles.batch); ++i)
    contract(c, {m, n, k, matrix_reader(a, i * m * k, k, 1), matrix_reader(b, i * k * n, n, 1)},
             result.data() + i * m * n);
  c.set(0, ordered(c, c.pack(c.in(0).dtype(), out, result), natural, e.result));
}

void einsum(Context& c) {
  const Equation e = parse(c);
  const std::map<char, int64_t> extents = extents_of_labels(c, e);
  Roles roles;
  if (c.in(0).dtype() == DataType::kFloat && as_matrix_product(c, e, extents, roles))
    return einsum_as_matrices(c, e, extents, roles);
  Extents out, summed;
  std::vector<char> inner;
  for (char l : e.result) {
    c.require(extents.contains(l), "label '{}' is in no operand", l);
    out.push_back(extents.at(l));
  }
  for (const auto& [label, extent] : extents)
    if (std::find(e.result.begin(), e.result.end(), label) == e.result.end()) {
      inner.push_back(label);
      summed.push_back(extent);
    }
  const size_t n = e.operands.size();
  c.require(n <= 4, "{} operands are too many", n);
  std::vector<std::vector<double>> values;
  std::array<Strides, 4> outer_strides, inner_strides;
  for (size_t i = 0; i < 4; ++i) {
    std::map<char, int64_t> stride;
    if (i < n) {
      const Strides own = contiguous_strides(c.in(i).extents());
      for (size_t d = 0; d < own.size(); ++d)
        if (c.in(i).extents()[d] != 1) stride[e.operands[i][d]] += own[d];
      values.push_back(elements<double>(c.in(i)));
    }
    for (char l : e.result) outer_strides[i].push_back(stride.contains(l) ? stride[l] : 0);
    for (char l : inner) inner_strides[i].push_back(stride.contains(l) ? stride[l] : 0);
  }
  std::vector<double> result;
  result.reserve(static_cast<size_t>(c.scratch_count(out)));
  const int64_t row = row_length(out), inner_row = row_length(summed);
  for_each_row<4>(out, outer_strides, [&](const std::array<int64_t, 4>& base) {
    c.poll();
    for (int64_t j = 0; j < row; ++j) {
      double sum = 0;
      for_each_row<4>(summed, inner_strides, [&](const std::array<int64_t, 4>& at) {
        for (int64_t k = 0; k < inner_row; ++k) {
          double term = 1;
          for (size_t i = 0; i < n; ++i)
            term *= values[i][static_cast<size_t>(base[i] + j * row_step(outer_strides[i]) + at[i] +
                                                  k * row_step(inner_strides[i]))];
          sum += term;
        }
      });
      result.push_back(sum);
    }
  });
  c.set(0, c.pack(c.in(0).dtype(), out, result));
}

double determinant(std::vector<double> m, size_t n) {
  double det = 1;
  for (size_t k = 0; k < n; ++k) {
    size_t pivot = k;
    for (size_t i = k + 1; i < n; ++i)
      if (std::fabs(m[i * n + k]) > std::fabs(m[pivot * n + k])) pivot = i;
    if (m[pivot * n + k] == 0) return 0;
    if (pivot != k) {
      det = -det;
      for (size_t j = 0; j < n; ++j) std::swap(m[k * n + j], m[pivot * n + j]);
    }
    det *= m[k * n + k];
    for (size_t i = k + 1; i < n; ++i) {
      const double factor = m[i * n + k] / m[k * n + k];
      for (size_t j = k; j < n; ++j) m[i * n + j] -= factor * m[k * n + j];
    }
  }
  return det;
}

void det(Context& c) {
  const Tensor& x = c.in(0);
  c.require(x.rank() >= 2 && x.extents().back() == x.extents()[x.extents().size() - 2],
            "needs square matrices, not {}", text_of(x.extents()));
  const auto n = static_cast<size_t>(x.extents().back());
  const Extents out(x.extents().begin(), x.extents().end() - 2);
  const std::vector<double> values = elements<double>(x);
  std::vector<double> result;
  for (int64_t i = 0; i < c.count(out); ++i) {
    const auto first = values.begin() + i * static_cast<int64_t>(n * n);
    result.push_back(determinant({first, first + static_cast<int64_t>(n * n)}, n));
  }
  c.set(0, c.pack(x.dtype(), out, result));
}

}  // namespace

void register_linear_algebra_kernels(Registry& r) {
  r.add("Einsum", einsum);
  r.add("Det", det);
}

}  // namespace kasuri::reference
