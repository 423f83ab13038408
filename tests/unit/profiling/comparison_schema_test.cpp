#include "profiling/export/comparison_schema.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace kasuri::profiling {
namespace {

TEST(ComparisonSchema, NamesTheFirstPlaceThatDoesNotFit) {
  const auto problem = [](const nlohmann::json& report) {
    const Status checked = check_comparison(report);
    return checked.ok() ? std::string() : checked.error().text();
  };
  EXPECT_NE(problem(nlohmann::json::array()).find("not an object"), std::string::npos);
  nlohmann::json report = {{"command", "kasuri compare"}, {"deltas", {{{"side", 3}}}}};
  EXPECT_NE(problem(report).find("'deltas/0/against' is missing"), std::string::npos)
      << problem(report);
  report["deltas"][0]["against"] = "before";
  report["deltas"][0]["arena"] = {{"ratio", "much"}, {"verdict", nullptr}};
  EXPECT_NE(problem(report).find("'deltas/0/arena/ratio' is of the wrong kind"), std::string::npos)
      << problem(report);
}

}  // namespace
}  // namespace kasuri::profiling
