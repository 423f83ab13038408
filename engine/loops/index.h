#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kasuri::loops {

/// Index expressions: immutable, shared trees over the loop variables of a stage. Closed under
/// reshape, transpose, slice, expand, tile, pad, roll, space/depth and im2col (LOOPS.md).
/// The smart constructors below fold constants and the cheap identities; simplify(Index, extents)
/// in simplify.h does the interval and divisibility work.
enum class IndexKind : uint8_t {
  kConstant,  ///< value
  kVariable,  ///< loop variable number `value` of the stage
  kAdd,       ///< args[0] + args[1]
  kMul,       ///< args[0] * value
  kFloorDiv,  ///< floor(args[0] / value), value > 0
  kMod,       ///< args[0] - floor(args[0] / value) * value, value > 0
  kMin,       ///< min(args[0], args[1])   (clamping)
  kMax,       ///< max(args[0], args[1])
  kIndirect,  ///< integer element buffer[args...], in [-limit, limit); negatives are wrapped by
              ///< limit
};

struct IndexNode;
using Index = std::shared_ptr<const IndexNode>;

/// What happens to an indirect index outside [-limit, limit).
enum class OutOfRange : uint8_t { kReport, kClamp };

struct IndexNode {
  IndexKind kind;
  int64_t value = 0;
  std::vector<Index> args;
  int buffer = -1;    ///< kIndirect: the integer buffer read.
  int64_t limit = 0;  ///< kIndirect: extent of the axis indexed.
  OutOfRange policy = OutOfRange::kReport;
};

Index constant(int64_t value);
Index variable(int number);
Index add(Index a, Index b);
Index add(Index a, int64_t b);
Index mul(Index a, int64_t b);
Index floor_div(Index a, int64_t b);
Index mod(Index a, int64_t b);
Index min(Index a, Index b);
Index max(Index a, Index b);
Index indirect(int buffer, std::vector<Index> at, int64_t limit, OutOfRange policy);

/// A node like `like` over other arguments, through the smart constructors.
Index rebuild(const IndexNode& like, std::vector<Index> args);

/// Quotient rounded down, and what remains (with the sign of b); both 0 if b is 0, which only
/// happens in loops over nothing.
int64_t floor_quotient(int64_t a, int64_t b);
int64_t floor_remainder(int64_t a, int64_t b);

bool equal(const Index& a, const Index& b);
std::optional<int64_t> as_constant(const Index& a);
/// Replaces variable k by `replacements[k]`.
Index substitute(const Index& a, const std::vector<Index>& replacements);
/// True if variable `number` occurs.
bool depends_on(const Index& a, int number);
bool has_indirect(const Index& a);
/// c if the expression is base + c * variable(number) with base free of it.
std::optional<int64_t> stride_of(const Index& a, int number);

}  // namespace kasuri::loops
