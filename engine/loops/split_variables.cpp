#include "engine/loops/split_variables.h"

#include <algorithm>
#include <functional>
#include <optional>

#include "engine/loops/access.h"
#include "engine/loops/linear.h"

namespace kasuri::loops {
namespace {

using AccessVisitor = std::function<void(int buffer, const std::vector<Index>& at)>;

void for_each_access(const Stage& stage, const AccessVisitor& visit) {
  for_each_load(stage, visit);
  visit(stage.out, stage.out_index);
}

/// A weight > 1 with which a variable walks the axis and that divides its extent.
std::optional<int64_t> radix_of(const Index& index, int64_t extent) {
  for (const Linear linear = linear_of(index); const Linear::Term& term : linear.terms)
    if (term.atom->kind == IndexKind::kVariable && term.coefficient > 1 &&
        term.coefficient < extent && extent % term.coefficient == 0)
      return term.coefficient;
  return std::nullopt;
}

void split_axis(Nest& nest, int number, int axis, int64_t radix) {
  Buffer& buffer = nest.buffers[number];
  const int64_t stride = buffer.strides[axis];
  buffer.extents[axis] /= radix;
  buffer.strides[axis] = stride * radix;
  buffer.extents.insert(buffer.extents.begin() + axis + 1, radix);
  buffer.strides.insert(buffer.strides.begin() + axis + 1, stride);
  for (Stage& stage : nest.stages) {
    map_accesses(stage, [&](Access access) {
      if (access.buffer != number) return access;
      const Index whole = access.at[axis];
      access.at[axis] = floor_div(whole, radix);
      access.at.insert(access.at.begin() + axis + 1, mod(whole, radix));
      return access;
    });
    simplify_stage(stage);
  }
}

bool split_some_axis(Nest& nest) {
  for (int b = 0; b < static_cast<int>(nest.buffers.size()); ++b) {
    if (!is_shared(nest, b) || is_welford_target(nest, b)) continue;
    for (int axis = 0; axis < static_cast<int>(nest.buffers[b].extents.size()); ++axis) {
      std::optional<int64_t> radix;
      for (const Stage& stage : nest.stages)
        for_each_access(stage, [&](int buffer, const std::vector<Index>& at) {
          if (buffer == b && !radix) radix = radix_of(at[axis], nest.buffers[b].extents[axis]);
        });
      if (!radix) continue;
      split_axis(nest, b, axis, *radix);
      return true;
    }
  }
  return false;
}

struct Cut {
  int variable;
  int64_t radix;
};

void find_cut(const Index& index, const std::vector<int64_t>& domain, std::optional<Cut>& cut) {
  for (const Index& arg : index->args) find_cut(arg, domain, cut);
  if (cut || (index->kind != IndexKind::kFloorDiv && index->kind != IndexKind::kMod)) return;
  const Index& x = index->args[0];
  if (x->kind != IndexKind::kVariable) return;
  const int64_t extent = domain[x->value];
  if (index->value < extent && extent % index->value == 0)
    cut = Cut{static_cast<int>(x->value), index->value};
}

bool may_cut(const Stage& stage, int v) {
  const auto rank = static_cast<int>(stage.domain.size());
  if (stage.kind == StageKind::kContraction) return v < rank - 3;
  return stage.kind != StageKind::kScan || v < rank - 1;
}

void split_variable(Stage& stage, Cut cut) {
  std::vector<Index> replacements;
  const bool reduced = cut.variable >= kept_rank(stage);
  for (int k = 0; k < static_cast<int>(stage.domain.size()); ++k) {
    if (k == cut.variable)
      replacements.push_back(add(mul(variable(k), cut.radix), variable(k + 1)));
    else
      replacements.push_back(variable(k < cut.variable ? k : k + 1));
  }
  stage.domain[cut.variable] /= cut.radix;
  stage.domain.insert(stage.domain.begin() + cut.variable + 1, cut.radix);
  if (stage.kind == StageKind::kReduce && reduced) ++stage.reduce_rank;
  substitute(stage, replacements);
  simplify_stage(stage);
}

bool split_some_variable(Nest& nest) {
  for (Stage& stage : nest.stages) {
    std::optional<Cut> cut;
    for_each_access(stage, [&](int buffer, const std::vector<Index>& at) {
      if (!is_shared(nest, buffer)) return;
      for (const Index& index : at) find_cut(index, stage.domain, cut);
      if (cut && !may_cut(stage, cut->variable)) cut.reset();
    });
    if (!cut) continue;
    split_variable(stage, *cut);
    return true;
  }
  return false;
}

}  // namespace

bool is_shared(const Nest& nest, int buffer) {
  int writers = 0, readers = 0;
  for (const Stage& stage : nest.stages) {
    writers += stage.out == buffer || stage.out2 == buffer;
    bool found = false;
    for_each_load(stage, [&](int b, const std::vector<Index>&) { found |= b == buffer; });
    readers += found;
  }
  return writers > 1 || (writers == 1 && readers > 0);
}

void split_variables(Nest& nest) {
  for (int round = 0; round < 32 && (split_some_axis(nest) || split_some_variable(nest)); ++round) {
  }
}

}  // namespace kasuri::loops
