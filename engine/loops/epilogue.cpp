#include <algorithm>
#include <optional>

#include "engine/loops/access.h"
#include "engine/loops/compose.h"
#include "engine/loops/writer_inverse.h"

namespace kasuri::loops {
namespace {

Error declined(std::string reason) { return Error::unavailable(std::move(reason)); }

/// The one stage that reads the buffer, or -1.
int only_reader(const Nest& nest, int buffer) {
  int reader = -1;
  for (int s = 0; s < static_cast<int>(nest.stages.size()); ++s) {
    bool found = false;
    for_each_load(nest.stages[s], [&](int b, const std::vector<Index>&) { found |= b == buffer; });
    if (!found) continue;
    if (reader >= 0) return -1;
    reader = s;
  }
  return reader;
}

int only_writer(const Nest& nest, int buffer) {
  int writer = -1;
  for (int s = 0; s < static_cast<int>(nest.stages.size()); ++s) {
    if (nest.stages[s].out != buffer && nest.stages[s].out2 != buffer) continue;
    if (writer >= 0) return -1;
    writer = s;
  }
  return writer;
}

/// The one index list with which a stage reads the buffer; empty optional if there are several.
std::optional<std::vector<Index>> only_index(const Stage& stage, int buffer) {
  std::optional<std::vector<Index>> at;
  bool one = true;
  for_each_load(stage, [&](int b, const std::vector<Index>& index) {
    if (b != buffer) return;
    if (!at) at = index;
    one = one && std::equal(index.begin(), index.end(), at->begin(),
                            [](const Index& x, const Index& y) { return equal(x, y); });
  });
  return one ? at : std::nullopt;
}

bool indexes_with(const Stage& stage, int buffer) {
  bool found = false;
  Stage indices;
  indices.out_index = stage.out_index;
  visit(stage.body, [&](const ScalarNode& node) {
    indices.out_index.insert(indices.out_index.end(), node.index.begin(), node.index.end());
  });
  for_each_load(indices, [&](int b, const std::vector<Index>&) { found |= b == buffer; });
  return found;
}

Scalar epilogue_of(const Stage& contraction, DataType stored) {
  if (contraction.epilogue) return cast(contraction.epilogue, stored);
  return cast(load(kAccumulator, compute_type(stored), {}), stored);
}

}  // namespace

Result<Nest> absorb_epilogue(const Nest& nest, int buffer) {
  if (nest.buffers.at(buffer).role != BufferRole::kLocal || nest.outer_rank > 0)
    return declined("it is seen from outside");
  const int w = only_writer(nest, buffer), r = only_reader(nest, buffer);
  if (w < 0 || r < w) return declined("it has several writers or readers");
  const Stage& contraction = nest.stages[w];
  const Stage& map = nest.stages[r];
  if (contraction.kind != StageKind::kContraction || map.kind != StageKind::kMap)
    return declined("not a contraction and a map");
  if (map.combine != Stage::Combine::kNone || indexes_with(map, buffer))
    return declined("the map scatters or indexes with it");
  const auto at = only_index(map, buffer);
  if (!at) return declined("the map reads several elements at a point");
  Stage as_store = map;
  as_store.out_index = *at;
  const auto inverse = WriterInverse::of(as_store);
  const bool whole =
      count_of(map.domain) == count_of(nest.buffers[buffer].extents) &&
      count_of(contraction.domain) == count_of(map.domain) * contraction.domain.back();
  if (!inverse || !whole || inverse->empty())
    return declined("the map does not read all of it once");
  Stage merged = contraction;
  const std::vector<Index> point = inverse->point(contraction.out_index);
  const DataType stored = nest.buffers[buffer].dtype;
  const Scalar result = epilogue_of(contraction, stored);
  merged.epilogue = replace_loads(
      substitute(map.body, point),
      [&](const ScalarNode& node) -> Scalar { return node.buffer == buffer ? result : nullptr; });
  merged.out = map.out;
  merged.out_index.clear();
  for (const Index& index : map.out_index) merged.out_index.push_back(substitute(index, point));
  simplify_stage(merged);
  Nest fused = nest;
  fused.stages[r] = std::move(merged);
  fused.stages.erase(fused.stages.begin() + w);
  return fused;
}

}  // namespace kasuri::loops
