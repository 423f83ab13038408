#include "tests/fuzz/inputs/seeds.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/ir/printer.h"
#include "engine/ir/shape_inference.h"
#include "engine/onnx/exporter.h"
#include "engine/onnx/importer.h"
#include "engine/plan/plan_file.h"
#include "tests/fuzz/inputs/targets.h"

namespace kasuri::testing {
namespace {

namespace fs = std::filesystem;

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<fs::path> files_below(const std::vector<std::string>& paths, size_t most_bytes) {
  std::vector<fs::path> files;
  const auto take = [&](const fs::path& file) {
    const fs::path kind = file.extension();
    if (kind != ".onnx" && kind != ".ort" && kind != ".ktxt") return;
    if (fs::is_regular_file(file) && fs::file_size(file) <= most_bytes) files.push_back(file);
  };
  for (const std::string& path : paths) {
    if (!fs::is_directory(path)) take(path);
    if (fs::is_directory(path))
      for (const auto& entry : fs::recursive_directory_iterator(path)) take(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// A group of two, layouts, a place to overwrite: what stands beside a graph in a plan.
PlanDecisions some_decisions(const Graph& graph) {
  PlanDecisions decisions;
  (void)decisions.apply(EnableMemory{MemoryOption::kAliasViews});
  const auto order = graph.topological_order();
  Group group;
  group.id = decisions.next_group_id();
  group.kind = "pair";
  group.nodes.assign(order.begin(), order.begin() + std::min<std::ptrdiff_t>(2, std::ssize(order)));
  if (!order.empty()) {
    (void)decisions.apply(FormGroup{group, {}});
    (void)decisions.apply(AllowInPlace{order.back(), 0, 0});
  }
  for (ValueId id : graph.value_ids())
    if (graph.value(id).type.shape && graph.value(id).type.shape->size() == 4)
      (void)decisions.apply(SetLayout{id, {0, 2, 3, 1}});
  return decisions;
}

void add_seeds(const fs::path& file, size_t most_bytes, SeedInputs& seeds) {
  if (file.extension() != ".ktxt") seeds["model"].push_back(bytes_of(file));
  auto model = import_model(file.string());
  if (!model.ok()) return;
  if (file.extension() == ".ktxt")
    if (auto exported = export_model(model->graph); exported.ok() && exported->size() <= most_bytes)
      seeds["model"].push_back(*exported);
  auto typed = infer_graph(std::move(model->graph));
  if (!typed.ok()) return;
  const std::string text = print_graph(*typed);
  if (text.size() <= most_bytes) seeds["text"].push_back(text);
  const std::string path = scratch_file("seed.kplan", {});
  PlanFileContent plan{std::make_shared<const Graph>(*std::move(typed)), {}, {}, "fuzz", "here"};
  plan.decisions = some_decisions(*plan.graph);
  if (save_plan(path, plan).ok() && fs::file_size(path) <= most_bytes)
    seeds["plan"].push_back(bytes_of(path));
}

}  // namespace

SeedInputs seeds_from(const std::vector<std::string>& paths, size_t most_bytes) {
  SeedInputs seeds;
  for (const fs::path& file : files_below(paths, most_bytes)) add_seeds(file, most_bytes, seeds);
  return seeds;
}

std::vector<std::string> usual_seed_paths() {
  const char* given = std::getenv("KASURI_SOURCE");
  const char* shared = std::getenv("KASURI_SHARED");
  const fs::path source = given ? given : ".";
  std::vector<std::string> paths = {source / "resources/models", source / "tests/fuzz/found",
                                    (shared ? fs::path(shared) : source / "../shared") / "models",
                                    source / "build/node-tests"};
  return paths;
}

}  // namespace kasuri::testing
