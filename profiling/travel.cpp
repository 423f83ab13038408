#include "profiling/travel.h"

#include <nlohmann/json.hpp>

#include "profiling/statistics.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

bool same_place(const ComparedSide& a, const ComparedSide& b) {
  return a.spec.threads == b.spec.threads && a.spec.cpus == b.spec.cpus;
}

const ComparedSide* twin_of(const ComparedSide& exported, const std::vector<ComparedSide>& sides) {
  for (const ComparedSide& side : sides)
    if (side.spec.runtime == exported.spec.runtime && side.spec.model.empty() && side.times &&
        same_place(side, exported))
      return &side;
  return nullptr;
}

const ComparedSide* plan_beside(const ComparedSide& exported,
                                const std::vector<ComparedSide>& sides) {
  const ComparedSide* found = nullptr;
  for (const ComparedSide& side : sides)
    if (side.spec.runtime == "kasuri" && side.spec.model.empty() && side.times &&
        same_place(side, exported))
      found = &side;
  return found;
}

json ratio_of(const ComparedSide& side, const ComparedSide& baseline) {
  const PairedRatio paired =
      compare_blocks(baseline.times->block_medians, side.times->block_medians);
  return {{"ratio", paired.ratio.estimate},
          {"low", paired.ratio.low},
          {"high", paired.ratio.high},
          {"verdict", name_of(paired.verdict)}};
}

}  // namespace

json describe_travel(const std::vector<ComparedSide>& sides) {
  json out = json::array();
  for (const ComparedSide& exported : sides) {
    if (exported.spec.model != "exported" || exported.spec.runtime == "kasuri" || !exported.times)
      continue;
    const ComparedSide* original = twin_of(exported, sides);
    if (original == nullptr) continue;
    json line = {{"runtime", exported.spec.runtime},      {"threads", exported.spec.threads},
                 {"original", original->spec.name},       {"exported", exported.spec.name},
                 {"file", ratio_of(exported, *original)}, {"plan", nullptr}};
    if (const ComparedSide* plan = plan_beside(exported, sides)) {
      line["plan"] = ratio_of(*plan, exported);
      line["plan"]["side"] = plan->spec.name;
    }
    out.push_back(std::move(line));
  }
  return out;
}

}  // namespace kasuri::profiling
