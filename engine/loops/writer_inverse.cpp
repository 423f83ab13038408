#include "engine/loops/writer_inverse.h"

#include <algorithm>

#include "engine/loops/index_simplifier.h"

namespace kasuri::loops {
namespace {

Scalar within(const Index& index, int64_t low, int64_t high) {
  const Scalar value = index_value(index);
  const Scalar above = binary(BinaryOp::kGreaterEqual, value, literal_int(DataType::kInt64, low));
  return binary(BinaryOp::kAnd, above,
                binary(BinaryOp::kLess, value, literal_int(DataType::kInt64, high)));
}

}  // namespace

std::optional<WriterInverse> WriterInverse::of(const Stage& writer) {
  WriterInverse inverse;
  inverse.rank_ = writer.domain.size();
  inverse.empty_ = count_of(writer.domain) == 0;
  if (inverse.empty_) return inverse;
  std::vector<bool> used(writer.domain.size(), false);
  IndexSimplifier indices(writer.domain);
  for (const Index& index : writer.out_index) {
    const Linear x = indices.linear(index);
    Axis axis{.base = x.constant, .digits = {}};
    for (const Linear::Term& term : x.terms) {
      if (term.atom->kind != IndexKind::kVariable || term.coefficient <= 0) return std::nullopt;
      const auto v = static_cast<int>(term.atom->value);
      if (used[v]) return std::nullopt;
      used[v] = true;
      axis.digits.push_back({v, term.coefficient, writer.domain[v]});
    }
    std::sort(axis.digits.begin(), axis.digits.end(),
              [](const Digit& a, const Digit& b) { return a.weight > b.weight; });
    for (size_t k = 0; k + 1 < axis.digits.size(); ++k) {
      const Digit& low = axis.digits[k + 1];
      if (axis.digits[k].weight % low.weight != 0 ||
          axis.digits[k].weight < low.weight * low.extent)
        return std::nullopt;
    }
    inverse.axes_.push_back(std::move(axis));
  }
  for (size_t v = 0; v < used.size(); ++v)
    if (!used[v] && writer.domain[v] > 1) return std::nullopt;
  return inverse;
}

std::vector<Index> WriterInverse::point(const std::vector<Index>& at) const {
  std::vector<Index> variables(rank_, constant(0));
  for (size_t a = 0; a < axes_.size(); ++a) {
    Index rest = add(at[a], -axes_[a].base);
    for (const Digit& digit : axes_[a].digits) {
      variables[digit.variable] = floor_div(rest, digit.weight);
      rest = mod(rest, digit.weight);
    }
  }
  return variables;
}

Scalar WriterInverse::covers(const std::vector<Index>& at) const {
  Scalar all = literal(DataType::kBool, 1);
  for (size_t a = 0; a < axes_.size(); ++a) {
    Index rest = add(at[a], -axes_[a].base);
    for (const Digit& digit : axes_[a].digits) {
      all = binary(BinaryOp::kAnd, all, within(rest, 0, digit.weight * digit.extent));
      rest = mod(rest, digit.weight);
    }
    if (axes_[a].digits.empty() || axes_[a].digits.back().weight > 1)
      all = binary(BinaryOp::kAnd, all, within(rest, 0, 1));
  }
  return all;
}

}  // namespace kasuri::loops
