#pragma once

#include <string>
#include <vector>

#include "engine/codegen/emit_context.h"

namespace kasuri::codegen {

/// Signature of the generated function of a phase: runs the points [begin, end). `pointers` are the
/// non-local buffers in order, then the workspace; `arena` is this thread's. An index out of range
/// leaves {site + 1, value} in `error`, unless it holds one already.
using PhaseFunction = void(std::byte* const* pointers, std::byte* arena, int64_t begin, int64_t end,
                           int64_t* error);

/// Name of the function of a phase.
std::string phase_symbol(const std::string& prefix, size_t phase);

enum class ModuleForm { kObject, kAssembly, kIr };

/// Machine code (an object file) or text of all phases of a nest. Thread-safe.
std::string emit_module(const loops::Nest& nest, const Schedule& schedule,
                        const TargetDescription& target, const std::string& prefix,
                        ModuleForm form);

}  // namespace kasuri::codegen
