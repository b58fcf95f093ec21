/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_PROBE_TEST_BED_H
#define AZURE_PROBE_TEST_BED_H

#include "ns3/azure-health-prober-set.h"
#include "ns3/azure-ipv4-routing-hook.h"
#include "ns3/azure-probe-source.h"
#include "ns3/double.h"
#include "ns3/inet-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv4.h"
#include "ns3/node-container.h"
#include "ns3/object-map.h"
#include "ns3/packet.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/pointer.h"
#include "ns3/ppp-header.h"
#include "ns3/random-variable-stream.h"
#include "ns3/simulator.h"
#include "ns3/socket.h"
#include "ns3/string.h"
#include "ns3/tcp-header.h"
#include "ns3/tcp-l4-protocol.h"
#include "ns3/uinteger.h"

#include <functional>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/** Drops packets on their way into a node, as a network security group or a dead host does. */
class Firewall : public Ipv4RoutingHook
{
  public:
    /** What is dropped: a function of the header; none drops nothing. */
    std::function<bool(const Ipv4Header&)> drops;

    bool RouteInput(Ptr<const Packet> p,
                    const Ipv4Header& header,
                    Ptr<const NetDevice> idev,
                    const UnicastForwardCallback& ucb,
                    const MulticastForwardCallback& mcb,
                    const LocalDeliverCallback& lcb,
                    const ErrorCallback& ecb) override
    {
        return (drops && drops(header)) ||
               Ipv4RoutingHook::RouteInput(p, header, idev, ucb, mcb, lcb, ecb);
    }
};

/** A backend's application: accepts connections on a port and answers requests as told. */
class ProbeTarget
{
  public:
    uint16_t status{200};        //!< status of an answer; 0: never answer
    Time delay;                  //!< from the request to the answer
    bool bytewise{false};        //!< one segment a byte, one a millisecond
    bool closes{true};           //!< whether it closes when the peer has
    uint32_t accepted{0};        //!< connections accepted so far
    std::string request;         //!< text of the latest request
    std::string answer;          //!< the answer; empty: a status line and no body
    std::function<void()> after; //!< called after each request

    /**
     * @brief Listens.
     * @param node the node
     * @param port the port
     */
    void Open(Ptr<Node> node, uint16_t port)
    {
        m_listener = Socket::CreateSocket(node, TypeId::LookupByName("ns3::TcpSocketFactory"));
        m_listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
        m_listener->Listen();
        m_listener->SetAcceptCallback(
            [](Ptr<Socket>, const Address&) { return true; },
            [this](Ptr<Socket> socket, const Address&) { Accept(socket); });
    }

    /** @brief Stops listening: the port is closed. */
    void Close()
    {
        m_listener->Close();
        m_listener = nullptr;
    }

  private:
    /**
     * @brief A connection was accepted.
     * @param socket the connection
     */
    void Accept(Ptr<Socket> socket)
    {
        accepted++;
        request.clear();
        auto peerClosed = [this](Ptr<Socket> s) {
            if (closes)
            {
                s->Close();
            }
        };
        socket->SetCloseCallbacks(peerClosed, [](Ptr<Socket>) {});
        socket->SetRecvCallback([this](Ptr<Socket> s) { Read(s); });
    }

    /**
     * @brief Bytes arrived.
     * @param socket the connection
     */
    void Read(Ptr<Socket> socket)
    {
        while (auto packet = socket->Recv())
        {
            if (packet->GetSize() == 0)
            {
                break;
            }
            std::string text(packet->GetSize(), '\0');
            packet->CopyData(reinterpret_cast<uint8_t*>(text.data()), packet->GetSize());
            request += text;
        }
        if (request.find("\r\n\r\n") == std::string::npos || status == 0)
        {
            return;
        }
        Simulator::Schedule(delay, [this, socket]() {
            const auto text = answer.empty() ? "HTTP/1.1 " + std::to_string(status) +
                                                   " Some Reason\r\nContent-Length: 0\r\n\r\n"
                                             : answer;
            if (bytewise)
            {
                SendBytewise(socket, text, 0);
                return;
            }
            socket->Send(Create<Packet>(reinterpret_cast<const uint8_t*>(text.data()),
                                        static_cast<uint32_t>(text.size())));
            socket->Close();
        });
        if (after)
        {
            after();
        }
    }

