# SPDX-License-Identifier: GPL-2.0-only
"""The summary of several runs."""

import unittest

from azlb.aggregate import merge
from sample import summary, with_profile


class AggregateTest(unittest.TestCase):
    def setUp(self):
        self.merged = merge([summary(1, 1.0), summary(2, 6.0), summary(3, 3.0)])

    def test_counts(self):
        """counts are added up key by key"""
        rule = self.merged["rules"][0]
        self.assertEqual((rule["requests"], rule["failed"]), (300, 9))
        self.assertEqual(rule["failures"], {"timeout": 9, "reset": 0})
        self.assertEqual(rule["servedBy"], {"vm-0": 180, "vm-1": 37, "vm-2": 37, "vm-3": 37})
        self.assertEqual(self.merged["drops"], {"lb": {"noRule": 6, "fragment": 0}})
        self.assertEqual(self.merged["flows"], {"lb": {"created": 300, "ended": {"closed": 270}}})
        self.assertEqual(self.merged["probes"], {"sent": 72, "succeeded": 60, "failed": 12})

    def test_names(self):
        """names and addresses stay"""
        rule = self.merged["rules"][0]
        self.assertEqual((rule["rule"], rule["frontend"]), ("web", "20.0.0.4:80"))

    def test_times(self):
        """of a percentile the median over the runs, of the maximum the largest"""
        rule = self.merged["rules"][0]
        self.assertEqual(rule["latency"]["p90"], 0.004)
        self.assertAlmostEqual(rule["latency"]["max"], 0.3)

    def test_gateways(self):
        """gateways are added up by listener and by backend, whichever runs reached it"""
        gateway = self.merged["applicationGateways"][0]
        listener = gateway["listeners"][0]
        self.assertEqual(listener["listener"], "all")
        self.assertEqual((listener["requests"], listener["retries"]), (150, 3))
        self.assertEqual(listener["gatewayStatus"], {"502": 6})
        self.assertEqual(listener["clientLeg"]["p50"], 0.002)
        members = [backend["member"] for backend in gateway["backends"]]
        self.assertEqual(members, ["10.0.1.1", "10.0.1.2", "10.0.1.3"])
        self.assertEqual(
            gateway["instances"],
            [{"instance": 0, "address": "10.0.0.4", "zone": "1", "requests": 150, "drops": {}}],
        )

    def test_vote(self):
        """where several places vote, times do not spread evenly"""
        summaries = [with_profile(summary(n, float(n))) for n in (1, 2, 3)]
        (entry,) = merge(summaries)["failover"]
        self.assertNotIn("uniformPValue", entry["milestones"][0])
        self.assertIn("uniformPValue", self.merged["failover"][0]["milestones"][0])
        self.assertEqual([group["clients"] for group in entry["groups"]], [30])

    def test_runs(self):
        """the runs are named and leave the scenario"""
        self.assertEqual(self.merged["runs"], [1, 2, 3])
        self.assertEqual(self.merged["scenario"], {"duration": 60, "seed": 1})

    def test_fault_times(self):
        """times of faults that differ from run to run are no times of the scenario"""
        summaries = [summary(n) for n in (1, 2)]
        for number, one in enumerate(summaries):
            one["scenario"]["faults"] = [{"kind": "crash", "start": 10.0 + number, "end": 40.0}]
        (fault,) = merge(summaries)["scenario"]["faults"]
        self.assertEqual(fault, {"kind": "crash", "start": None, "end": 40.0})

    def test_milestones(self):
        """milestones become distributions, judged one by one"""
        (entry,) = self.merged["failover"]
        self.assertEqual(entry["runs"], 3)
        down, up = entry["milestones"]
        self.assertEqual((down["min"], down["p50"], down["max"]), (1.0, 3.0, 6.0))
        self.assertEqual((down["inside"], down["judged"], down["reached"]), (2, 3, 3))
        self.assertEqual(down["expected"], [0.0, 5.0])
        self.assertEqual((up["reached"], up["judged"], up["min"]), (0, 0, None))
        self.assertEqual(entry["connectionsBroken"], {"min": 1, "p50": 2, "p90": 3, "max": 3})

    def test_uniform(self):
        """an even spread of detection times over the interval passes for uniform, a lump does not"""
        even = [summary(i + 1, 5 * (i + 0.5) / 20) for i in range(20)]
        lump = [summary(i + 1, 2.5) for i in range(20)]
        self.assertEqual(merge(even)["failover"][0]["milestones"][0]["uniformPValue"], 1.0)
        self.assertLess(merge(lump)["failover"][0]["milestones"][0]["uniformPValue"], 0.001)
        # Three runs are too few to tell.
        self.assertIsNone(self.merged["failover"][0]["milestones"][0]["uniformPValue"])

    def test_repeated_fault(self):
        """the same fault twice in a run is two faults"""
        summaries = [summary(1), summary(2)]
        for one in summaries:
            one["failover"] *= 2
        self.assertEqual([e["runs"] for e in merge(summaries)["failover"]], [2, 2])
