#include "app/cli/poc_checklist.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace kasuri::cli {

using nlohmann::json;

json poc_checklist(const json& advice, bool real_inputs, bool payback) {
  json list = json::array();
  const auto add = [&list](bool done, const char* what, const std::string& how) {
    list.push_back({{"what", what}, {"done", done}, {"how", how}});
  };
  add(advice["advice"] == "go", "an estimate that promises something",
      advice["why"].get<std::string>());
  add(false, "a requirement that is met",
      "--require \"p90<=100ms\" (or memory, throughput, deadline, outputs)");
  add(real_inputs, "real inputs, outputs compared on all of them",
      real_inputs ? "given" : "--input NAME=FOLDER");
  add(false, "before and after, beside what runs today and the exported file", "--beside ort");
  add(false, "the memory of the target box", "--box-memory 512MiB");
  add(false, "the first result after a start", "--cold-start");
  add(false, "no drift over a long run", "--duration 30m");
  add(payback, "a payback",
      payback ? "given"
              : "--queries-per-day N --cost-per-hour C --effort-hours H "
                "--cost-per-effort-hour C");
  add(false, "report, tables, optimised model and plan to hand over",
      "--bundle FOLDER (its optimized.kplan is the next --baseline)");
  return list;
}

void print_checklist(const json& checklist, const std::string& model) {
  fmt::print("PoC checklist, by options of 'kasuri compare {}'\n", model);
  for (const json& line : checklist)
    fmt::print("  [{}] {}: {}\n", line["done"].get<bool>() ? "x" : " ",
               line["what"].get<std::string>(), line["how"].get<std::string>());
}

}  // namespace kasuri::cli
