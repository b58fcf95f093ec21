/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TLS_TEST_BED_H
#define AZURE_TLS_TEST_BED_H

#include "azure-tls-fixture.h"

#include "ns3/azure-http-helper.h"
#include "ns3/azure-tcp-byte-stream.h"
#include "ns3/azure-tcp-preset.h"
#include "ns3/azure-tls-connection.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/error-model.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-interface-container.h"
#include "ns3/node-container.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/** @brief One end of a TLS connection that sends what it is given, and notes what it hears. */
class TlsEnd
{
  public:
    /**
     * @brief Take a connection over and start it.
     * @param connection the connection
     */
    void Start(Ptr<TlsConnection> connection)
    {
        tls = connection;
        tls->SetHandshakeCallback(MakeCallback(&TlsEnd::OnHandshake, this));
        tls->SetOpenCallback(MakeCallback(&TlsEnd::OnOpen, this));
        tls->SetReceiveCallback(MakeCallback(&TlsEnd::OnReceive, this));
        tls->SetSendCallback(MakeCallback(&TlsEnd::Push, this));
        tls->SetEndCallback(MakeCallback(&TlsEnd::OnEnd, this));
        tls->Start();
    }

    /** @brief Send what is queued, as far as it goes. */
    void Push()
    {
        while (!queue.empty() && tls->GetTxAvailable() > 0)
        {
            auto packet = queue.front();
            const auto take = std::min(packet->GetSize(), tls->GetTxAvailable());
            if (!tls->Send(packet->CreateFragment(0, take)))
            {
                ++refused;
                return;
            }
            accepted += take;
            queue.pop_front();
            if (take < packet->GetSize())
            {
                queue.push_front(packet->CreateFragment(take, packet->GetSize() - take));
            }
        }
        if (queue.empty() && closes && tls->IsOpen())
        {
            tls->CloseWithin(Seconds(60));
        }
    }

    /** @brief Read what is there. */
    void Read()
    {
        while (reads)
        {
            auto packet = tls->Recv(readBytes);
            if (!packet)
            {
                return;
            }
            firstByte = firstByte.value_or(Simulator::Now());
            lastByte = Simulator::Now();
            count += packet->GetSize();
            ++packets;
            if (keeps)
            {
                data += ToBytes(packet);
            }
            if (echoes)
            {
                queue.push_back(packet);
                Push();
            }
        }
    }

    Ptr<TlsConnection> tls;                     //!< the connection
    std::deque<Ptr<Packet>> queue;              //!< what to send
    bool closes{false};                         //!< close when it is sent
    bool reads{true};                           //!< read what comes
    bool keeps{true};                           //!< keep what was read
    bool echoes{false};                         //!< send back what was read
    uint32_t readBytes{UINT32_MAX};             //!< bytes of one Recv()
    uint64_t accepted{0};                       //!< bytes that the connection took
    uint64_t count{0};                          //!< bytes read
    uint32_t packets{0};                        //!< packets read
    uint32_t refused{0};                        //!< Send() within GetTxAvailable() that failed
    std::string data;                           //!< what was read
    std::optional<Time> opened;                 //!< when data could flow
    std::optional<Time> firstByte;              //!< when data came first
    std::optional<Time> lastByte;               //!< when data came last
    std::vector<ByteStreamEnd> ends;            //!< ends, in their order
    std::vector<TlsHandshakeRecord> handshakes; //!< handshakes, one at most

  private:
    /** @param record the handshake */
    void OnHandshake(const TlsHandshakeRecord& record)
    {
        handshakes.push_back(record);
    }

    /** @brief Data can flow. */
    void OnOpen()
    {
        opened = Simulator::Now();
        Push();
    }

    /** @brief There is something to read. */
    void OnReceive()
    {
        Read();
    }

    /** @param end how */
    void OnEnd(ByteStreamEnd end)
    {
        ends.push_back(end);
        if (end != ByteStreamEnd::Closed || queue.empty())
        {
            tls->CloseWithin(Seconds(60));
        }
    }
};

