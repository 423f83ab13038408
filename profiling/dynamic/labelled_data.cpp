#include "profiling/dynamic/labelled_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <functional>
#include <numeric>
#include <optional>

#include "engine/onnx/tensor_file.h"

namespace kasuri::profiling {
namespace {

namespace fs = std::filesystem;

using Arrays = std::map<std::string, Tensor>;

int64_t row_elements(const Tensor& tensor) {
  return std::accumulate(tensor.extents().begin() + 1, tensor.extents().end(), int64_t{1},
                         std::multiplies<>());
}

/// What one sample of this input looks like; unknown extents are -1.
Result<std::vector<int64_t>> sample_shape(const Value& input) {
  if (!input.type.is_tensor() || !input.type.shape || input.type.shape->empty())
    return Error(
        fmt::format("input '{}' is {}: samples need a tensor whose first axis is the batch",
                    input.name, input.type.text()));
  std::vector<int64_t> shape;
  for (size_t i = 1; i < input.type.shape->size(); ++i)
    shape.push_back((*input.type.shape)[i].value());
  return shape;
}

std::string text_of_extents(const std::vector<int64_t>& extents) {
  return fmt::format("[{}]", fmt::join(extents, ","));
}

std::vector<int64_t> without_ones(std::vector<int64_t> extents) {
  std::erase(extents, 1);
  return extents;
}

/// Does a row of the tensor, apart from extents of one, have the shape of a sample?
bool fits(const Tensor& tensor, const std::vector<int64_t>& sample) {
  if (tensor.rank() == 0) return false;
  const std::vector<int64_t> have =
      without_ones({tensor.extents().begin() + 1, tensor.extents().end()});
  const std::vector<int64_t> want = without_ones(sample);
  if (have.size() != want.size()) return false;
  for (size_t i = 0; i < have.size(); ++i)
    if (want[i] >= 0 && want[i] != have[i]) return false;
  return true;
}

template <typename From, typename To>
Tensor cast_elements(const Tensor& tensor) {
  const auto from = tensor.data<From>();
  std::vector<To> to(from.size());
  for (size_t i = 0; i < from.size(); ++i) to[i] = static_cast<To>(from[i]);
  return Tensor::of<To>(tensor.extents(), to);
}

template <typename To>
std::optional<Tensor> cast_to(const Tensor& tensor) {
  switch (tensor.dtype()) {
    case DataType::kFloat:
      return cast_elements<float, To>(tensor);
    case DataType::kDouble:
      return cast_elements<double, To>(tensor);
    case DataType::kUint8:
    case DataType::kBool:
      return cast_elements<uint8_t, To>(tensor);
    case DataType::kInt8:
      return cast_elements<int8_t, To>(tensor);
    case DataType::kInt16:
      return cast_elements<int16_t, To>(tensor);
    case DataType::kUint16:
      return cast_elements<uint16_t, To>(tensor);
    case DataType::kInt32:
      return cast_elements<int32_t, To>(tensor);
    case DataType::kUint32:
      return cast_elements<uint32_t, To>(tensor);
    case DataType::kInt64:
      return cast_elements<int64_t, To>(tensor);
    case DataType::kUint64:
      return cast_elements<uint64_t, To>(tensor);
    default:
      return std::nullopt;
  }
}

bool is_whole(DataType type) { return type != DataType::kFloat && type != DataType::kDouble; }

/// In the model's type, where no value changes its meaning by that.
Result<Tensor> in_type(const Tensor& tensor, DataType type, const std::string& where) {
  if (tensor.dtype() == type || type == DataType::kUndefined) return tensor;
  std::optional<Tensor> cast;
  if (type == DataType::kFloat) cast = cast_to<float>(tensor);
  if (type == DataType::kDouble) cast = cast_to<double>(tensor);
  if (type == DataType::kInt64 && is_whole(tensor.dtype())) cast = cast_to<int64_t>(tensor);
  if (type == DataType::kInt32 && is_whole(tensor.dtype()) && tensor.dtype() != DataType::kInt64)
    cast = cast_to<int32_t>(tensor);
  if (cast) return *cast;
  return Error(fmt::format("{} holds {}, but the model wants {}", where, name_of(tensor.dtype()),
                           name_of(type)));
}

/// The samples of a folder: one file each, joined.
Result<Arrays> read_folder(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(folder, failure))
    if (entry.is_regular_file(failure) &&
        (entry.path().extension() == ".npy" || entry.path().extension() == ".pb"))
      files.push_back(entry.path().string());
  if (failure) return Error(fmt::format("cannot list folder {}: {}", folder, failure.message()));
  if (files.empty()) return Error(fmt::format("folder {} holds no .npy or .pb samples", folder));
  std::sort(files.begin(), files.end());
  std::vector<Tensor> rows;
  for (const std::string& file : files) {
    KASURI_TRY(Tensor tensor, read_tensor_file(file));
    if (!rows.empty() &&
        (tensor.extents() != rows[0].extents() || tensor.dtype() != rows[0].dtype()))
      return Error(fmt::format("{} holds {}{}, but {} {}{}", file, name_of(tensor.dtype()),
                               text_of_extents(tensor.extents()), files[0],
                               name_of(rows[0].dtype()), text_of_extents(rows[0].extents())));
    rows.push_back(std::move(tensor));
  }
  // A file is a sample, with or without an axis of one in front.
  for (Tensor& row : rows) {
    std::vector<int64_t> extents = row.extents();
    if (extents.empty() || extents[0] != 1) extents.insert(extents.begin(), 1);
    row = row.reshaped(extents);
  }
  return Arrays{{"", join_rows(rows)}};
}

Result<Arrays> read_arrays(const std::string& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return read_folder(path);
  if (path.ends_with(".npz")) return read_npz_file(path);
  KASURI_TRY(Tensor tensor, read_tensor_file(path));
  return Arrays{{"", std::move(tensor)}};
}

std::string list_of(const Arrays& arrays) {
  std::string list;
  for (const auto& [name, tensor] : arrays)
    list += fmt::format("{}{}{}{}", list.empty() ? "" : ", ", name.empty() ? "" : name + " ",
                        name_of(tensor.dtype()), text_of_extents(tensor.extents()));
  return list;
}

constexpr const char* kLabelNames[] = {"labels", "label", "y", "targets"};

bool is_label_name(const std::string& name) {
  return std::find(std::begin(kLabelNames), std::end(kLabelNames), name) != std::end(kLabelNames);
}

/// The array of one source for this input: by name, else the only one that fits.
const Tensor* array_for(const Arrays& arrays, const Value& input,
                        const std::vector<int64_t>& sample) {
  const auto named = arrays.find(input.name);
  if (named != arrays.end()) return &named->second;
  const Tensor* found = nullptr;
  for (const auto& [name, tensor] : arrays) {
    if (is_label_name(name) || !fits(tensor, sample)) continue;
    if (found != nullptr) return nullptr;
    found = &tensor;
  }
  return found;
}

struct Source {
  std::string input;  ///< Empty: any.
  std::string path;
  Arrays arrays;
};

bool is_input(const Graph& graph, const std::string& name) {
  return std::any_of(graph.inputs().begin(), graph.inputs().end(),
                     [&](ValueId id) { return graph.value(id).name == name; });
}

Result<std::vector<Source>> read_sources(const Graph& graph, const DataRequest& request) {
  if (request.sources.empty()) return Error("no samples were given; name a file with --data");
  std::vector<Source> sources;
  for (const std::string& text : request.sources) {
    Source source{"", text, {}};
    const size_t equals = text.find('=');
    if (equals != std::string::npos && is_input(graph, text.substr(0, equals)))
      source = {text.substr(0, equals), text.substr(equals + 1), {}};
    KASURI_TRY(source.arrays, read_arrays(source.path));
    sources.push_back(std::move(source));
  }
  return sources;
}

Result<Tensor> samples_for(const Value& input, const std::vector<Source>& sources,
                           bool only_input) {
  KASURI_TRY(const std::vector<int64_t> shape, sample_shape(input));
  std::string seen;
  for (const Source& source : sources) {
    if (!source.input.empty() && source.input != input.name) continue;
    seen += (seen.empty() ? "" : "; ") + source.path + ": " + list_of(source.arrays);
    if (source.input.empty() && !only_input && !source.arrays.contains(input.name)) continue;
    const Tensor* tensor = array_for(source.arrays, input, shape);
    if (tensor == nullptr || !fits(*tensor, shape)) continue;
    KASURI_TRY(Tensor typed, in_type(*tensor, input.type.dtype, source.path));
    std::vector<int64_t> extents = shape;
    const auto rows = typed.extents()[0];
    if (std::count(extents.begin(), extents.end(), -1) > 0) return typed;
    extents.insert(extents.begin(), rows);
    return typed.reshaped(extents);
  }
  return Error(
      fmt::format("no samples for input '{}': it needs {} with samples along the first "
                  "axis; given: {}",
                  input.name, input.type.text(), seen.empty() ? "nothing" : seen));
}

Result<std::vector<int64_t>> as_labels(const Tensor& tensor, const std::string& where) {
  const int64_t rows = tensor.rank() == 0 ? 0 : tensor.extents()[0];
  if (tensor.rank() == 0 || tensor.count() != rows || !is_whole(tensor.dtype()))
    return Error(fmt::format("labels are one whole number per sample, but {} holds {}{}", where,
                             name_of(tensor.dtype()), text_of_extents(tensor.extents())));
  const auto whole = cast_to<int64_t>(tensor);
  if (!whole) return Error(fmt::format("labels in {} are {}", where, name_of(tensor.dtype())));
  const auto values = whole->data<int64_t>();
  return std::vector<int64_t>(values.begin(), values.end());
}

Result<std::vector<int64_t>> read_labels(const std::string& text) {
  const size_t colon = text.rfind(".npz:");
  const std::string path = colon == std::string::npos ? text : text.substr(0, colon + 4);
  const std::string name = colon == std::string::npos ? "" : text.substr(colon + 5);
  KASURI_TRY(const Arrays arrays, read_arrays(path));
  for (const auto& [key, tensor] : arrays)
    if (name.empty() ? (arrays.size() == 1 || is_label_name(key)) : key == name)
      return as_labels(tensor, path);
  return Error(fmt::format("{} has no array {}; it has {}", path,
                           name.empty() ? "called 'labels'" : "'" + name + "'", list_of(arrays)));
}

Result<std::vector<int64_t>> labels_for(const std::vector<Source>& sources,
                                        const DataRequest& request) {
  if (!request.labels.empty()) return read_labels(request.labels);
  for (const Source& source : sources)
    for (const char* name : kLabelNames)
      if (const auto found = source.arrays.find(name); found != source.arrays.end())
        return as_labels(found->second, source.path);
  return std::vector<int64_t>();
}

}  // namespace

