# SPDX-License-Identifier: GPL-2.0-only
"""doc/results.md is what the simulation says, and what theory allows."""

import os
import unittest

from azlb import build, results
from azlb.environment import BUILD, ROOT


class ResultsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.text = results.render(os.path.join(BUILD, "bin", build.SCENARIO))
        lines = cls.text[len(results.HEAD) :].splitlines()
        cls.rows = [line.strip("| ").split(" | ") for line in lines]

    def test_pinned(self):
        """doc/results.md is current; after a wanted change: ./azlb test --update-docs"""
        with open(os.path.join(ROOT, results.TABLE), encoding="utf-8") as file:
            self.assertEqual(file.read().splitlines(), self.text.splitlines())

    def test_theory(self):
        """every verdict lies in the interval of HP-13, or there is neither"""
        self.assertEqual(len(self.rows), len(results.DEPLOYMENTS) * len(results.FAULTS))
        for row in self.rows:
            for after, expected in (row[3:5], row[5:7]):
                with self.subTest(row=row):
                    # Loss hits a probe by chance, and the verdict may be over before the repair.
                    if not row[2].startswith("loss"):
                        self.assertEqual(after == "none", expected == "none")
                    if expected != "none":
                        low, high = map(float, expected.split(" to "))
                        self.assertTrue(low <= float(after) <= high)

    def test_what_probes_see(self):
        """a TCP probe does not see what only a request shows; an HTTP probe does"""
        down = [row for row in self.rows if row[3] != "none" and not row[2].startswith("loss")]
        seen = {(row[1].split(",")[0], row[2].split(" ")[0]) for row in down}
        anyone = {"crash", "portClosed", "linkCut", "probeBlocked"}
        self.assertEqual({kind for probe, kind in seen if probe == "TCP"}, anyone)
        self.assertEqual({kind for probe, kind in seen if probe == "HTTP"}, anyone | {"hang", "status"})

    def test_failed_requests(self):
        """requests fail in every fault but those that touch no request"""
        for row in self.rows:
            harmless = row[2].startswith(("slow", "probeBlocked"))
            self.assertEqual(row[7].startswith("0 of "), harmless, row)
