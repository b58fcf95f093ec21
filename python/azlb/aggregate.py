# SPDX-License-Identifier: GPL-2.0-only
"""Merges the summaries of several runs of one scenario into one."""

from .statistics import kolmogorov_smirnov, percentile, spread

# The milestones whose time after the fault is the wait for a probe plus a constant, so uniform
# over the phase of the probe (HP-13).
UNIFORM = ("first failed probe", "verdict down")
PERCENTILES = ("p50", "p90", "p99", "max")
# What the parts of an application gateway are known by.
GATEWAY_PARTS = {
    "listeners": ("listener",),
    "backends": ("pool", "setting", "member"),
    "sessionListeners": ("listener",),
    "sessionBackends": ("pool", "setting", "member"),
    "instances": ("instance", "address"),
}


def merge(summaries):
    """The summary of runs: counts are added up, times become distributions over the runs."""
    first = summaries[0]
    result = {
        "schema": first["schema"],
        "runs": [s["scenario"]["run"] for s in summaries],
        "deployment": first["deployment"],
        "scenario": merge_scenario([s["scenario"] for s in summaries]),
        "rules": merge_rules(summaries),
        "applicationGateways": merge_gateways(summaries),
        "trafficManagers": merge_profiles(summaries),
        "failover": merge_failover(summaries),
    }
    for key in ("drops", "flows", "probes"):
        result[key] = add([s[key] for s in summaries])
    return result


def merge_scenario(scenarios):
    """The scenario without what differs from run to run: the number and the times of faults."""
    result = {key: value for key, value in scenarios[0].items() if key != "run"}
    if "faults" in result:
        result["faults"] = [
            {
                key: value if all(fault[key] == value for fault in faults) else None
                for key, value in faults[0].items()
            }
            for faults in zip(*(scenario["faults"] for scenario in scenarios))
        ]
    return result


def add(values):
    """Add up numbers, or dictionaries of them key by key; keys in order of appearance."""
    if isinstance(values[0], dict):
        keys = dict.fromkeys(key for value in values for key in value)
        return {key: add([value[key] for value in values if key in value]) for key in keys}
    return sum(values)


def merge_rules(summaries):
    """Per rule: counts added up; of each percentile the median over the runs, of `max` the largest."""
    return [merge_part(rules) for rules in zip(*(s["rules"] for s in summaries))]


def merge_gateways(summaries):
    """Per application gateway: listeners, backends and instances, each as merge_rules does."""
    result = []
    for gateways in zip(*(s["applicationGateways"] for s in summaries)):
        merged = {"name": gateways[0]["name"]}
        for key, names in GATEWAY_PARTS.items():
            groups = {}
            for gateway in gateways:
                for part in gateway.get(key, []):  # results of before have no sessions
                    groups.setdefault(tuple(part[name] for name in names), []).append(part)
            # Not every run reaches every backend.
            merged[key] = [
                merge_part(parts) | dict(zip(names, group)) for group, parts in groups.items()
            ]
        result.append(merged)
    return result


def merge_profiles(summaries):
    """Per Traffic Manager profile: answers and probes of each endpoint; times differ from run to run."""
    result = []
    for profiles in zip(*(s["trafficManagers"] for s in summaries)):
        merged = {key: profiles[0][key] for key in ("name", "fqdn", "method", "ttl")}
        merged["endpoints"] = []
        for parts in zip(*(profile["endpoints"] for profile in profiles)):
            endpoint = {key: parts[0][key] for key in ("endpoint", "target", "address", "region")}
            endpoint["answers"] = sum(part["answers"] for part in parts)
            places = {}
            for part in parts:
                for probes in part["probes"]:
                    places.setdefault(probes["place"], []).append(probes)
            endpoint["probes"] = [merge_part(probes) for probes in places.values()]
            merged["endpoints"].append(endpoint)
        result.append(merged)
    return result


def merge_part(parts):
    """One of several alike: counts added up, percentiles merged, texts those of the first."""
    merged = {}
    for key, value in parts[0].items():
        if isinstance(value, dict) and set(value) == set(PERCENTILES):
            merged[key] = {p: merge_times(p, [r[key].get(p) for r in parts]) for p in value}
        elif isinstance(value, dict):
            merged[key] = add([r[key] for r in parts])
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            merged[key] = sum(r[key] for r in parts)
        else:
            merged[key] = value
    return merged


def merge_times(name, values):
    """One figure of a distribution of times over the runs."""
    values = [v for v in values if v is not None]
    return max(values, default=None) if name == "max" else percentile(values, 50)


def merge_failover(summaries):
    """Per fault and rule: the distribution of each milestone over the runs."""
    groups = {}
    for summary in summaries:
        seen = {}
        for entry in summary["failover"]:
            fault = entry["fault"]
            key = (fault["kind"], fault.get("target"), entry.get("name"))
            key += (entry.get("rule"), entry.get("probe"), entry.get("instance"))
            # The same fault may befall the same target more than once in a run.
            seen[key] = seen.get(key, -1) + 1
            groups.setdefault(key + (seen[key],), []).append(entry)
    result = []
    for entries in groups.values():
        merged = {
            key: entries[0].get(key) for key in ("service", "name", "rule", "probe", "instance")
        }
        merged["fault"] = {key: entries[0]["fault"].get(key) for key in ("kind", "target")}
        merged["runs"] = len(entries)
        merged["milestones"] = merge_milestones(entries)
        for key in ("connectionsBroken", "requestsFailed", "clientsAffected"):
            merged[key] = spread([entry[key] for entry in entries])
        if "groups" in entries[0]:
            clients = {}
            for entry in entries:
                for group in entry["groups"]:
                    clients.setdefault(group["group"], []).append(group)
            merged["groups"] = [merge_part(groups) for groups in clients.values()]
        result.append(merged)
    return result


def merge_milestones(entries):
    """The distribution of the time from the fault to each milestone, and how often it was inside."""
    names = dict.fromkeys(m["name"] for entry in entries for m in entry["milestones"])
    result = []
    for name in names:
        all_of_it = [m for entry in entries for m in entry["milestones"] if m["name"] == name]
        reached = [m for m in all_of_it if m.get("after") is not None]
        judged = [m for m in all_of_it if m.get("inside") is not None]
        expected = next((m["expected"] for m in all_of_it if m.get("expected")), None)
        merged = {"name": name, "reached": len(reached)}
        merged |= spread([m["after"] for m in reached])
        merged["expected"] = expected
        merged["inside"] = sum(m["inside"] for m in judged)
        merged["judged"] = len(judged)
        merged["theory"] = next((m["theory"] for m in all_of_it if m.get("theory")), None)
        # Of several places that vote the median decides, which is not spread evenly.
        is_vote = entries[0].get("service") == "traffic-manager"
        if name in UNIFORM and expected and not is_vote:
            merged["uniformPValue"] = uniform_p_value(reached)
        result.append(merged)
    return result


def uniform_p_value(milestones):
    """The p-value of milestones being uniform over their expected intervals."""
    positions = []
    for milestone in milestones:
        interval = milestone.get("expected")
        if not interval or not interval[0] < interval[1]:
            return None
        positions.append((milestone["after"] - interval[0]) / (interval[1] - interval[0]))
    return kolmogorov_smirnov(positions, 0.0, 1.0)
