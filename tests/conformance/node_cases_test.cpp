#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/backend/reference/reference_backend.h"
#include "engine/onnx/importer.h"
#include "engine/onnx/tensor_file.h"
#include "tests/support/value_comparison.h"

// The ONNX project's own operator cases on the reference backend. skips.txt lists cases that are
// not expected to pass, each with its reason; a listed case that passes is a failure too.
namespace kasuri {
namespace {

namespace fs = std::filesystem;

fs::path source_root() {
  const char* root = std::getenv("KASURI_SOURCE");
  return root ? fs::path(root) : fs::current_path();
}

fs::path shared_root() {
  const char* root = std::getenv("KASURI_SHARED");
  return root ? fs::path(root) : source_root() / ".." / "shared";
}

/// The unpacked cases; empty where the archive is absent.
fs::path data_root() {
  const fs::path unpacked = source_root() / "build" / "node-tests";
  const fs::path data = unpacked / "onnx-node-tests/onnx/backend/test/data";
  const fs::path archive = shared_root() / "onnx-node-tests.tar.gz";
  if (fs::exists(data / "light")) return data;
  if (!fs::exists(archive)) return {};
  fs::create_directories(unpacked);
  const std::string command =
      fmt::format("tar -C '{}' -xzf '{}'", unpacked.string(), archive.string());
  return std::system(command.c_str()) == 0 ? data : fs::path();
}

std::map<std::string, std::string> read_skips() {
  std::map<std::string, std::string> skips;
  std::ifstream file(source_root() / "tests/conformance/skips.txt");
  for (std::string line; std::getline(file, line);) {
    const size_t colon = line.find(": ");
    if (line.starts_with('#') || colon == std::string::npos) continue;
    skips[line.substr(0, colon)] = line.substr(colon + 2);
  }
  return skips;
}

std::string numbered(const std::string& stem, size_t i) { return fmt::format("{}_{}.pb", stem, i); }

Result<std::vector<RuntimeValue>> read_inputs(const ImportedModel& model, const fs::path& set) {
  std::vector<RuntimeValue> values;
  const auto inputs = model.graph.inputs();
  for (size_t i = 0; i < inputs.size(); ++i) {
    const fs::path file = set / numbered("input", i);
    if (!fs::exists(file)) return Error(fmt::format("no {}", file.filename().string()));
    KASURI_TRY(RuntimeValue value, read_value_file(file, model.graph.value(inputs[i]).type));
    values.push_back(std::move(value));
  }
  return values;
}

Result<std::vector<RuntimeValue>> run(const ImportedModel& model,
                                      std::vector<RuntimeValue> values) {
  std::map<std::string, RuntimeValue> named;
  for (size_t i = 0; i < values.size(); ++i)
    named[model.graph.value(model.graph.inputs()[i]).name] = std::move(values[i]);
  return run_model(model.graph, named, TaskContext{});
}

ValueType kind_of(const RuntimeValue& value) {
  const ValueType tensor = ValueType::tensor(DataType::kUndefined);
  if (value.is_optional) return ValueType::optional(tensor);
  return value.is_sequence() ? ValueType::sequence(tensor) : tensor;
}

Status run_set(const ImportedModel& model, const fs::path& set) {
  KASURI_TRY(auto inputs, read_inputs(model, set));
  KASURI_TRY(const auto outputs, run(model, std::move(inputs)));
  for (size_t i = 0; i < outputs.size(); ++i) {
    const fs::path file = set / numbered("output", i);
    if (!fs::exists(file)) continue;
    const ValueType declared = model.graph.value(model.graph.outputs()[i].value).type;
    const bool kind_known = !declared.is_tensor() || declared.dtype != DataType::kUndefined;
    KASURI_TRY(const RuntimeValue expected,
               read_value_file(file, kind_known ? declared : kind_of(outputs[i])));
    if (const auto why = testing::difference(outputs[i], expected))
      return Error(fmt::format("output {}: {}", i, *why));
  }
  return Done{};
}

Status run_case(const fs::path& folder) {
  KASURI_TRY(const ImportedModel model, import_model(folder / "model.onnx"));
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_directory()) KASURI_RETURN_IF_ERROR(run_set(model, entry.path()));
  return Done{};
}

/// A light model: input 0, 1/n, 2/n, ... as the ONNX runner makes it.
Status run_light(const fs::path& file) {
  KASURI_TRY(const ImportedModel model, import_model(file));
  const auto extents = extents_of(*model.graph.value(model.graph.inputs()[0]).type.shape);
  if (!extents) return Error("the input has no static shape");
  std::vector<float> ramp(static_cast<size_t>(*element_count(*extents)));
  for (size_t i = 0; i < ramp.size(); ++i)
    ramp[i] = static_cast<float>(static_cast<double>(i) / static_cast<double>(ramp.size()));
  KASURI_TRY(const auto outputs, run(model, {RuntimeValue(Tensor::of<float>(*extents, ramp))}));
  const std::string stem = file.parent_path() / file.stem();
  KASURI_TRY(const Tensor expected, read_tensor_file(stem + "_output_0.pb"));
  if (const auto why = testing::difference(outputs[0], expected)) return Error(*why);
  return Done{};
}

/// Runs all cases of one folder and holds the result against the skip list.
class Suite {
 public:
  explicit Suite(std::string name) : name_(std::move(name)), skips_(read_skips()) {}

