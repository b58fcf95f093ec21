# SPDX-License-Identifier: GPL-2.0-only
"""An application gateway in a topology of one's own, in Python. Run it by

    ./azlb python examples/azure-ag-python.py

A web client asks for two kinds of path; a path map sends /images to one server and all else to the
other. Printed is which server saw whose address, and where the time went.

    client --- router with the front 20.0.0.4 ---+--- instance 0, instance 1
                                                 +--- server 0 (pages), server 1 (images)
"""

from azlb.bindings import ns, trace_sink

REQUESTS = 40
azure = ns.azure

nodes = ns.NodeContainer()
nodes.Create(6)
client, router = nodes.Get(0), nodes.Get(1)
stack = ns.InternetStackHelper()
stack.Install(nodes)
link = ns.PointToPointHelper()
link.SetDeviceAttribute("DataRate", ns.StringValue("1Gbps"))
link.SetChannelAttribute("Delay", ns.StringValue("1ms"))
addresses = ns.Ipv4AddressHelper()
addresses.SetBase(ns.Ipv4Address("10.0.0.0"), ns.Ipv4Mask("255.255.255.0"))
hosts = [client] + [nodes.Get(i) for i in range(2, 6)]
own = []
for host in hosts:
    own.append(addresses.Assign(link.Install(router, host)).GetAddress(1))
    addresses.NewNetwork()
instances = ns.NodeContainer()
instances.Add(nodes.Get(2))
instances.Add(nodes.Get(3))
servers = [nodes.Get(4), nodes.Get(5)]

# The gateway: fields are named as in Azure's REST resources.
gateway = azure.ApplicationGatewayConfiguration()
gateway.name = "gateway"
gateway.sku.capacity = 2
frontend = azure.ApplicationGatewayFrontendIpConfiguration()
frontend.name = "public"
frontend.address = azure.IpAddress.From(ns.Ipv4Address("20.0.0.4"))
gateway.frontendIpConfigurations.push_back(frontend)
port = azure.FrontendPort()
port.name, port.port = "http", 80
gateway.frontendPorts.push_back(port)
listener = azure.HttpListener()
listener.name, listener.frontendIpConfiguration, listener.frontendPort = "web", "public", "http"
gateway.httpListeners.push_back(listener)
for name, address in zip(("pages", "images"), own[3:]):
    pool = azure.ApplicationGatewayBackendAddressPool()
    pool.name = name
    member = azure.ApplicationGatewayBackendAddress()
    member.ipAddress = azure.IpAddress.From(address)
    pool.backendAddresses.push_back(member)
    gateway.backendAddressPools.push_back(pool)
setting = azure.BackendHttpSettings()
setting.name, setting.port = "plain", 8080
gateway.backendHttpSettingsCollection.push_back(setting)
paths = azure.UrlPathMap()
paths.name = "map"
paths.defaultBackendAddressPool, paths.defaultBackendHttpSettings = "pages", "plain"
images = azure.PathRule()
images.name = "images"
images.paths.push_back("/images/*")
images.backendAddressPool, images.backendHttpSettings = "images", "plain"
paths.pathRules.push_back(images)
gateway.urlPathMaps.push_back(paths)
rule = azure.RequestRoutingRule()
rule.name, rule.httpListener, rule.urlPathMap = "all", "web", "map"
rule.ruleType = azure.RequestRoutingRuleType.PathBasedRouting
gateway.requestRoutingRules.push_back(rule)
gateway.CompletePriorities()

helper = azure.ApplicationGatewayHelper()
installed = helper.Install(router, instances, gateway)
ns.Ipv4GlobalRoutingHelper.PopulateRoutingTables()
helper.AssignStreams(installed, 1)

seen = [{}, {}]


def count(i):
    """A function that notes whom server i sees."""

    def counter(record):
        text = "%s from %s" % (record.path, record.peer.GetIpv4())
        if record.path != "/":  # a probe
            seen[i][text] = seen[i].get(text, 0) + 1

    return counter


web = azure.HttpServerHelper(8080)
for i, server in enumerate(servers):
    application = web.Install(server).Get(0)
    sink = trace_sink("void(const ns3::azure::HttpServedRecord&)", count(i))
    application.TraceConnectWithoutContext("Served", sink)
for k, path in enumerate(("/index.html", "/images/logo.png")):
    asks = azure.HttpClientHelper(ns.InetSocketAddress(ns.Ipv4Address("20.0.0.4"), 80))
    asks.SetAttribute("Path", ns.StringValue(path))
    asks.SetAttribute("Rate", ns.DoubleValue(10))
    asks.SetAttribute("MaxRequests", ns.UintegerValue(REQUESTS))
    applications = asks.Install(client)
    asks.AssignStreams(ns.NodeContainer(client), 100)
    applications.Start(ns.Seconds(1))

answers, times = {}, []


def exchange(record):
    """Note who answered a request, and how long it was in the gateway."""
    by_backend = record.responder == azure.GatewayResponder.Backend
    who = "%d from the %s" % (record.status, "backend" if by_backend else "gateway")
    answers[who] = answers.get(who, 0) + 1
    times.append(record.GetTotalTime().GetSeconds())


sink = trace_sink("void(const ns3::azure::GatewayExchangeRecord&)", exchange)
installed.TraceConnectWithoutContext("Exchange", sink)
ns.Simulator.Stop(ns.Seconds(20))
ns.Simulator.Run()
for i in range(2):
    for text in sorted(seen[i]):
        print("server %d: %s: %d" % (i, text, seen[i][text]))
for who in sorted(answers):
    print("%s: %d, in the gateway for %.1f ms at most" % (who, answers[who], 1000 * max(times)))
ns.Simulator.Destroy()
