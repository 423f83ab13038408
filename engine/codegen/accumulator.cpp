#include "engine/codegen/accumulator.h"

#include <llvm/IR/IRBuilder.h>

#include <numeric>

#include "engine/base/check.h"
#include "engine/codegen/lanes.h"

namespace kasuri::codegen {

using loops::ReduceOp;

namespace {

llvm::Type* lanes_of(llvm::Type* type, int width) {
  return width == 1 ? type : llvm::FixedVectorType::get(type, width);
}

llvm::Value* extreme(llvm::Type* type, DataType dtype, bool lowest) {
  if (is_float(dtype)) return llvm::ConstantFP::getInfinity(type, lowest);
  const unsigned bits = type->getScalarSizeInBits();
  if (dtype == DataType::kBool || !is_signed_integer(dtype))
    return llvm::ConstantInt::get(
        type, lowest ? llvm::APInt::getMinValue(bits) : llvm::APInt::getMaxValue(bits));
  return llvm::ConstantInt::get(
      type, lowest ? llvm::APInt::getSignedMinValue(bits) : llvm::APInt::getSignedMaxValue(bits));
}

}  // namespace

Accumulator::Accumulator(Frame& frame, Arithmetic& arithmetic, Kind kind, int width)
    : frame_(&frame), arithmetic_(&arithmetic), kind_(kind), width_(width) {
  llvm::IRBuilderBase& b = frame.builder;
  slots_.push_back(frame.variable_slot(lanes_of(register_type(b, kind.type), width)));
  b.CreateStore(neutral(), slots_[0]);
  if (!is_positional()) return;
  slots_.push_back(frame.variable_slot(lanes_of(index_type(), width)));
  const unsigned bits = index_type()->getScalarSizeInBits();
  b.CreateStore(
      llvm::ConstantInt::get(slots_[1]->getAllocatedType(), llvm::APInt::getSignedMaxValue(bits)),
      slots_[1]);
}

bool Accumulator::is_positional() const {
  return kind_.op == ReduceOp::kArgMax || kind_.op == ReduceOp::kArgMin;
}

llvm::Type* Accumulator::index_type() const {
  return frame_->builder.getIntNTy(kind_.wide_index ? 64 : 32);
}

llvm::Value* Accumulator::load(int part) const {
  return frame_->builder.CreateLoad(slots_[part]->getAllocatedType(), slots_[part]);
}

llvm::Value* Accumulator::neutral() {
  llvm::Type* type = slots_[0]->getAllocatedType();
  switch (kind_.op) {
    case ReduceOp::kSum:
    case ReduceOp::kWelford:
    case ReduceOp::kAny:
      return llvm::Constant::getNullValue(type);
    case ReduceOp::kProd:
      if (is_float(kind_.type)) return llvm::ConstantFP::get(type, 1.0);
      return llvm::ConstantInt::get(type, 1);
    case ReduceOp::kAll:
      if (is_float(kind_.type)) return llvm::ConstantFP::get(type, 1.0);
      return llvm::ConstantInt::get(type, 1);
    case ReduceOp::kMax:
    case ReduceOp::kArgMax:
      return extreme(type, kind_.type, true);
    case ReduceOp::kMin:
    case ReduceOp::kArgMin:
      return extreme(type, kind_.type, false);
  }
  fail("unknown reduction");
}

llvm::Value* Accumulator::combine(Value* a, Value* x) {
  llvm::IRBuilderBase& b = frame_->builder;
  const bool real = is_float(kind_.type);
  switch (kind_.op) {
    case ReduceOp::kSum:
    case ReduceOp::kWelford:
      return real ? b.CreateFAdd(a, x) : b.CreateAdd(a, x);
    case ReduceOp::kProd:
      return real ? b.CreateFMul(a, x) : b.CreateMul(a, x);
    case ReduceOp::kMax:
      return arithmetic_->maximum(kind_.type, x, a);
    case ReduceOp::kMin:
      return arithmetic_->minimum(kind_.type, x, a);
    case ReduceOp::kAny:
      return b.CreateOr(a, x);
    case ReduceOp::kAll:
      return b.CreateAnd(a, x);
    default:
      fail("not a plain reduction");
  }
}

/// Where (value, position) beats what is held: a larger (smaller) value, or the same value earlier;
/// NaN beats every number.
llvm::Value* Accumulator::better(Value* value, Value* position) {
  llvm::IRBuilderBase& b = frame_->builder;
  Value* held = load(0);
  const auto op =
      kind_.op == ReduceOp::kArgMax ? loops::BinaryOp::kGreater : loops::BinaryOp::kLess;
  Value* beats = arithmetic_->binary(op, kind_.type, value, held);
  Value* same = arithmetic_->binary(loops::BinaryOp::kEqual, kind_.type, value, held);
  if (is_float(kind_.type)) {
    Value* new_nan = b.CreateFCmpUNO(value, value);
    Value* held_nan = b.CreateFCmpUNO(held, held);
    beats = b.CreateOr(beats, b.CreateAnd(new_nan, b.CreateNot(held_nan)));
    same = b.CreateOr(same, b.CreateAnd(new_nan, held_nan));
  }
  return b.CreateOr(beats, b.CreateAnd(same, b.CreateICmpSLT(position, load(1))));
}

void Accumulator::add(Value* value, Value* position, Value* mask) {
  llvm::IRBuilderBase& b = frame_->builder;
  Value* held = load(0);
  if (!is_positional()) {
    Value* next = combine(held, value);
    if (mask != nullptr) next = b.CreateSelect(mask, next, held);
    b.CreateStore(next, slots_[0]);
    return;
  }
  position = resized(b, position, index_type());
  Value* take = better(value, position);
  if (mask != nullptr) take = b.CreateAnd(take, mask);
  Value* kept = load(1);
  b.CreateStore(b.CreateSelect(take, value, held), slots_[0]);
  b.CreateStore(b.CreateSelect(take, position, kept), slots_[1]);
}

void Accumulator::add(const Accumulator& other) {
  add(other.load(0), is_positional() ? other.load(1) : nullptr, nullptr);
}

Accumulator Accumulator::across_lanes() const {
  if (width_ == 1) return *this;
  llvm::IRBuilderBase& b = frame_->builder;
  Accumulator half(*frame_, *arithmetic_, kind_, width_ / 2);
  for (int side = 0; side < 2; ++side) {
    std::vector<int> lanes(width_ / 2);
    std::iota(lanes.begin(), lanes.end(), side * width_ / 2);
    std::vector<Value*> parts;
    for (size_t part = 0; part < slots_.size(); ++part) {
      Value* whole = load(static_cast<int>(part));
      parts.push_back(width_ == 2 ? b.CreateExtractElement(whole, side)
                                  : b.CreateShuffleVector(whole, lanes));
    }
    half.add(parts[0], parts.size() > 1 ? parts[1] : nullptr, nullptr);
  }
  return half.across_lanes();
}

llvm::Value* Accumulator::result() const {
  if (!is_positional()) return load(0);
  return resized(frame_->builder, load(1), frame_->builder.getInt64Ty());
}

void Accumulator::set(Value* value) { frame_->builder.CreateStore(value, slots_[0]); }

}  // namespace kasuri::codegen
