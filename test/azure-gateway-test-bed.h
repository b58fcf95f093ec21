/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_TEST_BED_H
#define AZURE_GATEWAY_TEST_BED_H

#include "azure-application-gateway-fixture.h"
#include "azure-scripted-server.h"

#include "ns3/address.h"
#include "ns3/azure-application-gateway-instance.h"
#include "ns3/azure-http-helper.h"
#include "ns3/azure-http-server.h"
#include "ns3/azure-load-balancer-net-device.h"
#include "ns3/azure-tcp-preset.h"
#include "ns3/csma-helper.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/node-container.h"
#include "ns3/object-factory.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/** @brief A client's connection that says what it is told to, byte by byte. */
class GatewayTestClient
{
  public:
    /**
     * @brief Connect.
     * @param node where
     * @param remote whom to
     */
    GatewayTestClient(Ptr<Node> node, const InetSocketAddress& remote)
        : m_socket(TcpPresetSocketFactory::CreateOn(node))
    {
        m_socket->Bind();
        m_socket->SetConnectCallback([](Ptr<Socket>) {},
                                     [this](Ptr<Socket>) { refused = Simulator::Now(); });
        m_socket->SetRecvCallback([this](Ptr<Socket>) { Read(); });
        m_socket->SetSendCallback([this](Ptr<Socket>, uint32_t) { Flush(); });
        const auto close = [this](Ptr<Socket>) {
            Read();
            closed = closed.value_or(Simulator::Now());
            reset = m_socket->WasReset();
        };
        m_socket->SetCloseCallbacks(close, close);
        m_socket->Connect(remote);
    }

    ~GatewayTestClient()
    {
        m_socket->DetachApplication();
    }

    /** @param text bytes to send, as fast as TCP takes them */
    void Send(const std::string& text)
    {
        m_waiting += text;
        Flush();
    }

    /** @brief Send a FIN. */
    void Close()
    {
        m_socket->Close();
    }

    /** @brief Send a reset. */
    void Abort()
    {
        m_socket->Abort();
    }

    /**
     * @brief Read so much each millisecond from now on; 0 pauses.
     * @param bytes how much
     */
    void SetPace(uint32_t bytes)
    {
        m_pace = bytes;
        m_paced = true;
        m_tick.Cancel();
        Tick();
    }

    /** @brief Read at once again. */
    void Unpace()
    {
        m_paced = false;
        m_tick.Cancel();
        Read();
    }

    /** @return the address and port it connects from */
    InetSocketAddress GetLocal() const
    {
        Address local;
        m_socket->GetSockName(local);
        return InetSocketAddress::ConvertFrom(local);
    }

    /**
     * @param text some text
     * @return how often it was received
     */
    uint32_t Count(const std::string& text) const
    {
        uint32_t count = 0;
        for (auto at = received.find(text); at != std::string::npos;
             at = received.find(text, at + 1))
        {
            ++count;
        }
        return count;
    }

    std::string received;          //!< everything that has arrived
    std::optional<Time> firstByte; //!< when the first of it did
    Time lastByte;                 //!< when the last of it did
    std::optional<Time> closed;    //!< when the other end closed or reset
    std::optional<Time> refused;   //!< when the connection failed
    bool reset{false};             //!< whether it was reset

  private:
    /** @brief Take what is there. */
    void Read()
    {
        if (!m_paced)
        {
            Take(UINT32_MAX);
        }
    }

    /** @brief Take what the pace allows. */
    void Tick()
    {
        if (m_pace > 0)
        {
            Take(m_pace);
            m_tick = Simulator::Schedule(MilliSeconds(1), &GatewayTestClient::Tick, this);
        }
    }

    /** @param most bytes to take */
    void Take(uint32_t most)
    {
        while (auto packet = m_socket->Recv(most, 0))
        {
            if (packet->GetSize() == 0)
            {
                return;
            }
            std::string text(packet->GetSize(), '\0');
            packet->CopyData(reinterpret_cast<uint8_t*>(text.data()), packet->GetSize());
            received += text;
            firstByte = firstByte.value_or(Simulator::Now());
            lastByte = Simulator::Now();
            if (m_paced)
            {
                return;
            }
        }
    }