  template <typename F>
  void add(const std::string& test, F run) {
    const auto start = std::chrono::steady_clock::now();
    const Status status = guarded(run);
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (seconds > 2) fmt::print("{}: {:.1f} s\n", test, seconds);
    const auto skip = skips_.find(test);
    if (status.ok()) {
      ++passed_;
      if (skip != skips_.end()) ADD_FAILURE() << test << " passes now: remove it from skips.txt";
    } else if (skip != skips_.end()) {
      reasons_[skip->second].push_back(test);
    } else {
      ++failed_;
      ADD_FAILURE() << test << ": " << status.error().text();
    }
  }

  ~Suite() {
    size_t skipped = 0;
    for (const auto& [reason, tests] : reasons_) skipped += tests.size();
    fmt::print("{:<20} {:>5} passed {:>4} failed {:>4} skipped\n", name_, passed_, failed_,
               skipped);
    for (const auto& [reason, tests] : reasons_) fmt::print("  {:>4}  {}\n", tests.size(), reason);
  }
  Suite(const Suite&) = delete;
  Suite& operator=(const Suite&) = delete;

 private:
  template <typename F>
  static Status guarded(F run) {
    try {
      return run();
    } catch (const std::exception& e) {
      return Error(std::string("internal: ") + e.what(), ErrorKind::kInternal);
    }
  }

  std::string name_;
  std::map<std::string, std::string> skips_;
  std::map<std::string, std::vector<std::string>> reasons_;
  int passed_ = 0, failed_ = 0;
};

class NodeCases : public ::testing::TestWithParam<std::string> {};

TEST_P(NodeCases, GiveTheExpectedOutputs) {
  const fs::path root = data_root();
  if (root.empty()) GTEST_SKIP() << "no onnx-node-tests.tar.gz in " << shared_root();
  const char* only = std::getenv("KASURI_CASE");
  std::set<fs::path> entries;
  for (const auto& entry : fs::directory_iterator(root / GetParam())) entries.insert(entry.path());
  Suite suite(GetParam());
  for (const fs::path& entry : entries) {
    const std::string name = entry.stem();
    if (only && name.find(only) == std::string::npos) continue;
    if (fs::exists(entry / "model.onnx"))
      suite.add(name, [&] { return run_case(entry); });
    else if (entry.extension() == ".onnx")
      suite.add(name, [&] { return run_light(entry); });
  }
}

INSTANTIATE_TEST_SUITE_P(Onnx, NodeCases,
                         ::testing::Values("node", "simple", "pytorch-converted",
                                           "pytorch-operator", "light"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace kasuri
