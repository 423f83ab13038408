#include "profiling/runtimes/ort_adapter.h"

namespace kasuri::profiling {
namespace {

/// Reading frames, answering, and the interpreter's own memory.
constexpr const char* kProtocol = R"PY(
import json, os, sys, time

frames_in, frames_out = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)

def memory(key):
    for line in open("/proc/self/status"):
        if line.startswith(key):
            return int(line.split()[1]) * 1024
    return None

class Wrong(Exception):
    def __init__(self, message, kind="user"):
        super().__init__(message)
        self.kind = kind

def send(header, blobs=()):
    if blobs:
        header["blobs"] = [len(b) for b in blobs]
    frames_out.write(json.dumps(header).encode() + b"\n")
    for blob in blobs:
        frames_out.write(blob)
    frames_out.flush()

def receive():
    line = frames_in.readline()
    if not line:
        return None, []
    header = json.loads(line)
    return header, [frames_in.read(n) for n in header.get("blobs", [])]

try:
    import numpy as np
    import onnxruntime as ort
    missing = None
except ImportError as reason:
    missing = "%s (%s)" % (reason, sys.executable)
after_imports = memory("VmRSS:")
)PY";

/// The session: best of ONNX Runtime's own levels, inputs, runs.
constexpr const char* kSession = R"PY(
NUMPY = {"float32": "f4", "float64": "f8", "float16": "f2", "int8": "i1", "uint8": "u1", "int16": "i2",
         "uint16": "u2", "int32": "i4", "uint32": "u4", "int64": "i8", "uint64": "u8", "bool": "?"}
LEVELS = [("all", "ORT_ENABLE_ALL", []), ("all-no-skip-layer-norm", "ORT_ENABLE_ALL", ["SkipLayerNormFusion"]),
          ("extended", "ORT_ENABLE_EXTENDED", []), ("basic", "ORT_ENABLE_BASIC", []), ("none", "ORT_DISABLE_ALL", [])]

class State:
    path, level, threads, level_name = None, "best", 1, None
    session, feeds, sources, first_ms, tried = None, {}, {}, None, {}

state = State()

def make_session(level):
    name, optimisation, disabled = level
    options = ort.SessionOptions()
    options.intra_op_num_threads = state.threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.graph_optimization_level = getattr(ort.GraphOptimizationLevel, optimisation)
    try:
        return ort.InferenceSession(state.path, options, providers=["CPUExecutionProvider"],
                                    disabled_optimizers=disabled or None)
    except Exception as reason:
        raise Wrong("ONNX Runtime cannot load %s: %s" % (state.path, reason))

def median_ms(session, runs, seconds=3.0):
    times, start = [], time.perf_counter()
    while len(times) < runs and (len(times) < 3 or time.perf_counter() - start < seconds):
        begin = time.perf_counter()
        session.run(None, state.feeds)
        times.append((time.perf_counter() - begin) * 1e3)
    return sorted(times)[len(times) // 2]

def choose_level():
    """The fair baseline is the fastest of ONNX Runtime's own levels, found after the inputs are known."""
    if state.level != "best" or state.session is not None:
        return
    candidates = LEVELS[:3]
    for level in candidates:
        session = make_session(level)
        session.run(None, state.feeds)
        state.tried[level[0]] = median_ms(session, 15)
    best = min(state.tried, key=state.tried.get)
    state.level_name = best
    state.session = make_session([l for l in LEVELS if l[0] == best][0])

def array_of(value, blobs):
    if value.get("absent"):
        return None
    if "items" in value:
        return [array_of(item, blobs) for item in value["items"]]
    if "strings" in value:
        return np.array(value["strings"], dtype=object).reshape(value["shape"])
    if value["dtype"] not in NUMPY:
        raise Wrong("the ONNX Runtime side cannot take inputs of type %s" % value["dtype"])
    return np.frombuffer(blobs[value["blob"]], dtype=NUMPY[value["dtype"]]).reshape(value["shape"]).copy()

def described(name, value, blobs):
    if value is None:
        return {"name": name, "absent": True}
    if isinstance(value, (list, tuple)):
        return {"name": name, "items": [described(name, item, blobs) for item in value]}
    if not isinstance(value, np.ndarray):
        raise Wrong("output '%s' is of a kind this adapter does not return" % name)
    if value.dtype == object:
        return {"name": name, "dtype": "string", "shape": list(value.shape), "strings": [str(s) for s in value.ravel()]}
    blobs.append(np.ascontiguousarray(value).tobytes())
    return {"name": name, "dtype": str(value.dtype), "shape": list(value.shape), "blob": len(blobs) - 1}

def timed():
    begin = time.perf_counter()
    state.session.run(None, state.feeds)
    return (time.perf_counter() - begin) * 1e3
)PY";

