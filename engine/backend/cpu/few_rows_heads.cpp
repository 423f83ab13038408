#include "engine/backend/cpu/few_rows_heads.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/backend/cpu/few_rows_panels.h"

namespace kasuri::cpu {
namespace {

bool is_plain(const ContractionForm& form) {
  const size_t rank = form.destination.dims.size();
  const auto fits = [&](const TensorForm& operand) {
    return operand.type == DataType::kFloat && operand.dims.size() == rank &&
           operand.strides.size() == rank;
  };
  return form.kind == ContractionForm::Kind::kMatmul && !form.constant_weights && rank >= 2 &&
         form.posts.empty() && form.bias_dims.empty() && form.output_scales.empty() &&
         form.source_zero == 0 && form.destination_zero == 0 && fits(form.source) &&
         fits(form.weights) && fits(form.destination);
}

/// An axis of one element may be said to lie anyhow.
bool lies_together(const TensorForm& form, size_t axis_from_end) {
  return from_end(form.strides, axis_from_end) == 1 || from_end(form.dims, axis_from_end) == 1;
}

}  // namespace

std::unique_ptr<FewRows> FewRowsHeads::create(const ContractionForm& form) {
  if (panel_product(1) == nullptr || !is_plain(form)) return nullptr;
  std::unique_ptr<FewRowsHeads> made(new FewRowsHeads);
  if (!made->set_axes(form)) return nullptr;
  made->set_starts(form);
  return made;
}

bool FewRowsHeads::set_axes(const ContractionForm& form) {
  rows_ = from_end(form.source.dims, 2);
  k_ = from_end(form.source.dims, 1);
  columns_ = from_end(form.destination.dims, 1);
  if (from_end(form.destination.dims, 2) != rows_ || from_end(form.weights.dims, 2) != k_ ||
      from_end(form.weights.dims, 1) != columns_ || rows_ > kMostRows)
    return false;
  source_stride_ = from_end(form.source.strides, 2);
  destination_stride_ = from_end(form.destination.strides, 2);
  by_keys_ = from_end(form.weights.strides, 2) == 1 && k_ % kLanes == 0;
  const bool by_values = from_end(form.weights.strides, 1) == 1 && columns_ % kLanes == 0;
  other_stride_ = from_end(form.weights.strides, by_keys_ ? 1 : 2);
  return (by_keys_ || by_values) && lies_together(form.source, 1) &&
         lies_together(form.destination, 1);
}

void FewRowsHeads::set_starts(const ContractionForm& form) {
  starts_.push_back({0, 0, 0});
  const auto step = [](const TensorForm& operand, size_t axis) {
    return operand.dims[axis] == 1 ? 0 : operand.strides[axis];
  };
  for (size_t axis = 0; axis + 2 < form.destination.dims.size(); ++axis) {
    std::vector<Start> next;
    for (const Start& from : starts_)
      for (int64_t i = 0; i < form.destination.dims[axis]; ++i)
        next.push_back({from.source + i * step(form.source, axis),
                        from.other + i * step(form.weights, axis),
                        from.destination + i * step(form.destination, axis)});
    starts_ = std::move(next);
  }
}

std::string FewRowsHeads::description() const {
  return fmt::format("cpu/rows {} at once, {} {}", rows_, starts_.size(),
                     by_keys_ ? "keys" : "values");
}

void FewRowsHeads::run_one(const ContractionPointers& pointers, const Start& start) const {
  RowsOperands p{static_cast<const float*>(pointers.source) + start.source,
                 source_stride_,
                 static_cast<const float*>(pointers.weights) + start.other,
                 other_stride_,
                 k_,
                 static_cast<float*>(pointers.destination) + start.destination,
                 destination_stride_};
  if (by_keys_) return multiply_by_keys(p, rows_, columns_);
  for (int64_t column = 0; column < columns_; column += kPanelColumns)
    for (int64_t row = 0; row < rows_; row += kPanelRows) {
      RowsOperands part = p;
      part.x += row * source_stride_;
      part.other += column;
      part.to += row * destination_stride_ + column;
      panel_product(std::min(kPanelRows, rows_ - row),
                    std::min(kPanelColumns, columns_ - column))(part);
    }
}

void FewRowsHeads::run(const ContractionPointers& pointers, ThreadPool* pool) const {
  const auto some = [&](int64_t begin, int64_t end, int) {
    for (int64_t k = begin; k < end; ++k) run_one(pointers, starts_[static_cast<size_t>(k)]);
  };
  const auto count = static_cast<int64_t>(starts_.size());
  if (pool == nullptr || pool->threads() == 1 || count * k_ * columns_ * 4 < kWorthATeam)
    return some(0, count, 0);
  pool->parallel_for(count, 1, some);
}

}  // namespace kasuri::cpu
