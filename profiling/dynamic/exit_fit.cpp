#include "profiling/dynamic/exit_fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

namespace kasuri::profiling {
namespace {

constexpr size_t kFolds = 5;
constexpr double kPenalties[] = {0.01, 0.03, 0.1};

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

Moments empty_moments(const Problem& p) {
  return {std::vector<double>(p.d * p.d), std::vector<double>(p.d * p.c)};
}

/// a + sign * b.
Moments sum_of(Moments a, const Moments& b, double sign) {
  for (size_t i = 0; i < a.gram.size(); ++i) a.gram[i] += sign * b.gram[i];
  for (size_t i = 0; i < a.cross.size(); ++i) a.cross[i] += sign * b.cross[i];
  a.rows += sign * b.rows;
  return a;
}

/// Scores of the rows of one fold.
void predict(const Problem& p, const std::vector<double>& weights, size_t fold,
             std::vector<float>& out) {
  std::vector<double> scores(p.c);
  for (size_t i = fold; i < p.rows; i += kFolds) {
    scores = p.target_mean;
    for (size_t a = 0; a < p.d; ++a)
      for (size_t b = 0; b < p.c; ++b) scores[b] += p.z[i * p.d + a] * weights[a * p.c + b];
    for (size_t b = 0; b < p.c; ++b) out[i * p.c + b] = static_cast<float>(scores[b]);
  }
}

/// Share of rows whose answer is the target's.
double agreement(const Problem& p, const std::vector<float>& scores,
                 const std::vector<float>& targets) {
  double agree = 0;
  for (size_t i = 0; i < p.rows; ++i) {
    const std::span<const float> mine(&scores[i * p.c], p.c), wanted(&targets[i * p.c], p.c);
    agree += answer_of(mine) == answer_of(wanted);
  }
  return agree / static_cast<double>(p.rows);
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
  std::vector<Moments> folds(kFolds, empty_moments(p));
  for (size_t i = 0; i < p.rows; ++i) add_row(p, i, folds[i % kFolds]);
  Moments all = empty_moments(p);
  for (const Moments& fold : folds) all = sum_of(std::move(all), fold, 1);
  LinearFit fit;
  fit.agreement = -1;
  std::vector<float> unseen(p.rows * p.c);
  for (double penalty : kPenalties) {
    for (size_t f = 0; f < kFolds; ++f)
      predict(p, solve(p, sum_of(all, folds[f], -1), penalty), f, unseen);
    const double agrees = agreement(p, unseen, targets);
    if (agrees <= fit.agreement) continue;
    fit.agreement = agrees;
    fit.ridge = penalty;
    fit.unseen = unseen;
  }
  const std::vector<double> weights = solve(p, all, fit.ridge);
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
