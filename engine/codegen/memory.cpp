#include "engine/codegen/memory.h"

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/IntrinsicsX86.h>

#include <algorithm>
#include <numeric>

#include "engine/codegen/lanes.h"

namespace kasuri::codegen {

using llvm::Type;
using llvm::Value;

Type* Memory::type_of(int buffer) {
  return storage_type(c_.frame.builder, c_.nest.buffers[buffer].dtype);
}

int Memory::size_of(int buffer) const { return bits_of(c_.nest.buffers[buffer].dtype) / 8; }

bool Memory::is_empty(int buffer) const {
  const std::vector<int64_t>& extents = c_.nest.buffers[buffer].extents;
  return std::find(extents.begin(), extents.end(), 0) != extents.end();
}

Value* Memory::element(int buffer, Value* pointer, int64_t offset) {
  return c_.frame.builder.CreateConstGEP1_64(type_of(buffer), pointer, offset);
}

Value* Memory::base(int buffer, const LinearForm& uniform) {
  Value* index = indices_.scalar(uniform);
  return c_.frame.builder.CreateGEP(type_of(buffer), c_.pointers[buffer], index);
}

/// Pointer to lane 0 of copy `copy` when lanes are neighbours.
Value* Memory::contiguous(int buffer, const Indices::Split& parts, int copy) {
  const Lanes& lanes = c_.frame.lanes;
  Value* row = base(buffer, parts.uniform);
  Value* first = c_.frame.builder.CreateGEP(type_of(buffer), row, c_.frame.variable(lanes.axis));
  return element(buffer, first, parts.constant + int64_t{copy} * lanes.width);
}

Value* Memory::scattered(int buffer, const Indices::Split& parts, int copy) {
  llvm::IRBuilderBase& b = c_.frame.builder;
  Value* row = element(buffer, base(buffer, parts.uniform), parts.constant);
  Value* steps = resized(b, indices_.varying(parts.varying, copy), b.getInt64Ty());
  return b.CreateGEP(type_of(buffer), row, steps);
}

bool Memory::has_short_stride(const Indices::Split& parts) const {
  return c_.target.deposit && parts.affine && parts.stride >= 2 && parts.stride <= 4 &&
         parts.stride * c_.frame.lanes.width <= 64;
}

/// Lanes 2 to 4 elements apart: neighbouring vectors, masked to the elements asked for, and
/// shuffles.
Value* Memory::strided(int buffer, const Indices::Split& parts, int copy, Value* mask) {
  llvm::IRBuilderBase& b = c_.frame.builder;
  const Lanes& lanes = c_.frame.lanes;
  const int stride = static_cast<int>(parts.stride), width = lanes.width;
  uint64_t places = 0;
  for (int lane = 0; lane < width; ++lane) places |= uint64_t{1} << (lane * stride);
  Value* wanted = b.getInt64(places);
  if (mask != nullptr) {
    Value* bits = b.CreateZExt(b.CreateBitCast(mask, b.getIntNTy(width)), b.getInt64Ty());
    wanted = b.CreateIntrinsic(llvm::Intrinsic::x86_bmi_pdep_64, {}, {bits, wanted});
  }
  Value* start = b.CreateMul(c_.frame.variable(lanes.axis), b.getInt64(stride));
  Value* first = b.CreateGEP(type_of(buffer), base(buffer, parts.uniform), start);
  first = element(buffer, first, parts.constant + int64_t{copy} * width * stride);
  Type* vector = llvm::FixedVectorType::get(type_of(buffer), width);
  Value* result = nullptr;
  for (int part = 0; part < stride; ++part) {
    Value* bits = b.CreateTrunc(b.CreateLShr(wanted, part * width), b.getIntNTy(width));
    Value* some = b.CreateBitCast(bits, llvm::FixedVectorType::get(b.getInt1Ty(), width));
    Value* loaded = b.CreateMaskedLoad(vector, element(buffer, first, part * width),
                                       llvm::Align(size_of(buffer)), some,
                                       llvm::Constant::getNullValue(vector));
    std::vector<int> picks(width);
    for (int lane = 0; lane < width; ++lane) {
      const int place = lane * stride - part * width;
      picks[lane] = place >= 0 && place < width ? width + place : lane;
    }
    if (result == nullptr) {
      for (int& pick : picks) pick = pick >= width ? pick - width : -1;
      result = b.CreateShuffleVector(loaded, picks);
    } else {
      result = b.CreateShuffleVector(result, loaded, picks);
    }
  }
  return result;
}

/// Lanes that never fall back and stay within one vector (upsampling).
bool Memory::is_window(int buffer, const Indices::Split& parts) const {
  const Lanes& lanes = c_.frame.lanes;
  if (!c_.target.scalef || lanes.width != 16 || lanes.tail != nullptr) return false;
  if (c_.nest.buffers[buffer].dtype != DataType::kFloat) return false;
  const FormTable& forms = c_.program->forms;
  if (forms.reads_memory(parts.varying) || !forms.range_of(parts.varying).fits_int32())
    return false;
  const auto growth = forms.growth(parts.varying, lanes.axis, lanes.width - 1);
  return growth && *growth < lanes.width;
}

/// One masked load of what the lanes span, then a permutation in registers.
Value* Memory::window(int buffer, const Indices::Split& parts, int copy) {
  llvm::IRBuilderBase& b = c_.frame.builder;
  const int width = c_.frame.lanes.width;
  const int level = c_.frame.level_of(c_.program->forms.variables_of(parts.varying));
  const std::string key = std::to_string(copy) + key_of(parts.varying);
  const auto steps = [&] {
    return resized(b, indices_.varying(parts.varying, copy), b.getInt32Ty());
  };
  Value* first = c_.frame.once(level, "first" + key, [&] {
    return b.CreateSExt(b.CreateExtractElement(steps(), uint64_t{0}), b.getInt64Ty());
  });
  Value* places = c_.frame.once(level, "places" + key, [&] {
    Value* all = steps();
    return b.CreateSub(all, b.CreateShuffleVector(all, std::vector<int>(width, 0)));
  });
  Value* mask = c_.frame.once(level, "spanned" + key, [&] {
    std::vector<uint32_t> numbers(width);
    std::iota(numbers.begin(), numbers.end(), 0);
    Value* last = b.CreateShuffleVector(places, std::vector<int>(width, width - 1));
    return b.CreateICmpULE(llvm::ConstantDataVector::get(b.getContext(), numbers), last);
  });
  Value* row = element(buffer, base(buffer, parts.uniform), parts.constant);
  Type* vector = llvm::FixedVectorType::get(type_of(buffer), width);
  Value* span =
      b.CreateMaskedLoad(vector, b.CreateGEP(type_of(buffer), row, first),
                         llvm::Align(size_of(buffer)), mask, llvm::Constant::getNullValue(vector));
  return b.CreateIntrinsic(llvm::Intrinsic::x86_avx512_permvar_sf_512, {}, {span, places});
}

Value* Memory::read(int buffer, const LinearForm& form, bool in_bounds, int copy) {
  llvm::IRBuilderBase& b = c_.frame.builder;
  const Lanes& lanes = c_.frame.lanes;
  const llvm::Align align(size_of(buffer));
  Type* type = type_of(buffer);
  const bool varies = indices_.varies(form);
  if (is_empty(buffer))
    return llvm::Constant::getNullValue(varies ? llvm::FixedVectorType::get(type, lanes.width)
                                               : type);
  if (c_.registers[buffer] != nullptr) return b.CreateLoad(type, c_.registers[buffer]);
  const Indices::Split parts = indices_.split(form);
  if (!varies) {
    Value* pointer = element(buffer, base(buffer, parts.uniform), parts.constant);
    if (!in_bounds && lanes.guard != nullptr)
      pointer = b.CreateSelect(any_lane(b, c_.frame.mask()), pointer, c_.nothing);
    return b.CreateAlignedLoad(type, pointer, align);
  }
  Type* vector = llvm::FixedVectorType::get(type, lanes.width);
  Value* mask = in_bounds ? lanes.tail : c_.frame.mask();
  Value* zero = llvm::Constant::getNullValue(vector);
  if (parts.affine && parts.stride == 1) {
    Value* pointer = contiguous(buffer, parts, copy);
    if (mask == nullptr) return b.CreateAlignedLoad(vector, pointer, align);
    return b.CreateMaskedLoad(vector, pointer, align, mask, zero);
  }
  if (in_bounds && is_window(buffer, parts)) return window(buffer, parts, copy);
  if (has_short_stride(parts)) return strided(buffer, parts, copy, mask);
  return b.CreateMaskedGather(vector, scattered(buffer, parts, copy), align, mask, zero);
}

Value* Memory::load(const Op& op, int copy) {
  Value* raw = read(op.buffer, op.index, op.in_bounds, copy);
  return from_storage(c_.frame.builder, raw, c_.nest.buffers[op.buffer].dtype);
}

std::vector<Value*> Memory::tile(const Op& op, int columns) {
  llvm::IRBuilderBase& b = c_.frame.builder;
  const Lanes lanes = c_.frame.lanes;
  Type* type = llvm::FixedVectorType::get(type_of(op.buffer), columns);
  c_.frame.lanes = {};
  Value* corner = base(op.buffer, op.index);
  c_.frame.lanes = lanes;
  std::vector<Value*> rows;
  for (int row = 0; row < lanes.width; ++row)
    rows.push_back(b.CreateAlignedLoad(
        type, element(op.buffer, corner, row * op.index.coefficients[lanes.axis]),
        llvm::Align(size_of(op.buffer))));
  std::vector<Value*> out = transposed(b, rows);
  for (Value*& column : out) column = from_storage(b, column, c_.nest.buffers[op.buffer].dtype);
  return out;
}

void Memory::store(int buffer, const LinearForm& form, Value* value, int copy) {
  llvm::IRBuilderBase& b = c_.frame.builder;
  const Lanes& lanes = c_.frame.lanes;
  const llvm::Align align(size_of(buffer));
  value = to_storage(b, value, c_.nest.buffers[buffer].dtype);
  if (is_empty(buffer)) return;
  if (c_.registers[buffer] != nullptr) {
    b.CreateStore(value, c_.registers[buffer]);
    return;
  }
  const Indices::Split parts = indices_.split(form);
  if (!indices_.varies(form)) {
    b.CreateAlignedStore(value, element(buffer, base(buffer, parts.uniform), parts.constant),
                         align);
    return;
  }
  value = spread(b, value, lanes.width);
  if (parts.affine && parts.stride == 1) {
    Value* pointer = contiguous(buffer, parts, copy);
    if (lanes.tail == nullptr)
      b.CreateAlignedStore(value, pointer, align);
    else
      b.CreateMaskedStore(value, pointer, align, lanes.tail);
    return;
  }
  b.CreateMaskedScatter(value, scattered(buffer, parts, copy), align, lanes.tail);
}

}  // namespace kasuri::codegen