Tensor take_rows(const Tensor& tensor, std::span<const int64_t> rows) {
  std::vector<int64_t> extents = tensor.extents();
  extents[0] = static_cast<int64_t>(rows.size());
  const size_t bytes = static_cast<size_t>(bytes_for(tensor.dtype(), row_elements(tensor)));
  const std::byte* from = tensor.stored_bytes().data();
  return Tensor::make(tensor.dtype(), std::move(extents), [&](std::span<std::byte> out) {
    for (size_t i = 0; i < rows.size(); ++i)
      std::memcpy(out.data() + i * bytes, from + static_cast<size_t>(rows[i]) * bytes, bytes);
  });
}

Tensor slice_rows(const Tensor& tensor, int64_t first, int64_t count) {
  std::vector<int64_t> rows(static_cast<size_t>(count));
  std::iota(rows.begin(), rows.end(), first);
  return take_rows(tensor, rows);
}

Tensor join_rows(std::span<const Tensor> parts) {
  std::vector<int64_t> extents = parts.front().extents();
  extents[0] = 0;
  for (const Tensor& part : parts) extents[0] += part.extents()[0];
  return Tensor::make(parts.front().dtype(), std::move(extents), [&](std::span<std::byte> out) {
    size_t at = 0;
    for (const Tensor& part : parts) {
      const auto bytes = part.stored_bytes();
      std::memcpy(out.data() + at, bytes.data(), bytes.size());
      at += bytes.size();
    }
  });
}

