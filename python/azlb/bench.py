# SPDX-License-Identifier: GPL-2.0-only
"""Measures what this module's instruments cost, on one machine, in one run.

Every figure is a ratio of runs of `azlb-bench` (bench/azlb-bench.cc) that differ in one thing.
Wall times come from pairs of runs that alternate; the median of the pairs' ratios is taken.
Instructions are counted by callgrind (or `perf stat`) for two lengths of the same run and
subtracted, so that start-up and tear-down cancel.
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys

from .failure import Failure

PAIRS = 21
WALL_PACKETS = {"udp": 20000, "tcp": 5000}
SHORT, LONG = 500, 2500
# The median of the pairs still differs by this much between equal programs on a busy machine.
WALL_NOISE = 0.05
TIMEOUT_SECONDS = 120


def execute(command):
    """Run a command; returns its standard output and standard error."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise Failure("%s took more than %d s" % (" ".join(command), TIMEOUT_SECONDS)) from None
    if done.returncode != 0:
        raise Failure("%s failed: %s" % (" ".join(command), done.stderr.strip()))
    return done.stdout, done.stderr


def command_of(program, packets, options):
    """The command line of one run."""
    return [program, "--packets=%d" % packets] + ["--%s=%s" % item for item in options.items()]


def median_ratio(pairs):
    """The median of the ratios of (measured, reference) pairs."""
    return statistics.median(measured / reference for measured, reference in pairs)


def wall_ratio(program, packets, options, reference):
    """Wall time of one kind of run over that of another, from alternating pairs."""
    pairs = []
    for index in range(PAIRS):
        seconds = {}
        order = [("measured", options), ("reference", reference)]
        for name, choice in order if index % 2 else reversed(order):
            output, _ = execute(command_of(program, packets, choice))
            seconds[name] = json.loads(output)["seconds"]
        pairs.append((seconds["measured"], seconds["reference"]))
    return median_ratio(pairs)


def callgrind_count(command):
    """Instructions of a run under callgrind."""
    wrapper = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    _, errors = execute(wrapper + command)
    return int(re.search(r"Collected : (\d+)", errors).group(1))


def perf_count(command):
    """Instructions of a run, counted by the processor."""
    _, errors = execute(["perf", "stat", "-x,", "-e", "instructions:u"] + command)
    found = re.search(r"^(\d+),.*instructions", errors, re.MULTILINE)
    if not found:
        raise Failure("perf cannot count instructions on this machine")
    return int(found.group(1))


def find_counter():
    """The function that counts instructions; None where there is no tool for it."""
    if shutil.which("valgrind"):
        return callgrind_count
    if shutil.which("perf"):
        try:
            perf_count(["true"])
            return perf_count
        except Failure:
            pass
    return None


def instructions_per_packet(count, program, options):
    """Instructions that one packet more costs."""
    counts = [count(command_of(program, packets, options)) for packets in (SHORT, LONG)]
    return (counts[1] - counts[0]) / (LONG - SHORT)


def figure(name, value, unit, limit):
    """One figure; without a value there is no judgement."""
    ok = None if value is None else value <= limit
    return {"name": name, "value": value, "unit": unit, "limit": limit, "ok": ok}


def figures(program, warn=lambda text: None):
    """All figures, in order; `program` is the path of azlb-bench."""
    results = []
    count = find_counter()
    if count is None:
        warn("instructions are not counted: install valgrind, or perf with access to its counters")
    for protocol in ("udp", "tcp"):
        ours = {"protocol": protocol, "monitor": "nat"}
        stock = {"protocol": protocol, "monitor": "stock"}
        value = None
        if count:
            value = instructions_per_packet(count, program, ours) / instructions_per_packet(
                count, program, stock
            )
        name = "flow probe, %s: instructions per packet over the stock probe's" % protocol.upper()
        results.append(figure(name, value, "ratio", 1.0))
        value = wall_ratio(program, WALL_PACKETS[protocol], ours, stock)
        name = "flow probe, %s: wall time over the stock probe's" % protocol.upper()
        results.append(figure(name, value, "ratio", 1.0 + WALL_NOISE))
    return results


def show(results):
    """Print the figures as lines of text."""
    for result in results:
        verdict = {True: "ok", False: "TOO MUCH", None: "not measured"}[result["ok"]]
        value = "-" if result["value"] is None else "%.4f" % result["value"]
        row = (result["name"], value, result["unit"], result["limit"], verdict)
        print("%-62s %10s %s (limit %g) %s" % row)


def main(arguments):
    """`azlb bench`: returns 0 when every figure that was measured keeps its limit."""
    from .build import build

    program = os.path.join(build(["azlb-bench"]), "azlb-bench")
    results = figures(program, lambda text: print("azlb bench: " + text, file=sys.stderr))
    if arguments.json:
        print(json.dumps({"figures": results}, indent=2))
    else:
        show(results)
    return 0 if all(result["ok"] is not False for result in results) else 1
