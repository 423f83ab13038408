#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/ir/graph.h"
#include "engine/loops/nest.h"

namespace kasuri::lower {

using loops::Index;
using loops::Scalar;
using Extents = std::vector<int64_t>;
using Indices = std::vector<Index>;

/// What a lowering sees: one node, the nest under construction, and the buffers that stand for the
/// node's inputs and outputs. Several nodes lowered into one nest share its buffers.
class Context {
 public:
  Context(const Graph& graph, const Node& node, loops::Nest& nest, std::vector<int> inputs,
          std::vector<int> outputs)
      : graph_(graph),
        node_(node),
        nest_(nest),
        inputs_(std::move(inputs)),
        outputs_(std::move(outputs)) {}

  const Graph& graph() const { return graph_; }
  const Node& node() const { return node_; }
  loops::Nest& nest() { return nest_; }

  bool has_input(size_t i) const { return i < inputs_.size() && inputs_[i] >= 0; }
  int input(size_t i) const { return inputs_.at(i); }
  int output(size_t i = 0) const { return outputs_.at(i); }
  bool wants_output(size_t i) const { return i < outputs_.size() && outputs_[i] >= 0; }
  const Extents& extents(int buffer) const { return nest_.buffers.at(buffer).extents; }
  const Extents& in_extents(size_t i) const { return extents(input(i)); }
  const Extents& out_extents(size_t i = 0) const { return extents(output(i)); }
  int rank(size_t i) const { return static_cast<int>(in_extents(i).size()); }
  DataType in_type(size_t i) const { return nest_.buffers.at(input(i)).dtype; }
  DataType out_type(size_t i = 0) const { return nest_.buffers.at(output(i)).dtype; }
  const Tensor* constant(size_t i) const { return graph_.constant_input(node_, i); }
  /// Integers of a constant int32/int64 input; empty optional if absent or not constant.
  std::optional<std::vector<int64_t>> constant_ints(size_t i) const;
  std::optional<std::vector<double>> constant_numbers(size_t i) const;

  /// An element of input i in its compute type; one-element constants become literals.
  Scalar load(size_t i, Indices at) const;
  Scalar load_buffer(int buffer, Indices at) const;
  /// Input i at the current point of output 0's domain, broadcast as ONNX does. An input that does
  /// not fit is noted in misfit().
  Scalar load_broadcast(size_t i);
  /// Why what was lowered must not run, where an input would be read outside its extents.
  const std::optional<std::string>& misfit() const { return misfit_; }

  /// A fresh local buffer.
  int local(const std::string& name, DataType dtype, Extents extents);
  /// out[i] = body over all of out's elements.
  void map(int out, Scalar body);
  /// out[out_index] = body over `domain`.
  void map(int out, Extents domain, Scalar body, Indices out_index);
  /// out[out_index] = op over the last `reduce_rank` variables of `domain`.
  void reduce(int out, Extents domain, int reduce_rank, loops::ReduceOp op, Scalar body,
              Indices out_index);

  /// kUnavailable with "Op: reason".
  Error declined(const std::string& reason) const;

 private:
  const Graph& graph_;
  const Node& node_;
  loops::Nest& nest_;
  std::vector<int> inputs_, outputs_;
  std::optional<std::string> misfit_;
};

/// Indices that read a buffer of `from` extents at a point of a domain of rank `rank` by ONNX
/// broadcasting: trailing axes aligned, extent 1 read at 0.
Indices broadcast_indices(const Extents& from, int rank);
/// Can `from` be read at every point of `domain` by broadcast_indices()?
bool broadcasts_to(const Extents& from, const Extents& domain);
/// Axis in [0, rank) from an attribute that may count from the back.
int64_t normal_axis(int64_t axis, int64_t rank);
/// The linear element number of `at` in a row-major array.
Index linearise(const Indices& at, const Extents& extents);
/// Indices of element number `linear` of a row-major array.
Indices delinearise(const Index& linear, const Extents& extents);
/// low <= index < high as a bool scalar.
Scalar in_range(const Index& index, int64_t low, int64_t high);
/// A float literal of the given compute type.
Scalar number(DataType type, double value);
/// Lowest / highest value of a type (infinities for floats).
Scalar lowest(DataType type);
Scalar highest(DataType type);

}  // namespace kasuri::lower
