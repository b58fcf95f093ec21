/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-load-balancer-system-fixture.h"

#include "ns3/azure-raw-header.h"

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param network 1 for clients, 2 for backends
 * @param link third byte
 * @param host fourth byte
 * @return 10.network.link.host
 */
Ipv4Address
MakeAddress(uint32_t network, uint32_t link, uint32_t host)
{
    return Ipv4Address(10U << 24 | network << 16 | link << 8 | host);
}

/**
 * @param packet a packet
 * @return its bytes
 */
std::string
Bytes(Ptr<const Packet> packet)
{
    std::string data(packet->GetSize(), '\0');
    packet->CopyData(reinterpret_cast<uint8_t*>(data.data()), data.size());
    return data;
}

/**
 * @param data bytes
 * @return a packet of them
 */
Ptr<Packet>
MakePacket(const std::string& data)
{
    return Create<Packet>(reinterpret_cast<const uint8_t*>(data.data()), data.size());
}

} // namespace

Ptr<Packet>
MakeRawPacket(const std::vector<uint8_t>& bytes, TypeId header, uint32_t size)
{
    if (bytes.size() < size)
    {
        return Create<Packet>(bytes.data(), bytes.size());
    }
    auto packet = Create<Packet>(bytes.data() + size, bytes.size() - size);
    RawHeader raw(header, size);
    for (uint32_t i = 0; i + 1 < size; i += 2)
    {
        raw.Set16(i, bytes[i] << 8 | bytes[i + 1]);
    }
    packet->AddHeader(raw);
    return packet;
}

SystemNetwork::SystemNetwork(uint32_t nClients,
                             uint32_t nBackends,
                             SystemLinks links,
                             SystemRouting routing)
    : router(CreateObject<Node>()),
      m_routing(routing)
{
    clients.Create(nClients);
    backends.Create(nBackends);
    InternetStackHelper stack;
    stack.Install(NodeContainer(clients, backends, router));

    auto attach = [&](const NodeContainer& hosts, uint32_t network, std::vector<Ipv4Address>& out) {
        const Ipv4Mask mask("255.255.255.0");
        auto add = [&](Ptr<NetDevice> device, Ipv4Address address) {
            auto ipv4 = device->GetNode()->GetObject<Ipv4>();
            const auto interface = ipv4->AddInterface(device);
            ipv4->AddAddress(interface, Ipv4InterfaceAddress(address, mask));
            ipv4->SetUp(interface);
            return interface;
        };
        auto defaultRoute = [&](Ptr<Node> host, Ipv4Address gateway, uint32_t interface) {
            if (routing == SystemRouting::Static)
            {
                Ipv4StaticRoutingHelper()
                    .GetStaticRouting(host->GetObject<Ipv4>())
                    ->SetDefaultRoute(gateway, interface);
            }
        };
        if (links == SystemLinks::Csma)
        {
            CsmaHelper csma;
            csma.SetChannelAttribute("DataRate", StringValue("100Mbps"));
            csma.SetChannelAttribute("Delay", StringValue("1ms"));
            NodeContainer all(hosts, router);
            auto devices = csma.Install(all);
            for (uint32_t i = 0; i < hosts.GetN(); i++)
            {
                out.push_back(MakeAddress(network, 0, i + 1));
                defaultRoute(hosts.Get(i),
                             MakeAddress(network, 0, 254),
                             add(devices.Get(i), out.back()));
            }
            add(devices.Get(hosts.GetN()), MakeAddress(network, 0, 254));
            return;
        }
        PointToPointHelper link;
        link.SetDeviceAttribute("DataRate", StringValue("100Mbps"));
        link.SetChannelAttribute("Delay", StringValue("1ms"));
        for (uint32_t i = 0; i < hosts.GetN(); i++)
        {
            auto devices = link.Install(hosts.Get(i), router);
            out.push_back(MakeAddress(network, i + 1, 2));
            add(devices.Get(1), MakeAddress(network, i + 1, 1));
            defaultRoute(hosts.Get(i),
                         MakeAddress(network, i + 1, 1),
                         add(devices.Get(0), out.back()));
        }
    };
    attach(clients, 1, clientAddresses);
    attach(backends, 2, backendAddresses);
}

SystemNetwork::~SystemNetwork()
{
    for (const auto& socket : m_sockets)
    {
        socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
        socket->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                  MakeNullCallback<void, Ptr<Socket>, const Address&>());
    }
    for (const auto& socket : connections)
    {
        socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
    }
    Simulator::Destroy();
}

Ipv4Address
SystemNetwork::Frontend()
{
    return Ipv4Address("20.0.0.4");
}

LoadBalancerConfiguration
SystemNetwork::Configuration() const
{
    LoadBalancerConfiguration configuration;
    configuration.name = "lb";
    FrontendIpConfiguration frontend;
    frontend.name = "frontend";
    frontend.address = IpAddress::From(Frontend());
    configuration.frontendIpConfigurations.push_back(frontend);
    BackendAddressPool pool;
    pool.name = "pool";
    for (const auto& address : backendAddresses)
    {
        LoadBalancerBackendAddress member;
        member.name = "vm-" + std::to_string(pool.backendAddresses.size());
        member.address = IpAddress::From(address);
        pool.backendAddresses.push_back(member);
    }
    configuration.backendAddressPools.push_back(pool);
    return configuration;
}

LoadBalancingRule
SystemNetwork::Rule(TransportProtocol protocol, uint16_t frontendPort, uint16_t backendPort)
{
    LoadBalancingRule rule;
    rule.name =
        (protocol == TransportProtocol::Udp ? "udp-" : "tcp-") + std::to_string(frontendPort);
    rule.frontendIpConfiguration = "frontend";
    rule.backendAddressPool = "pool";
    rule.protocol = protocol;
    rule.frontendPort = frontendPort;
    rule.backendPort = backendPort;
    return rule;
}

