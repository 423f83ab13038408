#include "profiling/inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "profiling/input_rule.h"
#include "profiling/value_file.h"

namespace kasuri::profiling {
namespace {

namespace fs = std::filesystem;

const InputChoice* choice_for(const InputRequest& request, const std::string& name) {
  const InputChoice* found = nullptr;
  for (const InputChoice& choice : request.choices)
    if (choice.name == name) found = &choice;
  return found;
}

Status check_names(const Graph& graph, const InputRequest& request) {
  const auto known = [&](const std::string& name) {
    return std::any_of(graph.inputs().begin(), graph.inputs().end(),
                       [&](ValueId id) { return graph.value(id).name == name; });
  };
  const auto unknown = [&](const std::string& name) {
    std::string names;
    for (ValueId id : graph.inputs()) names += (names.empty() ? "" : ", ") + graph.value(id).name;
    return Error(fmt::format("the model has no input '{}'; its inputs are: {}", name, names));
  };
  for (const InputChoice& choice : request.choices)
    if (!known(choice.name)) return unknown(choice.name);
  for (const auto& [name, value] : request.given)
    if (!known(name)) return unknown(name);
  return Done{};
}

/// dtype and extents a value of this type needs; `value` is checked against them.
Status check_type(const Value& input, const RuntimeValue& value) {
  if (!value.is_tensor() || !input.type.is_tensor()) return Done{};
  const Tensor& tensor = value.tensor();
  const ValueType got = ValueType::tensor(tensor.dtype(), shape_of(tensor.extents()));
  bool fits = input.type.dtype == DataType::kUndefined || tensor.dtype() == input.type.dtype;
  if (input.type.shape) {
    fits = fits && input.type.shape->size() == tensor.extents().size();
    for (size_t i = 0; fits && i < tensor.extents().size(); ++i)
      fits =
          !(*input.type.shape)[i].known() || (*input.type.shape)[i].value() == tensor.extents()[i];
  }
  if (fits) return Done{};
  return Error(fmt::format("input '{}' needs {}, but was given {}", input.name, input.type.text(),
                           got.text()));
}

/// The files of a folder in name order.
Result<std::vector<std::string>> files_in(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(folder, failure))
    if (entry.is_regular_file(failure)) files.push_back(entry.path().string());
  if (failure) return Error(fmt::format("cannot list folder {}: {}", folder, failure.message()));
  if (files.empty()) return Error(fmt::format("folder {} holds no samples", folder));
  std::sort(files.begin(), files.end());
  return files;
}

struct MadeInput {
  RuntimeValue value;
  std::string source;
  int samples = 1;
  std::string taken;  ///< Which file of a folder of several.
};

Result<MadeInput> from_file(const Value& input, const InputChoice& choice, int sample) {
  std::string path = choice.source;
  int samples = 1;
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    KASURI_TRY(const std::vector<std::string> files, files_in(path));
    samples = static_cast<int>(files.size());
    path = files[static_cast<size_t>(sample % samples)];
  }
  KASURI_TRY_IN(RuntimeValue value, read_input_file(path, input.name, input.type),
                fmt::format("reading input '{}'", choice.name));
  if (samples == 1) return MadeInput{std::move(value), "file " + path};
  const int place = sample % samples;
  return MadeInput{std::move(value), fmt::format("folder {}, {} samples", choice.source, samples),
                   samples,
                   fmt::format("{}, {} of {} files in {}", fs::path(path).filename().string(),
                               place == 0 ? "the first" : fmt::format("number {}", place + 1),
                               samples, choice.source)};
}

Result<MadeInput> from_rule(const Value& input, const InputChoice* choice, uint64_t seed) {
  if (input.type.kind == ValueType::Kind::kOptional) return MadeInput{RuntimeValue(), "absent"};
  if (input.type.kind == ValueType::Kind::kSequence)
    return MadeInput{RuntimeValue::sequence({}), "empty sequence"};
  // Without a declared rank the smallest tensor is a scalar; it broadcasts like any other.
  const auto extents = input.type.shape ? extents_of(*input.type.shape) : std::vector<int64_t>();
  if (!input.type.is_tensor() || !extents)
    return Error(
        fmt::format("input '{}' is {}: its shape is not known; give a file with --input or its "
                    "dimensions with --dim",
                    input.name, input.type.text()));
  InputRule rule = default_rule(input.name, input.type.dtype, seed);
  if (choice != nullptr) {
    KASURI_TRY(rule, parse_rule(choice->source, input.name, input.type.dtype));
  }
  KASURI_TRY_IN(Tensor tensor, seeded_tensor(rule.stream, input.type.dtype, *extents, rule.values),
                fmt::format("making values for input '{}'; give a file with --input", input.name));
  return MadeInput{std::move(tensor),
                   choice != nullptr ? choice->source : fmt::format("seed:{}", seed)};
}

Result<MadeInput> make_input(const Value& input, const InputRequest& request) {
  const auto given = request.given.find(input.name);
  if (given != request.given.end()) return MadeInput{given->second, "given"};
  const InputChoice* choice = choice_for(request, input.name);
  if (choice != nullptr && !looks_like_rule(choice->source))
    return from_file(input, *choice, request.sample);
  return from_rule(input, choice, request.seed);
}

void add_value(FingerprintBuilder& builder, const RuntimeValue& value) {
  if (value.is_tensor()) {
    builder.add(value.tensor().fingerprint().hex());
  } else if (value.is_sequence()) {
    builder.add(value.items().size());
    for (const RuntimeValue& item : value.items()) add_value(builder, item);
  } else {
    builder.add("absent");
  }
}

}  // namespace

Fingerprint BoundInputs::hash() const {
  FingerprintBuilder builder;
  for (const auto& [name, value] : values) {
    builder.add(name);
    add_value(builder, value);
  }
  return builder.finish();
}

Result<BoundInputs> make_inputs(const Graph& graph, const InputRequest& request) {
  KASURI_RETURN_IF_ERROR(check_names(graph, request));
  BoundInputs bound;
  for (ValueId id : graph.inputs()) {
    const Value& input = graph.value(id);
    KASURI_TRY(MadeInput made, make_input(input, request));
    KASURI_RETURN_IF_ERROR(check_type(input, made.value));
    bound.samples = std::max(bound.samples, made.samples);
    bound.sources[input.name] = made.source;
    if (!made.taken.empty()) bound.taken[input.name] = made.taken;
    bound.values[input.name] = std::move(made.value);
  }
  return bound;
}

}  // namespace kasuri::profiling
