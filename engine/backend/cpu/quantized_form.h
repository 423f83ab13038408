#pragma once

#include "engine/backend/cpu/contraction_form.h"

namespace kasuri::cpu {

/// Turns the form of a contraction over codes, written as if for float32, into what the library
/// computes: types, scales, zero points, bias. False: it has no words for it.
bool quantise_form(const KernelRequest& request, const ContractionMatch& match, size_t posts,
                   FormedContraction& formed);

}  // namespace kasuri::cpu
