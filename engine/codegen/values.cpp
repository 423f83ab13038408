#include "engine/codegen/values.h"

#include <llvm/IR/IRBuilder.h>

#include <algorithm>

#include "engine/base/check.h"
#include "engine/codegen/lanes.h"

namespace kasuri::codegen {

using llvm::Value;
using loops::BinaryOp;
using loops::ScalarKind;

bool Values::varies(const Op& op) const { return c_.frame.lanes.varies(op.variables); }

int Values::level_of(const Op& op) const {
  const Frame& frame = c_.frame;
  if (op.unsafe && frame.conditional) return frame.depth();
  int level = frame.level_of(op.variables);
  if (op.reads_written) level = std::max(level, frame.stage_level);
  return std::min(level, frame.depth());
}

Value* Values::value(int number, int copy) {
  const Op& op = c_.program->ops[number];
  if (op.kind == ScalarKind::kConstant) return constant(op);
  if (op.kind == ScalarKind::kLoad && op.buffer == loops::kAccumulator)
    return c_.accumulators[copy];
  const auto preloaded = c_.preloaded.find(number);
  if (preloaded != c_.preloaded.end()) return preloaded->second;
  std::string key = "op" + std::to_string(number);
  if (varies(op)) key += "." + std::to_string(copy);
  return c_.frame.once(level_of(op), key, [&] { return make(op, copy); });
}

Value* Values::in_lanes(int op, int copy) {
  Value* one = value(op, copy);
  return spread(c_.frame.builder, one, c_.frame.lanes.width);
}

Value* Values::make(const Op& op, int copy) {
  switch (op.kind) {
    case ScalarKind::kLoad:
      return memory_.load(op, copy);
    case ScalarKind::kIndexValue:
      return index_value(op, copy);
    case ScalarKind::kUnary:
      return arithmetic_.unary(op.unary, loops::compute_type(c_.program->ops[op.args[0]].type),
                               value(op.args[0], copy));
    case ScalarKind::kCast:
      return arithmetic_.cast(c_.program->ops[op.args[0]].type, op.type, value(op.args[0], copy));
    case ScalarKind::kBinary:
      return binary(op, copy);
    case ScalarKind::kSelect:
      return select(op, copy);
    case ScalarKind::kConstant:
      break;
  }
  fail("unknown kind of scalar");
}

Value* Values::constant(const Op& op) {
  llvm::Type* type = register_type(c_.frame.builder, op.type);
  if (op.type == DataType::kBool) return llvm::ConstantInt::get(type, op.number != 0 ? 1 : 0);
  if (is_float(op.type))
    return arithmetic_.cast(DataType::kDouble, op.type,
                            llvm::ConstantFP::get(c_.frame.builder.getDoubleTy(), op.number));
  return llvm::ConstantInt::get(type, static_cast<uint64_t>(op.integer), true);
}

Value* Values::index_value(const Op& op, int copy) {
  llvm::IRBuilderBase& b = c_.frame.builder;
  if (!varies(op)) return indices_.scalar(op.index);
  return resized(b, indices_.lanes(op.index, copy), b.getInt64Ty());
}

Value* Values::binary(const Op& op, int copy) {
  if (Value* narrow = narrow_comparison(op, copy)) return narrow;
  llvm::IRBuilderBase& b = c_.frame.builder;
  Value* x = value(op.args[0], copy);
  Value* y = value(op.args[1], copy);
  const int width = varies(op) ? c_.frame.lanes.width : 1;
  const DataType type = loops::compute_type(c_.program->ops[op.args[0]].type);
  return arithmetic_.binary(op.binary, type, spread(b, x, width), spread(b, y, width));
}

/// An index or integer constant that fits 32 bits, as i32; null for anything else.
Value* Values::narrow(int number, int copy) {
  const Op& op = c_.program->ops[number];
  llvm::IRBuilderBase& b = c_.frame.builder;
  if (op.kind == ScalarKind::kConstant && Range{op.integer, op.integer}.fits_int32())
    return b.CreateVectorSplat(c_.frame.lanes.width, b.getInt32(op.integer));
  if (op.kind != ScalarKind::kIndexValue || !c_.program->forms.range_of(op.index).fits_int32())
    return nullptr;
  Value* index = varies(op) ? indices_.lanes(op.index, copy)
                            : b.CreateVectorSplat(c_.frame.lanes.width, indices_.scalar(op.index));
  return resized(b, index, b.getInt32Ty());
}

/// Predicates of padding compare index values: 32-bit lanes do where the ranges allow.
Value* Values::narrow_comparison(const Op& op, int copy) {
  if (!varies(op) || op.type != DataType::kBool) return nullptr;
  if (c_.program->ops[op.args[0]].type != DataType::kInt64) return nullptr;
  for (int arg : op.args) {
    const ScalarKind kind = c_.program->ops[arg].kind;
    if (kind != ScalarKind::kConstant && kind != ScalarKind::kIndexValue) return nullptr;
  }
  Value* x = narrow(op.args[0], copy);
  Value* y = x == nullptr ? nullptr : narrow(op.args[1], copy);
  if (y == nullptr) return nullptr;
  return arithmetic_.binary(op.binary, DataType::kInt32, x, y);
}

Value* Values::select(const Op& op, int copy) {
  Frame& frame = c_.frame;
  llvm::IRBuilderBase& b = frame.builder;
  const int width = varies(op) ? frame.lanes.width : 1;
  const auto arm = [&](int arg) {
    return
        [this, &b, &op, arg, width, copy] { return spread(b, value(op.args[arg], copy), width); };
  };
  const auto unsafe = [&](int arg) { return c_.program->ops[op.args[arg]].unsafe; };
  Value* predicate = value(op.args[0], copy);
  if (!predicate->getType()->isVectorTy()) {
    if (unsafe(1) || unsafe(2)) return frame.branch(predicate, arm(1), arm(2));
    Value* yes = arm(1)();
    return b.CreateSelect(predicate, yes, arm(2)());
  }
  Value* yes = unsafe(1) ? frame.guarded(predicate, arm(1)) : arm(1)();
  Value* no = unsafe(2) ? frame.guarded(b.CreateNot(predicate), arm(2)) : arm(2)();
  return b.CreateSelect(predicate, yes, no);
}

}  // namespace kasuri::codegen
