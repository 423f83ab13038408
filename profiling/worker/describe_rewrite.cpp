#include "profiling/worker/describe_rewrite.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "passes/catalogue.h"
#include "passes/optimize.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

const char* outcome_name(RewriteEntry::Outcome outcome) {
  switch (outcome) {
    case RewriteEntry::Outcome::kApplied:
      return "applied";
    case RewriteEntry::Outcome::kDeclined:
      return "declined";
    case RewriteEntry::Outcome::kSwitchedOff:
      return "off";
  }
  return "off";
}

json describe_rule(const Pass& pass, const Rule& rule, const Recipe& recipe) {
  const RuleInfo& info = rule.info();
  return {{"name", info.name},
          {"law", info.law},
          {"fidelity", name_of(info.fidelity)},
          {"default", info.on_by_default},
          {"enabled", recipe.allows(pass, rule)},
          {"applied", 0},
          {"declined", 0},
          {"switched_off", 0},
          {"sites", json::array()}};
}

/// The weakest promise among the rules.
Fidelity fidelity_of(const Pass& pass) {
  Fidelity worst = Fidelity::kExact;
  for (const auto& rule : pass.rules) worst = std::max(worst, rule->info().fidelity);
  return worst;
}

json describe_pass(const Pass& pass, const Recipe& recipe) {
  json out = {{"name", pass.name},
              {"law", pass.law},
              {"stands", pass.stands},
              {"fidelity", name_of(fidelity_of(pass))},
              {"always_on", pass.always_on},
              {"default", pass.on_by_default},
              {"enabled", recipe.allows(pass)},
              {"changed", false},
              {"ms", 0.0},
              {"applied", 0},
              {"declined", 0},
              {"rules", json::array()}};
  for (const auto& rule : pass.rules)
    if (!rule->info().quiet) out["rules"].push_back(describe_rule(pass, *rule, recipe));
  return out;
}

void add_site(json& pass, json& rule, const RewriteEntry& entry) {
  const char* outcome = outcome_name(entry.outcome);
  const std::string counter =
      entry.outcome == RewriteEntry::Outcome::kSwitchedOff ? "switched_off" : outcome;
  rule[counter] = rule[counter].get<int>() + 1;
  if (pass.contains(counter)) pass[counter] = pass[counter].get<int>() + 1;
  rule["sites"].push_back({{"site", entry.site},
                           {"outcome", outcome},
                           {"reason", entry.reason},
                           {"what", entry.what},
                           {"sources", entry.source_nodes},
                           {"nodes", entry.new_nodes}});
}

}  // namespace

json describe_catalogue(const Recipe& recipe) {
  json passes = json::array();
  for (const Pass& pass : catalogue()) passes.push_back(describe_pass(pass, recipe));
  return passes;
}

Result<std::string> exact_part_of(const std::string& spec) {
  KASURI_TRY(const Recipe asked, parse_recipe(spec));
  (void)asked;
  std::string out = spec;
  for (const Pass& pass : catalogue()) {
    if (pass.always_on || fidelity_of(pass) == Fidelity::kExact) continue;
    const auto is_exact = [](const auto& rule) {
      return rule->info().fidelity == Fidelity::kExact;
    };
    if (std::none_of(pass.rules.begin(), pass.rules.end(), is_exact)) {
      out += ",-" + pass.name;
      continue;
    }
    for (const auto& rule : pass.rules)
      if (!is_exact(rule)) out += ",-" + std::string(rule->info().name);
  }
  return out;
}

json describe_log(const Recipe& recipe, const RewriteLog& log) {
  json passes = describe_catalogue(recipe);
  std::map<std::pair<std::string, std::string>, std::pair<json*, json*>> rows;
  std::map<std::string, json*> by_pass;
  for (json& pass : passes) {
    by_pass[pass["name"]] = &pass;
    for (json& rule : pass["rules"]) rows[{pass["name"], rule["name"]}] = {&pass, &rule};
  }
  for (const PassRecord& record : log.passes()) {
    const auto found = by_pass.find(record.pass);
    if (found == by_pass.end()) continue;
    (*found->second)["changed"] = record.changed;
    (*found->second)["ms"] = record.milliseconds;
  }
  for (const RewriteEntry& entry : log.entries()) {
    const auto found = rows.find({entry.pass, entry.rule});
    if (found != rows.end()) add_site(*found->second.first, *found->second.second, entry);
  }
  return passes;
}

}  // namespace kasuri::profiling
