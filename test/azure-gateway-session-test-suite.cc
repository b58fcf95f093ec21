/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-session-bed.h"

#include "ns3/double.h"
#include "ns3/error-model.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/pointer.h"

#include <set>
#include <sstream>

using namespace ns3;
using namespace ns3::azure;

namespace
{

using End = GatewaySessionEnd; //!< how sessions end

/**
 * @param address an address
 * @return its text, with the port
 */
std::string
Show(const InetSocketAddress& address)
{
    std::ostringstream text;
    text << address.GetIpv4() << ":" << address.GetPort();
    return text.str();
}

/** @param t the test case */
void
TestBothWays(FunctionTestCase& t)
{
    SessionBed bed;
    for (uint32_t i = 0; i < 3; ++i)
    {
        bed.Serve(i).onAccept = [i](SessionPeer& peer) { peer.Send("hello " + std::to_string(i)); };
    }
    bed.Start();
    for (uint32_t i = 0; i < 6; ++i)
    {
        bed.Open().Send("first " + std::to_string(i));
    }
    bed.Run(Seconds(1));
    for (uint32_t i = 0; i < 6; ++i)
    {
        bed.peers[i]->Send(", second");
    }
    bed.Run(Seconds(2));
    for (uint32_t i = 0; i < 6; ++i)
    {
        // Members take turns by connection, and a connection stays with its own (AG-20).
        t.Equal(bed.peers[i]->received, "hello " + std::to_string(i % 3), "from the member");
        t.Equal(bed.ports[i % 3]->peers.at(i / 3)->received,
                "first " + std::to_string(i) + ", second",
                "from the client");
    }
    t.Equal(bed.instance->GetConnectionCount(), 6, "connections of clients");
    t.Equal(bed.instance->GetBackendConnectionsOpened(), 6, "connections to members");
    t.Equal(bed.records.size(), 0, "no exchange of HTTP");
}

/** @param t the test case */
void
TestAddresses(FunctionTestCase& t)
{
    auto c = MakeLayer4Gateway();
    c.backendAddressPools[0] = MakePool("web", 0, 1);
    SessionBed bed(c, 1);
    auto& server = bed.Serve(0);
    server.onAccept = [](SessionPeer& peer) {
        peer.onData = [&peer] { peer.Send("pong"); };
        peer.onEnd = [&peer] { peer.Finish(); };
    };
    std::set<std::string> sources;
    bed.servers.Get(0)->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
        "Rx",
        Callback<void, Ptr<const Packet>, Ptr<Ipv4>, uint32_t>(
            [&](Ptr<const Packet> packet, Ptr<Ipv4>, uint32_t) {
                Ipv4Header header;
                packet->PeekHeader(header);
                std::ostringstream text;
                text << header.GetSource();
                sources.insert(text.str());
            }));
    bed.Start();
    auto& client = bed.Open();
    const auto local = client.stream->GetLocal();
    client.Send("ping!");
    Simulator::Schedule(Seconds(1), [&] { client.Finish(); });
    bed.Run(Seconds(3));
    t.Check(sources == std::set<std::string>{"10.0.1.1"}, "every packet is the instance's");
    t.Equal(bed.sessions.size(), 1, "one session");
    const auto& record = bed.sessions.at(0);
    t.Equal(Show(record.client), "10.1.0.1:" + std::to_string(local.GetPort()), "client");
    t.Equal(Show(record.frontend), "20.0.0.4:9000", "frontend");
    t.Equal(Show(record.backendLocal), Show(server.seen.at(0)), "the instance for the member");
    t.Equal(Show(record.backend), "10.0.1.4:8000", "member");
    t.Equal(record.member, "10.0.1.4", "its text");
    t.Check(record.listener == 0 && record.rule == 0 && record.pool == 0, "parts");
    t.Check(record.setting == 1, "the setting, behind that for HTTP");
    t.Equal(record.bytesFromClient, 5, "from the client");
    t.Equal(record.bytesToBackend, 5, "to the member");
    t.Equal(record.bytesFromBackend, 4, "from the member");
    t.Equal(record.bytesToClient, 4, "to the client");
    t.Equal(ToString(record.end), "complete", "how it ended");
    t.Check(record.backendStart == record.start, "the member is called at once");
    auto& second = bed.Open();
    second.Send("ping!");
    bed.Run(Seconds(4));
    second.Finish();
    bed.Run(Seconds(5));
    t.Equal(bed.instance->GetSessionCount(), 2, "counted");
    // Now that ARP knows the LAN of 0.1 ms each way.
    const auto& later = bed.sessions.at(1);
    t.Near((*later.backendConnect - later.start).GetSeconds(), 0.0002, 0.00001, "its handshake");
    // A round trip, and what CSMA waits while the channel is busy.
    const Time answer = *later.backendFirstByte - *later.backendConnect;
    t.Check(answer >= MicroSeconds(200) && answer < MilliSeconds(2), "then its answer");
    t.Check(later.clientRtt >= MilliSeconds(10), "a round trip to the client takes 10 ms");
}

