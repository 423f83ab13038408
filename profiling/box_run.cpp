#include "profiling/box_run.h"

#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "profiling/crash_note.h"
#include "profiling/export/units.h"
#include "profiling/memory_box.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

/// A file for the name of the step in flight, gone with this object.
class NoteFile {
 public:
  NoteFile() : path_((std::filesystem::temp_directory_path() / "kasuri-note-XXXXXX").string()) {
    const int file = ::mkstemp(path_.data());
    if (file < 0 || ::ftruncate(file, kNoteBytes) != 0) path_.clear();
    if (file >= 0) ::close(file);
  }
  ~NoteFile() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove(path_, ignored);
  }
  NoteFile(const NoteFile&) = delete;
  NoteFile& operator=(const NoteFile&) = delete;
  const std::string& path() const { return path_; }

  /// The number of the step in flight; -1: none was.
  int64_t step() const {
    std::array<char, kNoteBytes> text = {};
    std::ifstream(path_).read(text.data(), text.size() - 1);
    constexpr std::string_view kHead = "step ";
    if (!std::string_view(text.data()).starts_with(kHead)) return -1;
    return strtoll(text.data() + kHead.size(), nullptr, 10);
  }

 private:
  std::string path_;
};

/// How far a run came.
struct Attempt {
  std::string stage;  ///< Where it failed; empty: it ran.
  std::string error;
  int64_t step = -1;  ///< In flight when it failed.
  json peak, plan = json::object();
};

const char* stage_of(const SideWorker& side) {
  if (side.open_ms() == 0) return "open";
  if (side.rewrite().empty() && side.spec().passes != "plan file" && side.plan().empty())
    return side.spec().runtime == "kasuri" ? "optimize" : "plan";
  return side.plan().empty() ? "plan" : "run";
}

Status run_all(SideWorker& side, const TaskContext& context) {
  KASURI_RETURN_IF_ERROR(side.prepare(context));
  KASURI_RETURN_IF_ERROR(side.warm_up(0, context));
  if (side.spec().streams == 1) return Done{};
  KASURI_TRY(const json together, side.run_streams(0, context));
  (void)together;
  return Done{};
}

/// `box` null: without a limit.
Result<Attempt> attempt(const SideSpec& spec, const SideTask& task, const MemoryBox* box,
                        const TaskContext& context) {
  const NoteFile note;
  SideTask confined = task;
  confined.samples = nullptr;
  if (box != nullptr) confined.control_group = box->group();
  confined.step_note = note.path();
  Attempt made;
  auto side = SideWorker::start(spec, confined, context);
  if (!side.ok()) {
    if (side.error().kind() == ErrorKind::kCancelled) return side.error();
    made.stage = "start";
    made.error = side.error().text();
    return made;
  }
  SideWorker& worker = **side;
  if (box != nullptr) box->hold(worker.hello().value("pid", 0), spec.threads);
  const Status ran = run_all(worker, context);
  made.plan = worker.plan();
  if (!ran.ok()) {
    if (ran.error().kind() == ErrorKind::kCancelled) return ran.error();
    made.stage = stage_of(worker);
    made.error = ran.error().text();
    made.step = note.step();
    return made;
  }
  if (const auto memory = worker.memory(context); memory.ok())
    made.peak = memory->header->value("peak_rss_bytes", json());
  return made;
}

/// The step that failed, or the one where most of the arena is alive.
json describe_step(const json& plan, int64_t in_flight) {
  const json steps = plan.value("steps", json::array());
  const json memory = plan.value("memory", json::object());
  const auto live = memory.value("live_bytes", std::vector<int64_t>());
  const bool known = in_flight >= 0 && in_flight < static_cast<int64_t>(steps.size());
  const size_t at =
      known ? static_cast<size_t>(in_flight)
            : static_cast<size_t>(std::max_element(live.begin(), live.end()) - live.begin());
  if (at >= steps.size() || (!known && live.empty())) return nullptr;
  const json& step = steps[at];
  return {{"name", step["name"]},
          {"op", step["op"]},
          {"nodes", step["sources"]},
          {"needs_bytes",
           step.value("bytes_written", int64_t{0}) + step.value("workspace_bytes", int64_t{0})},
          {"live_bytes", at < live.size() ? json(live[at]) : json()},
          {"in_flight", known}};
}

