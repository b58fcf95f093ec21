# SPDX-License-Identifier: GPL-2.0-only
"""`azlb run`: simulates in processes of their own, one a run, and reports what came out."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

from . import aggregate, build
from .environment import variables
from .failure import Failure

# What a scenario has at its top and no resource does.
SCENARIO_KEYS = {"deployment", "clients", "faults", "duration"}
POLL_SECONDS = 0.01


def main(arguments):
    """Run the simulations and print the report; returns the exit code."""
    out = os.path.abspath(arguments.out or os.path.join("results", name_of(arguments.input)))
    check_folder(out)
    program = os.path.join(build.build([build.SCENARIO], arguments.verbose), build.SCENARIO)
    with Staging(out) as staging:
        commands = []
        for number in range(arguments.run, arguments.run + arguments.runs):
            folder = staging.path if arguments.runs == 1 else os.path.join(staging.path, "run-%d" % number)
            commands.append(
                [program] + options(arguments) + ["--run=%d" % number, "--out=" + folder]
            )
        simulate(commands, arguments.jobs or len(os.sched_getaffinity(0)))
        if arguments.runs > 1:
            summary = merge(staging.path, arguments)
        else:
            summary = load(os.path.join(staging.path, "summary.json"))
        staging.keep()
    if arguments.json:
        json.dump(summary, sys.stdout, indent=2)
        print()
    else:
        from . import report

        report.show(summary, os.path.relpath(out))
    return 0


def name_of(path):
    """The name of the results folder for an input file; `azuredeploy.json` says nothing."""
    if path is None:
        return "built-in"
    folder, file = os.path.split(os.path.abspath(path))
    stem = os.path.splitext(file)[0]
    return os.path.basename(folder) or stem if stem == "azuredeploy" else stem


def check_folder(out):
    """Refuse a results folder that holds anything but earlier results."""
    if os.path.isdir(out):
        if os.listdir(out) and not os.path.exists(os.path.join(out, "summary.json")):
            raise Failure("--out %s: the folder holds other files; name another one" % out, 2)
    elif os.path.exists(out):
        raise Failure("--out %s: is not a folder" % out, 2)


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
    """Whether a file holds a scenario; what cannot be read is left to the program to refuse."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            content = json.load(file)
    except (OSError, ValueError, RecursionError):
        return False
    return (
        isinstance(content, dict)
        and "resources" not in content
        and not SCENARIO_KEYS.isdisjoint(content)
    )


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
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
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


def merge(folder, arguments):
    """Write and return the summary of several runs."""
    numbers = range(arguments.run, arguments.run + arguments.runs)
    summaries = [load(os.path.join(folder, "run-%d" % n, "summary.json")) for n in numbers]
    summary = aggregate.merge(summaries)
    summary["files"] = ["run-%d/%s" % (n, f) for n, s in zip(numbers, summaries) for f in s["files"]]
    with open(os.path.join(folder, "summary.json"), "w", encoding="utf-8") as file:
        json.dump(summary, file, indent=2)
        file.write("\n")
    return summary
