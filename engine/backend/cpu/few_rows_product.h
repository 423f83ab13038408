#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/backend/cpu/few_rows.h"
#include "engine/backend/cpu/few_rows_panels.h"

namespace kasuri::cpu {

/// A few rows times constant weights. They lie in panels of 64 columns (the library's blocks: it
/// takes half as long again for one row, a third more for five).
class FewRowsProduct final : public FewRows {
 public:
  /// Packs the weights. Null where the library is as good, or the form asks for something else: a
  /// batch, other post-ops than sums and products with operands, ...
  static Result<std::unique_ptr<FewRows>> create(const ContractionForm& form,
                                                 const std::byte* weights);

  void run(const ContractionPointers& pointers, ThreadPool* pool) const override;
  std::shared_ptr<const std::byte> packed() const override { return packed_; }
  int64_t packed_bytes() const override { return panels_ * k_ * kPanelColumns * 4; }
  std::string description() const override;

 private:
  struct Post {
    bool multiplies = false;
    int64_t row_stride = 0;  ///< in elements; 0: the same for all rows
  };

  FewRowsProduct() = default;
  void run_panel(const ContractionPointers& pointers, int64_t panel) const;
  void add_posts(const ContractionPointers& pointers, float* to, int64_t row, int64_t column,
                 int64_t columns) const;

  int64_t rows_ = 0, k_ = 0, columns_ = 0, panels_ = 0;
  int64_t source_stride_ = 0, destination_stride_ = 0;
  bool has_bias_ = false;
  std::vector<Post> posts_;
  std::shared_ptr<const std::byte> packed_;
};

}  // namespace kasuri::cpu
