#include "engine/codegen/storage.h"

#include <algorithm>
#include <optional>

#include "engine/base/check.h"
#include "engine/codegen/reads.h"

namespace kasuri::codegen {
namespace {

using loops::Index;
using loops::Nest;
using loops::Stage;

constexpr int64_t kAlignment = 64;
/// A local larger than this per outer point is shared memory of the whole nest instead.
constexpr int64_t kLargestArenaLocal = int64_t{1} << 20;

int64_t aligned(int64_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

std::vector<int64_t> row_major(const std::vector<int64_t>& extents) {
  std::vector<int64_t> strides(extents.size());
  int64_t stride = 1;
  for (size_t axis = extents.size(); axis-- > 0; stride *= extents[axis]) strides[axis] = stride;
  return strides;
}

int64_t count_of(const std::vector<int64_t>& extents) {
  int64_t count = 1;
  for (int64_t extent : extents) count *= extent;
  return count;
}

/// The index with every variable that is not an outer one set to 0.
std::vector<Index> at_inner_origin(const Stage& stage, int outer_rank) {
  std::vector<Index> origin;
  for (int v = 0; v < static_cast<int>(stage.domain.size()); ++v)
    origin.push_back(v < outer_rank ? loops::variable(v) : loops::constant(0));
  std::vector<Index> base;
  for (const Index& index : stage.out_index) base.push_back(loops::substitute(index, origin));
  return base;
}

/// Finds the box of a local buffer that one outer point touches.
class Footprint {
 public:
  Footprint(const Nest& nest, int buffer, int outer_rank)
      : nest_(nest),
        buffer_(buffer),
        outer_((VariableSet{1} << outer_rank) - 1),
        outer_rank_(outer_rank),
        none_(nest.buffers.size()) {
    for (Placement& placement : none_) {
      placement.extents.assign(64, 1);
      placement.strides.assign(64, 1);
    }
  }

  /// Empty if the box depends on the outer point in a way that is not a plain shift.
  std::optional<Placement> find() {
    for (const Stage& stage : nest_.stages)
      if ((stage.out == buffer_ || stage.out2 == buffer_) && !add_writer(stage)) return {};
    if (placement_.base.empty() && !nest_.buffers[buffer_].extents.empty()) return {};
    bool contained = true;
    for (const Stage& stage : nest_.stages)
      for_each_read(stage, [&](const Read& read) {
        if (read.buffer == buffer_ && !read.guarded && !contains(stage, read.index))
          contained = false;
      });
    if (!contained) return {};
    placement_.strides = row_major(placement_.extents);
    return placement_;
  }

 private:
  std::optional<Range> range_in_box(const Stage& stage, const Index& index, size_t axis) {
    FormTable forms(stage.domain, &none_);
    LinearForm form = forms.form_of(index);
    form.add(forms.form_of(placement_.base[axis]), -1);
    if ((forms.variables_of(form) & outer_) != 0) return {};
    return forms.range_of(form);
  }

  bool add_writer(const Stage& stage) {
    for (const Index& index : stage.out_index)
      if (loops::has_indirect(index)) return false;
    if (placement_.base.empty()) placement_.base = at_inner_origin(stage, outer_rank_);
    placement_.extents.resize(stage.out_index.size(), 1);
    for (size_t axis = 0; axis < stage.out_index.size(); ++axis) {
      std::optional<Range> range = range_in_box(stage, stage.out_index[axis], axis);
      if (!range) return false;
      if (range->low < 0) {
        placement_.base[axis] = loops::add(placement_.base[axis], range->low);
        placement_.extents[axis] -= range->low;
        range->high -= range->low;
      }
      placement_.extents[axis] = std::max(placement_.extents[axis], range->high + 1);
    }
    return true;
  }

  bool contains(const Stage& stage, const std::vector<Index>& index) {
    for (size_t axis = 0; axis < index.size(); ++axis) {
      const std::optional<Range> range = range_in_box(stage, index[axis], axis);
      if (!range || !range->within(0, placement_.extents[axis] - 1)) return false;
    }
    return true;
  }

  const Nest& nest_;
  int buffer_;
  VariableSet outer_;
  int outer_rank_;
  std::vector<Placement> none_;
  Placement placement_;
};

bool is_used(const Nest& nest, int buffer) {
  return std::any_of(nest.stages.begin(), nest.stages.end(), [&](const Stage& stage) {
    bool used = stage.out == buffer || stage.out2 == buffer;
    for_each_read(stage, [&](const Read& read) { used |= read.buffer == buffer; });
    return used;
  });
}

}  // namespace

std::string_view text_of(BufferScope scope) {
  switch (scope) {
    case BufferScope::kArgument:
      return "argument";
    case BufferScope::kRegister:
      return "register";
    case BufferScope::kArena:
      return "arena";
    case BufferScope::kGlobal:
      return "global";
    case BufferScope::kNowhere:
      return "nowhere";
  }
  fail("unknown scope");
}

Storage plan_storage(const Nest& nest, int outer_rank, const std::set<int>& absent) {
  Storage storage;
  int64_t arguments = 0;
  for (int b = 0; b < static_cast<int>(nest.buffers.size()); ++b) {
    const loops::Buffer& buffer = nest.buffers[b];
    BufferStorage place;
    Placement placement{.extents = buffer.extents, .strides = buffer.strides};
    if (buffer.role != loops::BufferRole::kLocal) {
      place.place = arguments++;
    } else if (absent.count(b) > 0 || !is_used(nest, b)) {
      place.scope = BufferScope::kNowhere;
    } else {
      std::optional<Placement> box;
      if (outer_rank > 0) box = Footprint(nest, b, outer_rank).find();
      const int64_t size = bits_of(buffer.dtype) / 8;
      if (box && count_of(box->extents) * size > kLargestArenaLocal &&
          count_of(box->extents) * 4 >= count_of(buffer.extents))
        box.reset();
      placement = box ? *box : Placement{buffer.extents, row_major(buffer.extents), {}};
      place.bytes = aligned(std::max<int64_t>(1, count_of(placement.extents)) * size);
      place.scope = !box                               ? BufferScope::kGlobal
                    : count_of(placement.extents) == 1 ? BufferScope::kRegister
                                                       : BufferScope::kArena;
      int64_t& total = box ? storage.arena_bytes : storage.global_bytes;
      if (place.scope != BufferScope::kRegister) {
        place.place = total;
        total += place.bytes;
      }
    }
    storage.buffers.push_back(place);
    storage.placements.push_back(std::move(placement));
  }
  return storage;
}

}  // namespace kasuri::codegen
