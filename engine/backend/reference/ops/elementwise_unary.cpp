#include <cmath>

#include "engine/backend/reference/activations.h"
#include "engine/backend/reference/elementwise.h"
#include "engine/backend/reference/registry.h"

// Operators of one operand, element by element.
namespace kasuri::reference {
namespace {

template <typename T>
T negated(T x) {
  if constexpr (std::is_integral_v<T>)
    return static_cast<T>(-static_cast<uint64_t>(x));
  else
    return -x;
}

constexpr auto kNegate = [](auto x) { return negated(x); };
constexpr auto kAbsolute = [](auto x) {
  if constexpr (std::is_floating_point_v<decltype(x)>)
    return std::fabs(x);
  else
    return x < 0 ? negated(x) : x;
};
constexpr auto kSign = [](auto x) { return x > 0 ? decltype(x)(1) : x < 0 ? decltype(x)(-1) : x; };
constexpr auto kRelu = [](auto x) { return x < 0 ? decltype(x)(0) : x; };

auto leaky_relu(const Node& n) {
  return [a = static_cast<double>(n.get_float("alpha", 0.01f))](double x) {
    return x < 0 ? a * x : x;
  };
}
auto elu(const Node& n) {
  return [a = static_cast<double>(n.get_float("alpha", 1.0f))](double x) {
    return x < 0 ? a * std::expm1(x) : x;
  };
}
auto celu(const Node& n) {
  return [a = static_cast<double>(n.get_float("alpha", 1.0f))](double x) {
    return std::fmax(0, x) + std::fmin(0, a * std::expm1(x / a));
  };
}
auto selu(const Node& n) {
  return [a = static_cast<double>(n.get_float("alpha", 1.67326319217681884765625f)),
          g = static_cast<double>(n.get_float("gamma", 1.05070102214813232421875f))](double x) {
    return g * (x <= 0 ? a * std::expm1(x) : x);
  };
}
auto hard_sigmoid_of(const Node& n) {
  return [a = static_cast<double>(n.get_float("alpha", 0.2f)),
          b = static_cast<double>(n.get_float("beta", 0.5f))](double x) {
    return std::isnan(x) ? x : hard_sigmoid(x, a, b);
  };
}
auto thresholded_relu(const Node& n) {
  return [a = static_cast<double>(n.get_float("alpha", 1.0f))](double x) { return x > a ? x : 0; };
}
auto shrink(const Node& n) {
  return [bias = static_cast<double>(n.get_float("bias", 0.0f)),
          lambda = static_cast<double>(n.get_float("lambd", 0.5f))](double x) {
    return x < -lambda ? x + bias : x > lambda ? x - bias : 0;
  };
}
auto swish(const Node& n) {
  return [a = static_cast<double>(n.get_float("alpha", 1.0f))](double x) {
    return x * sigmoid(a * x);
  };
}
auto gelu(const Node& n) {
  return n.get_string("approximate", "none") == "tanh" ? gelu_tanh : gelu_erf;
}
auto affine(const Node& n) {
  return [a = static_cast<double>(n.get_float("alpha", 1.0f)),
          b = static_cast<double>(n.get_float("beta", 0.0f))](double x) { return a * x + b; };
}
auto parametric_softplus(const Node& n) {
  return [a = static_cast<double>(n.get_float("alpha", 1.0f)),
          b = static_cast<double>(n.get_float("beta", 1.0f))](double x) {
    return a * softplus(b * x);
  };
}
auto scaled_tanh(const Node& n) {
  return [a = static_cast<double>(n.get_float("alpha", 1.0f)),
          b = static_cast<double>(n.get_float("beta", 1.0f))](double x) {
    return a * std::tanh(b * x);
  };
}

void is_nan(Context& c) {
  c.set(0, map_elements<double>(c, c.in(0), DataType::kBool,
                                [](double x) { return std::isnan(x) ? 1.0 : 0.0; }));
}

void is_inf(Context& c) {
  const bool negative = c.node().get_int("detect_negative", 1) != 0;
  const bool positive = c.node().get_int("detect_positive", 1) != 0;
  c.set(0, map_elements<double>(c, c.in(0), DataType::kBool, [&](double x) {
          return std::isinf(x) && (x > 0 ? positive : negative) ? 1.0 : 0.0;
        }));
}

template <typename T>
Tensor clipped(Context& c, const Tensor& x, std::optional<T> low, std::optional<T> high) {
  return map_elements<T>(c, x, x.dtype(), [&](T v) {
    if (low && v < *low) v = *low;
    if (high && v > *high) v = *high;
    return v;
  });
}

void clip(Context& c) {
  const Tensor& x = c.in(0);
  in_lane(x.dtype(), [&]<typename T>(T) {
    const auto bound = [&](size_t input, const std::string& attribute) -> std::optional<T> {
      if (c.node().has(attribute)) return static_cast<T>(c.node().get_float(attribute, 0));
      if (!c.has(input)) return std::nullopt;
      c.require(c.in(input).count() == 1, "input {} must be one number", input);
      return elements<T>(c.in(input))[0];
    };
    c.set(0, clipped<T>(c, x, bound(1, "min"), bound(2, "max")));
  });
}

void add_transcendental(Registry& r) {
  r.add("Sqrt", real_unary<[](double x) { return std::sqrt(x); }>);
  r.add("Exp", real_unary<[](double x) { return std::exp(x); }>);
  r.add("Log", real_unary<[](double x) { return std::log(x); }>);
  r.add("Sin", real_unary<[](double x) { return std::sin(x); }>);
  r.add("Cos", real_unary<[](double x) { return std::cos(x); }>);
  r.add("Tan", real_unary<[](double x) { return std::tan(x); }>);
  r.add("Asin", real_unary<[](double x) { return std::asin(x); }>);
  r.add("Acos", real_unary<[](double x) { return std::acos(x); }>);
  r.add("Atan", real_unary<[](double x) { return std::atan(x); }>);
  r.add("Sinh", real_unary<[](double x) { return std::sinh(x); }>);
  r.add("Cosh", real_unary<[](double x) { return std::cosh(x); }>);
  r.add("Tanh", real_unary<[](double x) { return std::tanh(x); }>);
  r.add("Asinh", real_unary<[](double x) { return std::asinh(x); }>);
  r.add("Acosh", real_unary<[](double x) { return std::acosh(x); }>);
  r.add("Atanh", real_unary<[](double x) { return std::atanh(x); }>);
  r.add("Erf", real_unary<[](double x) { return std::erf(x); }>);
}

void add_activations(Registry& r) {
  r.add("Sigmoid", real_unary<sigmoid>);
  r.add("Softplus", real_unary<softplus>);
  r.add("Softsign", real_unary<[](double x) { return x / (1 + std::fabs(x)); }>);
  r.add("HardSwish", real_unary<[](double x) { return x * hard_sigmoid(x, 1.0 / 6, 0.5); }>);
  r.add("Mish", real_unary<[](double x) { return x * std::tanh(softplus(x)); }>);
  r.add("LeakyRelu", real_unary_of<leaky_relu>);
  r.add("Elu", real_unary_of<elu>);
  r.add("Celu", real_unary_of<celu>);
  r.add("Selu", real_unary_of<selu>);
  r.add("HardSigmoid", real_unary_of<hard_sigmoid_of>);
  r.add("ThresholdedRelu", real_unary_of<thresholded_relu>);
  r.add("Shrink", real_unary_of<shrink>);
  r.add("Swish", real_unary_of<swish>);
  r.add("Gelu", real_unary_of<gelu>);
  r.add("Affine", real_unary_of<affine>);
  r.add("ParametricSoftplus", real_unary_of<parametric_softplus>);
  r.add("ScaledTanh", real_unary_of<scaled_tanh>);
}

}  // namespace

void register_elementwise_unary_kernels(Registry& r) {
  r.add("Neg", any_unary<kNegate>);
  r.add("Abs", any_unary<kAbsolute>);
  r.add("Sign", any_unary<kSign>);
  r.add("Relu", any_unary<kRelu>);
  r.add("BitwiseNot", any_unary<[](auto x) {
          if constexpr (std::is_integral_v<decltype(x)>)
            return ~x;
          else
            return x;
        }>);
  r.add("Not", any_unary<[](auto x) { return decltype(x)(x == 0); }>);
  r.add("Floor", real_unary<[](double x) { return std::floor(x); }>);
  r.add("Ceil", real_unary<[](double x) { return std::ceil(x); }>);
  r.add("Round", real_unary<[](double x) { return std::nearbyint(x); }>);
  r.add("Reciprocal", real_unary<[](double x) { return 1 / x; }>);
  r.add("IsNaN", is_nan);
  r.add("IsInf", is_inf);
  r.add("Clip", clip);
  add_transcendental(r);
  add_activations(r);
}

}  // namespace kasuri::reference
