#include "engine/plan/route.h"

#include <algorithm>
#include <optional>
#include <set>

#include "engine/plan/control_bodies.h"
#include "engine/plan/copy_kernel.h"

namespace kasuri {
namespace {

int position_in(const std::vector<ValueId>& values, ValueId id) {
  return static_cast<int>(std::find(values.begin(), values.end(), id) - values.begin());
}

/// What makes two requests the same work.
struct RequestKey {
  std::vector<NodeId> members;
  std::vector<std::vector<int>> layouts;
  auto operator<=>(const RequestKey&) const = default;
};

class Router {
 public:
  Router(const Graph& graph, const PlanDecisions& decisions, const BackendSet& backends,
         const PlanOptions& options, const TaskContext& context)
      : graph_(graph),
        decisions_(decisions),
        backends_(backends),
        options_(options),
        context_(context),
        layouts_(graph, decisions) {}

  Result<Routing> run() {
    while (true) {
      KASURI_RETURN_IF_ERROR(context_.cancel.check());
      std::vector<PlanUnit> units = partition(graph_, decisions_, dissolved_);
      std::vector<RoutedUnit> routed(units.size());
      bool settled = true;
      for (size_t u = 0; u < units.size(); ++u) settled &= choose(units[u], routed[u]);
      if (!settled) continue;
      settled = compile(routed);
      KASURI_RETURN_IF_ERROR(context_.cancel.check());
      if (!settled) continue;
      for (const RoutedUnit& unit : routed)
        if (unit.kind == StepKind::kLibrary || unit.kind == StepKind::kControl)
          KASURI_RETURN_IF_ERROR(check_library(unit));
      return Routing{std::move(routed), std::move(layouts_)};
    }
  }

 private:
  /// False when something earlier decisions rest on has changed (a group dissolved, a layout
  /// dropped).
  bool choose(PlanUnit& unit, RoutedUnit& out) {
    out.unit = unit;
    if (unit.members.size() == 1 && choose_copy(out)) return true;
    if (unit.members.size() == 1 && choose_control(out)) return store_row_major(unit);
    const std::optional<std::string> why = why_not_compiled(out);
    if (!why) return true;
    if (unit.group.valid()) {
      dissolved_[unit.group] = *why;
      return false;
    }
    out.kind = StepKind::kLibrary;
    out.backend = "reference";
    if (out.fallback_reason.empty()) out.fallback_reason = *why;
    return store_row_major(unit);
  }

  /// False when a layout had to be dropped.
  bool store_row_major(const PlanUnit& unit) {
    bool unchanged = true;
    for (ValueId id : unit.inputs) unchanged &= !layouts_.drop(id);
    for (ValueId id : unit.outputs) unchanged &= !layouts_.drop(id);
    return unchanged;
  }

  /// False, with the reason, where the library must run a control-flow node.
  bool choose_control(RoutedUnit& out) {
    const Node& node = graph_.node(out.unit.members[0]);
    if (options_.reference_only || !owns_plans(node)) return false;
    auto known = bodies_.find(node.id);
    if (known == bodies_.end())
      known = bodies_
                  .emplace(node.id,
                           plan_bodies(graph_, node, decisions_, backends_, options_, context_))
                  .first;
    if (!known->second.ok()) {
      out.fallback_reason = "its bodies have no plans: " + known->second.error().text();
      return false;
    }
    out.kind = StepKind::kControl;
    out.backend = "cpu/control";
    out.bodies = *known->second;
    return true;
  }

  /// Runs of bytes a node moves, or a Transpose would if it moved any.
  std::optional<std::vector<CopyPiece>> pieces_of(const Node& node) const {
    auto pieces = contiguous_pieces(graph_, node);
    if (node.is("Transpose") && node.input(0).valid() && node.output(0).valid())
      return transposed_pieces(graph_, node, layouts_.order_of(node.input(0)),
                               layouts_.order_of(node.output(0)));
    for (const CopyPiece& piece : pieces.value_or(std::vector<CopyPiece>()))
      if (!layouts_.is_row_major(node.inputs[piece.input]) ||
          !layouts_.is_row_major(node.outputs[piece.output]))
        return std::nullopt;
    return pieces;
  }

  bool choose_copy(RoutedUnit& out) {
    const Node& node = graph_.node(out.unit.members[0]);
    if (options_.reference_only) return false;
    auto pieces = pieces_of(node);
    if (!pieces) return false;
    for (CopyPiece& piece : *pieces) {
      const ValueId from = node.inputs[piece.input], to = node.outputs[piece.output];
      piece.input = position_in(out.unit.inputs, from);
      piece.output = position_in(out.unit.outputs, to);
    }
    out.kind = StepKind::kCopy;
    out.backend = "cpu/copy";
    out.pieces = *pieces;
    out.kernel = make_copy_kernel(std::move(*pieces));
    return true;
  }

