# SPDX-License-Identifier: GPL-2.0-only
"""The examples, C++ and Python, run as a user does."""

import csv
import glob
import importlib.util
import ipaddress
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import unittest
from xml.etree import ElementTree

from azlb.environment import BUILD, ROOT, variables

HAS_BINDINGS = importlib.util.find_spec("cppyy") is not None


def run(name, *arguments, cwd=None):
    """Run a C++ example; returns its exit code, output and errors."""
    process = subprocess.run(
        [os.path.join(BUILD, "bin", name)] + list(arguments),
        capture_output=True,
        text=True,
        env=variables(),
        timeout=200,
        check=False,
        cwd=cwd,
    )
    return process.returncode, process.stdout, process.stderr


def segments_in(path):
    """(source, payload) of the TCP segments in a trace of a point-to-point link."""
    with open(path, "rb") as file:
        data = file.read()
    magic, link_type = struct.unpack_from("<I", data)[0], struct.unpack_from("<I", data, 20)[0]
    if (magic, link_type) != (0xA1B2C3D4, 9):
        raise ValueError("not a trace of PPP frames in little-endian order")
    segments = []
    offset = 24
    while offset < len(data):
        length = struct.unpack_from("<I", data, offset + 8)[0]
        ip = data[offset + 18 : offset + 16 + length]  # after the two bytes of PPP
        offset += 16 + length
        payload = ip[(ip[0] & 15) * 4 :]
        if ip[9] == 6:
            source = ".".join(str(byte) for byte in ip[12:16])
            segments.append((source, payload[(payload[12] >> 4) * 4 :]))
    return segments


def requests_in(path):
    """The sources of GET requests in a trace of a point-to-point link, by path."""
    sources = {}
    for source, text in segments_in(path):
        if text.startswith(b"GET "):
            sources.setdefault(text.split()[1].decode(), set()).add(source)
    return sources


