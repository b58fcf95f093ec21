# SPDX-License-Identifier: GPL-2.0-only
"""The checks of the sources find what they look for."""

import os
import subprocess
import tempfile
import unittest

from azlb import checks

GOOD = "// %s\n" % checks.LICENCE
MANUAL = """
Attributes
++++++++++

``Thing``: ``Size`` (1 byte).

Traces
++++++

``Drop``.

Examples and Tests
++++++++++++++++++
"""
SOURCE = GOOD + """.AddAttribute("Size",
    "bytes").AddTraceSource("Drop", "gone")
"""
HEADER = GOOD + "class Thing\n{\n};\n"


class ChecksTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = folder.name
        subprocess.run(["git", "init", "-q", self.root], check=True)
        self.write("CMakeLists.txt", "# %s\nmodel/a/thing.cc\n" % checks.LICENCE)
        self.write("model/a/thing.cc", SOURCE)
        self.write("model/a/thing.h", HEADER)
        self.write(checks.MANUAL, MANUAL)

    def write(self, name, text):
        """Make a file that git knows."""
        path = os.path.join(self.root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        subprocess.run(["git", "-C", self.root, "add", name], check=True)

    def complaints(self, name):
        """What a check says."""
        return checks.CHECKS[name](self.root)

    def test_sound(self):
        """a sound tree gives no complaint"""
        for name in ("ascii", "licence", "build-lists", "manual"):
            self.assertEqual(self.complaints(name), [], name)

    def test_ascii(self):
        """a letter with an accent and a Windows line end are found, with their line"""
        self.write("doc/a.md", "fine\ncaf\u00e9\n")
        self.write("b.py", "# %s\r\n" % checks.LICENCE)
        found = self.complaints("ascii")
        self.assertEqual([text.split(": ")[0] for text in found], ["b.py:1", "doc/a.md:2"])

    def test_ascii_of_others(self):
        """templates of others are kept as they are"""
        self.write(checks.FOREIGN + "template/azuredeploy.json", "{\r\n}\r\n")
        self.assertEqual(self.complaints("ascii"), [])

    def test_licence(self):
        """a source without its licence near its top is found"""
        self.write("model/a/other.h", "\n" * 9 + GOOD)
        self.write("azlb", "#!/bin/sh\n")
        found = self.complaints("licence")
        self.assertEqual([text.split(":")[0] for text in found], ["azlb", "model/a/other.h"])

    def test_build_lists(self):
        """a source that no build file names is found"""
        self.write("model/a/forgotten.cc", GOOD)
        self.assertEqual(self.complaints("build-lists"), ["model/a/forgotten.cc: in no CMakeLists.txt"])

    def test_manual(self):
        """attributes and traces that the manual lacks, or makes up, are found"""
        self.write("model/a/thing.cc", SOURCE.replace("Size", "Length"))
        found = self.complaints("manual")
        self.assertEqual([text.split(": ")[1] for text in found], ["Length is missing", "there is no Size"])

    def test_measures(self):
        """too little documentation, too few tests and too long files are found"""
        self.write("model/a/long.cc", GOOD + "int a;\n" * checks.MOST_LINES)
        self.write("model/a/bare.h", "int a;\n" * 40)
        found = "\n".join(checks.measures(self.root))
        for part in ("are documentation", "lines of test", "median", "long.cc: 1001 lines"):
            self.assertIn(part, found)
        self.write("test/a-test-suite.cc", GOOD + "int a;\n" * 999)
        self.write("model/a/long.cc", GOOD)
        self.write("model/a/bare.h", "/// Why.\n" * 40)
        self.assertEqual(checks.measures(self.root), [])
