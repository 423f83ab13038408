#include "engine/loops/access.h"

#include <utility>

#include "engine/loops/index_simplifier.h"

namespace kasuri::loops {
namespace {

using AccessMap = std::function<Access(Access)>;

Index mapped(const Index& index, const AccessMap& map) {
  if (!has_indirect(index)) return index;
  std::vector<Index> args;
  for (const Index& arg : index->args) args.push_back(mapped(arg, map));
  if (index->kind != IndexKind::kIndirect) return rebuild(*index, std::move(args));
  Access access = map({index->buffer, std::move(args)});
  return indirect(access.buffer, std::move(access.at), index->limit, index->policy);
}

std::vector<Index> mapped(const std::vector<Index>& list, const AccessMap& map) {
  std::vector<Index> result;
  for (const Index& index : list) result.push_back(mapped(index, map));
  return result;
}

Scalar mapped(const Scalar& scalar, const AccessMap& map) {
  const Scalar inner = map_indices(scalar, [&](const Index& index) { return mapped(index, map); });
  return replace_loads(inner, [&](const ScalarNode& node) -> Scalar {
    if (node.buffer == kAccumulator) return nullptr;
    Access access = map({node.buffer, node.index});
    return load(access.buffer, node.type, std::move(access.at));
  });
}

}  // namespace

void map_accesses(Stage& stage, const AccessMap& map) {
  for (Scalar* scalar : {&stage.body, &stage.a, &stage.b, &stage.epilogue})
    if (*scalar) *scalar = mapped(*scalar, map);
  Access to = map({stage.out, mapped(stage.out_index, map)});
  stage.out = to.buffer;
  stage.out_index = std::move(to.at);
}

bool can_merge_axes(const Buffer& buffer, int axis) {
  return buffer.strides[axis] == buffer.strides[axis + 1] * buffer.extents[axis + 1];
}

void merge_axes(Nest& nest, int number, int axis) {
  Buffer& buffer = nest.buffers[number];
  const int64_t extent = buffer.extents[axis + 1];
  buffer.extents[axis] *= extent;
  buffer.strides[axis] = buffer.strides[axis + 1];
  buffer.extents.erase(buffer.extents.begin() + axis + 1);
  buffer.strides.erase(buffer.strides.begin() + axis + 1);
  for (Stage& stage : nest.stages)
    map_accesses(stage, [&](Access access) {
      if (access.buffer != number) return access;
      access.at[axis] = add(mul(access.at[axis], extent), access.at[axis + 1]);
      access.at.erase(access.at.begin() + axis + 1);
      return access;
    });
}

void substitute(Stage& stage, const std::vector<Index>& replacements) {
  rewrite(stage, {.index = [&](const Index& index) { return substitute(index, replacements); },
                  .scalar = {}});
}

void simplify_stage(Stage& stage) {
  IndexSimplifier indices(stage.domain);
  for (Index& index : stage.out_index) index = indices.apply(index);
  rewrite(stage, {.index = {},
                  .scalar = [&](const Scalar& scalar) { return simplify(scalar, stage.domain); }});
  share_equal(stage);
}

int division_count(const Nest& nest) {
  int count = 0;
  const auto add_all = [&](const std::vector<Index>& list) {
    for (const Index& index : list) count += division_count(index);
  };
  for (const Stage& stage : nest.stages) {
    add_all(stage.out_index);
    for (const Scalar& scalar : scalars_of(stage))
      visit(scalar, [&](const ScalarNode& node) { add_all(node.index); });
  }
  return count;
}

bool is_welford_target(const Nest& nest, int buffer) {
  for (const Stage& stage : nest.stages)
    if (stage.out2 >= 0 && (stage.out == buffer || stage.out2 == buffer)) return true;
  return false;
}

int kept_rank(const Stage& stage) {
  const auto rank = static_cast<int>(stage.domain.size());
  if (stage.kind == StageKind::kReduce) return rank - stage.reduce_rank;
  return stage.kind == StageKind::kContraction ? rank - 1 : rank;
}

void keep_buffers(Nest& nest, const std::vector<bool>& keep) {
  std::vector<int> number(nest.buffers.size(), -1);
  std::vector<Buffer> kept;
  for (size_t b = 0; b < keep.size(); ++b) {
    if (!keep[b]) continue;
    number[b] = static_cast<int>(kept.size());
    kept.push_back(std::move(nest.buffers[b]));
  }
  nest.buffers = std::move(kept);
  for (Stage& stage : nest.stages) {
    map_accesses(stage, [&](Access access) {
      access.buffer = number[access.buffer];
      return access;
    });
    if (stage.out2 >= 0) stage.out2 = number[stage.out2];
  }
}

}  // namespace kasuri::loops