/**
 * @param t the test case
 * @param clientFirst whether the client finishes first
 */
void
TestHalfClose(FunctionTestCase& t, bool clientFirst)
{
    SessionBed bed(MakeLayer4Gateway(), 1);
    auto& server = bed.Serve(0);
    const auto early = PatternText(20000);
    const auto late = PatternText(400000);
    server.onAccept = [&](SessionPeer& peer) {
        if (!clientFirst)
        {
            peer.Send(early);
            peer.Finish();
            return;
        }
        peer.onEnd = [&] {
            // A second later the direction back must still be open.
            Simulator::Schedule(Seconds(1), [&] {
                peer.Send(late);
                peer.Finish();
            });
        };
    };
    bed.Start();
    auto& client = bed.Open();
    if (clientFirst)
    {
        client.Send(early);
        client.Finish();
    }
    client.onEnd = [&] {
        if (!clientFirst)
        {
            Simulator::Schedule(Seconds(1), [&] {
                client.Send(late);
                client.Finish();
            });
        }
    };
    bed.Run(Seconds(4));
    auto& backend = *server.peers.at(0);
    t.Check(client.how == ByteStreamEnd::Closed, "the client's end is orderly");
    t.Check(backend.how == ByteStreamEnd::Closed, "and the member's");
    t.Check(client.received == (clientFirst ? late : early), "all of it at the client");
    t.Check(backend.received == (clientFirst ? early : late), "all of it at the member");
    t.Check((clientFirst ? backend : client).ended < Seconds(0.2), "the first half closes first");
    t.Check((clientFirst ? client : backend).ended > Seconds(1), "the other one later");
    t.Equal(bed.sessions.size(), 1, "one session");
    t.Check(bed.sessions.at(0).end == End::Complete, "how it ended");
    t.Equal(bed.instance->GetConnectionCount(), 0, "nothing is left");
}

/** @param t the test case */
void
TestIdleTimeout(FunctionTestCase& t)
{
    SessionBed bed(MakeLayer4Gateway(), 1);
    auto& server = bed.Serve(0);
    server.onAccept = [](SessionPeer& peer) { peer.onData = [&peer] { peer.Send("you"); }; };
    bed.Start();
    auto& client = bed.Open();
    for (const int at : {0, 4, 8})
    {
        Simulator::Schedule(Seconds(at), [&] { client.Send("me"); });
    }
    // What the member says counts as well.
    Simulator::Schedule(Seconds(12), [&] { server.peers.at(0)->Send("alone"); });
    bed.Run(Seconds(30));
    auto& backend = *server.peers.at(0);
    t.Equal(client.received, "youyouyoualone", "nothing ended before");
    // Last byte and end take the same way to the client.
    t.Check(client.how == ByteStreamEnd::Closed && backend.how == ByteStreamEnd::Closed,
            "both connections are closed, and not reset");
    t.Near((*client.ended - client.lastByte).GetSeconds(), 5, 1e-6, "after the timeout");
    t.Near(backend.ended->GetSeconds(), 12.0001 + 5 + 0.0001, 1e-4, "at the member too");
    t.Equal(bed.sessions.size(), 1, "one session");
    t.Check(bed.sessions.at(0).end == End::IdleTimeout, "how it ended");
    t.Equal(ApplicationGatewayBackendSettings().timeout.GetSeconds(), 20, "20 s unless set");
}