    /** @brief Hand to TCP what it takes. */
    void Flush()
    {
        const auto size = std::min<size_t>(m_socket->GetTxAvailable(), m_waiting.size());
        if (size > 0 &&
            m_socket->Send(Create<Packet>(reinterpret_cast<const uint8_t*>(m_waiting.data()),
                                          static_cast<uint32_t>(size)),
                           0) >= 0)
        {
            m_waiting.erase(0, size);
        }
    }

    Ptr<AbortableTcpSocket> m_socket; //!< the connection
    std::string m_waiting;            //!< what TCP did not take yet
    bool m_paced{false};              //!< reads no more than its pace
    uint32_t m_pace{0};               //!< bytes a millisecond
    EventId m_tick;                   //!< the next reading
};

/**
 * @brief Client - instance - LAN of backends.
 *
 * Client 10.1.0.1, instance 10.1.0.2 and 10.0.1.1 with the frontend 20.0.0.4, backends 10.0.1.4
 * and on. Backends know no way but their LAN.
 */
class GatewayTestBed
{
  public:
    /**
     * @param c what the gateway is to be
     * @param backends number of backends
     * @param preset TCP of all nodes
     */
    explicit GatewayTestBed(const ApplicationGatewayConfiguration& c = MakeGateway(),
                            uint32_t backends = 3,
                            const TcpPreset& preset = TcpPreset::Linux())
        : configuration(c)
    {
        client = CreateObject<Node>();
        gateway = CreateObject<Node>();
        servers.Create(backends);
        NodeContainer all(client, gateway);
        all.Add(servers);
        InternetStackHelper stack;
        stack.SetIpv6StackInstall(false);
        stack.Install(all);
        TcpPresetHelper(preset).Install(all);
        PointToPointHelper link;
        link.SetDeviceAttribute("DataRate", StringValue("1Gbps"));
        link.SetChannelAttribute("Delay", TimeValue(MilliSeconds(5)));
        clientDevices = link.Install(client, gateway);
        Ipv4AddressHelper("10.1.0.0", "255.255.255.0").Assign(clientDevices);
        NodeContainer lan(gateway);
        lan.Add(servers);
        CsmaHelper csma;
        csma.SetChannelAttribute("DataRate", StringValue("1Gbps"));
        csma.SetChannelAttribute("Delay", TimeValue(MicroSeconds(100)));
        lanDevices = csma.Install(lan);
        for (uint32_t i = 0; i < lanDevices.GetN(); ++i)
        {
            AddAddress(lan.Get(i),
                       lanDevices.Get(i),
                       Ipv4Address(0x0a000100 + (i == 0 ? 1 : 3 + i)),
                       Ipv4Mask("255.255.255.0"));
        }
        auto device = CreateObject<LoadBalancerNetDevice>();
        gateway->AddDevice(device);
        AddAddress(gateway, device, Ipv4Address("20.0.0.4"), Ipv4Mask::GetOnes());
        Ipv4StaticRoutingHelper()
            .GetStaticRouting(client->GetObject<Ipv4>())
            ->SetDefaultRoute(Ipv4Address("10.1.0.2"), 1);
        factory.SetTypeId(ApplicationGatewayInstance::GetTypeId());
    }

    ~GatewayTestBed()
    {
        clients.clear();
        scripted.clear();
        Simulator::Destroy();
    }

    GatewayTestBed(const GatewayTestBed&) = delete;
    GatewayTestBed& operator=(const GatewayTestBed&) = delete;

    /**
     * @brief Make the instance, with all members healthy, and start it.
     * @param settings what the configuration does not say
     */
    void Start(const ApplicationGatewayEngineSettings& settings = {})
    {
        instance = factory.Create<ApplicationGatewayInstance>();
        instance->SetEngine(std::make_unique<ApplicationGatewayEngine>(
            std::make_shared<RequestRouter>(configuration),
            MakeStream(),
            settings));
        instance->SetAllHealthy(true);
        gateway->AddApplication(instance);
        instance->TraceConnectWithoutContext("Exchange",
                                             MakeCallback(&GatewayTestBed::OnExchange, this));
        Run(MicroSeconds(1)); // connections can be opened only once devices are there
    }

    /**
     * @brief A real server.
     * @param index which backend
     * @return it, on port 8000
     */
    Ptr<HttpServer> AddServer(uint32_t index)
    {
        auto server = CreateObject<HttpServer>();
        server->SetAttribute("Port", UintegerValue(8000));
        server->SetAttribute("ServerName", StringValue("server" + std::to_string(index)));
        servers.Get(index)->AddApplication(server);
        server->TraceConnectWithoutContext("Served", MakeCallback(&GatewayTestBed::OnServed, this));
        return server;
    }

