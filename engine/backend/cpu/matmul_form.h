#pragma once

#include "engine/backend/cpu/contraction_form.h"

namespace kasuri::cpu {

/// form_contraction for MatMul and Gemm: batch axes that every operand walks in one run are merged,
/// into the rows where the weights do not change.
std::optional<FormedContraction> form_matmul(const KernelRequest& request,
                                             const ContractionMatch& match, size_t posts,
                                             const StridedView& out);
/// form_contraction for Conv and ConvTranspose.
std::optional<FormedContraction> form_convolution(const KernelRequest& request,
                                                  const ContractionMatch& match, size_t posts,
                                                  const StridedView& out);

}  // namespace kasuri::cpu
