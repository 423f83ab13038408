#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/backend/cpu/few_rows.h"

namespace kasuri::cpu {

/// A few rows times each of several matrices made at run time, as in a decoder's attention: queries
/// by the keys of the cache [heads][positions][width] (k lies together), and shares by its values
/// (columns lie together). The library takes five to ten times as long.
class FewRowsHeads final : public FewRows {
 public:
  /// Null where the form asks for something else: post-ops, an axis that should lie together and
  /// does not, or is no multiple of 16 there.
  static std::unique_ptr<FewRows> create(const ContractionForm& form);

  void run(const ContractionPointers& pointers, ThreadPool* pool) const override;
  std::string description() const override;

 private:
  /// Where one matrix's operands start, in elements.
  struct Start {
    int64_t source, other, destination;
  };

  FewRowsHeads() = default;
  void run_one(const ContractionPointers& pointers, const Start& start) const;
  bool set_axes(const ContractionForm& form);
  void set_starts(const ContractionForm& form);

  int64_t rows_ = 0, k_ = 0, columns_ = 0;
  int64_t source_stride_ = 0, other_stride_ = 0, destination_stride_ = 0;
  bool by_keys_ = false;  ///< k lies together
  std::vector<Start> starts_;
};

}  // namespace kasuri::cpu
