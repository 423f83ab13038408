#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "profiling/runtimes/kasuri_session.h"
#include "profiling/runtimes/stream_team.h"
#include "profiling/worker/frame.h"

namespace kasuri::profiling {

/// What a request leaves to answer with.
struct Reply {
  std::shared_ptr<nlohmann::json> body;
  std::vector<std::string> blobs;

  explicit Reply(nlohmann::json fields);
};

/// The state a worker keeps between requests.
struct WorkerState {
  KasuriSession session;
  std::unique_ptr<StreamTeam> streams;  ///< Of the session as it is planned and bound.
  std::optional<int64_t> baseline_rss_bytes;
};

/// Handles one request of the protocol. Errors become `error` answers.
using RequestHandler = std::function<Result<Reply>(WorkerState&, const Frame&, const TaskContext&)>;
/// nullptr: no such request.
const RequestHandler* find_handler(const std::string& type);

// Families of handlers, one file each.
Result<Reply> handle_hello(WorkerState&, const Frame&, const TaskContext&);
Result<Reply> handle_outline(WorkerState&, const Frame&, const TaskContext&);
Result<Reply> handle_open(WorkerState&, const Frame&, const TaskContext&);
Result<Reply> handle_upload(WorkerState&, const Frame&, const TaskContext&);
Result<Reply> handle_passes(WorkerState&, const Frame&, const TaskContext&);
Result<Reply> handle_optimize(WorkerState&, const Frame&, const TaskContext&);
Result<Reply> handle_plan(WorkerState&, const Frame&, const TaskContext&);
Result<Reply> handle_export(WorkerState&, const Frame&, const TaskContext&);
Result<Reply> handle_bind(WorkerState&, const Frame&, const TaskContext&);
Result<Reply> handle_warm_up(WorkerState&, const Frame&, const TaskContext&);
Result<Reply> handle_run_block(WorkerState&, const Frame&, const TaskContext&);
Result<Reply> handle_run_streams(WorkerState&, const Frame&, const TaskContext&);
Result<Reply> handle_profile(WorkerState&, const Frame&, const TaskContext&);
Result<Reply> handle_outputs(WorkerState&, const Frame&, const TaskContext&);
Result<Reply> handle_memory(WorkerState&, const Frame&, const TaskContext&);

}  // namespace kasuri::profiling
