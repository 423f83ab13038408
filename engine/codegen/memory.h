#pragma once

#include "engine/codegen/indices.h"

namespace kasuri::codegen {

/// Emits loads and stores: contiguous lanes as one vector, equal lanes as one scalar, others as
/// gather and scatter; lanes outside the domain or not asked for touch no memory.
class Memory {
 public:
  Memory(EmitContext& context, Indices& indices) : c_(context), indices_(indices) {}

  /// The value of a kLoad op in register type: a scalar if it is equal in all lanes.
  llvm::Value* load(const Op& op, int copy);
  /// The element at `form` in storage type.
  llvm::Value* read(int buffer, const LinearForm& form, bool in_bounds, int copy);
  /// Stores a value of register type.
  void store(int buffer, const LinearForm& form, llvm::Value* value, int copy);

  /// The block of `columns` neighbours along the tile axis by as many rows as there are lanes,
  /// transposed: one vector of lanes per column, in register type.
  std::vector<llvm::Value*> tile(const Op& op, int columns);

 private:
  llvm::Value* base(int buffer, const LinearForm& uniform);
  llvm::Value* element(int buffer, llvm::Value* pointer, int64_t offset);
  llvm::Value* contiguous(int buffer, const Indices::Split& parts, int copy);
  bool has_short_stride(const Indices::Split& parts) const;
  llvm::Value* strided(int buffer, const Indices::Split& parts, int copy, llvm::Value* mask);
  bool is_window(int buffer, const Indices::Split& parts) const;
  llvm::Value* window(int buffer, const Indices::Split& parts, int copy);
  llvm::Value* scattered(int buffer, const Indices::Split& parts, int copy);
  llvm::Type* type_of(int buffer);
  int size_of(int buffer) const;
  bool is_empty(int buffer) const;

  EmitContext& c_;
  Indices& indices_;
};

}  // namespace kasuri::codegen
