#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/base/check.h"
#include "engine/ir/parser.h"
#include "engine/ir/printer.h"
#include "engine/ir/shape_inference.h"
#include "tests/fuzz/graphs/random_graph.h"
#include "tests/fuzz/graphs/shrinker.h"

// graph_fuzzer [--minutes N] [--seed S] [--out DIR] [--keep-going]: random graphs for N minutes
// from seed S on. A failing one is shrunk and stored as DIR/graph-SEED.ktxt; exit status 1.
// graph_fuzzer --only SEED|FILE.ktxt: this one, in this process.
namespace kasuri::testing {
namespace {

struct Options {
  double minutes = 1;
  uint64_t seed = 1;
  std::string out = ".";
  std::string only;
  bool keep_going = false;
};

Options options_of(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    const char* value = i + 1 < argc ? argv[i + 1] : "";
    if (name == "--keep-going") {
      options.keep_going = true;
      continue;
    }
    if (name == "--minutes") {
      options.minutes = std::atof(value);
    } else if (name == "--seed") {
      options.seed = std::strtoull(value, nullptr, 10);
    } else if (name == "--only") {
      options.only = value;
    } else if (name == "--out") {
      options.out = value;
    } else {
      fmt::print(stderr,
                 "graph_fuzzer [--minutes N] [--seed S] [--out DIR] [--keep-going] | --only "
                 "SEED|FILE.ktxt\n");
      std::exit(2);
    }
    ++i;
  }
  return options;
}

void print(const Finding& f, uint64_t seed) {
  fmt::print("seed {}: {} with '{}': {}\n", seed, f.kind, f.recipe, f.text);
  std::fflush(stdout);
}

std::string store(const Graph& graph, const Finding& finding, uint64_t seed,
                  const Options& options) {
  const std::string path = fmt::format("{}/graph-{}.ktxt", options.out, seed);
  std::string what = finding.text.substr(0, finding.text.find('\n'));
  std::ofstream(path) << "# seed " << seed << ": " << finding.kind << " with '" << finding.recipe
                      << "': " << what << "\n"
                      << print_graph(graph, {.metadata = false});
  return path;
}

/// Shrinks, stores and reports; null when all is well.
std::optional<std::string> try_seed(uint64_t seed, const Options& options) {
  std::optional<Graph> graph;
  try {
    graph = random_graph(seed);
  } catch (const std::exception& e) {
    const Finding finding{"typing", "", e.what()};
    print(finding, seed);
    return fmt::format("--only {}", seed);
  }
  const auto finding = examine_apart(*graph, recipes_for(seed));
  if (!finding) return std::nullopt;
  print(*finding, seed);
  const Graph small = shrunk(*graph, *finding);
  const std::string path = store(small, *finding, seed, options);
  fmt::print("  {} of {} nodes: {}\n", small.node_count(), graph->node_count(), path);
  std::fflush(stdout);
  return path;
}

Graph graph_in(const std::string& path) {
  std::ifstream in(path);
  auto graph = parse_graph(std::string{std::istreambuf_iterator<char>(in), {}});
  auto typed = infer_graph(*std::move(graph));
  return *std::move(typed);
}

int run_only(const std::string& which) {
  const uint64_t seed = std::strtoull(which.c_str(), nullptr, 10);
  const Graph graph = which.ends_with(".ktxt") ? graph_in(which) : random_graph(seed);
  fmt::print("{}\n", print_graph(graph, {.max_elements = 16}));
  const auto finding = examine(graph, recipes_for(seed));
  if (finding) print(*finding, seed);
  return finding ? 1 : 0;
}

int run(const Options& options) {
  if (!options.only.empty()) return run_only(options.only);
  std::filesystem::create_directories(options.out);
  const auto start = std::chrono::steady_clock::now();
  const auto minutes = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / 60;
  };
  uint64_t seed = options.seed;
  int found = 0;
  for (; minutes() < options.minutes; ++seed) {
    const auto path = try_seed(seed, options);
    if (!path) continue;
    ++found;
    if (!options.keep_going) break;
  }
  fmt::print("{} graphs from seed {} in {:.1f} minutes, {} findings\n", seed - options.seed,
             options.seed, minutes(), found);
  return found ? 1 : 0;
}

}  // namespace
}  // namespace kasuri::testing

int main(int argc, char** argv) {
  return kasuri::testing::run(kasuri::testing::options_of(argc, argv));
}
