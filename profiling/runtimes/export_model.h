#pragma once

#include <string>
#include <vector>

#include "profiling/runtimes/kasuri_session.h"

namespace kasuri::profiling {

struct ExportRequest {
  std::string onnx_path;  ///< Empty: no ONNX file.
  std::string plan_path;  ///< Empty: no plan file.
  int opset = 0;          ///< 0: the model's own.
};

/// Writes the optimised model and/or plan of a session. Never over the session's own model file.
/// Returns the files written.
Result<std::vector<std::string>> export_model(const KasuriSession& session,
                                              const ExportRequest& request,
                                              const TaskContext& context);

}  // namespace kasuri::profiling
