#pragma once

#include <fmt/format.h>

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/backend/reference/elements.h"
#include "engine/base/cancel_token.h"
#include "engine/ir/graph.h"
#include "engine/ir/runtime_value.h"

namespace kasuri::reference {

using Extents = std::vector<int64_t>;

/// The error channel of kernels: thrown by Context and caught where the kernel was called, so that
/// loops stay plain. Never leaves this backend.
struct KernelFailure {
  Error error;
};

/// A new tensor and the right to write its elements.
struct FreshTensor {
  Tensor tensor;
  std::span<std::byte> bytes;
  template <typename T>
  T* data() {
    return reinterpret_cast<T*>(bytes.data());
  }
};

/// What a kernel may use besides its inputs.
struct Surroundings {
  int64_t memory_limit = 0;  ///< Bytes a run may take beside what was alive before it.
  int64_t alive_before = 0;  ///< live_tensor_bytes() then.
  const TaskContext* task = nullptr;
  /// Runs a body with inputs by position; values of the enclosing graph are found by name.
  std::function<Result<std::vector<RuntimeValue>>(const Graph&, std::vector<RuntimeValue>)>
      run_body;
};

/// One application of an operator while it is computed; one at a time per thread, or nested.
class Context {
 public:
  Context(const Graph& graph, const Node& node, std::span<const RuntimeValue> inputs,
          const Surroundings& surroundings);
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  const Graph& graph() const { return graph_; }
  const Node& node() const { return node_; }
  int opset() const { return node_.opset; }

  size_t input_count() const { return inputs_.size(); }
  bool has(size_t i) const { return i < inputs_.size() && inputs_[i].present(); }
  /// Input i, present or not.
  const RuntimeValue& value(size_t i) const;
  /// Input i as a tensor; an error for the user where it is absent or no tensor.
  const Tensor& in(size_t i) const;
  const TensorSequence& sequence(size_t i) const;
  /// Integers of input i, or `fallback` where it is absent.
  std::vector<int64_t> ints(size_t i, std::vector<int64_t> fallback = {}) const;
  /// The one element of input i, or `fallback` where it is absent.
  double number(size_t i, double fallback) const;
  int64_t integer(size_t i, int64_t fallback) const;
  /// Integers of attribute `name` or, where later versions moved it there, of input i.
  std::vector<int64_t> ints_of(const std::string& name, size_t i) const;

  size_t output_count() const { return outputs_.size(); }
  bool wants(size_t i) const { return node_.output(i).valid(); }
  void set(size_t i, RuntimeValue value);
  std::vector<RuntimeValue> take_outputs() { return std::move(outputs_); }

  /// Zeroed memory; an error where it would exceed the limit.
  FreshTensor fresh(DataType dtype, Extents extents) const;
  /// `values` stored as `dtype`.
  template <typename T>
  Tensor pack(DataType dtype, Extents extents, const std::vector<T>& values) const {
    FreshTensor out = fresh(dtype, std::move(extents));
    KASURI_CHECK(out.tensor.count() == static_cast<int64_t>(values.size()), "count of pack()");
    store_elements<T>(dtype, values, out.bytes);
    return out.tensor;
  }
  Tensor pack_strings(Extents extents, std::vector<std::string> values) const;
  /// Product of extents; an error on overflow or a negative extent.
  int64_t count(const Extents& extents) const;
  /// The same, before memory of `each` bytes per element is taken beside results: an error where
  /// that would exceed the limit.
  int64_t scratch_count(const Extents& extents, size_t each = sizeof(double)) const;
  /// An error where `count` items of `each` bytes would exceed the limit; `what` needs them.
  void require_room(int64_t count, size_t each, std::string_view what) const;

  /// Axis in [0, rank); an error outside [-rank, rank).
  int axis(int64_t axis, int64_t rank) const;
  std::vector<int> axes(const std::vector<int64_t>& axes, int64_t rank) const;

  [[noreturn]] void fail(const std::string& message) const { throw KernelFailure{Error(message)}; }
  template <typename... A>
  void require(bool condition, fmt::format_string<A...> message, A&&... arguments) const {
    if (!condition) [[unlikely]]
      fail(fmt::format(message, std::forward<A>(arguments)...));
  }
  /// Ends the kernel when the user asked to stop. For long loops.
  void poll() const;

  std::vector<RuntimeValue> run_body(const Graph& body, std::vector<RuntimeValue> inputs) const;

 private:
  void require_bytes(int64_t bytes, const std::function<std::string()>& what) const;

  const Graph& graph_;
  const Node& node_;
  std::span<const RuntimeValue> inputs_;
  std::vector<RuntimeValue> outputs_;
  const Surroundings& surroundings_;
  const Context* outer_;  ///< What this thread was computing before.
};

/// "[2,3]" for messages.
std::string text_of(const Extents& extents);
/// Product of extents[first..last), without checks.
int64_t product(const Extents& extents, size_t first = 0, size_t last = SIZE_MAX);

}  // namespace kasuri::reference
