#include "tests/support/vector_case.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/ir/number_formats.h"
#include "engine/onnx/seeded_values.h"
#include "engine/onnx/tensor_file.h"

namespace kasuri::testing {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

SeededRule rule_of(const json& j) {
  SeededRule rule;
  const std::string kind = j.at("kind");
  if (kind == "mod") {
    rule.kind = SeededRule::Kind::kModulo;
    rule.modulus = j.at("k");
    rule.offset = j.value("add", int64_t{0});
  } else if (kind == "const") {
    rule.kind = SeededRule::Kind::kConstant;
    rule.low = j.at("v");
  } else if (kind == "arange_last") {
    rule.kind = SeededRule::Kind::kArangeLast;
  } else if (kind == "uniform") {
    rule.low = j.at("lo");
    rule.high = j.at("hi");
  } else {
    rule.kind = SeededRule::Kind::kListed;
    for (const json& v : j.at("v"))
      rule.values.push_back(v.is_boolean() ? v.get<bool>() : v.get<double>());
  }
  return rule;
}

Result<DataType> dtype_of(const std::string& name) {
  if (const auto type = data_type_from(name)) return *type;
  return Error(fmt::format("dtype '{}' is unknown", name));
}

Result<ExpectedOutput> output_of(const json& j, const fs::path& folder) {
  ExpectedOutput out{
      j.at("name"), j.value("dtype", ""), j.value("shape", std::vector<int64_t>()), 0, {}, {}, {}};
  if (j.contains("stats") && j["stats"].contains("min") && !j["stats"]["min"].is_null()) {
    const json& stats = j["stats"];
    out.largest =
        std::max(std::fabs(stats["min"].get<double>()), std::fabs(stats["max"].get<double>()));
    out.l2 = stats["l2"].get<double>();
  }
  for (const json& sample : j.value("samples", json::array()))
    if (sample.at(1).is_number() || sample.at(1).is_boolean())
      out.samples.emplace_back(sample.at(0), sample.at(1).is_boolean()
                                                 ? sample.at(1).get<bool>()
                                                 : sample.at(1).get<double>());
  if (j.contains("pb")) {
    KASURI_TRY(out.whole, read_tensor_file(folder / j["pb"].get<std::string>()));
  }
  return out;
}

double element(const Tensor& t, int64_t index) {
  const auto i = static_cast<size_t>(index);
  switch (t.dtype()) {
    case DataType::kFloat:
      return t.data<float>()[i];
    case DataType::kDouble:
      return t.data<double>()[i];
    case DataType::kInt8:
      return t.data<int8_t>()[i];
    case DataType::kUint8:
    case DataType::kBool:
      return t.data<uint8_t>()[i];
    case DataType::kInt32:
      return t.data<int32_t>()[i];
    case DataType::kUint32:
      return t.data<uint32_t>()[i];
    case DataType::kInt64:
      return static_cast<double>(t.data<int64_t>()[i]);
    case DataType::kUint64:
      return static_cast<double>(t.data<uint64_t>()[i]);
    case DataType::kInt16:
      return t.data<int16_t>()[i];
    case DataType::kUint16:
      return t.data<uint16_t>()[i];
    default:
      return decode_float(t.data<uint16_t>()[i], t.dtype());
  }
}

bool close(double a, double b, double allowed) {
  if (!std::isfinite(b)) return std::isnan(a) == std::isnan(b) && (std::isnan(b) || a == b);
  return std::fabs(a - b) <= allowed;
}

std::optional<std::string> mismatch(const ExpectedOutput& expected, const Tensor& actual,
                                    double tolerance) {
  if (actual.extents() != expected.extents)
    return fmt::format("extents are [{}], not [{}]", fmt::join(actual.extents(), ","),
                       fmt::join(expected.extents, ","));
  if (actual.dtype() == DataType::kString) return std::nullopt;
  const double allowed = tolerance * std::max(expected.largest, 1e-6);
  for (const auto& [index, value] : expected.samples)
    if (!close(element(actual, index), value, allowed))
      return fmt::format("element {} is {}, not {} (largest {})", index, element(actual, index),
                         value, expected.largest);
  if (expected.whole)
    for (int64_t i = 0; i < actual.count(); ++i)
      if (!close(element(actual, i), element(*expected.whole, i), allowed))
        return fmt::format("element {} is {}, not {} (largest {})", i, element(actual, i),
                           element(*expected.whole, i), expected.largest);
  if (!expected.l2) return std::nullopt;
  double sum = 0;
  for (int64_t i = 0; i < actual.count(); ++i)
    if (std::isfinite(element(actual, i))) sum += element(actual, i) * element(actual, i);
  if (std::fabs(std::sqrt(sum) - *expected.l2) > tolerance * std::max(*expected.l2, 1e-6))
    return fmt::format("its norm is {}, not {}", std::sqrt(sum), *expected.l2);
  return std::nullopt;
}

double tolerance_of(DataType dtype, const VectorTolerance& tolerance) {
  if (dtype == DataType::kFloat || dtype == DataType::kDouble) return tolerance.floats;
  if (is_float(dtype)) return tolerance.halves;
  return dtype == DataType::kInt8 || dtype == DataType::kUint8 ? tolerance.codes : 0;
}

/// Both as sets of elements; the vector must hold the whole output.
std::optional<std::string> unordered_mismatch(const ExpectedOutput& expected, const Tensor& actual,
                                              double tolerance) {
  if (actual.extents() != expected.extents || !expected.whole)
    return mismatch(expected, actual, tolerance);
  std::vector<double> a, b;
  for (int64_t i = 0; i < actual.count(); ++i) {
    a.push_back(element(actual, i));
    b.push_back(element(*expected.whole, i));
  }
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  for (size_t i = 0; i < a.size(); ++i)
    if (!close(a[i], b[i], tolerance * std::max(expected.largest, 1e-6)))
      return fmt::format("sorted element {} is {}, not {} (largest {})", i, a[i], b[i],
                         expected.largest);
  return std::nullopt;
}

}  // namespace