    /**
     * @brief A server that says what it is told to.
     * @param index which backend
     * @param scripts one for each connection, in order; the last one stays
     * @return it, on port 8000
     */
    ScriptedServer& AddScript(uint32_t index, const std::vector<Script>& scripts)
    {
        scripted.push_back(std::make_unique<ScriptedServer>(servers.Get(index), 8000));
        scripted.back()->scripts = scripts;
        return *scripted.back();
    }

    /**
     * @brief Connect to the frontend.
     * @param port its port
     * @return the connection
     */
    GatewayTestClient& Connect(uint16_t port = 80)
    {
        clients.push_back(
            std::make_unique<GatewayTestClient>(client,
                                                InetSocketAddress(Ipv4Address("20.0.0.4"), port)));
        return *clients.back();
    }

    /**
     * @brief Connect and send at some time.
     * @param at when
     * @param text what to send
     */
    void SendAt(Time at, const std::string& text)
    {
        Simulator::Schedule(at, [this, text] { Connect().Send(text); });
    }

    /**
     * @brief Run.
     * @param until when to stop
     */
    static void Run(Time until)
    {
        Simulator::Stop(until - Simulator::Now());
        Simulator::Run();
    }

    ApplicationGatewayConfiguration configuration;           //!< what the gateway is
    ObjectFactory factory;                                   //!< makes the instance
    Ptr<Node> client;                                        //!< where clients are
    Ptr<Node> gateway;                                       //!< where the instance is
    NodeContainer servers;                                   //!< where backends are
    NetDeviceContainer clientDevices;                        //!< client, instance
    NetDeviceContainer lanDevices;                           //!< instance, backends
    Ptr<ApplicationGatewayInstance> instance;                //!< the instance
    std::vector<std::unique_ptr<GatewayTestClient>> clients; //!< in order
    std::vector<std::unique_ptr<ScriptedServer>> scripted;   //!< in order
    std::vector<GatewayExchangeRecord> records;              //!< what the instance reports
    std::vector<HttpServedRecord> served;                    //!< what the servers report

  private:
    /**
     * @param node a node
     * @param device its device
     * @param address gets this address
     * @param mask and this mask
     */
    static void AddAddress(Ptr<Node> node,
                           Ptr<NetDevice> device,
                           Ipv4Address address,
                           Ipv4Mask mask)
    {
        auto ipv4 = node->GetObject<Ipv4>();
        const auto interface = ipv4->AddInterface(device);
        ipv4->AddAddress(interface, Ipv4InterfaceAddress(address, mask));
        ipv4->SetMetric(interface, 1);
        ipv4->SetUp(interface);
    }

    /** @param record a record */
    void OnExchange(const GatewayExchangeRecord& record)
    {
        records.push_back(record);
    }

    /** @param record a record */
    void OnServed(const HttpServedRecord& record)
    {
        served.push_back(record);
    }
};

/// @return a gateway with one member in its pool
inline ApplicationGatewayConfiguration
MakeGatewayOfOne()
{
    auto c = MakeGateway();
    c.backendAddressPools[0] = MakePool("web", 0, 1);
    return c;
}

/**
 * @param path path
 * @param more further header lines, each with its end
 * @param body what follows the head
 * @param method method
 * @return a request
 */
inline std::string
RequestText(const std::string& path,
            const std::string& more = "",
            const std::string& body = "",
            const std::string& method = "GET")
{
    return method + " " + path + " HTTP/1.1\r\nHost: www.contoso.com\r\n" + more + "\r\n" + body;
}

/**
 * @param body its body
 * @param more further header lines, each with its end
 * @return a response with a length
 */
inline std::string
ResponseText(const std::string& body, const std::string& more = "")
{
    return "HTTP/1.1 200 OK\r\n" + more + "Content-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

/**
 * @param text some text
 * @param part another
 * @return whether the text has it
 */
inline bool
Contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

/**
 * @param size how long
 * @return text that shows where a piece of it belongs
 */
inline std::string
PatternText(size_t size)
{
    std::string text;
    for (size_t i = 0; text.size() < size; ++i)
    {
        text += std::to_string(i) + ",";
    }
    text.resize(size);
    return text;
}

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_TEST_BED_H */
