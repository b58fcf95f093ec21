# SPDX-License-Identifier: GPL-2.0-only
"""What is wrong with the input is told in one line, and nothing is written."""

import os
import tempfile
import unittest

from deployment import SUBNET, azlb, part, reference, resource, template, write

LB = "resources[1].properties."
RULE = LB + "loadBalancingRules[0].properties."


def changed(change):
    """The sound template, changed."""
    result = template()
    change(result["resources"])
    return result


def network(resources):
    """The properties of the virtual network."""
    return resources[0]["properties"]


def balancer(resources):
    """The properties of the load balancer."""
    return resources[1]["properties"]


def rule(resources):
    """The properties of the rule."""
    return balancer(resources)["loadBalancingRules"][0]["properties"]


def address(resources, number):
    """The properties of the address of a network interface."""
    return resources[2 + 2 * number]["properties"]["ipConfigurations"][0]["properties"]


def with_subnet(resources, prefix):
    """Add a subnet."""
    network(resources)["subnets"].append({"name": "b", "properties": {"addressPrefix": prefix}})


def second_network(resources, prefix):
    """Add a virtual network."""
    space = {"addressSpace": {"addressPrefixes": [prefix]}, "subnets": []}
    resources.append(resource("Microsoft.Network/virtualNetworks", "other", space))


def crowd(resources, machines):
    """Shrink the subnet to 3 usable addresses and add network interfaces."""
    network(resources)["subnets"][0]["properties"]["addressPrefix"] = "10.0.0.0/29"
    del balancer(resources)["frontendIPConfigurations"][0]["properties"]["privateIPAddress"]
    for number in range(2, machines + 1):
        nic = {"ipConfigurations": [{"name": "ip", "properties": {"subnet": SUBNET}}]}
        name = "nic-%d" % number
        resources.append(resource("Microsoft.Network/networkInterfaces", name, nic))


def nested(depth):
    """An array in an array in an array ..."""
    return "[" * depth + "]" * depth


# (what, content of the file, what is said of it behind its name); a part of what is said will do.
TEMPLATES = [
    ("malformed JSON", '{"$schema": ', "malformed JSON at line 1, column 13: "),
    ("an empty file", "", "is empty\n"),
    ("nothing but white space", " \n", "malformed JSON at line 2, column 1: "),
    ("no UTF-8", '{"name": "\xe9"}'.encode("latin-1"), "malformed JSON at line 1, column 12: "),
    ("UTF-16", '{"a": 1}'.encode("utf-16"), "malformed JSON at line 1, column 1: "),
    ("huge nesting", nested(100000), "malformed JSON at line 1, column 65: more than 64 nested"),
    ("a number beyond all numbers", '{"a": 1e999}', "malformed JSON at line 1, column "),
    ("neither template nor resource", {}, "this is neither a deployment template (no $schema)"),
    (
        "a template for a subscription",
        template() | {"$schema": "https://x/2018-05-01/subscriptionDeploymentTemplate.json#"},
        "$schema: 'https://x/2018-05-01/subscriptionDeploymentTemplate.json#' is not supported",
    ),
    (
        "a construct that is not supported",
        changed(lambda r: rule(r).update(frontendPort="[reference('x').y[?z]]")),
        RULE + "frontendPort: ",
    ),
    (
        "an unknown function",
        changed(lambda r: rule(r).update(frontendPort="[portOf('web')]")),
        RULE + "frontendPort: ",
    ),
    (
        "an unknown parameter",
        changed(lambda r: rule(r).update(frontendPort="[parameters('prot')]")),
        RULE + "frontendPort: ",
    ),
    (
        "a reference to what is not there",
        changed(
            lambda r: address(r, 0).update(
                subnet=reference("Microsoft.Network/virtualNetworks/subnets", "net", "z")
            )
        ),
        "resources[2].properties.ipConfigurations[0].properties.subnet.id: no subnet '",
    ),
    (
        "a rule that names a missing pool",
        changed(lambda r: rule(r).update(backendAddressPool=part("backendAddressPools", "poool"))),
        RULE + "backendAddressPool",
    ),
    (
        "subnets that overlap",
        changed(lambda r: with_subnet(r, "10.0.0.128/25")),
        "resources[0].properties.subnets[1].properties.addressPrefix: 10.0.0.128/25 of subnet 'b'"
        " overlaps 10.0.0.0/24 of 'a'\n",
    ),
    (
        "virtual networks that overlap",
        changed(lambda r: second_network(r, "10.0.128.0/17")),
        "resources[6].properties.addressSpace.addressPrefixes[0]: 10.0.128.0/17 of virtual network"
        " 'other' overlaps 10.0.0.0/16 of 'net'\n",
    ),
    (
        "an address that is used twice",
        changed(lambda r: address(r, 1).update(privateIPAddress="10.0.0.10")),
        "resources[4].properties.ipConfigurations[0].properties.privateIPAddress: 10.0.0.10 is used"
        " by 'lb' already\n",
    ),
    (
        "an address that Azure keeps",
        changed(lambda r: address(r, 1).update(privateIPAddress="10.0.0.1")),
        "resources[4].properties.ipConfigurations[0].properties.privateIPAddress: 10.0.0.1 is kept",
    ),
    (
        "a value of the wrong type",
        changed(lambda r: rule(r).update(backendPort="many")),
        RULE + "backendPort: must be an integer, but is 'many'\n",
    ),
    (
        "no room for machines",
        changed(lambda r: crowd(r, 2)),
        "subnet.id: subnet 'net/a' has no address left\n",
    ),
    (
        "nothing to simulate",
        changed(lambda r: r.__delitem__(slice(1, None))),
        "the deployment has no regional load balancer, no application gateway and no Traffic Manager"
        " profile, so there is nothing to simulate\n",
    ),
]

