# SPDX-License-Identifier: GPL-2.0-only
"""Pieces of `azlb test`: what a result is, and jobs that give results."""

import os
import re
import subprocess
import time
from dataclasses import dataclass

from .environment import variables

# As ns-3's TestRunner prints a case; the runner of the Python tests prints the same.
LINE = re.compile(r"^( *)(PASS|FAIL|SKIP|CRASH) (.*?) (\d+\.\d+) s$")
TAIL_LINES = 30


@dataclass
class Result:
    """What came of one test case or check."""

    name: str
    outcome: str  # PASS, FAIL or SKIP
    seconds: float = 0.0
    detail: str = ""


def parse_report(text, suite):
    """The results of the innermost cases of a report: those without cases of their own."""
    rows = []
    for line in text.splitlines():
        match = LINE.match(line)
        if match:
            indent, outcome, name, seconds = match.groups()
            rows.append((len(indent), Result(name, outcome, float(seconds))))
        elif rows:
            rows[-1][1].detail += line.strip() + "\n"
    results = []
    for (indent, result), following in zip(rows, rows[1:] + [(-1, None)]):
        is_group = following[0] > indent
        # A group fails because of its cases, unless it says something itself.
        if not is_group or result.detail.strip():
            result.name = "%s: %s" % (suite, result.name)
            results.append(result)
    return results


def run_suite(name, command, timeout, options=None):
    """Run a program that prints a report; one that crashes or hangs is one failure more."""
    start = time.monotonic()
    try:
        process = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=timeout,
            env=variables() | (options or {}),
            check=False,
        )
        code, output = process.returncode, process.stdout
        how = "was ended by signal %d" % -code if code < 0 else "ended with exit code %d" % code
    except subprocess.TimeoutExpired as error:
        code, output = None, error.stdout or b""
        how = "was still running after %d s" % timeout
    text = output.decode(errors="replace")
    results = parse_report(text, name)
    if not results or (code != 0 and all(r.outcome != "FAIL" for r in results)):
        tail = "\n".join(text.splitlines()[-TAIL_LINES:])
        detail = "the program %s%s\n%s" % (how, "" if results else " and printed no result", tail)
        results.append(Result(name, "FAIL", time.monotonic() - start, detail))
    return results


def run_check(name, function):
    """Run a check of the sources: a function that returns a list of complaints."""
    start = time.monotonic()
    try:
        complaints = function()
    except Exception as error:  # a check that breaks has failed; the others go on
        complaints = ["%s: %s" % (type(error).__name__, error)]
    outcome = "FAIL" if complaints else "PASS"
    name = "check: " + name
    return [Result(name, outcome, time.monotonic() - start, "\n".join(complaints))]


def tracked_files(root):
    """The files of the project, relative to its root."""
    command = ["git", "-C", root, "ls-files", "-co", "--exclude-standard"]
    try:
        listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")
    except (OSError, subprocess.CalledProcessError):
        # An archive without history: everything that is not made here.
        listed = []
        for folder, folders, files in os.walk(root):
            folders[:] = [
                f for f in folders if not f.startswith("build") and f not in SKIPPED_FOLDERS
            ]
            listed += [os.path.relpath(os.path.join(folder, file), root) for file in files]
    return sorted(f for f in listed if f and os.path.isfile(os.path.join(root, f)))


SKIPPED_FOLDERS = {".git", ".venv", ".cache", "results", "__pycache__"}