/** @param t the test case */
void
TestSilentReader(FunctionTestCase& t)
{
    // Bytes that nobody takes do not keep a session alive, and are not passed for all there were.
    TcpPreset preset = TcpPreset::Linux();
    preset.sendBuffer = preset.receiveBuffer = 20000;
    SessionBed bed(MakeLayer4Gateway(), 1, preset);
    bed.Serve(0).onAccept = [](SessionPeer& peer) { peer.Send(std::string(300000, 'x')); };
    bed.Start();
    auto& client = bed.Open();
    client.SetPace(0);
    bed.Run(Seconds(20));
    t.Check(client.how == ByteStreamEnd::Reset, "reset");
    t.Check(bed.sessions.at(0).end == End::IdleTimeout, "how it ended");
    t.Check(bed.sessions.at(0).bytesFromBackend > bed.sessions.at(0).bytesToClient, "some is lost");
}

/** @param t the test case */
void
TestRefused(FunctionTestCase& t)
{
    SessionBed bed(MakeLayer4Gateway(), 1);
    bed.Start();
    auto& client = bed.Open();
    bed.Run(Seconds(1));
    t.Check(client.how == ByteStreamEnd::Reset, "the client is reset");
    t.Check(client.ended < Seconds(0.05), "at once");
    t.Equal(bed.sessions.size(), 1, "one session");
    t.Check(bed.sessions.at(0).end == End::BackendRefused, "how it ended");
    t.Check(!bed.sessions.at(0).backendConnect, "there was no connection");
    t.Equal(bed.instance->GetConnectionCount(), 0, "nothing is left");
}

/** @param t the test case */
void
TestSilent(FunctionTestCase& t)
{
    SessionBed bed(MakeLayer4Gateway(), 1);
    bed.Serve(0).listener->SetDeaf(true);
    bed.Start();
    auto& client = bed.Open();
    client.Send("is anybody there?");
    bed.Run(Seconds(30));
    t.Check(client.how == ByteStreamEnd::Reset, "the client is reset");
    t.Equal(bed.sessions.size(), 1, "one session");
    const auto& record = bed.sessions.at(0);
    t.Check(record.end == End::BackendTimeout, "how it ended");
    t.Equal((record.finish - record.start).GetSeconds(), 5, "after the timeout");
    t.Equal(record.bytesToBackend, 0, "the member got nothing");
}

/**
 * @param t the test case
 * @param byClient whether the client's connection fails, or the member's
 */
void
TestLoss(FunctionTestCase& t, bool byClient)
{
    SessionBed bed(MakeLayer4Gateway(), 1);
    auto& server = bed.Serve(0);
    bed.Start();
    auto& client = bed.Open();
    client.Send("some");
    Simulator::Schedule(Seconds(1),
                        [&] { (byClient ? client : *server.peers.at(0)).stream->Abort(); });
    bed.Run(Seconds(2));
    auto& other = byClient ? *server.peers.at(0) : client;
    t.Check(other.how == ByteStreamEnd::Reset, "the other one is reset");
    t.Near(other.ended->GetSeconds(), 1.005, 0.001, "at once");
    t.Equal(bed.sessions.size(), 1, "one session");
    t.Check(bed.sessions.at(0).end == (byClient ? End::ClientLost : End::BackendLost), "the end");
    t.Equal(bed.instance->GetConnectionCount(), 0, "nothing is left");
}

/** @param t the test case */
void
TestNoMember(FunctionTestCase& t)
{
    SessionBed bed;
    bed.Serve(0);
    bed.Start();
    bed.instance->SetAllHealthy(false);
    auto& first = bed.Open();
    bed.Run(Seconds(1));
    t.Check(first.how == ByteStreamEnd::Reset, "reset");
    t.Check(bed.sessions.at(0).end == End::NoHealthyMember, "why");
    for (uint32_t i = 0; i < 3; ++i)
    {
        bed.instance->RemoveMember(0, Server(i).GetText());
    }
    auto& second = bed.Open();
    bed.Run(Seconds(2));
    t.Check(second.how == ByteStreamEnd::Reset, "reset again");
    t.Check(bed.sessions.at(1).end == End::EmptyPool, "why");
    t.Equal(bed.instance->GetDropCount(GatewayDropReason::NoMember), 2, "counted");
    t.Check(bed.drops == std::vector(2, GatewayDropReason::NoMember), "traced");
}

