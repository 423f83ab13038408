#include "engine/plan/copy_kernel.h"

#include <cstring>

namespace kasuri {
namespace {

constexpr int64_t kGrain = 256 * 1024;

class CopyKernel final : public Kernel {
 public:
  explicit CopyKernel(std::vector<CopyPiece> pieces) : pieces_(std::move(pieces)) {}

  Status run(const KernelArguments& arguments) const override {
    for (const CopyPiece& piece : pieces_) {
      const std::byte* from = arguments.inputs[piece.input] + piece.from;
      std::byte* to = arguments.outputs[piece.output] + piece.to;
      if (from == to || piece.bytes == 0) continue;
      if (arguments.pool == nullptr || piece.bytes < 2 * kGrain) {
        std::memcpy(to, from, static_cast<size_t>(piece.bytes));
        continue;
      }
      arguments.pool->parallel_for(piece.bytes, kGrain, [&](int64_t begin, int64_t end, int) {
        std::memcpy(to + begin, from + begin, static_cast<size_t>(end - begin));
      });
    }
    return ok_status();
  }

  std::string description() const override { return "cpu/copy"; }

 private:
  std::vector<CopyPiece> pieces_;
};

}  // namespace

KernelPointer make_copy_kernel(std::vector<CopyPiece> pieces) {
  return std::make_shared<CopyKernel>(std::move(pieces));
}

}  // namespace kasuri