class CxxExamplesTest(unittest.TestCase):
    def test_each_is_run(self):
        """every C++ example is run by one of the cases below"""
        sources = glob.glob(os.path.join(glob.escape(ROOT), "examples", "*.cc"))
        with open(__file__, encoding="utf-8") as file:
            text = file.read()
        self.assertGreaterEqual(len(sources), 3)
        for source in sources:
            self.assertIn('run("%s"' % os.path.basename(source)[:-3], text)

    def test_own_topology(self):
        """azure-lb-own-topology: verdicts lie in their intervals, every request is accounted for"""
        code, out, err = run("azure-lb-own-topology")
        self.assertEqual((code, err), (0, ""))
        found = re.findall(r"verdict (\w+) .*\+([\d.]+)s, expected \+([\d.]+)s to \+([\d.]+)s", out)
        self.assertEqual([name for name, *_ in found], ["down", "up"])
        for _, measured, low, high in found:
            self.assertLessEqual(float(low), float(measured))
            self.assertLessEqual(float(measured), float(high))
        requests, failed = map(int, re.search(r"requests: (\d+), failed: (\d+)", out).groups())
        served = [int(count) for count in re.findall(r"served by \S+ (\d+)", out)]
        self.assertEqual((len(served), sum(served)), (3, requests - failed))
        # A third of 30 requests a second fails until the verdict; that is 7.5 +- 2.5 s after it.
        self.assertTrue(5 * 10 * 0.6 < failed < 10 * 10 * 1.4, failed)

    def test_own_topology_other_sizes(self):
        """azure-lb-own-topology: other sizes work, senseless ones are refused"""
        code, out, _ = run("azure-lb-own-topology", "--clients=1", "--servers=2", "--rate=50")
        self.assertEqual((code, len(re.findall("served by", out))), (0, 2))
        for argument in ("--clients=0", "--servers=1", "--rate=-1", "--crash=1s"):
            code, out, err = run("azure-lb-own-topology", argument)
            self.assertEqual((code, out), (2, ""), argument)
            self.assertEqual(len(err.splitlines()), 1, argument)

    def test_gateway(self):
        """azure-ag-own-topology: each instance decides in its interval, and a second try saves requests"""
        code, out, err = run("azure-ag-own-topology")
        self.assertEqual((code, err), (0, ""))
        found = re.findall(
            r"instance (\d): verdict (\w+) .*\+([\d.]+)s, expected \+([\d.]+)s to \+([\d.]+)s", out
        )
        self.assertEqual([f[:2] for f in found], [(i, v) for i in "01" for v in ("down", "up")])
        for _, _, measured, low, high in found:
            self.assertLessEqual(float(low), float(measured))
            self.assertLessEqual(float(measured), float(high))
        self.assertNotEqual(found[0][2], found[2][2], "instances probe by themselves (HP-26)")
        requests, failed, retried = map(
            int, re.search(r"requests: (\d+), failed: (\d+), .* (\d+)$", out, re.MULTILINE).groups()
        )
        # Of a third of 30 requests a second, for 10 to 15 s, each is tried again (AG-37).
        self.assertTrue(10 * 10 * 0.6 < retried < 15 * 10 * 1.4, retried)
        self.assertEqual(failed, 0)
        served = [int(count) for count in re.findall(r"served by \S+ (\d+)", out)]
        self.assertEqual((len(served), sum(served)), (3, requests))
        self.assertIn("servers saw as their clients: 10.3.0.1 10.3.1.1\n", out)

    def test_traffic_manager(self):
        """azure-tm-own-topology: verdicts and the client lie in their intervals"""
        with tempfile.TemporaryDirectory() as folder:
            code, out, err = run("azure-tm-own-topology", "--pcap=1", cwd=folder)
            self.assertEqual((code, err), (0, ""))
            self.assertTrue(os.path.exists(os.path.join(folder, "azure-tm-resolver.pcap")))
        found = re.findall(r"\w.*: +\+([\d.]+)s, expected \+([\d.]+)s to \+([\d.]+)s", out)
        self.assertEqual(len(found), 4, out)
        for measured, low, high in found:
            self.assertLessEqual(float(measured), float(high))
        for measured, low, _ in (found[0], found[2], found[3]):
            self.assertLessEqual(float(low), float(measured))
        # Links of 3 and 2 ms, then twice of 2 and 20, then of 2 and 8 or 12, both ways.
        took = float(re.search(r"the first look-up took ([\d.]+) ms", out)[1])
        self.assertIn(round(took), (2 * (5 + 44 + 10), 2 * (5 + 44 + 14)))
        self.assertIn("  www.contoso.com. 3600 IN CNAME shop.trafficmanager.net.\n", out)
        self.assertIn("  shop.trafficmanager.net. 30 IN A 20.0.4.1\n", out)
        asked, first, second = map(
            int, re.search(r"Manager: (\d+), .* 0: (\d+), .* 1: (\d+)$", out, re.MULTILINE).groups()
        )
        self.assertEqual(asked, first + second)
        sources = re.search(r"probes came from: (.*)$", out, re.MULTILINE)[1].split()
        self.assertEqual(len(sources), 3)
        path = os.path.join(ROOT, "examples", "azure", "world", "service-tags-sample.json")
        with open(path, encoding="utf-8") as file:
            prefixes = json.load(file)["values"][0]["properties"]["addressPrefixes"]
        networks = [ipaddress.ip_network(prefix) for prefix in prefixes]
        for source in sources:
            address = ipaddress.ip_address(source)
            self.assertTrue(any(address in network for network in networks), source)
        for argument in ("--interval=20", "--tolerated=10", "--places=0", "--crash=1s"):
            code, out, err = run("azure-tm-own-topology", argument)
            self.assertEqual((code, out), (2, ""), argument)
            self.assertEqual(len(err.splitlines()), 1, argument)

    def test_two_services(self):
        """azure-two-services: what the server sees, in its own words and in its packets"""
        with tempfile.TemporaryDirectory() as folder:
            code, out, err = run("azure-two-services", "--pcap=1", cwd=folder)
            self.assertEqual((code, err), (0, ""))
            self.assertEqual(
                out.splitlines(),
                [
                    "a client behind the application gateway: 10.3.0.1 10.3.1.1",
                    "probes of the application gateway: 10.3.0.1 10.3.1.1",
                    "a client behind the load balancer: 10.1.0.1",
                    "probes of the load balancer: 168.63.129.16",
                ],
            )
            seen = requests_in(os.path.join(folder, "azure-two-services-server.pcap"))
        self.assertEqual(seen["/lb"], {"10.1.0.1"})
        self.assertEqual(seen["/ag"], {"10.3.0.1", "10.3.1.1"})
        self.assertEqual(seen["/lb-probe"], {"168.63.129.16"})
        self.assertEqual(seen["/ag-probe"], {"10.3.0.1", "10.3.1.1"})

    def test_client_certificate(self):
        """azure-client-certificate: it reaches the server through one service alone"""
        with tempfile.TemporaryDirectory() as folder:
            code, out, err = run("azure-client-certificate", "--pcap=1", cwd=folder)
            self.assertEqual((code, err), (0, ""))
            self.assertEqual(
                out.splitlines(),
                [
                    # Probes of the gateway.
                    "/: from 10.3.0.1, certificate none",
                    "/: from 10.3.1.1, certificate none",
                    "/ag: X-Client-Subject CN=device-7",
                    "/ag: X-Client-Verification SUCCESS",
                    "/ag: X-Forwarded-Proto https",
                    "/ag: from 10.3.0.1, certificate none",
                    "/ag: from 10.3.1.1, certificate none",
                    "/lb: from 10.1.0.1, certificate CN=device-7",
                ],
            )
            segments = segments_in(os.path.join(folder, "azure-client-certificate-server.pcap"))
        spoken = {}
        for source, payload in segments:
            spoken[source] = spoken.get(source, b"") + payload
        # The certificate itself, which names its issuer; the header fields do not.
        self.assertIn(b"CN=Devices", spoken["10.1.0.1"])
        for instance in ("10.3.0.1", "10.3.1.1"):
            self.assertNotIn(b"CN=Devices", spoken[instance])
            for field in (b"X-Client-Subject: CN=device-7", b"x-forwarded-proto: https"):
                self.assertIn(field, spoken[instance])

    def test_dns(self):
        """azure-dns-own-topology: times are sums of round trips; every packet of DNS is decoded"""
        with tempfile.TemporaryDirectory() as folder:
            code, out, err = run("azure-dns-own-topology", "--pcap=1", cwd=folder)
            self.assertEqual((code, err), (0, ""))
            found = re.findall(r"host (\d) at (\d+) s: Found (\S+) after ([\d.]+) ms", out)
            self.assertEqual([f[2] for f in found], ["192.0.2.1"] * 4)
            # Nothing cached, the resolver's cache, the host's cache, all expired but delegations.
            for (_, _, _, measured), expected in zip(found, (84, 8, 0, 20)):
                self.assertAlmostEqual(float(measured), expected, delta=0.1)
            self.assertTrue(os.path.exists(os.path.join(folder, "azure-dns-resolver.pcap")))

    def responsiveness(self, *arguments):
        """The rows of azure-dns-responsiveness by second: (share on the new answer, stale clients)"""
        code, out, err = run("azure-dns-responsiveness", *arguments)
        self.assertEqual((code, err), (0, ""))
        rows = list(csv.DictReader(out.splitlines()))
        self.assertEqual([float(row["seconds"]) for row in rows[:3]], [5, 10, 15])
        return {
            float(row["seconds"]): (float(row["on_new_answer"]), float(row["stale_clients"]))
            for row in rows
        }

    def test_dns_responsiveness(self):
        """azure-dns-responsiveness: the published figures, and a curve that is that of its mix"""
        rows = self.responsiveness("--clients=400", "--minutes=15.5")
        # Flavel, Mani and Maltz, LANMAN 2014: 90 % of requests within 60 s, 2 % of clients stale
        # after 15 minutes. The bounds are what 400 clients of 80 resolvers leave to chance.
        self.assertAlmostEqual(rows[60][0], 0.90, delta=0.025)
        self.assertAlmostEqual(rows[900][1], 0.02, delta=0.01)

        def honours(t, period):
            return min(1, max(0, t) / period)

        def program(t, keeps, ttl=20):
            # It asks at a time x of its minute, and again a minute later if the resolver still
            # had the old answer then.
            steps = 1000
            asked = [keeps * (i + 0.5) / steps for i in range(steps)]
            return sum(
                honours(x, ttl) * (x <= t) + (1 - honours(x, ttl)) * (x + keeps <= t)
                for x in asked
            ) / steps

        def share(t):
            return (
                0.74 * honours(t, 20)
                + 0.05 * honours(t, 60)
                + 0.06 * honours(t, 300)
                + 0.12 * program(t, 60)
                + 0.02 * program(t, 1800)
            )

        for second in (10, 20, 30, 60, 120, 180, 240, 300, 600, 900):
            # A row is the mean of its five seconds; TTLs are whole seconds, rounded up.
            expected = sum(share(second - 5 + k - 0.5) for k in range(6)) / 6
            deviation = abs(rows[second][0] - expected)
            # Clients of a resolver change together: 80 of them decide, and four deviations pass.
            self.assertLess(deviation, 4 * (expected * (1 - expected) / 80) ** 0.5, second)

    def test_dns_responsiveness_mixes(self):
        """azure-dns-responsiveness: other mixes, and those that make no sense"""
        others = ("ceiling", "stretch", "floor", "browser", "pinned", "restart")
        none = ["--%s=0" % name for name in others]
        small = ["--clients=20", "--minutes=2"]
        rows = self.responsiveness(*small, *none)
        # The TTL, a second of rounding, and the look-up.
        self.assertEqual({share for second, (share, _) in rows.items() if second > 25}, {1.0})
        self.assertLess(rows[10][0], 1)
        rows = self.responsiveness(*small, *none[:-1], "--restart=100")
        self.assertEqual(set(rows.values()), {(0.0, 1.0)})
        rows = self.responsiveness(*small, *none[1:], "--ceiling=100")
        self.assertEqual({share for second, (share, _) in rows.items() if second > 15}, {1.0})
        for argument in ("--floor=90", "--floor=-1", "--clients=4", "--ttl=0", "--minutes=0"):
            code, out, err = run("azure-dns-responsiveness", argument)
            self.assertEqual((code, out), (2, ""), argument)
            self.assertIn("please", err)

    def test_dns_responsiveness_plot(self):
        """azure-dns-responsiveness-plot.py: every row is a point, and what is no curve is refused"""
        program = os.path.join(ROOT, "examples", "azure-dns-responsiveness-plot.py")
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "a<b.csv")

            def plot(text):
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
                return subprocess.run(
                    [sys.executable, program, path], capture_output=True, text=True, check=False
                )

            head = "seconds,requests,on_new_answer,stale_clients\n"
            done = plot(head + "5,10,0,1\n60,10,0.9,0.1\n900,10,1,0\n")
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            picture = ElementTree.fromstring(done.stdout)
            name = "{http://www.w3.org/2000/svg}"
            (curve,) = picture.findall(name + "polyline")
            points = [tuple(map(float, p.split(","))) for p in curve.get("points").split()]
            circles = [
                (float(c.get("cx")), float(c.get("cy"))) for c in picture.findall(name + "circle")
            ]
            self.assertEqual(len(points), 3)
            # The curve goes through the first published point and above the second one.
            self.assertEqual(points[1], circles[0])
            self.assertEqual(points[2][0], circles[1][0])
            self.assertLess(points[2][1], circles[1][1])
            for text in ("", head, "a,b\n1,2\n", head + "5,1,2,0\n", head + "x,1,1,0\n"):
                done = plot(text)
                self.assertEqual((done.returncode, done.stdout), (2, ""), text)
                self.assertEqual(len(done.stderr.splitlines()), 1, text)

    def test_several_frontends(self):
        """azure-lb-several-frontends: every byte arrives, by the rule that it was sent to"""
        code, out, err = run("azure-lb-several-frontends")
        self.assertEqual((code, err), (0, ""))
        rows = re.findall(r"^server-\d +(\d+) +(\d+) +(\d+) +(\d+)$", out, re.MULTILINE)
        bulk, echo, video, ssh = ([int(row[i]) for row in rows] for i in range(4))
        self.assertEqual((len(rows), sum(bulk), sum(echo)), (3, 30 * 20000, 30 * 4))
        # Flows go to one server whole: 20,000 bytes or four packets each.
        self.assertEqual([n % 20000 for n in bulk] + [n % 4 for n in echo], [0] * 6)
        self.assertEqual(sorted(count > 0 for count in video), [False, False, True])
        self.assertEqual(ssh, [1000, 2000, 3000])
        counts = re.search(r"FlowMonitor: (\d+) flows, (\d+) packets sent, (\d+) received", out)
        flows, sent, received = map(int, counts.groups())
        # Answers are flows of their own for FlowMonitor; the video stream has none.
        self.assertEqual((flows, sent), (2 * (30 + 30 + 3) + 30, received))
        self.assertIn("balancer: 93 flows, 0 packets dropped", out)

    def test_template(self):
        """azure-lb-template: a cut link is detected within the interval of HP-13"""
        code, out, err = run("azure-lb-template")
        self.assertEqual((code, err), (0, ""))
        found = re.findall(r"^  (\w[^0-9]*\S) +([\d.]+)s  expected ([\d.]+)s to ([\d.]+)s", out, re.MULTILINE)
        self.assertEqual([f[0] for f in found], ["first failed probe", "verdict down", "verdict up"])
        for _, measured, low, high in found:
            self.assertLessEqual(float(low), float(measured))
            self.assertLessEqual(float(measured), float(high))
        self.assertNotIn("never", out)
        self.assertNotEqual(out, run("azure-lb-template", "--run=2")[1])

    def test_template_missing(self):
        """azure-lb-template: a file that is not there is an error, not a crash"""
        code, out, err = run("azure-lb-template", "--template=nowhere.json")
        self.assertEqual((code, out), (2, ""))
        self.assertIn("nowhere.json", err)