std::map<std::string, Tensor> LabelledData::batch(std::span<const int64_t> samples) const {
  std::map<std::string, Tensor> values;
  for (const auto& [name, tensor] : inputs) values[name] = take_rows(tensor, samples);
  return values;
}

Result<LabelledData> read_labelled_data(const Graph& graph, const DataRequest& request) {
  KASURI_TRY(const std::vector<Source> sources, read_sources(graph, request));
  LabelledData data;
  data.count = -1;
  for (ValueId id : graph.inputs()) {
    const Value& input = graph.value(id);
    KASURI_TRY(Tensor samples, samples_for(input, sources, graph.inputs().size() == 1));
    const int64_t count = samples.extents()[0];
    if (data.count >= 0 && count != data.count)
      return Error(
          fmt::format("input '{}' has {} samples, others {}", input.name, count, data.count));
    data.count = count;
    data.inputs[input.name] = std::move(samples);
  }
  if (data.count < 1) return Error("the data hold no samples");
  KASURI_TRY(data.labels, labels_for(sources, request));
  if (!data.labels.empty() && static_cast<int64_t>(data.labels.size()) != data.count)
    return Error(fmt::format("{} labels for {} samples", data.labels.size(), data.count));
  if (request.most > 0 && request.most < data.count) {
    data.count = request.most;
    for (auto& [name, tensor] : data.inputs) tensor = slice_rows(tensor, 0, request.most);
    if (!data.labels.empty()) data.labels.resize(static_cast<size_t>(request.most));
  }
  data.description =
      fmt::format("{}: {} samples{}", fs::path(sources.front().path).filename().string(),
                  data.count, data.labels.empty() ? "" : ", labelled");
  return data;
}

}  // namespace kasuri::profiling