    /**
     * @brief Sends an answer, one byte a millisecond.
     * @param socket the connection
     * @param text the answer
     * @param sent bytes sent so far
     */
    static void SendBytewise(Ptr<Socket> socket, const std::string& text, size_t sent)
    {
        if (sent == text.size())
        {
            socket->Close();
            return;
        }
        socket->Send(Create<Packet>(reinterpret_cast<const uint8_t*>(text.data()) + sent, 1));
        Simulator::Schedule(MilliSeconds(1),
                            [socket, text, sent]() { SendBytewise(socket, text, sent + 1); });
    }

    Ptr<Socket> m_listener; //!< null when the port is closed
};

/** A TCP segment seen at a backend's device. */
struct Segment
{
    Time time;                                      //!< when
    bool in{false};                                 //!< towards the backend
    Ipv4Address source{Ipv4Address::GetAny()};      //!< source address
    Ipv4Address destination{Ipv4Address::GetAny()}; //!< destination address
    TcpHeader tcp;                                  //!< the TCP header
    uint32_t payload{0};                            //!< bytes after it
};

/** A host and some backends behind it, each on a link of its own; 10.0.<i>.1 and 10.0.<i>.2. */
class ProbeTestBed
{
  public:
    Ptr<Node> host;                           //!< first hop of every backend
    NodeContainer backends;                   //!< the backends
    std::vector<ProbeTarget> targets;         //!< their applications; closed until Open()
    std::vector<Ptr<Firewall>> walls;         //!< their firewalls
    NetDeviceContainer devices;               //!< their devices
    NetDeviceContainer ports;                 //!< the host's devices
    Ptr<HealthProberSet> probers;             //!< a set with the owner "lb"
    std::vector<ProbeRecord> sent;            //!< from the trace
    std::vector<ProbeRecord> results;         //!< from the trace
    std::vector<ProbeVerdictRecord> verdicts; //!< from the trace
    std::vector<Segment> segments;            //!< at the backend that Watch() was called for

    /**
     * @param n number of backends
     */
    explicit ProbeTestBed(uint32_t n = 1)
        : host(CreateObject<Node>()),
          backends(n),
          targets(n),
          probers(CreateObject<HealthProberSet>())
    {
        InternetStackHelper stack;
        Ipv4StaticRoutingHelper routing;
        stack.SetRoutingHelper(routing);
        stack.SetIpv6StackInstall(false);
        stack.Install(host);
        stack.Install(backends);
        PointToPointHelper link;
        link.SetDeviceAttribute("DataRate", StringValue("10Gbps"));
        link.SetChannelAttribute("Delay", StringValue("10us"));
        for (uint32_t i = 0; i < n; i++)
        {
            auto pair = link.Install(host, backends.Get(i));
            ports.Add(pair.Get(0));
            devices.Add(pair.Get(1));
            Assign(pair.Get(0), HostAddress(i));
            const auto interface = Assign(pair.Get(1), Address(i));
            routing.GetStaticRouting(backends.Get(i)->GetObject<Ipv4>())
                ->SetDefaultRoute(HostAddress(i), interface);
            walls.push_back(CreateObject<Firewall>());
            walls.back()->Install(backends.Get(i));
        }
        probers->SetOwner("lb");
        probers->TraceConnectWithoutContext(
            "ProbeSent",
            Callback<void, const ProbeRecord&>(
                [this](const ProbeRecord& r) { sent.push_back(r); }));
        probers->TraceConnectWithoutContext(
            "ProbeResult",
            Callback<void, const ProbeRecord&>(
                [this](const ProbeRecord& r) { results.push_back(r); }));
        probers->TraceConnectWithoutContext(
            "VerdictChanged",
            Callback<void, const ProbeVerdictRecord&>(
                [this](const ProbeVerdictRecord& r) { verdicts.push_back(r); }));
    }

    ProbeTestBed(const ProbeTestBed&) = delete;
    ProbeTestBed& operator=(const ProbeTestBed&) = delete;

    ~ProbeTestBed()
    {
        Simulator::Destroy();
        probers->Dispose();
    }

    /**
     * @param i index of a backend
     * @return its address
     */
    static Ipv4Address Address(uint32_t i)
    {
        return Ipv4Address(0x0a000002 + (i << 8));
    }

    /**
     * @param i index of a backend
     * @return the address of its gateway
     */
    static Ipv4Address HostAddress(uint32_t i)
    {
        return Ipv4Address(0x0a000001 + (i << 8));
    }

