# SPDX-License-Identifier: GPL-2.0-only
"""Summaries as the scenario program writes them, made by hand."""


def summary(run=1, detected=4.0):
    """One run in which vm-1 crashes at 10 s and is found out `detected` seconds later."""
    times = {"p50": 0.002, "p90": 0.004, "p99": 0.008, "max": 0.1 * run}
    return {
        "schema": 1,
        "deployment": {
            "source": "built-in",
            "resources": [
                {"type": "Microsoft.Network/loadBalancers", "name": "lb", "modelled": True},
                {"type": "Microsoft.Network/bastionHosts", "name": "b", "modelled": False},
            ],
            "notModelled": [
                {"path": "resources[1]", "what": "bastionHosts [b]", "why": "carries no traffic"}
            ],
        },
        "scenario": {"duration": 60, "seed": 1, "run": run},
        "rules": [
            {
                "loadBalancer": "lb",
                "rule": "web",
                "kind": "loadBalancingRule",
                "frontend": "20.0.0.4:80",
                "protocol": "Tcp",
                "requests": 100,
                "succeeded": 97,
                "failed": 3,
                "failures": {"timeout": 3, "reset": 0},
                "connectTime": dict(times),
                "latency": dict(times),
                "servedBy": {"vm-0": 60, "vm-%d" % run: 37},
            }
        ],
        "failover": [
            {
                "fault": {"kind": "crash", "target": "vm-1", "start": 10.0, "end": None},
                "service": "load-balancer",
                "loadBalancer": "lb",
                "rule": "web",
                "probe": "tcp",
                "milestones": [
                    {
                        "name": "verdict down",
                        "time": 10.0 + detected,
                        "after": detected,
                        "expected": [0.0, 5.0],
                        "inside": detected <= 5.0,
                        "theory": "HP-13: phi + N*I",
                    },
                    {
                        "name": "verdict up",
                        "time": None,
                        "after": None,
                        "expected": None,
                        "inside": None,
                        "theory": None,
                    },
                ],
                "connectionsBroken": run,
                "requestsFailed": 3,
                "clientsAffected": 2,
            }
        ],
        "drops": {"lb": {"noRule": run, "fragment": 0}},
        "flows": {"lb": {"created": 100, "ended": {"closed": 90}}},
        "probes": {"sent": 24, "succeeded": 20, "failed": 4},
        "files": ["requests.csv"],
    }
