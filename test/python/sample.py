# SPDX-License-Identifier: GPL-2.0-only
"""Summaries as the scenario program writes them, made by hand."""


def summary(run=1, detected=4.0):
    """One run in which vm-1 crashes at 10 s and is found out `detected` seconds later."""
    times = {"p50": 0.002, "p90": 0.004, "p99": 0.008, "max": 0.1 * run}
    return {
        "schema": 2,
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
                "service": "load-balancer",
                "name": "lb",
                "rule": "web",
                "kind": "loadBalancingRule",
                "frontend": "20.0.0.4:80",
                "protocol": "Tcp",
                "url": None,
                "requests": 100,
                "succeeded": 97,
                "failed": 3,
                "failures": {"timeout": 3, "reset": 0},
                "connectTime": dict(times),
                "latency": dict(times),
                "servedBy": {"vm-0": 60, "vm-%d" % run: 37},
            }
        ],
        "applicationGateways": [gateway(times, run)],
        "trafficManagers": [],
        "failover": [
            {
                "fault": {"kind": "crash", "target": "vm-1", "start": 10.0, "end": None},
                "service": "load-balancer",
                "name": "lb",
                "rule": "web",
                "probe": "tcp",
                "instance": None,
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


def gateway(times, run):
    """An application gateway that answered some requests itself; its second run had a retry."""
    counts = {
        "requests": 50,
        "retries": run - 1,
        "gatewayStatus": {"502": run},
        "backendStatus": {"200": 50 - run},
        "reasons": {"no-healthy-member": run},
        "broken": {},
    }
    legs = {key: dict(times) for key in ("totalTime", "clientLeg", "gatewayLeg", "backendLeg")}
    spans = {key: dict(times) for key in ("connectTime", "firstByte", "lastByte")}
    backend = {"pool": "pool", "setting": "web", "member": "10.0.1.%d" % run, "reused": 40}
    instance = {"instance": 0, "address": "10.0.0.4", "requests": 50, "drops": {}}
    return {
        "name": "gw",
        "listeners": [{"listener": "all"} | counts | legs],
        "backends": [backend | counts | spans],
        "instances": [instance],
    }


def with_profile(content):
    """A summary with a Traffic Manager profile in it, and with clients that left its endpoint."""
    times = {"p50": 100.0, "p90": 120.0, "p99": 130.0, "max": 140.0}
    nothing = {key: 0.0 for key in times}
    endpoint = {
        "endpoint": "first",
        "target": "a.example.com",
        "address": "203.0.113.1",
        "region": "eastus",
        "answers": 12,
        "answersOverTime": [0, 1, 9, 0],
        "probes": [
            {"place": "eastus", "succeeded": 5, "failed": 1},
            {"place": "westeurope", "succeeded": 6, "failed": 0},
        ],
        "statuses": [
            {"time": 0.0, "status": "CheckingEndpoint"},
            {"time": 3.25, "status": "Online"},
        ],
    }
    content["trafficManagers"] = [
        {
            "name": "shop",
            "fqdn": "shop.trafficmanager.net",
            "method": "Priority",
            "ttl": 30.0,
            "endpoints": [endpoint],
        }
    ]
    content["failover"][0] |= {
        "service": "traffic-manager",
        "name": "shop",
        "groups": [
            {
                "group": "tokyo",
                "clients": 10,
                "lastConnection": dict(times),
                "resolverCache": dict(times),
                "staleTail": dict(nothing),
                "hostCache": dict(nothing),
                "elsewhere": dict(times),
            }
        ],
        "lastClient": {
            "client": "tokyo-3",
            "lastConnection": 140.0,
            "afterVerdict": True,
            "probePhase": 10.0,
            "toleratedFailures": 90.0,
            "probeTimeout": 10.0,
            "resolverCache": 20.0,
            "staleTail": 0.0,
            "hostCache": 10.0,
            "elsewhere": 141.0,
        },
    }
    return content
