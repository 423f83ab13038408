#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/ir/runtime_value.h"
#include "engine/onnx/importer.h"

namespace kasuri::testing {

/// One operator case of the ONNX project: a model and what it gives for given inputs.
struct NodeCase {
  std::string group;  ///< "node", "simple", "pytorch-converted", "pytorch-operator", "light"
  std::string name;
  /// A folder with model.onnx and data sets, or a light model (input 0, 1/n, 2/n, ... as the ONNX
  /// runner makes it).
  std::filesystem::path path;

  std::filesystem::path model() const;
};

/// Inputs in the graph's order and the outputs that the case states.
struct DataSet {
  std::vector<RuntimeValue> inputs;
  std::vector<std::filesystem::path> outputs;  ///< Files; one that is absent states nothing.
};

/// Root of the source tree.
std::filesystem::path source_root();
/// All cases, sorted; those whose name holds $KASURI_CASE where that is set. Unpacks the archive of
/// the shared material into the build folder; empty where it is absent.
std::vector<NodeCase> node_cases();

Result<std::vector<DataSet>> data_sets(const NodeCase& node_case, const ImportedModel& model);
/// The value that output `i` should have; read by its declared kind, or by that of `actual`.
Result<RuntimeValue> expected_output(const DataSet& set, const ImportedModel& model, size_t i,
                                     const RuntimeValue& actual);

}  // namespace kasuri::testing
