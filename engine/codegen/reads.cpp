#include "engine/codegen/reads.h"

namespace kasuri::codegen {
namespace {

using Visit = std::function<void(const Read&)>;

void walk_index(const loops::Index& index, bool guarded, const Visit& visit) {
  for (const loops::Index& arg : index->args) walk_index(arg, guarded, visit);
  if (index->kind == loops::IndexKind::kIndirect) visit({index->buffer, index->args, guarded});
}

void walk_scalar(const loops::Scalar& scalar, bool guarded, const Visit& visit) {
  for (const loops::Index& index : scalar->index) walk_index(index, guarded, visit);
  if (scalar->kind == loops::ScalarKind::kLoad && scalar->buffer >= 0)
    visit({scalar->buffer, scalar->index, guarded});
  for (size_t i = 0; i < scalar->args.size(); ++i)
    walk_scalar(scalar->args[i], guarded || (scalar->kind == loops::ScalarKind::kSelect && i > 0),
                visit);
}

}  // namespace

void for_each_read(const loops::Stage& stage, const Visit& visit) {
  for (const loops::Scalar& scalar : {stage.body, stage.a, stage.b, stage.epilogue})
    if (scalar) walk_scalar(scalar, false, visit);
  for (const loops::Index& index : stage.out_index) walk_index(index, false, visit);
}

}  // namespace kasuri::codegen
