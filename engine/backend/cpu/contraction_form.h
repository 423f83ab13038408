#pragma once

#include <optional>

#include "engine/backend/cpu/contraction_match.h"
#include "engine/backend/cpu/onednn_primitive.h"
#include "engine/backend/cpu/source_widening.h"

namespace kasuri::cpu {

/// A matched contraction with some of its post-ops, in the library's terms, and where its operands
/// come from.
struct FormedContraction {
  ContractionForm form;
  StridedView source, weights;  ///< offsets matter; strides are in the form
  std::optional<StridedView> bias;
  std::vector<float> bias_values;  ///< set instead when the bias had to be computed
  /// Set when the zero point of the data has still to be taken off: that many times the sums of the
  /// weights, by the bias where the library adds one, else from the result.
  std::vector<int32_t> channel_sums;
  SourceWidening widening;            ///< of the source, in front of the library's call
  std::vector<StridedView> operands;  ///< of the binary post-ops, in order
  int64_t destination_offset = 0;
  size_t posts = 0;  ///< How many of the match's post-ops are in it.
};

/// Writes the contraction with the first `posts` post-ops, its result lying as `out` says (extents
/// are those of the root's output). Empty when the library has no words for one of them.
std::optional<FormedContraction> form_contraction(const KernelRequest& request,
                                                  const ContractionMatch& match, size_t posts,
                                                  const StridedView& out);

}  // namespace kasuri::cpu
