# SPDX-License-Identifier: GPL-2.0-only
"""Traffic Manager in a topology of one's own, in Python. Run it by

    ./azlb python examples/azure-tm-python.py

A profile sends three of four look-ups to one server, by weight. With a time to live of 0 nobody keeps
an answer, so that each look-up is a draw. A place probes both servers.

    host, resolver --- router ---+--- server of the root, name server of Traffic Manager
                                 +--- place, two web servers
"""

import cppyy

from azlb.bindings import ns, trace_sink

LOOK_UPS = 200
azure = ns.azure

nodes = ns.NodeContainer()
nodes.Create(8)
tree, name_server, resolver, place, web0, web1, host, router = [nodes.Get(i) for i in range(8)]
stack = ns.InternetStackHelper()
stack.Install(nodes)
link = ns.PointToPointHelper()
link.SetDeviceAttribute("DataRate", ns.StringValue("1Gbps"))
link.SetChannelAttribute("Delay", ns.StringValue("5ms"))
addresses = ns.Ipv4AddressHelper()
addresses.SetBase(ns.Ipv4Address("20.0.0.0"), ns.Ipv4Mask("255.255.255.0"))
own = {}
for node in (tree, name_server, resolver, place, web0, web1, host):
    own[node.GetId()] = addresses.Assign(link.Install(router, node)).GetAddress(1)
    addresses.NewNetwork()

# The profile: fields are named as in Azure's REST resources.
profile = azure.TrafficManagerConfiguration()
profile.name = profile.dnsConfig.relativeName = "shop"
profile.trafficRoutingMethod = azure.TrafficRoutingMethod.Weighted
profile.dnsConfig.ttl = ns.Seconds(0)
for name, node, weight in (("small", web0, 1), ("large", web1, 3)):
    endpoint = azure.TrafficManagerEndpoint()
    endpoint.name, endpoint.target, endpoint.weight = name, str(own[node.GetId()]), weight
    profile.endpoints.push_back(endpoint)
profiles = cppyy.gbl.std.vector[azure.TrafficManagerConfiguration]()
profiles.push_back(profile)
world = cppyy.gbl.std.make_shared[azure.TrafficManagerWorld]()
world.regions = azure.RegionTable.MakeAzure()
helper = azure.TrafficManagerHelper()
manager = helper.Install(ns.NodeContainer(name_server), ns.NodeContainer(place), profiles, world)
helper.AssignStreams(manager, 1)

# The rest of DNS, and the host that asks. It keeps nothing itself.
root = cppyy.gbl.std.make_shared[azure.DnsStaticZone](".", "a.root", 86400)
root.Add(azure.DnsRecord.A("a.root", 86400, own[tree.GetId()]))
azure.TrafficManagerHelper.Delegate(root, manager)
zones = cppyy.gbl.std.vector["std::shared_ptr<ns3::azure::DnsZone>"]()
zones.push_back(root)
azure.DnsServerHelper().InstallZones(tree, zones)
resolvers = azure.ResolverHelper()
resolvers.AddRootHint("a.root", own[tree.GetId()])
resolvers.InstallRecursive(ns.NodeContainer(resolver))
resolvers.AssignStreams(ns.NodeContainer(resolver), 100)
resolvers.SetStubAttribute("Cache", ns.BooleanValue(False))
stub = resolvers.InstallStub(host, [own[resolver.GetId()]])
stub.AssignStreams(200)
for web in (web0, web1):
    azure.HttpServerHelper(80).Install(web)
ns.Ipv4GlobalRoutingHelper.PopulateRoutingTables()

led, probed = {}, {}


def looked_up(lookup):
    """Note where a look-up leads, and have the next one made."""
    address = str(lookup.GetAddress())
    led[address] = led.get(address, 0) + 1
    if sum(led.values()) < LOOK_UPS:
        stub.Resolve("shop.trafficmanager.net", azure.DnsType.A, result)


def probe(record):
    """Note what a probe found."""
    text = "%s, from %s: HTTP %d" % (record.endpoint, record.probe.source, record.probe.status)
    probed[text] = probed.get(text, 0) + 1


result = trace_sink("void(const ns3::azure::DnsLookup&)", looked_up)
sink = trace_sink("void(const ns3::azure::EndpointProbeRecord&)", probe)
manager.TraceConnectWithoutContext("MonitorProbe", sink)
ns.Simulator.Stop(ns.Seconds(1))
ns.Simulator.Run()
stub.Resolve("shop.trafficmanager.net", azure.DnsType.A, result)
ns.Simulator.Stop(ns.Seconds(64))
ns.Simulator.Run()
for name, node in (("small", web0), ("large", web1)):
    print("led to %s: %d" % (name, led[str(own[node.GetId()])]))
print("queries to Traffic Manager: %d" % manager.GetQueryCount("shop"))
for text in sorted(probed):
    print("%s, %d times" % (text, probed[text]))
ns.Simulator.Destroy()
