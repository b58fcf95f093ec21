/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-tcp-wire.h"

#include "ns3/boolean.h"
#include "ns3/config.h"
#include "ns3/double.h"
#include "ns3/tcp-option.h"
#include "ns3/tcp-socket-factory.h"

#include <algorithm>
#include <map>
#include <random>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/** An attribute, and what Linux has. */
struct Setting
{
    const char* name;  //!< of TcpSocket or TcpSocketBase
    std::string linux; //!< its text
};

/** From tcp(7) and the kernel's include/net/tcp.h, in the units of the attributes. */
const std::vector<Setting> LINUX{
    {"SegmentSize", "1448"},    // 1500 - 20 - 20 - 12
    {"InitialCwnd", "10"},      // TCP_INIT_CWND, RFC 6928
    {"SndBufSize", "4194304"},  // tcp_wmem[2]
    {"RcvBufSize", "3145728"},  // half of tcp_rmem[2], tcp_adv_win_scale
    {"ConnTimeout", "+1s"},     // TCP_TIMEOUT_INIT, RFC 6298
    {"ConnCount", "7"},         // 1 + tcp_syn_retries
    {"DataRetries", "15"},      // tcp_retries2
    {"MinRto", "+200ms"},       // TCP_RTO_MIN
    {"DelAckTimeout", "+40ms"}, // TCP_DELACK_MIN
    {"DelAckCount", "2"},       // RFC 5681, section 4.2
    {"MaxSegLifetime", "30"},   // half of TCP_TIMEWAIT_LEN
    {"Sack", "true"},           // tcp_sack
    {"Timestamp", "true"},      // tcp_timestamps
    {"WindowScaling", "true"},  // tcp_window_scaling
    {"TcpNoDelay", "true"}};    // as servers and proxies set it

/**
 * @param socket a socket
 * @param name name of an attribute
 * @return its value, times in nanoseconds
 */
std::string
Read(Ptr<Socket> socket, const std::string& name)
{
    for (Ptr<AttributeValue> value :
         std::initializer_list<Ptr<AttributeValue>>{Create<UintegerValue>(),
                                                    Create<TimeValue>(),
                                                    Create<BooleanValue>(),
                                                    Create<DoubleValue>()})
    {
        if (socket->GetAttributeFailSafe(name, *value))
        {
            return value->SerializeToString(nullptr);
        }
    }
    return "no such attribute";
}

/**
 * @param text a value of the table
 * @return as Read() gives it
 */
std::string
Normal(const std::string& text)
{
    return text[0] == '+' ? TimeValue(Time(text)).SerializeToString(nullptr) : text;
}

/** @param socket a socket @return all its settings */
std::map<std::string, std::string>
ReadAll(Ptr<Socket> socket)
{
    std::map<std::string, std::string> all;
    for (const auto& [name, value] : LINUX)
    {
        all[name] = Read(socket, name);
    }
    return all;
}

/** Every setting reaches the socket; what is not set stays; global defaults reach stock ones. */
void
Attributes(FunctionTestCase& test)
{
    TcpWire wire((TcpPreset()));
    auto node = wire.nodes.Get(0);
    const auto makeStock = [&]() {
        return Socket::CreateSocket(node, TcpSocketFactory::GetTypeId());
    };
    const auto stock = ReadAll(makeStock());
    test.Check(ReadAll(TcpPresetSocketFactory::CreateOn(node)) == stock,
               "an empty preset changes nothing");
    auto factory = TcpPresetSocketFactory::Install(node, TcpPreset::Linux());
    test.Check(factory->GetPreset().segmentSize == 1448U, "the latest preset is the node's");
    const auto ours = TcpPresetSocketFactory::CreateOn(node);
    for (const auto& [name, value] : LINUX)
    {
        test.Equal(Read(ours, name), Normal(value), name);
    }
    test.Check(ReadAll(makeStock()) == stock, "stock sockets of the node stay as they are");
    TcpPreset::Linux().SetGlobalDefaults();
    for (const auto& [name, value] : LINUX)
    {
        test.Equal(Read(makeStock(), name), Normal(value), std::string("everywhere: ") + name);
    }
    Config::Reset();
    test.Check(ReadAll(makeStock()) == stock, "until the defaults are set back");

    // One at a time: each setting has its own attribute.
    TcpPreset one;
    one.delayedAck = MilliSeconds(123);
    auto socket = makeStock();
    one.Apply(socket);
    auto expected = stock;
    expected["DelAckTimeout"] = Normal("+123ms");
    test.Check(ReadAll(socket) == expected, "only this one");
    TcpPreset two;
    two.maxSegmentLifetime = MilliSeconds(1500);
    two.sack = false;
    socket = makeStock();
    two.Apply(socket);
    expected = stock;
    expected["MaxSegLifetime"] = "1.5";
    expected["Sack"] = "false";
    test.Check(ReadAll(socket) == expected, "only these two");
}

