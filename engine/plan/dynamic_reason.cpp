#include "engine/plan/dynamic_reason.h"

namespace kasuri {
namespace {

bool has_open_shape(const PlanBuffer& buffer) {
  return buffer.kind == BufferKind::kDynamic && buffer.type.is_tensor() &&
         buffer.type.dtype != DataType::kString;
}

std::string why(const PlanBuffer& made, const PlanEntry& entry, const PlanStep& step) {
  switch (made.type.kind) {
    case ValueType::Kind::kSequence:
      return "'" + made.name + "' is a sequence";
    case ValueType::Kind::kOptional:
      return "'" + made.name + "' is optional";
    case ValueType::Kind::kMap:
      return "'" + made.name + "' is a map";
    case ValueType::Kind::kTensor:
      break;
  }
  if (made.type.dtype == DataType::kString) return "'" + made.name + "' is text";
  for (BufferId id : step.inputs)
    if (const PlanBuffer& read = entry.buffers[id.index()]; has_open_shape(read))
      return "it reads '" + read.name + "' " + read.type.text() +
             ", whose shape is known only at run time";
  if (made.type.is_static_tensor())
    return "'" + made.name + "' leaves a body, which decides its shape whatever the file declares";
  return "the shape of '" + made.name + "' depends on data";
}

}  // namespace

std::string why_dynamic(const PlanEntry& entry, const PlanStep& step) {
  for (BufferId id : step.outputs)
    if (const PlanBuffer& made = entry.buffers[id.index()]; made.kind == BufferKind::kDynamic)
      return why(made, entry, step);
  return "";
}

}  // namespace kasuri