/// One function per request.
constexpr const char* kRequests = R"PY(
def hello(header, blobs):
    if missing:
        raise Wrong(missing, "unavailable")
    return {"protocol": 1, "runtime": {"name": "ort", "version": ort.__version__, "settings": {}}, "pid": os.getpid()}

def open_model(header, blobs):
    state.path = header["path"]
    if not os.path.exists(state.path):
        raise Wrong("cannot open %s: no such file" % state.path)
    return {"model": {"path": state.path}}

def plan(header, blobs):
    state.threads = header.get("threads", 1)
    state.level = header.get("settings", {}).get("opt.level", "best")
    names = [l[0] for l in LEVELS]
    if state.level not in names + ["best"]:
        raise Wrong("opt.level is one of best, %s" % ", ".join(names))
    if header.get("cpus"):
        os.sched_setaffinity(0, header["cpus"])
    begin = time.perf_counter()
    if state.level != "best":
        state.session, state.level_name = make_session([l for l in LEVELS if l[0] == state.level][0]), state.level
        return {"prepare_ms": (time.perf_counter() - begin) * 1e3, "hash": None}
    make_session(LEVELS[0])
    return {"prepare_ms": (time.perf_counter() - begin) * 1e3, "hash": None}

def bind(header, blobs):
    state.feeds = {v["name"]: array_of(v, blobs) for v in header["inputs"]}
    state.feeds = {k: v for k, v in state.feeds.items() if v is not None}
    session = state.session or make_session(LEVELS[0])
    known = {i.name for i in session.get_inputs()}
    state.feeds = {k: v for k, v in state.feeds.items() if k in known}
    session = None
    return {"inputs": []}

def warm_up(header, blobs):
    fresh = state.session is None
    choose_level()
    first = timed()
    times, start, limit = [], time.perf_counter(), header.get("max_seconds", 10)
    while len(times) < 2 or (time.perf_counter() - start < limit and not steady(times)):
        times.append(timed())
    settings = {"opt.level": state.level_name, "threads": state.threads, "spinning": True}
    if state.tried:
        settings["tried_ms"] = state.tried
    return {"first_run_ms": first, "runs": len(times) + 1, "steady": steady(times),
            "median_ms": sorted(times[-5:])[len(times[-5:]) // 2], "times_ms": times, "settings": settings}

def steady(times):
    if len(times) < 10:
        return False
    last, before = sorted(times[-5:])[2], sorted(times[-10:-5])[2]
    return abs(last - before) < 0.015 * before

def run_block(header, blobs):
    times = [timed() for _ in range(header.get("iterations", 1))]
    time.sleep(0.05)  # its threads spin after a run; let them sleep before the other side's block
    return {"times_ms": times}

def outputs(header, blobs):
    values = state.session.run(None, state.feeds)
    made = []
    listed = [described(o.name, v, made) for o, v in zip(state.session.get_outputs(), values)]
    return {"outputs": listed}, made

def memory_now(header, blobs):
    return {"rss_bytes": memory("VmRSS:"), "peak_rss_bytes": memory("VmHWM:"), "baseline_rss_bytes": after_imports}

HANDLERS = {"hello": hello, "open": open_model, "plan": plan, "bind": bind, "warm_up": warm_up,
            "run_block": run_block, "outputs": outputs, "memory": memory_now,
            "optimize": lambda header, blobs: {"passes": []}, "quit": lambda header, blobs: {}}

while True:
    header, blobs = receive()
    if header is None:
        break
    if header.get("type") == "cancel":
        continue
    try:
        if header["type"] not in HANDLERS:
            raise Wrong("the ONNX Runtime side knows no request '%s'" % header["type"])
        if missing and header["type"] != "quit":
            raise Wrong(missing, "unavailable")
        answer = HANDLERS[header["type"]](header, blobs)
        body, made = answer if isinstance(answer, tuple) else (answer, [])
        send({"id": header["id"], "type": "result", **body}, made)
    except Wrong as reason:
        send({"id": header["id"], "type": "error", "kind": reason.kind, "message": str(reason)})
    except Exception as reason:
        send({"id": header["id"], "type": "error", "kind": "user",
              "message": "ONNX Runtime: %s: %s" % (type(reason).__name__, str(reason).replace("\n", " "))})
    if header.get("type") == "quit":
        break
)PY";

}  // namespace

std::string ort_adapter_source() { return std::string(kProtocol) + kSession + kRequests; }

}  // namespace kasuri::profiling