/** RFC 6298 (2.1), (5.5): seven SYNs, 1 s after the first, then twice as long each time. */
void
SynTimes(FunctionTestCase& test)
{
    TcpWire wire(TcpPreset::Linux());
    wire.Cut(true);
    double failed = 0;
    auto socket = wire.Connect();
    socket->SetConnectCallback([](Ptr<Socket>) {},
                               [&](Ptr<Socket>) { failed = Simulator::Now().GetSeconds(); });
    TcpWire::RunTo(Seconds(300));
    test.Check(wire.Times(true, TcpHeader::SYN) == std::vector<double>{0, 1, 3, 7, 15, 31, 63},
               "tcp(7): tcp_syn_retries 6");
    test.Near(failed, 127, 1e-9, "tcp(7): given up after 127 s");
    test.Equal(wire.segments.size(), 7, "and nothing else was sent");
}

/**
 * RFC 6298 for data: after one sample R of the handshake, RTO = R + 4 * R / 2 (2.2) but at least
 * 0.2 s, doubled each time (5.5) up to 60 s (2.5); 15 times.
 */
void
DataTimes(FunctionTestCase& test)
{
    for (const int64_t oneWay : {1, 20, 50, 200, 600})
    {
        TcpWire wire(TcpPreset::Linux(), MilliSeconds(oneWay));
        auto listener = wire.Listen();
        auto socket = wire.Connect();
        TcpWire::RunTo(Seconds(5));
        wire.Cut(true);
        bool reset = false;
        socket->SetCloseCallbacks([](Ptr<Socket>) {}, [&](Ptr<Socket>) { reset = true; });
        socket->Send(Create<Packet>(100), 0);
        TcpWire::RunTo(Seconds(2000));
        const auto times = wire.Times(true, TcpHeader::ACK, true);
        const auto name = " at " + std::to_string(oneWay) + " ms";
        test.Equal(times.size(), 16, "tcp(7): tcp_retries2 15" + name);
        double rto = std::max(0.2, 6e-3 * oneWay);
        double due = 5;
        for (const double time : times)
        {
            test.Near(time, due, 2e-3, "in time" + name);
            due += rto;
            rto = std::min(2 * rto, 60.0);
        }
        test.Equal(wire.CountSockets(wire.nodes.Get(0)), 0, "given up" + name);
    }
}

/**
 * @brief Check how a client gave up what it sent at 5 s: RFC 6298 (5.5), nothing is left.
 * @param test takes the failures
 * @param wire the network
 * @param times when it was sent, in seconds
 * @param retries how often it may be repeated
 * @param name of the case
 */
void
CheckGivenUp(FunctionTestCase& test,
             TcpWire& wire,
             const std::vector<double>& times,
             uint32_t retries,
             const std::string& name)
{
    test.Equal(times.size(), retries + 1, "segments" + name);
    double rto = 0.2;
    double due = 5;
    for (const double time : times)
    {
        test.Near(time, due, 2e-3, "RFC 6298 (5.5)" + name);
        due += rto;
        rto = std::min(2 * rto, 60.0);
    }
    test.Equal(wire.CountSockets(wire.nodes.Get(0)), 0, "nothing is left" + name);
}

