#pragma once

#include <memory>

#include "engine/backend/backend.h"
#include "engine/loops/nest.h"

namespace kasuri::codegen {
class Compiler;
}

namespace kasuri::cpu {

/// Members without a contraction, lowered, chained and fused into one nest; layouts are strides.
/// Errors (kUnavailable): a member that cannot be lowered, with its reason.
Result<loops::Nest> build_nest(const KernelRequest& request);

/// The nest of the request as machine code. Inputs the nest does not read (one-element constants
/// became literals) are absorbed.
Result<KernelPointer> compile_nest(const KernelRequest& request, codegen::Compiler& compiler);

}  // namespace kasuri::cpu