def check_python_example(case, path):
    """Run examples/azure-lb-python.py with `path` before the search path of Python."""
    environment = variables() | {"PYTHONPATH": path}
    process = subprocess.run(
        [sys.executable, os.path.join(ROOT, "examples", "azure-lb-python.py")],
        capture_output=True,
        text=True,
        env=environment,
        timeout=200,
        check=False,
    )
    case.assertEqual((process.returncode, process.stderr), (0, ""))
    lines = process.stdout.splitlines()
    counts = [int(re.fullmatch(r"server-\d: (\d+) packets", line)[1]) for line in lines[:-1]]
    case.assertEqual(lines[-1], "answers: 240 of 240")
    case.assertEqual((len(counts), sum(counts)), (3, 240))
    for count in counts:
        # 4 packets a flow; 60 flows, so 20 +- 5 standard deviations a server.
        case.assertEqual(count % 4, 0)
        case.assertLess(abs(count / 4 - 20), 5 * (60 * 1 / 3 * 2 / 3) ** 0.5)


class PythonExamplesTest(unittest.TestCase):
    @unittest.skipUnless(HAS_BINDINGS, "cppyy is not installed; `./azlb python` installs it")
    def test_azure_lb_python(self):
        """azure-lb-python: each flow goes to one of the servers, and every packet is answered"""
        check_python_example(self, variables()["PYTHONPATH"])

    @unittest.skipUnless(HAS_BINDINGS, "cppyy is not installed; `./azlb python` installs it")
    def test_azure_ag_python(self):
        """azure-ag-python: each path goes to its server, which sees an instance"""
        process = subprocess.run(
            [sys.executable, os.path.join(ROOT, "examples", "azure-ag-python.py")],
            capture_output=True,
            text=True,
            env=variables(),
            timeout=200,
            check=False,
        )
        self.assertEqual((process.returncode, process.stderr), (0, ""))
        lines = process.stdout.splitlines()
        served = {}
        for line in lines[:-1]:
            server, path, instance, count = re.fullmatch(
                r"server (\d): (\S+) from (\S+): (\d+)", line
            ).groups()
            self.assertIn(instance, ("10.0.1.2", "10.0.2.2"))
            served[server, path] = served.get((server, path), 0) + int(count)
        self.assertEqual(served, {("0", "/index.html"): 40, ("1", "/images/logo.png"): 40})
        self.assertRegex(lines[-1], r"^200 from the backend: 80, ")

    @unittest.skipUnless(HAS_BINDINGS, "cppyy is not installed; `./azlb python` installs it")
    def test_azure_tm_python(self):
        """azure-tm-python: look-ups are spread by weight, and both servers are probed"""
        process = subprocess.run(
            [sys.executable, os.path.join(ROOT, "examples", "azure-tm-python.py")],
            capture_output=True,
            text=True,
            env=variables(),
            timeout=200,
            check=False,
        )
        self.assertEqual((process.returncode, process.stderr), (0, ""))
        lines = process.stdout.splitlines()
        small, large = (int(line.split(": ")[1]) for line in lines[:2])
        self.assertEqual(small + large, 200)
        self.assertLess(abs(small - 50), 4 * (200 * 1 / 4 * 3 / 4) ** 0.5)
        self.assertEqual(lines[2], "queries to Traffic Manager: 200")
        for name, line in zip(("large", "small"), lines[3:]):
            self.assertRegex(line, r"^%s, from [\d.]+: HTTP 200, [23] times$" % name)

    @unittest.skipUnless(HAS_BINDINGS, "cppyy is not installed; `./azlb python` installs it")
    def test_azure_dns_python(self):
        """azure-dns-python: a client follows its server's name when the TTL is over"""
        process = subprocess.run(
            [sys.executable, os.path.join(ROOT, "examples", "azure-dns-python.py")],
            capture_output=True,
            text=True,
            env=variables(),
            timeout=200,
            check=False,
        )
        self.assertEqual((process.returncode, process.stderr), (0, ""))
        rows = re.findall(
            r"^ *(\d+) s: ok, look-up ([\d.]+) ms, server (\d)$", process.stdout, re.MULTILINE
        )
        self.assertEqual([int(second) for second, *_ in rows], list(range(1, 141, 10)))
        for second, look_up, server in rows:
            # To the resolver 1 ms, to the name server, which has both zones, 10 ms. An answer is
            # kept for 30 s from when it comes, so a bit longer than until the third request after
            # the one that asked. The change at 70 s is seen at 81 s.
            expected = 2 * (1 + 10) if int(second) % 40 == 1 else 0
            self.assertAlmostEqual(float(look_up), expected, delta=0.1, msg=second)
            self.assertEqual(server, "0" if int(second) < 81 else "1", second)
        found = re.findall(r"www.example.com is ([\d.]+)$", process.stdout, re.MULTILINE)
        self.assertEqual(found, ["10.0.2.2", "10.0.3.2"])

    @unittest.skipUnless(HAS_BINDINGS, "cppyy is not installed; `./azlb python` installs it")
    def test_installed_package(self):
        """pyproject.toml: the package that pip builds runs azure-lb-python away from this folder"""
        with tempfile.TemporaryDirectory() as folder:
            pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
            # Without a sandbox of its own: everything needed is in this environment.
            subprocess.run(
                pip + ["wheel", "--no-deps", "--no-build-isolation", "-w", folder, ROOT],
                check=True,
                capture_output=True,
                text=True,
                env=variables(),
            )
            wheels = os.listdir(folder)
            self.assertEqual(len(wheels), 1, wheels)
            self.assertRegex(wheels[0], r"^azure_load_balancing-[\d.]+-py3-none-linux_x86_64\.whl$")
            target = os.path.join(folder, "target")
            subprocess.run(
                pip + ["install", "--no-deps", "--target", target, os.path.join(folder, wheels[0])],
                check=True,
                capture_output=True,
                text=True,
                env=variables(),
            )
            check_python_example(self, target)

    if not os.environ.get("AZLB_TEST_ALL"):
        # It compiles the whole library.
        del test_installed_package
