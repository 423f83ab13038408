#include "profiling/dynamic/exit_fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace kasuri::profiling {
namespace {

constexpr int64_t kLeftOut = 5;  // every fifth row chooses the penalty
constexpr double kPenalties[] = {0.003, 0.01, 0.03, 0.1, 0.3};

/// Symmetric positive definite equations, many right sides.
class Cholesky {
 public:
  explicit Cholesky(std::vector<double> matrix, size_t n) : l_(std::move(matrix)), n_(n) {
    for (size_t j = 0; j < n_; ++j) {
      for (size_t i = j; i < n_; ++i) {
        double sum = l_[i * n_ + j];
        const double *a = &l_[i * n_], *b = &l_[j * n_];
        for (size_t k = 0; k < j; ++k) sum -= a[k] * b[k];
        l_[i * n_ + j] = i == j ? std::sqrt(std::max(sum, 1e-12)) : sum / l_[j * n_ + j];
      }
    }
  }
  /// Replaces right sides (n x count) by solutions.
  void solve(std::vector<double>& x, size_t count) const {
    for (size_t i = 0; i < n_; ++i) {
      for (size_t k = 0; k < i; ++k) subtract(x, i, k, l_[i * n_ + k], count);
      divide(x, i, count);
    }
    for (size_t i = n_; i-- > 0;) {
      for (size_t k = i + 1; k < n_; ++k) subtract(x, i, k, l_[k * n_ + i], count);
      divide(x, i, count);
    }
  }

 private:
  static void subtract(std::vector<double>& x, size_t i, size_t k, double f, size_t count) {
    for (size_t c = 0; c < count; ++c) x[i * count + c] -= f * x[k * count + c];
  }
  void divide(std::vector<double>& x, size_t i, size_t count) const {
    for (size_t c = 0; c < count; ++c) x[i * count + c] /= l_[i * n_ + i];
  }

  std::vector<double> l_;
  size_t n_;
};

/// Sums over rows that ridge regression needs.
struct Moments {
  std::vector<double> gram, cross;  // d x d (lower), d x c
  double rows = 0;
};

struct Problem {
  size_t rows = 0, d = 0, c = 0;
  std::vector<double> mean, scale, target_mean;
  std::vector<double> z, t;  // standardised features, centred targets
};

Problem standardise(const std::vector<float>& features, const std::vector<float>& targets,
                    size_t rows) {
  Problem p{rows, features.size() / rows, targets.size() / rows};
  p.mean.assign(p.d, 0);
  p.scale.assign(p.d, 0);
  p.target_mean.assign(p.c, 0);
  for (size_t i = 0; i < rows; ++i) {
    for (size_t j = 0; j < p.d; ++j) p.mean[j] += features[i * p.d + j] / double(rows);
    for (size_t j = 0; j < p.c; ++j) p.target_mean[j] += targets[i * p.c + j] / double(rows);
  }
  for (size_t i = 0; i < rows; ++i)
    for (size_t j = 0; j < p.d; ++j) {
      const double away = features[i * p.d + j] - p.mean[j];
      p.scale[j] += away * away / double(rows);
    }
  for (double& scale : p.scale) scale = std::sqrt(scale) + 1e-9;
  p.z.resize(rows * p.d);
  p.t.resize(rows * p.c);
  for (size_t i = 0; i < rows; ++i) {
    for (size_t j = 0; j < p.d; ++j)
      p.z[i * p.d + j] = (features[i * p.d + j] - p.mean[j]) / p.scale[j];
    for (size_t j = 0; j < p.c; ++j) p.t[i * p.c + j] = targets[i * p.c + j] - p.target_mean[j];
  }
  return p;
}

void add_row(const Problem& p, size_t i, Moments& m) {
  const double *z = &p.z[i * p.d], *t = &p.t[i * p.c];
  for (size_t a = 0; a < p.d; ++a) {
    double* gram = &m.gram[a * p.d];
    for (size_t b = 0; b <= a; ++b) gram[b] += z[a] * z[b];
    double* cross = &m.cross[a * p.c];
    for (size_t b = 0; b < p.c; ++b) cross[b] += z[a] * t[b];
  }
  m.rows += 1;
}

std::vector<double> solve(const Problem& p, const Moments& m, double penalty) {
  std::vector<double> gram = m.gram, weights = m.cross;
  for (double& value : gram) value /= m.rows;
  for (double& value : weights) value /= m.rows;
  for (size_t a = 0; a < p.d; ++a) gram[a * p.d + a] += penalty;
  Cholesky(std::move(gram), p.d).solve(weights, p.c);
  return weights;
}

size_t largest(const double* values, size_t count) {
  return static_cast<size_t>(std::max_element(values, values + count) - values);
}

/// Share of the left-out rows whose answer is the target's.
double agreement(const Problem& p, const std::vector<double>& weights) {
  std::vector<double> scores(p.c), wanted(p.c);
  double agree = 0, count = 0;
  for (size_t i = 0; i < p.rows; i += kLeftOut, ++count) {
    for (size_t b = 0; b < p.c; ++b) {
      scores[b] = p.target_mean[b];
      wanted[b] = p.t[i * p.c + b] + p.target_mean[b];
    }
    for (size_t a = 0; a < p.d; ++a)
      for (size_t b = 0; b < p.c; ++b) scores[b] += p.z[i * p.d + a] * weights[a * p.c + b];
    agree += largest(scores.data(), p.c) == largest(wanted.data(), p.c);
  }
  return agree / count;
}

}  // namespace

Result<LinearFit> fit_ridge(const std::vector<float>& features, const std::vector<float>& targets,
                            int64_t rows) {
  if (rows < 20)
    return Error(fmt::format("{} samples are too few to fit a head; 20 will do", rows));
  const auto finite = [](float x) { return std::isfinite(x); };
  if (!std::all_of(features.begin(), features.end(), finite) ||
      !std::all_of(targets.begin(), targets.end(), finite))
    return Error("the model gives infinities or NaN on these samples; no head can be fitted");
  const Problem p = standardise(features, targets, static_cast<size_t>(rows));
  Moments kept{std::vector<double>(p.d * p.d), std::vector<double>(p.d * p.c)};
  for (size_t i = 0; i < p.rows; ++i)
    if (i % kLeftOut != 0) add_row(p, i, kept);
  LinearFit fit;
  fit.agreement = -1;
  for (double penalty : kPenalties) {
    const double agrees = agreement(p, solve(p, kept, penalty));
    if (agrees <= fit.agreement) continue;
    fit.agreement = agrees;
    fit.ridge = penalty;
  }
  for (size_t i = 0; i < p.rows; i += kLeftOut) add_row(p, i, kept);
  const std::vector<double> weights = solve(p, kept, fit.ridge);
  fit.weights.resize(p.d * p.c);
  std::vector<double> bias = p.target_mean;
  for (size_t a = 0; a < p.d; ++a)
    for (size_t b = 0; b < p.c; ++b) {
      const double w = weights[a * p.c + b] / p.scale[a];
      fit.weights[a * p.c + b] = static_cast<float>(w);
      bias[b] -= w * p.mean[a];
    }
  fit.bias.assign(bias.begin(), bias.end());
  return fit;
}

}  // namespace kasuri::profiling
