#include "engine/codegen/lanes.h"

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Intrinsics.h>

#include "engine/base/check.h"

namespace kasuri::codegen {

using llvm::Type;
using llvm::Value;

Type* type_like(Type* type, Value* like) {
  const auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(like->getType());
  if (vector == nullptr) return type;
  return llvm::FixedVectorType::get(type, vector->getNumElements());
}

Value* resized(llvm::IRBuilderBase& b, Value* value, Type* element, bool is_signed) {
  Type* type = type_like(element, value);
  return is_signed ? b.CreateSExtOrTrunc(value, type) : b.CreateZExtOrTrunc(value, type);
}

Value* any_lane(llvm::IRBuilderBase& b, Value* mask) {
  return mask->getType()->isVectorTy() ? b.CreateOrReduce(mask) : mask;
}

Value* first_lane(llvm::IRBuilderBase& b, Value* mask) {
  const unsigned width = llvm::cast<llvm::FixedVectorType>(mask->getType())->getNumElements();
  Value* bits = b.CreateBitCast(mask, b.getIntNTy(width));
  bits = b.CreateZExtOrTrunc(bits, b.getInt64Ty());
  Value* count = b.CreateIntrinsic(llvm::Intrinsic::cttz, {b.getInt64Ty()}, {bits, b.getFalse()});
  return b.CreateTrunc(b.CreateAnd(count, b.getInt64(width - 1)), b.getInt32Ty());
}

Value* spread(llvm::IRBuilderBase& b, Value* value, int width) {
  return width == 1 || value->getType()->isVectorTy() ? value : b.CreateVectorSplat(width, value);
}

Value* per_lane(llvm::IRBuilderBase& b, Value* value, Type* result,
                const std::function<Value*(Value*)>& function) {
  const auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(value->getType());
  if (vector == nullptr) return function(value);
  Value* out = llvm::PoisonValue::get(type_like(result, value));
  for (unsigned lane = 0; lane < vector->getNumElements(); ++lane)
    out = b.CreateInsertElement(out, function(b.CreateExtractElement(value, lane)), lane);
  return out;
}

Type* storage_type(llvm::IRBuilderBase& b, DataType type) {
  switch (type) {
    case DataType::kBool: return b.getInt8Ty();
    case DataType::kFloat16: return b.getHalfTy();
    case DataType::kBfloat16: return b.getInt16Ty();
    default: return register_type(b, type);
  }
}

Type* register_type(llvm::IRBuilderBase& b, DataType type) {
  switch (type) {
    case DataType::kBool: return b.getInt1Ty();
    case DataType::kFloat16:
    case DataType::kBfloat16:
    case DataType::kFloat: return b.getFloatTy();
    case DataType::kDouble: return b.getDoubleTy();
    case DataType::kInt8:
    case DataType::kUint8:
    case DataType::kInt16:
    case DataType::kUint16:
    case DataType::kInt32:
    case DataType::kUint32:
    case DataType::kInt64:
    case DataType::kUint64: return b.getIntNTy(bits_of(type));
    default: fail("no machine type for " + std::string(name_of(type)));
  }
}

namespace {

Value* constant_like(llvm::IRBuilderBase& b, Value* like, uint64_t value) {
  return llvm::ConstantInt::get(type_like(b.getInt32Ty(), like), value);
}

Value* bfloat_bits(llvm::IRBuilderBase& b, Value* value) {
  Value* bits = b.CreateBitCast(value, type_like(b.getInt32Ty(), value));
  Value* upper = b.CreateLShr(bits, 16);
  Value* odd = b.CreateAnd(upper, constant_like(b, value, 1));
  Value* rounded = b.CreateAdd(b.CreateAdd(bits, odd), constant_like(b, value, 0x7fff));
  Value* quiet = b.CreateOr(upper, constant_like(b, value, 0x40));
  Value* nan = b.CreateFCmpUNO(value, value);
  Value* result = b.CreateSelect(nan, quiet, b.CreateLShr(rounded, 16));
  return b.CreateTrunc(result, type_like(b.getInt16Ty(), value));
}

}  // namespace

Value* from_storage(llvm::IRBuilderBase& b, Value* value, DataType type) {
  switch (type) {
    case DataType::kBool:
      return b.CreateICmpNE(value, llvm::Constant::getNullValue(value->getType()));
    case DataType::kFloat16: return b.CreateFPExt(value, type_like(b.getFloatTy(), value));
    case DataType::kBfloat16: {
      Value* bits = b.CreateZExt(value, type_like(b.getInt32Ty(), value));
      return b.CreateBitCast(b.CreateShl(bits, 16), type_like(b.getFloatTy(), value));
    }
    default: return value;
  }
}

Value* to_storage(llvm::IRBuilderBase& b, Value* value, DataType type) {
  switch (type) {
    case DataType::kBool: return b.CreateZExt(value, type_like(b.getInt8Ty(), value));
    case DataType::kFloat16: return b.CreateFPTrunc(value, type_like(b.getHalfTy(), value));
    case DataType::kBfloat16: return bfloat_bits(b, value);
    default: return value;
  }
}

}  // namespace kasuri::codegen