/** @param t the test case */
void
TestDraining(FunctionTestCase& t)
{
    auto c = MakeLayer4Gateway();
    c.backendSettingsCollection[0].timeout = Seconds(100);
    // Of the other layer, where it can be set.
    c.backendHttpSettingsCollection[0].connectionDraining = {true, Seconds(3)};
    SessionBed bed(c);
    for (uint32_t i = 0; i < 3; ++i)
    {
        bed.Serve(i);
    }
    bed.Start();
    auto& first = bed.Open();
    auto& second = bed.Open();
    bed.Run(Seconds(1));
    bed.instance->SetHealthy(1, "10.0.1.5", false);
    bed.instance->RemoveMember(0, "10.0.1.4");
    for (uint32_t i = 0; i < 3; ++i)
    {
        bed.Open();
    }
    Simulator::Schedule(Seconds(20), [&] {
        first.Send("still here");
        second.Send("me too");
    });
    bed.Run(Seconds(60));
    t.Equal(bed.ports[2]->peers.size(), 3, "new connections go to the member that is left");
    t.Equal(bed.ports[0]->peers.at(0)->received, "still here", "the drained one goes on");
    t.Equal(bed.ports[1]->peers.at(0)->received, "me too", "the unhealthy one too (AG-48)");
    t.Equal(bed.sessions.size(), 1, "one has ended");
    t.Check(bed.sessions.at(0).end == End::Drained, "the drained one");
    t.Equal(bed.sessions.at(0).finish.GetSeconds(), 31, "30 s after its removal");
    t.Check(first.how == ByteStreamEnd::Reset, "the client");
    t.Check(bed.ports[0]->peers.at(0)->how == ByteStreamEnd::Reset, "the member");
    t.Check(!second.ended, "not the unhealthy one");
}

/**
 * @param t the test case
 * @param crash whether the instance crashes, or stops
 */
void
TestEnd(FunctionTestCase& t, bool crash)
{
    SessionBed bed(MakeLayer4Gateway(), 1);
    auto& server = bed.Serve(0);
    if (!crash)
    {
        bed.factory.Set("StopTime", TimeValue(Seconds(1)));
    }
    bed.Start();
    auto& client = bed.Open();
    client.Send("some");
    if (crash)
    {
        Simulator::Schedule(Seconds(1), [&] { bed.instance->Crash(); });
    }
    bed.Run(Seconds(3));
    t.Equal(bed.sessions.size(), 1, "reported");
    t.Check(bed.sessions.at(0).end == End::Stopped, "how it ended");
    t.Equal(client.ended.has_value(), !crash, "the client hears of it unless there is nobody left");
    t.Equal(server.peers.at(0)->ended.has_value(), !crash, "so does the member");
    t.Equal(bed.instance->GetConnectionCount(), 0, "nothing is left");
}

/** @param t the test case */
void
TestProxyLine(FunctionTestCase& t)
{
    auto c = MakeLayer4Gateway();
    c.backendSettingsCollection[0].enableL4ClientIpPreservation = true;
    SessionBed bed(c, 1);
    auto& server = bed.Serve(0);
    bed.Start();
    auto& client = bed.Open();
    client.Send("bytes");
    bed.Run(Seconds(1));
    t.Equal(server.peers.at(0)->received,
            "PROXY TCP4 10.1.0.1 20.0.0.4 " + std::to_string(client.stream->GetLocal().GetPort()) +
                " 9000\r\nbytes",
            "the client's address, then its bytes");
    t.Equal(Show(server.seen.at(0)).substr(0, 9),
            "10.0.1.1:",
            "the source is the instance all the same");
}

