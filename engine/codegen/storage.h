#pragma once

#include <set>
#include <string_view>
#include <vector>

#include "engine/codegen/linear_form.h"
#include "engine/loops/nest.h"

namespace kasuri::codegen {

/// Where a buffer of a nest lives while it runs.
enum class BufferScope : uint8_t {
  kArgument,  ///< The caller's memory; `place` is its number among the non-local buffers.
  kRegister,  ///< A local of one element per outer point.
  kArena,     ///< A local of one outer point; `place` is its byte offset in the thread's arena.
  kGlobal,    ///< A local shared by all threads; `place` is its byte offset in the workspace.
  kNowhere,   ///< A local nobody stores or loads in memory.
};

struct BufferStorage {
  BufferScope scope = BufferScope::kArgument;
  int64_t place = 0;
  int64_t bytes = 0;
};

/// Storage of all buffers of a nest.
struct Storage {
  std::vector<BufferStorage> buffers;
  std::vector<Placement> placements;  ///< One per buffer.
  int64_t arena_bytes = 0;            ///< Per thread.
  int64_t global_bytes = 0;           ///< Once.
};

/// `outer_rank`: the outer domain really used (0: locals are global). `absent`: local buffers that
/// live in registers of the loop that computes and reads them, and need no storage.
Storage plan_storage(const loops::Nest& nest, int outer_rank, const std::set<int>& absent = {});

std::string_view text_of(BufferScope scope);

}  // namespace kasuri::codegen
