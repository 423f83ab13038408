#pragma once

#include <optional>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/backend/cpu/post_op.h"
#include "engine/backend/cpu/quantized_terms.h"
#include "engine/backend/cpu/strided_view.h"

namespace kasuri::cpu {

/// Conv, ConvTranspose, Gemm, MatMul and those over codes.
bool is_contraction(const Node& node);

/// One post-op and the members it stands for.
struct EpilogueOp {
  PostForm form;
  std::optional<StridedView> operand;  ///< Of a binary: broadcast to the root's output extents.
  std::vector<NodeId> nodes;
  ValueId result;
};

/// A group read as views + contraction + epilogue.
struct ContractionMatch {
  NodeId root;
  StridedView a, b;              ///< Data and weights; Gemm's transposes are in the strides.
  std::optional<StridedView> c;  ///< Conv's bias, Gemm's C; none where quantised.
  std::optional<QuantizedTerms> quantized;  ///< a and b are the codes.
  std::vector<EpilogueOp> epilogue;         ///< Usable from the front as far as the library can.
  std::vector<NodeId> after;                ///< Every member behind the root, topological order.

  ValueId result(const Graph& graph, size_t posts) const {
    return posts == 0 ? graph.node(root).outputs[0] : epilogue[posts - 1].result;
  }
  /// Members behind the root that the first `posts` post-ops leave over.
  std::vector<NodeId> rest(size_t posts) const;
};

/// Errors (kUnavailable) give the reason: no or several contractions, an operand whose views are
/// not affine, a type other than float32 (codes: see quantized_terms), an extent of 0, members
/// before the root that compute.
Result<ContractionMatch> match_contraction(const KernelRequest& request);

/// If `rest` are views that lead from `value` to the request's only output: how `value` lies in
/// that output's memory.
std::optional<StridedView> output_view(const KernelRequest& request,
                                       const std::vector<NodeId>& rest, ValueId value);

}  // namespace kasuri::cpu
