#include "tests/support/run_nest.h"

#include <cstring>

#include "engine/base/check.h"
#include "engine/loops/arithmetic.h"

namespace kasuri::loops {
namespace {

constexpr std::byte kUntouched{0x5a};

template <typename T>
void put(std::vector<std::byte>& bytes, int64_t at, T value) {
  std::memcpy(bytes.data() + at * static_cast<int64_t>(sizeof(T)), &value, sizeof(T));
}

void put_random(std::vector<std::byte>& bytes, int64_t at, DataType type, Random& random) {
  const int64_t integer = draw(random, -4, 4);
  const auto real = static_cast<float>(draw(random, -32, 32)) / 8;
  switch (type) {
    case DataType::kFloat:
      return put(bytes, at, real);
    case DataType::kDouble:
      return put(bytes, at, static_cast<double>(real));
    case DataType::kFloat16:
      return put(bytes, at, float_to_half(real));
    case DataType::kBfloat16:
      return put(bytes, at, float_to_bfloat(real));
    case DataType::kBool:
      return put(bytes, at, static_cast<uint8_t>(integer > 0));
    case DataType::kInt8:
    case DataType::kUint8:
      return put(bytes, at, static_cast<int8_t>(integer));
    case DataType::kInt16:
    case DataType::kUint16:
      return put(bytes, at, static_cast<int16_t>(integer));
    case DataType::kInt32:
    case DataType::kUint32:
      return put(bytes, at, static_cast<int32_t>(integer));
    default:
      return put(bytes, at, integer);
  }
}

int64_t element_span(const Buffer& b) {
  int64_t span = 1;
  for (size_t k = 0; k < b.extents.size(); ++k) {
    if (b.extents[k] == 0) return 0;
    span += (b.extents[k] - 1) * b.strides[k];
  }
  return span;
}

Outcome run_on(const Nest& nest, std::vector<std::vector<std::byte>> memory) {
  std::vector<BufferBytes> spans(memory.begin(), memory.end());
  const Status status = interpret(nest, spans);
  Outcome outcome;
  if (!status.ok()) outcome.error = status.error().text();
  for (size_t b = 0; b < nest.buffers.size(); ++b)
    if (nest.buffers[b].role == BufferRole::kOutput)
      outcome.outputs.push_back(std::move(memory[b]));
  return outcome;
}

}  // namespace

int64_t draw(Random& random, int64_t low, int64_t high) {
  return std::uniform_int_distribution<int64_t>(low, high)(random);
}

Outcome run_nest(const Nest& nest, uint64_t seed) {
  Random random(seed);
  std::vector<std::vector<std::byte>> memory;
  for (const Buffer& b : nest.buffers) {
    const int64_t span = b.role == BufferRole::kLocal ? 0 : element_span(b);
    memory.emplace_back(bytes_for(b.dtype, span), kUntouched);
    if (b.role != BufferRole::kInput) continue;
    for (int64_t k = 0; k < span; ++k) put_random(memory.back(), k, b.dtype, random);
  }
  return run_on(nest, std::move(memory));
}

std::vector<float> floats_of(const Outcome& outcome, size_t number) {
  const auto& bytes = outcome.outputs.at(number);
  std::vector<float> floats(bytes.size() / sizeof(float));
  if (!floats.empty()) std::memcpy(floats.data(), bytes.data(), bytes.size());
  return floats;
}

std::vector<float> run_floats(const Nest& nest, const std::vector<std::vector<float>>& inputs) {
  std::vector<std::vector<std::byte>> memory;
  size_t next = 0;
  for (const Buffer& b : nest.buffers) {
    const bool local = b.role == BufferRole::kLocal;
    memory.emplace_back(bytes_for(b.dtype, local ? 0 : element_span(b)), kUntouched);
    if (b.role != BufferRole::kInput) continue;
    KASURI_CHECK(memory.back().size() == inputs.at(next).size() * sizeof(float), "input size");
    if (!memory.back().empty())
      std::memcpy(memory.back().data(), inputs[next].data(), memory.back().size());
    ++next;
  }
  const Outcome outcome = run_on(nest, std::move(memory));
  KASURI_CHECK(outcome.error.empty(), outcome.error);
  return floats_of(outcome, 0);
}

Stage& NestBuilder::map(int out, Extents domain, Scalar body, std::vector<Index> to) {
  Stage stage;
  stage.domain = std::move(domain);
  stage.body = std::move(body);
  stage.out = out;
  stage.out_index = std::move(to);
  nest_.stages.push_back(std::move(stage));
  return nest_.stages.back();
}

Stage& NestBuilder::reduce(int out, Extents domain, int rank, ReduceOp op, Scalar body,
                           std::vector<Index> to) {
  Stage& stage = map(out, std::move(domain), std::move(body), std::move(to));
  stage.kind = StageKind::kReduce;
  stage.reduce_rank = rank;
  stage.op = op;
  return stage;
}

int NestBuilder::add(DataType type, const Extents& extents, BufferRole role) {
  return nest_.add_buffer(
      make_buffer("v" + std::to_string(nest_.buffers.size()), type, extents, role));
}

}  // namespace kasuri::loops
