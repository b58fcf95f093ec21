# SPDX-License-Identifier: GPL-2.0-only
"""The one exception that ends a command with a message instead of a trace."""


class Failure(Exception):
    """A failure that the user can act on: its text says what to do, its code is the exit code."""

    def __init__(self, message, code=1):
        super().__init__(message)
        self.code = code