ImportOptions VectorCase::import_options() const {
  ImportOptions options;
  options.synthesize_weights = synthesized_weights;
  options.ignore_unknown_dims = true;
  for (const auto& [input, value] : inputs)
    if (value.is_tensor())
      for (size_t d = 0; d < value.tensor().extents().size(); ++d)
        options.dims[fmt::format("{}:{}", input, d)] = value.tensor().extents()[d];
  return options;
}

std::string shared_folder() {
  const char* given = std::getenv("KASURI_SHARED");
  const char* source = std::getenv("KASURI_SOURCE");
  const fs::path folder =
      given ? fs::path(given) : fs::path(source ? source : ".") / ".." / "shared";
  return fs::exists(folder / "models" / "vectors") ? folder.string() : "";
}

std::vector<std::string> vector_names() {
  std::vector<std::string> names;
  const std::string shared = shared_folder();
  if (shared.empty()) return names;
  for (const auto& entry : fs::directory_iterator(fs::path(shared) / "models" / "vectors"))
    if (entry.path().extension() == ".json") names.push_back(entry.path().stem());
  std::sort(names.begin(), names.end());
  return names;
}

Result<VectorCase> load_vector(const std::string& name) {
  const fs::path models = fs::path(shared_folder()) / "models";
  std::ifstream file(models / "vectors" / (name + ".json"));
  if (!file) return Error(fmt::format("no vector '{}'", name));
  const json j = json::parse(file);
  VectorCase out{name, models / j.at("model").get<std::string>(), j.value("note", ""), false, {},
                 {}};
  out.synthesized_weights = j.value("weights", "") != "in file";
  for (const json& input : j.at("inputs")) {
    const std::string input_name = input.at("name");
    KASURI_TRY(const DataType dtype, dtype_of(input.at("dtype")));
    KASURI_TRY(const Tensor value,
               seeded_tensor(input_name, dtype, input.at("shape"), rule_of(input.at("rule"))));
    out.inputs[input_name] = value;
  }
  for (const json& output : j.at("outputs")) {
    KASURI_TRY(ExpectedOutput expected, output_of(output, models / "vectors"));
    out.outputs.push_back(std::move(expected));
  }
  return out;
}

std::optional<std::string> mismatch(const VectorCase& expected,
                                    const std::vector<RuntimeValue>& outputs, double tolerance) {
  if (outputs.size() != expected.outputs.size())
    return fmt::format("{} outputs, not {}", outputs.size(), expected.outputs.size());
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (!outputs[i].is_tensor()) continue;
    if (auto why = mismatch(expected.outputs[i], outputs[i].tensor(), tolerance))
      return fmt::format("output '{}': {}", expected.outputs[i].name, *why);
  }
  return std::nullopt;
}

std::optional<std::string> mismatch(const VectorCase& expected,
                                    const std::vector<RuntimeValue>& outputs,
                                    const VectorTolerance& tolerance) {
  if (outputs.size() != expected.outputs.size())
    return fmt::format("{} outputs, not {}", outputs.size(), expected.outputs.size());
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (!outputs[i].is_tensor()) continue;
    const Tensor& actual = outputs[i].tensor();
    const double allowed = tolerance_of(actual.dtype(), tolerance);
    const auto why = tolerance.any_order ? unordered_mismatch(expected.outputs[i], actual, allowed)
                                         : mismatch(expected.outputs[i], actual, allowed);
    if (why) return fmt::format("output '{}': {}", expected.outputs[i].name, *why);
  }
  return std::nullopt;
}

ExpectedOutput expected_output(const std::string& name, const RuntimeValue& value) {
  ExpectedOutput out{name, "", {}, 0, {}, {}, {}};
  if (!value.is_tensor()) return out;
  const Tensor& tensor = value.tensor();
  out.extents = tensor.extents();
  if (tensor.dtype() == DataType::kString) return out;
  out.whole = tensor;
  for (int64_t i = 0; i < tensor.count(); ++i)
    if (std::isfinite(element(tensor, i)))
      out.largest = std::max(out.largest, std::fabs(element(tensor, i)));
  return out;
}

std::string vector_key(const std::string& model) {
  std::string key;
  for (const char c : model) key += c == '/' ? std::string("__") : std::string(1, c);
  return key;
}

}  // namespace kasuri::testing
