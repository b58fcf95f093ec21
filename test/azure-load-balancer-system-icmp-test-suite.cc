/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-load-balancer-system-fixture.h"

#include "ns3/azure-internet-checksum.h"
#include "ns3/boolean.h"
#include "ns3/global-value.h"
#include "ns3/icmpv4.h"

#include <memory>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param bytes a message
 * @return the Internet checksum over it; 0 when the message holds its right checksum
 */
uint16_t
ChecksumOf(const std::vector<uint8_t>& bytes)
{
    InternetChecksum sum(0xffff);
    for (size_t i = 0; i < bytes.size(); i += 2)
    {
        sum.Replace16(0, bytes[i] << 8 | (i + 1 < bytes.size() ? bytes[i + 1] : 0));
    }
    return sum.Get();
}

/** An ICMP message that reached a host. */
struct Message
{
    Ipv4Header header;          //!< its IP header
    std::vector<uint8_t> bytes; //!< the message

    /** @return ICMP type */
    int Type() const
    {
        return bytes.at(0);
    }

    /** @return ICMP code */
    int Code() const
    {
        return bytes.at(1);
    }

    /**
     * @param offset where a 16-bit word in network order begins
     * @return the word
     */
    uint32_t Word(size_t offset) const
    {
        return bytes.at(offset) << 8 | bytes.at(offset + 1);
    }

    /**
     * @param offset where an address begins
     * @return the address
     */
    Ipv4Address Address(size_t offset) const
    {
        return Ipv4Address(Word(offset) << 16 | Word(offset + 2));
    }
};

/** Sends ICMP messages of any bytes and remembers all that come. */
class Pinger
{
  public:
    /** @param node where */
    explicit Pinger(Ptr<Node> node)
        : m_socket(Socket::CreateSocket(node, TypeId::LookupByName("ns3::Ipv4RawSocketFactory")))
    {
        m_socket->SetAttribute("Protocol", UintegerValue(1));
        m_socket->Bind();
        m_socket->SetRecvCallback([this](Ptr<Socket> socket) {
            while (auto packet = socket->Recv())
            {
                Message message;
                packet->RemoveHeader(message.header);
                message.bytes.resize(packet->GetSize());
                packet->CopyData(message.bytes.data(), packet->GetSize());
                messages.push_back(message);
            }
        });
    }

    ~Pinger()
    {
        m_socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
    }

    /**
     * @param to whom
     * @param bytes the message
     */
    void SendBytes(Ipv4Address to, const std::vector<uint8_t>& bytes)
    {
        m_socket->SendTo(Create<Packet>(bytes.data(), bytes.size()), 0, InetSocketAddress(to, 0));
    }

    /**
     * @brief Send an echo request.
     *
     * @param to whom
     * @param size of the ICMP message, bytes
     * @param identifier its identifier
     * @param type 8 for a request, 0 for a reply
     */
    void Ping(Ipv4Address to, uint32_t size = 64, uint16_t identifier = 7, uint8_t type = 8)
    {
        const std::vector<uint8_t> data(size - 8, 0x5a);
        Icmpv4Echo echo;
        echo.SetIdentifier(identifier);
        echo.SetSequenceNumber(1);
        echo.SetData(Create<Packet>(data.data(), data.size()));
        auto packet = Create<Packet>();
        packet->AddHeader(echo);
        Icmpv4Header header;
        header.SetType(type);
        if (Node::ChecksumEnabled())
        {
            header.EnableChecksum();
        }
        packet->AddHeader(header);
        m_socket->SendTo(packet, 0, InetSocketAddress(to, 0));
    }

    std::vector<Message> messages; //!< that came, in order

  private:
    Ptr<Socket> m_socket; //!< raw
};

