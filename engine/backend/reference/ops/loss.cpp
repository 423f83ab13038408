#include <cmath>
#include <limits>
#include <optional>

#include "engine/backend/reference/registry.h"

// Losses over class scores [N, C, d1, ...] and labels [N, d1, ...].
namespace kasuri::reference {
namespace {

/// Sum of weighted terms as the reduction says; `log_probability` is [N, C, d...].
void reduce_loss(Context& c, const Tensor& x, const std::vector<double>& log_probability) {
  const Tensor& labels = c.in(1);
  c.require(x.rank() >= 2 && labels.count() * x.extents()[1] == x.count(),
            "labels {} for scores {}", text_of(labels.extents()), text_of(x.extents()));
  const int64_t classes = x.extents()[1], n = product(x.extents(), 2);
  const std::vector<int64_t> label = c.ints(1);
  const std::vector<double> weights =
      c.has(2) ? elements<double>(c.in(2)) : std::vector<double>(static_cast<size_t>(classes), 1);
  c.require(static_cast<int64_t>(weights.size()) == classes, "{} weights for {} classes",
            weights.size(), classes);
  std::optional<int64_t> ignored;
  if (c.node().has("ignore_index")) ignored = c.node().get_int("ignore_index", 0);
  std::vector<double> terms;
  double sum = 0, total = 0;
  for (size_t i = 0; i < label.size(); ++i) {
    const int64_t l = label[i], at = static_cast<int64_t>(i);
    const bool counts = !ignored || l != *ignored;
    c.require(!counts || (l >= 0 && l < classes), "label {} of {} classes", l, classes);
    const double weight = counts ? weights[static_cast<size_t>(l)] : 0;
    const double term =
        counts ? -log_probability[static_cast<size_t>((at / n * classes + l) * n + at % n)] * weight
               : 0;
    terms.push_back(term);
    sum += term;
    total += weight;
  }
  const std::string reduction = c.node().get_string("reduction", "mean");
  if (reduction == "none") return c.set(0, c.pack(x.dtype(), labels.extents(), terms));
  c.set(0, c.pack<double>(x.dtype(), {}, {reduction == "sum" ? sum : sum / total}));
}

void negative_log_likelihood(Context& c) { reduce_loss(c, c.in(0), elements<double>(c.in(0))); }

void softmax_cross_entropy(Context& c) {
  const Tensor& x = c.in(0);
  c.require(x.rank() >= 2, "needs classes, not {}", text_of(x.extents()));
  const int64_t classes = x.extents()[1], n = product(x.extents(), 2);
  std::vector<double> v = elements<double>(x);
  for (int64_t o = 0; o < x.extents()[0]; ++o)
    for (int64_t i = 0; i < n; ++i) {
      double* first = v.data() + o * classes * n + i;
      double top = -std::numeric_limits<double>::infinity(), sum = 0;
      for (int64_t k = 0; k < classes; ++k) top = std::fmax(top, first[k * n]);
      for (int64_t k = 0; k < classes; ++k) sum += std::exp(first[k * n] - top);
      for (int64_t k = 0; k < classes; ++k) first[k * n] -= top + std::log(sum);
    }
  reduce_loss(c, x, v);
  if (c.wants(1)) c.set(1, c.pack(x.dtype(), x.extents(), v));
}

}  // namespace

void register_loss_kernels(Registry& r) {
  r.add("NegativeLogLikelihoodLoss", negative_log_likelihood);
  r.add("SoftmaxCrossEntropyLoss", softmax_cross_entropy);
}

}  // namespace kasuri::reference
