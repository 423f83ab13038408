#include <fmt/format.h>

#include <cmath>

#include "engine/ir/shape_inference/context.h"
#include "engine/ir/shape_inference/registry.h"

namespace kasuri::shape_inference {
namespace {

ValueType type_of(const Tensor& t) { return ValueType::tensor(t.dtype(), shape_of(t.extents())); }

void constant(Context& c) {
  if (const Tensor* value = c.tensor("value")) return c.set(0, type_of(*value));
  const Attribute* sparse = c.node().find("sparse_value");
  if (sparse != nullptr) {
    const auto* dense = std::get_if<Tensor>(sparse);
    return dense ? c.set(0, type_of(*dense)) : c.set(0, ValueType{});
  }
  const Node& n = c.node();
  const auto vector_of = [&](const char* name, DataType dtype, auto tag) {
    using T = decltype(tag);
    const Attribute* a = n.find(name);
    const auto* list = a == nullptr ? nullptr : std::get_if<std::vector<T>>(a);
    if (list) c.set(0, dtype, Shape{Dim(static_cast<int64_t>(list->size()))});
    return list != nullptr;
  };
  if (c.has_attribute("value_float")) return c.set(0, DataType::kFloat, Shape{});
  if (c.has_attribute("value_int")) return c.set(0, DataType::kInt64, Shape{});
  if (c.has_attribute("value_string")) return c.set(0, DataType::kString, Shape{});
  if (vector_of("value_floats", DataType::kFloat, float{}) ||
      vector_of("value_ints", DataType::kInt64, int64_t{}) ||
      vector_of("value_strings", DataType::kString, std::string{}))
    return;
  c.fail("the constant has no value");
}

/// The shape a constant 1-D input spells; negative entries are a contradiction.
MaybeShape spelled(Context& c, const std::optional<Integers>& extents, size_t input) {
  if (!extents) {
    const Dim rank = c.dim(input, 0);
    if (rank.known() && rank.value() <= 64) return unknown_shape(static_cast<size_t>(rank.value()));
    return std::nullopt;
  }
  Shape out;
  for (int64_t e : *extents) {
    if (e < 0) return c.fail(fmt::format("extent {} in the shape", e)), std::nullopt;
    out.push_back(Dim(e));
  }
  return out;
}

void constant_of_shape(Context& c) {
  if (!c.want_input(0)) return;
  const Tensor* value = c.tensor("value");
  c.set(0, value ? value->dtype() : DataType::kFloat, spelled(c, c.ints(0), 0));
}

void constant_fill(Context& c) {
  const DataType dtype = c.data_type("dtype", DataType::kFloat);
  if (const auto extents = c.list("shape")) return c.set(0, dtype, spelled(c, extents, 0));
  c.set(0, dtype, c.integer("input_as_shape", 0) ? spelled(c, c.ints(0), 0) : c.shape(0));
}

void eye_like(Context& c) {
  if (c.want_input(0)) c.set(0, c.data_type("dtype", c.dtype(0)), c.shape(0));
}

/// ceil((limit - start) / delta), exactly for integers.
Dim range_count(Context& c) {
  if (is_integer(c.dtype(0))) {
    const auto start = c.integer_at(0);
    const auto limit = c.integer_at(1);
    const auto delta = c.integer_at(2);
    if (!start || !limit || !delta) return {};
    if (*delta == 0) return c.fail("the step of a range is 0"), Dim();
    int64_t span = 0;
    if (__builtin_sub_overflow(*limit, *start, &span) || *delta == INT64_MIN) return {};
    if (span == 0 || (span > 0) != (*delta > 0)) return Dim(0);
    if (span == INT64_MIN) return {};
    return Dim(span / *delta + (span % *delta != 0 ? 1 : 0));
  }
  const auto start = c.number_at(0);
  const auto limit = c.number_at(1);
  const auto delta = c.number_at(2);
  if (!start || !limit || !delta) return {};
  if (*delta == 0) return c.fail("the step of a range is 0"), Dim();
  const double count = std::ceil((*limit - *start) / *delta);
  if (!(count < 9e15)) return c.fail("a range without end"), Dim();
  return Dim(count > 0 ? static_cast<int64_t>(count) : 0);
}

void range(Context& c) {
  for (size_t i = 0; i < 3; ++i)
    if (!c.want_input(i)) return;
  c.set(0, c.dtype(0), Shape{range_count(c)});
}

void random(Context& c) {
  const auto extents = c.list("shape");
  if (!extents) return c.fail("attribute 'shape' is missing");
  c.set(0, c.data_type("dtype", DataType::kFloat), spelled(c, extents, 0));
}

void multinomial(Context& c) {
  if (!c.want_input(0)) return;
  c.set(0, c.data_type("dtype", DataType::kInt32),
        Shape{c.dim(0, 0), Dim(c.integer("sample_size", 1))});
}

/// [height, width, channels]: an image of unknown height and width.
void image_decoder(Context& c) {
  const std::string format = c.text("pixel_format", "RGB");
  c.set(0, DataType::kUint8, Shape{Dim(), Dim(), Dim(format == "Grayscale" ? 1 : 3)});
}

}  // namespace

void register_generator_shapes(Registry& r) {
  r.add("Constant", constant);
  r.add("ConstantOfShape", constant_of_shape);
  r.add("ConstantFill", constant_fill);
  r.add({"EyeLike", "RandomNormalLike", "RandomUniformLike"}, eye_like);
  r.add("Range", range);
  r.add({"RandomNormal", "RandomUniform"}, random);
  r.add("Multinomial", multinomial);
  r.add("ImageDecoder", image_decoder);
}

}  // namespace kasuri::shape_inference