SCENARIOS = [
    ("malformed JSON", '{"duration": 10,,}', "malformed JSON at line 1, column 17: "),
    ("a negative time", {"faults": [{"kind": "crash", "start": -1}]}, "faults[0].start: must not be negative\n"),
    ("an endless time", '{"duration": 1e999}', "malformed JSON at line 1, column 18: a number is out of range"),
    ("no number", '{"duration": NaN}', "malformed JSON at line 1, column 14: "),
    ("a member that occurs twice", '{"duration": 30, "duration": 40}', "duration occurs twice"),
    ("too much for anybody", {"clients": [{"count": 10000, "rate": 1e6}]}, "clients: is too much for one run: "),
    ("a port that no server has", {"faults": [{"kind": "hang", "port": 81}]}, "faults[0].port: no server of 'vm-0' has"),
    ("an unknown key", {"duration": 9, "fault": []}, "'fault': unknown key; did you mean 'faults'?\n"),
    ("a key in the wrong place", {"faults": [{"kind": "crash", "count": 2}]}, "faults[0].'count': unknown key"),
    ("the wrong type", {"duration": "90"}, "duration: must be a number, not a string\n"),
    ("an object for a list", {"clients": {}}, "clients: must be a list, not an object\n"),
    ("an unknown kind", {"faults": [{"kind": "crush"}]}, "faults[0].kind: unknown value 'crush'; did you mean 'crash'?\n"),
    ("an unknown machine", {"faults": [{"kind": "crash", "target": "vm-9"}]}, "faults[0].target: no virtual machine or"),
    ("an unknown rule", {"clients": [{"targets": ["wob"]}]}, "clients[0].targets[0]: no TCP rule or frontend is 'wob'"),
    ("nesting", '{"duration": ' + nested(70) + "}", "more than 64 nested"),
    ("a folder for a template", {"deployment": {"template": "."}}, "is a folder, not a file\n"),
    ("a template that is not there", {"deployment": {"template": "no.json"}}, "no such file\n"),
    ("parameters without a template", {"deployment": {"parameters": "p.json"}}, "deployment.parameters: needs a template\n"),
    ("two faults at a time", {"faults": [{"kind": "crash"}, {"kind": "hang"}]}, "faults[1]: hits 'vm-0' while faults[0] lasts"),
    ("runs that are none", {"runs": 0}, "runs: must be between 1 and 100000\n"),
    ("a seed that is none", {"seed": 4294967295}, "seed: must be between 1 and 4294944442\n"),
]