/** @param t the test case */
void
TestBackPressure(FunctionTestCase& t)
{
    constexpr uint32_t BUFFER = 32768;
    TcpPreset preset = TcpPreset::Linux();
    preset.sendBuffer = BUFFER;
    preset.receiveBuffer = BUFFER;
    auto c = MakeLayer4Gateway();
    c.backendSettingsCollection[0].timeout = Seconds(1000);
    SessionBed bed(c, 1, preset);
    bed.factory.Set("StreamBufferSize", UintegerValue(10000));
    bed.Start();
    auto& server = bed.Serve(0);
    const auto down = PatternText(300000);
    const auto up = PatternText(250000);
    server.onAccept = [&](SessionPeer& peer) {
        peer.SetPace(0);
        peer.Send(down);
    };
    auto& client = bed.Open();
    client.SetPace(0);
    client.Send(up);
    bed.Run(Seconds(20));
    auto& backend = *server.peers.at(0);
    // Send and receive buffers of both hops, and what the instance holds: one read at most besides.
    const uint64_t most = 4 * BUFFER + 10000 + BUFFER;
    t.Check(backend.GetSent() <= most, "a client that does not read stops the member");
    t.Check(client.GetSent() <= most, "a member that does not read stops the client");
    t.Check(backend.GetSent() > 4 * BUFFER - 20000 && client.GetSent() > 4 * BUFFER - 20000,
            "as much as there is room for goes all the same");
    client.SetPace(1000);
    backend.SetPace(900);
    bed.Run(Seconds(22));
    t.Check(client.received == down, "then all of it gets there");
    t.Check(backend.received == up, "both ways");
}

/**
 * @brief Both ends talk and finish at random, over lossy links, with slow readers.
 *
 * @param t the test case
 * @param runs how often
 * @param largest bytes in one direction at most
 */
void
TestLossyLinks(FunctionTestCase& t, uint32_t runs, uint32_t largest)
{
    auto random = CreateObject<UniformRandomVariable>();
    random->SetStream(59);
    for (uint32_t run = 0; run < runs; ++run)
    {
        TcpPreset preset = TcpPreset::Linux();
        preset.sendBuffer = random->GetInteger(8000, 200000);
        preset.receiveBuffer = random->GetInteger(8000, 200000);
        auto c = MakeLayer4Gateway();
        c.backendSettingsCollection[0].timeout = Seconds(600);
        SessionBed bed(c, 1, preset);
        bed.factory.Set("StreamBufferSize", UintegerValue(random->GetInteger(1, 100000)));
        for (const auto& devices : {bed.clientDevices, bed.lanDevices})
        {
            for (uint32_t i = 0; i < devices.GetN(); ++i)
            {
                auto errors = CreateObject<RateErrorModel>();
                errors->SetAttribute("ErrorUnit", StringValue("ERROR_UNIT_PACKET"));
                errors->SetAttribute("ErrorRate", DoubleValue(random->GetValue(0, 0.03)));
                errors->AssignStreams(100 * run + 10 * i + devices.GetN());
                devices.Get(i)->SetAttribute("ReceiveErrorModel", PointerValue(errors));
            }
        }
        bed.Start();
        const auto up = PatternText(random->GetInteger(0, largest));
        const auto down = PatternText(random->GetInteger(0, largest));
        const auto settle = [&](SessionPeer& peer, const std::string& text, bool waits) {
            if (random->GetValue() < 0.5)
            {
                peer.SetPace(random->GetInteger(200, 3000));
            }
            const Time pause = Seconds(random->GetValue(0, 0.5));
            const auto speak = [&peer, text, pause] {
                Simulator::Schedule(pause, [&peer, text] {
                    peer.Send(text);
                    peer.Finish();
                });
            };
            waits ? void(peer.onEnd = speak) : speak();
        };
        // Nobody waits, or one of them for the other's end.
        const auto who = random->GetInteger(0, 2);
        auto& server = bed.Serve(0);
        server.onAccept = [&](SessionPeer& peer) { settle(peer, down, who == 1); };
        settle(bed.Open(), up, who == 2);
        bed.Run(Seconds(500));
        const auto name = "run " + std::to_string(run) + ": ";
        t.Equal(server.peers.size(), 1, name + "one connection");
        if (server.peers.size() != 1)
        {
            continue;
        }
        t.Check(server.peers[0]->received == up, name + "every byte to the member");
        t.Check(bed.peers[0]->received == down, name + "every byte to the client");
        t.Check(server.peers[0]->how == ByteStreamEnd::Closed &&
                    bed.peers[0]->how == ByteStreamEnd::Closed,
                name + "both ends are orderly");
        t.Equal(bed.sessions.size(), 1, name + "one session");
        if (!bed.sessions.empty())
        {
            const auto& record = bed.sessions[0];
            t.Equal(ToString(record.end), "complete", name + "how it ended");
            t.Equal(record.bytesToBackend, up.size(), name + "bytes to the member");
            t.Equal(record.bytesToClient, down.size(), name + "bytes to the client");
        }
        t.Equal(bed.instance->GetConnectionCount(), 0, name + "nothing is left");
    }
}

