# SPDX-License-Identifier: GPL-2.0-only
"""`azlb run`: simulates in processes of their own, one a run, and reports what came out."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

from . import aggregate, build
from .environment import variables
from .failure import Failure

# What a scenario has at its top and no template or resource does.
SCENARIO_KEYS = {"deployment", "clients", "faults", "duration", "seed", "run", "runs"}
SCENARIO_KEYS |= {"trafficManager", "measurement"}
SCENARIO_SCHEMA = "scenario.schema.json"
# A text, which may hold what looks like a comment, or a comment.
TEXT_OR_COMMENT = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|/\*.*?\*/', re.DOTALL)
LARGEST_SCENARIO = 64 << 20
MOST_RUNS = 100000
MOST_RUN = 0xFFFFFFFF
POLL_SECONDS = 0.01


def main(arguments):
    """Run the simulations and print the report; returns the exit code."""
    for name, value in (
        ("FILE", arguments.input),
        ("--parameters", arguments.parameters),
        ("--out", arguments.out),
    ):
        if value == "":
            raise Failure("%s: the name is empty" % name, 2)
    out = os.path.abspath(arguments.out or os.path.join("results", name_of(arguments.input)))
    check_folder(out)
    numbers = run_numbers(arguments, read_scenario(arguments.input))
    program = os.path.join(build.build([build.SCENARIO], arguments.verbose), build.SCENARIO)
    with Staging(out) as staging:
        commands = []
        for number in numbers:
            folder = staging.path if len(numbers) == 1 else run_folder(staging.path, number)
            commands.append(
                [program] + options(arguments) + ["--run=%d" % number, "--out=" + folder]
            )
        simulate(commands, arguments.jobs or len(os.sched_getaffinity(0)))
        if len(numbers) > 1:
            summary = merge(staging.path, numbers)
        else:
            summary = load(os.path.join(staging.path, "summary.json"))
        staging.keep()
    if arguments.json:
        json.dump(summary, sys.stdout, indent=2)
        print()
    else:
        from . import report

        shown = os.path.relpath(out)
        report.show(summary, out if shown.startswith("..") else shown)
    return 0


def name_of(path):
    """The name of the results folder for an input file; `azuredeploy.json` says nothing."""
    if path is None:
        return "built-in"
    folder, file = os.path.split(os.path.abspath(path))
    stem = os.path.splitext(file)[0]
    return os.path.basename(folder) or stem if stem == "azuredeploy" else stem


def check_folder(out):
    """Refuse a results folder that holds anything but earlier results: they are replaced."""
    if os.path.isdir(out):
        known = {"summary.json"}
        try:
            known |= {file.split("/")[0] for file in load(os.path.join(out, "summary.json"))["files"]}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            pass
        others = sorted(set(os.listdir(out)) - known)
        if others:
            raise Failure(
                "--out %s: the folder holds other files (%s); name another one" % (out, others[0]), 2
            )
    elif os.path.exists(out):
        raise Failure("--out %s: is not a folder" % out, 2)


def run_folder(folder, number):
    """Where one of several runs writes its results."""
    return os.path.join(folder, "run-%d" % number)


def run_numbers(arguments, scenario):
    """The numbers of the runs: the command line's, else the scenario's, else 1."""

    def choose(key, most):
        value = getattr(arguments, key)
        if value is None:
            # What is wrong in the scenario, the program refuses.
            value = (scenario or {}).get(key)
            right = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most
            return value if right else 1
        return value

    first, count = choose("run", MOST_RUN), choose("runs", MOST_RUNS)
    if first + count - 1 > MOST_RUN:
        raise Failure("--run %d: run numbers end at %d" % (first, MOST_RUN), 2)
    return range(first, first + count)


def options(arguments):
    """The options of the scenario program that are the same for every run."""
    result = []
    if arguments.input is not None:
        name = "--scenario=" if is_scenario(arguments.input) else "--template="
        result.append(name + arguments.input)
    if arguments.parameters is not None:
        result.append("--parameters=" + arguments.parameters)
    if arguments.seed is not None:
        result.append("--seed=%d" % arguments.seed)
    if arguments.pcap:
        result.append("--pcap")
    return result


def is_scenario(path):
    """Whether a file holds a scenario, and no template or resource."""
    return read_scenario(path) is not None


def read_scenario(path):
    """The scenario in a file, or None; what cannot be read is left to the program to refuse."""
    try:
        if path is None or not os.path.isfile(path) or os.path.getsize(path) > LARGEST_SCENARIO:
            return None
        with open(path, encoding="utf-8-sig") as file:
            content = json.loads(without_comments(file.read()))
    except (OSError, ValueError, RecursionError):
        return None
    is_one = (
        isinstance(content, dict)
        and "resources" not in content
        and (
            not SCENARIO_KEYS.isdisjoint(content)
            or str(content.get("$schema")).endswith(SCENARIO_SCHEMA)
        )
    )
    return content if is_one else None


def without_comments(text):
    """JSON text without the comments that the program takes and Python does not."""
    return TEXT_OR_COMMENT.sub(lambda m: m[0] if m[0].startswith('"') else " ", text)


class Staging:
    """Results are written beside their folder and moved into it whole, or not at all."""

    def __init__(self, out):
        self.out = out
        self.path = None

    def __enter__(self):
        self.made = []
        parent = os.path.dirname(self.out)
        try:
            while not os.path.exists(parent):
                self.made.append(parent)
                parent = os.path.dirname(parent)
            for folder in reversed(self.made):
                os.mkdir(folder)
            self.path = tempfile.mkdtemp(prefix=".azlb-", dir=os.path.dirname(self.out))
            os.chmod(self.path, 0o755)
        except OSError as error:
            self.remove()
            raise Failure("--out %s: %s" % (self.out, error.strerror), 2) from error
        return self

    def keep(self):
        """Put the results in place of earlier ones."""
        if os.path.isdir(self.out):
            shutil.rmtree(self.out)
        os.rename(self.path, self.out)
        self.made = []

    def __exit__(self, *_):
        self.remove()

    def remove(self):
        """Leave no trace of what was not kept."""
        if self.path:
            shutil.rmtree(self.path, ignore_errors=True)
        for folder in self.made:
            try:
                os.rmdir(folder)
            except OSError:
                pass


def simulate(commands, jobs):
    """Run commands, so many at a time, until all are done or one fails."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeElapsedColumn, TimeRemainingColumn

    columns = [TextColumn("  {task.description}"), BarColumn(), TimeElapsedColumn()]
    if len(commands) > 1:
        columns += [MofNCompleteColumn(), TextColumn("runs, left"), TimeRemainingColumn()]
    waiting = list(reversed(commands))
    running = []
    console = Console(stderr=True)
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    with bar:
        # A single run says nothing of how far it is.
        task = bar.add_task("Simulating", total=len(commands) if len(commands) > 1 else None)
        try:
            while waiting or running:
                while waiting and len(running) < jobs:
                    running.append(Process(waiting.pop()))
                time.sleep(POLL_SECONDS)
                for process in [p for p in running if p.done()]:
                    running.remove(process)
                    process.check()
                    bar.advance(task)
        finally:
            for process in running:
                process.stop()


