#include "engine/backend/cpu/recurrent_kernel.h"

#include <algorithm>
#include <cstring>

#include "engine/backend/cpu/onednn_primitive.h"
#include "engine/backend/cpu/packed_memory.h"
#include "engine/backend/cpu/recurrent_cell.h"
#include "engine/backend/cpu/recurrent_match.h"
#include "engine/codegen/compiled_nest.h"

namespace kasuri::cpu {
namespace {

using Kind = RecurrentShape::Kind;

int64_t rounded(int64_t bytes) { return (bytes + 63) / 64 * 64; }

/// A multiplication by constant weights, transposed while packing.
struct PackedProduct {
  std::unique_ptr<OnednnPrimitive> primitive;
  std::shared_ptr<const std::byte> packed;
  size_t bytes = 0;

  Status run(const float* source, const float* bias, float* destination,
             std::byte* workspace) const {
    return primitive->run({.source = source,
                           .weights = packed.get(),
                           .bias = bias,
                           .destination = destination,
                           .operands = {},
                           .workspace = workspace});
  }
};

/// rows x k times the transpose of w [columns, k].
Result<PackedProduct> make_product(int64_t rows, int64_t k, int64_t columns, const float* w,
                                   bool bias, int threads) {
  ContractionForm form;
  form.source = {{rows, k}, {k, 1}};
  form.weights = {{k, columns}, {1, k}};
  form.destination = {{rows, columns}, {columns, 1}};
  if (bias) form.bias_dims = {1, columns};
  form.constant_weights = form.any_weights = true;
  constexpr int64_t kWorthATeam = 1 << 19;  // multiply-adds; below, waking a team costs more
  form.threads = rows * k * columns < kWorthATeam ? 1 : threads;
  PackedProduct product;
  KASURI_TRY(product.primitive, OnednnPrimitive::create(form));
  const size_t bytes = product.primitive->needs_packing()
                           ? product.primitive->packed_bytes()
                           : static_cast<size_t>(columns * k) * sizeof(float);
  product.bytes = bytes;
  KASURI_TRY(product.packed, pack_once(bytes, [&](std::byte* to) {
               if (product.primitive->needs_packing())
                 return product.primitive->pack_weights(w, to);
               std::memcpy(to, w, bytes);
               return ok_status();
             }));
  return product;
}

/// One direction's weights.
struct Direction {
  PackedProduct input, state, candidate;  ///< candidate: GRU without linear_before_reset
  std::vector<float> bias, state_bias;    ///< of all gates; GRU's hidden gate when linear
};

class RecurrentKernel final : public Kernel {
 public:
  RecurrentShape shape;
  std::vector<Direction> directions;
  codegen::CompiledNestPointer cell, reset;
  int initial_h = -1, initial_c = -1;             ///< step inputs; -1: zeros
  int all_states = -1, last_h = -1, last_c = -1;  ///< step outputs; -1: not wanted
  std::vector<int> absorbed;

  int64_t workspace_bytes() const override { return layout().end; }
  int64_t packed_bytes() const override {
    size_t bytes = 0;
    for (const Direction& d : directions)
      bytes += d.input.bytes + d.state.bytes + d.candidate.bytes;
    return static_cast<int64_t>(bytes);
  }
  std::vector<int> absorbed_inputs() const override { return absorbed; }
  std::string description() const override {
    return "cpu/recurrent " + directions[0].input.primitive->implementation() + " + " +
           cell->description();
  }

  Status run(const KernelArguments& arguments) const override {
    for (int64_t d = 0; d < shape.directions; ++d)
      KASURI_RETURN_IF_ERROR(run_direction(arguments, d));
    return ok_status();
  }

 private:
  /// Byte offsets in the workspace.
  struct Layout {
    int64_t inputs, product, candidate, reset, state, cell_state, scratch, end;
  };
  Layout layout() const {
    const int64_t unit = rounded(shape.batch * shape.hidden * 4);
    Layout at{};
    int64_t next = rounded(shape.steps * shape.batch * shape.gates * shape.hidden * 4);
    const auto take = [&](int64_t bytes) {
      const int64_t start = next;
      next += rounded(bytes);
      return start;
    };
    at.inputs = 0;
    at.product = take(unit * shape.gates);
    at.candidate = take(unit);
    at.reset = take(unit);
    at.state = take(2 * unit);
    at.cell_state = take(unit);
    size_t scratch = 0;
    for (const Direction& d : directions)
      for (const PackedProduct* p : {&d.input, &d.state, &d.candidate})
        if (p->primitive) scratch = std::max(scratch, p->primitive->workspace_bytes());
    const int64_t nests = std::max(cell->workspace_bytes(1), reset ? reset->workspace_bytes(1) : 0);
    at.scratch = take(std::max(static_cast<int64_t>(scratch), nests));
    at.end = next;
    return at;
  }

