# SPDX-License-Identifier: GPL-2.0-only
"""Names instead of addresses in a topology of one's own, in Python. Run it by

    ./azlb python examples/azure-dns-python.py

A web client knows its server by the name www.example.com. Half-way the record is changed to another
server; the client follows when the TTL of 30 s is over.

    client 1 ms --- resolver ---+--- name server 10 ms
                                +--- server 0, 5 ms
                                +--- server 1, 5 ms
"""

import cppyy

from azlb.bindings import ns, trace_sink

TTL, CHANGE = 30, 70
azure = ns.azure
std = cppyy.gbl.std

nodes = ns.NodeContainer()
nodes.Create(5)
resolver, client, name_server = nodes.Get(0), nodes.Get(1), nodes.Get(2)
servers = [nodes.Get(3), nodes.Get(4)]
ns.InternetStackHelper().Install(nodes)
link = ns.PointToPointHelper()
link.SetDeviceAttribute("DataRate", ns.StringValue("1Gbps"))
addresses = ns.Ipv4AddressHelper()
addresses.SetBase(ns.Ipv4Address("10.0.0.0"), ns.Ipv4Mask("255.255.255.0"))
own = []
for host, delay in zip([client, name_server] + servers, ("1ms", "10ms", "5ms", "5ms")):
    link.SetChannelAttribute("Delay", ns.StringValue(delay))
    interfaces = addresses.Assign(link.Install(resolver, host))
    own.append(interfaces.GetAddress(1))
    if host == client:
        resolver_address = interfaces.GetAddress(0)
    addresses.NewNetwork()
ns.Ipv4GlobalRoutingHelper.PopulateRoutingTables()

# One name server has the root and example.com.
root = std.make_shared["ns3::azure::DnsStaticZone"](
    azure.DnsName("."), azure.DnsName("ns.example.com"), 86400
)
root.Add(azure.DnsRecord.Ns(azure.DnsName("example.com"), 86400, azure.DnsName("ns.example.com")))
root.Add(azure.DnsRecord.A(azure.DnsName("ns.example.com"), 86400, own[1]))
zone = std.make_shared["ns3::azure::DnsStaticZone"](
    azure.DnsName("example.com"), azure.DnsName("ns.example.com"), 60
)
zone.Add(azure.DnsRecord.A(azure.DnsName("ns.example.com"), 86400, own[1]))
www = azure.DnsName("www.example.com")
zone.Add(azure.DnsRecord.A(www, TTL, own[2]))
zones = std.vector["std::shared_ptr<ns3::azure::DnsZone>"]()
for each in (root, zone):
    zones.push_back(each)
azure.DnsServerHelper().InstallZones(name_server, zones)

resolvers = azure.ResolverHelper()
resolvers.AddRootHint(azure.DnsName("ns.example.com"), own[1])
resolvers.InstallRecursive(ns.NodeContainer(resolver))
resolvers.AssignStreams(ns.NodeContainer(resolver), 1)
recursive = std.vector["ns3::Ipv4Address"]()
recursive.push_back(resolver_address)
stub = resolvers.InstallStub(client, recursive)
stub.AssignStreams(100)

web = azure.HttpServerHelper(80)
for i, server in enumerate(servers):
    web.SetAttribute("ServerName", ns.StringValue("server %d" % i))
    web.Install(server)
asks = azure.HttpClientHelper("www.example.com", 80)
asks.SetAttribute("LoadModel", ns.StringValue("OpenPaced"))
asks.SetAttribute("Rate", ns.DoubleValue(0.1))
asks.SetAttribute("MaxRequests", ns.UintegerValue(14))
applications = asks.Install(client)
applications.Start(ns.Seconds(1))


def request(record):
    """Print who answered a request, and how long the look-up before it took."""
    look_up = record.GetDnsTime().value().GetSeconds() * 1000
    print(
        "%3.0f s: %s, look-up %.1f ms, %s"
        % (record.start.GetSeconds(), record.GetOutcomeName(), look_up, record.servedBy)
    )


sink = trace_sink("void(const ns3::azure::HttpRequestRecord&)", request)
applications.Get(0).TraceConnectWithoutContext("Request", sink)


def found(lookup):
    """Print the answer to a question of one's own."""
    print("%3.0f s: %s is %s" % (lookup.finished.GetSeconds(), www.ToText(), lookup.GetAddress()))


ns.Simulator.Stop(ns.Seconds(CHANGE))
ns.Simulator.Run()
stub.Resolve(www, azure.DnsType.A, trace_sink("void(const ns3::azure::DnsLookup&)", found))
zone.Remove(www, azure.DnsType.A)
zone.Add(azure.DnsRecord.A(www, TTL, own[3]))
ns.Simulator.Stop(ns.Seconds(100))
ns.Simulator.Run()
stub.Resolve(www, azure.DnsType.A, trace_sink("void(const ns3::azure::DnsLookup&)", found))
ns.Simulator.Stop(ns.Seconds(5))
ns.Simulator.Run()
ns.Simulator.Destroy()
