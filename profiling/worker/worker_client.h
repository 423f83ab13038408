#pragma once

#include <sys/types.h>

#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "engine/base/cancel_token.h"
#include "profiling/worker/frame.h"

namespace kasuri::profiling {

/// How a worker process is started.
struct WorkerCommand {
  std::vector<std::string> words;                  ///< argv; words[0] is looked up on PATH.
  std::map<std::string, std::string> environment;  ///< Added to ours.
};

/// One worker process and the pipes to it. The destructor ends the process.
class WorkerClient {
 public:
  static Result<std::unique_ptr<WorkerClient>> start(const WorkerCommand& command,
                                                     std::string name);
  ~WorkerClient();
  WorkerClient(const WorkerClient&) = delete;
  WorkerClient& operator=(const WorkerClient&) = delete;

  /// Sends {"type": type, ...fields} and waits for its answer, passing progress events on.
  /// Errors: what the worker answered; its death, with the signal, the request and the tail of its
  /// stderr; no answer within `timeout_seconds` (0: wait for ever). When the context is cancelled
  /// the worker is asked to stop, and killed if it has not answered a second later.
  Result<Frame> request(const nlohmann::json& fields, const TaskContext& context,
                        const std::vector<std::string>& blobs = {}, double timeout_seconds = 0);

  pid_t pid() const { return pid_; }
  const std::string& name() const { return name_; }
  bool alive() const { return pid_ > 0; }

 private:
  struct Wait;
  WorkerClient(std::string name, pid_t pid, int in, int out, int err)
      : name_(std::move(name)), pid_(pid), in_(in), out_(out), err_(err) {}

  Status pump(int milliseconds);
  Result<std::optional<Frame>> answer_to(int id, const TaskContext& context);
  Status watch(Wait& wait, const TaskContext& context);
  Error death(const std::string& during);
  void end_process();

  std::string name_;
  pid_t pid_;
  int in_, out_, err_;
  int next_id_ = 1;
  bool closed_ = false;
  FrameDecoder decoder_;
  std::string stderr_tail_;
};

/// The command that starts this program's own `worker`.
WorkerCommand own_worker_command();

}  // namespace kasuri::profiling
