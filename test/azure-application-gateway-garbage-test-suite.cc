/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-gateway-test-bed.h"

using namespace ns3;
using namespace ns3::azure;

namespace
{

/// Good requests to begin with.
const std::vector<std::string> REQUESTS{
    RequestText("/a?b=c"),
    RequestText("/", "Content-Length: 11\r\n", "hello world", "POST"),
    RequestText("/", "Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\nX: y\r\n\r\n", "PUT"),
    RequestText("/", "", "", "HEAD") + RequestText("/2"),
    RequestText("/", "Connection: Upgrade\r\nUpgrade: websocket\r\n"),
    RequestText("/", "Expect: 100-continue\r\nContent-Length: 2\r\n", "ab", "PUT"),
    "GET http://www.contoso.com/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
};

/// Good responses to begin with.
const std::vector<std::string> RESPONSES{
    ResponseText("hello"),
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n",
    "HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\nuntil the end",
    "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + ResponseText("hello"),
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello",
    "HTTP/1.1 204 No Content\r\n\r\n",
    "HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\n\r\n",
};

/**
 * @param text some text
 * @param random where changes come from
 * @return the text, changed in a few places, or not
 */
std::string
Mutate(std::string text, const Ptr<UniformRandomVariable>& random)
{
    for (uint32_t changes = random->GetInteger(0, 4); changes > 0 && !text.empty(); --changes)
    {
        const auto at = random->GetInteger(0, static_cast<uint32_t>(text.size()) - 1);
        const auto size = random->GetInteger(1, 12);
        switch (random->GetInteger(0, 5))
        {
        case 0:
            text[at] = static_cast<char>(random->GetInteger(0, 255));
            break;
        case 1:
            text.erase(at, size);
            break;
        case 2:
            text.insert(at, text.substr(random->GetInteger(0, at), size));
            break;
        case 3:
            text.insert(at, 1, "\r\n 0:;,\t"[random->GetInteger(0, 7)]);
            break;
        case 4:
            text.resize(at);
            break;
        default:
            text[at] = static_cast<char>(text[at] ^ (1 << random->GetInteger(0, 7)));
        }
    }
    return text;
}

/**
 * @param text some text
 * @param random where cuts come from
 * @return the text in up to four pieces
 */
std::vector<std::string>
Cut(const std::string& text, const Ptr<UniformRandomVariable>& random)
{
    std::vector<std::string> pieces;
    std::size_t begin = 0;
    while (begin < text.size())
    {
        const auto left = static_cast<uint32_t>(text.size() - begin);
        const auto size = pieces.size() == 3 ? left : random->GetInteger(1, left);
        pieces.push_back(text.substr(begin, size));
        begin += size;
    }
    return pieces;
}

/**
 * @brief Many broken clients and broken servers at a time, then good ones.
 *
 * @param t the test case
 * @param run number of the run
 */
void
TestGarbage(FunctionTestCase& t, uint32_t run)
{
    constexpr uint32_t EXCHANGES = 60;
    auto random = CreateObject<UniformRandomVariable>();
    random->SetStream(100 + run);
    auto c = MakeGateway();
    c.globalConfiguration.enableRequestBuffering = run % 2 == 0;
    c.globalConfiguration.enableResponseBuffering = run % 3 == 0;
    GatewayTestBed bed(c, 3);
    bed.factory.Set("StreamBufferSize", UintegerValue(1 + run % 7));
    bed.Start();
    for (uint32_t backend = 0; backend < 2; ++backend)
    {
        std::vector<Script> scripts;
        for (uint32_t i = 0; i < EXCHANGES; ++i)
        {
            Script script;
            const auto& good = RESPONSES[random->GetInteger(0, RESPONSES.size() - 1)];
            script.pieces = Cut(Mutate(good, random), random);
            script.ending = static_cast<Ending>(random->GetInteger(0, 3));
            script.early = random->GetInteger(0, 9) == 0;
            script.once = true;
            if (script.pieces.empty() && script.ending == Ending::FinNow)
            {
                script.ending = Ending::Fin;
            }
            scripts.push_back(script);
        }
        bed.AddScript(backend, scripts);
    }
    bed.AddServer(2);
    for (uint32_t i = 0; i < EXCHANGES; ++i)
    {
        const auto& good = REQUESTS[random->GetInteger(0, REQUESTS.size() - 1)];
        const auto pieces = Cut(Mutate(good, random), random);
        const auto end = random->GetInteger(0, 5);
        Simulator::Schedule(MilliSeconds(20 * i), [&bed, pieces, end] {
            auto* client = &bed.Connect();
            for (size_t piece = 0; piece < pieces.size(); ++piece)
            {
                Simulator::Schedule(MilliSeconds(3 * piece),
                                    [client, text = pieces[piece]] { client->Send(text); });
            }
            if (end < 2)
            {
                Simulator::Schedule(MilliSeconds(40), [client, end] {
                    end == 0 ? client->Close() : client->Abort();
                });
            }
        });
    }
    bed.Run(Seconds(400));
    t.Equal(bed.clients.size(), EXCHANGES, "clients");
    t.Equal(bed.instance->GetConnectionCount(), 0, "every connection has ended");
    t.Equal(bed.instance->GetIdleBackendConnectionCount(), 0, "to members too");
    for (const auto& record : bed.records)
    {
        t.Check(record.status == 0 || (record.status >= 100 && record.status <= 999), "status");
        t.Check(record.start <= record.finish, "times");
    }
    // Only the good member stays: nothing of what came before is left over.
    bed.instance->RemoveMember(0, "10.0.1.4");
    bed.instance->RemoveMember(0, "10.0.1.5");
    const auto first = bed.records.size();
    for (uint32_t i = 0; i < 3; ++i)
    {
        auto& client = bed.Connect();
        client.Send(RequestText("/good") + RequestText("/good"));
    }
    bed.Run(Seconds(410));
    t.Equal(bed.records.size(), first + 6, "good exchanges");
    for (auto i = first; i < bed.records.size(); ++i)
    {
        t.Equal(bed.records[i].status, 200, "a good one");
    }
}

/** Suite of broken clients and broken servers around an application gateway. */
class ApplicationGatewayGarbageTestSuite : public TestSuite
{
  public:
    ApplicationGatewayGarbageTestSuite()
        : TestSuite("azure-application-gateway-garbage", Type::SYSTEM)
    {
        for (uint32_t run = 0; run < 150; ++run)
        {
            AddTestCase(
                new FunctionTestCase("broken clients and servers, run " + std::to_string(run),
                                     [run](FunctionTestCase& t) { TestGarbage(t, run); }),
                run < 10 ? Duration::QUICK : Duration::EXTENSIVE);
        }
    }
};

ApplicationGatewayGarbageTestSuite g_applicationGatewayGarbageTestSuite; //!< the suite

} // namespace
