# SPDX-License-Identifier: GPL-2.0-only
"""Measures what this module costs against plain ns-3, on one machine, in one run.

A ratio compares runs of `azlb-bench` (bench/azlb-bench.cc) that differ in one thing, or runs of
`azlb-bench-flows` that differ in the number of flows, or runs of `azlb-bench-proxy` with and
without a gateway, or queries and echoes of `azlb-bench-dns`. Wall times come from pairs of runs that
alternate; the median of the pairs' ratios is taken.
Instructions are counted by callgrind (or `perf stat`) for two lengths of the same run and
subtracted, so that start-up and tear-down cancel; events likewise.
"""

import itertools
import json
import os
import re
import shutil
import statistics
import subprocess
import sys

from .failure import Failure

# Many short runs: a disturbance spoils one pair, not the median.
PAIRS = 41
WALL_PACKETS = {"udp": 5000, "tcp": 3000}
SHORT, LONG = 500, 2500
# The median of the pairs still differs by this much between equal programs on a busy machine.
WALL_NOISE = 0.05
TIMEOUT_SECONDS = 600
FEW_FLOWS, MANY_FLOWS = 1000, 1000000
FLOW_PACKETS = 50000
FLOW_PAIRS = 5
# Of a proxied request: what is asked for, bytes; requests of a run for wall time, of a short and of
# a long run.
PROXIED = (("1 KiB", 1024, 2000, 200, 1200), ("10 MiB", 10 * 1024 * 1024, 1, 1, 3))
PROXY_PAIRS = 15
FEW_IDLE, MANY_IDLE = 100, 2100
# Queries, where they are answered, and the exchanges of two packets that one takes.
QUERIES = (
    ("hit", "a query to a resolver's cache", 1),
    ("miss", "a query that misses it, with two aliases", 2),
    ("server", "a query to a name server", 1),
)
QUERY_PAIRS = 11
QUERY_COUNT = 3000

# What the figures have to keep.
MOST_WALL = 1.05
MOST_INSTRUCTIONS = 1.02
MOST_BYTES_PER_FLOW = 128
MOST_PACKET_COST_OF_FLOWS = 1.3
MOST_PROXYING = 1.25
MOST_QUERY = 4
MOST_QUERY_EVENTS = 0.01  # per query; searches that begin with a run leave some


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


def alternate(pairs, measured, reference):
    """What two functions return in pairs of calls, each first in every other pair."""
    results = []
    for index in range(pairs):
        if index % 2:
            one, other = measured(), reference()
        else:
            other, one = reference(), measured()
        results.append((one, other))
    return results


def measure(command):
    """What one run of a program printed, as a dictionary."""
    output, _ = execute(command)
    return json.loads(output)


def wall_ratio(program, packets, options, reference):
    """Wall time of one kind of run over that of another, from alternating pairs."""

    def seconds(choice):
        return measure(command_of(program, packets, choice))["seconds"]

    return median_ratio(
        alternate(PAIRS, lambda: seconds(options), lambda: seconds(reference))
    )


def events_per_packet(program, options):
    """Events that one packet more costs."""
    counts = [measure(command_of(program, n, options))["events"] for n in (SHORT, LONG)]
    return (counts[1] - counts[0]) / (LONG - SHORT)


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
    """One figure; without a value or a limit there is no judgement."""
    ok = None if value is None or limit is None else value <= limit
    return {"name": name, "value": value, "unit": unit, "limit": limit, "ok": ok}


def comparison(program, count, name, options, reference, limits):
    """The figures of one kind of run against another; limits: of instructions, of wall time."""
    results = []
    protocol = options["protocol"].upper()
    value = None
    if count:
        value = instructions_per_packet(count, program, options) / instructions_per_packet(
            count, program, reference
        )
    results.append(figure("%s, %s: instructions" % (name, protocol), value, "ratio", limits[0]))
    value = wall_ratio(program, WALL_PACKETS[options["protocol"]], options, reference)
    results.append(figure("%s, %s: wall time" % (name, protocol), value, "ratio", limits[1]))
    return results


