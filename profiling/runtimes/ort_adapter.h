#pragma once

namespace kasuri::profiling {

/// The part of an adapter (adapter_protocol.h) that knows ONNX Runtime.
const char* ort_adapter();

}  // namespace kasuri::profiling
