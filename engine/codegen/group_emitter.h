#pragma once

#include "engine/codegen/accumulator.h"
#include "engine/codegen/values.h"

namespace kasuri::codegen {

/// Emits the loops of one group of stages inside the function a frame describes.
class GroupEmitter {
 public:
  GroupEmitter(EmitContext& context, const GroupSchedule& schedule);

  /// All loops of the group but the first `done` of its order, which are set already; the loop
  /// after them covers [begin, end) if given.
  void emit(int done, llvm::Value* begin, llvm::Value* end);

 private:
  using Value = llvm::Value;
  using Body = std::function<void()>;

  void loops(size_t next, Value* begin, Value* end);
  void reduced_loops(size_t next, const Body& body);
  void axis_loop(int axis, Value* begin, Value* end, const Body& body);
  void innermost();
  void tiles(Value* begin, Value* end);
  void tile();
  void maps();
  void ordered_map();
  void reduction();
  void scan();
  std::vector<Accumulator> accumulate(Accumulator::Kind kind, const Body& before,
                                      const std::function<Value*(int copy)>& value);
  std::vector<Accumulator> folded(std::vector<Accumulator> parts);
  void welford(const Accumulator::Kind& kind);
  Value* position(int copy);
  void store_result(int copy, Value* value, DataType type);
  Value* as_stored(Value* value, DataType type, int buffer);
  bool along_lanes() const;

  EmitContext& c_;
  const GroupSchedule& schedule_;
  Indices indices_;
  Memory memory_;
  VectorMath math_;
  Arithmetic arithmetic_;
  Values values_;
};

}  // namespace kasuri::codegen
