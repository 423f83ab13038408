#include <fmt/format.h>

#include "engine/ir/shape_inference/context.h"
#include "engine/ir/shape_inference/registry.h"

namespace kasuri::shape_inference {
namespace {

bool is_sequence(const ValueType& t) { return t.kind == ValueType::Kind::kSequence; }

/// The sequence of input `i`, or a contradiction when it is known to be something else.
const ValueType* sequence_type(Context& c, size_t i) {
  if (!c.want_input(i)) return nullptr;
  const ValueType* t = &c.type(i);
  if (t->kind == ValueType::Kind::kOptional && t->element) t = t->element.get();
  if (is_sequence(*t) && t->element) return t;
  if (!is_sequence(*t) && (t->dtype != DataType::kUndefined || !t->is_tensor()))
    c.fail(fmt::format("input {} is {}, not a sequence", i, t->text()));
  return nullptr;
}

/// A sequence's element type must hold for the new element too.
ValueType with_element(const ValueType& sequence, const ValueType& element) {
  if (!sequence.element->shape && sequence.element->dtype == element.dtype) return sequence;
  return ValueType::sequence(widen(*sequence.element, element));
}

void construct(Context& c) {
  if (!c.want_input(0)) return;
  ValueType element = c.type(0);
  for (size_t i = 1; i < c.inputs(); ++i) {
    if (c.dtype(i) != element.dtype && c.dtype(i) != DataType::kUndefined)
      return c.fail("the elements have different types");
    element = widen(element, c.type(i));
  }
  c.set(0, ValueType::sequence(std::move(element)));
}

void empty(Context& c) {
  c.set(0, ValueType::sequence(ValueType::tensor(c.data_type("dtype", DataType::kFloat))));
}

void insert(Context& c) {
  const ValueType* s = sequence_type(c, 0);
  if (s && c.want_input(1)) c.set(0, with_element(*s, c.type(1)));
}

void erase(Context& c) {
  if (const ValueType* s = sequence_type(c, 0)) c.set(0, *s);
}

void at(Context& c) {
  if (const ValueType* s = sequence_type(c, 0)) c.set(0, *s->element);
}

void length(Context& c) {
  sequence_type(c, 0);
  c.set(0, DataType::kInt64, Shape{});
}

/// Pieces along the axis; with keepdims 0 and no split the axis goes.
void split_to_sequence(Context& c) {
  if (!c.want_input(0)) return;
  ValueType element = ValueType::tensor(c.dtype(0), c.shape(0));
  if (element.shape) {
    const auto axis = c.axis(c.integer("axis", 0), c.rank(0));
    if (!axis) return;
    Dim& d = (*element.shape)[static_cast<size_t>(*axis)];
    if (!c.has(1)) {
      if (c.integer("keepdims", 1) != 0)
        d = 1;
      else
        element.shape->erase(element.shape->begin() + *axis);
    } else {
      const auto piece = c.integer_at(1);
      const bool even =
          c.rank(1) == 0 && piece && *piece > 0 && d.known() && d.value() % *piece == 0;
      d = even ? Dim(*piece) : Dim();
    }
  }
  c.set(0, ValueType::sequence(std::move(element)));
}

void concat_from_sequence(Context& c) {
  const ValueType* s = sequence_type(c, 0);
  if (s == nullptr) return;
  MaybeShape out = s->element->shape;
  if (out) {
    const bool fresh = c.integer("new_axis", 0) != 0;
    const auto axis = c.axis(c.integer("axis", 0), static_cast<int>(out->size()) + (fresh ? 1 : 0));
    if (!axis) return;
    if (fresh)
      out->insert(out->begin() + *axis, Dim());
    else
      (*out)[static_cast<size_t>(*axis)] = Dim();
  }
  c.set(0, s->element->dtype, std::move(out));
}

void optional(Context& c) {
  const ValueType* declared = c.type_attribute("type");
  if (c.has(0)) return c.set(0, ValueType::optional(c.type(0)));
  if (declared) return c.set(0, ValueType::optional(*declared));
  c.fail("neither an input nor a type is given");
}

void optional_get_element(Context& c) {
  if (!c.want_input(0)) return;
  const ValueType& t = c.type(0);
  c.set(0, t.kind == ValueType::Kind::kOptional && t.element ? *t.element : t);
}

void optional_has_element(Context& c) { c.set(0, DataType::kBool, Shape{}); }

}  // namespace

void register_sequence_shapes(Registry& r) {
  r.add("SequenceConstruct", construct);
  r.add("SequenceEmpty", empty);
  r.add("SequenceInsert", insert);
  r.add("SequenceErase", erase);
  r.add("SequenceAt", at);
  r.add("SequenceLength", length);
  r.add("SplitToSequence", split_to_sequence);
  r.add("ConcatFromSequence", concat_from_sequence);
  r.add("Optional", optional);
  r.add("OptionalGetElement", optional_get_element);
  r.add("OptionalHasElement", optional_has_element);
}

}  // namespace kasuri::shape_inference
