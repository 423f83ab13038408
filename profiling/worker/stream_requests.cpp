#include <nlohmann/json.hpp>

#include "profiling/worker/requests.h"

namespace kasuri::profiling {

using nlohmann::json;

Result<Reply> handle_run_streams(WorkerState& state, const Frame& frame,
                                 const TaskContext& context) {
  if (!state.session.is_ready()) KASURI_RETURN_IF_ERROR(state.session.make_plan({}, context));
  const int streams = frame.header->value("streams", 1);
  const double seconds = frame.header->value("seconds", 0.0);
  if (!(seconds >= 0 && seconds <= 3600)) return Error("seconds must be 0 to 3600");
  if (!state.streams || state.streams->streams() != streams) {
    state.streams.reset();
    KASURI_TRY(state.streams, StreamTeam::create(state.session, streams));
  }
  const double delay = frame.header->value("inject_delay_percent", 0.0);
  KASURI_TRY(const StreamRound round, state.streams->run_for(seconds, delay, context));
  return Reply(json{{"streams", streams},
                    {"runs", round.runs},
                    {"seconds", round.seconds},
                    {"how", "executors of one plan, each with its own arena, inputs and threads"}});
}

}  // namespace kasuri::profiling
