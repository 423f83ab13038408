#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "engine/backend/cpu/post_op.h"
#include "engine/base/result.h"

namespace kasuri::cpu {

/// A contraction in the library's terms.
struct ContractionForm {
  enum class Kind : uint8_t { kMatmul, kConvolution, kDeconvolution };
  Kind kind = Kind::kMatmul;
  /// Where operands lie for the caller. matmul: [batch.., m, k], [batch.., k, n], [batch.., m, n]
  /// with batch dims of 1 where an operand repeats. (De)convolution: [n, c, spatial..], weights
  /// [g, o, i, spatial..] or without g.
  TensorForm source, weights, destination;
  std::vector<int64_t> bias_dims;                                 ///< empty: none
  std::vector<int64_t> strides, dilations, pads_begin, pads_end;  ///< (de)convolution
  std::vector<PostForm> posts;
  /// Contractions of 8-bit codes: (sum + bias) * output_scales goes through the post-ops; none: the
  /// sum itself. The zero points are those of the source's and the destination's codes.
  std::vector<float> output_scales;  ///< none, one, or one per output channel
  int32_t source_zero = 0, destination_zero = 0;
  /// Let the library choose a form of its own; data is reordered on the way in or out.
  bool any_source = false, any_weights = false, any_destination = false;
  bool constant_weights = false;  ///< Packed once by pack_weights().
  int threads = 1;
};

/// Where the data of one run is.
struct ContractionPointers {
  const void* source = nullptr;
  const void* weights = nullptr;  ///< packed, if needs_packing()
  const void* bias = nullptr;
  void* destination = nullptr;
  std::vector<const void*> operands;  ///< of binary post-ops, in order
  std::byte* workspace = nullptr;
};

/// One compiled oneDNN primitive with the reorders around it. Immutable; may run on several threads
/// at once with different pointers.
class OnednnPrimitive {
 public:
  /// Errors (kUnavailable): the library has no implementation.
  static Result<std::unique_ptr<OnednnPrimitive>> create(const ContractionForm& form);
  ~OnednnPrimitive();

  const std::string& implementation() const;
  /// Is it one of the library's slow reference loops?
  bool is_reference() const;
  bool needs_packing() const;
  /// Were reorders of source or destination added?
  int reorders() const;
  size_t packed_bytes() const;
  Status pack_weights(const void* plain, void* packed) const;
  size_t workspace_bytes() const;
  Status run(const ContractionPointers& pointers) const;

 private:
  struct State;
  explicit OnednnPrimitive(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Does the library add products of 8-bit codes up without saturating halfway (VNNI or AMX)?
bool adds_codes_exactly();

/// "oneDNN 2.6.3"
std::string onednn_version();

}  // namespace kasuri::cpu
