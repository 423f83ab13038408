#include "profiling/comparison_summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace kasuri::profiling {

using nlohmann::json;

int64_t batch_of(const Graph& graph) {
  for (ValueId id : graph.inputs()) {
    const auto& shape = graph.value(id).type.shape;
    if (shape && !shape->empty() && shape->front().known())
      return std::max<int64_t>(1, shape->front().value());
  }
  return 1;
}

json describe_model_shortly(const KasuriSession& session, const std::string& path) {
  const Graph& graph = session.graph();
  int64_t parameters = 0;
  for (ValueId id : graph.value_ids())
    if (graph.value(id).is_constant()) parameters += graph.value(id).constant->count();
  json out = {{"path", path},
              {"name", graph.name()},
              {"opset", graph.opset()},
              {"operators", graph.node_count()},
              {"parameters", parameters},
              {"dims", json::array()}};
  if (!session.has_model()) {
    out["hash"] = session.plan().hash().hex();
    return out;
  }
  out["hash"] = session.model().content_hash.hex();
  out["synthesized_weights"] = session.model().synthesized_weights;
  for (const DimBinding& dim : session.model().dims)
    out["dims"].push_back({{"name", dim.name()}, {"value", dim.value}, {"given", !dim.is_default}});
  return out;
}

void add_requirements(json& report, const CompareRequest& request) {
  const size_t about = report["sides"].size() > 1 ? 1 : 0;
  for (const Requirement& requirement : request.requirements)
    report["requirements"].push_back(
        check_requirement(requirement, report["sides"][about], report["fidelity"].at(about)));
  if (!request.fail_if_slower_percent || report["deltas"].empty()) return;
  const json& latency = report["deltas"][0]["latency"];
  const double limit = 1 + *request.fail_if_slower_percent / 100;
  const bool known = latency["ratio"].is_number();
  const bool slower =
      !known || (latency["ratio"].get<double>() > limit && latency["verdict"] == "slower");
  report["requirements"].push_back(
      {{"text", fmt::format("not slower by more than {} %", *request.fail_if_slower_percent)},
       {"met", !slower},
       {"value", latency["ratio"]}});
}

}  // namespace kasuri::profiling
