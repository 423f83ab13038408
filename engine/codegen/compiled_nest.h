#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/base/thread_pool.h"
#include "engine/codegen/schedule.h"
#include "engine/codegen/target.h"
#include "engine/loops/nest.h"

namespace kasuri::codegen {

/// Machine code of one nest for one machine. Immutable; run() may be called from several threads
/// with different buffers.
class CompiledNest {
 public:
  ~CompiledNest();

  /// buffers: the memory of the nest's non-local buffers, in order, each as large as its extents
  /// and strides say and aligned to its element. An input may share memory with an output where the
  /// nest reads an element only before it writes the same place. workspace:
  /// workspace_bytes(pool->threads()) bytes (1 without a pool), 64-byte aligned; null if that is 0.
  /// Errors: an indirect index out of range (policy kReport); outputs are then undefined.
  Status run(std::span<std::byte* const> buffers, std::byte* workspace, ThreadPool* pool) const;

  int64_t workspace_bytes(int threads) const;
  /// "jit 2 loops, 16 lanes".
  std::string description() const;
  const Schedule& schedule() const;

 private:
  friend class Compiler;
  struct State;
  explicit CompiledNest(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};
using CompiledNestPointer = std::shared_ptr<const CompiledNest>;

/// Turns nests into machine code for the machine this runs on. Thread-safe. Code is kept on disk by
/// fingerprint of nest, schedule, target and emitter version.
class Compiler {
 public:
  /// `cache_folder` "": no cache on disk; else an existing folder. `target`: this machine, or one
  /// with fewer features.
  static Result<std::shared_ptr<Compiler>> create(std::string cache_folder,
                                                  TargetDescription target = host_target());
  ~Compiler();

  /// `threads`: how many the schedule is made for; the nest runs on any number.
  Result<CompiledNestPointer> compile(const loops::Nest& nest, int threads);
  /// Several nests, on as many compiler threads as the machine has processors.
  Result<std::vector<CompiledNestPointer>> compile_all(std::span<const loops::Nest> nests,
                                                       int threads);
  const TargetDescription& target() const;

 private:
  Compiler();
  struct State;
  std::unique_ptr<State> state_;
};

/// The generated code as text, for people and tests: LLVM IR or assembly.
std::string generated_text(const loops::Nest& nest, const TargetDescription& target, int threads,
                           bool assembly);

}  // namespace kasuri::codegen
