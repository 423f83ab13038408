#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "engine/loops/compose.h"
#include "engine/loops/interpreter.h"
#include "engine/loops/nest.h"

namespace kasuri::loops {

using Random = std::mt19937_64;
using Extents = std::vector<int64_t>;

int64_t draw(Random& random, int64_t low, int64_t high);

/// Bytes of the outputs, in order, after a run on inputs drawn from `seed` (the same for every nest
/// with the same inputs); the text of the error if there was one.
struct Outcome {
  std::vector<std::vector<std::byte>> outputs;
  std::string error;
  bool operator==(const Outcome&) const = default;
};
Outcome run_nest(const Nest& nest, uint64_t seed);

/// The floats of output `number`.
std::vector<float> floats_of(const Outcome& outcome, size_t number);

/// Runs a nest on given float inputs and returns its first output.
std::vector<float> run_floats(const Nest& nest, const std::vector<std::vector<float>>& inputs);

/// A nest under construction, with the few forms tests need.
class NestBuilder {
 public:
  explicit NestBuilder(std::string name) { nest_.name = std::move(name); }
  int input(const Extents& extents, DataType type = DataType::kFloat) {
    return add(type, extents, BufferRole::kInput);
  }
  int local(const Extents& extents, DataType type = DataType::kFloat) {
    return add(type, extents, BufferRole::kLocal);
  }
  int output(const Extents& extents, DataType type = DataType::kFloat) {
    return add(type, extents, BufferRole::kOutput);
  }
  Scalar at(int buffer, std::vector<Index> index) const {
    return load(buffer, compute_type(nest_.buffers[buffer].dtype), std::move(index));
  }
  /// The element at the identity index.
  Scalar here(int buffer) const {
    return at(buffer, identity(static_cast<int>(nest_.buffers[buffer].extents.size())));
  }
  void map(int out, Scalar body) {
    map(out, nest_.buffers[out].extents, std::move(body),
        identity(static_cast<int>(nest_.buffers[out].extents.size())));
  }
  Stage& map(int out, Extents domain, Scalar body, std::vector<Index> to);
  Stage& reduce(int out, Extents domain, int rank, ReduceOp op, Scalar body, std::vector<Index> to);
  const Extents& extents(int buffer) const { return nest_.buffers[buffer].extents; }
  Nest& nest() { return nest_; }

 private:
  int add(DataType type, const Extents& extents, BufferRole role);
  Nest nest_;
};

}  // namespace kasuri::loops
