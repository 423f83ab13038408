#include "engine/codegen/group_emitter.h"

#include <llvm/IR/IRBuilder.h>

#include <algorithm>

#include "engine/base/check.h"
#include "engine/codegen/cost.h"
#include "engine/codegen/lanes.h"

namespace kasuri::codegen {

using llvm::Value;
using loops::Stage;
using loops::StageKind;

GroupEmitter::GroupEmitter(EmitContext& context, const GroupSchedule& schedule)
    : c_(context),
      schedule_(schedule),
      indices_(context),
      memory_(context, indices_),
      math_(context.frame, context.target),
      arithmetic_(context.frame, math_),
      values_(context, indices_, memory_, arithmetic_) {
  context.read = [this](int buffer, const LinearForm& form, bool in_bounds, int copy) {
    return memory_.read(buffer, form, in_bounds, copy);
  };
}

bool GroupEmitter::along_lanes() const {
  return !schedule_.reduced.empty() && schedule_.vector_axis >= 0 &&
         schedule_.reduced.back() == schedule_.vector_axis;
}

void GroupEmitter::emit(int done, Value* begin, Value* end) {
  loops(static_cast<size_t>(done), begin, end);
}

void GroupEmitter::axis_loop(int axis, Value* begin, Value* end, const Body& body) {
  llvm::IRBuilderBase& b = c_.frame.builder;
  if (begin == nullptr) begin = b.getInt64(0);
  if (end == nullptr) end = b.getInt64(c_.program->domain()[axis]);
  if (axis == schedule_.vector_axis)
    return c_.frame.strip({axis, schedule_.width, schedule_.unroll, c_.target.masked}, begin, end,
                          body);
  c_.frame.loop(begin, end, 1, [&](Value* index) {
    c_.frame.set_variable(axis, index);
    body();
  });
}

void GroupEmitter::loops(size_t next, Value* begin, Value* end) {
  if (next == schedule_.order.size()) return innermost();
  if (schedule_.order[next] == schedule_.tile_axis) return tiles(begin, end);
  axis_loop(schedule_.order[next], begin, end, [&] { loops(next + 1, nullptr, nullptr); });
}

/// Whole tiles over the last two axes; what is left of either axis takes the plain way.
void GroupEmitter::tiles(Value* begin, Value* end) {
  llvm::IRBuilderBase& b = c_.frame.builder;
  Frame& frame = c_.frame;
  const int axis = schedule_.vector_axis, other = schedule_.tile_axis;
  const int64_t extent = c_.program->domain()[axis];
  const int64_t whole = extent / schedule_.width * schedule_.width;
  if (begin == nullptr) begin = b.getInt64(0);
  if (end == nullptr) end = b.getInt64(c_.program->domain()[other]);
  Value* size = b.getInt64(schedule_.tile);
  Value* middle =
      b.CreateAdd(begin, b.CreateMul(b.CreateUDiv(b.CreateSub(end, begin), size), size));
  const std::string name = frame.group;
  const auto plain = [&](Value* from, Value* to, int64_t first) {
    frame.group = name + "plain:";
    frame.loop(from, to, 1, [&](Value* index) {
      frame.set_variable(other, index);
      axis_loop(axis, b.getInt64(first), b.getInt64(extent), [&] { maps(); });
    });
  };
  frame.loop(begin, middle, schedule_.tile, [&](Value* index) {
    frame.set_variable(other, index);
    frame.loop(b.getInt64(0), b.getInt64(whole), schedule_.width, [&](Value* column) {
      frame.set_variable(axis, column);
      tile();
    });
    if (whole < extent) plain(index, b.CreateAdd(index, size), whole);
    frame.group = name;
  });
  plain(middle, end, 0);
  frame.group = name;
}

void GroupEmitter::tile() {
  Frame& frame = c_.frame;
  const Lanes outer = frame.lanes;
  frame.lanes = {.axis = schedule_.vector_axis, .width = schedule_.width};
  std::map<int, std::vector<Value*>> blocks;
  for (size_t op = 0; op < c_.program->ops.size(); ++op)
    if (is_transposed(*c_.program, c_.program->ops[op], schedule_.vector_axis, schedule_.tile_axis))
      blocks[static_cast<int>(op)] = memory_.tile(c_.program->ops[op], schedule_.tile);
  const std::string name = frame.group;
  frame.group = name + "tile:";
  Value* first = frame.variable(schedule_.tile_axis);
  for (int step = 0; step < schedule_.tile; ++step) {
    for (const auto& [op, columns] : blocks) c_.preloaded[op] = columns[step];
    Value* index = frame.builder.CreateAdd(first, frame.builder.getInt64(step));
    frame.level([&] {
      frame.set_variable(schedule_.tile_axis, index);
      maps();
    });
  }
  c_.preloaded.clear();
  frame.set_variable(schedule_.tile_axis, first);
  frame.group = name;
  frame.lanes = outer;
}

void GroupEmitter::reduced_loops(size_t next, const Body& body) {
  if (next == schedule_.reduced.size()) return body();
  axis_loop(schedule_.reduced[next], nullptr, nullptr, [&] { reduced_loops(next + 1, body); });
}

void GroupEmitter::innermost() {
  const Stage& last = c_.program->last();
  if (last.kind == StageKind::kScan) return scan();
  if (last.kind != StageKind::kMap) return reduction();
  if (is_ordered(last)) return ordered_map();
  maps();
}

Value* GroupEmitter::as_stored(Value* value, DataType type, int buffer) {
  return arithmetic_.cast(type, loops::compute_type(c_.nest.buffers[buffer].dtype), value);
}

/// All values first, then the stores, so that copies overlap.
void GroupEmitter::maps() {
  struct Pending {
    const GroupStage* stage;
    int copy;
    Value* value;
  };
  std::vector<Pending> pending;
  for (const GroupStage& stage : c_.program->stages) {
    if (stage.stage->kind != StageKind::kMap) continue;
    for (int copy = 0; copy < c_.frame.lanes.unroll; ++copy) {
      Value* value = values_.value(stage.body, copy);
      value = as_stored(value, c_.program->ops[stage.body].type, stage.stage->out);
      if (stage.store) pending.push_back({&stage, copy, value});
    }
  }
  for (const Pending& store : pending)
    memory_.store(store.stage->stage->out, store.stage->out, store.value, store.copy);
}

void GroupEmitter::ordered_map() {
  const GroupStage& entry = c_.program->stages.back();
  const Stage& stage = *entry.stage;
  const loops::Buffer& out = c_.nest.buffers[stage.out];
  const DataType type = loops::compute_type(out.dtype);
  Value* value =
      as_stored(values_.value(entry.body, 0), c_.program->ops[entry.body].type, stage.out);
  if (stage.combine != Stage::Combine::kNone) {
    llvm::IRBuilderBase& b = c_.frame.builder;
    Value* held = from_storage(b, memory_.read(stage.out, entry.out, true, 0), out.dtype);
    switch (stage.combine) {
      case Stage::Combine::kAdd:
        value = arithmetic_.binary(loops::BinaryOp::kAdd, type, held, value);
        break;
      case Stage::Combine::kMul:
        value = type == DataType::kBool
                    ? b.CreateAnd(held, value)
                    : arithmetic_.binary(loops::BinaryOp::kMul, type, held, value);
        break;
      case Stage::Combine::kMin:
        value = arithmetic_.minimum(type, held, value);
        break;
      case Stage::Combine::kMax:
        value = arithmetic_.maximum(type, held, value);
        break;
      case Stage::Combine::kNone:
        break;
    }
  }
  memory_.store(stage.out, entry.out, value, 0);
}

std::vector<Accumulator> GroupEmitter::accumulate(Accumulator::Kind kind, const Body& before,
                                                  const std::function<Value*(int)>& value) {
  Frame& frame = c_.frame;
  const bool lanes = along_lanes();
  const int width = lanes ? schedule_.width : frame.lanes.width;
  const int copies = lanes ? schedule_.unroll : frame.lanes.unroll;
  std::vector<Accumulator> parts;
  for (int copy = 0; copy < copies; ++copy) parts.emplace_back(frame, arithmetic_, kind, width);
  Accumulator rest(frame, arithmetic_, kind, 1);
  reduced_loops(0, [&] {
    before();
    const bool in_rest = lanes && frame.lanes.width != width;
    for (int copy = 0; copy < frame.lanes.unroll; ++copy) {
      Accumulator& part = in_rest ? rest : parts[copy];
      Value* one = spread(frame.builder, value(copy), frame.lanes.width);
      part.add(one, part.is_positional() ? position(copy) : nullptr,
               lanes ? frame.lanes.tail : nullptr);
    }
  });
  if (!lanes) return parts;
  parts = folded(std::move(parts));
  if (!c_.target.masked && width > 1) parts[0].add(rest);
  return parts;
}

/// Copies onto each other in pairs, then lanes: a fixed order.
std::vector<Accumulator> GroupEmitter::folded(std::vector<Accumulator> parts) {
  for (size_t step = 1; step < parts.size(); step *= 2)
    for (size_t part = 0; part + step < parts.size(); part += 2 * step)
      parts[part].add(parts[part + step]);
  return {parts[0].across_lanes()};
}

Value* GroupEmitter::position(int copy) {
  const std::vector<int64_t>& domain = c_.program->domain();
  LinearForm form;
  form.coefficients.resize(domain.size());
  int64_t stride = 1;
  for (size_t k = 0; k < schedule_.reduced.size(); ++k) {
    const size_t v = domain.size() - 1 - k;
    if (domain[v] != 1) form.coefficients[v] = stride;
    stride *= domain[v];
  }
  llvm::IRBuilderBase& b = c_.frame.builder;
  if (indices_.varies(form)) return indices_.lanes(form, copy);
  return spread(b, indices_.scalar(form), c_.frame.lanes.width);
}

void GroupEmitter::store_result(int copy, Value* value, DataType type) {
  const GroupStage& entry = c_.program->stages.back();
  memory_.store(entry.stage->out, entry.out, as_stored(value, type, entry.stage->out), copy);
}

void GroupEmitter::reduction() {
  const GroupStage& entry = c_.program->stages.back();
  const Stage& stage = *entry.stage;
  const DataType type = c_.program->ops[entry.body].type;
  const bool contraction = stage.kind == StageKind::kContraction;
  Accumulator::Kind kind{contraction ? loops::ReduceOp::kSum : stage.op, type};
  int64_t reduced = 1;
  for (int v : schedule_.reduced) reduced *= c_.program->domain()[v];
  kind.wide_index = reduced > INT32_MAX;
  if (kind.op == loops::ReduceOp::kWelford) return welford(kind);
  const std::vector<Accumulator> parts =
      accumulate(kind, [&] { maps(); }, [&](int copy) { return values_.value(entry.body, copy); });
  c_.accumulators.clear();
  for (const Accumulator& part : parts) c_.accumulators.push_back(part.result());
  for (int copy = 0; copy < static_cast<int>(parts.size()); ++copy) {
    const DataType result = parts[copy].is_positional() ? DataType::kInt64 : type;
    if (entry.epilogue >= 0)
      store_result(copy, values_.value(entry.epilogue, copy), c_.program->ops[entry.epilogue].type);
    else
      store_result(copy, c_.accumulators[copy], result);
  }
}

/// Two passes: the mean first, then the squares of the differences from it.
void GroupEmitter::welford(const Accumulator::Kind& kind) {
  llvm::IRBuilderBase& b = c_.frame.builder;
  const GroupStage& entry = c_.program->stages.back();
  double count = 1;
  for (int v : schedule_.reduced) count *= static_cast<double>(c_.program->domain()[v]);
  const auto body = [&](int copy) { return values_.value(entry.body, copy); };
  const auto mean_of = [&](const Accumulator& sum) {
    Value* total = sum.result();
    return b.CreateFDiv(total, math_.number(total, count));
  };
  std::vector<Value*> means;
  for (const Accumulator& sum : accumulate(kind, [] {}, body)) means.push_back(mean_of(sum));
  const bool lanes = along_lanes();
  const auto squared = [&](int copy) {
    Value* mean = spread(b, means[lanes ? 0 : copy], c_.frame.lanes.width);
    Value* difference = b.CreateFSub(spread(b, body(copy), c_.frame.lanes.width), mean);
    return b.CreateFMul(difference, difference);
  };
  const std::vector<Accumulator> squares = accumulate(kind, [] {}, squared);
  for (int copy = 0; copy < static_cast<int>(squares.size()); ++copy) {
    store_result(copy, means[copy], kind.type);
    if (entry.stage->out2 < 0) continue;
    memory_.store(entry.stage->out2, entry.out,
                  as_stored(mean_of(squares[copy]), kind.type, entry.stage->out2), copy);
  }
}

void GroupEmitter::scan() {
  llvm::IRBuilderBase& b = c_.frame.builder;
  const GroupStage& entry = c_.program->stages.back();
  const Stage& stage = *entry.stage;
  const DataType type = c_.program->ops[entry.body].type;
  const int axis = schedule_.reduced.back();
  const Lanes lanes = c_.frame.lanes;
  std::vector<Accumulator> sums;
  for (int copy = 0; copy < lanes.unroll; ++copy)
    sums.emplace_back(c_.frame, arithmetic_, Accumulator::Kind{stage.op, type}, lanes.width);
  const int64_t extent = c_.program->domain()[axis];
  c_.frame.loop(b.getInt64(0), b.getInt64(extent), 1, [&](Value* step) {
    Value* index = stage.reverse ? b.CreateSub(b.getInt64(extent - 1), step) : step;
    c_.frame.level([&] {
      c_.frame.set_variable(axis, index);
      for (int copy = 0; copy < lanes.unroll; ++copy) {
        Value* before = sums[copy].result();
        sums[copy].add(values_.in_lanes(entry.body, copy), nullptr, nullptr);
        store_result(copy, stage.exclusive ? before : sums[copy].result(), type);
      }
    });
  });
}

}  // namespace kasuri::codegen
