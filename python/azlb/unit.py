# SPDX-License-Identifier: GPL-2.0-only
"""Runs one file of Python tests and prints a report like ns-3's TestRunner."""

import sys
import time
import unittest


class Report(unittest.TestResult):
    """Prints each test as it ends."""

    def startTest(self, test):
        super().startTest(test)
        self.start = time.monotonic()

    def line(self, outcome, test, detail=""):
        """Print one result."""
        name = (test.shortDescription() or test.id()).rstrip(".")
        print(" %s %s %.3f s" % (outcome, name, time.monotonic() - self.start))
        for line in detail.splitlines():
            print("    " + line)
        sys.stdout.flush()

    def addSuccess(self, test):
        super().addSuccess(test)
        self.line("PASS", test)

    def addError(self, test, err):
        super().addError(test, err)
        self.start = getattr(self, "start", time.monotonic())
        self.line("FAIL", test, self.errors[-1][1])

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.line("FAIL", test, self.failures[-1][1])

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.line("FAIL", subtest, (self.failures + self.errors)[-1][1])

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.line("SKIP", test, reason)

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self.line("FAIL", test, "expected failures are not used here")

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.line("FAIL", test, "expected failures are not used here")


if __name__ == "__main__":
    suite = unittest.defaultTestLoader.loadTestsFromName(sys.argv[1])
    result = Report()
    suite.run(result)
    sys.exit(0 if result.wasSuccessful() else 1)
