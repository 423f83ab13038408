#pragma once

#include <cstdint>
#include <vector>

#include "engine/ir/data_type.h"

namespace kasuri::cpu {

/// Data of an operand: element strides; empty strides: any form the library likes.
struct TensorForm {
  std::vector<int64_t> dims, strides;
  DataType type = DataType::kFloat;  ///< float32, int32, or codes of 8 bits
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
  kLinear,    ///< alpha * x + beta
  kCast,      ///< int32 sums taken as float32: no arithmetic
  kRound,     ///< to the nearest, ties to even
  kQuantize,  ///< codes: saturate(round(x / alpha) + beta)
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