/** A TCP rule with a probe that nobody runs: verdicts come from the test. */
class PingNetwork
{
  public:
    /** @param change what is different from a public frontend with one TCP rule */
    explicit PingNetwork(const std::function<void(LoadBalancerConfiguration&)>& change = nullptr)
        : network(1, 2)
    {
        auto configuration = network.Configuration();
        azure::Probe probe;
        probe.name = "probe";
        probe.port = 80;
        configuration.probes = {probe};
        configuration.loadBalancingRules = {SystemNetwork::Rule(TransportProtocol::Tcp, 80, 80)};
        configuration.loadBalancingRules[0].probe = "probe";
        if (change)
        {
            change(configuration);
        }
        network.helper.SetProbing(false);
        balancer = network.Install(configuration);
        client = std::make_unique<Pinger>(network.clients.Get(0));
        for (uint32_t i = 0; i < 2; i++)
        {
            network.backends.Get(i)->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
                "LocalDeliver",
                Callback<void, const Ipv4Header&, Ptr<const Packet>, uint32_t>(
                    [this, i](const Ipv4Header& header, Ptr<const Packet>, uint32_t) {
                        delivered[i].push_back(header);
                    }));
        }
    }

    /** @param seconds run so long */
    static void Run(double seconds = 0.1)
    {
        SystemNetwork::RunUntil(Simulator::Now() + Seconds(seconds));
    }

    /**
     * @brief Ping the frontend and wait.
     *
     * @param size of the ICMP message, bytes
     * @return `echo-reply`, `host-unreachable`, `silence` or something else
     */
    std::string Ping(uint32_t size = 64)
    {
        const auto before = client->messages.size();
        client->Ping(SystemNetwork::Frontend(), size);
        Run();
        if (client->messages.size() == before)
        {
            return "silence";
        }
        const auto& answer = client->messages.back();
        if (!(answer.header.GetSource() == SystemNetwork::Frontend()))
        {
            return "an answer of somebody else";
        }
        if (answer.Type() == 0 && answer.bytes.size() == size && answer.Word(4) == 7)
        {
            return "echo-reply";
        }
        // The request is quoted.
        if (answer.Type() == 3 && answer.Code() == 1 &&
            answer.Address(8 + 16) == SystemNetwork::Frontend())
        {
            return "host-unreachable";
        }
        return "something else";
    }

    SystemNetwork network;                                 //!< all nodes
    Ptr<LoadBalancer> balancer;                            //!< under test
    std::unique_ptr<Pinger> client;                        //!< on the client
    std::map<uint32_t, std::vector<Ipv4Header>> delivered; //!< to the instances
};

/** Ping of a public frontend. */
void
PublicPing(FunctionTestCase& test, bool checksums)
{
    Checksums real(checksums);
    PingNetwork net;
    auto& addresses = net.network.backendAddresses;
    test.Equal(net.Ping(), std::string("host-unreachable"), "all are down");
    net.balancer->SetProbeStatus("probe", addresses[1], true);
    test.Equal(net.Ping(), std::string("echo-reply"), "one is up");
    test.Equal(net.Ping(8), std::string("echo-reply"), "without data");
    test.Equal(net.Ping(65), std::string("silence"), "65 bytes");
    test.Equal(net.Ping(1400), std::string("silence"), "1400 bytes");
    test.Equal(net.balancer->GetDropCount(DropReason::PingTooLarge), 2, "counted");
    test.Equal(net.Ping(3000), std::string("silence"), "in fragments");
    test.Equal(net.balancer->GetDropCount(DropReason::Fragment), 3, "counted");
    net.balancer->SetInstanceRunning(addresses[1], false);
    test.Equal(net.Ping(), std::string("host-unreachable"), "one is off, one is down");
    net.balancer->SetInstanceRunning(addresses[0], false);
    test.Equal(net.Ping(), std::string("silence"), "all are off");
    test.Equal(net.balancer->GetDropCount(DropReason::PingNotAnswered), 1, "counted");
    test.Equal(net.balancer->GetPingsAnsweredCount(), 4, "answered");
    test.Equal(net.delivered[0].size() + net.delivered[1].size(), 0, "never forwarded");
    // Others are pinged as ever, through the balancer's node and itself.
    for (const auto& to : {addresses[0], Ipv4Address("10.1.1.1")})
    {
        const auto before = net.client->messages.size();
        net.client->Ping(to, 1000);
        PingNetwork::Run();
        test.Equal(net.client->messages.size(), before + 1, "an answer");
        test.Equal(net.client->messages.back().header.GetSource(), to, "of its own");
    }
}

/** Frontends that answer no ping. */
void
NoPing(FunctionTestCase& test)
{
    const auto silent = [&test](const std::string& what,
                                const std::function<void(LoadBalancerConfiguration&)>& change) {
        PingNetwork net(change);
        for (const auto& address : net.network.backendAddresses)
        {
            net.balancer->SetProbeStatus("probe", address, true);
        }
        test.Equal(net.Ping(), std::string("silence"), what);
        test.Equal(net.balancer->GetDropCount(DropReason::PingNotAnswered), 1, what + ", counted");
        test.Equal(net.delivered[0].size() + net.delivered[1].size(), 0, what + ", not forwarded");
    };
    silent("no rule", [](auto& c) { c.loadBalancingRules.clear(); });
    silent("no instance", [](auto& c) { c.backendAddressPools[0].backendAddresses.clear(); });
    silent("internal", [](auto& c) { c.frontendIpConfigurations[0].isPublic = false; });
    silent("Basic", [](auto& c) { c.sku = LoadBalancerSku::Basic; });
    silent("a NAT rule alone", [](auto& c) {
        InboundNatRule nat;
        nat.name = "ssh";
        nat.frontendIpConfiguration = "frontend";
        nat.frontendPort = nat.backendPort = 22;
        nat.backendAddress = c.backendAddressPools[0].backendAddresses[0].address;
        c.inboundNatRules = {nat};
        c.loadBalancingRules.clear();
    });
}

