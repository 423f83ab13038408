#include <cmath>
#include <limits>
#include <numbers>
#include <random>

#include "engine/backend/reference/elementwise.h"
#include "engine/backend/reference/registry.h"
#include "engine/ir/number_formats.h"

// Operators that make values: constants, ranges, windows and random numbers.
namespace kasuri::reference {
namespace {

DataType dtype_attribute(Context& c, const std::string& name, DataType fallback) {
  const int64_t number = c.node().get_int(name, static_cast<int64_t>(fallback));
  c.require(number > 0 && number <= static_cast<int64_t>(DataType::kInt2), "{} is {}", name,
            number);
  return static_cast<DataType>(number);
}

void constant(Context& c) {
  const Node& n = c.node();
  const auto size = [](const auto& v) { return Extents{static_cast<int64_t>(v.size())}; };
  if (const Attribute* value = n.find("value"); value && std::holds_alternative<Tensor>(*value))
    return c.set(0, std::get<Tensor>(*value));
  if (n.has("value_float")) return c.set(0, Tensor::scalar<float>(n.get_float("value_float", 0)));
  if (n.has("value_int")) return c.set(0, Tensor::scalar<int64_t>(n.get_int("value_int", 0)));
  if (n.has("value_string"))
    return c.set(0, Tensor::strings({}, {n.get_string("value_string", "")}));
  if (n.has("value_floats")) {
    const auto v = n.get_floats("value_floats");
    return c.set(0, Tensor::of<float>(size(v), v));
  }
  if (n.has("value_ints")) {
    const auto v = n.get_ints("value_ints");
    return c.set(0, Tensor::of<int64_t>(size(v), v));
  }
  if (const Attribute* v = n.find("value_strings"))
    if (const auto* strings = std::get_if<std::vector<std::string>>(v))
      return c.set(0, Tensor::strings(size(*strings), *strings));
  c.fail("has no value");
}

void constant_of_shape(Context& c) {
  Tensor value = Tensor::scalar<float>(0);
  if (const Attribute* given = c.node().find("value");
      given && std::holds_alternative<Tensor>(*given))
    value = std::get<Tensor>(*given);
  c.require(value.count() == 1, "value holds {} numbers", value.count());
  const Extents extents = c.ints(0);
  MoveTarget out(c, value.dtype(), extents);
  out.copy(0, MoveSource(value), 0, c.count(extents), 0);
  c.set(0, out.take());
}

void range(Context& c) {
  const DataType dtype = c.in(0).dtype();
  in_lane(dtype, [&]<typename T>(T) {
    const auto one = [&](size_t i) {
      c.require(c.in(i).count() == 1, "input {} must be one number", i);
      return elements<T>(c.in(i))[0];
    };
    const T start = one(0), limit = one(1), delta = one(2);
    c.require(delta != 0, "a step of 0");
    const double steps = std::ceil((static_cast<double>(limit) - static_cast<double>(start)) /
                                   static_cast<double>(delta));
    c.require(steps < 1e15, "{} elements", steps);
    const int64_t n = steps > 0 ? static_cast<int64_t>(steps) : 0;
    std::vector<T> out(static_cast<size_t>(c.scratch_count({n}, sizeof(T))));
    for (int64_t i = 0; i < n; ++i)
      out[static_cast<size_t>(i)] = static_cast<T>(start + static_cast<T>(i) * delta);
    c.set(0, c.pack(dtype, {n}, out));
  });
}

void eye_like(Context& c) {
  const Tensor& x = c.in(0);
  c.require(x.rank() == 2, "needs a matrix, not {}", text_of(x.extents()));
  const int64_t k = c.node().get_int("k", 0), columns = x.extents()[1];
  const DataType dtype = dtype_attribute(c, "dtype", x.dtype());
  std::vector<double> out(static_cast<size_t>(c.scratch_count(x.extents())));
  for (int64_t i = 0; i < x.count(); ++i)
    out[static_cast<size_t>(i)] = i % columns - i / columns == k ? 1 : 0;
  c.set(0, c.pack(dtype, x.extents(), out));
}

/// A cosine window a0 - a1 cos + a2 cos of twice the angle.
template <int kKind>
void window(Context& c) {
  constexpr double kTerms[3][3] = {{0.5, 0.5, 0}, {25.0 / 46, 21.0 / 46, 0}, {0.42, 0.5, 0.08}};
  const int64_t n = c.integer(0, 0);
  c.require(n >= 0, "length {}", n);
  const bool periodic = c.node().get_int("periodic", 1) != 0;
  const auto period = static_cast<double>(periodic ? n : n - 1);
  const DataType dtype = dtype_attribute(c, "output_datatype", DataType::kFloat);
  (void)c.scratch_count({n});
  std::vector<double> out;
  for (int64_t i = 0; i < n; ++i) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(i) / period;
    out.push_back(n == 1 ? 1
                         : kTerms[kKind][0] - kTerms[kKind][1] * std::cos(angle) +
                               kTerms[kKind][2] * std::cos(2 * angle));
  }
  c.set(0, c.pack(dtype, {n}, out));
}

/// The generator of a random operator: seeded by the attribute, else always alike.
std::mt19937_64 engine_of(Context& c) {
  return std::mt19937_64(static_cast<uint64_t>(c.node().get_float("seed", 0) * 65536));
}

Extents shape_attribute(Context& c) { return c.node().get_ints("shape"); }
Extents shape_of_input(Context& c) { return c.in(0).extents(); }

template <auto ShapeOf>
void random_uniform(Context& c) {
  const DataType from = c.has(0) ? c.in(0).dtype() : DataType::kFloat;
  auto engine = engine_of(c);
  std::uniform_real_distribution<double> draw(c.node().get_float("low", 0),
                                              c.node().get_float("high", 1));
  const Tensor blank = c.fresh(DataType::kDouble, ShapeOf(c)).tensor;
  c.set(0, map_elements<double>(c, blank, dtype_attribute(c, "dtype", from),
                                [&](double) { return draw(engine); }));
}

template <auto ShapeOf>
void random_normal(Context& c) {
  const DataType from = c.has(0) ? c.in(0).dtype() : DataType::kFloat;
  auto engine = engine_of(c);
  std::normal_distribution<double> draw(c.node().get_float("mean", 0),
                                        c.node().get_float("scale", 1));
  const Tensor blank = c.fresh(DataType::kDouble, ShapeOf(c)).tensor;
  c.set(0, map_elements<double>(c, blank, dtype_attribute(c, "dtype", from),
                                [&](double) { return draw(engine); }));
}

void bernoulli(Context& c) {
  auto engine = engine_of(c);
  std::uniform_real_distribution<double> draw(0, 1);
  c.set(0, map_elements<double>(c, c.in(0), dtype_attribute(c, "dtype", c.in(0).dtype()),
                                [&](double p) { return draw(engine) < p ? 1.0 : 0.0; }));
}

void multinomial(Context& c) {
  const Tensor& x = c.in(0);
  c.require(x.rank() == 2 && x.extents()[1] > 0, "needs [batch, classes], not {}",
            text_of(x.extents()));
  const int64_t samples = c.node().get_int("sample_size", 1), classes = x.extents()[1];
  auto engine = engine_of(c);
  (void)c.scratch_count({x.extents()[0], samples});
  std::vector<double> logs = elements<double>(x), out;
  for (int64_t b = 0; b < x.extents()[0]; ++b) {
    std::vector<double> weights;
    for (int64_t k = 0; k < classes; ++k)
      weights.push_back(std::exp(logs[static_cast<size_t>(b * classes + k)]));
    std::discrete_distribution<int64_t> draw(weights.begin(), weights.end());
    for (int64_t s = 0; s < samples; ++s) out.push_back(static_cast<double>(draw(engine)));
  }
  c.set(0, c.pack(dtype_attribute(c, "dtype", DataType::kInt32), {x.extents()[0], samples}, out));
}

void dropout(Context& c) {
  const Tensor& x = c.in(0);
  const bool attribute_seed = c.opset() < 12;
  const bool training = !attribute_seed && c.has(2) && c.number(2, 0) != 0;
  const double ratio = attribute_seed ? 0 : c.number(1, 0.5);
  const DataType mask_type = c.opset() >= 10 ? DataType::kBool : x.dtype();
  if (!training || ratio == 0) {
    c.set(0, x);
    return c.set(1, map_elements<double>(c, c.fresh(DataType::kBool, x.extents()).tensor, mask_type,
                                         [](double) { return 1.0; }));
  }
  std::mt19937_64 engine(static_cast<uint64_t>(c.node().get_int("seed", 0)));
  std::uniform_real_distribution<double> draw(0, 1);
  std::vector<double> values = elements<double>(x), mask(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    mask[i] = draw(engine) >= ratio ? 1 : 0;
    values[i] = mask[i] != 0 ? values[i] / (1 - ratio) : 0;
  }
  c.set(0, c.pack(x.dtype(), x.extents(), values));
  c.set(1, c.pack(mask_type, x.extents(), mask));
}

}  // namespace

void register_generator_kernels(Registry& r) {
  r.add("Constant", constant);
  r.add("ConstantOfShape", constant_of_shape);
  r.add("Range", range);
  r.add("EyeLike", eye_like);
  r.add("HannWindow", window<0>);
  r.add("HammingWindow", window<1>);
  r.add("BlackmanWindow", window<2>);
  r.add("RandomUniform", random_uniform<shape_attribute>);
  r.add("RandomUniformLike", random_uniform<shape_of_input>);
  r.add("RandomNormal", random_normal<shape_attribute>);
  r.add("RandomNormalLike", random_normal<shape_of_input>);
  r.add("Bernoulli", bernoulli);
  r.add("Multinomial", multinomial);
  r.add("Dropout", dropout);
}

}  // namespace kasuri::reference
