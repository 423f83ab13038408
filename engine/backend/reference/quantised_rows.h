#pragma once

#include <span>

namespace kasuri::reference {

/// Replaces values by what 8-bit codes say of them, the codes' range chosen as
/// DynamicQuantizeLinear does: unsigned, from the smallest to the largest value, 0 among them.
void snap_to_codes(std::span<double> values);

}  // namespace kasuri::reference
