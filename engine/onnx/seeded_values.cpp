#include "engine/onnx/seeded_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "engine/base/fingerprint.h"
#include "engine/base/memory_use.h"
#include "engine/ir/number_formats.h"
#include "engine/ir/shape.h"

namespace kasuri {
namespace {

constexpr size_t kChunk = 1 << 14;  // elements made at once

template <typename T>
void store(const std::vector<double>& values, std::span<std::byte> out) {
  for (size_t i = 0; i < values.size(); ++i) {
    T element;
    if constexpr (std::is_integral_v<T>)
      element = static_cast<T>(truncate_to_int64(values[i]));
    else
      element = static_cast<T>(values[i]);
    std::memcpy(out.data() + i * sizeof(T), &element, sizeof(T));
  }
}

void encode(DataType dtype, const std::vector<double>& values, std::span<std::byte> out) {
  const size_t width = static_cast<size_t>(bits_of(dtype)) / 8;
  for (size_t i = 0; i < values.size(); ++i) {
    const uint32_t bits = encode_float(values[i], dtype, Overflow::kSpecial);
    std::memcpy(out.data() + i * width, &bits, width);
  }
}

/// False where the type cannot hold numbers.
bool store_as(DataType dtype, const std::vector<double>& values, std::span<std::byte> out) {
  switch (dtype) {
    case DataType::kFloat:
      store<float>(values, out);
      return true;
    case DataType::kDouble:
      store<double>(values, out);
      return true;
    case DataType::kInt8:
    case DataType::kUint8:
      store<uint8_t>(values, out);
      return true;
    case DataType::kInt16:
    case DataType::kUint16:
      store<uint16_t>(values, out);
      return true;
    case DataType::kInt32:
    case DataType::kUint32:
      store<uint32_t>(values, out);
      return true;
    case DataType::kInt64:
    case DataType::kUint64:
      store<uint64_t>(values, out);
      return true;
    case DataType::kFloat16:
    case DataType::kBfloat16:
    case DataType::kFloat8E4M3FN:
    case DataType::kFloat8E4M3FNUZ:
    case DataType::kFloat8E5M2:
    case DataType::kFloat8E5M2FNUZ:
      encode(dtype, values, out);
      return true;
    case DataType::kBool:
      for (size_t i = 0; i < values.size(); ++i) out[i] = static_cast<std::byte>(values[i] != 0);
      return true;
    default:
      return false;
  }
}

double value_at(const SeededStream& stream, const SeededRule& rule, size_t i, int64_t last) {
  switch (rule.kind) {
    case SeededRule::Kind::kUniform: {
      const auto low = static_cast<float>(rule.low), high = static_cast<float>(rule.high);
      const float scaled = (high - low) * stream.unit(i);
      return low + scaled;
    }
    case SeededRule::Kind::kModulo:
      return static_cast<double>(
          static_cast<int64_t>((stream.at(i) >> 32) % static_cast<uint64_t>(rule.modulus)) +
          rule.offset);
    case SeededRule::Kind::kConstant:
      return rule.low;
    case SeededRule::Kind::kListed:
      return rule.values[i];
    case SeededRule::Kind::kArangeLast:
      return static_cast<double>(static_cast<int64_t>(i) % last);
  }
  return 0;
}

}  // namespace

SeededStream::SeededStream(const std::string& name) : seed_(fnv1a(name)) {}

uint64_t SeededStream::at(uint64_t index) const {
  uint64_t z = seed_ + (index + 1) * 0x9E3779B97F4A7C15;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

float SeededStream::unit(uint64_t index) const {
  return static_cast<float>(at(index) >> 40) * 0x1p-24f;
}

Result<Tensor> tensor_of_numbers(DataType dtype, const std::vector<int64_t>& extents,
                                 const std::vector<double>& values) {
  const auto count = element_count(extents);
  if (!count || *count != static_cast<int64_t>(values.size()))
    return Error(fmt::format("{} values do not fill [{}]", values.size(), fmt::join(extents, ",")));
  bool stored = false;
  Tensor tensor = Tensor::make(
      dtype, extents, [&](std::span<std::byte> out) { stored = store_as(dtype, values, out); });
  if (!stored) return Error(fmt::format("numbers cannot be made up as {}", name_of(dtype)));
  return tensor;
}

Result<Tensor> seeded_tensor(const std::string& name, DataType dtype,
                             const std::vector<int64_t>& extents, const SeededRule& rule) {
  const auto count = element_count(extents);
  if (!count || *count > (int64_t{1} << 36))
    return Error(
        fmt::format("input '{}' of extents [{}] cannot be made up", name, fmt::join(extents, ",")));
  if (rule.kind == SeededRule::Kind::kModulo && rule.modulus < 1)
    return Error(fmt::format("input '{}': modulus {}", name, rule.modulus));
  if (rule.kind == SeededRule::Kind::kListed && static_cast<int64_t>(rule.values.size()) != *count)
    return Error(
        fmt::format("input '{}': {} values for {} elements", name, rule.values.size(), *count));
  const SeededStream stream(name);
  const int64_t last = extents.empty() ? 1 : std::max<int64_t>(1, extents.back());
  const size_t total = static_cast<size_t>(*count), width = static_cast<size_t>(bits_of(dtype)) / 8;
  if (width == 0 || !store_as(dtype, {}, {}))
    return Error(fmt::format("numbers cannot be made up as {}", name_of(dtype)));
  if (static_cast<int64_t>(total * width) > default_memory_limit() - live_tensor_bytes())
    return Error::unavailable(
        fmt::format("input '{}' of extents [{}] needs {} bytes, more than the machine has left",
                    name, fmt::join(extents, ","), total * width));
  return Tensor::make(dtype, extents, [&](std::span<std::byte> out) {
    std::vector<double> values;  // of one chunk: doubles would outweigh the tensor
    for (size_t first = 0; first < total; first += kChunk) {
      values.resize(std::min(kChunk, total - first));
      for (size_t i = 0; i < values.size(); ++i)
        values[i] = value_at(stream, rule, first + i, last);
      store_as(dtype, values, out.subspan(first * width, values.size() * width));
    }
  });
}

}  // namespace kasuri
