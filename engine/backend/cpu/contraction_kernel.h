#pragma once

#include "engine/backend/backend.h"

namespace kasuri::codegen {
class Compiler;
}

namespace kasuri::cpu {

/// A group with one contraction: the library's primitive with as many post-ops as it can take, and
/// a nest over its result for the members left over. Errors (kUnavailable): the reason it cannot
/// be one kernel.
Result<KernelPointer> compile_contraction(const KernelRequest& request,
                                          codegen::Compiler& compiler);

/// The same question, structurally, without compiling.
std::optional<std::string> why_not_contraction(const KernelRequest& request);

}  // namespace kasuri::cpu
