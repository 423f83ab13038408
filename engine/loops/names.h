#pragma once

#include <optional>
#include <string_view>

#include "engine/loops/nest.h"

namespace kasuri::loops {

/// Words of the text form, one per value of each enumeration; the parser looks them up backwards.
std::string_view name_of(UnaryOp op);
std::string_view name_of(BinaryOp op);  ///< "+" and the like are written between their arguments.
std::string_view name_of(ReduceOp op);
std::string_view name_of(Accumulate type);
std::string_view name_of(Stage::Combine combine);
std::string_view name_of(BufferRole role);

std::optional<UnaryOp> unary_from(std::string_view name);
std::optional<BinaryOp> binary_from(std::string_view name);
std::optional<ReduceOp> reduce_from(std::string_view name);
std::optional<Accumulate> accumulate_from(std::string_view name);
std::optional<Stage::Combine> combine_from(std::string_view name);
std::optional<BufferRole> role_from(std::string_view name);

bool is_infix(BinaryOp op);

}  // namespace kasuri::loops
