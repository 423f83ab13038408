#pragma once

#include <map>
#include <vector>

#include "engine/plan/route.h"

namespace kasuri {

/// Buffers of an entry under construction. Aliases may form chains until flatten().
class BufferTable {
 public:
  BufferTable(const Graph& graph, const LayoutTable& layouts) : graph_(graph), layouts_(layouts) {}

  /// The value's buffer, made on first use with the kind its role asks for.
  BufferId of(ValueId value);

  PlanBuffer& at(BufferId id) { return buffers_[id.index()]; }
  const PlanBuffer& at(BufferId id) const { return buffers_[id.index()]; }
  size_t size() const { return buffers_.size(); }

  struct Place {
    BufferId root;
    int64_t offset = 0;
  };
  /// Follows aliases to the buffer that owns the bytes.
  Place resolve(BufferId id) const;
  void make_alias(BufferId id, BufferId of, int64_t offset);

  /// Fills first_step and last_step: of each buffer, then of roots over all their aliases.
  void set_lifetimes(const std::vector<PlanStep>& steps);
  /// Every alias names its root.
  std::vector<PlanBuffer> flatten() &&;

 private:
  BufferKind kind_of(const Value& value) const;

  const Graph& graph_;
  const LayoutTable& layouts_;
  std::vector<PlanBuffer> buffers_;
  std::map<ValueId, BufferId> of_value_;
};

}  // namespace kasuri