/** Data and a FIN for a peer that is gone are repeated DataRetries times, no more. */
void
FinTimes(FunctionTestCase& test)
{
    for (const uint32_t retries : {1, 3, 6, 15})
    {
        auto preset = TcpPreset::Linux();
        preset.dataRetries = retries;
        TcpWire wire(preset);
        auto listener = wire.Listen();
        auto socket = wire.Connect();
        TcpWire::RunTo(Seconds(5));
        wire.Cut(true);
        socket->Send(Create<Packet>(100), 0);
        socket->Close();
        socket = nullptr;
        TcpWire::RunTo(Seconds(4000));
        const auto times = wire.Times(true, TcpHeader::ACK, true);
        const auto name = ", retries " + std::to_string(retries);
        CheckGivenUp(test, wire, times, retries, name);
    }
}

/** So is a FIN without data, of the side that closes first and of the other one. */
void
BareFinTimes(FunctionTestCase& test)
{
    for (const uint32_t retries : {0, 1, 3, 6, 15})
    {
        for (const bool first : {true, false})
        {
            auto preset = TcpPreset::Linux();
            preset.dataRetries = retries;
            TcpWire wire(preset);
            auto listener = wire.Listen();
            auto socket = wire.Connect();
            TcpWire::RunTo(Seconds(1));
            if (!first)
            {
                wire.accepted.at(0)->Close();
            }
            TcpWire::RunTo(Seconds(5));
            wire.Cut(true);
            socket->Close();
            socket = nullptr;
            TcpWire::RunTo(Seconds(4000));
            const auto times = wire.Times(true, TcpHeader::FIN);
            const auto name = std::string(first ? ", first" : ", second") + ", retries " +
                              std::to_string(retries);
            CheckGivenUp(test, wire, times, retries, name);
        }
    }
}

/** RFC 6928, RFC 9293 3.7.1, RFC 7323, RFC 2018: what full segments and the first window are. */
void
Segments(FunctionTestCase& test)
{
    for (const uint32_t mtu : {576, 1280, 1400, 1500, 9000})
    {
        TcpWire wire(TcpPreset::LinuxForMtu(mtu), MilliSeconds(50), mtu);
        auto listener = wire.Listen();
        auto socket = wire.Connect();
        TcpWire::RunTo(Seconds(1));
        wire.segments.clear();
        socket->Send(Create<Packet>(100 * mtu), 0);
        const auto name = ", MTU " + std::to_string(mtu);
        TcpWire::RunTo(Seconds(1.09)); // before the first acknowledgement
        // RFC 7323, 2.2: the window of the SYN-ACK is not scaled.
        const auto first = std::min<size_t>(10, 65535 / (mtu - 52));
        test.Equal(wire.Times(true, 0, true).size(), first, "an initial window of ten" + name);
        TcpWire::RunTo(Seconds(1.19));
        if (first == 10)
        {
            test.Equal(wire.Times(true, 0, true).size(), 30, "twice as many then" + name);
        }
        for (const auto& segment : wire.segments)
        {
            test.Equal(segment.size, segment.client ? mtu : 52, "full segments, bare ACKs" + name);
        }
    }
    for (const bool on : {false, true})
    {
        auto preset = TcpPreset::Linux();
        preset.sack = preset.timestamps = preset.windowScaling = on;
        TcpWire wire(preset);
        auto listener = wire.Listen();
        wire.Connect();
        TcpWire::RunTo(Seconds(1));
        uint32_t handshake = 0;
        for (const auto& segment : wire.segments)
        {
            if (segment.tcp.GetFlags() & TcpHeader::SYN)
            {
                handshake++;
                for (const auto kind :
                     {TcpOption::SACKPERMITTED, TcpOption::TS, TcpOption::WINSCALE})
                {
                    test.Equal(segment.tcp.HasOption(kind), on, "option " + std::to_string(kind));
                }
            }
        }
        test.Equal(handshake, 2, "SYN and SYN-ACK");
    }
}

