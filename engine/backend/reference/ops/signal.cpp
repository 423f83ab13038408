#include <cmath>
#include <complex>
#include <numbers>

#include "engine/backend/reference/registry.h"

// Fourier transforms by their definition, and filters of spectra.
namespace kasuri::reference {
namespace {

using Complex = std::complex<double>;

/// exp(-2 pi i k / n) for k in [0, n).
std::vector<Complex> roots_of_unity(int64_t n) {
  std::vector<Complex> roots;
  for (int64_t k = 0; k < n; ++k)
    roots.push_back(
        std::polar(1.0, -2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(n)));
  return roots;
}

/// The first `bins` values of the transform of x, zero-extended or cut to n = roots.size().
std::vector<Complex> transformed(const std::vector<Complex>& x, const std::vector<Complex>& roots,
                                 int64_t bins, bool inverse) {
  const auto n = static_cast<int64_t>(roots.size());
  std::vector<Complex> out(static_cast<size_t>(bins));
  for (int64_t k = 0; k < bins; ++k) {
    Complex sum = 0;
    for (int64_t t = 0; t < std::min(n, static_cast<int64_t>(x.size())); ++t) {
      const auto at = static_cast<size_t>(k * t % n);
      sum += x[static_cast<size_t>(t)] * (inverse ? std::conj(roots[at]) : roots[at]);
    }
    out[static_cast<size_t>(k)] = inverse ? sum / static_cast<double>(n) : sum;
  }
  return out;
}

/// The whole spectrum of a real signal of n samples from its first half.
std::vector<Complex> mirrored(std::vector<Complex> half, int64_t n) {
  half.resize(static_cast<size_t>(n / 2 + 1));
  std::vector<Complex> all(static_cast<size_t>(n));
  for (int64_t k = 0; k < n; ++k)
    all[static_cast<size_t>(k)] =
        k <= n / 2 ? half[static_cast<size_t>(k)] : std::conj(half[static_cast<size_t>(n - k)]);
  return all;
}

constexpr int64_t kLongest = 1 << 20;

void dft(Context& c) {
  const Tensor& x = c.in(0);
  c.require(x.rank() >= 2 && (x.extents().back() == 1 || x.extents().back() == 2),
            "needs real or complex numbers in the last axis, not {}", text_of(x.extents()));
  const bool inverse = c.node().get_int("inverse", 0) != 0,
             onesided = c.node().get_int("onesided", 0) != 0;
  const int64_t given_axis = c.opset() < 20 ? c.node().get_int("axis", 1) : c.integer(2, -2);
  const auto axis = static_cast<size_t>(c.axis(given_axis, x.rank()));
  c.require(axis + 1 < x.extents().size(), "the last axis holds the parts of a number");
  const int64_t extent = x.extents()[axis], parts = x.extents().back();
  const int64_t n = c.integer(1, inverse && onesided ? 2 * (extent - 1) : extent);
  c.require(n > 0 && n <= kLongest, "a transform of {} samples", n);
  const bool to_real = inverse && onesided;
  const int64_t bins = onesided && !inverse ? n / 2 + 1 : n;
  Extents out = x.extents();
  out[axis] = bins;
  out.back() = to_real ? 1 : 2;
  const int64_t outer = product(x.extents(), 0, axis),
                inner = product(x.extents(), axis + 1) / parts;
  const std::vector<double> in = elements<double>(x);
  const std::vector<Complex> roots = roots_of_unity(n);
  std::vector<double> result(static_cast<size_t>(c.scratch_count(out)));
  for (int64_t o = 0; o < outer; ++o)
    for (int64_t i = 0; i < inner; ++i) {
      c.poll();
      std::vector<Complex> line;
      for (int64_t t = 0; t < extent; ++t) {
        const double* p = in.data() + ((o * extent + t) * inner + i) * parts;
        line.emplace_back(p[0], parts == 2 ? p[1] : 0);
      }
      if (to_real) line = mirrored(std::move(line), n);
      const std::vector<Complex> spectrum = transformed(line, roots, bins, inverse);
      for (int64_t k = 0; k < bins; ++k) {
        double* p = result.data() + ((o * bins + k) * inner + i) * out.back();
        p[0] = spectrum[static_cast<size_t>(k)].real();
        if (!to_real) p[1] = spectrum[static_cast<size_t>(k)].imag();
      }
    }
  c.set(0, c.pack(x.dtype(), out, result));
}

void stft(Context& c) {
  const Tensor& x = c.in(0);
  const int64_t step = c.integer(1, 0);
  const std::vector<double> window = c.has(2) ? elements<double>(c.in(2)) : std::vector<double>();
  const int64_t length = c.integer(3, static_cast<int64_t>(window.size()));
  c.require(x.rank() >= 2 && step > 0 && length > 0 && length <= kLongest &&
                (window.empty() || static_cast<int64_t>(window.size()) == length),
            "frames of {} every {}", length, step);
  const int64_t parts = x.rank() == 3 ? x.extents()[2] : 1, samples = x.extents()[1],
                batch = x.extents()[0];
  c.require(parts == 1 || parts == 2, "needs real or complex numbers, not {}",
            text_of(x.extents()));
  const int64_t frames = samples < length ? 0 : (samples - length) / step + 1;
  const int64_t bins = c.node().get_int("onesided", 1) != 0 ? length / 2 + 1 : length;
  const std::vector<double> in = elements<double>(x);
  const std::vector<Complex> roots = roots_of_unity(length);
  const Extents out = {batch, frames, bins, 2};
  (void)c.scratch_count(out);
  std::vector<double> result;
  for (int64_t b = 0; b < batch; ++b)
    for (int64_t f = 0; f < frames; ++f) {
      c.poll();
      std::vector<Complex> frame;
      for (int64_t t = 0; t < length; ++t) {
        const double* p = in.data() + (b * samples + f * step + t) * parts;
        frame.push_back(Complex(p[0], parts == 2 ? p[1] : 0) *
                        (window.empty() ? 1.0 : window[static_cast<size_t>(t)]));
      }
      for (const Complex& v : transformed(frame, roots, bins, false))
        result.insert(result.end(), {v.real(), v.imag()});
    }
  c.set(0, c.pack(x.dtype(), out, result));
}

void mel_weight_matrix(Context& c) {
  const int64_t bands = c.integer(0, 0), length = c.integer(1, 0), rate = c.integer(2, 0);
  const double low = c.number(3, 0), high = c.number(4, 0);
  c.require(bands > 0 && length > 0 && rate > 0 && bands < 1e6 && low > -700 && high > -700,
            "{} bands of {} samples", bands, length);
  const auto to_mel = [](double hertz) { return 2595 * std::log10(1 + hertz / 700); };
  const double step = (to_mel(high) - to_mel(low)) / static_cast<double>(bands + 2);
  const int64_t rows = length / 2 + 1;
  std::vector<int64_t> edges;
  for (int64_t i = 0; i < bands + 2; ++i) {
    const double hertz =
        700 * (std::pow(10, (static_cast<double>(i) * step + to_mel(low)) / 2595) - 1);
    edges.push_back(static_cast<int64_t>(
        std::floor(static_cast<double>(length + 1) * hertz / static_cast<double>(rate))));
    c.require(edges.back() >= 0 && edges.back() < rows, "an edge of {} Hz is beyond the spectrum",
              hertz);
  }
  const auto dtype = static_cast<DataType>(c.node().get_int("output_datatype", 1));
  std::vector<double> out(static_cast<size_t>(c.scratch_count({rows, bands})), 0);
  for (int64_t i = 0; i < bands; ++i) {
    const int64_t left = edges[static_cast<size_t>(i)], centre = edges[static_cast<size_t>(i) + 1],
                  right = edges[static_cast<size_t>(i) + 2];
    const auto at = [&](int64_t row) -> double& {
      return out[static_cast<size_t>(row * bands + i)];
    };
    if (left == centre) at(centre) = 1;
    for (int64_t j = left; j <= centre && left != centre; ++j)
      at(j) = static_cast<double>(j - left) / static_cast<double>(centre - left);
    for (int64_t j = centre; j < right; ++j)
      at(j) = static_cast<double>(right - j) / static_cast<double>(right - centre);
  }
  c.set(0, c.pack(dtype, {rows, bands}, out));
}

}  // namespace

void register_signal_kernels(Registry& r) {
  r.add("DFT", dft);
  r.add("STFT", stft);
  r.add("MelWeightMatrix", mel_weight_matrix);
}

}  // namespace kasuri::reference
