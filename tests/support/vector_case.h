#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/ir/runtime_value.h"
#include "engine/onnx/importer.h"

namespace kasuri::testing {

/// What ONNX Runtime gave for one output of a model (models/vectors/README.md).
struct ExpectedOutput {
  std::string name;
  std::string dtype;
  std::vector<int64_t> extents;
  double largest = 0;  ///< Largest finite magnitude.
  std::optional<double> l2;
  std::vector<std::pair<int64_t, double>> samples;
  std::optional<Tensor> whole;
};

/// One reference vector: a model, its inputs and what comes out.
struct VectorCase {
  std::string name;   ///< "full/tv_squeezenet1_1_torch1.13"
  std::string model;  ///< Path of the ONNX file.
  std::string note;
  bool synthesized_weights = false;
  std::map<std::string, RuntimeValue> inputs;
  std::vector<ExpectedOutput> outputs;

  /// Options that bind dynamic dimensions as the vector did.
  ImportOptions import_options() const;
};

/// Folder of the shared test material ($KASURI_SHARED or ../shared); empty where it is absent.
std::string shared_folder();
/// Names of all vectors, sorted. Empty where the shared material is absent.
std::vector<std::string> vector_names();
Result<VectorCase> load_vector(const std::string& name);
/// The vector's name of a model: '/' is written "__".
std::string vector_key(const std::string& model);

/// Why results are not those of the vector, relative to the largest element of each output; empty:
/// they are.
std::optional<std::string> mismatch(const VectorCase& expected,
                                    const std::vector<RuntimeValue>& outputs, double tolerance);

/// What a run gave, as something to compare others with.
ExpectedOutput expected_output(const std::string& name, const RuntimeValue& value);

/// What two results may differ by, relative to the largest element of an output.
struct VectorTolerance {
  double floats = 2e-4;
  double halves = 1e-2;    ///< float16 and bfloat16.
  double codes = 0;        ///< 8-bit integers; wider ones, booleans and strings must be equal.
  bool any_order = false;  ///< Compare the sorted elements: rows of equal score may change places.
};
std::optional<std::string> mismatch(const VectorCase& expected,
                                    const std::vector<RuntimeValue>& outputs,
                                    const VectorTolerance& tolerance);

}  // namespace kasuri::testing
