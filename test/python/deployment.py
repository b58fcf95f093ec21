# SPDX-License-Identifier: GPL-2.0-only
"""A sound template to change, and the program that reads it."""

import json
import os
import subprocess
import sys

from azlb.environment import ROOT, variables

NETWORK = "Microsoft.Network/"
SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"


def reference(kind, *names):
    """A reference to a resource of the template."""
    listed = ", ".join("'%s'" % name for name in (kind,) + names)
    return {"id": "[resourceId(%s)]" % listed}


def part(kind, name):
    """A reference to a part of the load balancer."""
    return reference(NETWORK + "loadBalancers/" + kind, "lb", name)


SUBNET = reference(NETWORK + "virtualNetworks/subnets", "net", "a")


def resource(kind, name, properties, **members):
    """A resource in eastus."""
    return {
        "type": kind,
        "apiVersion": "2024-01-01",
        "name": name,
        "location": "eastus",
        **members,
        "properties": properties,
    }


def template():
    """An internal load balancer `lb` in front of two machines, `vm-0` and `vm-1`."""
    rule = {
        "frontendIPConfiguration": part("frontendIPConfigurations", "front"),
        "backendAddressPool": part("backendAddressPools", "pool"),
        "probe": part("probes", "tcp"),
        "protocol": "Tcp",
        "frontendPort": "[parameters('port')]",
        "backendPort": 8080,
    }
    balancer = {
        "frontendIPConfigurations": [
            {"name": "front", "properties": {"subnet": SUBNET, "privateIPAddress": "10.0.0.10"}}
        ],
        "backendAddressPools": [{"name": "pool"}],
        "probes": [
            {"name": "tcp", "properties": {"protocol": "Tcp", "port": 8080, "intervalInSeconds": 5}}
        ],
        "loadBalancingRules": [{"name": "web", "properties": rule}],
    }
    subnet = {"name": "a", "properties": {"addressPrefix": "10.0.0.0/24"}}
    network = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [subnet]}
    resources = [
        resource(NETWORK + "virtualNetworks", "net", network),
        resource(NETWORK + "loadBalancers", "lb", balancer, sku={"name": "Standard"}),
    ]
    for number in range(2):
        address = {
            "subnet": SUBNET,
            "loadBalancerBackendAddressPools": [part("backendAddressPools", "pool")],
        }
        nic = {"ipConfigurations": [{"name": "ip", "properties": address}]}
        resources.append(resource(NETWORK + "networkInterfaces", "nic-%d" % number, nic))
        nics = [reference(NETWORK + "networkInterfaces", "nic-%d" % number)]
        machine = {"networkProfile": {"networkInterfaces": nics}}
        resources.append(resource("Microsoft.Compute/virtualMachines", "vm-%d" % number, machine))
    return {
        "$schema": SCHEMA,
        "contentVersion": "1.0.0.0",
        "parameters": {"port": {"type": "int", "defaultValue": 80}},
        "resources": resources,
    }


def azlb(*arguments, folder=None):
    """Run `azlb` as a user does, once everything is set up; returns the process."""
    return subprocess.run(
        [sys.executable, "-m", "azlb", *arguments],
        cwd=folder or ROOT,
        capture_output=True,
        text=True,
        env=variables(),
        timeout=250,
        check=False,
    )


def write(folder, name, content):
    """Write a file: text and bytes as they are, everything else as JSON; returns its path."""
    path = os.path.join(folder, name)
    if not isinstance(content, (str, bytes)):
        content = json.dumps(content)
    if isinstance(content, str):
        content = content.encode()
    with open(path, "wb") as file:
        file.write(content)
    return path
