#include "engine/exec/executor_space.h"

#include <algorithm>

namespace kasuri {
namespace {

/// Pages nobody touches cost nothing.
constexpr int64_t kRoomToGrow = 4;

}  // namespace

ExecutorSpace::ExecutorSpace(int threads, std::vector<int> cpus)
    : pool_(std::max(1, threads), std::move(cpus)) {}

Result<std::shared_ptr<Arena>> ExecutorSpace::arena(int64_t bytes) {
  if (!arena_ || bytes > bytes_) {
    const int64_t wanted = arena_ ? kRoomToGrow * bytes : bytes;
    KASURI_TRY(Arena made, Arena::allocate(wanted));
    arena_ = std::make_shared<Arena>(std::move(made));
    bytes_ = wanted;
  }
  return arena_;
}

}  // namespace kasuri