  const std::byte* initial(const KernelArguments& arguments, int input, int64_t d) const {
    if (input < 0) return nullptr;
    return arguments.inputs[static_cast<size_t>(input)] + d * shape.batch * shape.hidden * 4;
  }

  Status run_direction(const KernelArguments& arguments, int64_t d) const {
    const Layout at = layout();
    std::byte* const base = arguments.workspace;
    const auto floats = [&](int64_t offset) { return reinterpret_cast<float*>(base + offset); };
    const Direction& direction = directions[static_cast<size_t>(d)];
    const int64_t unit = shape.batch * shape.hidden * 4;
    KASURI_RETURN_IF_ERROR(direction.input.run(reinterpret_cast<const float*>(arguments.inputs[0]),
                                               direction.bias.data(), floats(at.inputs),
                                               base + at.scratch));
    const auto set = [&](int64_t offset, const std::byte* from) {
      if (from == nullptr)
        std::memset(base + offset, 0, static_cast<size_t>(unit));
      else
        std::memcpy(base + offset, from, static_cast<size_t>(unit));
    };
    set(at.state, initial(arguments, initial_h, d));
    set(at.cell_state, initial(arguments, initial_c, d));
    std::byte* state = base + at.state;
    const bool backwards = d == 1 || shape.reverse_first;
    for (int64_t step = 0; step < shape.steps; ++step) {
      const int64_t t = backwards ? shape.steps - 1 - step : step;
      std::byte* next = all_states >= 0 ? arguments.outputs[static_cast<size_t>(all_states)] +
                                              (t * shape.directions + d) * unit
                                        : base + at.state + ((step + 1) % 2) * rounded(unit);
      std::byte* x = base + at.inputs + t * unit * shape.gates;
      KASURI_RETURN_IF_ERROR(run_step(direction, at, base, x, state, next));
      state = next;
    }
    const auto give = [&](int output, const std::byte* from) {
      if (output >= 0)
        std::memcpy(arguments.outputs[static_cast<size_t>(output)] + d * unit, from,
                    static_cast<size_t>(unit));
    };
    give(last_h, state);
    give(last_c, base + at.cell_state);
    return ok_status();
  }

