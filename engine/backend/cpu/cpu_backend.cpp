#include "engine/backend/cpu/cpu_backend.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "engine/backend/cpu/contraction_kernel.h"
#include "engine/backend/cpu/contraction_match.h"
#include "engine/backend/cpu/cpu_legality.h"
#include "engine/backend/cpu/nest_kernel.h"
#include "engine/backend/cpu/onednn_primitive.h"
#include "engine/backend/cpu/recurrent_kernel.h"
#include "engine/backend/cpu/recurrent_match.h"
#include "engine/backend/cpu/row_scatter_kernel.h"
#include "engine/codegen/compiled_nest.h"
#include "engine/lower/lowering.h"

namespace kasuri::cpu {
namespace {

std::string instruction_set() {
  if (__builtin_cpu_supports("avx512f")) return "AVX-512";
  if (__builtin_cpu_supports("avx2")) return "AVX2";
  return "SSE";
}

class CpuBackend final : public Backend {
 public:
  explicit CpuBackend(std::shared_ptr<codegen::Compiler> compiler)
      : compiler_(std::move(compiler)) {}

  std::string name() const override { return "cpu"; }
  std::string description() const override {
    return "CPU, " + instruction_set() + ", " + onednn_version();
  }

  std::optional<std::string> why_not(const KernelRequest& request) const override {
    std::string why;
    if (is_recurrent(request)) {
      const auto shape = match_recurrent(request);
      return shape.ok() ? std::nullopt : std::optional(shape.error().text());
    }
    if (is_row_scatter(request)) return why_not_row_scatter(request);
    if (has_contraction(request)) {
      const auto contraction = why_not_contraction(request);
      if (!contraction || request.members.size() > 1) return contraction;
      why = *contraction + "; ";
    }
    for (NodeId id : request.members)
      if (auto no_nest = lower::why_not(*request.graph, request.graph->node(id)))
        return why + *no_nest;
    return std::nullopt;
  }

  Result<KernelPointer> compile(const KernelRequest& request) const override {
    try {
      if (is_recurrent(request)) return compile_recurrent(request, *compiler_);
      if (is_row_scatter(request)) return compile_row_scatter(request);
      if (has_contraction(request) && !why_not_contraction(request)) {
        auto kernel = compile_contraction(request, *compiler_);
        if (kernel.ok() || request.members.size() > 1) return kernel;
      }
      return compile_nest(request, *compiler_);
    } catch (const std::bad_alloc&) {
      return Error::unavailable("not enough memory for packed weights");
    }
  }

  std::vector<Result<KernelPointer>> compile_all(std::span<const KernelRequest> requests,
                                                 const TaskContext& context) const override {
    std::vector<Result<KernelPointer>> results(requests.size(), Error::cancelled());
    std::atomic<size_t> next{0};
    const auto work = [&] {
      for (size_t k = next++; k < requests.size() && !context.cancel.cancelled(); k = next++)
        results[k] = guarded(requests[k]);
    };
    const size_t helpers =
        std::min<size_t>(std::max(1u, std::thread::hardware_concurrency()), requests.size());
    std::vector<std::thread> team;
    for (size_t k = 1; k < helpers; ++k) team.emplace_back(work);
    work();
    for (std::thread& thread : team) thread.join();
    return results;
  }

  std::vector<int> preferred_layout(const Graph& graph, const Node& node) const override {
    static const std::vector<std::string> kChannelsLast = {
        "Conv",          "ConvTranspose", "MaxPool", "AveragePool", "GlobalAveragePool",
        "GlobalMaxPool", "Resize",        "Upsample"};
    const bool wants =
        node.op.domain.empty() &&
        std::find(kChannelsLast.begin(), kChannelsLast.end(), node.op.name) != kChannelsLast.end();
    if (!wants || !node.output(0).valid()) return {};
    const ValueType& type = graph.value(node.output(0)).type;
    if (!type.is_static_tensor() || type.dtype != DataType::kFloat) return {};
    switch (type.shape->size()) {
      case 3:
        return {0, 2, 1};
      case 4:
        return {0, 2, 3, 1};
      case 5:
        return {0, 2, 3, 4, 1};
      default:
        return {};
    }
  }

  const Legality& legality() const override { return legality_; }
  const CostModel& cost_model() const override { return cost_; }

 private:
  static bool is_recurrent(const KernelRequest& request) {
    return request.members.size() == 1 &&
           cpu::is_recurrent(request.graph->node(request.members[0]));
  }
  static bool is_row_scatter(const KernelRequest& request) {
    return request.members.size() == 1 &&
           cpu::is_row_scatter(request.graph->node(request.members[0]));
  }
  static bool has_contraction(const KernelRequest& request) {
    return std::any_of(request.members.begin(), request.members.end(),
                       [&](NodeId id) { return is_contraction(request.graph->node(id)); });
  }

  /// Our own bugs must not end a compiler thread: they come back as errors.
  Result<KernelPointer> guarded(const KernelRequest& request) const {
    try {
      return compile(request);
    } catch (const std::exception& error) {
      return Error(error.what(), ErrorKind::kInternal);
    }
  }

  std::shared_ptr<codegen::Compiler> compiler_;
  CpuLegality legality_;
  CpuCostModel cost_;
};

}  // namespace

Result<std::shared_ptr<const Backend>> create_backend(const std::string& cache_folder) {
  KASURI_TRY(std::shared_ptr<codegen::Compiler> compiler, codegen::Compiler::create(cache_folder));
  return std::shared_ptr<const Backend>(std::make_shared<CpuBackend>(std::move(compiler)));
}

}  // namespace kasuri::cpu
