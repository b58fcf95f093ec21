/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-gateway-test-bed.h"

using namespace ns3;
using namespace ns3::azure;

namespace
{

/// How an exchange ended.
using End = GatewayExchangeEnd;

/**
 * @param t the test case
 * @param buffering whether requests are buffered
 */
void
TestRequestBuffering(FunctionTestCase& t, bool buffering)
{
    auto c = MakeGatewayOfOne();
    c.globalConfiguration.enableRequestBuffering = buffering;
    GatewayTestBed bed(c, 1);
    bed.Start();
    auto& script = bed.AddScript(0, {{{ResponseText("x")}, Ending::StayOpen, false, "rest"}});
    auto& client = bed.Connect();
    client.Send(RequestText("/", "Content-Length: 8\r\n", "half", "POST"));
    bed.Run(Seconds(1));
    t.Equal(script.accepted, buffering ? 0 : 1, "half of the request is there");
    client.Send("rest");
    bed.Run(Seconds(2));
    t.Check(Contains(script.requests.at(0), "\r\n\r\nhalfrest"), "all of it");
    if (buffering)
    {
        t.Check(*bed.records.at(0).backendStart >= *bed.records.at(0).requestEnd, "in that order");
    }
}

/**
 * @param t the test case
 */
void
TestBeyondBuffer(FunctionTestCase& t)
{
    GatewayTestBed bed(MakeGatewayOfOne(), 1);
    bed.factory.Set("RequestBufferSize", UintegerValue(1000));
    bed.Start();
    auto& script =
        bed.AddScript(0, {{{ResponseText("x")}, Ending::StayOpen, false, PatternText(3000)}});
    auto& client = bed.Connect();
    const auto body = PatternText(3000);
    client.Send(RequestText("/", "Content-Length: 3000\r\n", body.substr(0, 999), "POST"));
    bed.Run(Seconds(1));
    t.Equal(script.accepted, 0, "less than the buffer holds");
    client.Send(body.substr(999, 1));
    bed.Run(Seconds(2));
    t.Equal(script.accepted, 1, "as much as the buffer holds");
    client.Send(body.substr(1000));
    bed.Run(Seconds(3));
    t.Check(Contains(script.requests.at(0), "\r\n\r\n" + body), "all of it");
    t.Equal(bed.records.size(), 1, "one exchange");
}

/**
 * @param t the test case
 */
void
TestClientCloses(FunctionTestCase& t)
{
    for (const bool abort : {false, true})
    {
        GatewayTestBed bed(MakeGatewayOfOne(), 1);
        bed.Start();
        auto server = bed.AddServer(0);
        server->SetAttribute("ServiceTime", StringValue("ns3::ConstantRandomVariable[Constant=5]"));
        auto& client = bed.Connect();
        client.Send(RequestText("/"));
        Simulator::Schedule(Seconds(1), [&] { abort ? client.Abort() : client.Close(); });
        bed.Run(Seconds(3));
        t.Equal(bed.records.size(), 1, "one exchange");
        t.Equal(bed.records.at(0).status, 499, "status");
        t.Check(bed.records.at(0).end == End::ClientClosed, "how it ended");
        t.Equal(server->GetConnectionCount(), 0, "the member's connection is gone");
        t.Equal(bed.instance->GetConnectionCount(), 0, "the client's connection is gone");
    }
}

/**
 * @param t the test case
 */
void
TestWebSocket(FunctionTestCase& t)
{
    GatewayTestBed bed(MakeGatewayOfOne(), 1);
    bed.Start();
    const std::string yes = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                            "Upgrade: websocket\r\n\r\n";
    auto& script = bed.AddScript(
        0,
        {{{yes + "first", "second", "third"}, Ending::StayOpen, false, "\r\n\r\n", true}});
    auto& client = bed.Connect();
    client.Send(RequestText("/chat", "Connection: Upgrade\r\nUpgrade: websocket\r\n", "early"));
    Simulator::Schedule(Seconds(15), [&] { client.Send("\x01late"); });
    bed.Run(Seconds(30));
    t.Check(Contains(script.requests.at(0), "Upgrade: websocket\r\n"), "the member is asked");
    t.Equal(client.received, yes + "firstsecondthird", "what the member says");
    t.Check(Contains(script.requests.at(0), "\r\n\r\nearly\x01late"), "what the client says");
    t.Check(!client.closed, "open while there is something to say");
    bed.Run(Seconds(60));
    t.Near(client.closed.value_or(Time(0)).GetSeconds(), 35, 0.1, "closed after the timeout");
    t.Equal(bed.records.size(), 1, "one exchange");
    t.Equal(bed.records.at(0).status, 101, "status");
    t.Check(bed.records.at(0).webSocket, "a tunnel");
    t.Equal(bed.records.at(0).requestBodyBytes, 10, "bytes from the client");
    t.Equal(bed.records.at(0).responseBodyBytes, 16, "bytes from the member");
}

/**
 * @param t the test case
 * @param buffering whether responses are buffered
 */
void
TestSlowReader(FunctionTestCase& t, bool buffering)
{
    TcpPreset preset = TcpPreset::Linux();
    preset.sendBuffer = 65536;
    preset.receiveBuffer = 65536;
    auto c = MakeGatewayOfOne();
    c.globalConfiguration.enableResponseBuffering = buffering;
    GatewayTestBed bed(c, 1, preset);
    bed.factory.Set("ResponseBufferSize", UintegerValue(2000000));
    bed.Start();
    const auto body = PatternText(1500000);
    auto server = bed.AddServer(0);
    server->SetAttribute("ResponseSize",
                         StringValue("ns3::ConstantRandomVariable[Constant=1500000]"));
    auto& client = bed.Connect();
    client.SetPace(0);
    client.Send(RequestText("/"));
    bed.Run(Seconds(10));
    t.Equal(bed.served.size(), buffering ? 1 : 0, "whether the member is done");
    t.Equal(bed.records.size(), 0, "the client is not");
    client.SetPace(2000); // 2 MB/s
    bed.Run(Seconds(15));
    t.Equal(bed.records.size(), 1, "the client has all");
    t.Check(client.received.size() > 1500000, "all");
    t.Near(client.lastByte.GetSeconds(), 10.75, 0.15, "as fast as it reads");
}

/**
 * @param t the test case
 */
void
TestSlowBackend(FunctionTestCase& t)
{
    // The member reads nothing for a while: the client cannot send more than the buffers hold.
    TcpPreset preset = TcpPreset::Linux();
    preset.sendBuffer = 65536;
    preset.receiveBuffer = 65536;
    GatewayTestBed bed(MakeGatewayOfOne(), 1, preset);
    bed.factory.Set("RequestBufferSize", UintegerValue(100000));
    bed.Start();
    Ptr<Socket> peer;
    auto listener = TcpPresetSocketFactory::CreateOn(bed.servers.Get(0));
    listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), 8000));
    listener->Listen();
    listener->SetAcceptCallback([](Ptr<Socket>, const Address&) { return true; },
                                [&](Ptr<Socket> socket, const Address&) { peer = socket; });
    const auto body = PatternText(1000000);
    auto& client = bed.Connect();
    client.Send(RequestText("/", "Content-Length: 1000000\r\n", body, "POST"));
    uint64_t sent = 0;
    bed.clientDevices.Get(1)->TraceConnectWithoutContext(
        "MacRx",
        Callback<void, Ptr<const Packet>>([&](Ptr<const Packet> p) { sent += p->GetSize(); }));
    bed.Run(Seconds(10));
    t.Check(sent < 450000, "what the client could send: " + std::to_string(sent));
    std::string received;
    for (uint32_t i = 0; i < 20000 && received.size() < 1000000; ++i)
    {
        Simulator::Schedule(MilliSeconds(i), [&] {
            auto packet = peer->Recv();
            if (packet && packet->GetSize() > 0)
            {
                std::string text(packet->GetSize(), ' ');
                packet->CopyData(reinterpret_cast<uint8_t*>(text.data()), text.size());
                received += text;
            }
        });
    }
    bed.Run(Seconds(29));
    t.Equal(received.substr(received.find("\r\n\r\n") + 4), body, "every byte in its place");
}

