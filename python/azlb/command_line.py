# SPDX-License-Identifier: GPL-2.0-only
"""The commands and their options. Standard library only: it is parsed before anything is set up."""

import argparse
import sys

DESCRIPTION = """Azure Load Balancer in an ns-3 simulation, with its failover time measured."""

EXIT_CODES = "Exit codes: 0 done, 1 a failure or a failed test, 2 bad input or usage, 130 interrupted."


# The largest seed of the random number generator of ns-3.
MOST_SEED = 4294944442


def positive(text, most=0xFFFFFFFF):
    """An integer from 1 on that fits into 32 bits."""
    value = int(text)
    if not 1 <= value <= most:
        raise argparse.ArgumentTypeError("must be 1 to %d, not %d" % (most, value))
    return value


def runs(text):
    """A number of runs."""
    return positive(text, 100000)


def seed(text):
    """A seed of the random numbers."""
    return positive(text, MOST_SEED)


positive.__name__ = runs.__name__ = seed.__name__ = "number"


class Parser(argparse.ArgumentParser):
    """A parser that shows the whole help where it cannot go on."""

    def error(self, message):
        self.print_help(sys.stderr)
        self.exit(2, "\n%s: error: %s\n" % (self.prog, message))


def parser():
    """The parser of the command line."""
    common = Parser(add_help=False)
    common.add_argument(
        "--verbose", action="store_true", help="show the output of the tools that set up and build"
    )
    top = Parser(
        prog="azlb", description=DESCRIPTION, epilog=EXIT_CODES, allow_abbrev=False
    )
    commands = top.add_subparsers(dest="command", metavar="command", required=True)

    def add(name, text, **options):
        command = commands.add_parser(
            name,
            help=text,
            description=text[0].upper() + text[1:] + ".",
            epilog=EXIT_CODES,
            parents=[common],
            allow_abbrev=False,
            **options,
        )
        command.set_defaults(parts=[])
        return command

    run = add("run", "simulate a deployment and print what its clients saw and how long failover took")
    run.add_argument(
        "input",
        nargs="?",
        metavar="FILE",
        help="Azure template, REST resource or scenario (JSON); without it the built-in scenario",
    )
    run.add_argument("--parameters", metavar="FILE", help="parameter file of the template")
    run.add_argument(
        "--runs", type=runs, metavar="N", help="repeat with other probe phases, default 1"
    )
    run.add_argument("--seed", type=seed, metavar="S", help="seed of the random numbers")
    run.add_argument(
        "--run", type=positive, metavar="K", help="number of the (first) run, default 1"
    )
    run.add_argument("--out", metavar="DIR", help="folder of the results, default results/<name>")
    run.add_argument("--jobs", type=positive, metavar="N", help="runs at a time, default the cores")
    run.add_argument("--pcap", action="store_true", help="also write packet captures")
    run.add_argument("--json", action="store_true", help="print the summary as JSON")

    test = add("test", "build and run the tests and the checks of the sources")
    test.add_argument("names", nargs="*", metavar="NAME", help="only these suites or checks")
    test.add_argument("--all", action="store_true", help="the slow test cases, and whether every rule has a test, too")
    test.add_argument("--list", action="store_true", help="list the names and stop")
    test.add_argument(
        "--sanitize", action="store_true", help="C++ suites only, with address and UB sanitizers"
    )
    test.add_argument(
        "--update-docs", action="store_true", help="write the generated documents of doc/ anew"
    )
    test.set_defaults(parts=["test"])

    bench = add("bench", "measure what the balancer costs against plain forwarding")
    bench.add_argument("--json", action="store_true", help="print the figures as JSON")

    python = add("python", "run the Python of the environment")
    python.usage = "azlb python [arguments as for python3]"
    python.set_defaults(parts=["bindings"])
    return top


def parse(arguments):
    """Parse the command line; ends the process with code 2 and the usage where it is wrong."""
    if arguments[:1] == ["python"]:
        # Everything behind it, options too, is for the interpreter.
        result = parser().parse_args(["python"])
        result.arguments = arguments[1:]
        return result
    result = parser().parse_args(arguments)
    if result.command == "test" and runs_python_examples(result):
        result.parts = result.parts + ["bindings"]
    return result


def runs_python_examples(arguments):
    """Whether `azlb test` comes to the Python examples, which need the bindings."""
    if arguments.list or arguments.update_docs or arguments.sanitize:
        return False
    return not arguments.names or "examples" in arguments.names
