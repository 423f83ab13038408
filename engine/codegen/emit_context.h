#pragma once

#include <functional>
#include <map>
#include <vector>

#include "engine/codegen/frame.h"
#include "engine/codegen/group_program.h"
#include "engine/codegen/schedule.h"
#include "engine/codegen/target.h"

namespace kasuri::codegen {

/// An indirect index that may be reported: what the error message says about it.
struct IndexSite {
  int buffer;
  int64_t limit;
  bool operator==(const IndexSite&) const = default;
};

/// What the parts of the emitter share while one function is written.
struct EmitContext {
  const loops::Nest& nest;
  const Schedule& schedule;
  const TargetDescription& target;
  Frame& frame;
  const std::vector<IndexSite>& sites;
  std::vector<llvm::Value*> pointers;   ///< One per buffer; null for registers.
  std::vector<llvm::Value*> registers;  ///< Slot per buffer of scope kRegister.
  llvm::Value* error = nullptr;         ///< int64[2]: site + 1, value.
  llvm::Value* nothing = nullptr;       ///< 16 readable bytes.
  const GroupProgram* program = nullptr;
  /// Reads an element in storage type (set by Memory, used for indirect indices).
  std::function<llvm::Value*(int buffer, const LinearForm&, bool in_bounds, int copy)> read;
  std::map<int, llvm::Value*> preloaded;   ///< Ops whose value is known already (tiles).
  std::vector<llvm::Value*> accumulators;  ///< Per copy: a contraction's sums, for its epilogue.
};

/// Every site of a nest whose index may be reported, in a fixed order.
std::vector<IndexSite> index_sites(const loops::Nest& nest);

}  // namespace kasuri::codegen