/** @param configuration gets an internal frontend with an HA ports rule */
void
MakeHaPorts(LoadBalancerConfiguration& configuration)
{
    configuration.frontendIpConfigurations[0].isPublic = false;
    configuration.loadBalancingRules = {SystemNetwork::Rule(TransportProtocol::All, 0, 0)};
    configuration.loadBalancingRules[0].probe = "probe";
}

/** Echo through an HA ports rule. */
void
HaPortsEcho(FunctionTestCase& test, bool checksums, bool floating)
{
    Checksums real(checksums);
    PingNetwork net([floating](auto& c) {
        MakeHaPorts(c);
        c.loadBalancingRules[0].enableFloatingIp = floating;
    });
    auto& addresses = net.network.backendAddresses;
    for (uint32_t i = 0; i < 2; i++)
    {
        if (floating)
        {
            net.network.backends.Get(i)->GetObject<Ipv4>()->AddAddress(
                0,
                Ipv4InterfaceAddress(SystemNetwork::Frontend(), Ipv4Mask::GetOnes()));
        }
        net.balancer->SetProbeStatus("probe", addresses[i], true);
    }
    // Each identifier is a flow; of 32 both instances get some (but for 1 in 2^31).
    for (uint16_t identifier = 0; identifier < 32; identifier++)
    {
        net.client->Ping(SystemNetwork::Frontend(), 64 + identifier * 4, identifier);
        net.client->Ping(SystemNetwork::Frontend(), 64 + identifier * 4, identifier);
        PingNetwork::Run();
        test.Equal(net.client->messages.size(), 2 * (identifier + 1), "two replies");
        const auto& reply = net.client->messages.back();
        test.Equal(reply.header.GetSource(), SystemNetwork::Frontend(), "from the frontend");
        test.Equal(reply.Type(), 0, "echo reply");
        test.Equal(reply.Word(4), identifier, "identifier");
        test.Equal(reply.bytes.size(), 64 + identifier * 4, "all of it, above 64 bytes, too");
        test.Equal(checksums ? ChecksumOf(reply.bytes) : 0, 0, "checksum");
    }
    test.Check(net.delivered[0].size() >= 2 && net.delivered[1].size() >= 2, "both instances");
    test.Equal(net.delivered[0].size() + net.delivered[1].size(), 64, "every request");
    test.Equal(net.balancer->GetStatistics().flowsCreated, 32, "a flow for each identifier");
    test.Equal(net.balancer->GetPingsAnsweredCount(), 0, "none by the balancer itself");
    for (uint32_t i = 0; i < 2; i++)
    {
        for (const auto& header : net.delivered[i])
        {
            test.Equal(header.GetSource(), net.network.clientAddresses[0], "client's address");
            test.Equal(header.GetDestination(),
                       floating ? SystemNetwork::Frontend() : addresses[i],
                       "destination");
            test.Equal(+header.GetTtl(), 63, "one hop");
        }
    }
    // A reply that nobody asked for is the instance's own affair; one to a frontend ends there.
    Pinger instance(net.network.backends.Get(0));
    instance.Ping(net.network.clientAddresses[0], 64, 999, 0);
    net.client->Ping(SystemNetwork::Frontend(), 64, 0, 0);
    PingNetwork::Run();
    test.Equal(net.client->messages.size(), 65, "the stray reply arrives");
    test.Equal(net.client->messages.back().header.GetSource(), addresses[0], "as its own");
    test.Equal(net.balancer->GetDropCount(DropReason::IcmpUnmatched), 1, "no reply to a frontend");

    // Health counts as for every new flow.
    net.delivered.clear();
    net.balancer->SetProbeStatus("probe", addresses[0], false);
    for (uint16_t identifier = 0; identifier < 32; identifier++)
    {
        net.client->Ping(SystemNetwork::Frontend(), 64, identifier);
    }
    PingNetwork::Run();
    test.Equal(net.delivered[1].size(), 32, "all go to the instance that is up");
    net.balancer->SetProbeStatus("probe", addresses[1], false);
    net.client->Ping(SystemNetwork::Frontend());
    net.client->Ping(SystemNetwork::Frontend(), 3000);
    PingNetwork::Run();
    test.Equal(net.balancer->GetDropCount(DropReason::NoHealthyBackend), 1, "nobody is up");
    test.Equal(net.balancer->GetDropCount(DropReason::Fragment), 3, "fragments as ever");
    test.Equal(net.delivered[1].size(), 32, "none of them passes");
}

