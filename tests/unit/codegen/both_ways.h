#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <map>
#include <memory>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "engine/codegen/compiled_nest.h"
#include "engine/loops/interpreter.h"

namespace kasuri::codegen {

/// Memory that ends where a forbidden page begins: reading or writing past it is a crash.
class FencedBytes {
 public:
  explicit FencedBytes(size_t size) : size_(size) {
    const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    mapped_ = (size + page - 1) / page * page + page;
    base_ = static_cast<std::byte*>(
        mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    mprotect(base_ + mapped_ - page, page, PROT_NONE);
    data_ = base_ + mapped_ - page - size;
  }
  ~FencedBytes() { munmap(base_, mapped_); }
  FencedBytes(const FencedBytes&) = delete;
  FencedBytes& operator=(const FencedBytes&) = delete;
  std::span<std::byte> bytes() const { return {data_, size_}; }

 private:
  size_t size_, mapped_;
  std::byte* base_;
  std::byte* data_;
};

inline float half_value(uint16_t bits) {
  const int exponent = bits >> 10 & 31, mantissa = bits & 1023;
  const float sign = bits >> 15 ? -1.f : 1.f;
  if (exponent == 31) return mantissa ? NAN : sign * INFINITY;
  return sign * std::ldexp(static_cast<float>(exponent ? mantissa + 1024 : mantissa),
                           (exponent ? exponent : 1) - 25);
}

inline double number_at(DataType type, const std::byte* at) {
  const auto as = [&](auto zero) {
    std::memcpy(&zero, at, sizeof(zero));
    return static_cast<double>(zero);
  };
  switch (type) {
    case DataType::kFloat:
      return as(float{});
    case DataType::kDouble:
      return as(double{});
    case DataType::kFloat16:
      return half_value(static_cast<uint16_t>(as(uint16_t{})));
    case DataType::kBfloat16: {
      const uint32_t bits = static_cast<uint32_t>(as(uint16_t{})) << 16;
      float value;
      std::memcpy(&value, &bits, 4);
      return value;
    }
    case DataType::kBool:
    case DataType::kUint8:
      return as(uint8_t{});
    case DataType::kInt8:
      return as(int8_t{});
    case DataType::kUint16:
      return as(uint16_t{});
    case DataType::kInt16:
      return as(int16_t{});
    case DataType::kUint32:
      return as(uint32_t{});
    case DataType::kInt32:
      return as(int32_t{});
    default:
      return as(int64_t{});
  }
}

struct BothWays {
  int threads = 1;
  bool specials = false;      ///< Sprinkle NaN, infinities and huge numbers over float inputs.
  double low = -4, high = 4;  ///< Range of other values.
  double relative = 2e-6, absolute = 1e-6;
  unsigned seed = 1;
  int vector_bits = 512;  ///< Of the machine compiled for, at most.
};

inline std::shared_ptr<Compiler> shared_compiler(int vector_bits = 512) {
  static std::map<int, std::shared_ptr<Compiler>> compilers;
  std::shared_ptr<Compiler>& compiler = compilers[vector_bits];
  if (!compiler)
    compiler = std::move(Compiler::create("", narrowed(host_target(), vector_bits))).value();
  return compiler;
}

inline size_t bytes_of(const loops::Buffer& buffer) {
  int64_t last = 0;
  for (size_t axis = 0; axis < buffer.extents.size(); ++axis) {
    if (buffer.extents[axis] == 0) return 0;
    last += (buffer.extents[axis] - 1) * buffer.strides[axis];
  }
  return static_cast<size_t>((last + 1) * (bits_of(buffer.dtype) / 8));
}

inline void fill(std::span<std::byte> bytes, DataType type, const BothWays& how,
                 std::mt19937& random) {
  const size_t size = static_cast<size_t>(bits_of(type) / 8);
  std::uniform_real_distribution<double> uniform(how.low, how.high);
  for (size_t at = 0; at + size <= bytes.size(); at += size) {
    double value = uniform(random);
    if (how.specials && random() % 8 == 0) {
      const double special[] = {NAN, INFINITY, -INFINITY, 0.0, -0.0, 1e30, -1e30, 100, -100, 1};
      value = special[random() % std::size(special)];
    }
    const auto put = [&](auto v) { std::memcpy(bytes.data() + at, &v, sizeof(v)); };
    switch (type) {
      case DataType::kFloat:
        put(static_cast<float>(value));
        break;
      case DataType::kDouble:
        put(value);
        break;
      case DataType::kFloat16:
        put(static_cast<uint16_t>(random() & (how.specials ? 0xffff : 0xbfff)));
        break;
      case DataType::kBfloat16: {
        const float narrow = static_cast<float>(value);
        uint32_t bits;
        std::memcpy(&bits, &narrow, 4);
        put(static_cast<uint16_t>(bits >> 16));
        break;
      }
      case DataType::kBool:
        put(static_cast<uint8_t>(random() & 1));
        break;
      default: {
        const bool sign = is_signed_integer(type);
        double whole = std::floor(uniform(random));
        if (!sign && whole < 0) whole = -whole;
        int64_t number = static_cast<int64_t>(whole);
        if (how.specials && random() % 4 == 0)
          number = static_cast<int64_t>(random()) << (random() % 40);
        std::memcpy(bytes.data() + at, &number, size);
      }
    }
  }
}

/// Runs a nest through the interpreter and as machine code on the same inputs and compares every
/// output byte that elements occupy. Returns the number of elements compared.
inline int64_t expect_same(const loops::Nest& nest, const BothWays& how = {}) {
  SCOPED_TRACE(loops::print(nest));
  const Status valid = loops::verify(nest);
  if (!valid.ok()) {
    ADD_FAILURE() << valid.error().text();
    return 0;
  }
  std::mt19937 random(how.seed);
  std::vector<std::unique_ptr<FencedBytes>> memory[2];
  std::vector<loops::BufferBytes> expected_buffers;
  std::vector<std::byte*> pointers;
  for (const loops::Buffer& buffer : nest.buffers) {
    const bool local = buffer.role == loops::BufferRole::kLocal;
    const size_t size = local ? 0 : bytes_of(buffer);
    for (auto& side : memory) side.push_back(std::make_unique<FencedBytes>(size));
    fill(memory[0].back()->bytes(), buffer.dtype, how, random);
    if (size > 0)
      std::memcpy(memory[1].back()->bytes().data(), memory[0].back()->bytes().data(), size);
    expected_buffers.push_back(memory[0].back()->bytes());
    if (!local) pointers.push_back(memory[1].back()->bytes().data());
  }
  Result<CompiledNestPointer> compiled =
      shared_compiler(how.vector_bits)->compile(nest, how.threads);
  if (!compiled.ok()) {
    ADD_FAILURE() << compiled.error().text();
    return 0;
  }
  SCOPED_TRACE(text_of((*compiled)->schedule(), nest));
  const Status interpreted = loops::interpret(nest, expected_buffers);
  ThreadPool pool(how.threads);
  std::vector<std::byte> workspace(static_cast<size_t>((*compiled)->workspace_bytes(how.threads)) +
                                   64);
  void* aligned = workspace.data();
  size_t space = workspace.size();
  std::align(64, space - 64, aligned, space);
  const Status ran = (*compiled)->run(pointers, static_cast<std::byte*>(aligned),
                                      how.threads > 1 ? &pool : nullptr);
  EXPECT_TRUE(interpreted.ok()) << interpreted.error().text();
  EXPECT_TRUE(ran.ok()) << ran.error().text();
  if (!ran.ok() || !interpreted.ok()) return 0;
  int64_t compared = 0;
  for (size_t b = 0; b < nest.buffers.size(); ++b) {
    const loops::Buffer& buffer = nest.buffers[b];
    if (buffer.role == loops::BufferRole::kLocal) continue;
    const size_t size = static_cast<size_t>(bits_of(buffer.dtype) / 8);
    const auto want = memory[0][b]->bytes(), got = memory[1][b]->bytes();
    const double step = buffer.dtype == DataType::kFloat16    ? 1.1e-3
                        : buffer.dtype == DataType::kBfloat16 ? 8e-3
                                                              : 0;
    for (size_t at = 0; at + size <= want.size(); at += size, ++compared) {
      const double x = number_at(buffer.dtype, want.data() + at);
      const double y = number_at(buffer.dtype, got.data() + at);
      if (std::isnan(x) && std::isnan(y)) continue;
      const double slack =
          is_float(buffer.dtype) ? how.absolute + std::max(how.relative, step) * std::fabs(x) : 0;
      if (x == y || std::fabs(x - y) <= slack) continue;
      ADD_FAILURE() << "buffer " << buffer.name << " element " << at / size << ": interpreter " << x
                    << ", machine " << y;
      return compared;
    }
  }
  return compared;
}

}  // namespace kasuri::codegen
