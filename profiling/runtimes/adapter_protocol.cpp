#include "profiling/runtimes/adapter_protocol.h"

namespace kasuri::profiling {
namespace {

/// Reading frames, answering, and the interpreter's own memory.
constexpr const char* kProtocol = R"PY(
import copy, json, os, sys, threading, time

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

class State:
    path, threads, settings, feeds = None, 1, {}, {}

state = State()

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

def median_ms(once, runs, seconds=3.0):
    times, start = [], time.perf_counter()
    while len(times) < runs and (len(times) < 3 or time.perf_counter() - start < seconds):
        begin = time.perf_counter()
        once()
        times.append((time.perf_counter() - begin) * 1e3)
    return sorted(times)[len(times) // 2]
)PY";

/// Values of the protocol as arrays and back.
constexpr const char* kValues = R"PY(
NUMPY = {"float32": "f4", "float64": "f8", "float16": "f2", "int8": "i1", "uint8": "u1", "int16": "i2",
         "uint16": "u2", "int32": "i4", "uint32": "u4", "int64": "i8", "uint64": "u8", "bool": "?"}

def array_of(value, blobs):
    if value.get("absent"):
        return None
    if "items" in value:
        return [array_of(item, blobs) for item in value["items"]]
    if "strings" in value:
        return np.array(value["strings"], dtype=object).reshape(value["shape"])
    if value["dtype"] not in NUMPY:
        raise Wrong("the %s side cannot take inputs of type %s" % (LABEL, value["dtype"]))
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
)PY";

/// One function per request.
constexpr const char* kRequests = R"PY(
after_imports = memory("VmRSS:")

def hello(header, blobs):
    return {"protocol": 1, "runtime": {"name": NAME, "version": version(), "settings": {}}, "pid": os.getpid()}

def open_model(header, blobs):
    state.path = header["path"]
    if not os.path.exists(state.path):
        raise Wrong("cannot open %s: no such file" % state.path)
    return {"model": {"path": state.path}}

def plan(header, blobs):
    state.threads = header.get("threads", 1)
    state.settings = header.get("settings", {})
    if header.get("cpus"):
        os.sched_setaffinity(0, header["cpus"])
    begin = time.perf_counter()
    prepare()
    return {"prepare_ms": (time.perf_counter() - begin) * 1e3, "hash": None}

def bind(header, blobs):
    values = {v["name"]: array_of(v, blobs) for v in header["inputs"]}
    known = set(input_names())
    state.feeds = {k: v for k, v in values.items() if v is not None and k in known}
    bound()
    return {"inputs": []}

def timed():
    begin = time.perf_counter()
    run()
    return (time.perf_counter() - begin) * 1e3

def steady(times):
    if len(times) < 10:
        return False
    last, before = sorted(times[-5:])[2], sorted(times[-10:-5])[2]
    return abs(last - before) < 0.015 * before

def warm_up(header, blobs):
    choose()
    first = timed()
    times, start, limit = [], time.perf_counter(), header.get("max_seconds", 10)
    while len(times) < 2 or (time.perf_counter() - start < limit and not steady(times)):
        times.append(timed())
    return {"first_run_ms": first, "runs": len(times) + 1, "steady": steady(times),
            "median_ms": sorted(times[-5:])[len(times[-5:]) // 2], "times_ms": times, "settings": settings()}

def run_block(header, blobs):
    times = [timed() for _ in range(header.get("iterations", 1))]
    time.sleep(0.05)  # its threads spin after a run; let them sleep before the other side's block
    return {"times_ms": times}

def run_streams(header, blobs):
    """One run each that does not count, then runs for so long; streams_of() says what runs at the same time."""
    count, seconds = header.get("streams", 1), header.get("seconds", 0.0)
    calls, how = streams_of(count)
    begin, done, ends, failed = [0.0], [0] * count, [0.0] * count, []
    ready = threading.Barrier(count, lambda: begin.__setitem__(0, time.perf_counter()))

    def stream(i):
        try:
            calls[i]()
        except Exception as reason:
            failed.append(reason)
        ready.wait()
        try:
            while not failed and ends[i] < seconds + 1e-9:
                calls[i]()
                done[i] += 1
                ends[i] = time.perf_counter() - begin[0]
        except Exception as reason:
            failed.append(reason)

    threads = [threading.Thread(target=stream, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    time.sleep(0.05)
    if failed:
        raise failed[0]
    return {"streams": count, "runs": sum(done), "seconds": max(ends), "how": how}

def outputs(header, blobs):
    run()
    made = []
    listed = [described(name, value, made) for name, value in results()]
    return {"outputs": listed}, made

def memory_now(header, blobs):
    return {"rss_bytes": memory("VmRSS:"), "peak_rss_bytes": memory("VmHWM:"), "baseline_rss_bytes": after_imports}

HANDLERS = {"hello": hello, "open": open_model, "plan": plan, "bind": bind, "warm_up": warm_up,
            "run_block": run_block, "run_streams": run_streams, "outputs": outputs, "memory": memory_now,
            "optimize": lambda header, blobs: {"passes": []}, "quit": lambda header, blobs: {}}

while True:
    header, blobs = receive()
    if header is None:
        break
    if header.get("type") == "cancel":
        continue
    try:
        if header["type"] not in HANDLERS:
            raise Wrong("the %s side knows no request '%s'" % (LABEL, header["type"]))
        if missing and header["type"] != "quit":
            raise Wrong(missing, "unavailable")
        answer = HANDLERS[header["type"]](header, blobs)
        body, made = answer if isinstance(answer, tuple) else (answer, [])
        send({"id": header["id"], "type": "result", **body}, made)
    except Wrong as reason:
        send({"id": header["id"], "type": "error", "kind": reason.kind, "message": str(reason)})
    except Exception as reason:
        send({"id": header["id"], "type": "error", "kind": "user",
              "message": "%s: %s: %s" % (LABEL, type(reason).__name__, str(reason).replace("\n", " "))})
    if header.get("type") == "quit":
        break
os._exit(0)  # a runtime's threads may hang when the interpreter takes itself apart
)PY";

}  // namespace

std::string adapter_source(const std::string& runtime) {
  return std::string(kProtocol) + runtime + kValues + kRequests;
}

}  // namespace kasuri::profiling
