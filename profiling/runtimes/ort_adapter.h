#pragma once

#include <string>

namespace kasuri::profiling {

/// Python source of the adapter: ONNX Runtime behind the worker protocol of profiling/README.md.
std::string ort_adapter_source();

}  // namespace kasuri::profiling
