#include "engine/base/mapped_file.h"
#include "engine/ir/graph_patch.h"
#include "engine/ir/parser.h"
#include "engine/onnx/dim_binder.h"
#include "engine/onnx/wire_reader.h"

namespace kasuri {
namespace {

/// The same graph with its input types bound.
Result<Graph> with_bound_inputs(const Graph& graph, onnx::DimBinder& binder) {
  GraphPatch patch(graph, "bind dimensions");
  for (ValueId id : graph.inputs()) {
    KASURI_TRY(ValueType type, binder.bind(graph.value(id).name, graph.value(id).type));
    if (type != graph.value(id).type) patch.set_type(id, std::move(type));
  }
  KASURI_RETURN_IF_ERROR(binder.finish());
  Graph bound = graph;
  if (patch.empty()) return bound;
  KASURI_TRY([[maybe_unused]] const GraphPatch inverse, patch.apply(bound));
  return bound;
}

}  // namespace

Result<ImportedModel> import_text(const std::string& path, const ImportOptions& options,
                                  const TaskContext& task) {
  task.report("Reading the file");
  KASURI_TRY(const std::shared_ptr<const MappedFile> file, MappedFile::open(path));
  KASURI_TRY(const Graph graph, parse_graph(onnx::text_of(file->bytes())));
  KASURI_RETURN_IF_ERROR(task.cancel.check());
  ImportedModel out;
  out.path = path;
  out.producer = "kasuri text";
  out.content_hash = fingerprint_of(file->bytes());
  for (ValueId id : graph.inputs()) out.declared_inputs.push_back(graph.value(id).type);
  for (ValueId id : graph.value_ids())
    if (graph.value(id).constant)
      out.weight_bytes += static_cast<int64_t>(graph.value(id).constant->stored_bytes().size());
  onnx::DimBinder binder(options);
  KASURI_TRY(out.graph, with_bound_inputs(graph, binder));
  out.dims = binder.bindings();
  return out;
}

}  // namespace kasuri
