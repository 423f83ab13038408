#include "engine/backend/reference/joining.h"
#include "engine/backend/reference/registry.h"

// Sequences and optionals.
namespace kasuri::reference {
namespace {

void sequence_construct(Context& c) {
  TensorSequence items;
  for (size_t i = 0; i < c.input_count(); ++i) items.emplace_back(c.in(i));
  c.set(0, RuntimeValue::sequence(std::move(items)));
}

void sequence_empty(Context& c) { c.set(0, RuntimeValue::sequence({})); }

/// A position in [0, size), or [0, size] where `may_be_end`.
size_t position(Context& c, size_t input, size_t size, bool may_be_end) {
  const auto n = static_cast<int64_t>(size);
  const int64_t at = c.integer(input, may_be_end ? n : -1);
  c.require(at >= -n && (at < n || (may_be_end && at == n)), "position {} in a sequence of {}", at,
            n);
  return static_cast<size_t>(at < 0 ? at + n : at);
}

void sequence_at(Context& c) {
  const TensorSequence& items = c.sequence(0);
  c.set(0, items[position(c, 1, items.size(), false)]);
}

void sequence_insert(Context& c) {
  c.require_room(static_cast<int64_t>(c.sequence(0).size()) + 1, sizeof(RuntimeValue),
                 "a sequence");
  TensorSequence items = c.sequence(0);
  const size_t at = position(c, 2, items.size(), true);
  items.insert(items.begin() + static_cast<int64_t>(at), c.value(1));
  c.set(0, RuntimeValue::sequence(std::move(items)));
}

void sequence_erase(Context& c) {
  TensorSequence items = c.sequence(0);
  const size_t at = position(c, 1, items.size(), false);
  items.erase(items.begin() + static_cast<int64_t>(at));
  c.set(0, RuntimeValue::sequence(std::move(items)));
}

void sequence_length(Context& c) {
  c.set(0, Tensor::scalar<int64_t>(static_cast<int64_t>(c.sequence(0).size())));
}

void concat_from_sequence(Context& c) {
  const bool new_axis = c.node().get_int("new_axis", 0) != 0;
  const int64_t axis = c.node().get_int("axis", 0);
  std::vector<Tensor> parts;
  for (const RuntimeValue& item : c.sequence(0)) {
    c.require(item.is_tensor(), "items must be tensors");
    Extents extents = item.tensor().extents();
    if (new_axis) extents.insert(extents.begin() + c.axis(axis, item.tensor().rank() + 1), 1);
    parts.push_back(item.tensor().reshaped(extents));
  }
  c.set(0, concatenated(c, parts, axis));
}

void split_to_sequence(Context& c) {
  const Tensor& x = c.in(0);
  const int axis = c.axis(c.node().get_int("axis", 0), x.rank());
  const int64_t extent = x.extents()[static_cast<size_t>(axis)];
  const bool keep = c.has(1) || c.node().get_int("keepdims", 1) != 0;
  std::vector<int64_t> parts = c.ints(1, {1});
  if (!c.has(1) || c.in(1).rank() == 0) {
    const int64_t size = parts.at(0);
    c.require(size > 0, "parts of {}", size);
    parts.clear();
    for (int64_t left = extent; left > 0; left -= size) parts.push_back(std::min(size, left));
  }
  TensorSequence items;
  int64_t begin = 0;
  for (int64_t length : parts) {
    c.require(length >= 0 && length <= extent - begin, "parts {} of an axis of {}", text_of(parts),
              extent);
    const Tensor part = section(c, x, axis, begin, length);
    Extents extents = part.extents();
    if (!keep) extents.erase(extents.begin() + axis);
    items.emplace_back(part.reshaped(extents));
    begin += length;
  }
  c.require(begin == extent, "parts {} of an axis of {}", text_of(parts), extent);
  c.set(0, RuntimeValue::sequence(std::move(items)));
}

void optional(Context& c) {
  RuntimeValue value = c.value(0);
  value.is_optional = true;
  c.set(0, std::move(value));
}

void optional_has_element(Context& c) {
  c.set(0, c.pack<int64_t>(DataType::kBool, {}, {c.has(0) ? 1 : 0}));
}

void optional_get_element(Context& c) {
  c.require(c.has(0), "the optional is empty");
  RuntimeValue value = c.value(0);
  value.is_optional = false;
  c.set(0, std::move(value));
}

}  // namespace

void register_sequences_kernels(Registry& r) {
  r.add("SequenceConstruct", sequence_construct);
  r.add("SequenceEmpty", sequence_empty);
  r.add("SequenceAt", sequence_at);
  r.add("SequenceInsert", sequence_insert);
  r.add("SequenceErase", sequence_erase);
  r.add("SequenceLength", sequence_length);
  r.add("ConcatFromSequence", concat_from_sequence);
  r.add("SplitToSequence", split_to_sequence);
  r.add("Optional", optional);
  r.add("OptionalHasElement", optional_has_element);
  r.add("OptionalGetElement", optional_get_element);
}

}  // namespace kasuri::reference