    /**
     * @brief Makes the first probes go out after a fixed share of the interval.
     * @param share 0 to 1
     */
    void SetPhase(double share)
    {
        auto constant = CreateObject<ConstantRandomVariable>();
        constant->SetAttribute("Constant", DoubleValue(share));
        probers->SetAttribute("Phase", PointerValue(constant));
    }

    /**
     * @brief Records the TCP segments at a backend's device.
     * @param i index of the backend
     */
    void Watch(uint32_t i = 0)
    {
        auto record = [this](bool in, Ptr<const Packet> packet) {
            auto copy = packet->Copy();
            PppHeader ppp;
            Ipv4Header ip;
            Segment segment;
            copy->RemoveHeader(ppp);
            copy->RemoveHeader(ip);
            copy->RemoveHeader(segment.tcp);
            segment.time = Simulator::Now();
            segment.in = in;
            segment.source = ip.GetSource();
            segment.destination = ip.GetDestination();
            segment.payload = copy->GetSize();
            segments.push_back(segment);
        };
        devices.Get(i)->TraceConnectWithoutContext(
            "MacRx",
            Callback<void, Ptr<const Packet>>(
                [record](Ptr<const Packet> packet) { record(true, packet); }));
        devices.Get(i)->TraceConnectWithoutContext(
            "MacTx",
            Callback<void, Ptr<const Packet>>(
                [record](Ptr<const Packet> packet) { record(false, packet); }));
    }

    /**
     * @brief The segments of a stretch of time in short: `>S <SA >A`, `>` towards the backend.
     *
     * @param from start
     * @param to end
     * @return the letters S, A, F, R of each segment, and its payload in bytes when it has some
     */
    std::string Wire(Time from, Time to) const
    {
        std::string text;
        for (const auto& segment : segments)
        {
            if (segment.time < from || segment.time > to)
            {
                continue;
            }
            const auto flags = segment.tcp.GetFlags();
            text += text.empty() ? "" : " ";
            text += segment.in ? ">" : "<";
            text += flags & TcpHeader::SYN ? "S" : "";
            text += flags & TcpHeader::FIN ? "F" : "";
            text += flags & TcpHeader::RST ? "R" : "";
            text += flags & TcpHeader::ACK ? "A" : "";
            text += segment.payload > 0 ? "+" : "";
        }
        return text;
    }

    /**
     * @brief Runs the simulation up to a time.
     * @param seconds the time
     */
    static void RunTo(double seconds)
    {
        Simulator::Stop(Seconds(seconds) - Simulator::Now());
        Simulator::Run();
    }

    /**
     * @brief Does something later.
     * @param seconds when
     * @param what what to do
     */
    static void At(double seconds, std::function<void()> what)
    {
        Simulator::Schedule(Seconds(seconds) - Simulator::Now(), what);
    }

    /**
     * @param up the verdict to look for
     * @param from not before this time
     * @return when it came, in seconds; -1 for never
     */
    double FindVerdict(bool up, double from = 0) const
    {
        for (const auto& record : verdicts)
        {
            if (record.up == up && record.effective >= Seconds(from))
            {
                return record.effective.GetSeconds();
            }
        }
        return -1;
    }

    /**
     * @param i index of a result
     * @return the result; an empty one when there are not so many
     */
    ProbeRecord Result(std::size_t i) const
    {
        return i < results.size() ? results[i] : ProbeRecord();
    }

    /**
     * @param i index of a probe
     * @return when it was sent; a negative time when there are not so many
     */
    Time Sent(std::size_t i) const
    {
        return i < sent.size() ? sent[i].start : Seconds(-1);
    }

    /**
     * @return number of TCP sockets on the host
     */
    uint32_t CountHostSockets() const
    {
        return CountSockets(host);
    }

    /**
     * @param node a node
     * @return number of its TCP sockets
     */
    static uint32_t CountSockets(Ptr<Node> node)
    {
        ObjectMapValue sockets;
        node->GetObject<TcpL4Protocol>()->GetAttribute("SocketList", sockets);
        return static_cast<uint32_t>(sockets.GetN());
    }

  private:
    /**
     * @param device a device
     * @param address its address
     * @return its interface
     */
    static uint32_t Assign(Ptr<NetDevice> device, Ipv4Address address)
    {
        auto ipv4 = device->GetNode()->GetObject<Ipv4>();
        const auto interface = ipv4->AddInterface(device);
        ipv4->AddAddress(interface, Ipv4InterfaceAddress(address, Ipv4Mask("255.255.255.0")));
        ipv4->SetUp(interface);
        return interface;
    }
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_PROBE_TEST_BED_H */
