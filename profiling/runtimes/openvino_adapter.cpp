#include "profiling/runtimes/openvino_adapter.h"

namespace kasuri::profiling {

const char* openvino_adapter() {
  return R"PY(
NAME, LABEL = "openvino", "OpenVINO"
sys.modules["openvino_telemetry"] = None  # it would fork a process that sends usage data
try:
    import numpy as np
    import openvino as ov
    missing = None
except ImportError as reason:
    missing = "%s (%s)" % (reason, sys.executable)

class Compiled:
    network, request, ports = None, None, []

compiled = Compiled()

def version():
    return ov.get_version().split("-")[0]

def read():
    try:
        return ov.Core().read_model(state.path)
    except Exception as reason:
        raise Wrong("OpenVINO cannot load %s: %s" % (state.path, str(reason).strip().split("\n")[-1]))

def options():
    """One stream for latency, float32 arithmetic unless asked otherwise: OpenVINO may take bfloat16 by itself."""
    given = {k[4:].upper(): v for k, v in state.settings.items() if k.startswith("opt.")}
    return {"PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": "1", "INFERENCE_NUM_THREADS": str(state.threads),
            "INFERENCE_PRECISION_HINT": "f32", **given}

def compile_network(network):
    compiled.network = ov.Core().compile_model(network, "CPU", options())
    compiled.request = compiled.network.create_infer_request()

def prepare():
    compile_network(read())

def input_names():
    return [name for port in compiled.network.inputs for name in port.get_names()]

def bound():
    """Shapes are known now; OpenVINO is at its best with static ones."""
    network = read()
    named = [(port, name) for port in network.inputs for name in port.get_names() if name in state.feeds]
    if any(port.get_partial_shape().is_dynamic for port, name in named):
        network.reshape({port: list(state.feeds[name].shape) for port, name in named})
        compile_network(network)
    for port in compiled.network.inputs:
        for name in port.get_names():
            if name in state.feeds:
                compiled.request.set_tensor(port, ov.Tensor(state.feeds[name], shared_memory=True))

def choose():
    pass

def run():
    compiled.request.infer()

def results():
    return [(name, np.array(compiled.request.get_tensor(port).data))
            for port in compiled.network.outputs for name in port.get_names()]

def settings():
    return {"threads": state.threads, "precision": options()["INFERENCE_PRECISION_HINT"], "hint": "LATENCY"}
)PY";
}

}  // namespace kasuri::profiling
