#pragma once

#include "engine/codegen/emit_context.h"

namespace kasuri::codegen {

/// Emits index arithmetic: uniform parts as 64-bit scalars at the level of their variables, the
/// part that differs between lanes as a vector.
class Indices {
 public:
  explicit Indices(EmitContext& context) : c_(context) {}

  bool varies(const LinearForm& form) const;
  /// The whole index as a scalar; nothing in it may vary between lanes.
  llvm::Value* scalar(const LinearForm& form);
  /// The whole index in copy `copy` of the lanes: i32 or i64 elements, whichever the range needs.
  llvm::Value* lanes(const LinearForm& form, int copy);

  /// The index cut into what is equal in all lanes and what is not.
  struct Split {
    LinearForm uniform;  ///< Without its constant.
    LinearForm varying;
    int64_t constant = 0;
    int64_t stride = 0;  ///< Coefficient of the lane axis.
    bool affine = true;  ///< Lanes are `stride` apart.
  };
  Split split(const LinearForm& form) const;
  /// Only the varying terms, as a vector.
  llvm::Value* varying(const LinearForm& form, int copy);

 private:
  llvm::Value* make_varying(const LinearForm& form, int copy, bool narrow);
  llvm::Value* partial(const LinearForm& form, int level);
  int level_of_atom(int atom) const;
  llvm::Value* atom(int number);
  llvm::Value* make_atom(const Atom& atom);
  llvm::Value* lanes_atom(int number, int copy);
  llvm::Value* make_lanes_atom(const Atom& atom, int copy);
  llvm::Value* divide(const Atom& atom, llvm::Value* value, Range range);
  llvm::Value* checked(const Atom& atom, llvm::Value* raw);
  void report(const Atom& atom, llvm::Value* bad, llvm::Value* value);

  EmitContext& c_;
};

}  // namespace kasuri::codegen
