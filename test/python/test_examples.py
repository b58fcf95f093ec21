# SPDX-License-Identifier: GPL-2.0-only
"""The Python examples, run as a user does."""

import importlib.util
import os
import re
import subprocess
import sys
import unittest

from azlb.environment import ROOT, variables

HAS_BINDINGS = importlib.util.find_spec("cppyy") is not None


class ExamplesTest(unittest.TestCase):
    @unittest.skipUnless(HAS_BINDINGS, "cppyy is not installed; `./azlb python` installs it")
    def test_load_balancer(self):
        """azure-lb-python: each flow goes to one of the servers, and every packet is answered"""
        process = subprocess.run(
            [sys.executable, os.path.join(ROOT, "examples", "azure-lb-python.py")],
            capture_output=True,
            text=True,
            env=variables(),
            timeout=200,
            check=False,
        )
        self.assertEqual((process.returncode, process.stderr), (0, ""))
        lines = process.stdout.splitlines()
        counts = [int(re.fullmatch(r"server-\d: (\d+) packets", line)[1]) for line in lines[:-1]]
        self.assertEqual(lines[-1], "answers: 240 of 240")
        self.assertEqual((len(counts), sum(counts)), (3, 240))
        for count in counts:
            # 4 packets a flow; 60 flows, so 20 +- 5 standard deviations a server.
            self.assertEqual(count % 4, 0)
            self.assertLess(abs(count / 4 - 20), 5 * (60 * 1 / 3 * 2 / 3) ** 0.5)
