# SPDX-License-Identifier: GPL-2.0-only
"""doc/scenario.schema.json says what the scenario program takes, no more and no less."""

import copy
import glob
import json
import os
import re
import subprocess
import tempfile
import unittest

from azlb import build
from azlb.environment import BUILD, ROOT, variables
from deployment import azlb, write
from jsonschema import Draft202012Validator

SCHEMA = os.path.join(ROOT, "doc", "scenario.schema.json")
EXAMPLES = sorted(glob.glob(os.path.join(glob.escape(ROOT), "examples", "scenarios", "*.json")))
PROGRAM = os.path.join(BUILD, "bin", build.SCENARIO)

# Where each object of a scenario is, and what has to be there with it.
OBJECTS = {
    "": {},
    "deployment": {"template": "gone.json"},
    "clients[0]": {},
    "faults[0]": {"kind": "crash"},
    "clients[0].resolver": {},
    "clients[0].hostCache": {},
    "trafficManager": {},
    "measurement": {},
}
# The kind of fault that a key belongs to.
KINDS = {"delay": "slow", "status": "status", "loss": "loss", "port": "hang"}

# What only a look at several values shows, which a schema cannot do.
TOGETHER = [
    ("two groups of one name", {"clients": [{"name": "a"}, {"name": "a"}]}),
    ("an end before the start", {"clients": [{"start": 5, "stop": 5}]}),
    ("clients after the end", {"duration": 9, "clients": [{"start": 9}]}),
    ("a fault after the end", {"duration": 9, "faults": [{"kind": "hang", "start": 9}]}),
]


def placed(path, members):
    """A scenario that has nothing but some members of the object at a path."""
    if not path:
        return dict(members)
    if "." in path:
        outer, _, inner = path.partition(".")
        return placed(outer, {inner: members})
    if path.endswith("[0]"):
        return {path[:-3]: [members]}
    return {path: members}


def candidates(schema):
    """Values at and beyond the limits of a schema, and of every other type."""
    values = [None, True, 0, 1, 2.5, "x", "", [], {}, [1], ["a"]]
    for key in ("minimum", "exclusiveMinimum", "maximum"):
        if key in schema:
            values += [schema[key] - 1, schema[key], schema[key] + 1, schema[key] + 0.5]
    values += schema.get("enum", [])
    values += [word.upper() for word in schema.get("enum", [])]
    if "maxItems" in schema:
        item = {"kind": "hang"} if schema["items"]["$ref"].endswith("fault") else {}
        for count in (schema["maxItems"], schema["maxItems"] + 1):
            values.append([item | ({} if item else {"name": str(n)}) for n in range(count)])
    return values + [-1e300, 1e300, 10**30]


class ScenarioSchemaTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with open(SCHEMA, encoding="utf-8") as file:
            cls.schema = json.load(file)
        cls.validator = Draft202012Validator(cls.schema)

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = temporary.name

    def part(self, path):
        """The schema of an object of a scenario."""
        result = self.schema
        for step in path.split(".") if path else []:
            result = result["properties"][step.removesuffix("[0]")]
            if step.endswith("[0]"):
                result = self.schema["$defs"][result["items"]["$ref"].rpartition("/")[2]]
        return result

    def complaints(self, scenario):
        """What the program says against a scenario; it never gets to simulate it."""
        scenario = copy.deepcopy(scenario)
        # The scenario is read before its template is found missing.
        if isinstance(scenario.setdefault("deployment", {}), dict):
            scenario["deployment"].setdefault("template", "gone.json")
        file = write(self.folder, "s.json", scenario)
        process = subprocess.run(
            [PROGRAM, "--scenario=" + file, "--out=" + os.path.join(self.folder, "out")],
            capture_output=True,
            text=True,
            env=variables(),
            timeout=60,
            check=False,
        )
        self.assertEqual((process.returncode, process.stdout), (2, ""), process.stderr)
        lines = process.stderr.splitlines()
        return [line for line in lines if line.startswith(file + ": ")]

    def test_sound(self):
        """the schema is one, and describes every member with its unit or meaning"""
        Draft202012Validator.check_schema(self.schema)
        for path in OBJECTS:
            part = self.part(path)
            self.assertIs(part["additionalProperties"], False, path)
            for key, member in part["properties"].items():
                self.assertIn("description", member if "$ref" not in member else {}, (path, key))

    def test_keys(self):
        """the program knows the keys of the schema, and no others"""
        for path, members in OBJECTS.items():
            # Too long to be a slip of the pen, so that all known keys are named.
            (said,) = self.complaints(placed(path, members | {"q" * 70: 1}))
            known = re.search(r"unknown key; known: (.*)", said)[1].split(", ")
            self.assertEqual(sorted(known), sorted(self.part(path)["properties"]), path)

    def test_values(self):
        """a value that the schema takes, the program takes, and the other way round"""
        taken = refused = 0
        for path, members in OBJECTS.items():
            for key, schema in self.part(path)["properties"].items():
                around = members | ({"kind": KINDS[key]} if key in KINDS else {})
                for value in candidates(schema):
                    scenario = placed(path, around | {key: value})
                    valid = self.validator.is_valid(scenario)
                    said = self.complaints(scenario)
                    with self.subTest(path=path, key=key, value=str(value)[:60], said=said[:1]):
                        self.assertEqual(said == [], valid)
                        self.assertLessEqual(len(said), 1, "one error for each problem")
                        for line in said:
                            self.assertIn(key, line)
                    taken += valid
                    refused += not valid
        self.assertGreater(taken, 100)
        self.assertGreater(refused, 400)

    def test_kinds(self):
        """which key belongs to which kind of fault"""
        fault = self.part("faults[0]")["properties"]
        for kind in fault["kind"]["enum"]:
            for key in fault.keys() - {"kind", "target", "phase"}:
                scenario = {"faults": [{"kind": kind, key: fault[key].get("default", 80)}]}
                with self.subTest(kind=kind, key=key):
                    said = self.complaints(scenario)
                    self.assertEqual(said == [], self.validator.is_valid(scenario), said)

    def test_defaults(self):
        """a default of the schema is the program's"""
        given = {"duration": 2, "faults": [], "measurement": {"flowMonitor": False}}
        out = os.path.join(self.folder, "out")
        file = write(self.folder, "s.json", given | {"clients": [{"start": 1}]})
        subprocess.run([PROGRAM, "--scenario=" + file, "--out=" + out], env=variables(), check=True)
        with open(os.path.join(out, "summary.json"), encoding="utf-8") as opened:
            scenario = json.load(opened)["scenario"]
        clients = scenario["clients"][0]
        found = {"": scenario, "clients[0]": clients, "trafficManager": scenario["trafficManager"]}
        found |= {"clients[0]." + part: clients[part] for part in ("resolver", "hostCache")}
        compared = 0
        for path, members in found.items():
            for key, schema in self.part(path)["properties"].items():
                if "default" in schema and key in members:
                    self.assertEqual(members[key], schema["default"], key)
                    compared += 1
        self.assertGreater(compared, 20)

    def test_together(self):
        """what a schema cannot say, the program still refuses"""
        for what, scenario in TOGETHER:
            with self.subTest(what):
                self.assertTrue(self.validator.is_valid(scenario))
                self.assertEqual(len(self.complaints(scenario)), 1)

    def test_examples(self):
        """the examples follow the schema, name it, and run as it says; README names them"""
        with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
            readme = file.read()
        self.assertGreaterEqual(len(EXAMPLES), 2)
        for example in EXAMPLES:
            name = os.path.relpath(example, ROOT)
            with self.subTest(name):
                self.assertIn(name, readme)
                with open(example, encoding="utf-8") as file:
                    scenario = json.load(file)
                self.assertEqual([e.message for e in self.validator.iter_errors(scenario)], [])
                folder = os.path.dirname(example)
                self.assertTrue(os.path.samefile(os.path.join(folder, scenario["$schema"]), SCHEMA))
                out = os.path.join(self.folder, os.path.basename(example))
                process = azlb("run", example, "--runs", "2", "--out", out)
                self.assertEqual((process.returncode, process.stderr), (0, ""))
                with open(os.path.join(out, "summary.json"), encoding="utf-8") as file:
                    summary = json.load(file)
                milestones = [m for f in summary["failover"] for m in f["milestones"]]
                self.assertGreater(sum(m["judged"] for m in milestones), 0)
                self.assertEqual([m for m in milestones if m["inside"] < m["judged"]], [])
