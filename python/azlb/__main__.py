# SPDX-License-Identifier: GPL-2.0-only
"""Runs a command of `azlb` inside the virtual environment."""

import os
import sys

from . import command_line
from .failure import Failure


def main():
    """Run the command; returns the exit code."""
    arguments = command_line.parse(sys.argv[1:])
    if arguments.command == "run":
        from . import run as command
    elif arguments.command == "test":
        from . import testing as command
    elif arguments.command == "bench":
        from . import bench as command
    else:
        from . import interpreter as command
    return command.main(arguments)


if __name__ == "__main__":
    try:
        CODE = main()
    except Failure as failure:
        print("azlb: %s" % failure, file=sys.stderr)
        CODE = failure.code
    except KeyboardInterrupt:
        print("azlb: interrupted", file=sys.stderr)
        CODE = 130
    except BrokenPipeError:
        # The reader of the output is gone (e.g. `| head`): nobody is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        CODE = 1
    sys.exit(CODE)
