#include "profiling/value_file.h"

#include <fmt/format.h>

#include "engine/onnx/tensor_file.h"

namespace kasuri::profiling {
namespace {

std::string file_stem(const std::string& name) {
  std::string stem = name.empty() ? "_" : name;
  for (char& c : stem) {
    const bool safe = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '_' || c == '-';
    if (!safe) c = '_';
  }
  if (stem[0] == '.') stem[0] = '_';
  return stem;
}

Result<RuntimeValue> read_npz_member(const std::string& path, const std::string& name) {
  KASURI_TRY(const auto members, read_npz_file(path));
  const auto found = members.find(name);
  if (found != members.end()) return RuntimeValue(found->second);
  if (members.size() == 1) return RuntimeValue(members.begin()->second);
  return Error(fmt::format("{} has no array called '{}'", path, name));
}

}  // namespace

Result<RuntimeValue> read_input_file(const std::string& path, const std::string& name,
                                     const ValueType& type) {
  if (path.ends_with(".npz")) return read_npz_member(path, name);
  if (!path.ends_with(".npy")) return read_value_file(path, type);
  KASURI_TRY(Tensor tensor, read_tensor_file(path));
  return RuntimeValue(std::move(tensor));
}

Result<std::string> write_output_file(const std::string& folder, const std::string& name,
                                      const RuntimeValue& value, const std::string& format) {
  const bool npy = format == "npy" && value.is_tensor() && npy_bytes(value.tensor()).ok();
  const std::string file = file_stem(name) + (npy ? ".npy" : ".pb");
  KASURI_RETURN_IF_ERROR(write_value_file(folder + "/" + file, name, value));
  return file;
}

}  // namespace kasuri::profiling