/** RFC 9293 3.8.6.3: a lone segment is acknowledged 40 ms later, the second one at once. */
void
DelayedAcks(FunctionTestCase& test)
{
    TcpWire wire(TcpPreset::Linux());
    auto listener = wire.Listen();
    auto socket = wire.Connect();
    // The first data of a stock socket is acknowledged out of turn.
    socket->Send(Create<Packet>(1448), 0);
    TcpWire::RunTo(Seconds(1));
    std::vector<double> expected;
    std::mt19937 random(9293);
    wire.segments.clear();
    for (int i = 0; i < 20; i++)
    {
        const uint32_t full = 1 + random() % 6;
        const double at = 1 + i;
        Simulator::Schedule(Seconds(at) - Simulator::Now(),
                            [=]() { socket->Send(Create<Packet>(full * 1448), 0); });
        expected.insert(expected.end(), full / 2, at + 0.01);
        if (full % 2 == 1)
        {
            expected.push_back(at + 0.05);
        }
    }
    TcpWire::RunTo(Seconds(30));
    const auto acks = wire.Times(false, TcpHeader::ACK);
    test.Equal(acks.size(), expected.size(), "acknowledgements");
    for (size_t i = 0; i < std::min(acks.size(), expected.size()); i++)
    {
        test.Near(acks[i], expected[i], 1e-5, "the one of number " + std::to_string(i));
    }
}

/** RFC 9293 3.4.2: who closes first waits for two maximum segment lifetimes, 60 s on Linux. */
void
TimeWait(FunctionTestCase& test)
{
    for (const int lifetime : {5, 30, 120})
    {
        auto preset = TcpPreset::Linux();
        preset.maxSegmentLifetime = Seconds(lifetime);
        TcpWire wire(preset);
        auto listener = wire.Listen();
        wire.onAccept = [](Ptr<AbortableTcpSocket> accepted) {
            accepted->SetCloseCallbacks([](Ptr<Socket> s) { s->Close(); }, [](Ptr<Socket>) {});
        };
        auto socket = wire.Connect();
        TcpWire::RunTo(Seconds(1));
        socket->Close();
        TcpWire::RunTo(Seconds(2));
        test.Check(socket->GetState() == TcpSocket::TIME_WAIT, "it waits");
        socket = nullptr;
        const auto fin = wire.Times(false, TcpHeader::FIN);
        test.Equal(fin.size(), 1, "the FIN of the other side");
        const double end = fin.at(0) + 0.01 + 2 * lifetime; // from its arrival
        TcpWire::RunTo(Seconds(end - 0.001));
        test.Equal(wire.CountSockets(wire.nodes.Get(0)), 1, "still, " + std::to_string(lifetime));
        TcpWire::RunTo(Seconds(end + 0.001));
        test.Equal(wire.CountSockets(wire.nodes.Get(0)), 0, "gone, " + std::to_string(lifetime));
    }
}

/** TCP with the settings of Linux. */
class TcpPresetTestSuite : public TestSuite
{
  public:
    TcpPresetTestSuite()
        : TestSuite("azure-tcp-preset", Type::SYSTEM)
    {
        Add("Linux's settings reach the attributes, and only those that are set", Attributes);
        Add("RFC 6298 SYNs at 0, 1, 3, 7, 15, 31 and 63 s, given up after 127 s", SynTimes);
        Add("RFC 6298 data is repeated fifteen times from 3 R or 0.2 s, up to 60 s", DataTimes);
        Add("RFC 6298 the last data of a closed connection is given up, too", FinTimes);
        Add("RFC 6298 a lone FIN is given up, too", BareFinTimes);
        Add("RFC 6928 RFC 7323 ten full segments at first, with the options that are on", Segments);
        Add("RFC 9293 every second segment is acknowledged at once, a lone one after 40 ms",
            DelayedAcks);
        Add("RFC 9293 TIME_WAIT is twice the segment lifetime", TimeWait);
    }

  private:
    /**
     * @param name name of the case
     * @param body what to do
     */
    void Add(const std::string& name, void (*body)(FunctionTestCase&))
    {
        AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
    }
};

/** Registers the suite. */
TcpPresetTestSuite g_tcpPresetTestSuite;

} // namespace
