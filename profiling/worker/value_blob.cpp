#include "profiling/worker/value_blob.h"

#include <cstring>
#include <nlohmann/json.hpp>

#include "engine/ir/shape.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

Result<RuntimeValue> tensor_from(const json& description, const std::vector<std::string>& blobs) {
  const auto dtype = data_type_from(description.value("dtype", ""));
  if (!dtype)
    return Error("a value has the unknown dtype '" + description.value("dtype", "") + "'");
  const auto extents = description.value("shape", std::vector<int64_t>());
  const auto count = element_count(extents);
  if (!count) return Error("a value has an impossible shape");
  if (description.contains("strings")) {
    auto strings = description.at("strings").get<std::vector<std::string>>();
    if (static_cast<int64_t>(strings.size()) != *count) return Error("a value has too few strings");
    return RuntimeValue(Tensor::strings(extents, std::move(strings)));
  }
  const auto index = description.value("blob", size_t{0});
  if (index >= blobs.size() || blobs[index].size() != bytes_for(*dtype, *count))
    return Error("a value's bytes do not fit its dtype and shape");
  return RuntimeValue(Tensor::make(*dtype, extents, [&](std::span<std::byte> out) {
    if (!out.empty()) std::memcpy(out.data(), blobs[index].data(), out.size());
  }));
}

}  // namespace

json describe_value(const std::string& name, const RuntimeValue& value,
                    std::vector<std::string>& blobs) {
  json out = {{"name", name}};
  if (value.is_sequence()) {
    out["items"] = json::array();
    for (const RuntimeValue& item : value.items())
      out["items"].push_back(describe_value(name, item, blobs));
    return out;
  }
  if (!value.is_tensor()) {
    out["absent"] = true;
    return out;
  }
  const Tensor& tensor = value.tensor();
  out["dtype"] = name_of(tensor.dtype());
  out["shape"] = tensor.extents();
  if (tensor.dtype() == DataType::kString) {
    out["strings"] = tensor.strings();
    return out;
  }
  out["blob"] = blobs.size();
  blobs.emplace_back(reinterpret_cast<const char*>(tensor.bytes().data()), tensor.bytes().size());
  return out;
}

Result<RuntimeValue> value_from(const json& description, const std::vector<std::string>& blobs) {
  if (description.value("absent", false)) return RuntimeValue();
  if (!description.contains("items")) return tensor_from(description, blobs);
  TensorSequence items;
  for (const json& item : description.at("items")) {
    KASURI_TRY(RuntimeValue value, value_from(item, blobs));
    items.push_back(std::move(value));
  }
  return RuntimeValue::sequence(std::move(items));
}

}  // namespace kasuri::profiling