/** A tag of the first leg. */
class LegTag : public Tag
{
  public:
    /** @return the TypeId */
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("ns3::azure::test::LegTag").SetParent<Tag>();
        return tid;
    }

    TypeId GetInstanceTypeId() const override
    {
        return GetTypeId();
    }

    uint32_t GetSerializedSize() const override
    {
        return 0;
    }

    void Serialize(TagBuffer) const override
    {
    }

    void Deserialize(TagBuffer) override
    {
    }

    void Print(std::ostream&) const override
    {
    }
};

/**
 * @param t the test case
 */
void
TestTags(FunctionTestCase& t)
{
    GatewayTestBed bed(MakeGatewayOfOne(), 1);
    bed.Start();
    bed.AddScript(0, {{{ResponseText("x")}, Ending::StayOpen}});
    uint32_t first = 0;
    uint32_t second = 0;
    const auto count = [](uint32_t& n) {
        return Callback<void, Ptr<const Packet>>([&n](Ptr<const Packet> packet) {
            for (auto i = packet->GetByteTagIterator(); i.HasNext();)
            {
                n += i.Next().GetTypeId() == LegTag::GetTypeId();
            }
        });
    };
    bed.clientDevices.Get(1)->TraceConnectWithoutContext("MacRx", count(first));
    bed.lanDevices.Get(1)->TraceConnectWithoutContext("MacRx", count(second));
    auto socket = TcpPresetSocketFactory::CreateOn(bed.client);
    socket->Bind();
    socket->SetConnectCallback(
        [](Ptr<Socket> s) {
            const auto text =
                RequestText("/", "Content-Length: 5000\r\n", PatternText(5000), "PUT");
            auto packet =
                Create<Packet>(reinterpret_cast<const uint8_t*>(text.data()), text.size());
            packet->AddByteTag(LegTag());
            s->Send(packet, 0);
        },
        [](Ptr<Socket>) {});
    socket->Connect(InetSocketAddress(Ipv4Address("20.0.0.4"), 80));
    bed.Run(Seconds(2));
    t.Equal(bed.records.size(), 1, "one exchange");
    t.Check(first > 0, "the first leg has tags");
    t.Equal(second, 0, "the second has none of them");
}

/** Suite on bytes on their way through an instance of an application gateway. */
class ApplicationGatewayStreamTestSuite : public TestSuite
{
  public:
    ApplicationGatewayStreamTestSuite()
        : TestSuite("azure-application-gateway-stream", Type::SYSTEM)
    {
        Add("AG-29: with request buffering the backend gets a complete request",
            [](FunctionTestCase& t) { TestRequestBuffering(t, true); });
        Add("AG-29: without request buffering the backend gets a request as it comes",
            [](FunctionTestCase& t) { TestRequestBuffering(t, false); });
        Add("AG-28: response buffering frees the backend",
            [](FunctionTestCase& t) { TestSlowReader(t, true); });
        Add("AG-28: without response buffering a slow client slows the backend",
            [](FunctionTestCase& t) { TestSlowReader(t, false); });
        Add("a request beyond the buffer", TestBeyondBuffer);
        Add("AG-40: the client closes first", TestClientCloses);
        Add("AG-31: a WebSocket is a tunnel", TestWebSocket);
        Add("a slow backend slows the client", TestSlowBackend);
        Add("tags of the first leg end with it", TestTags);
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

ApplicationGatewayStreamTestSuite g_applicationGatewayStreamTestSuite; //!< the suite

} // namespace
