# SPDX-License-Identifier: GPL-2.0-only
"""Prints a summary as tables."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

LISTED_NAMES = 6
LISTED_FILES = 8
PERCENTILES = ("p50", "p90", "p99", "max")
# The milestones whose times count from the end of the fault; all others count from its start.
AFTER_END = ("verdict up", "first new flow after recovery")
LEGEND = """
"start" and "end" are those of the fault. Theory: phi is the wait for the next probe, T its time-out, I its interval,
N how many probes in a row decide. A client has recovered with its first success after its first failure."""
UNIFORM_LEGEND = """
"uniform" is the p-value of times that spread as theory has it, evenly over the expected interval: below 0.01, they do not."""


def show(summary, folder, console=None):
    """Print the summary of one run, or the merged one of several."""
    # Wide enough for the tables where the output is a file or a pipe.
    console = console or Console(highlight=False)
    if not console.is_terminal:
        console.width = max(console.width, 150)
    show_deployment(console, summary["deployment"])
    runs = summary.get("runs")
    show_rules(console, summary["rules"], runs)
    for gateway in summary["applicationGateways"]:
        show_gateway(console, gateway, runs)
    for profile in summary["trafficManagers"]:
        show_profile(console, profile, runs)
    for entry in summary["failover"]:
        if runs:
            show_failover_distribution(console, entry)
        else:
            show_failover(console, entry)
        if "groups" in entry:
            show_departure(console, entry, runs)
    if summary["failover"]:
        legend = LEGEND + (UNIFORM_LEGEND if runs else "")
        console.print(legend.replace("\n", " ").strip(), style="dim")
    show_counts(console, summary)
    files = ["summary.json"] + summary["files"]
    what = ", ".join(files[:LISTED_FILES])
    if len(files) > LISTED_FILES:
        what += ", and %d more" % (len(files) - LISTED_FILES)
    console.print("\nResults in [bold]%s[/bold]: %s" % (escape(folder), escape(what)))


def table(title, *columns):
    """A table; a column whose name starts with `>` is right-aligned."""
    result = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for column in columns:
        result.add_column(
            column.lstrip(">"),
            justify="right" if column.startswith(">") else "left",
            no_wrap=column == "frontend",
        )
    return result


def seconds(value):
    """A time for the eye: milliseconds below a second; `-` for none."""
    if value is None:
        return "-"
    if abs(value) < 1:
        return "%.3g ms" % (value * 1000) if value else "0 ms"
    return "%.3f s" % value


def interval(bounds):
    """An interval of times."""
    return "-" if not bounds else "%.3f .. %.3f s" % tuple(bounds)


def verdict(inside):
    """Whether a time lies inside its expected interval."""
    if inside is None:
        return ""
    return "[green]inside[/green]" if inside else "[red]OUTSIDE[/red]"


def show_deployment(console, deployment):
    """The resources that were taken and those that are not modelled."""
    source = deployment["source"]
    console.print("\n[bold]Deployment[/bold]: %s" % escape(source))
    kinds = {}
    for resource in deployment["resources"]:
        if resource["modelled"]:
            kinds.setdefault(resource["type"], []).append(resource["name"])
    taken = table("Resources taken", "type", ">number", "names")
    for kind, names in kinds.items():
        listed = ", ".join(names[:LISTED_NAMES])
        if len(names) > LISTED_NAMES:
            listed += ", and %d more" % (len(names) - LISTED_NAMES)
        taken.add_row(escape(kind), str(len(names)), escape(listed))
    console.print(taken)
    for title, key in (("Not modelled", "notModelled"), ("Made up", "assumed")):
        if deployment.get(key):
            missing = table(title, "where", "what", "why")
            for item in deployment[key]:
                missing.add_row(*(escape(item[part]) for part in ("path", "what", "why")))
            console.print(missing)


def show_rules(console, rules, runs):
    """Requests and times of each rule."""
    title = "Requests" + (" (%d runs added up)" % len(runs) if runs else "")
    requests = table(title, "service / rule", "frontend", ">requests", ">failed", "how", "served by")
    title = "Times" + (" (percentiles are medians over the runs)" if runs else "")
    heads = [">" + what + p for what in ("connect ", "latency ") for p in PERCENTILES]
    times = table(title, "service / rule", *heads)
    for rule in rules:
        name = escape("%s / %s" % (rule["name"], rule["rule"]))
        how = ", ".join("%s %d" % item for item in rule["failures"].items() if item[1])
        served = list(rule["servedBy"].items())
        by = ", ".join("%s %d" % item for item in served[:LISTED_NAMES])
        if len(served) > LISTED_NAMES:
            by += ", and %d more" % (len(served) - LISTED_NAMES)
        requests.add_row(
            name,
            escape("%s %s" % (rule["protocol"], rule["url"] or rule["frontend"])),
            str(rule["requests"]),
            str(rule["failed"]),
            escape(how),
            escape(by),
        )
        if rule["requests"]:
            figures = (rule[what].get(p) for what in ("connectTime", "latency") for p in PERCENTILES)
            times.add_row(name, *(seconds(figure) for figure in figures))
    console.print(requests)
    console.print(times)


def statuses(part):
    """Two cells: status codes made by the gateway, with the reasons, and by backends."""
    cells = [
        ", ".join("%s x %d" % item for item in part[who].items())
        for who in ("gatewayStatus", "backendStatus")
    ]
    reasons = ", ".join("%s %d" % item for item in part["reasons"].items())
    if reasons:
        cells[0] += " (%s)" % reasons
    return [escape(cell) for cell in cells]


def show_gateway(console, gateway, runs):
    """Listeners, backends and instances of an application gateway."""
    title = "Application gateway %s" % escape(gateway["name"])
    title += " (%d runs added up)" % len(runs) if runs else ""
    heads = ["listener", ">requests", "status by gateway", "status by backends", ">retries", "broken off"]
    result = table(title, *heads)
    legs = ("clientLeg", "gatewayLeg", "backendLeg")
    heads = [">%s %s" % (what, p) for what in ("client", "gateway", "backend") for p in ("p50", "p99")]
    heads += [">client RTT p50"]
    times = table("Where the time of answered requests went", "listener", *heads)
    for part in gateway["listeners"]:
        name = escape(part["listener"])
        broken = ", ".join("%s %d" % item for item in part["broken"].items())
        result.add_row(
            name, str(part["requests"]), *statuses(part), str(part["retries"]), escape(broken)
        )
        if part["requests"]:
            figures = [part[leg].get(p) for leg in legs for p in ("p50", "p99")]
            figures.append(part["clientRtt"].get("p50"))
            times.add_row(name, *(seconds(figure) for figure in figures))
    console.print(result)
    console.print(times)
    heads = ["pool / setting", "member", ">requests", ">reused", "status by gateway"]
    heads += ["status by backend", ">connect p50", ">first byte p50", ">last byte p50"]
    result = table("Backends: the member that was tried last", *heads)
    for part in gateway["backends"]:
        result.add_row(
            escape("%s / %s" % (part["pool"], part["setting"])),
            escape(part["member"]),
            str(part["requests"]),
            str(part["reused"]),
            *statuses(part),
            *(seconds(part[key].get("p50")) for key in ("connectTime", "firstByte", "lastByte")),
        )
    console.print(result)
    show_sessions(console, gateway)
    for part in gateway["instances"]:
        drops = ", ".join("%s %d" % item for item in part["drops"].items())
        place = part["address"] + (", zone %s" % part["zone"] if part["zone"] else "")
        console.print(
            "  instance %d, %s: %d requests%s, connections cut: %s"
            % (
                part["instance"],
                escape(place),
                part["requests"],
                ", %d sessions" % part["sessions"] if part.get("sessions") else "",
                escape(drops) or "none",
            )
        )
    if not runs:
        show_history(console, gateway)


def show_history(console, gateway):
    """Instances that came and went, and the metrics of an application gateway."""
    for step in gateway["states"]:
        if step["time"]:
            what = "instance %d %s" % (step["instance"], step["state"])
            what += " in zone %s" % step["zone"] if step["zone"] else ""
            console.print("  %.3f s: %s" % (step["time"], escape(what)))
    for wish in gateway["wanted"]:
        console.print(
            "  %.3f s: %.2f capacity units ask for %d instances"
            % (wish["time"], wish["capacityUnits"], wish["instances"])
        )
    if not gateway["metrics"]:
        return
    heads = [">until", ">requests", ">failed", ">total time", ">client RTT", ">connect", ">first byte"]
    heads += [">last byte", ">kB/s", ">connections", ">capacity units", ">compute units"]
    heads += [">instances", ">healthy hosts"]
    result = table("Metrics: averages of each interval", *heads)
    times = ("applicationGatewayTotalTime", "clientRtt", "backendConnectTime")
    times += ("backendFirstByteResponseTime", "backendLastByteResponseTime")
    for sample in gateway["metrics"]:
        hosts = sample["hosts"]
        healthy = sum(host["healthyHostCount"] for host in hosts)
        all_hosts = healthy + sum(host["unhealthyHostCount"] for host in hosts)
        result.add_row(
            seconds(sample["end"]),
            str(sample["totalRequests"]),
            str(sample["failedRequests"]),
            *(seconds(sample[key]) for key in times),
            "%.1f" % (sample["throughput"] / 1000),
            str(sample["currentConnections"]),
            "%.2f" % sample["capacityUnits"],
            "%.2f" % sample["computeUnits"],
            str(sample["instances"]),
            "%g of %g" % (healthy, all_hosts),
        )
    console.print(result)


def show_sessions(console, gateway):
    """Listeners and backends of layer 4, if the gateway has any."""
    heads = [">sessions", "how they ended", ">bytes to backend", ">bytes to client"]
    heads += [">duration p50", ">connect p50"]

    def cells(part):
        return (
            str(part["sessions"]),
            escape(", ".join("%s %d" % item for item in part["ends"].items())),
            str(part["bytesToBackend"]),
            str(part["bytesToClient"]),
            *(seconds(part[key].get("p50")) for key in ("duration", "connectTime")),
        )

    if gateway.get("sessionListeners"):
        result = table("Sessions at layer 4", "listener", *heads)
        for part in gateway["sessionListeners"]:
            result.add_row(escape(part["listener"]), *cells(part))
        console.print(result)
    if gateway.get("sessionBackends"):
        result = table("Backends at layer 4", "pool / setting", "member", *heads)
        for part in gateway["sessionBackends"]:
            name = "%s / %s" % (part["pool"], part["setting"])
            result.add_row(escape(name), escape(part["member"]), *cells(part))
        console.print(result)


def over_time(counts):
    """Numbers as a line of characters, the taller the more; a space for none."""
    most = max(counts, default=0)
    scale = ".:-=+*#%@"
    return "".join(
        " " if count == 0 else scale[(count * len(scale) - 1) // most] for count in counts
    )


def show_profile(console, profile, runs):
    """Endpoints of a Traffic Manager profile: who was answered what, how probes fared."""
    title = "Traffic Manager %s: %s, %s, time to live %g s" % (
        profile["name"],
        profile["fqdn"],
        profile["method"],
        profile["ttl"],
    )
    title = escape(title) + (" (%d runs added up)" % len(runs) if runs else "")
    heads = ["endpoint", "target", "region", ">answers"]
    heads += [">probes", ">failed"] + ([] if runs else ["status since", "answers over the run"])
    result = table(title, *heads)
    for part in profile["endpoints"]:
        good, bad = (sum(count[key] for count in part["probes"]) for key in ("succeeded", "failed"))
        cells = [part["endpoint"], "%s %s" % (part["target"], part["address"]), part["region"]]
        cells += [str(part["answers"]), str(good + bad), str(bad)]
        if not runs:
            since = ["%s %.1f s" % (s["status"], s["time"]) for s in part["statuses"]]
            cells += [", ".join(since), over_time(part["answersOverTime"])]
        result.add_row(*(escape(cell) for cell in cells))
    console.print(result)


def show_departure(console, entry, runs):
    """When clients left an endpoint that was down, and what kept them."""
    parts = ("resolverCache", "hostCache", "staleTail")
    heads = [">resolver cache", ">own cache", ">stale"]
    result = table(
        "Clients that still went to the target, by their last connection there",
        "group",
        ">clients",
        ">last p50",
        ">last max",
        *(head + " max" for head in heads),
        ">elsewhere p50",
        ">elsewhere max",
    )
    for group in entry["groups"]:
        result.add_row(
            escape(group["group"]),
            str(group["clients"]),
            *(seconds(group["lastConnection"].get(p)) for p in ("p50", "max")),
            *(seconds(group[part].get("max")) for part in parts),
            *(seconds(group["elsewhere"].get(p)) for p in ("p50", "max")),
        )
    console.print(result)
    last = entry.get("lastClient")
    if not last or runs:
        return
    text = "%s was the last to go there, %s after the fault" % (
        last["client"],
        seconds(last["lastConnection"]),
    )
    if last["afterVerdict"]:
        names = {
            "probePhase": "wait for the probe",
            "toleratedFailures": "tolerated failures",
            "probeTimeout": "time-out",
            "resolverCache": "cache of the resolver",
            "hostCache": "own cache",
            "staleTail": "stale tail",
        }
        text += ": " + " + ".join("%s %s" % (name, seconds(last[k])) for k, name in names.items())
    else:
        text += ", before the verdict"
    console.print("  " + escape(text + "."))
    if last["elsewhere"] is not None:
        console.print("  It was served elsewhere %s after the fault." % seconds(last["elsewhere"]))


def fault_title(entry):
    """Which fault, seen through which rule."""
    fault = entry["fault"]
    text = "Failover: %s of %s" % (fault["kind"], fault["target"])
    if fault.get("start") is not None:
        text += " at %s" % seconds(fault["start"])
    if fault.get("end") is not None:
        text += ", over at %s" % seconds(fault["end"])
    seen = [entry.get("name"), entry.get("rule")]
    text += " - " + " / ".join(s for s in seen if s)
    if entry.get("instance") is not None:
        text += ", instance %d" % entry["instance"]
    text += ", probe %s" % entry["probe"] if entry.get("probe") else ", no probe"
    return escape(text)


def counted_from(milestone):
    """What the time of a milestone counts from."""
    return "end" if milestone["name"] in AFTER_END else "start"


def in_words(entry):
    """What became of the target of a fault, in a sentence."""
    found = {milestone["name"]: milestone for milestone in entry["milestones"]}
    target = entry["fault"]["target"]

    def when(name, what):
        milestone = found.get(name)
        if not milestone or milestone["after"] is None:
            return None
        text = "%s %s" % (what, seconds(milestone["after"]))
        if milestone["expected"]:
            text += " (theory: %s)" % interval(milestone["expected"])
        return text

    down = when("verdict down", "%s left rotation after" % target)
    if not down:
        return "%s stayed in rotation: %s." % (
            target,
            "no probe found the fault" if entry.get("probe") else "the rule has no probe",
        )
    up = when("verdict up", "and came back")
    if up:
        return "%s, %s after the end of the fault." % (down, up)
    return "%s, and did not come back." % down


def show_failover(console, entry):
    """The timeline of one fault."""
    result = table(
        fault_title(entry), "milestone", ">time", ">after", "the", ">expected", "", "theory"
    )
    for milestone in entry["milestones"]:
        result.add_row(
            escape(milestone["name"]),
            "-" if milestone["time"] is None else "%.3f s" % milestone["time"],
            seconds(milestone["after"]),
            counted_from(milestone),
            interval(milestone["expected"]),
            verdict(milestone["inside"]),
            escape(milestone["theory"] or ""),
        )
    console.print(result)
    console.print("  " + escape(in_words(entry)))
    console.print(
        "  connections broken: %d, requests failed: %d, clients affected: %d"
        % (entry["connectionsBroken"], entry["requestsFailed"], entry["clientsAffected"])
    )


def show_failover_distribution(console, entry):
    """The distribution of the milestones of a fault over the runs."""
    result = table(
        fault_title(entry) + " (%d runs)" % entry["runs"],
        "milestone",
        "after the",
        ">min",
        ">p50",
        ">p90",
        ">max",
        ">expected",
        ">inside",
        ">uniform",
        "theory",
    )
    for milestone in entry["milestones"]:
        inside = "%d/%d" % (milestone["inside"], milestone["judged"]) if milestone["judged"] else "-"
        if milestone["judged"]:
            style = "green" if milestone["inside"] == milestone["judged"] else "red"
            inside = "[%s]%s[/%s]" % (style, inside, style)
        p_value = milestone.get("uniformPValue")
        name = milestone["name"]
        if 0 < milestone["reached"] < entry["runs"]:
            name += " (in %d runs)" % milestone["reached"]
        result.add_row(
            escape(name),
            counted_from(milestone),
            *(seconds(milestone[key]) for key in ("min", "p50", "p90", "max")),
            interval(milestone["expected"]),
            inside,
            "-" if p_value is None else "%.3f" % p_value,
            escape(milestone["theory"] or ""),
        )
    console.print(result)
    for key, text in (
        ("connectionsBroken", "connections broken"),
        ("requestsFailed", "requests failed"),
        ("clientsAffected", "clients affected"),
    ):
        values = entry[key]
        console.print("  %s: %d to %d, median %d" % (text, values["min"], values["max"], values["p50"]))


def show_counts(console, summary):
    """Probes and drops, one line each."""
    probes = summary["probes"]
    console.print(
        "\nProbes: %d sent, %d succeeded, %d failed"
        % (probes["sent"], probes["succeeded"], probes["failed"])
    )
    for balancer, reasons in summary["drops"].items():
        counts = ", ".join("%s %d" % item for item in reasons.items() if item[1])
        console.print("Packets dropped by %s: %s" % (escape(balancer), escape(counts) or "none"))