/** @brief A client and a server of TLS on one link. */
class TlsTestBed
{
  public:
    /**
     * @param delay one-way delay of the link
     * @param preset TCP of both
     * @param rate data rate of the link
     */
    explicit TlsTestBed(Time delay = MilliSeconds(50),
                        const TcpPreset& preset = TcpPreset::Linux(),
                        const std::string& rate = "10Gbps")
        : nodes(2)
    {
        PointToPointHelper link;
        link.SetDeviceAttribute("DataRate", StringValue(rate));
        link.SetChannelAttribute("Delay", TimeValue(delay));
        link.SetQueue("ns3::DropTailQueue", "MaxSize", StringValue("10000p"));
        devices = link.Install(nodes);
        InternetStackHelper stack;
        stack.SetIpv6StackInstall(false);
        stack.Install(nodes);
        Ipv4AddressHelper address("10.0.0.0", "255.255.255.0");
        interfaces = address.Assign(devices);
        TcpPresetHelper(preset).Install(nodes);
        m_listener = TcpPresetSocketFactory::CreateOn(nodes.Get(1));
        m_listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), 443));
        m_listener->Listen();
        m_listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                      MakeCallback(&TlsTestBed::OnAccept, this));
    }

    ~TlsTestBed()
    {
        Simulator::Destroy();
    }

    /** @param rate of packets that get lost, each way */
    void SetLoss(double rate)
    {
        for (uint32_t i = 0; i < 2; ++i)
        {
            auto errors = CreateObject<RateErrorModel>();
            errors->SetAttribute("ErrorUnit", EnumValue(RateErrorModel::ERROR_UNIT_PACKET));
            errors->SetAttribute("ErrorRate", DoubleValue(rate));
            errors->AssignStreams(100 + i);
            devices.Get(i)->SetAttribute("ReceiveErrorModel", PointerValue(errors));
        }
    }

    /**
     * @brief Connect a client.
     * @param port port of the server
     * @return the client's end
     */
    TlsEnd& Connect(uint16_t port = 443)
    {
        auto socket = TcpPresetSocketFactory::CreateOn(nodes.Get(0));
        socket->Bind();
        clients.push_back(std::make_unique<TlsEnd>());
        auto tcp = Create<TcpByteStream>(socket);
        auto connection =
            Create<TlsConnection>(tcp,
                                  std::shared_ptr<const TlsClientConfiguration>(told.client),
                                  MakeRandom(1000 + clients.size()));
        connection->SetHandshakeTimeout(timeout);
        clients.back()->Start(connection);
        // Not at once: before the simulation runs, the devices are not ready.
        const InetSocketAddress remote(interfaces.GetAddress(1), port);
        Simulator::ScheduleNow([socket, remote] { socket->Connect(remote); });
        return *clients.back();
    }

    /**
     * @brief Run.
     * @param until when to stop
     */
    void Run(Time until)
    {
        Simulator::Stop(until - Simulator::Now());
        Simulator::Run();
    }

    NodeContainer nodes;                          //!< client, server
    NetDeviceContainer devices;                   //!< their devices
    Ipv4InterfaceContainer interfaces;            //!< their interfaces
    TlsTellings told;                             //!< what they are told
    Ptr<TlsCpu> cpu;                              //!< the server's, or null
    Time timeout;                                 //!< of handshakes
    TlsEnd pattern;                               //!< server's ends begin as this
    std::vector<std::unique_ptr<TlsEnd>> clients; //!< in the order of Connect()
    std::vector<std::unique_ptr<TlsEnd>> servers; //!< in the order of their acceptance
    std::vector<Ptr<AbortableTcpSocket>> sockets; //!< the server's

  private:
    /** @param socket an accepted connection */
    void OnAccept(Ptr<Socket> socket, const Address& /* from */)
    {
        sockets.push_back(DynamicCast<AbortableTcpSocket>(socket));
        servers.push_back(std::make_unique<TlsEnd>(pattern));
        auto connection =
            Create<TlsConnection>(Create<TcpByteStream>(sockets.back()),
                                  std::shared_ptr<const TlsServerConfiguration>(told.server),
                                  MakeRandom(2000 + servers.size()));
        connection->SetCpu(cpu);
        connection->SetHandshakeTimeout(timeout);
        servers.back()->Start(connection);
    }

    Ptr<AbortableTcpSocket> m_listener; //!< the server's
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TLS_TEST_BED_H */
