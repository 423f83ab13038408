#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/codegen/linear_form.h"
#include "engine/loops/nest.h"

namespace kasuri::codegen {

/// One value computed at a point of the domain; arguments are numbers of earlier ops.
struct Op {
  loops::ScalarKind kind;
  DataType type;
  loops::UnaryOp unary{};
  loops::BinaryOp binary{};
  std::vector<int> args;
  int buffer = -1;        ///< kLoad; loops::kAccumulator for the accumulator of a contraction
  LinearForm index;       ///< kLoad: element offset; kIndexValue: the value
  bool in_bounds = true;  ///< kLoad: every axis stays inside its extent
  double number = 0;
  int64_t integer = 0;
  VariableSet variables = 0;   ///< Variables the value depends on.
  bool reads_memory = false;   ///< Any load below.
  bool reads_written = false;  ///< Any load below from a buffer some stage of the nest writes.
  bool unsafe = false;         ///< Evaluating it where its select did not ask for it may fault.
};

/// One stage of a group: which ops it stores where.
struct GroupStage {
  const loops::Stage* stage = nullptr;
  int body = -1;
  int epilogue = -1;  ///< contraction: computed from the accumulator; -1: the accumulator itself
  LinearForm out;
  bool out_in_bounds = true;
  bool store = true;  ///< False when every reader takes the value from the register.
};

/// Stages that run in one loop nest over a common domain: any number of maps, or one reduction or
/// contraction preceded by maps that feed it elementwise, or one Welford reduction or scan alone.
struct GroupProgram {
  FormTable forms;
  std::vector<Op> ops;
  std::vector<GroupStage> stages;

  const std::vector<int64_t>& domain() const { return forms.extents(); }
  const loops::Stage& last() const { return *stages.back().stage; }
  int reduce_rank() const;  ///< Trailing variables that are reduced or scanned.
};

/// Which stages run in one loop nest: stage numbers, in order.
using StageGroup = std::vector<int>;
std::vector<StageGroup> group_stages(const loops::Nest& nest);

/// `placements`: one per buffer of the nest; must outlive the program.
GroupProgram make_program(const loops::Nest& nest, const StageGroup& group,
                          const std::vector<Placement>& placements);

/// True if the stage must run alone and in domain order: it scatters, or writes a place twice.
bool is_ordered(const loops::Stage& stage);

}  // namespace kasuri::codegen
