#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "tests/conformance/node_table.h"

// The ONNX project's own operator cases, every case in every configuration of backend and passes.
// skips.txt lists those that are not expected to pass, each with its reason; a listed case that
// passes is a failure too. KASURI_CASE=text runs the cases whose name holds the text.
namespace kasuri::testing {
namespace {

/// Outcomes of all cases, run by as many threads as there are processors.
std::vector<Outcomes> run_all(const std::vector<NodeCase>& cases) {
  std::vector<Outcomes> outcomes(cases.size());
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    for (size_t i = next++; i < cases.size(); i = next++) outcomes[i] = run_case(cases[i]);
  };
  std::vector<std::thread> threads(std::max(1U, std::thread::hardware_concurrency()));
  for (std::thread& t : threads) t = std::thread(work);
  for (std::thread& t : threads) t.join();
  return outcomes;
}

/// Prints the table, and leaves it beside the binaries for `./dev test`.
void publish(const NodeTable& table) {
  fmt::print("{}", table.text());
  const char* binaries = std::getenv("KASURI_BIN");
  if (binaries == nullptr || std::getenv("KASURI_CASE") != nullptr) return;
  std::ofstream(std::filesystem::path(binaries).parent_path() / "node-table.txt") << table.text();
}

void expect_listed_cases_exist(const SkipList& skips, const std::vector<NodeCase>& cases) {
  for (const auto& [key, reason] : skips.lines()) {
    const std::string name = key.substr(0, key.find(" ["));
    EXPECT_TRUE(
        std::any_of(cases.begin(), cases.end(), [&](const NodeCase& c) { return c.name == name; }))
        << "skips.txt lists " << name << ", which is no case";
  }
}

TEST(NodeCases, GiveTheExpectedOutputsInEveryConfiguration) {
  const std::vector<NodeCase> cases = node_cases();
  if (cases.empty()) GTEST_SKIP() << "no onnx-node-tests.tar.gz in the shared folder";
  const SkipList skips = SkipList::read(source_root() / "tests/conformance/skips.txt");
  NodeTable table(skips);
  const std::vector<Outcomes> outcomes = run_all(cases);
  for (size_t i = 0; i < cases.size(); ++i) table.add(cases[i], outcomes[i]);
  publish(table);
  for (const std::string& complaint : table.complaints()) ADD_FAILURE() << complaint;
  if (std::getenv("KASURI_CASE") != nullptr) return;
  expect_listed_cases_exist(skips, cases);
  const int total = table.cases("node");
  EXPECT_GE(total, 1532);
  for (size_t k = 0; k < configurations().size(); ++k)
    EXPECT_GE(table.tally("node", k).all_passed() * 100, total * 99) << configurations()[k].name();
}

}  // namespace
}  // namespace kasuri::testing
