# SPDX-License-Identifier: GPL-2.0-only
"""`azlb test`: builds and runs the C++ suites, the Python tests and the checks of the sources."""

import glob
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed

from . import build, checks, conformance, results
from .environment import BUILD, ROOT
from .failure import Failure
from .jobs import run_check, run_suite
from .progress import Step

QUICK_SECONDS = 300
SLOW_SECONDS = 3600
SANITIZED = BUILD + "-sanitize"
PYTHON_TESTS = os.path.join(ROOT, "test", "python")


def main(arguments):
    """Run the tests; returns the exit code."""
    if arguments.update_docs:
        conformance.update(ROOT)
        program = os.path.join(build.build([build.SCENARIO], arguments.verbose), build.SCENARIO)
        results.update(program)
        return 0
    jobs = checked(arguments) if not arguments.sanitize else {}
    jobs |= suites(arguments)
    if arguments.list:
        print("\n".join(jobs))
        return 0
    unknown = [name for name in arguments.names if name not in jobs]
    if unknown:
        raise Failure("no test named %s; `azlb test --list` lists them" % ", ".join(unknown), 2)
    chosen = {n: job for n, job in jobs.items() if not arguments.names or n in arguments.names}
    if any(name in python_modules() for name in chosen):
        build.build([build.LIBRARY, build.EXAMPLES], arguments.verbose)
    return report(run(chosen), arguments.verbose)


def checked(arguments):
    """The checks of the sources and the Python tests, by name."""
    wanted = checks.CHECKS | {"conformance": conformance.check}
    if arguments.all:
        wanted |= checks.COMPLETENESS | {"conformance-complete": conformance.complete}
    jobs = {
        name: lambda name=name, check=check: run_check(name, lambda: check(ROOT))
        for name, check in wanted.items()
    }
    timeout = SLOW_SECONDS if arguments.all else QUICK_SECONDS
    for name in python_modules():
        command = [sys.executable, "-m", "azlb.unit", "test_" + name.replace("-", "_")]
        # The tests see the slow cases by this variable.
        options = {"AZLB_TEST_ALL": "1" if arguments.all else ""}
        options["PYTHONPATH"] = os.pathsep.join([os.path.join(ROOT, "python"), PYTHON_TESTS])
        jobs[name] = lambda name=name, command=command, options=options: run_suite(
            name, command, timeout, options
        )
    return jobs


def python_modules():
    """The names of the files of Python tests."""
    found = glob.glob(os.path.join(glob.escape(PYTHON_TESTS), "test_*.py"))
    return [os.path.basename(f)[5:-3].replace("_", "-") for f in sorted(found)]


def suites(arguments):
    """The C++ suites, by name; builds them where one of them is asked for."""
    known = set(checks.CHECKS) | set(checks.COMPLETENESS) | set(python_modules())
    known |= {"conformance", "conformance-complete"}
    if arguments.names and not arguments.sanitize and known.issuperset(arguments.names):
        return {}
    if arguments.sanitize:
        folder, options = SANITIZED, ["-DAZLB_SANITIZE=ON", "-DCMAKE_BUILD_TYPE=Debug"]
    else:
        folder, options = BUILD, []
    programs = build.build([build.TESTS], arguments.verbose, options, folder)
    program = os.path.join(programs, build.TESTS)
    listed = subprocess.run([program, "--list"], capture_output=True, text=True, check=True).stdout
    fullness = "EXTENSIVE" if arguments.all else "QUICK"
    timeout = SLOW_SECONDS if arguments.all or arguments.sanitize else QUICK_SECONDS
    result = {}
    for name in listed.split():
        command = [program, "--verbose", "--suite=" + name, "--fullness=" + fullness]
        result[name] = lambda name=name, command=command: run_suite(name, command, timeout)
    return result


def run(jobs):
    """Run jobs on all cores; returns their results in the order of the jobs."""
    found = {}
    with Step("Running the tests") as step:
        with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
            # The last jobs are the suites of the upper rooms, which take longest: they go first.
            futures = {pool.submit(jobs[name]): name for name in reversed(jobs)}
            try:
                for future in as_completed(futures):
                    found[futures[future]] = future.result()
                    step.update("%d/%d" % (len(found), len(jobs)))
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
    return [result for name in jobs for result in found[name]]


def report(results, verbose):
    """Print what failed and what was left out, then the one line that counts; returns the code."""
    shown = ["SKIP", "FAIL"] if not verbose else ["PASS", "SKIP", "FAIL"]
    for outcome in shown:
        for result in results:
            if result.outcome == outcome:
                print("%s %s (%.1f s)" % (outcome, result.name, result.seconds))
                for line in result.detail.strip().splitlines():
                    print("    " + line)
    counts = {o: sum(r.outcome == o for r in results) for o in ("PASS", "FAIL", "SKIP")}
    line = "%d passed, %d failed" % (counts["PASS"], counts["FAIL"])
    if counts["SKIP"]:
        line += ", %d skipped" % counts["SKIP"]
    print(line)
    return 1 if counts["FAIL"] else 0