json describe_planned(const json& plan) {
  const json memory = plan.value("memory", json());
  if (!memory.is_object()) return nullptr;
  json out = json::object();
  for (const char* key : {"weights_bytes", "packed_weights_bytes", "arena_bytes"})
    out[key] = memory.value(key, json());
  return out;
}

std::string step_words(const json& step) {
  if (!step.is_object()) return "";
  return fmt::format("'{}' ({})", step["name"].get<std::string>(), step["op"].get<std::string>());
}

std::string size_words(const json& bytes) {
  return bytes.is_number() ? bytes_text(bytes.get<int64_t>()) : "?";
}

/// What the plan takes and where its arena is fullest.
std::string planned_words(const json& box, const std::string& step) {
  const json& planned = box["planned"];
  if (!planned.is_object()) return "";
  return fmt::format(
      ": weights {}, packed copies {}, arena {}{}", size_words(planned["weights_bytes"]),
      size_words(planned["packed_weights_bytes"]), size_words(planned["arena_bytes"]),
      step.empty() ? "" : ", most of it alive in " + step);
}

std::string sentence(const json& box) {
  const std::string stage = box["stage"], step = step_words(box["step"]);
  const std::string where = planned_words(box, step);
  if (stage == "start") return "the process does not even start";
  if (stage == "open") return "fails while the model is read";
  if (stage == "optimize") return "fails while the passes run";
  if (stage == "plan") return "fails while the plan is prepared" + where;
  if (stage == "resident")
    return "runs only by dropping pages of mapped files and reading them again" + where;
  if (!box["step"].is_object() || !box["step"]["in_flight"].get<bool>())
    return "fails while it runs" + where;
  return fmt::format("fails in {}, which needs {}", step,
                     bytes_text(box["step"]["needs_bytes"].get<int64_t>()));
}

}  // namespace

Result<json> run_in_box(const SideSpec& spec, const SideTask& task, int64_t limit_bytes,
                        const TaskContext& context) {
  json out = {{"limit_bytes", limit_bytes}, {"method", nullptr}, {"fits", nullptr},
              {"peak_bytes", nullptr},      {"stage", nullptr},  {"step", nullptr},
              {"needed_bytes", nullptr},    {"why", ""},         {"error", ""},
              {"planned", nullptr}};
  if (!spec.launcher.empty()) {
    out["why"] = "not known: this side runs elsewhere, where the launcher sets the limit";
    return out;
  }
  const MemoryBox box(limit_bytes);
  out["method"] = box.method();
  context.report(fmt::format("'{}' within {}", spec.name, bytes_text(limit_bytes)));
  KASURI_TRY(Attempt inside, attempt(spec, task, &box, context));
  out["peak_bytes"] = inside.peak;
  if (inside.stage.empty() && inside.peak.is_number() && inside.peak.get<int64_t>() > limit_bytes)
    inside.stage = "resident";
  out["fits"] = inside.stage.empty();
  if (inside.stage.empty()) return out;
  context.report(fmt::format("'{}' without a limit", spec.name));
  KASURI_TRY(const Attempt outside, attempt(spec, task, nullptr, context));
  if (!outside.stage.empty()) return Error(outside.error);
  out["stage"] = inside.stage;
  out["needed_bytes"] = outside.peak;
  out["error"] = inside.error;
  const bool planned =
      inside.stage == "plan" || inside.stage == "run" || inside.stage == "resident";
  if (planned) out["step"] = describe_step(outside.plan, inside.step);
  if (planned) out["planned"] = describe_planned(outside.plan);
  out["why"] = sentence(out);
  return out;
}

std::string box_line(const json& box) {
  const auto size = [&](const char* key) { return size_words(box[key]); };
  if (box["fits"].is_null()) return box["why"];
  if (box["fits"].get<bool>())
    return fmt::format("fits in {}: {} at its peak ({})", size("limit_bytes"), size("peak_bytes"),
                       box["method"].get<std::string>());
  return fmt::format("DOES NOT FIT in {}: {}; without the limit it takes {} ({})",
                     size("limit_bytes"), box["why"].get<std::string>(), size("needed_bytes"),
                     box["method"].get<std::string>());
}

}  // namespace kasuri::profiling
