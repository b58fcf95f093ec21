# SPDX-License-Identifier: GPL-2.0-only
"""Configures and builds the C++ part: a target at a time, only what a command needs."""

import glob
import json
import os
import subprocess

from .environment import BUILD, ROOT, VENV, lock, variables
from .failure import Failure
from .progress import Step, call

LIBRARY = "azure-load-balancing"
SCENARIO = "azlb-scenario"
TESTS = "azlb-tests"
EXAMPLES = "azlb-examples"


def build(targets, verbose=False, options=(), folder=BUILD):
    """Bring targets of the C++ build up to date; returns the folder of the programs."""
    with lock():
        configure(folder, list(options), verbose)
        # Ninja itself finds out in a moment that nothing is to do; then there is no step to show.
        dry = subprocess.run(
            ["ninja", "-C", folder, "-n"] + targets, capture_output=True, text=True, check=False
        )
        if "no work to do" not in dry.stdout:
            with Step("Building " + ", ".join(targets)) as step:
                call(
                    ["ninja", "-C", folder] + targets,
                    os.path.join(folder, "build.log"),
                    "building",
                    step,
                    verbose,
                    env=variables() | {"NINJA_STATUS": "[%f/%t] "},
                )
    return os.path.join(folder, "bin")


def ns3_package():
    """The CMake package of the ns-3 wheel."""
    found = glob.glob(os.path.join(glob.escape(VENV), "lib/python3*/site-packages/ns3/lib64/cmake/ns3"))
    if len(found) != 1:
        raise Failure("the ns-3 wheel in %s is broken: remove that folder and try again" % VENV)
    return found[0]


def configure(folder, options, verbose):
    """Run cmake where it has not been run with these settings; ninja repeats it as needed."""
    settings = [ROOT, ns3_package(), options]
    stamp = os.path.join(folder, "azlb-settings.json")
    try:
        with open(stamp, encoding="utf-8") as file:
            if json.load(file) == settings and os.path.exists(os.path.join(folder, "build.ninja")):
                return
    except (OSError, ValueError):
        pass
    with Step("Configuring the build"):
        # --fresh needs a newer CMake than Debian 12 has to offer everywhere.
        cache = os.path.join(folder, "CMakeCache.txt")
        if os.path.exists(cache):
            os.remove(cache)
        call(
            ["cmake", "-S", ROOT, "-B", folder, "-G", "Ninja", "-Dns3_DIR=" + settings[1]] + options,
            os.path.join(folder, "configure.log"),
            "cmake",
            verbose=verbose,
            env=variables(),
        )
    with open(stamp, "w", encoding="utf-8") as file:
        json.dump(settings, file)
