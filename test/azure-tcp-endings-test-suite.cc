/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-tcp-wire.h"

#include <functional>
#include <optional>
#include <sstream>

using namespace ns3;
using namespace ns3::azure;

namespace
{

const uint8_t FIN = TcpHeader::FIN; //!< flag
const uint8_t SYN = TcpHeader::SYN; //!< flag
const uint8_t RST = TcpHeader::RST; //!< flag
const uint8_t ACK = TcpHeader::ACK; //!< flag
const uint8_t PSH = TcpHeader::PSH; //!< flag

/**
 * @brief Send a segment that belongs to no socket, from port 5000 to port 80.
 * @param wire the network
 * @param client whether from the first node
 * @param tcp flags and numbers of the segment
 * @param payload bytes after the header
 */
void
Inject(TcpWire& wire, bool client, TcpHeader tcp, uint32_t payload = 0)
{
    const Ipv4Address first("10.0.0.1");
    const Ipv4Address second("10.0.0.2");
    wire.nodes.Get(client ? 0 : 1)
        ->GetObject<TcpL4Protocol>()
        ->SendPacket(Create<Packet>(payload),
                     tcp,
                     client ? first : second,
                     client ? second : first);
}

/**
 * @param flags flags
 * @param sequence sequence number
 * @param acknowledgement acknowledgement number
 * @return a header from port 5000 to port 80
 */
TcpHeader
Header(uint8_t flags, uint32_t sequence, uint32_t acknowledgement)
{
    TcpHeader tcp;
    tcp.SetFlags(flags);
    tcp.SetSequenceNumber(SequenceNumber32(sequence));
    tcp.SetAckNumber(SequenceNumber32(acknowledgement));
    tcp.SetSourcePort(5000);
    tcp.SetDestinationPort(80);
    tcp.SetWindowSize(1000);
    return tcp;
}

/**
 * @param tcp a header
 * @return flags, sequence and acknowledgement number, the last only where it counts
 */
std::string
Describe(const TcpHeader& tcp)
{
    std::ostringstream text;
    text << TcpHeader::FlagsToString(tcp.GetFlags(), ",") << " " << tcp.GetSequenceNumber();
    if (tcp.GetFlags() & ACK)
    {
        text << " " << tcp.GetAckNumber();
    }
    return text.str();
}

/** What a listening socket sends back for a segment of no connection. */
struct Stray
{
    TcpHeader in;      //!< what arrives
    uint32_t payload;  //!< bytes with it
    std::string reply; //!< what goes back; empty: nothing
};

/** RFC 9293, section 3.10.7.2: first RST, second ACK, third SYN, then others. */
void
Strays(FunctionTestCase& test)
{
    const std::vector<Stray> table{{Header(RST, 7, 0), 0, ""},
                                   {Header(RST | ACK, 7, 900), 0, ""},
                                   {Header(ACK, 7, 900), 0, "RST 900"},
                                   {Header(ACK, 7, 0xffffffff), 0, "RST 4294967295"},
                                   {Header(ACK, 7, 0), 0, "RST 0"},
                                   {Header(ACK | PSH, 7, 900), 30, "RST 900"},
                                   {Header(FIN | ACK, 7, 900), 0, "RST 900"},
                                   {Header(SYN | ACK, 7, 900), 0, "RST 900"},
                                   {Header(FIN, 7, 0), 0, ""},
                                   {Header(0, 7, 0), 30, ""}};
    for (const bool deaf : {false, true})
    {
        for (const auto& [in, payload, reply] : table)
        {
            TcpWire wire(TcpPreset::Linux());
            auto listener = wire.Listen();
            listener->SetDeaf(deaf);
            Inject(wire, true, in, payload);
            TcpWire::RunTo(Seconds(5));
            const auto name = Describe(in) + (deaf ? " to a deaf one" : "");
            const std::string expected = deaf ? "" : reply;
            test.Equal(wire.segments.size(), expected.empty() ? 1 : 2, name);
            if (!expected.empty() && wire.segments.size() > 1)
            {
                const auto& tcp = wire.segments[1].tcp;
                test.Equal(Describe(tcp), expected, name);
                test.Check(tcp.GetSourcePort() == 80 && tcp.GetDestinationPort() == 5000, "ports");
                test.Equal(wire.segments[1].payload, 0, "without data");
            }
            test.Equal(wire.accepted.size(), 0, "no connection: " + name);
            if (in.GetFlags() & ACK)
            {
                // The port works on, unless it is deaf.
                auto socket = wire.Connect();
                TcpWire::RunTo(Seconds(6));
                test.Check((socket->GetState() == TcpSocket::ESTABLISHED) == !deaf,
                           "after " + name);
            }
        }
    }
}

/** A node that lost its memory refuses what it once knew. */
void
Amnesia(FunctionTestCase& test)
{
    for (const bool listening : {false, true})
    {
        TcpWire wire(TcpPreset::Linux());
        auto listener = wire.Listen();
        auto socket = wire.Connect();
        TcpWire::RunTo(Seconds(1));
        wire.accepted.at(0)->Vanish();
        if (!listening)
        {
            listener->Close();
            listener = nullptr;
        }
        TcpWire::RunTo(Seconds(2));
        const auto quiet = wire.segments.size();
        test.Check(wire.Times(false, RST).empty(), "it goes without a word");
        bool told = false;
        socket->SetCloseCallbacks([&](Ptr<Socket>) { told = true; },
                                  [&](Ptr<Socket>) { told = true; });
        socket->Send(Create<Packet>(10), 0);
        TcpWire::RunTo(Seconds(2.021));
        test.Equal(wire.segments.size(), quiet + 2, "data and its refusal");
        test.Check(wire.Times(false, RST).size() == 1, "RST");
        test.Check(socket->WasReset() && told, "the peer knows one round trip later");
        test.Check(socket->GetState() == TcpSocket::CLOSED, "and is closed");
        TcpWire::RunTo(Seconds(100));
        test.Equal(wire.segments.size(), quiet + 2, "nothing is repeated");
    }
}

/** RFC 9293, section 3.10.7.3: in SYN-SENT a reset counts when it acknowledges the SYN. */
void
Refusals(FunctionTestCase& test)
{
    // What is sent back for the SYN with number S, and whether that ends the attempt.
    const std::vector<std::tuple<uint8_t, int64_t, bool>> table{{RST | ACK, 1, true},
                                                                {RST | ACK, 0, false},
                                                                {RST | ACK, 2, false},
                                                                {RST | ACK, 1 << 20, false},
                                                                {RST, 1, false},
                                                                {RST, 0, false}};
    for (const auto& [flags, offset, counts] : table)
    {
        TcpWire wire(TcpPreset::Linux());
        wire.Cut(true);
        auto socket = wire.Connect();
        std::optional<Time> failed;
        socket->SetConnectCallback([](Ptr<Socket>) {},
                                   [&](Ptr<Socket>) { failed = Simulator::Now(); });
        TcpWire::RunTo(MilliSeconds(100));
        const auto syn = wire.segments.at(0).tcp; // a copy: more segments follow
        wire.Cut(false);
        auto reply =
            Header(flags, 0, static_cast<uint32_t>(syn.GetSequenceNumber().GetValue() + offset));
        reply.SetSourcePort(80);
        reply.SetDestinationPort(syn.GetSourcePort());
        Inject(wire, false, reply);
        auto listener = wire.Listen();
        TcpWire::RunTo(Seconds(3));
        const auto name = Describe(reply) + " for " + Describe(syn);
        test.Equal(failed.has_value(), counts, name);
        test.Equal(socket->WasReset(), counts, name);
        if (counts)
        {
            test.Near(failed.value_or(Time()).GetSeconds(), 0.11, 1e-5, "at once");
            test.Equal(wire.Times(true, SYN).size(), 1, "no SYN is repeated: " + name);
            test.Equal(wire.CountSockets(wire.nodes.Get(0)), 0, "gone: " + name);
        }
        else
        {
            test.Check(socket->GetState() == TcpSocket::ESTABLISHED,
                       "the next SYN is answered: " + name);
        }
    }
}

/** RFC 9293, section 3.10.5: who is told of an abort, by the state it happens in. */
void
AbortByState(FunctionTestCase& test)
{
    const std::vector<
        std::tuple<std::string, std::function<void(TcpWire&, Ptr<AbortableTcpSocket>)>, bool>>
        table{{"before anything", [](TcpWire&, Ptr<AbortableTcpSocket>) {}, false},
              {"listening",
               [](TcpWire&, Ptr<AbortableTcpSocket> s) {
                   s->Bind(InetSocketAddress(Ipv4Address::GetAny(), 81));
                   s->Listen();
               },
               false},
              {"SYN sent",
               [](TcpWire& wire, Ptr<AbortableTcpSocket> s) {
                   wire.Cut(true);
                   s->Connect(InetSocketAddress(Ipv4Address("10.0.0.2"), 80));
               },
               false},
              {"established",
               [](TcpWire&, Ptr<AbortableTcpSocket> s) {
                   s->Connect(InetSocketAddress(Ipv4Address("10.0.0.2"), 80));
               },
               true},
              {"closed by the peer",
               [](TcpWire& wire, Ptr<AbortableTcpSocket> s) {
                   wire.onAccept = [](Ptr<AbortableTcpSocket> accepted) { accepted->Close(); };
                   s->Connect(InetSocketAddress(Ipv4Address("10.0.0.2"), 80));
               },
               true},
              {"closed, and the peer is not",
               [](TcpWire&, Ptr<AbortableTcpSocket> s) {
                   s->Connect(InetSocketAddress(Ipv4Address("10.0.0.2"), 80));
                   Simulator::Schedule(MilliSeconds(100), [s]() { s->Close(); });
               },
               true},
              {"waiting after the close",
               [](TcpWire& wire, Ptr<AbortableTcpSocket> s) {
                   wire.onAccept = [](Ptr<AbortableTcpSocket> accepted) {
                       accepted->SetCloseCallbacks([](Ptr<Socket> a) { a->Close(); },
                                                   [](Ptr<Socket>) {});
                   };
                   s->Connect(InetSocketAddress(Ipv4Address("10.0.0.2"), 80));
                   Simulator::Schedule(MilliSeconds(100), [s]() { s->Close(); });
               },
               false}};
    for (const auto& [name, prepare, told] : table)
    {
        for (const bool abort : {true, false})
        {
            TcpWire wire(TcpPreset::Linux());
            auto listener = wire.Listen();
            auto socket = TcpPresetSocketFactory::CreateOn(wire.nodes.Get(0));
            prepare(wire, socket);
            TcpWire::RunTo(MilliSeconds(500));
            bool called = false;
            socket->SetCloseCallbacks([&](Ptr<Socket>) { called = true; },
                                      [&](Ptr<Socket>) { called = true; });
            const auto before = wire.Times(true, 0).size();
            abort ? socket->Abort() : socket->Vanish();
            test.Check(socket->GetState() == TcpSocket::CLOSED, "closed at once: " + name);
            socket = nullptr;
            TcpWire::RunTo(MilliSeconds(600));
            const bool reset = abort && told;
            test.Equal(wire.Times(true, 0).size(), before + (reset ? 1 : 0), "sent: " + name);
            test.Equal(wire.Times(true, RST | ACK).size(), reset ? 1 : 0, "resets: " + name);
            if (reset)
            {
                test.Check(wire.accepted.at(0)->WasReset(), "the peer is told: " + name);
                test.Equal(wire.CountSockets(wire.nodes.Get(1)), 1, "it keeps its port: " + name);
            }
            test.Equal(called, false, "the application is not called back: " + name);
            test.Equal(wire.CountSockets(wire.nodes.Get(0)), 0, "nothing is left: " + name);
        }
    }
}

/** Ends that are asked for in the midst of an arriving segment. */
void
InCallback(FunctionTestCase& test)
{
    for (const bool abort : {true, false})
    {
        TcpWire wire(TcpPreset::Linux());
        auto listener = wire.Listen();
        uint32_t calls = 0;
        wire.onAccept = [&](Ptr<AbortableTcpSocket> accepted) {
            accepted->SetRecvCallback([&, abort](Ptr<Socket> s) {
                calls++;
                auto own = DynamicCast<AbortableTcpSocket>(s);
                abort ? own->Abort() : own->Vanish();
            });
        };
        auto socket = wire.Connect();
        TcpWire::RunTo(Seconds(1));
        socket->Send(Create<Packet>(5 * 1448), 0); // further segments are on their way
        TcpWire::RunTo(Seconds(1.011));
        test.Equal(calls, 1, "the application is called once");
        test.Equal(wire.CountSockets(wire.nodes.Get(1)), 1, "only its port is left");
        test.Check(wire.Times(false, RST).size() >= (abort ? 5 : 4), "what follows is refused");
        TcpWire::RunTo(Seconds(1.03));
        test.Check(socket->WasReset(), "the peer knows");
        wire.accepted.clear();
    }
}

/** tcp_fin_timeout: an orphan whose peer does not close is forgotten; data still goes out. */
void
Linger(FunctionTestCase& test)
{
    for (const int limit : {1, 10, 60})
    {
        TcpWire wire(TcpPreset::Linux());
        auto listener = wire.Listen();
        uint32_t received = 0;
        wire.onAccept = [&](Ptr<AbortableTcpSocket> accepted) {
            accepted->SetRecvCallback([&](Ptr<Socket> s) {
                while (auto packet = s->Recv())
                {
                    received += packet->GetSize();
                }
            });
        };
        auto socket = wire.Connect();
        TcpWire::RunTo(Seconds(1));
        socket->Send(Create<Packet>(200000), 0);
        socket->CloseWithin(Seconds(limit));
        socket = nullptr;
        TcpWire::RunTo(Seconds(1 + limit - 0.001));
        test.Equal(received, 200000, "all that was sent before arrives");
        test.Equal(wire.Times(true, FIN).size(), 1, "and a FIN");
        test.Equal(wire.CountSockets(wire.nodes.Get(0)), 1, "it waits for the other side");
        TcpWire::RunTo(Seconds(1 + limit + 0.001));
        test.Equal(wire.CountSockets(wire.nodes.Get(0)), 0, "as long as it was told");
        test.Equal(wire.Times(true, RST).size(), 0, "without a word");
        // The other side finds nobody.
        wire.accepted.at(0)->Send(Create<Packet>(10), 0);
        TcpWire::RunTo(Seconds(1 + limit + 1));
        test.Check(wire.accepted.at(0)->WasReset(), "and is refused later");
    }
}

/** How connections end. */
class TcpEndingsTestSuite : public TestSuite
{
  public:
    TcpEndingsTestSuite()
        : TestSuite("azure-tcp-endings", Type::UNIT)
    {
        Add("RFC 9293 3.10.7.2 a listening socket answers segments of no connection", Strays);
        Add("RFC 9293 3.10.7.3 only a reset that acknowledges the SYN refuses it", Refusals);
        Add("RFC 9293 3.10.5 an abort resets where the peer knows of the connection", AbortByState);
        Add("RFC 9293 3.5.1 a host that forgot a connection refuses it", Amnesia);
        Add("A connection may end in the midst of an arriving segment", InCallback);
        Add("A closed connection whose peer stays is forgotten in time", Linger);
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
TcpEndingsTestSuite g_tcpEndingsTestSuite;

} // namespace
