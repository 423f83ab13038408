#!/usr/bin/env python3
"""Compares real networks before and after, and against ONNX Runtime where it is installed.

  tests/bench/models.py [--kasuri PATH] [--threads 1,2] [--samples N] [--rival] [--out FILE.json] [PATTERN...]

Prints one row per model and thread count: ratio after/before with its interval and verdict, arena and kernels
before and after, fidelity, and our time divided by ONNX Runtime's. Models are found in ../shared (KASURI_SHARED).
Nothing is asserted; the numbers are for people and for the project's notes.
"""
import argparse
import json
import math
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("KASURI_SHARED", ROOT.parent / "shared")) / "models"
MODELS = """full/tv_squeezenet1_1_torch1.13 full/yolox_person_192 full/bert_toy_pytorch full/gpt2_past_kvcache
full/lstm_gru_rnn_ts_torch2.6 light/tv_resnet50_torch1.13.stripped light/tv_mobilenet_v2_torch1.13.stripped
light/vit_b_16_ts_torch2.6.stripped light/swin_v2_t_ts_torch2.6.stripped light/convnext_tiny_ts_torch2.6.stripped
light/bert_base_s128.stripped light/gpt2_small_prefill128.stripped light/whisper_tiny_en_encoder_ts_torch2.6.stripped
light/llama_tiny_kv_torch2.15.stripped light/distilbert_torch2.15.stripped light/segformer_b0_torch2.15.stripped
light/sd_unet_small_torch2.15.stripped light/timm_mobileone_s0_torch2.15.stripped
light/timm_efficientnet_b0_torch2.15.stripped""".split()


def dimensions(name):
    """The input sizes of the model's reference vector, as --dim options."""
    vector = SHARED / "vectors" / (name.replace("/", "__") + ".json")
    if not vector.exists():
        return []
    words = []
    for tensor in json.loads(vector.read_text())["inputs"]:
        for axis, extent in enumerate(tensor["shape"]):
            words += ["--dim", f"{tensor['name']}:{axis}={extent}"]
    return words


def compare(options, name, threads):
    sides = ["--side", f"before:passes=none,threads={threads}", "--side", f"after:passes=default,threads={threads}"]
    if options.rival:
        sides += ["--side", f"today:runtime=ort,threads={threads}"]
    command = [options.kasuri, "compare", str(SHARED / (name + ".onnx")), *sides, *dimensions(name), "--json",
               "--quiet", "--synthesize-weights"]
    if options.samples:
        command += ["--samples", str(options.samples)]
    done = subprocess.run(command, capture_output=True, text=True)
    if not done.stdout.strip():
        return None, done.stderr.strip().splitlines()[-1:] or [f"exit {done.returncode}"]
    return json.loads(done.stdout), []


def row(name, threads, result):
    before, after = result["sides"][:2]
    delta = next(d for d in result["deltas"] if d["side"] == "after")["latency"]
    verdicts = {f["side"]: f["verdict"] for f in result["fidelity"]}
    rival = None
    if len(result["sides"]) > 2 and result["sides"][2]["latency_ms"]["median"]:
        rival = after["latency_ms"]["median"] / result["sides"][2]["latency_ms"]["median"]
    print(f"{name.split('/')[-1].replace('.stripped', ''):38} {threads}  {before['latency_ms']['median']:9.3f} "
          f"{after['latency_ms']['median']:9.3f}  {delta['ratio']:.3f} [{delta['low']:.3f} {delta['high']:.3f}] "
          f"{delta['verdict']:9} arena {before['memory']['arena_bytes']:>10} {after['memory']['arena_bytes']:>10} "
          f"kernels {before['kernels']:>5} {after['kernels']:>4} {verdicts.get('after', '?'):17} "
          f"{'' if rival is None else f'{rival:.2f} of ONNX Runtime'}", flush=True)
    return {"model": name, "threads": threads, "ratio": delta["ratio"], "high": delta["high"],
            "verdict": delta["verdict"], "rival": rival}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kasuri", default=str(ROOT / "build/release/bin/kasuri"))
    parser.add_argument("--threads", default="1")
    parser.add_argument("--samples", type=int, default=0)
    parser.add_argument("--rival", action="store_true")
    parser.add_argument("--out")
    parser.add_argument("patterns", nargs="*")
    options = parser.parse_args()
    rows = []
    for threads in options.threads.split(","):
        for name in MODELS:
            if options.patterns and not any(p in name for p in options.patterns):
                continue
            result, why = compare(options, name, threads)
            if result is None:
                print(f"{name:38} {threads}  failed: {' '.join(why)}", flush=True)
                continue
            rows.append(row(name, threads, result))
    faster = sum(r["verdict"] == "faster" for r in rows)
    print(f"faster: {faster} of {len(rows)}; upper ends above 1.02: {[r['model'] for r in rows if r['high'] > 1.02]}")
    for threads in options.threads.split(","):
        rivals = [r["rival"] for r in rows if r["rival"] and r["threads"] == threads]
        if rivals:
            mean = math.exp(sum(map(math.log, rivals)) / len(rivals))
            print(f"against ONNX Runtime, {threads} thread(s): geometric mean {mean:.3f}, largest {max(rivals):.2f}")
    if options.out:
        pathlib.Path(options.out).write_text(json.dumps(rows, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
