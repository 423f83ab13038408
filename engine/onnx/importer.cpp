#include "engine/onnx/importer.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <system_error>

#include "engine/onnx/external_data.h"
#include "engine/onnx/graph_reader.h"
#include "engine/onnx/message_reader.h"
#include "engine/onnx/type_reader.h"
#include "engine/onnx/weight_synthesis.h"

namespace kasuri {
namespace fs = std::filesystem;

namespace {

using namespace onnx;

constexpr int64_t kNewestIrVersion = 14;

/// Read rather than mapped, so that the pages of large files do not become resident.
Result<Fingerprint> hash_file(const std::string& path, const TaskContext& task) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error("cannot read '" + path + "'");
  std::error_code failed;
  const auto total = static_cast<double>(fs::file_size(path, failed));
  double done = 0;
  FingerprintBuilder hash;
  std::vector<char> buffer(1 << 20);
  while (in) {
    KASURI_RETURN_IF_ERROR(task.cancel.check());
    task.report("Reading the file", done, failed ? 0 : total);
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    hash.add_bytes(std::as_bytes(std::span(buffer.data(), static_cast<size_t>(in.gcount()))));
    done += static_cast<double>(in.gcount());
  }
  task.report("Reading the file", done, failed ? 0 : total);
  return hash.finish();
}

/// What people most often have under an .onnx name that is not ONNX.
std::string known_other_format(Bytes file) {
  const std::string_view text = onnx::text_of(file.first(std::min<size_t>(file.size(), 512)));
  if (file.empty()) return "the file is empty";
  if (text.rfind("version https://git-lfs", 0) == 0)
    return "this is a Git LFS pointer, not the model; fetch it with 'git lfs pull'";
  if (text.size() > 8 && text.substr(4, 4) == "ORTM")
    return "this is ONNX Runtime's own .ort format; export the model as .onnx";
  if (text.rfind("PK\x03\x04", 0) == 0) return "this is a zip archive (a PyTorch checkpoint?)";
  if (text.rfind("\x89HDF", 0) == 0) return "this is an HDF5 file (a Keras model?)";
  const auto printable = [](char c) { return c == '\n' || c == '\r' || c == '\t' || c >= ' '; };
  if (file.size() <= text.size() && std::all_of(text.begin(), text.end(), printable))
    return "this is a text file ('" + std::string(text.substr(0, 60)) + "'), not a model";
  return "";
}

Result<ModelMessage> read_message(Bytes file) {
  Result<ModelMessage> message = read_model(file);
  const std::string other = known_other_format(file);
  if (!message.ok())
    return Error(other.empty() ? "not an ONNX file, or damaged: " + message.error().text() : other);
  if (!message->graph)
    return Error(other.empty() ? "the file has no graph; is it an ONNX model?" : other);
  return message;
}

Fingerprint identity_of(const Fingerprint& content, const ExternalFiles& external) {
  FingerprintBuilder hash;
  hash.add(content.low).add(content.high);
  for (const auto& [name, file] : external.opened()) {
    hash.add(name);
    if (!file) continue;
    std::error_code failed;
    const auto time = fs::last_write_time(file->path(), failed);
    hash.add(file->bytes().size());
    if (!failed) hash.add(static_cast<uint64_t>(time.time_since_epoch().count()));
  }
  return hash.finish();
}

void describe_file(const ModelMessage& message, ImportedModel& out) {
  out.producer = clean_text(message.producer_name);
  if (!message.producer_version.empty())
    out.producer += (out.producer.empty() ? "" : " ") + clean_text(message.producer_version);
  out.ir_version = message.ir_version;
  out.model_version = message.model_version;
  out.domain = clean_text(message.domain);
  out.doc_string = clean_text(message.doc_string);
  if (out.ir_version > kNewestIrVersion)
    out.notes.push_back("IR version " + std::to_string(out.ir_version) + " is newer than " +
                        std::to_string(kNewestIrVersion) + ", the newest known");
}

Result<ImportedModel> import_onnx(const std::string& path, const ImportOptions& options,
                                  const TaskContext& task) {
  task.report("Reading the file");
  KASURI_TRY(const std::shared_ptr<const MappedFile> file, MappedFile::open(path));
  KASURI_TRY(const ModelMessage message, read_message(file->bytes()));
  ImportedModel out;
  out.path = path;
  describe_file(message, out);
  KASURI_TRY(const Fingerprint content, hash_file(path, task));

  ExternalFiles external(fs::path(path).parent_path().string());
  TensorReader tensors(file, &external);
  SynthesizedWeights made;
  if (options.synthesize_weights) {
    KASURI_TRY(made, SynthesizedWeights::open(*message.graph, content, external, task));
    tensors.set_substitute([&](const TensorMessage& t) { return made.tensor(t); });
    out.synthesized_weights = !made.empty();
    if (out.synthesized_weights) out.notes.push_back("weights are made up; outputs mean nothing");
  }
  GraphReader reader(message, tensors, task);
  KASURI_TRY(out.graph, reader.read(options));
  out.dims = reader.dims();
  out.declared_inputs = reader.declared_inputs();
  out.weight_bytes = reader.weight_bytes();
  out.notes.insert(out.notes.end(), reader.notes().begin(), reader.notes().end());
  out.content_hash = external.opened().empty() ? content : identity_of(content, external);
  return out;
}

/// What a caller could not ask for, or that nothing gives.
Status check_interface(const Graph& graph) {
  std::set<std::string_view> names;
  for (const GraphOutput& output : graph.outputs())
    if (!names.insert(output.name).second)
      return Error("graph output '" + output.name + "' is listed twice");
  for (ValueId id : graph.captures())
    return Error("the graph reads '" + graph.value(id).name +
                 "' from outside, and nothing is there");
  return Done{};
}

}  // namespace

Result<ImportedModel> import_model(const std::string& path, const ImportOptions& options,
                                   const TaskContext& task) {
  Result<ImportedModel> model = fs::path(path).extension() == ".ktxt"
                                    ? import_text(path, options, task)
                                    : import_onnx(path, options, task);
  if (model.ok())
    if (Status sound = check_interface(model->graph); !sound.ok()) model = std::move(sound).error();
  if (!model.ok() && model.error().message().find(path) == std::string::npos)
    return std::move(model).error().with_context("'" + path + "'");
  return model;
}

}  // namespace kasuri
