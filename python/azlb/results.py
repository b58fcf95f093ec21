# SPDX-License-Identifier: GPL-2.0-only
"""doc/results.md: what each fault does to each service, one line each, pinned.

A change of behaviour is a change of that file. The numbers come out of one short run of the
scenario program each, with fixed seeds.
"""

import json
import os
import subprocess
import tempfile

from .environment import ROOT, variables

TABLE = "doc/results.md"

LOAD = {"clients": [{"count": 4, "rate": 10}]}
START = {"phase": "random", "start": 20, "duration": 30}
FAULTS = [
    {"kind": "crash"},
    {"kind": "hang"},
    {"kind": "portClosed"},
    {"kind": "slow", "delay": 2},
    {"kind": "status", "status": 503},
    {"kind": "linkCut"},
    {"kind": "loss", "loss": 0.1},
    {"kind": "probeBlocked"},
]

# Service, what its probe is, the template (none: the built-in deployment).
DEPLOYMENTS = [
    ("Load Balancer", "TCP, every 5 s", None),
    ("Load Balancer", "HTTP, every 5 s", "load-balancer-ip-configured-backend-pool"),
]

HEAD = """# Pinned results

What each fault of 30 s does to each service, in one run with a fixed seed, from the simulation:
when the target is judged down after the start of the fault, when it is judged up again after its
end, each with the interval that theory allows ("none": no verdict, as the probe does not see
the fault, or theory says nothing, as loss hits a probe by chance), and how many requests
failed of how many, by outcome. Written by `./azlb test --update-docs`; the tests check that it is
current, so that a change in behaviour is a change here.

| Service | Probe | Fault | Down after, s | Expected | Up after, s | Expected | Failed requests |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""


def describe(fault):
    """A fault and its particular, e.g. `status 503`."""
    return " ".join(str(value) for value in fault.values())


def simulate(program, template, fault):
    """The summary of one run."""
    scenario = LOAD | {"faults": [fault | START]}
    if template:
        file = os.path.join(ROOT, "examples", "azure", template, "azuredeploy")
        scenario["deployment"] = {
            "template": file + ".json",
            "parameters": file + ".parameters.json",
        }
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "scenario.json")
        with open(file, "w", encoding="utf-8") as opened:
            json.dump(scenario, opened)
        subprocess.run(
            [program, "--scenario=" + file, "--out=" + folder], env=variables(), check=True
        )
        with open(os.path.join(folder, "summary.json"), encoding="utf-8") as opened:
            return json.load(opened)


def milestone(failover, name):
    """Two cells: when a step happened, and what theory says of it."""
    step = next(m for m in failover["milestones"] if m["name"] == name)
    after = "none" if step["after"] is None else "%.3f" % step["after"]
    expected = "none" if step["expected"] is None else "%.2f to %.2f" % tuple(step["expected"])
    return [after, expected]


def rows(program):
    """The lines of the table."""
    for service, probe, template in DEPLOYMENTS:
        for fault in FAULTS:
            summary = simulate(program, template, fault)
            failover = summary["failover"][0]
            rule = next(r for r in summary["rules"] if r["rule"] == failover["rule"])
            failed = "%d of %d" % (rule["failed"], rule["requests"])
            if rule["failures"]:
                kinds = ["%s %d" % kind for kind in sorted(rule["failures"].items())]
                failed += ": " + ", ".join(kinds)
            yield (
                [service, probe, describe(fault)]
                + milestone(failover, "verdict down")
                + milestone(failover, "verdict up")
                + [failed]
            )


def render(program):
    """The whole document."""
    return HEAD + "".join("| %s |\n" % " | ".join(row) for row in rows(program))


def update(program):
    """Write the document anew."""
    text = render(program)
    with open(os.path.join(ROOT, TABLE), "w", encoding="utf-8") as file:
        file.write(text)
