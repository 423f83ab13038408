#pragma once

#include <cstdint>

#include "engine/ir/data_type.h"

namespace kasuri::profiling {

double half_to_double(uint16_t bits);
double bfloat_to_double(uint16_t bits);

}  // namespace kasuri::profiling