/** Errors about balanced packets, from instances and from routers on both sides. */
void
Errors(FunctionTestCase& test, bool checksums)
{
    Checksums real(checksums);
    PingNetwork net([](auto& c) {
        c.backendAddressPools[0].backendAddresses.pop_back();
        c.loadBalancingRules = {SystemNetwork::Rule(TransportProtocol::Udp, 80, 8080)};
    });
    auto& network = net.network;
    Pinger instance(network.backends.Get(0));
    TestDatagrams socket(network.clients.Get(0), 5000);
    const InetSocketAddress frontend(SystemNetwork::Frontend(), 80);
    // Nobody listens: the instance says so, as the frontend.
    socket.Send("to a closed port", frontend);
    PingNetwork::Run();
    test.Equal(net.client->messages.size(), 1, "one error");
    const auto& refused = net.client->messages.at(0);
    test.Equal(refused.Type(), 3, "unreachable");
    test.Equal(refused.Code(), 3, "port");
    test.Equal(refused.header.GetSource(), SystemNetwork::Frontend(), "from the frontend");
    test.Equal(refused.Address(8 + 12), network.clientAddresses[0], "quoted source");
    test.Equal(refused.Address(8 + 16), SystemNetwork::Frontend(), "quoted destination");
    test.Equal(refused.Word(28), 5000, "quoted source port");
    test.Equal(refused.Word(30), 80, "quoted destination port");
    if (checksums)
    {
        test.Equal(ChecksumOf(refused.bytes), 0, "checksum of the message");
        const std::vector<uint8_t> quoted(refused.bytes.begin() + 8, refused.bytes.begin() + 28);
        test.Equal(ChecksumOf(quoted), 0, "checksum of the quoted IP header");
    }
    test.Equal(socket.icmpTypes.size(), 1, "the socket that sent it is told");
    test.Equal(socket.icmpFrom.at(0), SystemNetwork::Frontend(), "by the frontend");

    // The other way: the client refuses the instance's answer.
    TestDatagrams server(network.backends.Get(0), 8080);
    TestDatagrams other(network.clients.Get(0), 5001);
    other.Send("hello", frontend);
    PingNetwork::Run();
    test.Equal(server.from.size(), 1, "served");
    other.socket->Close();
    server.Send("too late", InetSocketAddress::ConvertFrom(server.from.at(0)));
    PingNetwork::Run();
    test.Equal(instance.messages.size(), 1, "one error");
    const auto& back = instance.messages.at(0);
    test.Equal(back.Type(), 3, "unreachable");
    test.Equal(back.header.GetSource(), network.clientAddresses[0], "from the client");
    test.Equal(back.header.GetDestination(), network.backendAddresses[0], "to the instance");
    test.Equal(back.Address(8 + 12), network.backendAddresses[0], "quoted source");
    test.Equal(back.Address(8 + 16), network.clientAddresses[0], "quoted destination");
    test.Equal(back.Word(28), 8080, "quoted source port");
    test.Equal(back.Word(30), 5001, "quoted destination port");
    if (checksums)
    {
        test.Equal(ChecksumOf(back.bytes), 0, "checksum of the message");
        const std::vector<uint8_t> quoted(back.bytes.begin() + 8, back.bytes.begin() + 28);
        test.Equal(ChecksumOf(quoted), 0, "checksum of the quoted IP header");
    }
    test.Equal(server.icmpTypes.size(), 1, "the server's socket is told");
    test.Equal(net.balancer->GetIcmpErrorsTranslatedCount(), 2, "counted");

    // The time to live ends at the balancer's node, either way.
    socket.socket->SetIpTtl(1);
    socket.Send("one hop", frontend);
    server.socket->SetIpTtl(1);
    server.Send("one hop", InetSocketAddress::ConvertFrom(server.from.at(0)));
    PingNetwork::Run();
    test.Equal(net.client->messages.size(), 2, "the client is told");
    test.Equal(net.client->messages.at(1).Type(), 11, "time exceeded");
    test.Equal(net.client->messages.at(1).Address(8 + 16), SystemNetwork::Frontend(), "as sent");
    test.Equal(instance.messages.size(), 2, "the instance is told");
    test.Equal(instance.messages.at(1).Type(), 11, "time exceeded");
    test.Equal(instance.messages.at(1).Address(8 + 12), network.backendAddresses[0], "as sent");
    test.Equal(net.balancer->GetDropCount(DropReason::TtlExpired), 1, "the balancer's own drop");
    test.Equal(net.balancer->GetIcmpErrorsTranslatedCount(), 2, "nothing to translate");
}

