#include <algorithm>
#include <cstdlib>
#include <map>

#include "engine/loops/access.h"
#include "engine/loops/compose.h"
#include "engine/loops/simplify.h"
#include "engine/loops/split_variables.h"
#include "engine/loops/tidy.h"

namespace kasuri::loops {
namespace {

/// A loop variable of a stage.
struct Loop {
  int stage, variable;
  bool operator<(const Loop& o) const {
    return stage != o.stage ? stage < o.stage : variable < o.variable;
  }
};

/// Which loops of different stages walk the same axis of a shared buffer.
class LoopClasses {
 public:
  Loop root(Loop loop) const {
    auto it = parent_.find(loop);
    while (it != parent_.end()) {
      loop = it->second;
      it = parent_.find(loop);
    }
    return loop;
  }
  void join(Loop a, Loop b) {
    a = root(a), b = root(b);
    if (a < b || b < a) parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::map<Loop, Loop> parent_;
};

/// An access of a shared buffer.
struct Touch {
  int stage;
  std::vector<Index> at;
};

class Stitcher {
 public:
  explicit Stitcher(Nest nest) : nest_(std::move(nest)) {}

  Nest run() {
    if (nest_.stages.size() < 2 || !all_ordered()) return nest_;
    collect_touches();
    join_loops();
    choose();
    if (chosen_.empty()) return nest_;
    for (int s = 0; s < stage_count(); ++s) reorder_stage(s);
    nest_.outer_rank = static_cast<int>(chosen_.size());
    return nest_;
  }

 private:
  int stage_count() const { return static_cast<int>(nest_.stages.size()); }

  /// Stages whose result depends on the order of their points keep it.
  bool all_ordered() const {
    return std::none_of(nest_.stages.begin(), nest_.stages.end(), [](const Stage& stage) {
      return stage.combine != Stage::Combine::kNone ||
             std::any_of(stage.out_index.begin(), stage.out_index.end(), has_indirect);
    });
  }

  void collect_touches() {
    for (int s = 0; s < stage_count(); ++s) {
      const Stage& stage = nest_.stages[s];
      for_each_load(stage, [&](int b, const std::vector<Index>& at) { touch(b, s, at); });
      touch(stage.out, s, stage.out_index);
      if (stage.out2 >= 0) touch(stage.out2, s, stage.out_index);
    }
  }

  void touch(int buffer, int stage, const std::vector<Index>& at) {
    if (is_shared(nest_, buffer)) touches_[buffer].push_back({stage, at});
  }

  void join_loops() {
    for (const auto& [buffer, touches] : touches_)
      for (size_t axis = 0; axis < nest_.buffers[buffer].extents.size(); ++axis) {
        const Touch* first = nullptr;
        for (const Touch& t : touches) {
          if (t.at[axis]->kind != IndexKind::kVariable) continue;
          if (first)
            classes_.join(loop_at(*first, axis), loop_at(t, axis));
          else
            first = &t;
        }
      }
  }

  static Loop loop_at(const Touch& t, size_t axis) {
    return {t.stage, static_cast<int>(t.at[axis]->value)};
  }

  bool may_be_outer(const Stage& stage, int v) const {
    const auto rank = static_cast<int>(stage.domain.size());
    if (stage.kind == StageKind::kContraction) return v < rank - 3;
    if (stage.kind == StageKind::kScan) return v < rank - 1;
    return v < kept_rank(stage);
  }

  /// The class's one variable in each stage; empty if it lacks one or has two somewhere.
  std::vector<int> members(Loop root) const {
    std::vector<int> variables;
    for (int s = 0; s < stage_count(); ++s) {
      int found = -1, count = 0;
      for (int v = 0; v < static_cast<int>(nest_.stages[s].domain.size()); ++v) {
        const Loop here = classes_.root({s, v});
        if (here < root || root < here) continue;
        found = v;
        ++count;
      }
      if (count != 1 || !may_be_outer(nest_.stages[s], found)) return {};
      if (nest_.stages[s].domain[found] !=
          nest_.stages[0].domain[variables.empty() ? found : variables[0]])
        return {};
      variables.push_back(found);
    }
    return variables;
  }

