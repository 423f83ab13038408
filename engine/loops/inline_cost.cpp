#include <algorithm>
#include <vector>

#include "engine/loops/access.h"
#include "engine/loops/compose.h"
#include "engine/loops/index_simplifier.h"

namespace kasuri::loops {
namespace {

/// Vector instructions' worth of one operation, an addition being 1.
double weight_of(const ScalarNode& node) {
  switch (node.kind) {
    case ScalarKind::kLoad:
      return node.buffer == kAccumulator ? 0 : 1;
    case ScalarKind::kConstant:
      return 0;
    case ScalarKind::kBinary:
      switch (node.binary) {
        case BinaryOp::kDiv:
          return 4;
        case BinaryOp::kMod:
        case BinaryOp::kFmod:
          return 8;
        case BinaryOp::kPow:
        case BinaryOp::kAtan2:
          return 20;
        default:
          return 1;
      }
    case ScalarKind::kUnary:
      switch (node.unary) {
        case UnaryOp::kNeg:
        case UnaryOp::kAbs:
        case UnaryOp::kFloor:
        case UnaryOp::kCeil:
        case UnaryOp::kRoundEven:
        case UnaryOp::kSign:
        case UnaryOp::kNot:
        case UnaryOp::kBitNot:
        case UnaryOp::kIsNaN:
        case UnaryOp::kIsInf:
        case UnaryOp::kTrunc:
          return 1;
        case UnaryOp::kSqrt:
        case UnaryOp::kRsqrt:
        case UnaryOp::kReciprocal:
          return 4;
        default:
          return 12;
      }
    default:
      return 1;
  }
}

using IndexList = std::vector<Index>;

/// Distinct elements of the buffer one point of an expression reads.
int loads_of(const Scalar& scalar, int buffer) {
  std::vector<IndexList> seen;
  const auto note = [&](const IndexList& at) {
    const bool known = std::any_of(seen.begin(), seen.end(), [&](const IndexList& other) {
      return std::equal(at.begin(), at.end(), other.begin(),
                        [](const Index& a, const Index& b) { return equal(a, b); });
    });
    if (!known) seen.push_back(at);
  };
  Stage probe;
  probe.body = scalar;
  for_each_load(probe, [&](int b, const IndexList& at) {
    if (b == buffer) note(at);
  });
  return static_cast<int>(seen.size());
}

/// Points at which an operand of a contraction is evaluated: `a` once per (batch, m, k).
int64_t points_without(const Stage& stage, size_t from_back) {
  std::vector<int64_t> domain = stage.domain;
  domain[domain.size() - from_back] = 1;
  return count_of(domain);
}

double reads_of(const Stage& stage, int buffer) {
  double reads = 0;
  const auto count = [&](const Scalar& scalar, int64_t points) {
    if (scalar) reads += static_cast<double>(points) * loads_of(scalar, buffer);
  };
  count(stage.body, count_of(stage.domain));
  if (stage.kind == StageKind::kContraction) {
    count(stage.a, points_without(stage, 2));
    count(stage.b, points_without(stage, 3));
    count(stage.epilogue, points_without(stage, 1));
  }
  Stage store;
  store.out_index = stage.out_index;
  for_each_load(store, [&](int b, const IndexList&) {
    if (b == buffer) reads += static_cast<double>(count_of(stage.domain));
  });
  return reads;
}

}  // namespace

double operations_of(const Scalar& scalar) {
  double total = 0;
  visit(scalar, [&](const ScalarNode& node) { total += weight_of(node); });
  return total;
}

Result<InlineCost> inline_cost(const Nest& nest, int buffer) {
  KASURI_TRY(const Nest inlined, inline_buffer(nest, buffer));
  const Buffer& b = nest.buffers[buffer];
  const auto count = std::max<int64_t>(1, count_of(b.extents));
  InlineCost cost;
  cost.bytes = static_cast<int64_t>(bytes_for(b.dtype, count_of(b.extents)));
  double reads = 0;
  int readers = 0, writer_divisions = 0;
  for (const Stage& stage : nest.stages) {
    const double here = reads_of(stage, buffer);
    reads += here;
    readers += here > 0;
    if (stage.out != buffer) continue;
    cost.operations = std::max(cost.operations, operations_of(stage.body) - 1);
    Nest alone;
    alone.stages = {stage};
    writer_divisions += division_count(alone);
  }
  cost.reads_per_element = reads / static_cast<double>(count);
  const int added = division_count(inlined) - division_count(nest) + writer_divisions;
  cost.index_operations = static_cast<double>(added) / std::max(1, readers);
  return cost;
}

}  // namespace kasuri::loops