Ptr<LoadBalancer>
SystemNetwork::Install(const LoadBalancerConfiguration& configuration)
{
    auto balancer = helper.Install(router, configuration);
    helper.AssignStreams(balancer, 1000);
    if (m_routing == SystemRouting::Global)
    {
        // The second time around there are tables already.
        m_routed ? Ipv4GlobalRoutingHelper::RecomputeRoutingTables()
                 : Ipv4GlobalRoutingHelper::PopulateRoutingTables();
        m_routed = true;
    }
    return balancer;
}

void
SystemNetwork::UdpServer(Ptr<Node> node, uint16_t port, bool echo)
{
    auto socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
    socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
    socket->SetRecvCallback([this, echo](Ptr<Socket> s) { HandleUdp(s, echo); });
    m_sockets.push_back(socket);
}

void
SystemNetwork::HandleUdp(Ptr<Socket> socket, bool echo)
{
    Address from;
    while (auto packet = socket->RecvFrom(from))
    {
        const auto id = socket->GetNode()->GetId();
        served[id]++;
        received[id] += Bytes(packet);
        peers.push_back(from);
        if (echo)
        {
            socket->SendTo(MakePacket(Bytes(packet)), 0, from);
        }
    }
}

void
SystemNetwork::TcpServer(Ptr<Node> node, uint16_t port)
{
    auto socket = Socket::CreateSocket(node, TcpSocketFactory::GetTypeId());
    socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
    socket->Listen();
    socket->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                              MakeCallback(&SystemNetwork::HandleAccept, this));
    m_sockets.push_back(socket);
}

void
SystemNetwork::HandleAccept(Ptr<Socket> socket, const Address& peer)
{
    served[socket->GetNode()->GetId()]++;
    peers.push_back(peer);
    connections.push_back(socket);
    socket->SetRecvCallback(MakeCallback(&SystemNetwork::HandleTcp, this));
}

void
SystemNetwork::HandleTcp(Ptr<Socket> socket)
{
    while (auto packet = socket->Recv())
    {
        if (packet->GetSize() == 0)
        {
            socket->Close();
            break;
        }
        received[socket->GetNode()->GetId()] += Bytes(packet);
        socket->Send(MakePacket(Bytes(packet)));
    }
}

void
SystemNetwork::RunUntil(Time time)
{
    Simulator::Stop(time - Simulator::Now());
    Simulator::Run();
}

TestConnection::TestConnection(Ptr<Node> node,
                               const InetSocketAddress& local,
                               const InetSocketAddress& remote)
    : socket(Socket::CreateSocket(node, TcpSocketFactory::GetTypeId()))
{
    socket->SetConnectCallback(MakeCallback(&TestConnection::HandleConnected, this),
                               MakeCallback(&TestConnection::HandleFailed, this));
    socket->SetCloseCallbacks(MakeCallback(&TestConnection::HandleClosed, this),
                              MakeCallback(&TestConnection::HandleReset, this));
    socket->SetRecvCallback(MakeCallback(&TestConnection::HandleRead, this));
    socket->Bind(local);
    socket->Connect(remote);
}

TestConnection::~TestConnection()
{
    auto none = MakeNullCallback<void, Ptr<Socket>>();
    socket->SetConnectCallback(none, none);
    socket->SetCloseCallbacks(none, none);
    socket->SetRecvCallback(none);
}

void
TestConnection::Send(const std::string& data)
{
    socket->Send(MakePacket(data));
}

void
TestConnection::HandleConnected(Ptr<Socket> /* s */)
{
    connected = true;
}

void
TestConnection::HandleFailed(Ptr<Socket> /* s */)
{
    failed = true;
}

void
TestConnection::HandleClosed(Ptr<Socket> /* s */)
{
    closed = true;
}

void
TestConnection::HandleReset(Ptr<Socket> /* s */)
{
    reset = true;
}

void
TestConnection::HandleRead(Ptr<Socket> s)
{
    while (auto packet = s->Recv())
    {
        if (packet->GetSize() == 0)
        {
            break;
        }
        received += Bytes(packet);
    }
}

TestDatagrams::TestDatagrams(Ptr<Node> node, uint16_t port, Ipv4Address local)
    : socket(Socket::CreateSocket(node, UdpSocketFactory::GetTypeId()))
{
    socket->SetAttribute("IcmpCallback",
                         CallbackValue(MakeCallback(&TestDatagrams::HandleIcmp, this)));
    socket->Bind(InetSocketAddress(local, port));
    socket->SetRecvCallback(MakeCallback(&TestDatagrams::HandleRead, this));
}

TestDatagrams::~TestDatagrams()
{
    socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
    socket->SetAttribute("IcmpCallback", CallbackValue());
}

void
TestDatagrams::Send(const std::string& data, const InetSocketAddress& to)
{
    socket->SendTo(MakePacket(data), 0, to);
}

void
TestDatagrams::HandleRead(Ptr<Socket> s)
{
    Address sender;
    while (auto packet = s->RecvFrom(sender))
    {
        received.push_back(Bytes(packet));
        from.push_back(sender);
    }
}

void
TestDatagrams::HandleIcmp(Ipv4Address sender,
                          uint8_t /* ttl */,
                          uint8_t type,
                          uint8_t /* code */,
                          uint32_t /* info */)
{
    icmpTypes.push_back(type);
    icmpFrom.push_back(sender);
}

} // namespace azure
} // namespace ns3