  /// The proof: every shared buffer has an axis on which all accesses, reads and writes, stand at
  /// the class's own variable, so an outer point touches only what it wrote itself.
  bool contained(const std::vector<int>& variables) const {
    for (const auto& [buffer, touches] : touches_) {
      bool pinned = false;
      for (size_t axis = 0; axis < nest_.buffers[buffer].extents.size() && !pinned; ++axis)
        pinned = std::all_of(touches.begin(), touches.end(), [&](const Touch& t) {
          return t.at[axis]->kind == IndexKind::kVariable &&
                 t.at[axis]->value == variables[t.stage];
        });
      if (!pinned) return false;
    }
    return true;
  }

  /// The stage that does most work gives the order of the outer variables.
  int dominant() const {
    int best = 0;
    for (int s = 1; s < stage_count(); ++s)
      if (count_of(nest_.stages[s].domain) >= count_of(nest_.stages[best].domain)) best = s;
    return best;
  }

  bool is_unit_stride(const Stage& stage, int v) const {
    const auto steps_by_one = [&](int buffer, const std::vector<Index>& at) {
      int64_t step = 0;
      for (size_t axis = 0; axis < at.size(); ++axis)
        step += stride_of(at[axis], v).value_or(0) * nest_.buffers[buffer].strides[axis];
      return std::abs(step) == 1;
    };
    if (stage.kind == StageKind::kMap) return steps_by_one(stage.out, stage.out_index);
    bool found = false;
    for_each_load(stage, [&](int buffer, const std::vector<Index>& at) {
      found |= steps_by_one(buffer, at);
    });
    return found;
  }

  /// All classes that stand the proof, but for the one along which memory is walked: it stays an
  /// inner loop, for vectors.
  void choose() {
    const int lead = dominant();
    const Stage& stage = nest_.stages[lead];
    for (int v = 0; v < static_cast<int>(stage.domain.size()); ++v) {
      if (stage.domain[v] > 1 && is_unit_stride(stage, v)) continue;
      const std::vector<int> variables = members(classes_.root({lead, v}));
      if (!variables.empty() && contained(variables)) chosen_.push_back(variables);
    }
  }

  void reorder_stage(int s) {
    Stage& stage = nest_.stages[s];
    std::vector<int> order;
    for (const std::vector<int>& variables : chosen_) order.push_back(variables[s]);
    for (int v = 0; v < static_cast<int>(stage.domain.size()); ++v)
      if (std::find(order.begin(), order.end(), v) == order.end()) order.push_back(v);
    reorder(stage, order);
  }

  Nest nest_;
  std::map<int, std::vector<Touch>> touches_;
  LoopClasses classes_;
  std::vector<std::vector<int>> chosen_;  ///< Per outer variable: its number in each stage.
};

}  // namespace

Nest stitch(const Nest& given) {
  Nest nest = given;
  nest.outer_rank = 0;
  Nest split = nest;
  for (Stage& stage : split.stages) simplify_stage(stage);
  split_variables(split);
  Nest stitched = Stitcher(std::move(split)).run();
  return stitched.outer_rank > 0 ? stitched : nest;
}

int64_t local_bytes(const Nest& nest, int buffer) {
  const Buffer& b = nest.buffers.at(buffer);
  std::vector<int64_t> widths(b.extents.size(), 0);
  for (const Stage& stage : nest.stages) {
    if ((stage.out != buffer && stage.out2 != buffer) || count_of(stage.domain) == 0) continue;
    std::vector<int64_t> inner = stage.domain;
    for (int v = 0; v < nest.outer_rank; ++v) inner[v] = std::min<int64_t>(inner[v], 1);
    for (size_t axis = 0; axis < widths.size(); ++axis) {
      const Interval range = interval_of(simplify(stage.out_index[axis], inner), inner);
      widths[axis] = std::max(widths[axis], range.high - range.low + 1);
    }
  }
  return static_cast<int64_t>(bytes_for(b.dtype, count_of(widths)));
}

}  // namespace kasuri::loops
