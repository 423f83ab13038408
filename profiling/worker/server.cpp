#include "profiling/worker/server.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <exception>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "profiling/clock.h"
#include "profiling/crash_note.h"
#include "profiling/process_memory.h"
#include "profiling/worker/progress_frames.h"
#include "profiling/worker/request_queue.h"
#include "profiling/worker/requests.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

/// Runs the handler; what it throws is our bug and becomes an internal error.
Result<Reply> answer(WorkerState& state, const Frame& frame, const TaskContext& context) {
  const std::string type = frame.header->value("type", "");
  const RequestHandler* handler = find_handler(type);
  if (handler == nullptr) return Error("the worker knows no request '" + type + "'");
  try {
    return (*handler)(state, frame, context);
  } catch (const json::exception& wrong) {
    return Error("request '" + type + "' has a wrong field: " + wrong.what());
  } catch (const std::bad_alloc&) {
    return Error::unavailable("out of memory during '" + type + "'");
  } catch (const std::exception& bug) {
    return Error(bug.what(), ErrorKind::kInternal);
  }
}

Status send_answer(int out, int id, const Result<Reply>& reply) {
  json body = reply.ok() ? *reply->body : error_body(reply.error());
  if (reply.ok()) body["type"] = "result";
  body["id"] = id;
  static const std::vector<std::string> kNone;
  return write_frame(out, body, reply.ok() ? reply->blobs : kNone);
}

TaskContext context_for(int out, int id, const CancelToken& cancel) {
  TaskContext context;
  context.cancel = cancel;
  const auto frames = std::make_shared<ProgressFrames>(id);
  context.on_progress = [out, cancel, frames, watch = Stopwatch()](const Progress& progress) {
    const json frame = frames->frame_of(progress, watch.milliseconds());
    if (frame.is_null()) return;
    const Status sent = write_frame(out, frame);
    if (!sent.ok()) cancel.cancel();  // nobody listens any more
  };
  return context;
}

/// Keeps the real stdout for frames and turns fd 1 into stderr.
int take_stdout() {
  const int out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  dup2(STDERR_FILENO, STDOUT_FILENO);
  return out;
}

}  // namespace

const RequestHandler* find_handler(const std::string& type) {
  static const std::map<std::string, RequestHandler> handlers = {
      {"hello", handle_hello},         {"outline", handle_outline},
      {"open", handle_open},           {"upload", handle_upload},
      {"passes", handle_passes},       {"optimize", handle_optimize},
      {"plan", handle_plan},           {"export", handle_export},
      {"bind", handle_bind},           {"warm_up", handle_warm_up},
      {"run_block", handle_run_block}, {"run_streams", handle_run_streams},
      {"profile", handle_profile},     {"outputs", handle_outputs},
      {"memory", handle_memory}};
  const auto found = handlers.find(type);
  return found == handlers.end() ? nullptr : &found->second;
}

Reply::Reply(json fields) : body(std::make_shared<json>(std::move(fields))) {}

int serve_worker() {
  signal(SIGPIPE, SIG_IGN);
  signal(SIGINT, SIG_IGN);
  name_step_on_crash();
  if (const char* note = getenv("KASURI_STEP_NOTE"); note != nullptr) keep_note_in(note);
  const int out = take_stdout();
  RequestQueue queue(STDIN_FILENO);
  WorkerState state;
  state.baseline_rss_bytes = read_process_memory().rss_bytes;
  while (true) {
    auto frame = queue.next();
    if (!frame.ok()) {
      (void)write_frame(out, error_body(frame.error()));
      _exit(1);
    }
    if (!*frame) _exit(0);
    const int id = (*frame)->header->value("id", 0);
    if ((*frame)->header->value("type", "") == "quit") {
      (void)send_answer(out, id, Reply(json::object()));
      _exit(0);
    }
    const TaskContext context = context_for(out, id, queue.begin_request());
    if (!send_answer(out, id, answer(state, **frame, context)).ok()) _exit(0);
  }
}

}  // namespace kasuri::profiling
