# SPDX-License-Identifier: GPL-2.0-only
"""Progress lines of the set-up and calls of the tools that it runs.

Everything goes to the error stream: the output of a command stays clean.
"""

import os
import re
import subprocess
import sys
import time

from .failure import Failure

TAIL_LINES = 25


class Step:
    """One line `what ... seconds` around a piece of work; on a terminal it shows how far it is."""

    def __init__(self, what):
        self.what = what
        self.live = sys.stderr.isatty()

    def __enter__(self):
        self.start = time.monotonic()
        if self.live:
            self.update("")
        return self

    def update(self, detail):
        """Show how far the work is, e.g. `12/80`; nothing where the output is not a terminal."""
        if self.live:
            sys.stderr.write("\r\033[K  %s ... %s" % (self.what, detail))
            sys.stderr.flush()

    def __exit__(self, kind, error, trace):
        seconds = time.monotonic() - self.start
        end = "failed after %.1f s" % seconds if kind else "%.1f s" % seconds
        sys.stderr.write("%s  %s: %s\n" % ("\r\033[K" if self.live else "", self.what, end))
        sys.stderr.flush()


def call(command, log, what, step=None, verbose=False, **options):
    """Run a tool with its output in the file `log` (on the error stream too if verbose).

    On failure the last lines of its output are shown. Lines that begin with `[n/m]` update the step.
    """
    os.makedirs(os.path.dirname(log), exist_ok=True)
    lines = []
    with open(log, "w", encoding="utf-8", errors="replace") as file:
        file.write("$ %s\n" % " ".join(command))
        file.flush()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            **options,
        )
        try:
            for line in process.stdout:
                file.write(line)
                lines.append(line)
                del lines[:-TAIL_LINES]
                count = re.match(r"\[(\d+/\d+)\]", line)
                if verbose:
                    sys.stderr.write(line)
                elif count and step:
                    step.update(count.group(1))
            code = process.wait()
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
    if code != 0:
        tail = "" if verbose else "".join("    " + line for line in lines)
        raise Failure("%s failed (exit code %d)\n%s  whole output: %s" % (what, code, tail, log))
