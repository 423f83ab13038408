#include "profiling/runtimes/ort_adapter.h"

namespace kasuri::profiling {

const char* ort_adapter() {
  return R"PY(
NAME, LABEL = "ort", "ONNX Runtime"
try:
    import numpy as np
    import onnxruntime as ort
    missing = None
except ImportError as reason:
    missing = "%s (%s)" % (reason, sys.executable)

LEVELS = [("all", "ORT_ENABLE_ALL", []), ("all-no-skip-layer-norm", "ORT_ENABLE_ALL", ["SkipLayerNormFusion"]),
          ("extended", "ORT_ENABLE_EXTENDED", []), ("basic", "ORT_ENABLE_BASIC", []), ("none", "ORT_DISABLE_ALL", [])]

class Session:
    current, level_name, last, tried, beside = None, None, None, {}, []

session = Session()

def version():
    return ort.__version__

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

def prepare():
    level = state.settings.get("opt.level", "best")
    names = [l[0] for l in LEVELS]
    if level not in names + ["best"]:
        raise Wrong("opt.level is one of best, %s" % ", ".join(names))
    if level == "best":
        make_session(LEVELS[0])
    else:
        session.current, session.level_name = make_session(LEVELS[names.index(level)]), level

def input_names():
    return [i.name for i in (session.current or make_session(LEVELS[0])).get_inputs()]

def bound():
    pass

def choose():
    """The fair baseline is the fastest of ONNX Runtime's own levels, found after the inputs are known."""
    if session.current is not None:
        return
    for level in LEVELS[:3]:
        candidate = make_session(level)
        candidate.run(None, state.feeds)
        session.tried[level[0]] = median_ms(lambda: candidate.run(None, state.feeds), 15)
    session.level_name = min(session.tried, key=session.tried.get)
    session.current = make_session([l for l in LEVELS if l[0] == session.level_name][0])

def run():
    session.last = session.current.run(None, state.feeds)

def streams_of(count):
    """One session serves callers of one thread; more threads need sessions whose pools are their own."""
    choose()
    level = [l for l in LEVELS if l[0] == session.level_name][0]
    while state.threads > 1 and len(session.beside) < count - 1:
        session.beside.append(make_session(level))
    sessions = [session.current] + (session.beside if state.threads > 1 else [session.current] * count)
    feeds = [copy.deepcopy(state.feeds) for _ in range(count)]
    calls = [lambda s=s, f=f: s.run(None, f) for s, f in zip(sessions, feeds)]
    return calls, "sessions with threads of their own" if state.threads > 1 else "callers of one session"

def results():
    return list(zip([o.name for o in session.current.get_outputs()], session.last))

def settings():
    told = {"opt.level": session.level_name, "threads": state.threads, "spinning": True}
    if session.tried:
        told["tried_ms"] = session.tried
    return told
)PY";
}

}  // namespace kasuri::profiling
