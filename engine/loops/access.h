#pragma once

#include <functional>
#include <vector>

#include "engine/loops/nest.h"

namespace kasuri::loops {

/// One place where a stage touches a buffer.
struct Access {
  int buffer;
  std::vector<Index> at;
};

/// Rewrites every access of a stage: its loads, its store, and the buffers read by indirect indices
/// (inside out). out2 follows the store's index and is not visited.
void map_accesses(Stage& stage, const std::function<Access(Access)>& map);

/// One axis (p, p + 1) of a buffer in place of two that lie one after the other in memory.
bool can_merge_axes(const Buffer& buffer, int axis);
void merge_axes(Nest& nest, int buffer, int axis);

/// Variables renamed: variable k becomes replacements[k] everywhere; the domain is not touched.
void substitute(Stage& stage, const std::vector<Index>& replacements);

/// Gives equal subtrees of a stage's expressions one address, so that each is seen once.
void share_equal(Stage& stage);

/// Simplifies all indices and scalars of a stage over its domain and shares what is equal.
void simplify_stage(Stage& stage);

/// Floor_div and mod nodes in all indices of the nest.
int division_count(const Nest& nest);

/// Buffers nobody may change the shape of: welford writes two with one index.
bool is_welford_target(const Nest& nest, int buffer);

/// Variables of a stage that are not reduced (nor, in a contraction, k).
int kept_rank(const Stage& stage);

/// Keeps buffers for which `keep` holds and renumbers.
void keep_buffers(Nest& nest, const std::vector<bool>& keep);

}  // namespace kasuri::loops
