#include "engine/backend/reference/contraction.h"

#include <algorithm>
#include <exception>
#include <thread>
#include <vector>

namespace kasuri::reference {
namespace {

constexpr int64_t kRows = 4;                                  // register tile
constexpr int64_t kColumns = 16;                              // register tile
constexpr int64_t kDepth = 256, kWidth = 512, kHeight = 128;  // blocks held in cache

#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__)
#define KASURI_CLONES \
  __attribute__((target_clones("avx512f", "avx2,fma", "default"), optimize("O3")))
#else
#define KASURI_CLONES
#endif

typedef double Lanes __attribute__((vector_size(64), aligned(8)));

/// c (kRows x kColumns, row stride ldc) += a (depth x kRows) * b (depth x kColumns), both packed.
KASURI_CLONES
void tile(int64_t depth, const double* a, const double* b, double* c, int64_t ldc) {
  Lanes sum[kRows][2];
  for (int i = 0; i < kRows; ++i)
    for (int j = 0; j < 2; ++j) sum[i][j] = *reinterpret_cast<const Lanes*>(c + i * ldc + j * 8);
  for (int64_t p = 0; p < depth; ++p, a += kRows, b += kColumns) {
    const Lanes b0 = *reinterpret_cast<const Lanes*>(b);
    const Lanes b1 = *reinterpret_cast<const Lanes*>(b + 8);
    for (int i = 0; i < kRows; ++i) {
      sum[i][0] += a[i] * b0;
      sum[i][1] += a[i] * b1;
    }
  }
  for (int i = 0; i < kRows; ++i)
    for (int j = 0; j < 2; ++j) *reinterpret_cast<Lanes*>(c + i * ldc + j * 8) = sum[i][j];
}

int64_t round_up(int64_t value, int64_t step) { return (value + step - 1) / step * step; }

/// Panels of `width` rows or columns, depth-major inside: [panel][depth][width], zero padded.
void pack_rows(const std::vector<double>& block, Span rows, Span depth, std::vector<double>& out) {
  out.assign(static_cast<size_t>(round_up(rows.size(), kRows) * depth.size()), 0);
  for (int64_t i = 0; i < rows.size(); ++i)
    for (int64_t p = 0; p < depth.size(); ++p)
      out[static_cast<size_t>((i / kRows * depth.size() + p) * kRows + i % kRows)] =
          block[static_cast<size_t>(i * depth.size() + p)];
}

void pack_columns(const std::vector<double>& block, Span depth, Span columns,
                  std::vector<double>& out) {
  out.assign(static_cast<size_t>(round_up(columns.size(), kColumns) * depth.size()), 0);
  for (int64_t p = 0; p < depth.size(); ++p)
    for (int64_t j = 0; j < columns.size(); ++j)
      out[static_cast<size_t>((j / kColumns * depth.size() + p) * kColumns + j % kColumns)] =
          block[static_cast<size_t>(p * columns.size() + j)];
}

/// One thread's share: rows of the result.
class Worker {
 public:
  Worker(const Context& context, const Contraction& job, double* c, Span columns)
      : context_(context), job_(job), c_(c), columns_(columns) {}

  void run() {
    for (int64_t j = columns_.begin; j < columns_.end; j += kWidth) {
      const Span columns{j, std::min(j + kWidth, columns_.end)};
      for (int64_t p = 0; p < job_.k; p += kDepth) {
        context_.poll();
        const Span depth{p, std::min(p + kDepth, job_.k)};
        block_.resize(static_cast<size_t>(depth.size() * columns.size()));
        job_.b(depth, columns, block_.data());
        pack_columns(block_, depth, columns, b_);
        for (int64_t i = 0; i < job_.m; i += kHeight)
          multiply({i, std::min(i + kHeight, job_.m)}, depth, columns);
      }
    }
  }

 private:
  void multiply(Span rows, Span depth, Span columns) {
    block_.resize(static_cast<size_t>(rows.size() * depth.size()));
    job_.a(rows, depth, block_.data());
    pack_rows(block_, rows, depth, a_);
    for (int64_t j = 0; j < columns.size(); j += kColumns)
      for (int64_t i = 0; i < rows.size(); i += kRows) {
        const double* a = a_.data() + i * depth.size();
        const double* b = b_.data() + j * depth.size();
        double* c = c_ + (rows.begin + i) * job_.n + columns.begin + j;
        const int64_t height = std::min(kRows, rows.size() - i);
        const int64_t width = std::min(kColumns, columns.size() - j);
        if (height == kRows && width == kColumns)
          tile(depth.size(), a, b, c, job_.n);
        else
          edge_tile(depth.size(), a, b, c, height, width);
      }
  }

  void edge_tile(int64_t depth, const double* a, const double* b, double* c, int64_t height,
                 int64_t width) {
    double part[kRows * kColumns] = {};
    for (int64_t i = 0; i < height; ++i) std::copy_n(c + i * job_.n, width, part + i * kColumns);
    tile(depth, a, b, part, kColumns);
    for (int64_t i = 0; i < height; ++i) std::copy_n(part + i * kColumns, width, c + i * job_.n);
  }

  const Context& context_;
  const Contraction& job_;
  double* c_;
  Span columns_;
  std::vector<double> block_, a_, b_;
};

}  // namespace

void contract(const Context& context, const Contraction& job, double* c) {
  if (job.m == 0 || job.n == 0 || job.k == 0) return;
  const double work =
      static_cast<double>(job.m) * static_cast<double>(job.n) * static_cast<double>(job.k);
  const int64_t half = round_up(job.n / 2, kColumns);
  if (work < 4e6 || half >= job.n || std::thread::hardware_concurrency() < 2)
    return Worker(context, job, c, {0, job.n}).run();
  std::exception_ptr failure;
  {
    std::jthread other([&] {
      try {
        Worker(context, job, c, {half, job.n}).run();
      } catch (...) {
        failure = std::current_exception();
      }
    });
    Worker(context, job, c, {0, half}).run();
  }
  if (failure) std::rethrow_exception(failure);
}

BlockReader matrix_reader(const Tensor& tensor, int64_t offset, int64_t row_step,
                          int64_t column_step) {
  if (tensor.dtype() == DataType::kFloat) {
    const float* data = tensor.data<float>().data() + offset;
    return [tensor, data, row_step, column_step](Span rows, Span columns, double* out) {
      for (int64_t i = rows.begin; i < rows.end; ++i)
        for (int64_t j = columns.begin; j < columns.end; ++j)
          *out++ = data[i * row_step + j * column_step];
    };
  }
  const auto values = std::make_shared<const std::vector<double>>(elements<double>(tensor));
  return [values, offset, row_step, column_step](Span rows, Span columns, double* out) {
    const double* data = values->data() + offset;
    for (int64_t i = rows.begin; i < rows.end; ++i)
      for (int64_t j = columns.begin; j < columns.end; ++j)
        *out++ = data[i * row_step + j * column_step];
  };
}

}  // namespace kasuri::reference
