#include "tests/fuzz/inputs/targets.h"

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "engine/base/fingerprint.h"
#include "engine/ir/parser.h"
#include "engine/ir/printer.h"
#include "engine/ir/shape_inference.h"
#include "engine/ir/verifier.h"
#include "engine/onnx/importer.h"
#include "engine/plan/plan_file.h"

namespace kasuri::testing {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void broken(const std::string& promise) { throw std::runtime_error(promise); }

void expect_users_fault(const Error& error) {
  if (error.kind() == ErrorKind::kInternal) broken("an internal error: " + error.text());
}

void expect_sound(const Graph& graph) {
  if (const Status sound = verify_graph(graph); !sound.ok()) broken(sound.error().text());
  const std::string text = print_graph(graph);
  const auto again = parse_graph(text);
  if (!again.ok()) broken("its text is refused: " + again.error().text());
  if (again->fingerprint().hex() != graph.fingerprint().hex())
    broken("its text reads back to another graph:\n" + text + "\n" + print_graph(*again));
}

void expect_typed(const Graph& graph) {
  expect_sound(graph);
  const auto typed = infer_graph(graph);
  if (!typed.ok()) return expect_users_fault(typed.error());
  expect_sound(*typed);
}

void try_model(Bytes bytes) {
  const auto model = import_model(scratch_file("model.onnx", bytes));
  if (!model.ok()) return expect_users_fault(model.error());
  expect_typed(model->graph);
}

/// Text may ask for 4 GiB of made-up weights; that is its right, but takes a fuzzer's time.
bool asks_for_much(std::string_view text) {
  constexpr double kMost = 1 << 22;
  if (text.find(" all") == text.npos && text.find("seed") == text.npos &&
      text.find("range") == text.npos)
    return false;
  double sum = 0;
  for (size_t at = text.find('['); at != text.npos; at = text.find('[', at)) {
    double product = 1, number = 0;
    for (++at; at < text.size() && text[at] != ']' && text[at] != '['; ++at) {
      if (text[at] >= '0' && text[at] <= '9') {
        number = number * 10 + (text[at] - '0');
      } else {
        product *= std::max(1.0, number);
        number = 0;
      }
    }
    sum += product * std::max(1.0, number);
  }
  return sum > kMost;
}

void try_text(Bytes bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (asks_for_much(text)) return;
  const auto graph = parse_graph(text);
  if (!graph.ok()) return expect_users_fault(graph.error());
  expect_typed(*graph);
}

void put_number(std::vector<uint8_t>& bytes, size_t at, uint64_t number) {
  std::memcpy(bytes.data() + at, &number, sizeof(number));
}

void try_plan(Bytes bytes) {
  constexpr size_t kFrame = 8 + 24 + 16, kHashBytes = 16;
  if (bytes.size() < kFrame || bytes.size() > size_t{1} << 20) return;
  std::vector<uint8_t> file(bytes.begin(), bytes.end());
  std::memcpy(file.data(), "KASURIPL", 8);
  put_number(file, 16, file.size());
  const auto content = std::as_bytes(std::span(file)).first(file.size() - kHashBytes);
  const Fingerprint hash = FingerprintBuilder().add_bytes(content).finish();
  put_number(file, file.size() - 16, hash.low);
  put_number(file, file.size() - 8, hash.high);
  const auto plan = load_plan(scratch_file("plan.kplan", file));
  if (!plan.ok()) return expect_users_fault(plan.error());
  expect_sound(*plan->graph);
}

/// A folder of this process, gone with it.
class Scratch {
 public:
  Scratch() : folder_(base() / ("kasuri-fuzz-" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
  }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  std::string path(const std::string& name) const { return folder_ / name; }

 private:
  static fs::path base() {
    return fs::exists("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path();
  }
  fs::path folder_;
};

}  // namespace

const std::vector<Target>& targets() {
  static const std::vector<Target> kTargets = {
      {"model", try_model}, {"text", try_text}, {"plan", try_plan}};
  return kTargets;
}

const Target* find_target(std::string_view name) {
  for (const Target& t : targets())
    if (t.name == name) return &t;
  return nullptr;
}

std::string scratch_file(const std::string& name, Bytes bytes) {
  static const Scratch kScratch;
  const std::string path = kScratch.path(name);
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  return path;
}

}  // namespace kasuri::testing