/** What is wrong, cut short or about nothing known ends at the frontend. */
void
BadMessages(FunctionTestCase& test)
{
    for (const bool haPorts : {false, true})
    {
        PingNetwork net([haPorts](auto& c) {
            if (haPorts)
            {
                MakeHaPorts(c);
            }
        });
        for (const auto& address : net.network.backendAddresses)
        {
            net.balancer->SetProbeStatus("probe", address, true);
        }
        uint32_t drops = 0;
        for (const int type : {8, 3, 4, 11, 12})
        {
            // An error needs 8 bytes, an IP header and 8 bytes more.
            for (uint32_t size = 1; size < (type == 8 ? 8U : 36U); size++)
            {
                std::vector<uint8_t> bytes(size, 0x45);
                bytes[0] = type;
                net.client->SendBytes(SystemNetwork::Frontend(), bytes);
                drops++;
            }
            PingNetwork::Run(); // the queue holds a hundred packets
        }
        test.Equal(net.balancer->GetDropCount(DropReason::Truncated), drops, "cut short");
        uint32_t unmatched = 0;
        for (const int type : {0, 5, 9, 10, 13, 14, 15, 17, 40, 255})
        {
            net.client->SendBytes(SystemNetwork::Frontend(),
                                  std::vector<uint8_t>(64, static_cast<uint8_t>(type)));
            unmatched++;
        }
        std::vector<uint8_t> error(36, 0);
        error[0] = 3;
        error[8] = 0x45;
        net.client->SendBytes(SystemNetwork::Frontend(), error);
        error[8] = 0x4f; // a header of 60 bytes, of which there are 28
        net.client->SendBytes(SystemNetwork::Frontend(), error);
        net.client->SendBytes(SystemNetwork::Frontend(), std::vector<uint8_t>(2000, 3));
        PingNetwork::Run();
        test.Equal(net.balancer->GetDropCount(DropReason::IcmpUnmatched),
                   unmatched + 1,
                   "of no use to anybody");
        test.Equal(net.balancer->GetDropCount(DropReason::Truncated),
                   drops + 1,
                   "the quoted header is cut short");
        test.Equal(net.balancer->GetDropCount(DropReason::Fragment), 2, "fragments");
        test.Equal(net.client->messages.size(), 0, "no answer");
        test.Equal(net.delivered[0].size() + net.delivered[1].size(), 0, "nothing passes");
    }
}

/** All cases. */
class SystemIcmpTestSuite : public TestSuite
{
  public:
    SystemIcmpTestSuite()
        : TestSuite("azure-load-balancer-system-icmp", Type::SYSTEM)
    {
        for (const bool checksums : {false, true})
        {
            const std::string real = checksums ? ", checksums" : ", no checksums";
            Add("LB-61 a public frontend answers ping by the health of its instances" + real,
                [checksums](FunctionTestCase& test) { PublicPing(test, checksums); });
            Add("LB-4 LB-5 ICMP errors about balanced packets are told from both ends" + real,
                [checksums](FunctionTestCase& test) { Errors(test, checksums); });
            for (const bool floating : {false, true})
            {
                Add("LB-62 ICMP echo passes an HA ports rule" + real +
                        (floating ? ", floating IP" : ""),
                    [checksums, floating](FunctionTestCase& test) {
                        HaPortsEcho(test, checksums, floating);
                    });
            }
        }
        Add("LB-61 no answer without rule or instance, on internal or Basic frontends", NoPing);
        Add("Bad ICMP messages end at the frontend and are counted", BadMessages);
    }

  private:
    /**
     * @param name name of a case
     * @param body what it does
     */
    void Add(const std::string& name, std::function<void(FunctionTestCase&)> body)
    {
        AddTestCase(new FunctionTestCase(name, std::move(body)), TestCase::Duration::QUICK);
    }
};

SystemIcmpTestSuite g_systemIcmpTestSuite; //!< registers itself

} // namespace
