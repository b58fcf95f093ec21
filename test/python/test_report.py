# SPDX-License-Identifier: GPL-2.0-only
"""The tables that a summary is printed as."""

import io
import unittest

from azlb import report
from azlb.aggregate import merge
from rich.console import Console
from sample import summary, with_profile



def text_of(content):
    """What is printed of a summary."""
    file = io.StringIO()
    report.show(content, "results/x", Console(file=file, highlight=False, width=240))
    return file.getvalue()


def rows(text, name):
    """The cells of the table rows that begin with a name."""
    cells = [[c.strip() for c in line.split("\u2502")[1:-1]] for line in text.splitlines()]
    return [row for row in cells if row and row[0] == name]


class ReportTest(unittest.TestCase):
    def test_deployment(self):
        """what was taken and what is not modelled; brackets in names are no markup"""
        text = text_of(summary())
        self.assertEqual(
            rows(text, "Microsoft.Network/loadBalancers"),
            [["Microsoft.Network/loadBalancers", "1", "lb"]],
        )
        self.assertEqual(
            rows(text, "resources[1]"), [["resources[1]", "bastionHosts [b]", "carries no traffic"]]
        )
        content = summary()
        content["deployment"]["assumed"] = [{"path": "resources[2]", "what": "a VM", "why": "named"}]
        self.assertEqual(
            rows(text_of(content), "resources[2]"), [["resources[2]", "a VM", "named"]]
        )

    def test_rules(self):
        """requests, times and who served them"""
        requests, times = rows(text_of(summary()), "lb / web")
        self.assertEqual(
            requests[1:], ["Tcp 20.0.0.4:80", "100", "3", "timeout 3", "vm-0 60, vm-1 37"]
        )
        self.assertEqual(times[1:], 2 * ["2 ms", "4 ms", "8 ms", "100 ms"])

    def test_unasked(self):
        """a rule that nobody asked has no times"""
        content = summary()
        content["rules"][0] |= {"requests": 0, "servedBy": {}, "failures": {}}
        self.assertEqual(len(rows(text_of(content), "lb / web")), 1)

    def test_gateway(self):
        """listeners, where the time went, backends and instances of a gateway"""
        text = text_of(summary(2))
        counts, times = [row for row in rows(text, "all") if row[0] == "all"]
        self.assertEqual(counts[1:5], ["50", "502 x 2 (no-healthy-member 2)", "200 x 48", "1"])
        self.assertEqual(times[1:], 3 * ["2 ms", "8 ms"])
        (backend,) = rows(text, "pool / web")
        self.assertEqual(backend[1:4], ["10.0.1.2", "50", "40"])
        self.assertIn("instance 0, 10.0.0.4: 50 requests, connections cut: none", text)

    def test_profile(self):
        """endpoints of a profile, and why its last client was so late"""
        text = text_of(with_profile(summary()))
        self.assertIn("Traffic Manager shop: shop.trafficmanager.net, Priority, time to live 30 s", text)
        (row,) = rows(text, "first")
        self.assertEqual(row[1:6], ["a.example.com 203.0.113.1", "eastus", "12", "12", "1"])
        self.assertEqual(row[6], "CheckingEndpoint 0.0 s, Online 3.2 s")
        (group,) = rows(text, "tokyo")
        self.assertEqual(group[1:5], ["10", "100.000 s", "140.000 s", "140.000 s"])
        self.assertIn("tokyo-3 was the last to go there, 140.000 s after the fault: ", text)
        self.assertIn("wait for the probe 10.000 s + tolerated failures 90.000 s + ", text)
        self.assertIn("served elsewhere 141.000 s after the fault", text)
        merged = text_of(merge([with_profile(summary(n)) for n in (1, 2)]) | {"files": []})
        (row,) = rows(merged, "first")
        self.assertEqual(row[3:], ["24", "24", "2"])
        (group,) = rows(merged, "tokyo")
        self.assertEqual(group[1], "20")

    def test_over_time(self):
        """the more, the taller"""
        self.assertEqual(report.over_time([0, 1, 9, 5]), " .@+")
        self.assertEqual(report.over_time([]), "")

    def test_failover(self):
        """milestones with their expected interval"""
        text = text_of(summary(1, 4.0))
        self.assertEqual(
            rows(text, "verdict down"),
            [
                ["verdict down", "14.000 s", "4.000 s", "start"]
                + ["0.000 .. 5.000 s", "inside", "HP-13: phi + N*I"]
            ],
        )
        self.assertEqual(rows(text, "verdict up"), [["verdict up", "-", "-", "end", "-", "", ""]])
        self.assertIn("crash of vm-1 at 10.000 s", text)
        self.assertIn("OUTSIDE", text_of(summary(1, 6.0)))

    def test_words(self):
        """the failover in a sentence: out, back, or neither"""

        def said(down=True, up=None, probe="tcp"):
            content = summary(1, 4.0)
            (entry,) = content["failover"]
            entry["probe"] = probe
            if not down:
                entry["milestones"][0] |= {"time": None, "after": None}
            if up:
                entry["milestones"][1] |= {"time": 30 + up, "after": up, "expected": [0.0, 5.01]}
            return text_of(content)

        out = "  vm-1 left rotation after 4.000 s (theory: 0.000 .. 5.000 s), "
        self.assertIn(out + "and did not come back.\n", said())
        back = "and came back 2.000 s (theory: 0.000 .. 5.010 s) after the end of the fault.\n"
        self.assertIn(out + back, said(up=2.0))
        self.assertIn("  vm-1 stayed in rotation: no probe found the fault.\n", said(down=False))
        alone = said(down=False, probe="")
        self.assertIn("  vm-1 stayed in rotation: the rule has no probe.\n", alone)
        self.assertIn("lb / web, no probe", alone)

    def test_legend(self):
        """signs are explained, where they occur"""
        self.assertIn("phi is the wait for the next probe", text_of(summary()))
        self.assertNotIn("p-value", text_of(summary()))
        self.assertNotIn("phi", text_of(summary() | {"failover": []}))
        self.assertIn("p-value", text_of(merge([summary(1), summary(2)]) | {"files": []}))

    def test_counts(self):
        """probes and drops; reasons that never occurred are left out"""
        text = text_of(summary())
        self.assertIn("Probes: 24 sent, 20 succeeded, 4 failed", text)
        self.assertIn("dropped by lb: noRule 1\n", text)

    def test_distribution(self):
        """several runs: distribution and how many were inside"""
        text = text_of(merge([summary(1, 1.0), summary(2, 6.0)]) | {"files": ["a", "b"]})
        (row,) = rows(text, "verdict down")
        self.assertEqual(row[1:6], ["start", "1.000 s", "1.000 s", "6.000 s", "6.000 s"])
        self.assertEqual(row[7], "1/2")
        self.assertIn("connections broken: 1 to 2, median 1", text)
        self.assertIn("Results in results/x: summary.json, a, b\n", text)

    def test_files(self):
        """of many files only the first are listed"""
        content = summary() | {"files": ["f%d" % n for n in range(20)]}
        self.assertIn(": summary.json, f0, f1, f2, f3, f4, f5, f6, and 13 more\n", text_of(content))