  Status run_step(const Direction& direction, const Layout& at, std::byte* base, std::byte* x,
                  std::byte* state, std::byte* next) const {
    std::byte* scratch = base + at.scratch;
    std::byte* product = base + at.product;
    KASURI_RETURN_IF_ERROR(direction.state.run(reinterpret_cast<const float*>(state), nullptr,
                                               reinterpret_cast<float*>(product), scratch));
    std::byte* c = base + at.cell_state;
    std::byte* reset_state = base + at.reset;
    std::byte* candidate = base + at.candidate;
    auto* bias = reinterpret_cast<std::byte*>(const_cast<float*>(direction.state_bias.data()));
    const auto call = [&](const codegen::CompiledNest& nest,
                          std::initializer_list<std::byte*> list) {
      return nest.run({list.begin(), list.size()}, scratch, nullptr);
    };
    switch (shape.kind) {
      case Kind::kLstm:
        return call(*cell, {x, product, c, c, next});
      case Kind::kGruLinear:
        return call(*cell, {x, product, state, bias, next});
      case Kind::kGru:
        KASURI_RETURN_IF_ERROR(call(*reset, {x, product, state, reset_state}));
        KASURI_RETURN_IF_ERROR(direction.candidate.run(reinterpret_cast<const float*>(reset_state),
                                                       nullptr, reinterpret_cast<float*>(candidate),
                                                       scratch));
        return call(*cell, {x, product, state, candidate, next});
      default:
        return call(*cell, {x, product, next});
    }
  }
};

/// Biases of one direction: those of input and state are added up front, except where GRU adds the
/// state's behind the reset gate.
void sum_biases(const RecurrentShape& shape, const Tensor* b, int64_t d, Direction& direction) {
  const int64_t size = shape.gates * shape.hidden;
  direction.bias.assign(static_cast<size_t>(size), 0);
  direction.state_bias.assign(static_cast<size_t>(shape.hidden), 0);
  if (b == nullptr) return;
  const float* wb = b->data<float>().data() + d * 2 * size;
  for (int64_t k = 0; k < size; ++k) {
    const bool behind_reset = shape.kind == Kind::kGruLinear && k >= 2 * shape.hidden;
    direction.bias[static_cast<size_t>(k)] = wb[k] + (behind_reset ? 0 : wb[size + k]);
    if (behind_reset)
      direction.state_bias[static_cast<size_t>(k - 2 * shape.hidden)] = wb[size + k];
  }
}

Status make_direction(const KernelRequest& request, const RecurrentShape& shape, int64_t d,
                      Direction& direction) {
  const Graph& graph = *request.graph;
  const Node& node = graph.node(request.members[0]);
  const int64_t columns = shape.gates * shape.hidden;
  const float* w = graph.constant_input(node, 1)->data<float>().data() + d * columns * shape.input;
  const float* r = graph.constant_input(node, 2)->data<float>().data() + d * columns * shape.hidden;
  sum_biases(shape, graph.constant_input(node, 3), d, direction);
  KASURI_TRY(direction.input, make_product(shape.steps * shape.batch, shape.input, columns, w, true,
                                           request.threads));
  const bool split = shape.kind == Kind::kGru;
  const int64_t state_columns = split ? 2 * shape.hidden : columns;
  KASURI_TRY(direction.state,
             make_product(shape.batch, shape.hidden, state_columns, r, false, request.threads));
  if (split) {
    KASURI_TRY(direction.candidate,
               make_product(shape.batch, shape.hidden, shape.hidden,
                            r + state_columns * shape.hidden, false, request.threads));
  }
  return ok_status();
}

loops::Nest cell_of(const RecurrentShape& shape) {
  switch (shape.kind) {
    case Kind::kLstm:
      return lstm_cell(shape.batch, shape.hidden);
    case Kind::kGru:
      return gru_cell(shape.batch, shape.hidden);
    case Kind::kGruLinear:
      return gru_cell_linear(shape.batch, shape.hidden);
    default:
      return rnn_cell(shape.batch, shape.hidden, shape.kind == Kind::kRnnRelu);
  }
}

int find_in(const std::vector<ValueId>& values, ValueId id) {
  if (!id.valid()) return -1;
  const auto it = std::find(values.begin(), values.end(), id);
  return it == values.end() ? -1 : static_cast<int>(it - values.begin());
}

}  // namespace

Result<KernelPointer> compile_recurrent(const KernelRequest& request, codegen::Compiler& compiler) {
  KASURI_TRY(const RecurrentShape shape, match_recurrent(request));
  const Node& node = request.graph->node(request.members[0]);
  auto kernel = std::make_shared<RecurrentKernel>();
  kernel->shape = shape;
  kernel->directions.resize(static_cast<size_t>(shape.directions));
  for (int64_t d = 0; d < shape.directions; ++d)
    KASURI_RETURN_IF_ERROR(
        make_direction(request, shape, d, kernel->directions[static_cast<size_t>(d)]));
  KASURI_TRY(kernel->cell, compiler.compile(cell_of(shape), 1));
  if (shape.kind == Kind::kGru) {
    KASURI_TRY(kernel->reset, compiler.compile(gru_reset(shape.batch, shape.hidden), 1));
  }
  kernel->initial_h = find_in(request.inputs, node.input(5));
  kernel->initial_c = find_in(request.inputs, node.input(6));
  kernel->all_states = find_in(request.outputs, node.output(0));
  kernel->last_h = find_in(request.outputs, node.output(1));
  kernel->last_c = find_in(request.outputs, node.output(2));
  for (size_t k = 0; k < request.inputs.size(); ++k)
    if (request.inputs[k] != node.input(0) && static_cast<int>(k) != kernel->initial_h &&
        static_cast<int>(k) != kernel->initial_c)
      kernel->absorbed.push_back(static_cast<int>(k));
  return KernelPointer(kernel);
}

}  // namespace kasuri::cpu
