#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/backend/cpu/onednn_primitive.h"
#include "engine/base/thread_pool.h"

namespace kasuri::cpu {

/// A product of a few rows, as in a decoder's pass over some tokens: all time goes into reading the
/// other operand, so it is read once, from end to end, without what the library does around its
/// blocks. A row's results do not depend on how many rows there are. AVX-512 only.
class FewRows {
 public:
  static constexpr int64_t kMostRows = 12;

  virtual ~FewRows() = default;
  /// pointers.workspace is not looked at, nor .weights where they were packed.
  virtual void run(const ContractionPointers& pointers, ThreadPool* pool) const = 0;
  virtual std::shared_ptr<const std::byte> packed() const { return nullptr; }
  virtual int64_t packed_bytes() const { return 0; }
  virtual std::string description() const = 0;
};

/// From so many bytes on a second thread reads some of them: waking it costs as much as 30 KB.
constexpr int64_t kWorthATeam = 1 << 16;

/// The k-th from the end.
inline int64_t from_end(const std::vector<int64_t>& list, size_t k) {
  return list[list.size() - k];
}

}  // namespace kasuri::cpu
