#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/ir/graph.h"
#include "engine/ir/shape_inference/dims.h"

namespace kasuri::shape_inference {

using Integers = std::vector<int64_t>;

/// Types the outputs of a body graph for given input types.
class BodyInference {
 public:
  virtual ~BodyInference() = default;
  virtual Result<std::vector<ValueType>> body_outputs(const Node& node, const Graph& body,
                                                      const std::vector<ValueType>& inputs) = 0;
};

/// A list that is an attribute in old versions of an operator and an input in new ones.
struct ListArgument {
  bool present = false;
  std::optional<Integers> values;  ///< Empty when absent or not a constant.
};

/// What an inference function sees of one node, and where it puts the output types. Reading past
/// the inputs gives unknown types; setting past the outputs does nothing.
class Context {
 public:
  struct Input {
    const ValueType* type = nullptr;  ///< null: absent optional input.
    const Tensor* constant = nullptr;
  };

  Context(const Node& node, std::span<const Input> inputs, BodyInference* bodies);

  const Node& node() const { return node_; }
  int opset() const { return node_.opset; }

  size_t inputs() const { return inputs_.size(); }
  size_t outputs() const { return outputs_.size(); }
  bool has(size_t i) const { return i < inputs_.size() && inputs_[i].type != nullptr; }
  const ValueType& type(size_t i) const;
  DataType dtype(size_t i) const { return type(i).dtype; }
  const MaybeShape& shape(size_t i) const { return type(i).shape; }
  int rank(size_t i) const;               ///< -1: unknown.
  Dim dim(size_t i, int64_t axis) const;  ///< Unknown when out of range.
  /// The input's number of elements, where known.
  Dim elements(size_t i) const;

  const Tensor* constant(size_t i) const {
    return i < inputs_.size() ? inputs_[i].constant : nullptr;
  }
  /// Integer elements of a constant input; also of constants with up to 65,536 elements only.
  std::optional<Integers> ints(size_t i) const;
  std::optional<int64_t> integer_at(size_t i) const;  ///< A one-element integer constant.
  std::optional<double> number_at(size_t i) const;    ///< A one-element numeric constant.
  std::optional<std::vector<double>> numbers(size_t i) const;

  /// Attributes. A present one of another type is a contradiction and gives the fallback.
  int64_t integer(const char* name, int64_t fallback);
  double real(const char* name, double fallback);
  std::string text(const char* name, const char* fallback);
  std::optional<Integers> list(const char* name);
  const Tensor* tensor(const char* name);
  const Graph* graph(const char* name);
  const ValueType* type_attribute(const char* name);
  bool has_attribute(const char* name) const { return node_.find(name) != nullptr; }
  DataType data_type(const char* name, DataType fallback);
  /// Attribute `name` before opset `since`, input `i` from then on (either is taken if present).
  ListArgument list_argument(const char* name, size_t i);

  /// `axis` counted from the front; a contradiction if outside [-rank, rank).
  std::optional<int> axis(int64_t axis, int rank);
  /// The same for a list; also a contradiction when an axis comes twice.
  std::optional<std::vector<int>> axes(const Integers& axes, int rank);

  void set(size_t output, ValueType type);
  void set(size_t output, DataType dtype, MaybeShape shape = std::nullopt);
  void same(size_t output, size_t input) { set(output, type(input)); }

  /// Contradiction unless the input's rank is unknown or in [low, high]. True if rank is known.
  bool want_rank(size_t i, int low, int high = 1 << 20);
  /// Contradiction unless the constant 1-D list has `count` entries.
  bool want_count(const Integers& list, size_t count, const char* what);
  /// Contradiction if the input is absent.
  bool want_input(size_t i);

  /// Broadcast of the inputs [begin, end); unknown rank if any is; contradiction if they conflict.
  MaybeShape broadcast_inputs(size_t begin, size_t end);
  /// `a` refined by `b`; contradiction when they are different numbers.
  Dim match(const Dim& a, const Dim& b, const char* what);

  std::optional<std::vector<ValueType>> body_outputs(const Graph& body,
                                                     const std::vector<ValueType>& inputs);

  void fail(std::string message);
  bool failed() const { return error_.has_value(); }
  Result<std::vector<ValueType>> take();

 private:
  template <typename T>
  const T* attribute(const char* name);

  const Node& node_;
  std::span<const Input> inputs_;
  BodyInference* bodies_;
  std::vector<ValueType> outputs_;
  std::optional<Error> error_;
};

}  // namespace kasuri::shape_inference