def path_figures(program, count):
    """The balanced path against plain forwarding; also with a port that is rewritten."""
    results = []
    # Another port means another transport header: what that takes in ns-3 is told, not limited.
    for path, name, most in (
        ("balanced", "balanced path over plain forwarding", MOST_INSTRUCTIONS),
        ("port", "the same with another port", None),
    ):
        for protocol in ("udp", "tcp"):
            ours = {"protocol": protocol, "path": path}
            plain = {"protocol": protocol, "path": "plain"}
            extra = events_per_packet(program, ours) - events_per_packet(program, plain)
            title = "%s, %s: extra events per packet" % (name, protocol.upper())
            results.append(figure(title, extra, "events", 0))
            results += comparison(program, count, name, ours, plain, (most, MOST_WALL))
    return results


def probe_figures(program, count):
    """The flow probe against the one of ns-3."""
    results = []
    for protocol in ("udp", "tcp"):
        ours = {"protocol": protocol, "monitor": "nat"}
        stock = {"protocol": protocol, "monitor": "stock"}
        name = "flow probe over the stock one"
        results += comparison(program, count, name, ours, stock, (1.0, 1.0 + WALL_NOISE))
    return results


def flow_figures(program):
    """A million concurrent flows against a thousand."""
    results = []
    for protocol in ("udp", "tcp"):

        def run(flows, protocol=protocol):
            return measure(
                command_of(program, FLOW_PACKETS, {"protocol": protocol, "flows": flows})
            )

        pairs = alternate(FLOW_PAIRS, lambda: run(MANY_FLOWS), lambda: run(FEW_FLOWS))
        many, few = pairs[0]
        flows = MANY_FLOWS - FEW_FLOWS
        name = "a million flows, %s: " % protocol.upper()
        value = (many["bytes"] - few["bytes"]) / flows
        results.append(figure(name + "memory of a flow", value, "bytes", MOST_BYTES_PER_FLOW))
        value = (many["events"] - few["events"]) / flows
        results.append(figure(name + "events of a flow", value, "events", 0))
        value = median_ratio([(one["seconds"], other["seconds"]) for one, other in pairs])
        title = name + "wall time of a packet over a thousand's"
        results.append(figure(title, value, "ratio", MOST_PACKET_COST_OF_FLOWS))
    return results


def proxy_figures(program, count):
    """A gateway against two plain TCP legs that carry the same bytes."""
    results = []
    for layer, (title, body, usual, short, long) in itertools.product((7, 4), PROXIED):

        def command(path, requests, body=body, layer=layer):
            line = [program, "--path=" + path, "--layer=%d" % layer]
            return line + ["--requests=%d" % requests, "--body=%d" % body]

        def growth(value, path, short=short, long=long, command=command):
            return value(command(path, long)) - value(command(path, short))

        def told(key):
            return lambda line: measure(line)[key]

        name = "proxying %s at layer %d over two plain TCP legs: " % (title, layer)
        for key in ("toServer", "toClient"):
            if growth(told(key), "gateway") != growth(told(key), "plain"):
                raise Failure(program + ": the legs do not carry the same bytes")
        value = growth(told("events"), "gateway") / growth(told("events"), "plain")
        results.append(figure(name + "events", value, "ratio", MOST_PROXYING))
        if usual > 1:
            # A bulk transfer takes too long where instructions are counted.
            value = growth(count, "gateway") / growth(count, "plain") if count else None
            results.append(figure(name + "instructions", value, "ratio", MOST_PROXYING))
        pairs = alternate(
            PROXY_PAIRS,
            lambda: told("seconds")(command("gateway", usual)),
            lambda: told("seconds")(command("plain", usual)),
        )
        results.append(figure(name + "wall time", median_ratio(pairs), "ratio", MOST_PROXYING))
    return results


