#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/base/thread_pool.h"

namespace kasuri {

/// Memory handed to one run of a kernel. Inputs and outputs in the order of the step.
struct KernelArguments {
  std::span<const std::byte* const> inputs;
  std::span<std::byte* const> outputs;
  std::byte* workspace = nullptr;  ///< workspace_bytes() bytes, 64-byte aligned.
  ThreadPool* pool = nullptr;
};

/// Compiled code of one plan step for static shapes. Immutable; run() may be called by several
/// streams at once with different arguments.
class Kernel {
 public:
  virtual ~Kernel() = default;

  /// Errors are the model's at run time: an index out of range, an overflow. Never a crash.
  virtual Status run(const KernelArguments& arguments) const = 0;

  virtual int64_t workspace_bytes() const { return 0; }
  /// Own copies of constants (packed weights) this kernel keeps alive.
  virtual int64_t packed_bytes() const { return 0; }
  /// Which of the step's inputs it no longer reads from memory (packed or folded in).
  virtual std::vector<int> absorbed_inputs() const { return {}; }
  /// May output `output` be given the memory of input `input`? True only if every element of the
  /// input is read for the last time before the element of the output in its place is written.
  virtual bool may_overwrite(int /*input*/, int /*output*/) const { return false; }
  /// For people: "cpu/onednn brg:avx512_core", "cpu/jit map 16 lanes".
  virtual std::string description() const = 0;
  /// Launches inside this step: 1, unless a library call and a loop nest share it.
  virtual int launches() const { return 1; }
};
using KernelPointer = std::shared_ptr<const Kernel>;

}  // namespace kasuri