PARAMETERS = [
    ("malformed JSON", "[", "malformed JSON at line 1, column 2: "),
    ("an unknown parameter", {"parameters": {"prot": {"value": 80}}}, "parameters.prot: "),
    ("the wrong type", {"parameters": {"port": {"value": "x"}}}, "parameters.port"),
]


class BadInputTest(unittest.TestCase):
    def refuse(self, folder, arguments, said, path=None):
        """The program says one thing, with code 2, and leaves no trace."""
        before = sorted(os.listdir(folder))
        out = os.path.join(folder, "results", "x")
        process = azlb("run", *arguments, "--out", out)
        self.assertEqual((process.returncode, process.stdout), (2, ""), process.stderr)
        self.assertTrue(process.stderr.startswith("azlb: " + (path or "")), process.stderr)
        self.assertIn(said, process.stderr)
        self.assertEqual(process.stderr.count("\n"), 1, "one line: " + process.stderr)
        self.assertEqual(sorted(os.listdir(folder)), before)

    def test_templates(self):
        """templates and resources: file, JSON path and reason"""
        for what, content, said in TEMPLATES:
            with self.subTest(what), tempfile.TemporaryDirectory() as folder:
                file = write(folder, "t.json", content)
                self.refuse(folder, [file], said, file + ": ")

    def test_scenarios(self):
        """scenarios: file, JSON path and reason"""
        for what, content, said in SCENARIOS:
            with self.subTest(what), tempfile.TemporaryDirectory() as folder:
                file = write(folder, "s.json", content)
                self.refuse(folder, [file], said)

    def test_parameters(self):
        """parameter files: file, JSON path and reason"""
        for what, content, said in PARAMETERS:
            with self.subTest(what), tempfile.TemporaryDirectory() as folder:
                file = write(folder, "t.json", template())
                values = write(folder, "p.json", content)
                self.refuse(folder, [file, "--parameters", values], said, values + ": ")

    def test_files(self):
        """files that are none"""
        with tempfile.TemporaryDirectory() as folder:
            file = write(folder, "t.json", template())
            gone = os.path.join(folder, "gone.json")
            pipe = os.path.join(folder, "pipe")
            os.mkfifo(pipe)
            for path, said in (
                (gone, "no such file"),
                (folder, "is a folder, not a file"),
                (pipe, "is no regular file"),
                ("/dev/zero", "is no regular file"),
            ):
                line = "azlb: %s: %s\n" % (path, said)
                with self.subTest(path):
                    self.refuse(folder, [path], line)
                    self.refuse(folder, [file, "--parameters", path], line)
            self.refuse(folder, [""], "azlb: FILE: the name is empty\n")
            self.refuse(folder, [file, "--parameters", ""], "azlb: --parameters: the name is empty\n")
            self.refuse(folder, ["--parameters", file], "there is no template that they belong to\n")

    def test_results(self):
        """a place where no results can be"""
        with tempfile.TemporaryDirectory() as folder:
            file = write(folder, "t.json", template())
            for out in ("", file, os.path.join(file, "x"), folder, "/proc/x"):
                with self.subTest(out):
                    process = azlb("run", "--out", out)
                    self.assertEqual((process.returncode, process.stdout), (2, ""), process.stderr)
                    self.assertTrue(process.stderr.startswith("azlb: --out"), process.stderr)
                    self.assertEqual(os.listdir(folder), ["t.json"])
