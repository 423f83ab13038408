#pragma once

#include <map>
#include <optional>
#include <string>

#include "engine/ir/graph.h"
#include "engine/lower/context.h"

namespace kasuri::lower {

/// How one operator becomes stages. The function appends stages to Context::nest() that write the
/// node's outputs; it returns kUnavailable with the reason where this form cannot be written as a
/// nest (a data-dependent shape, a mode without index arithmetic). Types are static.
using Lowering = Status (*)(Context&);

/// Whether a node merely moves elements (its lowering is one map with a bare load).
enum class Movement : bool { kComputes, kView };

struct Entry {
  Lowering lower;
  Movement movement = Movement::kComputes;
};

/// Operator -> lowering. Filled by register_all (generated from the files of engine/lower/ops).
class Registry {
 public:
  void add(const std::string& op, Lowering lowering, Movement movement = Movement::kComputes) {
    entries_[{"", op}] = {lowering, movement};
  }
  void add_contrib(const std::string& op, Lowering lowering) {
    entries_[{"com.microsoft", op}] = {lowering, Movement::kComputes};
  }
  const Entry* find(const OpKind& op) const {
    const auto it = entries_.find(op);
    return it == entries_.end() ? nullptr : &it->second;
  }

  /// The one filled registry.
  static const Registry& instance();

 private:
  std::map<OpKind, Entry> entries_;
};

/// Defined in the generated file.
void register_all(Registry& registry);

}  // namespace kasuri::lower
