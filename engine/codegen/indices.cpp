#include "engine/codegen/indices.h"

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Intrinsics.h>
#include <llvm/Support/MathExtras.h>

#include <algorithm>

#include "engine/base/check.h"
#include "engine/codegen/lanes.h"

namespace kasuri::codegen {

using llvm::ConstantInt;
using llvm::Value;
using loops::IndexKind;

namespace {

LinearForm empty_like(const LinearForm& form) {
  return {.coefficients = std::vector<int64_t>(form.coefficients.size(), 0)};
}

bool is_nothing(const LinearForm& form) { return form == empty_like(form); }

Value* scaled(llvm::IRBuilderBase& b, Value* value, int64_t factor) {
  if (factor == 1) return value;
  return b.CreateMul(value, ConstantInt::getSigned(value->getType(), factor));
}

}  // namespace

bool Indices::varies(const LinearForm& form) const {
  return c_.frame.lanes.varies(c_.program->forms.variables_of(form));
}

Indices::Split Indices::split(const LinearForm& form) const {
  const Lanes& lanes = c_.frame.lanes;
  Split out{.uniform = form, .varying = empty_like(form), .constant = form.constant};
  out.uniform.constant = 0;
  if (lanes.width == 1) return out;
  out.stride = form.coefficients[lanes.axis];
  std::swap(out.uniform.coefficients[lanes.axis], out.varying.coefficients[lanes.axis]);
  out.uniform.atoms.clear();
  for (const auto& term : form.atoms) {
    const bool varying = lanes.varies(c_.program->forms.atoms()[term.first].variables);
    (varying ? out.varying : out.uniform).atoms.push_back(term);
    if (varying) out.affine = false;
  }
  return out;
}

Value* Indices::scalar(const LinearForm& form) {
  LinearForm variable = form;
  variable.constant = 0;
  Value* sum = partial(variable, c_.frame.depth());
  return c_.frame.builder.CreateAdd(sum, c_.frame.builder.getInt64(form.constant));
}

Value* Indices::partial(const LinearForm& form, int level) {
  llvm::IRBuilderBase& b = c_.frame.builder;
  if (level < 0 || is_nothing(form)) return b.getInt64(0);
  LinearForm outer = empty_like(form), here = empty_like(form);
  for (size_t v = 0; v < form.coefficients.size(); ++v) {
    if (form.coefficients[v] == 0) continue;
    const bool inside = c_.frame.level_of(VariableSet{1} << v) >= level;
    (inside ? here : outer).coefficients[v] = form.coefficients[v];
  }
  for (const auto& term : form.atoms)
    (level_of_atom(term.first) >= level ? here : outer).atoms.push_back(term);
  if (is_nothing(here)) return partial(outer, level - 1);
  return c_.frame.once(level, "form" + key_of(form), [&] {
    Value* sum = partial(outer, level - 1);
    for (size_t v = 0; v < here.coefficients.size(); ++v)
      if (here.coefficients[v] != 0)
        sum = b.CreateAdd(sum, scaled(b, c_.frame.variable(v), here.coefficients[v]));
    for (const auto& [number, factor] : here.atoms)
      sum = b.CreateAdd(sum, scaled(b, atom(number), factor));
    return sum;
  });
}

int Indices::level_of_atom(int number) const {
  const Atom& atom = c_.program->forms.atoms()[number];
  LinearForm form;
  form.coefficients.resize(c_.program->domain().size());
  form.atoms = {{number, 1}};
  if (c_.frame.conditional && c_.program->forms.may_read_outside(form)) return c_.frame.depth();
  const int level = c_.frame.level_of(atom.variables);
  if (!c_.program->forms.reads_memory(form)) return level;
  return std::min(c_.frame.depth(), std::max(level, c_.frame.stage_level));
}

Value* Indices::atom(int number) {
  return c_.frame.once(level_of_atom(number), "atom" + std::to_string(number),
                       [&] { return make_atom(c_.program->forms.atoms()[number]); });
}

Value* Indices::make_atom(const Atom& atom) {
  llvm::IRBuilderBase& b = c_.frame.builder;
  switch (atom.kind) {
    case IndexKind::kFloorDiv:
    case IndexKind::kMod:
      return divide(atom, scalar(atom.args[0]), c_.program->forms.range_of(atom.args[0]));
    case IndexKind::kMin:
      return b.CreateBinaryIntrinsic(llvm::Intrinsic::smin, scalar(atom.args[0]),
                                     scalar(atom.args[1]));
    case IndexKind::kMax:
      return b.CreateBinaryIntrinsic(llvm::Intrinsic::smax, scalar(atom.args[0]),
                                     scalar(atom.args[1]));
    case IndexKind::kIndirect:
      return checked(atom, c_.read(atom.buffer, atom.args[0], atom.in_bounds, 0));
    default:
      fail("not an atom");
  }
}

Value* Indices::divide(const Atom& atom, Value* value, Range range) {
  llvm::IRBuilderBase& b = c_.frame.builder;
  const bool quotient = atom.kind == IndexKind::kFloorDiv;
  Value* divisor = ConstantInt::get(value->getType(), atom.value);
  if (range.low >= 0) return quotient ? b.CreateUDiv(value, divisor) : b.CreateURem(value, divisor);
  if (llvm::isPowerOf2_64(atom.value)) {
    if (quotient)
      return b.CreateAShr(value, ConstantInt::get(value->getType(), llvm::Log2_64(atom.value)));
    return b.CreateAnd(value, ConstantInt::get(value->getType(), atom.value - 1));
  }
  Value* zero = ConstantInt::get(value->getType(), 0);
  Value* rest = b.CreateSRem(value, divisor);
  Value* below = b.CreateICmpSLT(rest, zero);
  if (!quotient) return b.CreateSelect(below, b.CreateAdd(rest, divisor), rest);
  return b.CreateAdd(b.CreateSDiv(value, divisor), b.CreateSExt(below, value->getType()));
}

Value* Indices::varying(const LinearForm& form, int copy) {
  const FormTable& forms = c_.program->forms;
  const Lanes& lanes = c_.frame.lanes;
  bool narrow = forms.range_of(form).fits_int32();
  for (const auto& [number, factor] : form.atoms) {
    LinearForm term = empty_like(form);
    term.atoms = {{number, factor}};
    narrow = narrow && forms.range_of(term).fits_int32();
  }
  const int64_t stride = form.coefficients[lanes.axis];
  LinearForm axis = empty_like(form);
  axis.coefficients[lanes.axis] = stride;
  narrow = narrow && forms.range_of(axis).fits_int32();
  const std::string key = (narrow ? "vary" : "wide") + std::to_string(copy) + key_of(form);
  int level = c_.frame.level_of(forms.variables_of(form));
  if (forms.reads_memory(form)) level = std::max(level, c_.frame.stage_level);
  if (c_.frame.conditional && forms.may_read_outside(form)) level = c_.frame.depth();
  return c_.frame.once(level, key, [&] { return make_varying(form, copy, narrow); });
}

Value* Indices::make_varying(const LinearForm& form, int copy, bool narrow) {
  llvm::IRBuilderBase& b = c_.frame.builder;
  const Lanes& lanes = c_.frame.lanes;
  llvm::Type* type = narrow ? b.getInt32Ty() : b.getInt64Ty();
  const int64_t stride = form.coefficients[lanes.axis];
  Value* sum = nullptr;
  if (stride != 0) {
    std::vector<llvm::Constant*> steps;
    for (int k = 0; k < lanes.width; ++k)
      steps.push_back(ConstantInt::getSigned(type, stride * (int64_t{copy} * lanes.width + k)));
    Value* start = b.CreateTrunc(scaled(b, c_.frame.variable(lanes.axis), stride), type);
    sum = b.CreateAdd(b.CreateVectorSplat(lanes.width, start), llvm::ConstantVector::get(steps));
  }
  for (const auto& [number, factor] : form.atoms) {
    Value* term = lanes_atom(number, copy);
    term = scaled(b, resized(b, term, type), factor);
    sum = sum == nullptr ? term : b.CreateAdd(sum, term);
  }
  return sum;
}

Value* Indices::lanes(const LinearForm& form, int copy) {
  const FormTable& forms = c_.program->forms;
  llvm::IRBuilderBase& b = c_.frame.builder;
  const Split parts = split(form);
  Value* vary = varying(parts.varying, copy);
  LinearForm uniform = parts.uniform;
  uniform.constant = parts.constant;
  const bool narrow = forms.range_of(form).fits_int32() && forms.range_of(uniform).fits_int32() &&
                      vary->getType()->getScalarSizeInBits() == 32;
  llvm::Type* type = narrow ? b.getInt32Ty() : b.getInt64Ty();
  Value* base = b.CreateTrunc(scalar(uniform), type);
  return b.CreateAdd(resized(b, vary, type), b.CreateVectorSplat(c_.frame.lanes.width, base));
}

Value* Indices::lanes_atom(int number, int copy) {
  const Atom& atom = c_.program->forms.atoms()[number];
  return c_.frame.once(level_of_atom(number),
                       "lanes" + std::to_string(number) + "." + std::to_string(copy),
                       [&] { return make_lanes_atom(atom, copy); });
}

Value* Indices::make_lanes_atom(const Atom& atom, int copy) {
  llvm::IRBuilderBase& b = c_.frame.builder;
  if (atom.kind == IndexKind::kIndirect)
    return checked(atom, c_.read(atom.buffer, atom.args[0], atom.in_bounds, copy));
  if (atom.kind == IndexKind::kFloorDiv || atom.kind == IndexKind::kMod)
    return divide(atom, lanes(atom.args[0], copy), c_.program->forms.range_of(atom.args[0]));
  Value* sides[2];
  for (int side = 0; side < 2; ++side) {
    const LinearForm& arg = atom.args[side];
    Value* value =
        varies(arg) ? lanes(arg, copy) : b.CreateVectorSplat(c_.frame.lanes.width, scalar(arg));
    sides[side] = resized(b, value, b.getInt64Ty());
  }
  const auto id = atom.kind == IndexKind::kMin ? llvm::Intrinsic::smin : llvm::Intrinsic::smax;
  return b.CreateBinaryIntrinsic(id, sides[0], sides[1]);
}

Value* Indices::checked(const Atom& atom, Value* raw) {
  llvm::IRBuilderBase& b = c_.frame.builder;
  const DataType type = c_.nest.buffers[atom.buffer].dtype;
  raw = resized(b, raw, b.getInt64Ty(), is_signed_integer(type));
  Value* zero = ConstantInt::get(raw->getType(), 0);
  Value* limit = ConstantInt::get(raw->getType(), atom.limit);
  Value* last = ConstantInt::get(raw->getType(), std::max<int64_t>(0, atom.limit - 1));
  Value* wrapped = b.CreateSelect(b.CreateICmpSLT(raw, zero), b.CreateAdd(raw, limit), raw);
  if (atom.policy == loops::OutOfRange::kReport) report(atom, b.CreateICmpUGE(wrapped, limit), raw);
  wrapped = b.CreateBinaryIntrinsic(llvm::Intrinsic::smax, wrapped, zero);
  return b.CreateBinaryIntrinsic(llvm::Intrinsic::smin, wrapped, last);
}

void Indices::report(const Atom& atom, Value* bad, Value* value) {
  llvm::IRBuilderBase& b = c_.frame.builder;
  const IndexSite site{atom.buffer, atom.limit};
  const auto number = std::find(c_.sites.begin(), c_.sites.end(), site) - c_.sites.begin();
  const bool vector = bad->getType()->isVectorTy();
  if (vector && c_.frame.mask() != nullptr) bad = b.CreateAnd(bad, c_.frame.mask());
  if (!vector && c_.frame.lanes.guard != nullptr)
    bad = b.CreateAnd(bad, any_lane(b, c_.frame.mask()));
  c_.frame.branch(
      any_lane(b, bad),
      [&]() -> Value* {
        Value* fresh = b.CreateICmpEQ(b.CreateLoad(b.getInt64Ty(), c_.error), b.getInt64(0));
        Value* shown = vector ? b.CreateExtractElement(value, first_lane(b, bad)) : value;
        Value* slot = b.CreateConstGEP1_64(b.getInt64Ty(), c_.error, 1);
        Value* old = b.CreateLoad(b.getInt64Ty(), slot);
        b.CreateStore(b.CreateSelect(fresh, shown, old), slot);
        Value* kept = b.CreateLoad(b.getInt64Ty(), c_.error);
        b.CreateStore(b.CreateSelect(fresh, b.getInt64(number + 1), kept), c_.error);
        return nullptr;
      },
      []() -> Value* { return nullptr; });
}

}  // namespace kasuri::codegen