class Process:
    """A running simulation; what it prints is kept for the case that it fails."""

    def __init__(self, command):
        self.output = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=subprocess.STDOUT,
            env=variables(),
        )

    def done(self):
        """Whether it has ended."""
        return self.process.poll() is not None

    def stop(self):
        """End it."""
        self.process.terminate()
        self.process.wait()

    def check(self):
        """Raise what the user has to know when it failed."""
        code = self.process.returncode
        if code == 0:
            return
        self.output.seek(0)
        text = self.output.read().decode(errors="replace").strip()
        if code == 2:
            raise Failure(text, 2)
        how = "was ended by signal %d" % -code if code < 0 else "failed with exit code %d" % code
        raise Failure("the simulation %s\n%s" % (how, text[-4000:]), 1)


def load(path):
    """Read a summary."""
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def merge(folder, numbers):
    """Write and return the summary of several runs."""
    summaries = [load(os.path.join(run_folder(folder, n), "summary.json")) for n in numbers]
    summary = aggregate.merge(summaries)
    summary["files"] = [
        "run-%d/%s" % (n, file)
        for n, one in zip(numbers, summaries)
        for file in ["summary.json"] + one["files"]
    ]
    with open(os.path.join(folder, "summary.json"), "w", encoding="utf-8") as file:
        json.dump(summary, file, indent=2)
        file.write("\n")
    return summary
