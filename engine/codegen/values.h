#pragma once

#include "engine/codegen/arithmetic.h"
#include "engine/codegen/memory.h"

namespace kasuri::codegen {

/// Emits the ops of a program: each once, at the level of its innermost variable, as a scalar when
/// it is equal in all lanes and as a vector when it is not.
class Values {
 public:
  Values(EmitContext& context, Indices& indices, Memory& memory, Arithmetic& arithmetic)
      : c_(context), indices_(indices), memory_(memory), arithmetic_(arithmetic) {}

  llvm::Value* value(int op, int copy);
  /// The value in all lanes.
  llvm::Value* in_lanes(int op, int copy);

 private:
  bool varies(const Op& op) const;
  int level_of(const Op& op) const;
  llvm::Value* make(const Op& op, int copy);
  llvm::Value* constant(const Op& op);
  llvm::Value* index_value(const Op& op, int copy);
  llvm::Value* select(const Op& op, int copy);
  llvm::Value* binary(const Op& op, int copy);
  llvm::Value* narrow_comparison(const Op& op, int copy);
  llvm::Value* narrow(int op, int copy);

  EmitContext& c_;
  Indices& indices_;
  Memory& memory_;
  Arithmetic& arithmetic_;
};

}  // namespace kasuri::codegen
