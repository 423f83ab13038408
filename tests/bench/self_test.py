#!/usr/bin/env python3
"""Asks the comparison about differences that are known: none, and an injected delay.

  tests/bench/self_test.py [--kasuri PATH] [--times 40] [--delay 5] [MODEL]

Prints how often `default` against `default` was called faster or slower (false alarms), and how often a delay of so
many percent in one side was found.
"""
import argparse
import collections
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def verdicts(options, delay):
    counts = collections.Counter()
    for _ in range(options.times):
        side = f"b:passes=default,delay={delay}" if delay else "b:passes=default"
        done = subprocess.run(
            [options.kasuri, "compare", options.model, "--side", "a:passes=default", "--side", side, "--json",
             "--quiet", "--time-identical", "--no-fidelity", "--no-memory"], capture_output=True, text=True, check=True)
        counts[json.loads(done.stdout)["deltas"][0]["latency"]["verdict"]] += 1
        print(f"\rdelay {delay} %: {dict(counts)}", end="", file=sys.stderr)
    print(file=sys.stderr)
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kasuri", default=str(ROOT / "build/release/bin/kasuri"))
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--delay", type=float, default=5)
    parser.add_argument("model", nargs="?", default=str(ROOT / "resources/models/small_cnn.ktxt"))
    options = parser.parse_args()
    same = verdicts(options, 0)
    late = verdicts(options, options.delay)
    print(f"equal sides: {same['faster'] + same['slower']} false alarms of {options.times} ({dict(same)})")
    print(f"{options.delay:g} % delay: found {late['slower']} of {options.times} ({dict(late)})")


if __name__ == "__main__":
    main()
