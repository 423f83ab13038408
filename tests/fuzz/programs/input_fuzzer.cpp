#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/fuzz/inputs/mutations.h"
#include "tests/fuzz/inputs/seeds.h"
#include "tests/fuzz/inputs/targets.h"

// Readers of foreign bytes without libFuzzer: every seed as it is, then mutated ones.
//   input_fuzzer [--runs N] [--seed S] [PATH...]   all targets; PATHs: models to start from
//   input_fuzzer --write-seeds DIR [PATH...]       seeds as files: DIR/model, DIR/text, DIR/plan
//   input_fuzzer --replay TARGET FILE...           inputs as they are
// The input in progress lies in /tmp/kasuri-input-TARGET; it stays there when the program dies.
namespace kasuri::testing {
namespace {

constexpr size_t kMostSeedBytes = 16 << 10;
constexpr unsigned kSecondsPerInput = 30;

struct Options {
  int64_t runs = 1000;
  uint64_t seed = 1;
  std::string write_to, replay;
  std::vector<std::string> paths;
};

Options options_of(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const std::string value = i + 1 < argc ? argv[i + 1] : "";
    if (word == "--runs")
      options.runs = std::atoll(value.c_str());
    else if (word == "--seed")
      options.seed = std::strtoull(value.c_str(), nullptr, 10);
    else if (word == "--write-seeds")
      options.write_to = value;
    else if (word == "--replay")
      options.replay = value;
    else
      options.paths.push_back(word);
    i += word.starts_with("--");
  }
  return options;
}

std::string progress_file(std::string_view target) {
  return fmt::format("/tmp/kasuri-input-{}", target);
}

void run_one(const Target& target, const std::string& input) {
  std::ofstream(progress_file(target.name), std::ios::binary) << input;
  alarm(kSecondsPerInput);
  target.run({reinterpret_cast<const uint8_t*>(input.data()), input.size()});
  alarm(0);
}

void write_seeds(const SeedInputs& seeds, const std::filesystem::path& folder) {
  for (const auto& [target, inputs] : seeds) {
    std::filesystem::create_directories(folder / target);
    for (size_t i = 0; i < inputs.size(); ++i)
      std::ofstream(folder / target / fmt::format("seed-{:04}", i), std::ios::binary) << inputs[i];
    fmt::print("{}: {} seeds\n", target, inputs.size());
  }
}

int replay(const Options& options) {
  const Target* target = find_target(options.replay);
  if (!target) {
    fmt::print(stderr, "no target '{}'\n", options.replay);
    return 2;
  }
  for (const std::string& path : options.paths) {
    std::ifstream in(path, std::ios::binary);
    run_one(*target, {std::istreambuf_iterator<char>(in), {}});
  }
  return 0;
}

int run(const Options& options) {
  if (!options.replay.empty()) return replay(options);
  const SeedInputs seeds =
      seeds_from(options.paths.empty() ? usual_seed_paths() : options.paths, kMostSeedBytes);
  if (!options.write_to.empty()) {
    write_seeds(seeds, options.write_to);
    return 0;
  }
  for (const Target& target : targets()) {
    const auto& inputs = seeds.at(std::string(target.name));
    fmt::print("{}: {} seeds, {} mutated inputs\n", target.name, inputs.size(), options.runs);
    std::fflush(stdout);
    for (const std::string& input : inputs) run_one(target, input);
    std::mt19937_64 random(options.seed);
    for (int64_t i = 0; i < options.runs; ++i) run_one(target, mutated(inputs, random));
    std::filesystem::remove(progress_file(target.name));
  }
  return 0;
}

}  // namespace
}  // namespace kasuri::testing

int main(int argc, char** argv) {
  return kasuri::testing::run(kasuri::testing::options_of(argc, argv));
}