/** @param t the test case */
void
TestLostAcknowledgement(FunctionTestCase& t)
{
    // A client that waits for the member to speak says nothing that could take its place.
    SessionBed bed(MakeLayer4Gateway(), 1);
    auto errors = CreateObject<ReceiveListErrorModel>();
    errors->SetList({1}); // behind the SYN
    bed.clientDevices.Get(1)->SetAttribute("ReceiveErrorModel", PointerValue(errors));
    bed.Serve(0).onAccept = [](SessionPeer& peer) { peer.Send("220 ready"); };
    bed.Start();
    auto& client = bed.Open();
    bed.Run(Seconds(4));
    t.Equal(client.received, "220 ready", "the SYN-ACK is repeated, and answered");
    t.Check(client.lastByte > Seconds(1), "after TCP's timeout");
}

/** Suite on sessions at layer 4 in an instance of an application gateway. */
class GatewaySessionTestSuite : public TestSuite
{
  public:
    GatewaySessionTestSuite()
        : TestSuite("azure-gateway-session", Type::SYSTEM)
    {
        Add("AG-59: bytes go both ways, each connection has one member", TestBothWays);
        Add("AG-60: the member sees the instance's address, not the client's", TestAddresses);
        Add("AG-59: a client that finishes is still answered",
            [](FunctionTestCase& t) { TestHalfClose(t, true); });
        Add("AG-59: a member that finishes is still spoken to",
            [](FunctionTestCase& t) { TestHalfClose(t, false); });
        Add("AG-60: both connections end after the timeout without a byte", TestIdleTimeout);
        Add("AG-60: the timeout with a reader that does not read", TestSilentReader);
        Add("a lost acknowledgement of a SYN-ACK", TestLostAcknowledgement);
        Add("AG-59: a member that refuses", TestRefused);
        Add("AG-59: a member that is silent", TestSilent);
        Add("AG-59: the client's connection fails", [](FunctionTestCase& t) { TestLoss(t, true); });
        Add("AG-59: the member's connection fails",
            [](FunctionTestCase& t) { TestLoss(t, false); });
        Add("AG-59: no member, or no healthy one", TestNoMember);
        Add("AG-60: draining takes 30 s", TestDraining);
        Add("an instance with a session stops", [](FunctionTestCase& t) { TestEnd(t, false); });
        Add("an instance with a session crashes", [](FunctionTestCase& t) { TestEnd(t, true); });
        Add("AG-60: a PROXY line tells the member of the client", TestProxyLine);
        Add("AG-59: buffers are bounded both ways", TestBackPressure);
        Add("AG-59: every byte gets there over lossy links, to slow readers",
            [](FunctionTestCase& t) { TestLossyLinks(t, 4, 60000); });
        AddTestCase(
            new FunctionTestCase("AG-59: every byte gets there, many times",
                                 [](FunctionTestCase& t) { TestLossyLinks(t, 300, 300000); }),
            Duration::EXTENSIVE);
    }

  private:
    /**
     * @param name name of a case
     * @param body what it does
     */
    void Add(const std::string& name, std::function<void(FunctionTestCase&)> body)
    {
        AddTestCase(new FunctionTestCase(name, std::move(body)), Duration::QUICK);
    }
};

GatewaySessionTestSuite g_gatewaySessionTestSuite; //!< the suite

} // namespace
