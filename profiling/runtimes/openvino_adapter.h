#pragma once

namespace kasuri::profiling {

/// The part of an adapter (adapter_protocol.h) that knows OpenVINO.
const char* openvino_adapter();

}  // namespace kasuri::profiling
