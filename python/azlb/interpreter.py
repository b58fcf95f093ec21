# SPDX-License-Identifier: GPL-2.0-only
"""`azlb python`: the environment's Python with this module's library built."""

import os
import sys

from . import build
from .environment import variables


def main(arguments):
    """Become the interpreter."""
    build.build([build.LIBRARY])
    os.execve(sys.executable, [sys.executable] + arguments.arguments, variables())
