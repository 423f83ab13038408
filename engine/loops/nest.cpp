#include "engine/loops/nest.h"

#include <numeric>
#include <utility>

namespace kasuri::loops {
namespace {

using LoadVisitor = std::function<void(int, const std::vector<Index>&)>;

void visit_indirect(const Index& index, const LoadVisitor& visit) {
  for (const Index& arg : index->args) visit_indirect(arg, visit);
  if (index->kind == IndexKind::kIndirect) visit(index->buffer, index->args);
}

}  // namespace

int64_t count_of(const std::vector<int64_t>& extents) {
  return std::accumulate(extents.begin(), extents.end(), int64_t{1}, std::multiplies<>());
}

Buffer make_buffer(std::string name, DataType dtype, std::vector<int64_t> extents,
                   BufferRole role) {
  Buffer buffer{std::move(name), dtype, std::move(extents), {}, role};
  buffer.strides.assign(buffer.extents.size(), 1);
  for (size_t axis = buffer.extents.size(); axis-- > 1;)
    buffer.strides[axis - 1] = buffer.strides[axis] * buffer.extents[axis];
  return buffer;
}

std::vector<Index> identity(int rank) {
  std::vector<Index> indices;
  for (int v = 0; v < rank; ++v) indices.push_back(variable(v));
  return indices;
}

std::vector<Scalar> scalars_of(const Stage& stage) {
  std::vector<Scalar> scalars;
  for (const Scalar& s : {stage.body, stage.a, stage.b, stage.epilogue})
    if (s) scalars.push_back(s);
  return scalars;
}

void for_each_load(const Stage& stage, const LoadVisitor& callback) {
  for (const Scalar& scalar : scalars_of(stage))
    visit(scalar, [&](const ScalarNode& node) {
      for (const Index& index : node.index) visit_indirect(index, callback);
      if (node.kind == ScalarKind::kLoad && node.buffer != kAccumulator)
        callback(node.buffer, node.index);
    });
  for (const Index& index : stage.out_index) visit_indirect(index, callback);
}

void rewrite(Stage& stage, const StageRewrite& how) {
  if (how.index)
    for (Index& index : stage.out_index) index = how.index(index);
  for (Scalar* scalar : {&stage.body, &stage.a, &stage.b, &stage.epilogue}) {
    if (!*scalar) continue;
    if (how.index) *scalar = map_indices(*scalar, how.index);
    if (how.scalar) *scalar = how.scalar(*scalar);
  }
}

Fingerprint fingerprint_of(const Nest& nest) {
  Nest nameless = nest;
  nameless.name.clear();
  for (Buffer& buffer : nameless.buffers) buffer.name.clear();
  return kasuri::fingerprint_of(print(nameless));
}

}  // namespace kasuri::loops
