# SPDX-License-Identifier: GPL-2.0-only
"""`azlb run` with the real program: what is printed, and what is written."""

import csv
import ipaddress
import json
import os
import shutil
import struct
import subprocess
import tempfile
import unittest

from deployment import azlb, template, write

TSHARK = shutil.which("tshark")
PROBE_SOURCE = "168.63.129.16"


def scenario(**members):
    """A short scenario with few clients."""
    return {
        "duration": 45,
        "clients": [{"count": 2, "rate": 5}],
        "faults": [{"kind": "crash", "start": 12, "phase": "random", "duration": 20}],
    } | members


def read(folder, *names):
    """The bytes of a file."""
    with open(os.path.join(folder, *names), "rb") as file:
        return file.read()


def load(folder, *names):
    """The JSON of a file."""
    return json.loads(read(folder, *names))


def tree(folder):
    """The paths of all files below a folder."""
    return sorted(
        os.path.relpath(os.path.join(path, name), folder)
        for path, _, names in os.walk(folder)
        for name in names
    )


def endpoints(data):
    """(source, destination) of the IPv4 packets of a point-to-point pcap file."""
    magic, _, _, _, _, _, link = struct.unpack("<IHHiIII", data[:24])
    assert (magic, link) == (0xA1B2C3D4, 9), "microseconds, PPP"
    found, at = set(), 24
    while at < len(data):
        (length,) = struct.unpack("<I", data[at + 8 : at + 12])
        packet = data[at + 16 : at + 16 + length]
        found.add(tuple(str(ipaddress.IPv4Address(packet[o : o + 4])) for o in (14, 18)))
        at += 16 + length
    return found


class RunTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = temporary.name
        self.out = os.path.join(self.folder, "new", "results")

    def azlb(self, *arguments, out=None):
        """Run it; returns what it printed."""
        process = azlb("run", *arguments, "--out", out or self.out, folder=self.folder)
        self.assertEqual((process.returncode, process.stderr), (0, ""))
        return process.stdout

    def write(self, name, content):
        """Write a file."""
        return write(self.folder, name, content)

    def test_built_in(self):
        """without a file: the built-in deployment; the files are those that the summary names"""
        printed = self.azlb()
        summary = load(self.out, "summary.json")
        self.assertEqual(tree(self.out), sorted(["summary.json"] + summary["files"]))
        self.assertEqual(summary["files"], ["requests.csv", "probes.csv", "flowmon.xml"])
        rows = list(csv.DictReader(read(self.out, "requests.csv").decode().splitlines()))
        (rule,) = summary["rules"]
        self.assertEqual(sum(row["last"] == "1" for row in rows), rule["requests"])
        self.assertEqual(sum(row["outcome"] == "ok" for row in rows), rule["succeeded"])
        self.assertGreater(rule["failed"], 0)
        for text in (
            "Deployment: built-in",
            "lb / web",
            "Failover: crash of vm-0",
            "inside",
            "vm-0 left rotation after",
        ):
            self.assertIn(text, printed)
        self.assertNotIn("OUTSIDE", printed)
        self.assertIn("Results in new/results: summary.json, requests.csv", printed)

    def test_json(self):
        """--json prints the summary and nothing else"""
        file = self.write("s.json", scenario())
        self.assertEqual(json.loads(self.azlb(file, "--json")), load(self.out, "summary.json"))

    def test_parameters(self):
        """a template with a parameter file; names of the template in the report"""
        file = self.write("t.json", template())
        values = self.write("p.json", {"parameters": {"port": {"value": 8443}}})
        printed = self.azlb(file, "--parameters", values)
        (rule,) = load(self.out, "summary.json")["rules"]
        self.assertEqual((rule["rule"], rule["frontend"]), ("web", "10.0.0.10:8443"))
        self.assertEqual(sorted(rule["servedBy"]), ["vm-0", "vm-1"])
        self.assertIn("Deployment: " + file, printed)
        self.assertIn("Tcp 10.0.0.10:8443", printed)

    def test_scenario(self):
        """a scenario finds its template beside itself, and says how often it is run"""
        os.mkdir(os.path.join(self.folder, "sub"))
        self.write("sub/t.json", template())
        file = self.write(
            "sub/s.json",
            scenario(
                deployment={"template": "t.json"},
                runs=2,
                run=5,
                measurement={"requests": False, "flowMonitor": False},
            ),
        )
        self.azlb(file)
        self.assertEqual(load(self.out, "summary.json")["runs"], [5, 6])
        self.assertEqual(
            tree(self.out),
            ["run-%d/%s" % (n, f) for n in (5, 6) for f in ("probes.csv", "summary.json")]
            + ["summary.json"],
        )

    def test_comments(self):
        """a scenario is known for one with comments, too, and by its schema alone"""
        text = json.dumps(scenario(description='of "a // b" and /* c */'))
        file = self.write("s.json", "// short\n" + text[:-1] + "/* no\nmore */}")
        self.azlb(file)
        self.assertEqual(load(self.out, "summary.json")["scenario"]["duration"], 45)
        file = self.write("s.json", {"$schema": "doc/scenario.schema.json", "durations": 1})
        process = azlb("run", file, "--out", self.out)
        self.assertEqual(process.returncode, 2)
        self.assertEqual(
            process.stderr,
            "azlb: %s: 'durations': unknown key; did you mean 'duration'?\n" % file,
        )

    def test_runs(self):
        """--runs N: other phases, one merged summary, each run the same as by itself"""
        file = self.write("s.json", scenario(measurement={"flowMonitor": False}))
        printed = self.azlb(file, "--runs", "6")
        summary = load(self.out, "summary.json")
        self.assertEqual(summary["runs"], [1, 2, 3, 4, 5, 6])
        self.assertEqual(tree(self.out), sorted(["summary.json"] + summary["files"]))
        single = [load(self.out, "run-%d" % n, "summary.json") for n in summary["runs"]]
        self.assertEqual(
            summary["rules"][0]["requests"], sum(s["rules"][0]["requests"] for s in single)
        )
        (entry,) = summary["failover"]
        milestones = {m["name"]: m for m in entry["milestones"]}
        for name in ("first failed probe", "verdict down", "verdict up"):
            self.assertEqual((milestones[name]["inside"], milestones[name]["judged"]), (6, 6), name)
        down = milestones["verdict down"]
        self.assertLess(down["min"] + 0.5, down["max"], "the phases differ")
        self.assertIsNotNone(down["uniformPValue"])
        self.assertIsNone(summary["scenario"]["faults"][0]["start"])
        self.assertIn("(6 runs)", printed)
        self.assertIn("6/6", printed)
        alone = os.path.join(self.folder, "alone")
        self.azlb(file, "--run", "4", out=alone)
        for name in tree(alone):
            self.assertEqual(read(alone, name), read(self.out, "run-4", name), name)

    def test_again(self):
        """earlier results are replaced, and stay when a run is refused"""
        file = self.write("s.json", scenario())
        self.azlb(file, "--runs", "2")
        self.azlb(file)
        first = {name: read(self.out, name) for name in tree(self.out)}
        self.assertNotIn("run-1/summary.json", first)
        self.write("s.json", {"duration": -1})
        self.assertEqual(azlb("run", file, "--out", self.out).returncode, 2)
        self.assertEqual({name: read(self.out, name) for name in tree(self.out)}, first)
        self.assertEqual(os.listdir(os.path.dirname(self.out)), ["results"])

    def test_pcap(self):
        """--pcap: clients see the frontend, machines see the client and the platform's probes"""
        self.write("t.json", template())
        deployment = {"template": "t.json"}
        self.azlb(self.write("s.json", scenario(deployment=deployment)), "--pcap")
        summary = load(self.out, "summary.json")
        names = [name for name in summary["files"] if name.endswith(".pcap")]
        self.assertEqual(
            sorted(names), ["clients-0.pcap", "clients-1.pcap", "nic-0.pcap", "nic-1.pcap"]
        )
        clients, frontend = ["10.0.0.254", "10.0.0.253"], "10.0.0.10"
        for number, client in enumerate(clients):
            self.assertEqual(
                endpoints(read(self.out, "clients-%d.pcap" % number)),
                {(client, frontend), (frontend, client)},
            )
        for number, machine in enumerate(["10.0.0.4", "10.0.0.5"]):
            others = clients + [PROBE_SOURCE]
            self.assertEqual(
                endpoints(read(self.out, "nic-%d.pcap" % number)),
                {(other, machine) for other in others} | {(machine, other) for other in others},
            )
        if TSHARK:
            for name in names:
                self.check_packets(os.path.join(self.out, name))

    def check_packets(self, path):
        """A packet analyser finds nothing malformed, and HTTP in the packets."""

        def count(*options):
            process = subprocess.run(
                [TSHARK, "-r", path, *options], capture_output=True, text=True, check=True
            )
            return len(process.stdout.splitlines())

        self.assertEqual(count("-Y", "_ws.malformed || _ws.short"), 0, path)
        self.assertGreater(count("-d", "tcp.port==8080,http", "-Y", "http.response.code == 200"), 10)
