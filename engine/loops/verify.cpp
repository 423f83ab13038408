#include <fmt/format.h>

#include "engine/loops/nest.h"

namespace kasuri::loops {
namespace {

Status wrong(std::string message) { return Error(std::move(message), ErrorKind::kInternal); }

bool computes_in(DataType type) {
  switch (type) {
    case DataType::kFloat:
    case DataType::kDouble:
    case DataType::kFloat16:
    case DataType::kBfloat16:
    case DataType::kBool:
    case DataType::kInt8:
    case DataType::kInt16:
    case DataType::kInt32:
    case DataType::kInt64:
    case DataType::kUint8:
    case DataType::kUint16:
    case DataType::kUint32:
    case DataType::kUint64:
      return true;
    default:
      return false;
  }
}

/// Checks one stage; variables below `variables_` may be used.
class StageChecker {
 public:
  StageChecker(const Nest& nest, const Stage& stage) : nest_(nest), stage_(stage) {}

  Status check() {
    for (int64_t extent : stage_.domain)
      if (extent < 0) return wrong("a domain has a negative extent");
    KASURI_RETURN_IF_ERROR(check_shape());
    const int kept = rank() - reduced();
    KASURI_RETURN_IF_ERROR(check_target(stage_.out, kept_for_target()));
    if (stage_.out2 >= 0) KASURI_RETURN_IF_ERROR(check_target(stage_.out2, kept_for_target()));
    if (stage_.kind != StageKind::kContraction) return check_scalar(stage_.body, rank());
    KASURI_RETURN_IF_ERROR(check_scalar(stage_.a, rank()));
    KASURI_RETURN_IF_ERROR(check_scalar(stage_.b, rank()));
    if (!stage_.epilogue) return Done{};
    in_epilogue_ = true;
    return check_scalar(stage_.epilogue, kept);
  }

 private:
  int rank() const { return static_cast<int>(stage_.domain.size()); }
  int reduced() const {
    if (stage_.kind == StageKind::kContraction || stage_.kind == StageKind::kScan) return 1;
    return stage_.kind == StageKind::kReduce ? stage_.reduce_rank : 0;
  }
  int kept_for_target() const {
    return stage_.kind == StageKind::kScan ? rank() : rank() - reduced();
  }

  Status check_shape() {
    if (reduced() < 0 || reduced() > rank()) return wrong("a stage reduces more axes than it has");
    if (nest_.outer_rank > rank() - reduced())
      return wrong("an outer variable is reduced or missing in a stage");
    for (int v = 0; v < nest_.outer_rank; ++v)
      if (stage_.domain[v] != nest_.stages[0].domain[v])
        return wrong("stages disagree about an outer extent");
    const bool scans = stage_.op == ReduceOp::kSum || stage_.op == ReduceOp::kProd;
    if (stage_.kind == StageKind::kScan && !scans) return wrong("a scan is a sum or a product");
    const bool welford = stage_.kind == StageKind::kReduce && stage_.op == ReduceOp::kWelford;
    if (welford != (stage_.out2 >= 0)) return wrong("welford, and only it, has a second output");
    if (stage_.combine != Stage::Combine::kNone && stage_.kind != StageKind::kMap)
      return wrong("only a map combines with what is there");
    return Done{};
  }

  Status check_target(int buffer, int variables) {
    KASURI_RETURN_IF_ERROR(check_access(buffer, stage_.out_index, variables));
    if (nest_.buffers[buffer].role == BufferRole::kInput)
      return wrong(fmt::format("a stage stores into input b{}", buffer));
    return Done{};
  }

  Status check_access(int buffer, const std::vector<Index>& index, int variables) {
    if (buffer < 0 || buffer >= static_cast<int>(nest_.buffers.size()))
      return wrong(fmt::format("there is no buffer b{}", buffer));
    if (index.size() != nest_.buffers[buffer].extents.size())
      return wrong(fmt::format("b{} has {} axes, not {}", buffer,
                               nest_.buffers[buffer].extents.size(), index.size()));
    for (const Index& i : index) KASURI_RETURN_IF_ERROR(check_index(i, variables));
    return Done{};
  }

  Status check_index(const Index& index, int variables) {
    if (!index) return wrong("an index is missing");
    if (index->kind == IndexKind::kVariable && index->value >= variables)
      return wrong(fmt::format("i{} is out of scope", index->value));
    if (index->kind == IndexKind::kIndirect) {
      KASURI_RETURN_IF_ERROR(check_access(index->buffer, index->args, variables));
      if (!is_integer(nest_.buffers[index->buffer].dtype))
        return wrong(fmt::format("b{} holds no integers to index with", index->buffer));
      return Done{};
    }
    for (const Index& arg : index->args) KASURI_RETURN_IF_ERROR(check_index(arg, variables));
    return Done{};
  }

  Status check_scalar(const Scalar& scalar, int variables) {
    if (!scalar) return wrong("a stage lacks an expression");
    Status status = Done{};
    visit(scalar, [&](const ScalarNode& node) {
      if (!status.ok()) return;
      status = check_node(node, variables);
    });
    return status;
  }

  Status check_node(const ScalarNode& node, int variables) {
    if (!computes_in(node.type))
      return wrong(fmt::format("nests do not compute in {}", name_of(node.type)));
    if (node.kind == ScalarKind::kIndexValue) return check_index(node.index[0], variables);
    if (node.kind != ScalarKind::kLoad) return Done{};
    if (node.buffer == kAccumulator)
      return in_epilogue_ ? ok_status() : wrong("the accumulator exists only in an epilogue");
    KASURI_RETURN_IF_ERROR(check_access(node.buffer, node.index, variables));
    if (node.type != compute_type(nest_.buffers[node.buffer].dtype))
      return wrong(fmt::format("b{} is read as {}", node.buffer, name_of(node.type)));
    return Done{};
  }

  const Nest& nest_;
  const Stage& stage_;
  bool in_epilogue_ = false;
};

}  // namespace

Status verify(const Nest& nest) {
  if (nest.outer_rank < 0) return wrong("a negative outer rank");
  for (size_t b = 0; b < nest.buffers.size(); ++b) {
    const Buffer& buffer = nest.buffers[b];
    const auto bad = [&](std::string_view why) { return wrong(fmt::format("b{} {}", b, why)); };
    if (!computes_in(buffer.dtype)) return bad("has a type nests do not compute in");
    if (buffer.strides.size() != buffer.extents.size()) return bad("lacks a stride per axis");
    for (int64_t extent : buffer.extents)
      if (extent < 0) return bad("has a negative extent");
  }
  for (size_t s = 0; s < nest.stages.size(); ++s) {
    Status status = StageChecker(nest, nest.stages[s]).check();
    if (!status.ok()) return std::move(status).error().with_context(fmt::format("stage {}", s));
  }
  return Done{};
}

}  // namespace kasuri::loops
