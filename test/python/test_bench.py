# SPDX-License-Identifier: GPL-2.0-only
"""The bench divides what it measures, subtracts what cancels, and judges by its limits."""

import contextlib
import io
import unittest
from unittest import mock

from azlb import bench
from azlb.failure import Failure


def printed(results):
    """What the user sees."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        bench.show(results)
    return output.getvalue()


class FakeMachine:
    """Programs with known costs: `cost` of a packet by option, a start-up that must cancel."""

    STARTUP = 12345
    FLOW_BYTES = 100

    def __init__(self, instructions, seconds, events):
        self.instructions = instructions
        self.seconds = seconds
        self.events = events
        self.commands = []
        self.liar = None

    def options(self, command):
        """The options of a command line, by name."""
        self.commands.append(command)
        return dict(part[2:].split("=") for part in command if part.startswith("--"))

    @staticmethod
    def length(options):
        """Packets or requests of a run."""
        return int(options.get("packets", options.get("requests", 0)))

    def count(self, command):
        """Instructions of a run."""
        options = self.options(command)
        return self.STARTUP + self.length(options) * self.instructions(options)

    def measure(self, command):
        """What a run prints."""
        options = self.options(command)
        packets, flows = self.length(options), int(options.get("flows", 0))
        idle = int(options.get("idle", 0)) * (3 if options["path"] == "gateway" else 1) if (
            "idle" in options
        ) else 0
        return {
            "toServer": packets * 391,
            "toClient": packets * (2000 if options.get("path") == self.liar else 1000),
            "seconds": packets * self.seconds(options),
            "events": self.STARTUP + packets * self.events(options),
            "bytes": self.STARTUP + flows * self.FLOW_BYTES + idle * 1000,
        }

    def figures(self):
        """All figures of this machine, by name."""
        with mock.patch.object(bench, "find_counter", lambda: self.count):
            with mock.patch.object(bench, "measure", self.measure):
                return {f["name"]: f for f in bench.figures("programs")}


def costly(options):
    """A cost that tells what each option adds."""
    cost = {
        "plain": 100,
        "balanced": 101,
        "port": 103,
        "gateway": 120,
        "echo": 100 * int(options.get("exchanges", 1)),
        "host": 20,
        "hit": 300,
        "server": 280,
        "miss": 700,
    }[options.get("path", "plain")]
    cost += {"none": 0, "stock": 20, "nat": 10}[options.get("monitor", "none")]
    return cost * (1.2 if int(options.get("flows", 0)) > 1000 else 1)


class BenchTest(unittest.TestCase):
    def test_ratios(self):
        """every figure is the ratio of what it names"""
        found = FakeMachine(costly, costly, lambda options: 7).figures()
        for protocol in ("UDP", "TCP"):
            for name, value in (
                ("balanced path over plain forwarding, %s: extra events per packet", 0),
                ("balanced path over plain forwarding, %s: instructions", 1.01),
                ("balanced path over plain forwarding, %s: wall time", 1.01),
                ("the same with another port, %s: instructions", 1.03),
                ("flow probe over the stock one, %s: instructions", 110 / 120),
                ("a million flows, %s: memory of a flow", FakeMachine.FLOW_BYTES),
                ("a million flows, %s: events of a flow", 0),
                ("a million flows, %s: wall time of a packet over a thousand's", 1.2),
            ):
                self.assertAlmostEqual(found[name % protocol]["value"], value, msg=name)
                self.assertIsNot(found[name % protocol]["ok"], False, name)

    def test_proxy(self):
        """a gateway is divided by plain legs; legs with other bytes are refused"""
        machine = FakeMachine(costly, costly, costly)
        found = machine.figures()
        for size in ("1 KiB", "10 MiB"):
            for what in ("events", "instructions", "wall time"):
                name = "proxying %s at layer 7 over two plain TCP legs: %s" % (size, what)
                if (size, what) == ("10 MiB", "instructions"):
                    self.assertNotIn(name, found)
                    continue
                self.assertAlmostEqual(found[name]["value"], 1.2, msg=name)
                self.assertIs(found[name]["ok"], True, name)
        idle = "an idle connection to a gateway: memory "
        self.assertEqual(found[idle + "beyond plain TCP"]["value"], 2000)
        self.assertEqual(found[idle + "with both TCP ends"]["value"], 3000)
        machine.liar = "gateway"
        with self.assertRaises(Failure):
            machine.figures()

    def test_queries(self):
        """a query is divided by as many echoes as it takes exchanges; times are those of one"""
        seconds = lambda options: costly(options) / 1e6
        found = FakeMachine(costly, seconds, lambda options: 7).figures()
        for name, echoes, ratio, micros in (
            ("a query to a resolver's cache", "an echo", 3, 300),
            ("a query that misses it, with two aliases", "2 echoes", 3.5, 700),
            ("a query to a name server", "an echo", 2.8, 280),
        ):
            for what in ("instructions", "wall time"):
                full = "%s over %s: %s" % (name, echoes, what)
                self.assertAlmostEqual(found[full]["value"], ratio, msg=full)
            self.assertEqual(found["%s over %s: extra events" % (name, echoes)]["value"], 0)
            self.assertAlmostEqual(found[name + ": wall time"]["value"], micros, msg=name)
            self.assertIsNone(found[name + ": wall time"]["ok"])
        self.assertAlmostEqual(found["a look-up in a host's cache: wall time"]["value"], 20)
        slow = lambda options: 500 if options["path"] == "hit" else 100
        with mock.patch.object(bench, "measure", FakeMachine(slow, slow, slow).measure):
            results = bench.query_figures("program", FakeMachine(slow, slow, slow).count)
        verdicts = {result["name"]: result["ok"] for result in results}
        self.assertIs(verdicts["a query to a resolver's cache over an echo: instructions"], False)
        self.assertIs(verdicts["a query to a resolver's cache over an echo: extra events"], False)

    def test_limits(self):
        """a balancer that costs events or time fails"""
        balanced = lambda options: 200 if options.get("path", "plain") == "balanced" else 100
        found = FakeMachine(balanced, balanced, balanced).figures()
        for name in ("extra events per packet", "instructions", "wall time"):
            figure = found["balanced path over plain forwarding, UDP: " + name]
            self.assertIs(figure["ok"], False, name)
            self.assertIn("TOO MUCH", printed([figure]))

    def test_no_limit_no_value(self):
        """without a limit or a value there is no judgement"""
        told = bench.figure("a", 1.5, "ratio", None)
        missing = bench.figure("b", None, "ratio", 1.0)
        self.assertIsNone(told["ok"])
        self.assertIsNone(missing["ok"])
        self.assertIn("(no limit)", printed([told]))
        self.assertIn("not measured", printed([missing]))

    def test_alternation(self):
        """each of a pair runs first in every other pair"""
        order = []
        pairs = bench.alternate(4, lambda: order.append("a") or 2, lambda: order.append("b") or 1)
        self.assertEqual("".join(order), "baabbaab")
        self.assertEqual(pairs, [(2, 1)] * 4)
