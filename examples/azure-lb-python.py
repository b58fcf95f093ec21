# SPDX-License-Identifier: GPL-2.0-only
"""A load balancer in a topology of one's own, in Python. Run it by

    ./azlb python examples/azure-lb-python.py

One client sends the datagrams of 60 flows to the frontend; stock UDP echo servers answer. There is
no probe, so every backend counts as healthy.

    client --- router with the load balancer 20.0.0.4 ---+--- server 0
                                                         +--- server 1
                                                         +--- server 2
"""

from azlb.bindings import ns, trace_sink

SERVERS = 3
FLOWS = 60
PACKETS = 4
PORT = 7

nodes = ns.NodeContainer()
nodes.Create(2 + SERVERS)
client, router = nodes.Get(0), nodes.Get(1)
stack = ns.InternetStackHelper()
stack.Install(nodes)

link = ns.PointToPointHelper()
link.SetDeviceAttribute("DataRate", ns.StringValue("1Gbps"))
link.SetChannelAttribute("Delay", ns.StringValue("1ms"))
addresses = ns.Ipv4AddressHelper()
addresses.SetBase(ns.Ipv4Address("10.0.0.0"), ns.Ipv4Mask("255.255.255.0"))
addresses.Assign(link.Install(router, client))
backends = []
for i in range(SERVERS):
    addresses.NewNetwork()
    backends.append(addresses.Assign(link.Install(router, nodes.Get(2 + i))).GetAddress(1))

# The load balancer: fields are named as in Azure's REST resources.
lb = ns.azure.LoadBalancerConfiguration()
lb.name = "lb"
frontend = ns.azure.FrontendIpConfiguration()
frontend.name = "public"
frontend.address = ns.azure.IpAddress.From(ns.Ipv4Address("20.0.0.4"))
lb.frontendIpConfigurations.push_back(frontend)
pool = ns.azure.BackendAddressPool()
pool.name = "servers"
for i, address in enumerate(backends):
    member = ns.azure.LoadBalancerBackendAddress()
    member.name = "server-%d" % i
    member.address = ns.azure.IpAddress.From(address)
    pool.backendAddresses.push_back(member)
lb.backendAddressPools.push_back(pool)
rule = ns.azure.LoadBalancingRule()
rule.name = "echo"
rule.frontendIpConfiguration = "public"
rule.backendAddressPool = "servers"
rule.protocol = ns.azure.TransportProtocol.Udp
rule.frontendPort = rule.backendPort = PORT
lb.loadBalancingRules.push_back(rule)
balancer = ns.azure.LoadBalancerHelper().Install(router, lb)
ns.Ipv4GlobalRoutingHelper.PopulateRoutingTables()

# Stock applications, counted by Python functions.
received = [0] * SERVERS
answers = 0


def count(i):
    """A function that counts the packets of server i."""

    def counter(packet, source, destination):
        received[i] += 1

    return counter


def answer(packet, source, destination):
    """Count a packet that came back to the client."""
    global answers
    answers += 1


SIGNATURE = "void(ns3::Ptr<const ns3::Packet>, const ns3::Address&, const ns3::Address&)"
server = ns.UdpEchoServerHelper(PORT)
for i in range(SERVERS):
    application = server.Install(nodes.Get(2 + i)).Get(0)
    application.TraceConnectWithoutContext("RxWithAddresses", trace_sink(SIGNATURE, count(i)))
sender = ns.UdpEchoClientHelper(ns.InetSocketAddress(ns.Ipv4Address("20.0.0.4"), PORT).ConvertTo())
sender.SetAttribute("MaxPackets", ns.UintegerValue(PACKETS))
sender.SetAttribute("Interval", ns.TimeValue(ns.MilliSeconds(100)))
on_answer = trace_sink(SIGNATURE, answer)
for _ in range(FLOWS):
    # Each has a source port of its own, so is a flow of its own.
    application = sender.Install(client).Get(0)
    application.TraceConnectWithoutContext("RxWithAddresses", on_answer)

ns.Simulator.Stop(ns.Seconds(2))
ns.Simulator.Run()
for i in range(SERVERS):
    print("server-%d: %d packets" % (i, received[i]))
print("answers: %d of %d" % (answers, FLOWS * PACKETS))
ns.Simulator.Destroy()
