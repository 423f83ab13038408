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
    network, request, ports, streams = None, None, [], 1

compiled = Compiled()

def version():
    return ov.get_version().split("-")[0]

def read():
    try:
        return ov.Core().read_model(state.path)
    except Exception as reason:
        raise Wrong("OpenVINO cannot load %s: %s" % (state.path, str(reason).strip().split("\n")[-1]))

def options(streams=1):
    """One stream for latency, float32 arithmetic unless asked otherwise: OpenVINO may take bfloat16 by itself."""
    given = {k[4:].upper(): v for k, v in state.settings.items() if k.startswith("opt.")}
    return {"PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": str(streams),
            "INFERENCE_NUM_THREADS": str(state.threads * streams),
            "INFERENCE_PRECISION_HINT": "f32", **given}

def compile_network(network, streams=1):
    compiled.network = compiled.request = None
    compiled.network = ov.Core().compile_model(network, "CPU", options(streams))
    compiled.request = compiled.network.create_infer_request()
    compiled.streams = streams

def prepare():
    compile_network(read())

def input_names():
    return [name for port in compiled.network.inputs for name in port.get_names()]

def shaped():
    """The network, and whether it takes the shapes of the inputs; OpenVINO is at its best with static ones."""
    network = read()
    named = [(port, name) for port in network.inputs for name in port.get_names() if name in state.feeds]
    dynamic = any(port.get_partial_shape().is_dynamic for port, name in named)
    if dynamic:
        network.reshape({port: list(state.feeds[name].shape) for port, name in named})
    return network, dynamic

def give(request, feeds):
    for port in compiled.network.inputs:
        for name in port.get_names():
            if name in feeds:
                request.set_tensor(port, ov.Tensor(feeds[name], shared_memory=True))

def bound():
    """Shapes are known now."""
    network, dynamic = shaped()
    if dynamic:
        compile_network(network)
    give(compiled.request, state.feeds)

def streams_of(count):
    if compiled.streams != count:
        compile_network(shaped()[0], count)
        give(compiled.request, state.feeds)
    requests = [compiled.request] + [compiled.network.create_infer_request() for _ in range(count - 1)]
    feeds = [copy.deepcopy(state.feeds) for _ in range(count)]
    for request, own in zip(requests, feeds):
        give(request, own)
    return [lambda r=r, own=own: r.infer() for r, own in zip(requests, feeds)], "requests of one compiled model"

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
