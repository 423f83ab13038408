#pragma once

#include <functional>
#include <vector>

#include "engine/ir/data_type.h"

namespace llvm {
class IRBuilderBase;
class Type;
class Value;
}  // namespace llvm

namespace kasuri::codegen {

/// Small things about scalar and vector values. Vector arguments may be scalars where it makes
/// sense.

/// Integer value (or vector) with elements of `element` type.
llvm::Value* resized(llvm::IRBuilderBase& b, llvm::Value* value, llvm::Type* element,
                     bool is_signed = true);
/// i1: some lane is set (a scalar i1 is itself).
llvm::Value* any_lane(llvm::IRBuilderBase& b, llvm::Value* mask);
/// i32 number of the first lane set.
llvm::Value* first_lane(llvm::IRBuilderBase& b, llvm::Value* mask);
/// A vector of `width` lanes: vectors are themselves, scalars are repeated. Width 1: unchanged.
llvm::Value* spread(llvm::IRBuilderBase& b, llvm::Value* value, int width);
/// `type` or a vector of it like `like`.
llvm::Type* type_like(llvm::Type* type, llvm::Value* like);
/// Applies a scalar function to every lane.
llvm::Value* per_lane(llvm::IRBuilderBase& b, llvm::Value* value, llvm::Type* result,
                      const std::function<llvm::Value*(llvm::Value*)>& function);

/// rows[r][c] -> out[c][r]; the numbers of rows and of elements are powers of two.
std::vector<llvm::Value*> transposed(llvm::IRBuilderBase& b, const std::vector<llvm::Value*>& rows);

/// Element type in memory: bool is i8, float16 half, bfloat16 i16.
llvm::Type* storage_type(llvm::IRBuilderBase& b, DataType type);
/// Element type in registers: bool is i1, float16 and bfloat16 are float.
llvm::Type* register_type(llvm::IRBuilderBase& b, DataType type);
/// Between the two, rounding to nearest even.
llvm::Value* from_storage(llvm::IRBuilderBase& b, llvm::Value* value, DataType type);
llvm::Value* to_storage(llvm::IRBuilderBase& b, llvm::Value* value, DataType type);

}  // namespace kasuri::codegen
