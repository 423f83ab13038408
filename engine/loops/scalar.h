#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/ir/data_type.h"
#include "engine/loops/index.h"

namespace kasuri::loops {

/// Scalar expressions: what a stage computes at one point of its domain. Typed; float16 and
/// bfloat16 are loaded as and computed in float32 and rounded only by a cast or the final store.
enum class ScalarKind : uint8_t {
  kLoad,      ///< buffer[index...] (type: the buffer's, f16/bf16 read as float32)
  kConstant,  ///< a literal
  kUnary,
  kBinary,
  kCast,        ///< args[0] to `type`, ONNX Cast semantics
  kSelect,      ///< args[0] (bool) ? args[1] : args[2]; the arm not taken is not evaluated, so
                ///< it may load out of bounds (padding)
  kIndexValue,  ///< index[0] as an int64 value
};

enum class UnaryOp : uint8_t {
  kNeg,
  kAbs,
  kSqrt,
  kRsqrt,
  kReciprocal,
  kExp,
  kLog,
  kErf,
  kTanh,
  kSigmoid,
  kSin,
  kCos,
  kTan,
  kAsin,
  kAcos,
  kAtan,
  kSinh,
  kCosh,
  kAsinh,
  kAcosh,
  kAtanh,
  kFloor,
  kCeil,
  kRoundEven,
  kSign,
  kNot,
  kBitNot,
  kIsNaN,
  kIsInf,
  kSoftplus,
  kLog1p,
  kExpm1,
  kTrunc
};

enum class BinaryOp : uint8_t {
  kAdd,
  kSub,
  kMul,
  kDiv,   ///< integer kDiv truncates; x/0 and min/-1 give 0 and min, never trap
  kMod,   ///< sign of the divisor (ONNX Mod fmod=0)
  kFmod,  ///< sign of the dividend (fmod=1)
  kPow,
  kMin,
  kMax,  ///< min/max: NaN if either is NaN
  kAnd,
  kOr,
  kXor,  ///< bool
  kBitAnd,
  kBitOr,
  kBitXor,
  kShiftLeft,
  kShiftRight,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kEqual,
  kNotEqual,  ///< result bool
  kAtan2
};

struct ScalarNode;
using Scalar = std::shared_ptr<const ScalarNode>;

struct ScalarNode {
  ScalarKind kind;
  DataType type;  ///< Of the result.
  UnaryOp unary{};
  BinaryOp binary{};
  std::vector<Scalar> args;
  int buffer = -1;           ///< kLoad
  std::vector<Index> index;  ///< kLoad: one per axis of the buffer; kIndexValue: one
  double number = 0;         ///< kConstant of float or bool type
  int64_t integer = 0;       ///< kConstant of integer type (uint64 as its bit pattern)
};

Scalar load(int buffer, DataType type, std::vector<Index> index);  ///< type: as computed
Scalar literal(DataType type, double value);
Scalar literal_int(DataType type, int64_t value);
Scalar unary(UnaryOp op, Scalar a);
Scalar binary(BinaryOp op, Scalar a, Scalar b);  ///< args of equal type
Scalar cast(Scalar a, DataType to);
Scalar select(Scalar predicate, Scalar yes, Scalar no);
Scalar index_value(Index index);

bool equal(const Scalar& a, const Scalar& b);
/// Rebuilds the tree with indices substituted (variables by expressions).
Scalar substitute(const Scalar& a, const std::vector<Index>& replacements);
/// Calls visit once on every distinct (by address) node, arguments first.
void visit(const Scalar& a, const std::function<void(const ScalarNode&)>& visit);
/// Rebuilds the tree, replacing loads for which `replace` returns non-null.
Scalar replace_loads(const Scalar& a, const std::function<Scalar(const ScalarNode&)>& replace);

/// Rebuilds the tree, each index (of loads and index values) replaced by `map` of it.
Scalar map_indices(const Scalar& a, const std::function<Index(const Index&)>& map);
/// A node like `like` over other arguments, through the smart constructors.
Scalar rebuild(const ScalarNode& like, std::vector<Scalar> args);
/// True or false if the (bool) scalar is a literal.
std::optional<bool> as_bool(const Scalar& a);

/// The type a buffer of this element type is computed in (f16, bf16 -> float; others themselves).
DataType compute_type(DataType stored);

}  // namespace kasuri::loops
