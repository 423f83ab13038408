#include "engine/backend/cpu/few_rows_product.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/backend/cpu/packed_memory.h"

namespace kasuri::cpu {
namespace {

constexpr int64_t kLeastK = 32, kLeastColumns = 64;

bool is_matrix(const TensorForm& form) {
  const size_t rank = form.dims.size();
  return rank >= 2 && form.type == DataType::kFloat && form.strides.size() == rank &&
         std::all_of(form.dims.begin(), form.dims.end() - 2, [](int64_t d) { return d == 1; });
}

bool fits(const ContractionForm& form) {
  if (form.kind != ContractionForm::Kind::kMatmul || !form.constant_weights ||
      !form.output_scales.empty() || form.source_zero != 0 || form.destination_zero != 0)
    return false;
  if (!is_matrix(form.source) || !is_matrix(form.weights) || !is_matrix(form.destination))
    return false;
  return from_end(form.source.dims, 2) <= FewRows::kMostRows &&
         from_end(form.source.dims, 1) >= kLeastK &&
         from_end(form.destination.dims, 1) >= kLeastColumns &&
         from_end(form.source.strides, 1) == 1 && from_end(form.destination.strides, 1) == 1;
}

/// Empty: not a sum or product with a row or a matrix that lies row by row.
std::optional<int64_t> row_stride_of(const PostForm& post, int64_t rows, int64_t columns) {
  const bool known = post.kind == PostKind::kAdd || post.kind == PostKind::kMul;
  if (!known || !is_matrix(post.operand)) return std::nullopt;
  const std::vector<int64_t>&dims = post.operand.dims, &strides = post.operand.strides;
  if (from_end(dims, 1) != columns || from_end(strides, 1) != 1) return std::nullopt;
  if (from_end(dims, 2) == 1) return 0;
  return from_end(dims, 2) == rows ? std::optional(from_end(strides, 2)) : std::nullopt;
}

/// Weights [k, columns] as panels [k][64], the last filled up with zeros; read along whichever axis
/// lies together.
void write_panels(const float* from, const std::vector<int64_t>& strides, int64_t k,
                  int64_t columns, float* to) {
  const int64_t down = from_end(strides, 2), along = from_end(strides, 1);
  for (int64_t first = 0; first < columns; first += kPanelColumns, to += k * kPanelColumns) {
    const int64_t here = std::min(kPanelColumns, columns - first);
    if (here < kPanelColumns) std::fill_n(to, k * kPanelColumns, 0.0F);
    const float* panel = from + first * along;
    if (along == 1) {
      for (int64_t i = 0; i < k; ++i) std::copy_n(panel + i * down, here, to + i * kPanelColumns);
    } else {
      for (int64_t c = 0; c < here; ++c)
        for (int64_t i = 0; i < k; ++i) to[i * kPanelColumns + c] = panel[c * along + i * down];
    }
  }
}

}  // namespace

Result<std::unique_ptr<FewRows>> FewRowsProduct::create(const ContractionForm& form,
                                                        const std::byte* weights) {
  std::unique_ptr<FewRows> none;
  if (panel_product(1) == nullptr || !fits(form)) return none;
  std::unique_ptr<FewRowsProduct> made(new FewRowsProduct);
  made->rows_ = from_end(form.source.dims, 2);
  made->k_ = from_end(form.source.dims, 1);
  made->columns_ = from_end(form.destination.dims, 1);
  made->panels_ = (made->columns_ + kPanelColumns - 1) / kPanelColumns;
  made->source_stride_ = from_end(form.source.strides, 2);
  made->destination_stride_ = from_end(form.destination.strides, 2);
  made->has_bias_ = !form.bias_dims.empty();
  if (made->has_bias_ && form.bias_dims.back() != made->columns_) return none;
  for (const PostForm& post : form.posts) {
    const auto stride = row_stride_of(post, made->rows_, made->columns_);
    if (!stride) return none;
    made->posts_.push_back({post.kind == PostKind::kMul, *stride});
  }
  const auto* from = reinterpret_cast<const float*>(weights);
  KASURI_TRY(made->packed_,
             pack_once(static_cast<size_t>(made->packed_bytes()), [&](std::byte* to) {
               write_panels(from, form.weights.strides, made->k_, made->columns_,
                            reinterpret_cast<float*>(to));
               return ok_status();
             }));
  return std::unique_ptr<FewRows>(std::move(made));
}

std::string FewRowsProduct::description() const {
  return fmt::format("cpu/rows {} at once{}", rows_,
                     posts_.empty() ? "" : fmt::format(" +{} post-ops", posts_.size()));
}

void FewRowsProduct::add_posts(const ContractionPointers& pointers, float* to, int64_t row,
                               int64_t column, int64_t columns) const {
  if (has_bias_) {
    const float* bias = static_cast<const float*>(pointers.bias) + column;
    for (int64_t c = 0; c < columns; ++c) to[c] += bias[c];
  }
  for (size_t p = 0; p < posts_.size(); ++p) {
    const float* operand =
        static_cast<const float*>(pointers.operands[p]) + row * posts_[p].row_stride + column;
    if (posts_[p].multiplies)
      for (int64_t c = 0; c < columns; ++c) to[c] *= operand[c];
    else
      for (int64_t c = 0; c < columns; ++c) to[c] += operand[c];
  }
}

void FewRowsProduct::run_panel(const ContractionPointers& pointers, int64_t panel) const {
  alignas(64) float tile[kPanelRows * kPanelColumns];
  const float* weights = reinterpret_cast<const float*>(packed_.get()) + panel * k_ * kPanelColumns;
  const int64_t column = panel * kPanelColumns,
                columns = std::min(kPanelColumns, columns_ - column);
  const int64_t blocks = (rows_ + kPanelRows - 1) / kPanelRows;
  const int64_t most = (rows_ + blocks - 1) / blocks;
  for (int64_t row = 0; row < rows_; row += most) {
    const int64_t rows = std::min(most, rows_ - row);
    float* out = static_cast<float*>(pointers.destination) + row * destination_stride_ + column;
    const bool whole = columns == kPanelColumns;
    float* to = whole ? out : tile;
    const int64_t stride = whole ? destination_stride_ : kPanelColumns;
    panel_product(rows)({static_cast<const float*>(pointers.source) + row * source_stride_,
                         source_stride_, weights, kPanelColumns, k_, to, stride});
    for (int64_t r = 0; r < rows; ++r) {
      add_posts(pointers, to + r * stride, row + r, column, columns);
      if (!whole) std::copy_n(to + r * stride, columns, out + r * destination_stride_);
    }
  }
}

void FewRowsProduct::run(const ContractionPointers& pointers, ThreadPool* pool) const {
  const auto some = [&](int64_t begin, int64_t end, int) {
    for (int64_t panel = begin; panel < end; ++panel) run_panel(pointers, panel);
  };
  if (pool == nullptr || pool->threads() == 1 || packed_bytes() < kWorthATeam)
    return some(0, panels_, 0);
  pool->parallel_for(panels_, std::max<int64_t>(1, panels_ / (4 * pool->threads())), some);
}

}  // namespace kasuri::cpu
