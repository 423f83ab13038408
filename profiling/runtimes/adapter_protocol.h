#pragma once

#include <string>

namespace kasuri::profiling {

/// Python source of an adapter: another runtime behind the worker protocol of profiling/README.md.
/// `runtime` is the part that knows the runtime. It may use what the protocol offers (Wrong, np,
/// state, median_ms) and defines
///   NAME, LABEL, missing (None, or why the runtime is absent), version()
///   prepare()        -> None; reads state.path with state.threads and state.settings
///   input_names()    -> names of the model's inputs
///   bound()          -> None; state.feeds (name -> array) are known now
///   choose()         -> None; picks the fastest of the runtime's own settings, if any
///   run()            -> None; one inference, results on the host
///   results()        -> [(name, value)] of the last run
///   settings()       -> dict for the report
std::string adapter_source(const std::string& runtime);

}  // namespace kasuri::profiling
