#include "tests/conformance/node_case.h"

#include <fmt/format.h>

#include <cstdlib>
#include <set>

#include "engine/onnx/tensor_file.h"

namespace kasuri::testing {
namespace {

namespace fs = std::filesystem;

constexpr const char* kGroups[] = {"node", "simple", "pytorch-converted", "pytorch-operator",
                                   "light"};

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

fs::path numbered(const fs::path& folder, const char* stem, size_t i) {
  return folder / fmt::format("{}_{}.pb", stem, i);
}

Result<DataSet> read_set(const fs::path& folder, const ImportedModel& model) {
  DataSet set;
  for (ValueId id : model.graph.inputs()) {
    const fs::path file = numbered(folder, "input", set.inputs.size());
    if (!fs::exists(file)) return Error(fmt::format("no {}", file.filename().string()));
    KASURI_TRY(RuntimeValue value, read_value_file(file, model.graph.value(id).type));
    set.inputs.push_back(std::move(value));
  }
  for (size_t i = 0; i < model.graph.outputs().size(); ++i)
    set.outputs.push_back(numbered(folder, "output", i));
  return set;
}

Result<DataSet> light_set(const fs::path& file, const ImportedModel& model) {
  const auto extents = extents_of(*model.graph.value(model.graph.inputs()[0]).type.shape);
  if (!extents) return Error("the input has no static shape");
  std::vector<float> ramp(static_cast<size_t>(*element_count(*extents)));
  for (size_t i = 0; i < ramp.size(); ++i)
    ramp[i] = static_cast<float>(static_cast<double>(i) / static_cast<double>(ramp.size()));
  DataSet set;
  set.inputs.emplace_back(Tensor::of<float>(*extents, ramp));
  set.outputs.push_back((file.parent_path() / file.stem()).string() + "_output_0.pb");
  return set;
}

ValueType kind_of(const RuntimeValue& value) {
  const ValueType tensor = ValueType::tensor(DataType::kUndefined);
  if (value.is_optional) return ValueType::optional(tensor);
  return value.is_sequence() ? ValueType::sequence(tensor) : tensor;
}

}  // namespace

fs::path NodeCase::model() const { return group == "light" ? path : path / "model.onnx"; }

fs::path source_root() {
  const char* root = std::getenv("KASURI_SOURCE");
  return root ? fs::path(root) : fs::current_path();
}

std::vector<NodeCase> node_cases() {
  std::vector<NodeCase> cases;
  const fs::path root = data_root();
  const char* only = std::getenv("KASURI_CASE");
  if (root.empty()) return cases;
  for (const char* group : kGroups) {
    std::set<fs::path> entries;
    for (const auto& entry : fs::directory_iterator(root / group)) entries.insert(entry.path());
    for (const fs::path& entry : entries) {
      const bool whole = fs::exists(entry / "model.onnx");
      if (!whole && entry.extension() != ".onnx") continue;
      const std::string name = whole ? entry.filename() : entry.stem();
      if (only && name.find(only) == std::string::npos) continue;
      cases.push_back({group, name, entry});
    }
  }
  return cases;
}

Result<std::vector<DataSet>> data_sets(const NodeCase& node_case, const ImportedModel& model) {
  std::vector<DataSet> sets;
  if (node_case.group == "light") {
    KASURI_TRY(DataSet set, light_set(node_case.path, model));
    sets.push_back(std::move(set));
    return sets;
  }
  for (const auto& entry : fs::directory_iterator(node_case.path)) {
    if (!entry.is_directory()) continue;
    KASURI_TRY(DataSet set, read_set(entry.path(), model));
    sets.push_back(std::move(set));
  }
  return sets;
}

Result<RuntimeValue> expected_output(const DataSet& set, const ImportedModel& model, size_t i,
                                     const RuntimeValue& actual) {
  const ValueType declared = model.graph.value(model.graph.outputs()[i].value).type;
  const bool known = !declared.is_tensor() || declared.dtype != DataType::kUndefined;
  return read_value_file(set.outputs[i], known ? declared : kind_of(actual));
}

}  // namespace kasuri::testing
