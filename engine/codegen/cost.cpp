#include "engine/codegen/cost.h"

#include <algorithm>

namespace kasuri::codegen {
namespace {

using loops::BinaryOp;
using loops::ScalarKind;
using loops::UnaryOp;

/// Lanes this many elements apart each take a cache line.
constexpr int64_t kFarStride = 16;
/// Lanes this close are taken from neighbouring vectors.
constexpr int64_t kShortStride = 4;

bool contains(VariableSet set, int variable) { return variable >= 0 && (set >> variable & 1) != 0; }

double cycles_of(UnaryOp op) {
  switch (op) {
    case UnaryOp::kExp:
    case UnaryOp::kTanh:
    case UnaryOp::kErf:
    case UnaryOp::kSigmoid:
    case UnaryOp::kLog:
      return 20;
    case UnaryOp::kSqrt:
    case UnaryOp::kRsqrt:
    case UnaryOp::kReciprocal:
      return 8;
    case UnaryOp::kSin:
    case UnaryOp::kCos:
    case UnaryOp::kSoftplus:
    case UnaryOp::kLog1p:
    case UnaryOp::kExpm1:
      return 35;
    case UnaryOp::kTan:
    case UnaryOp::kAsin:
    case UnaryOp::kAcos:
    case UnaryOp::kAtan:
    case UnaryOp::kSinh:
    case UnaryOp::kCosh:
    case UnaryOp::kAsinh:
    case UnaryOp::kAcosh:
    case UnaryOp::kAtanh:
      return 300;
    default:
      return 1;
  }
}

double cycles_of(const Op& op) {
  switch (op.kind) {
    case ScalarKind::kUnary:
      return cycles_of(op.unary);
    case ScalarKind::kBinary:
      if (op.binary == BinaryOp::kPow || op.binary == BinaryOp::kAtan2) return 300;
      if (op.binary == BinaryOp::kDiv) return is_float(op.type) ? 8 : 60;
      if (op.binary == BinaryOp::kMod || op.binary == BinaryOp::kFmod) return 60;
      return 1;
    case ScalarKind::kCast:
    case ScalarKind::kSelect:
      return 1;
    default:
      return 0;
  }
}

/// Cycles of a load or store of one vector at `form`.
double access_cycles(const GroupProgram& program, const LinearForm& form, int axis, int width) {
  const VariableSet variables = program.forms.variables_of(form);
  if (width == 1) return 1;
  if (!contains(variables, axis)) return 0.1;
  double cycles = 0;
  bool lanes_known = true;
  for (const auto& [number, coefficient] : form.atoms) {
    if (!contains(program.forms.atoms()[number].variables, axis)) continue;
    lanes_known = false;
    cycles += 6;
  }
  const int64_t stride = form.coefficients[axis];
  if (lanes_known && stride == 1) return 1;
  if (lanes_known && stride >= 2 && stride <= kShortStride) return 0.6 * width;
  const bool far = lanes_known && (stride >= kFarStride || stride <= -kFarStride);
  return cycles + (far ? 2.5 : 1.2) * width;
}

double per_vector(const GroupProgram& program, int axis, int width, int tile_axis) {
  double cycles = 0.5;
  for (const Op& op : program.ops) {
    if (is_transposed(program, op, axis, tile_axis))
      cycles += 6;
    else if (op.kind == ScalarKind::kLoad && op.buffer >= 0)
      cycles += access_cycles(program, op.index, axis, width);
    else if (op.kind == ScalarKind::kIndexValue)
      cycles += contains(op.variables, axis) ? 2 : 0.1;
    else
      cycles += contains(op.variables, axis) || width == 1 ? cycles_of(op) : 0.1;
  }
  for (const GroupStage& stage : program.stages)
    if (stage.store && stage.stage->kind == loops::StageKind::kMap)
      cycles += access_cycles(program, stage.out, axis, width);
  return cycles;
}

}  // namespace

bool is_transposed(const GroupProgram& program, const Op& op, int axis, int tile_axis) {
  if (op.kind != ScalarKind::kLoad || op.buffer < 0 || axis < 0 || tile_axis < 0) return false;
  const int64_t stride = op.index.coefficients[axis];
  if (!op.in_bounds || stride == 0 || stride == 1) return false;
  if (program.forms.may_read_outside(op.index) || op.index.coefficients[tile_axis] != 1)
    return false;
  return std::none_of(op.index.atoms.begin(), op.index.atoms.end(), [&](const auto& term) {
    const VariableSet variables = program.forms.atoms()[term.first].variables;
    return contains(variables, axis) || contains(variables, tile_axis);
  });
}

GroupCost cost_of(const GroupProgram& program, int axis, int width, int tile_axis) {
  const std::vector<int64_t>& domain = program.domain();
  double points = 1;
  for (int64_t extent : domain) points *= static_cast<double>(extent);
  GroupCost cost{.per_vector = per_vector(program, axis, width, tile_axis)};
  const int reduce_rank = program.reduce_rank();
  const int first_reduced = static_cast<int>(domain.size()) - reduce_rank;
  double steps = points;
  if (axis >= 0 && domain[axis] > 0)
    steps = points / static_cast<double>(domain[axis]) *
            static_cast<double>((domain[axis] + width - 1) / width);
  cost.cycles = steps * cost.per_vector;
  if (reduce_rank == 0) return cost;
  double outputs = 1;
  for (int v = 0; v < first_reduced; ++v) outputs *= static_cast<double>(domain[v]);
  if (axis >= first_reduced) {
    cost.cycles += outputs * 20;
  } else if (axis >= 0) {
    const double blocks = outputs / static_cast<double>(domain[axis]) *
                          static_cast<double>((domain[axis] + width - 1) / width);
    cost.cycles += blocks * (4 + access_cycles(program, program.stages.back().out, axis, width));
  } else {
    cost.cycles += steps * 3 + outputs * 4;
  }
  return cost;
}

int lanes_of(const GroupProgram& program, const loops::Nest& nest,
             const TargetDescription& target) {
  int bits = 8;
  for (const Op& op : program.ops) {
    if (op.kind == ScalarKind::kIndexValue || op.kind == ScalarKind::kConstant) continue;
    if (op.type == DataType::kBool) continue;
    bits = std::max(bits, bits_of(loops::compute_type(op.type)));
  }
  for (const GroupStage& stage : program.stages)
    bits = std::max(bits, std::min(32, bits_of(nest.buffers[stage.stage->out].dtype)));
  return target.lanes(bits);
}

}  // namespace kasuri::codegen
