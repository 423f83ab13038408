#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/backend/cpu/few_rows_panels.h"
#include "engine/backend/cpu/onednn_primitive.h"
#include "engine/base/thread_pool.h"

namespace kasuri::cpu {

/// A few rows times constant weights, as in a decoder's pass over some tokens: all time goes into
/// reading the weights. They lie in panels of 64 columns that are read once from end to end (the
/// library's blocks, but without what it does around them: a third less time for one row, a quarter
/// for five). Every sum runs over k in order, so that a row's results do not depend on how many
/// rows there are. AVX-512 only.
class FewRowsProduct {
 public:
  static constexpr int64_t kMostRows = 12;

  /// Packs the weights. Empty where the library is as good, or the form asks for something else: a
  /// batch, other post-ops than sums and products with operands, ...
  static Result<std::optional<FewRowsProduct>> create(const ContractionForm& form,
                                                      const std::byte* weights);

  /// pointers.weights and .workspace are not looked at.
  void run(const ContractionPointers& pointers, ThreadPool* pool) const;

  const std::shared_ptr<const std::byte>& packed() const { return packed_; }
  int64_t packed_bytes() const { return panels_ * k_ * kPanelColumns * 4; }
  std::string description() const;

 private:
  struct Post {
    bool multiplies = false;
    int64_t row_stride = 0;  ///< in elements; 0: the same for all rows
  };

  FewRowsProduct() = default;
  void run_panel(const ContractionPointers& pointers, int64_t panel) const;
  void finish(const ContractionPointers& pointers, float* tile, int64_t row, int64_t column,
              int64_t columns) const;

  int64_t rows_ = 0, k_ = 0, columns_ = 0, panels_ = 0;
  int64_t source_stride_ = 0, destination_stride_ = 0;
  bool has_bias_ = false;
  std::vector<Post> posts_;
  std::shared_ptr<const std::byte> packed_;
};

}  // namespace kasuri::cpu
