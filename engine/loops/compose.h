#pragma once

#include <string>
#include <vector>

#include "engine/loops/nest.h"

namespace kasuri::loops {

/// Puts nests one after another: outputs of an earlier nest that a later one reads (given by
/// `links`) become local buffers unless `keep_output`; stages are concatenated, outer_rank 0.
struct Link {
  int from_nest, from_buffer;  ///< an output
  int to_nest, to_buffer;      ///< an input of the same extents and dtype
};
/// Buffers of the result: those of the first nest, those of the second without linked inputs, ...;
/// a linked output is kept as an output if it is named in `kept_outputs`.
Nest chain(const std::vector<Nest>& nests, const std::vector<Link>& links,
           const std::vector<Link>& kept_outputs = {});

/// Weight of all distinct nodes of an expression, an addition or a load being 1.
double operations_of(const Scalar& scalar);

/// What inlining would cost, for the profitability test of LOOPS.md. One operation is the work of
/// an addition or a load; a writer that only moves elements has none.
struct InlineCost {
  double reads_per_element = 0;  ///< how often each element of the buffer is read
  double operations = 0;         ///< scalar operations of the producer's body
  double index_operations = 0;   ///< div/mod left after simplification, per read
  int64_t bytes = 0;             ///< of the intermediate buffer
};

/// inline(producer -> consumer): local buffer `buffer`, written by map stages with bijective
/// out_index (several writers become a select), vanishes; its readers compute the body. Returns
/// an Error with the reason where that is not legal (reduce writer, scatter, scan, ...).
Result<Nest> inline_buffer(const Nest& nest, int buffer);
Result<InlineCost> inline_cost(const Nest& nest, int buffer);

/// stitch: finds the largest outer domain that all stages can share such that every read of a local
/// buffer at outer point o touches only elements written at the same o (proved by index
/// containment), and sets outer_rank and the variable order accordingly. outer_rank 0 when
/// there is none: the nest then runs stage after stage.
Nest stitch(const Nest& nest);

/// Makes a map that alone reads a contraction's result, element for element, part of its epilogue.
/// Declined with the reason where it does not apply.
Result<Nest> absorb_epilogue(const Nest& nest, int buffer);

/// The default recipe: chain is given; inline what is legal and profitable, simplify, stitch.
Nest fuse(const Nest& nest);

/// Bytes a local buffer needs per outer point (its scope once stitched).
int64_t local_bytes(const Nest& nest, int buffer);

}  // namespace kasuri::loops
