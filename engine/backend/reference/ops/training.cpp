#include <cmath>

#include "engine/backend/reference/registry.h"

// Optimiser steps of ai.onnx.preview.training: inputs R, T, then all X, all G and all states.
namespace kasuri::reference {
namespace {

/// One element's values: x, gradient (regularised), states; the function changes x and states.
struct Element {
  double x, g, first, second;
};

template <typename F>
void step(Context& c, size_t states, F f) {
  c.require(c.input_count() >= 2 && (c.input_count() - 2) % (states + 2) == 0, "{} inputs",
            c.input_count());
  const size_t n = (c.input_count() - 2) / (states + 2);
  const double regularisation = c.node().get_float("norm_coefficient", 0);
  for (size_t i = 0; i < n; ++i) {
    const auto input = [&](size_t group) { return elements<double>(c.in(2 + group * n + i)); };
    std::vector<double> x = input(0), g = input(1), first = input(2),
                        second = states > 1 ? input(3) : first;
    c.require(x.size() == g.size() && x.size() == first.size() && x.size() == second.size(),
              "sizes differ");
    for (size_t k = 0; k < x.size(); ++k) {
      Element e{x[k], regularisation * x[k] + g[k], first[k], second[k]};
      f(e);
      x[k] = e.x;
      first[k] = e.first;
      second[k] = e.second;
    }
    const Tensor& like = c.in(2 + i);
    c.set(i, c.pack(like.dtype(), like.extents(), x));
    c.set(n + i, c.pack(like.dtype(), like.extents(), first));
    if (states > 1) c.set(2 * n + i, c.pack(like.dtype(), like.extents(), second));
  }
}

void adagrad(Context& c) {
  const double decay = c.node().get_float("decay_factor", 0),
               epsilon = c.node().get_float("epsilon", 1e-6f);
  const double rate = c.number(0, 0) / (1 + c.number(1, 0) * decay);
  step(c, 1, [&](Element& e) {
    e.first += e.g * e.g;
    e.x -= rate * e.g / (std::sqrt(e.first) + epsilon);
  });
}

void momentum(Context& c) {
  const double alpha = c.node().get_float("alpha", 0),
               beta = c.number(1, 0) > 0 ? c.node().get_float("beta", 0) : 1;
  const double rate = c.number(0, 0);
  const bool nesterov = c.node().get_string("mode", "standard") == "nesterov";
  step(c, 1, [&](Element& e) {
    e.first = alpha * e.first + beta * e.g;
    e.x -= rate * (nesterov ? e.g + alpha * e.first : e.first);
  });
}

void adam(Context& c) {
  const double alpha = c.node().get_float("alpha", 0.9f), beta = c.node().get_float("beta", 0.999f);
  const double epsilon = c.node().get_float("epsilon", 1e-6f),
               after = c.node().get_float("norm_coefficient_post", 0);
  const double t = c.number(1, 0);
  const double rate =
      c.number(0, 0) * (t > 0 ? std::sqrt(1 - std::pow(beta, t)) / (1 - std::pow(alpha, t)) : 1);
  step(c, 2, [&](Element& e) {
    e.first = alpha * e.first + (1 - alpha) * e.g;
    e.second = beta * e.second + (1 - beta) * e.g * e.g;
    e.x = (1 - after) * (e.x - rate * e.first / (std::sqrt(e.second) + epsilon));
  });
}

}  // namespace

void register_training_kernels(Registry& r) {
  r.add("ai.onnx.preview.training", "Adagrad", adagrad);
  r.add("ai.onnx.preview.training", "Momentum", momentum);
  r.add("ai.onnx.preview.training", "Adam", adam);
}

}  // namespace kasuri::reference
