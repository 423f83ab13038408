#include "engine/codegen/lanes.h"

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Intrinsics.h>

#include <algorithm>
#include <numeric>

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

namespace {

/// One exchange of a square transpose: the off-diagonal blocks of side `step` change places.
void exchange(llvm::IRBuilderBase& b, std::vector<Value*>& rows, int step) {
  const int size = static_cast<int>(rows.size());
  std::vector<int> upper(size), lower(size);
  for (int lane = 0; lane < size; ++lane) {
    const bool own = (lane & step) == 0;
    upper[lane] = own ? lane : size + lane - step;
    lower[lane] = own ? lane + step : size + lane;
  }
  for (int row = 0; row < size; ++row) {
    if ((row & step) != 0) continue;
    Value* first = rows[row];
    Value* second = rows[row + step];
    rows[row] = b.CreateShuffleVector(first, second, upper);
    rows[row + step] = b.CreateShuffleVector(first, second, lower);
  }
}

std::vector<int> consecutive(int first, int count) {
  std::vector<int> lanes(count);
  std::iota(lanes.begin(), lanes.end(), first);
  return lanes;
}

}  // namespace

std::vector<Value*> transposed(llvm::IRBuilderBase& b, const std::vector<Value*>& rows) {
  const int height = static_cast<int>(rows.size());
  const int width =
      static_cast<int>(llvm::cast<llvm::FixedVectorType>(rows[0]->getType())->getNumElements());
  const int side = std::min(height, width);
  std::vector<Value*> out(width, nullptr);
  for (int top = 0; top < height; top += side) {
    for (int left = 0; left < width; left += side) {
      std::vector<Value*> block;
      for (int row = 0; row < side; ++row)
        block.push_back(width == side
                            ? rows[top + row]
                            : b.CreateShuffleVector(rows[top + row], consecutive(left, side)));
      for (int step = 1; step < side; step *= 2) exchange(b, block, step);
      for (int column = 0; column < side; ++column) {
        Value*& whole = out[left + column];
        if (whole == nullptr) {
          whole = block[column];
          continue;
        }
        const int have = llvm::cast<llvm::FixedVectorType>(whole->getType())->getNumElements();
        if (have != side) {
          std::vector<int> grown = consecutive(0, have);
          std::vector<int> widened = consecutive(0, side);
          widened.resize(have, -1);
          Value* piece = b.CreateShuffleVector(block[column], widened);
          for (int lane = 0; lane < side; ++lane) grown.push_back(have + lane);
          whole = b.CreateShuffleVector(whole, piece, grown);
        } else {
          whole = b.CreateShuffleVector(whole, block[column], consecutive(0, 2 * side));
        }
      }
    }
  }
  return out;
}

Type* storage_type(llvm::IRBuilderBase& b, DataType type) {
  switch (type) {
    case DataType::kBool:
      return b.getInt8Ty();
    case DataType::kFloat16:
      return b.getHalfTy();
    case DataType::kBfloat16:
      return b.getInt16Ty();
    default:
      return register_type(b, type);
  }
}

Type* register_type(llvm::IRBuilderBase& b, DataType type) {
  switch (type) {
    case DataType::kBool:
      return b.getInt1Ty();
    case DataType::kFloat16:
    case DataType::kBfloat16:
    case DataType::kFloat:
      return b.getFloatTy();
    case DataType::kDouble:
      return b.getDoubleTy();
    case DataType::kInt8:
    case DataType::kUint8:
    case DataType::kInt16:
    case DataType::kUint16:
    case DataType::kInt32:
    case DataType::kUint32:
    case DataType::kInt64:
    case DataType::kUint64:
      return b.getIntNTy(bits_of(type));
    default:
      fail("no machine type for " + std::string(name_of(type)));
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
    case DataType::kFloat16:
      return b.CreateFPExt(value, type_like(b.getFloatTy(), value));
    case DataType::kBfloat16: {
      Value* bits = b.CreateZExt(value, type_like(b.getInt32Ty(), value));
      return b.CreateBitCast(b.CreateShl(bits, 16), type_like(b.getFloatTy(), value));
    }
    default:
      return value;
  }
}

Value* to_storage(llvm::IRBuilderBase& b, Value* value, DataType type) {
  switch (type) {
    case DataType::kBool:
      return b.CreateZExt(value, type_like(b.getInt8Ty(), value));
    case DataType::kFloat16:
      return b.CreateFPTrunc(value, type_like(b.getHalfTy(), value));
    case DataType::kBfloat16:
      return bfloat_bits(b, value);
    default:
      return value;
  }
}

}  // namespace kasuri::codegen