  /// Empty: `out.backend` names the backend that will compile the unit.
  std::optional<std::string> why_not_compiled(RoutedUnit& out) {
    if (options_.reference_only) return "the reference backend was asked for";
    for (const auto* values : {&out.unit.inputs, &out.unit.outputs})
      for (ValueId id : *values) {
        const Value& value = graph_.value(id);
        if (!value.type.is_static_tensor())
          return "the shape of '" + value.name + "' is known only at run time";
      }
    std::string reasons;
    const KernelRequest request = request_for(out.unit);
    for (const auto& backend : backends_.compiled) {
      std::optional<std::string> why = backend->why_not(request);
      if (const auto it = failed_.find({backend->name(), key_of(request)}); it != failed_.end())
        why = it->second;
      if (!why) {
        out.kind = StepKind::kKernel;
        out.backend = backend->name();
        return std::nullopt;
      }
      reasons += (reasons.empty() ? "" : "; ") + *why;
    }
    return reasons.empty() ? "no backend compiles kernels here" : reasons;
  }

  KernelRequest request_for(const PlanUnit& unit) const {
    KernelRequest request;
    request.graph = &graph_;
    request.members = unit.members;
    request.inputs = unit.inputs;
    request.outputs = unit.outputs;
    for (ValueId id : unit.inputs) request.input_layouts.push_back({layouts_.order_of(id)});
    for (ValueId id : unit.outputs) request.output_layouts.push_back({layouts_.order_of(id)});
    request.threads = options_.threads;
    return request;
  }

  static RequestKey key_of(const KernelRequest& request) {
    RequestKey key{request.members, {}};
    for (const OperandLayout& layout : request.input_layouts)
      key.layouts.push_back(layout.axis_order);
    for (const OperandLayout& layout : request.output_layouts)
      key.layouts.push_back(layout.axis_order);
    return key;
  }

  /// False when a unit could not be compiled after all.
  bool compile(std::vector<RoutedUnit>& routed) {
    bool settled = true;
    for (const auto& backend : backends_.compiled) {
      std::vector<KernelRequest> requests;
      std::vector<size_t> which;
      for (size_t u = 0; u < routed.size(); ++u) {
        if (routed[u].kind != StepKind::kKernel || routed[u].backend != backend->name()) continue;
        KernelRequest request = request_for(routed[u].unit);
        if (const auto it = compiled_.find({backend->name(), key_of(request)});
            it != compiled_.end()) {
          routed[u].kernel = it->second;
          continue;
        }
        requests.push_back(std::move(request));
        which.push_back(u);
      }
      std::vector<Result<KernelPointer>> kernels = backend->compile_all(requests, context_);
      for (size_t k = 0; k < kernels.size(); ++k)
        settled &= accept(*backend, requests[k], std::move(kernels[k]), routed[which[k]]);
    }
    return settled;
  }

  bool accept(const Backend& backend, const KernelRequest& request, Result<KernelPointer> kernel,
              RoutedUnit& unit) {
    if (kernel.ok()) {
      unit.kernel = *kernel;
      compiled_[{backend.name(), key_of(request)}] = *kernel;
      return true;
    }
    if (kernel.error().kind() != ErrorKind::kCancelled)
      failed_[{backend.name(), key_of(request)}] = kernel.error().text();
    return false;
  }

  Status check_library(const RoutedUnit& unit) const {
    const Node& node = graph_.node(unit.unit.members.at(0));
    const auto why = backends_.library == nullptr ? std::optional<std::string>("no library backend")
                                                  : backends_.library->why_not(graph_, node);
    if (!why) return ok_status();
    return Error::unavailable("node '" + node.name + "' (" + node.op.text() + ", opset " +
                              std::to_string(node.opset) + ") cannot run: " + *why);
  }

  const Graph& graph_;
  const PlanDecisions& decisions_;
  const BackendSet& backends_;
  const PlanOptions& options_;
  const TaskContext& context_;
  LayoutTable layouts_;
  DissolvedGroups dissolved_;
  std::map<NodeId, Result<std::vector<PlanBody>>> bodies_;
  std::map<std::pair<std::string, RequestKey>, KernelPointer> compiled_;
  std::map<std::pair<std::string, RequestKey>, std::string> failed_;
};

}  // namespace

Result<Routing> route(const Graph& graph, const PlanDecisions& decisions,
                      const BackendSet& backends, const PlanOptions& options,
                      const TaskContext& context) {
  return Router(graph, decisions, backends, options, context).run();
}

}  // namespace kasuri
