#pragma once

#include <cstdint>
#include <vector>

namespace kasuri::cpu {

/// Float32 data of an operand: element strides; empty strides: any form the library likes.
struct TensorForm {
  std::vector<int64_t> dims, strides;
};

/// What can be done to a contraction's result before it is stored.
enum class PostKind : uint8_t {
  kRelu,  ///< x > 0 ? x : alpha * x
  kElu,   ///< x > 0 ? x : alpha * (exp(x) - 1)
  kClip,  ///< min(max(x, alpha), beta)
  kSigmoid,
  kTanh,
  kAbs,
  kSqrt,
  kExp,
  kSoftplus,
  kMish,
  kSwish,      ///< x * sigmoid(alpha * x)
  kHardSwish,  ///< x * clip(x + 3, 0, 6) / 6
  kGeluErf,
  kGeluTanh,
  kLinear,  ///< alpha * x + beta
  kAdd,
  kSub,
  kMul,
  kDiv,
  kMax,
  kMin,  ///< with an operand
};

/// Has an operand of its own?
inline bool is_binary(PostKind kind) { return kind >= PostKind::kAdd; }

struct PostForm {
  PostKind kind = PostKind::kRelu;
  float alpha = 0, beta = 0;
  TensorForm operand;  ///< binary: dims of 1 where it repeats
};

}  // namespace kasuri::cpu
