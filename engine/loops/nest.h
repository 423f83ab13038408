#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/fingerprint.h"
#include "engine/base/result.h"
#include "engine/loops/scalar.h"

namespace kasuri::loops {

enum class BufferRole : uint8_t { kInput, kOutput, kLocal };

/// A buffer of a nest. Loads and stores use logical indices, one per axis; `strides` (in elements)
/// say where an element lies, so a permuted physical layout (NHWC) is only other strides.
struct Buffer {
  std::string name;
  DataType dtype = DataType::kFloat;
  std::vector<int64_t> extents;
  std::vector<int64_t> strides;  ///< Same length; a stride of 0 repeats (broadcast inputs).
  BufferRole role = BufferRole::kInput;
};

enum class StageKind : uint8_t { kMap, kReduce, kContraction, kScan };

enum class ReduceOp : uint8_t {
  kSum,
  kMax,
  kMin,
  kProd,
  kArgMax,
  kArgMin,
  kAny,
  kAll,
  kWelford,  ///< out gets the mean, out2 the *population* variance
};

/// Element order of accumulation of a contraction.
enum class Accumulate : uint8_t { kF32, kF64, kI32, kI64 };

/// One loop over `domain`. What it computes is stored with ONNX Cast semantics in the type of the
/// buffer. Stages run one after another (or, at each outer point, all of them in order); a stage
/// may load what an earlier stage stored at the same outer point, from local and output buffers.
/// Variables 0..outer_rank-1 of every stage are the nest's outer domain
/// (same extents in all stages); the others are the stage's own.
///   map     out[out_index(i)] = body(i)
///   reduce  out[out_index(i without axes)] = op over the axes of body(i); axes are the *last*
///           `reduce_rank` variables of the domain, and out_index does not use them.
///   scan    out[out_index(i)] = op over j <= i along the last variable (ReduceOp kSum or kProd);
///           `exclusive`, `reverse` as in ONNX CumSum.
///   contraction: domain = (batch..., m, n, k) with the last variable reduced:
///           acc(batch,m,n) = sum_k a(batch,m,k) * b(batch,k,n) in `accumulate`;
///           out = epilogue, in which load(kAccumulator, {}) is acc.
struct Stage {
  StageKind kind = StageKind::kMap;
  std::vector<int64_t> domain;
  int reduce_rank = 0;
  ReduceOp op = ReduceOp::kSum;
  Scalar body;            ///< map, reduce, scan
  Scalar a, b, epilogue;  ///< contraction
  Accumulate accumulate = Accumulate::kF32;
  bool exclusive = false, reverse = false;  ///< scan
  int out = -1;
  int out2 = -1;  ///< welford variance; same out_index
  std::vector<Index> out_index;
  /// Scatter: how a store combines with what is there (kNone: last writer in domain order).
  enum class Combine : uint8_t { kNone, kAdd, kMul, kMin, kMax } combine = Combine::kNone;
};

/// Pseudo buffer number of a contraction's accumulator in its epilogue.
inline constexpr int kAccumulator = -2;

/// An ordered list of stages that share an outer domain; outside only inputs and outputs are seen.
/// A local buffer is indexed by its full logical indices; how much of it really exists at a time
/// is the schedule's affair.
struct Nest {
  std::string name;
  std::vector<Buffer> buffers;
  std::vector<Stage> stages;
  int outer_rank = 0;

  int add_buffer(Buffer buffer) {
    buffers.push_back(std::move(buffer));
    return static_cast<int>(buffers.size()) - 1;
  }
};

/// A row-major buffer.
Buffer make_buffer(std::string name, DataType dtype, std::vector<int64_t> extents, BufferRole role);

/// Identity indices variable(0..rank-1).
std::vector<Index> identity(int rank);

/// Calls visit for every element the stage reads, `at` the given indices; indirect indices (of
/// loads and of the store) are reads too, the accumulator is not.
void for_each_load(const Stage& stage,
                   const std::function<void(int buffer, const std::vector<Index>& at)>& visit);
/// The scalars a stage holds: body, or a, b and epilogue. A null epilogue is left out.
std::vector<Scalar> scalars_of(const Stage& stage);
/// Replaces every index, of loads and of the store, and every scalar.
struct StageRewrite {
  std::function<Index(const Index&)> index;     ///< may be empty
  std::function<Scalar(const Scalar&)> scalar;  ///< may be empty; applied after `index`
};
void rewrite(Stage& stage, const StageRewrite& how);
/// Product of extents.
int64_t count_of(const std::vector<int64_t>& extents);

/// Well-formedness: buffer numbers, index counts, types, outer extents, reduce ranks.
Status verify(const Nest& nest);

/// Text that parse() reads back: parse(print(nest)) prints the same.
std::string print(const Nest& nest);
Result<Nest> parse(const std::string& text);
std::string text_of(const Index& index);

/// Hash of everything but names.
Fingerprint fingerprint_of(const Nest& nest);

}  // namespace kasuri::loops
