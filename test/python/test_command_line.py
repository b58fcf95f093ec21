# SPDX-License-Identifier: GPL-2.0-only
"""What the command line takes and refuses."""

import contextlib
import io
import os
import subprocess
import sys
import tempfile
import unittest

from azlb import command_line, run
from azlb.environment import ROOT
from azlb.failure import Failure

WRONG = [
    [],
    ["nonsense"],
    ["run", "a.json", "b.json"],
    ["run", "--runs", "0"],
    ["run", "--runs", "many"],
    ["run", "--runs", "100001"],
    ["run", "--seed", "-1"],
    ["run", "--seed", "4294944443"],
    ["run", "--jobs"],
    ["run", "--jso"],
    ["test", "--nonsense"],
    ["bench", "extra"],
]


class CommandLineTest(unittest.TestCase):
    def test_wrong(self):
        """wrong usage ends with code 2 and says why on the error stream"""
        for arguments in WRONG:
            with self.subTest(arguments=arguments):
                out, err = io.StringIO(), io.StringIO()
                with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                    with self.assertRaises(SystemExit) as caught:
                        command_line.parse(arguments)
                self.assertEqual(caught.exception.code, 2)
                self.assertIn("error: ", err.getvalue())
                self.assertIn("usage: azlb", err.getvalue())
                self.assertEqual(out.getvalue(), "")

    def test_program(self):
        """the program itself ends with code 2 before it sets anything up"""
        process = subprocess.run(
            [sys.executable, os.path.join(ROOT, "azlb"), "nonsense"],
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(process.returncode, 2, process.stderr)
        self.assertIn("invalid choice: 'nonsense'", process.stderr)

    def test_defaults(self):
        """one run of the built-in scenario is the default"""
        arguments = command_line.parse(["run"])
        self.assertIsNone(arguments.input)
        self.assertEqual(list(run.run_numbers(arguments, None)), [1])

    def test_runs(self):
        """the numbers of the runs are the command line's, else the scenario's"""

        def numbers(*options, **scenario):
            return list(run.run_numbers(command_line.parse(["run", *options]), scenario))

        self.assertEqual(numbers("--runs", "3"), [1, 2, 3])
        self.assertEqual(numbers("--runs", "2", "--run", "7"), [7, 8])
        self.assertEqual(numbers(runs=2, run=5), [5, 6])
        self.assertEqual(numbers("--run", "9", runs=2, run=5), [9, 10])
        self.assertEqual(numbers("--runs", "1", runs=2, run=5), [5])
        # The program says what is wrong with them.
        for wrong in ("2", 0, -1, True, 1.5, 10**9, None, [2]):
            self.assertEqual(numbers(runs=wrong), [1], wrong)
        with self.assertRaises(Failure) as caught:
            numbers("--run", "4294967295", "--runs", "2")
        self.assertEqual(caught.exception.code, 2)

    def test_python(self):
        """everything behind `python` is for the interpreter"""
        arguments = command_line.parse(["python", "x.py", "--help", "--runs", "0"])
        self.assertEqual(arguments.arguments, ["x.py", "--help", "--runs", "0"])

    def test_parts(self):
        """only `python` and the Python examples of the tests ask for what the bindings need"""
        for command in ("run", "bench"):
            self.assertNotIn("bindings", command_line.parse([command]).parts)
        self.assertIn("bindings", command_line.parse(["python"]).parts)
        for needed in ([], ["--all"], ["examples"], ["report", "examples"]):
            self.assertIn("bindings", command_line.parse(["test"] + needed).parts)
        for other in (["report"], ["--list"], ["--update-docs"], ["--sanitize"]):
            self.assertNotIn("bindings", command_line.parse(["test"] + other).parts)

    def test_folder(self):
        """results never go where other files are"""
        with tempfile.TemporaryDirectory() as folder:
            run.check_folder(folder)
            run.check_folder(os.path.join(folder, "new"))
            file = os.path.join(folder, "precious.txt")
            with open(file, "w", encoding="utf-8"):
                pass
            for place in (folder, file):
                with self.assertRaises(Failure) as caught:
                    run.check_folder(place)
                self.assertEqual(caught.exception.code, 2)
            # A summary makes earlier results of what it names, and of nothing else.
            with open(os.path.join(folder, "summary.json"), "w", encoding="utf-8") as opened:
                opened.write('{"files": ["requests.csv", "run-1/probes.csv"]}')
            with self.assertRaises(Failure) as caught:
                run.check_folder(folder)
            self.assertIn("precious.txt", str(caught.exception))
            os.remove(file)
            os.mkdir(os.path.join(folder, "run-1"))
            run.check_folder(folder)

    def test_scenario(self):
        """a scenario is told from a template by what is at its top"""
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "x.json")
            for text, expected in (
                ('{"duration": 60}', True),
                ('{"seed": 3}', True),
                ('{"resources": [], "duration": 60}', False),
                ('{"name": "lb"}', False),
                ("[1]", False),
                ("no JSON", False),
            ):
                with open(file, "w", encoding="utf-8") as opened:
                    opened.write(text)
                self.assertEqual(run.is_scenario(file), expected, text)
        self.assertFalse(run.is_scenario(os.path.join(folder, "gone.json")))

    def test_name(self):
        """results are named after the input, or after its folder where its name says nothing"""
        self.assertEqual(run.name_of(None), "built-in")
        self.assertEqual(run.name_of("a/b.json"), "b")
        self.assertEqual(run.name_of("web/azuredeploy.json"), "web")
