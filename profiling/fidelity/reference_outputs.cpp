#include "profiling/fidelity/reference_outputs.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "engine/base/atomic_file.h"
#include "engine/plan/work_estimate.h"
#include "profiling/default_sizes.h"
#include "profiling/fidelity/spot_check.h"
#include "profiling/runtimes/backends.h"
#include "profiling/worker/frame.h"
#include "profiling/worker/value_blob.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

constexpr int kCacheVersion = 1;

Result<std::string> cache_path(const ImportedModel& model, const std::string& input_hash) {
  FingerprintBuilder key;
  key.add(static_cast<uint64_t>(kCacheVersion)).add(model.content_hash.hex()).add(input_hash);
  key.add(static_cast<uint64_t>(model.synthesized_weights));
  for (const DimBinding& dim : model.dims)
    key.add(dim.input).add(static_cast<uint64_t>(dim.axis)).add(static_cast<uint64_t>(dim.value));
  KASURI_TRY(const std::string folder, cache_folder("reference"));
  return folder + "/" + key.finish().hex() + ".values";
}

Result<ReferenceOutputs> read_cached(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error("not cached");
  std::ostringstream content;
  content << file.rdbuf();
  const std::string bytes = std::move(content).str();
  FrameDecoder decoder;
  decoder.feed(bytes.data(), bytes.size());
  KASURI_TRY(const std::optional<Frame> frame, decoder.next());
  if (!frame || !frame->header->contains("outputs")) return Error("a damaged cache file");
  ReferenceOutputs found;
  found.method = frame->header->value("method", "") + ", cached";
  for (const json& output : frame->header->at("outputs")) {
    KASURI_TRY(found.values[output.value("name", "")], value_from(output, frame->blobs));
  }
  return found;
}

void write_cache(const std::string& path, const ReferenceOutputs& outputs) {
  std::vector<std::string> blobs;
  json header = {{"method", outputs.method}, {"outputs", json::array()}};
  for (const auto& [name, value] : outputs.values)
    header["outputs"].push_back(describe_value(name, value, blobs));
  for (const std::string& blob : blobs) header["blobs"].push_back(blob.size());
  std::string content = header.dump() + "\n";
  for (const std::string& blob : blobs) content += blob;
  (void)write_file_atomically(path, content);
}

int64_t flops_of_graph(const Graph& graph) {
  int64_t flops = 0;
  for (NodeId id : graph.node_ids()) flops += flops_of(graph, graph.node(id));
  return flops;
}

Result<ReferenceOutputs> run_in_full(const Graph& graph,
                                     const std::map<std::string, RuntimeValue>& inputs,
                                     const TaskContext& context) {
  const double nodes = static_cast<double>(graph.node_count());
  double done = 0;
  const auto observer = [&](const Node&, std::span<const RuntimeValue>,
                            std::span<const RuntimeValue>) {
    context.report("Reference run", ++done, nodes);
    return context.cancel.check();
  };
  KASURI_TRY(const std::vector<RuntimeValue> values, run_model(graph, inputs, context, observer));
  ReferenceOutputs outputs;
  outputs.method = "reference backend";
  for (size_t i = 0; i < values.size(); ++i) outputs.values[graph.outputs()[i].name] = values[i];
  return outputs;
}

}  // namespace

Result<ReferenceOutputs> reference_outputs(const ImportedModel& model,
                                           const std::map<std::string, RuntimeValue>& inputs,
                                           const std::string& input_hash,
                                           const TaskContext& context) {
  KASURI_TRY(const std::string path, cache_path(model, input_hash));
  auto cached = read_cached(path);
  if (cached.ok()) return cached;
  const bool large = flops_of_graph(model.graph) > kFullReferenceFlops;
  auto made = large ? spot_checked_outputs(model.graph, inputs, context)
                    : run_in_full(model.graph, inputs, context);
  if (!made.ok())
    return with_default_sizes(std::move(made).error(), model.dims).with_context("reference run");
  write_cache(path, *made);
  return made;
}

}  // namespace kasuri::profiling