def idle_figures(program):
    """What a client's connection to a gateway holds between its requests."""

    def held(path):
        lines = [[program, "--path=" + path, "--requests=1", "--idle=%d" % n] for n in
                 (FEW_IDLE, MANY_IDLE)]
        few, many = [measure(line)["bytes"] for line in lines]
        return (many - few) / (MANY_IDLE - FEW_IDLE)

    gateway, plain = held("gateway"), held("plain")
    name = "an idle connection to a gateway: memory "
    return [
        figure(name + "beyond plain TCP", gateway - plain, "bytes", None),
        figure(name + "with both TCP ends", gateway, "bytes", None),
    ]


def query_figures(program, count):
    """DNS queries against plain UDP echoes of the same number of packets."""
    results = []

    def command(packets, options):
        return command_of(program, packets, options)

    for path, name, exchanges in QUERIES:
        ours, echo = {"path": path}, {"path": "echo", "exchanges": exchanges}
        title = "%s over %s: " % (name, "an echo" if exchanges == 1 else "%d echoes" % exchanges)
        value = events_per_packet(program, ours) - events_per_packet(program, echo)
        results.append(figure(title + "extra events", value, "events", MOST_QUERY_EVENTS))
        value = None
        if count:
            value = instructions_per_packet(count, program, ours) / instructions_per_packet(
                count, program, echo
            )
        results.append(figure(title + "instructions", value, "ratio", MOST_QUERY))
        pairs = alternate(
            QUERY_PAIRS,
            lambda ours=ours: measure(command(QUERY_COUNT, ours))["seconds"],
            lambda echo=echo: measure(command(QUERY_COUNT, echo))["seconds"],
        )
        results.append(figure(title + "wall time", median_ratio(pairs), "ratio", None))
        micros = statistics.median(seconds for seconds, _ in pairs) / QUERY_COUNT * 1e6
        results.append(figure(name + ": wall time", micros, "us", None))
    seconds = [measure(command(QUERY_COUNT, {"path": "host"}))["seconds"] for _ in range(3)]
    micros = statistics.median(seconds) / QUERY_COUNT * 1e6
    results.append(figure("a look-up in a host's cache: wall time", micros, "us", None))
    return results


def figures(programs, warn=lambda text: None):
    """All figures, in order; `programs` is the folder of azlb-bench and the others."""
    count = find_counter()
    if count is None:
        warn("instructions are not counted: install valgrind, or perf with access to its counters")
    row = os.path.join(programs, "azlb-bench")
    proxy = os.path.join(programs, "azlb-bench-proxy")
    return (
        path_figures(row, count)
        + probe_figures(row, count)
        + flow_figures(os.path.join(programs, "azlb-bench-flows"))
        + proxy_figures(proxy, count)
        + idle_figures(proxy)
        + query_figures(os.path.join(programs, "azlb-bench-dns"), count)
    )


def show(results):
    """Print the figures as lines of text."""
    for result in results:
        value = "-" if result["value"] is None else "%.4g" % result["value"]
        limit = "no limit" if result["limit"] is None else "limit %g" % result["limit"]
        verdict = {True: "ok", False: "TOO MUCH", None: ""}[result["ok"]]
        if result["value"] is None:
            verdict = "not measured"
        row = (result["name"], value, result["unit"], limit, verdict)
        print(("%-66s %8s %-6s (%s) %s" % row).rstrip())


def main(arguments):
    """`azlb bench`: returns 0 when every figure that was measured keeps its limit."""
    from .build import build

    names = ["azlb-bench", "azlb-bench-flows", "azlb-bench-proxy", "azlb-bench-dns"]
    programs = build(names, arguments.verbose)
    results = figures(programs, lambda text: print("azlb bench: " + text, file=sys.stderr))
    if arguments.json:
        print(json.dumps({"figures": results}, indent=2))
    else:
        show(results)
    return 0 if all(result["ok"] is not False for result in results) else 1
