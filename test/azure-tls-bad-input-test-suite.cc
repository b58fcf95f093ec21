/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-tls-fixture.h"

#include <algorithm>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @brief Change a stream at random.
 * @param bytes the stream
 * @param random random numbers
 */
void
Mutate(std::string& bytes, Ptr<UniformRandomVariable> random)
{
    for (uint32_t i = random->GetInteger(1, 3); i > 0 && !bytes.empty(); --i)
    {
        // Most of a flight is padding: look at its beginning, its end, and anywhere.
        const uint32_t size = bytes.size() - 1;
        const auto at = random->GetInteger(0, 2) == 0 ? random->GetInteger(0, size)
                        : random->GetInteger(0, 1) == 0
                            ? random->GetInteger(0, std::min(size, 200U))
                            : size - random->GetInteger(0, std::min(size, 90U));
        switch (random->GetInteger(0, 3))
        {
        case 0:
            bytes[at] = static_cast<char>(random->GetInteger(0, 255));
            break;
        case 1:
            bytes[at] = static_cast<char>(bytes[at] ^ 1 << random->GetInteger(0, 7));
            break;
        case 2:
            bytes.erase(at, random->GetInteger(1, 8));
            break;
        default:
            bytes.insert(at, bytes.substr(size - at, random->GetInteger(1, 40)));
        }
    }
}

/**
 * @param t the test case
 */
void
CheckRefusals(FunctionTestCase& t)
{
    // What a server says to a first flight that is no ClientHello, and a client to no ServerHello.
    struct Row
    {
        std::string bytes; // what arrives
        const char* alert; // the answer
    };

    for (const Row& row : std::vector<Row>{
             {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "protocol_version"},
             {std::string("\x17\3\3\0\1x", 6), "unexpected_message"},
             {std::string("\x14\3\3\0\1\1", 6), "unexpected_message"},
             {std::string("\x16\3\3\0\0", 5), "unexpected_message"},
             {std::string("\x15\3\3\0\1\1", 6), "decode_error"},
             {std::string("\x16\3\3\0\4\x14\0\0\0", 9), "unexpected_message"},
             {std::string("\x16\3\3\0\4\1\xff\xff\xff", 9), "illegal_parameter"},
             {std::string("\x16\3\3\0\5\1\0\0\1x", 10), "decode_error"},
         })
    {
        TlsPair pair{TlsTellings()};
        pair.server.Push(ToPacket(row.bytes));
        std::string data;
        pair.Drain(pair.server, pair.serverEvents, data);
        t.Check(pair.serverEvents.back() == TlsEvent::Failed, row.alert);
        t.Equal(TlsName(pair.server.GetAlert()), row.alert, "alert");
        const auto output = pair.server.TakeOutput();
        t.Equal(output.size(), 1, "one record");
        t.Equal(ToBytes(output.front()).substr(0, 6), std::string("\x15\3\3\0\2\2", 6), "fatal");
        t.Check(pair.server.Next(Time()) == TlsEvent::Failed, "for ever");
        t.Check(pair.server.TakeOutput().empty(), "and said once");
    }
    for (auto version : {TlsVersion::Tls12, TlsVersion::Tls13})
    {
        TlsTellings told;
        told.SetVersion(version);
        TlsPair pair(told);
        pair.Run();
        // RFC 5246, section 7.2.1: warnings are passed over, but not without end.
        pair.server.Write(ToPacket(""));
        pair.Run();
        t.Equal(pair.clientData, "", "nothing to send, nothing sent");
        pair.client.CloseNotify();
        pair.client.Write(ToPacket("too late"));
        pair.server.Write(ToPacket("half open"));
        pair.Run();
        t.Equal(pair.serverData, "", "nothing after close_notify");
        t.Equal(pair.clientData, "half open", "the other way is open");
    }
}

/**
 * @param t the test case
 */
void
CheckFuzz(FunctionTestCase& t)
{
    auto random = MakeRandom(5);
    uint32_t failed = 0;
    for (uint32_t round = 0; round < 4000; ++round)
    {
        TlsTellings told;
        told.SetVersion(round % 2 ? TlsVersion::Tls13 : TlsVersion::Tls12);
        told.client->helloBytes = 0;
        for (auto* chain : {&told.server->certificates[0], &told.pki.client})
        {
            for (auto& certificate : *chain)
            {
                certificate.bytes = 0;
            }
        }
        told.AddSessions();
        told.client->certificate = told.pki.client;
        told.server->clientAuthentication =
            round % 4 < 2 ? TlsClientAuthentication::Request : TlsClientAuthentication::None;
        if (round % 8 < 4)
        {
            TlsPair(told, 1).Run();
        }
        TlsPair pair(told, 2);
        const auto victim = random->GetInteger(0, 5);
        pair.client.Start(Time());
        uint32_t events = 0;
        uint64_t sent = 0;
        std::string data;
        for (uint32_t flight = 0; flight < 8; ++flight)
        {
            auto& from = flight % 2 ? pair.server : pair.client;
            auto& to = flight % 2 ? pair.client : pair.server;
            if (from.IsEstablished())
            {
                from.Write(ToPacket("data"));
            }
            std::string bytes;
            for (const auto& record : from.TakeOutput())
            {
                bytes += ToBytes(record);
            }
            if (flight == victim)
            {
                Mutate(bytes, random);
            }
            sent += bytes.size();
            to.Push(ToPacket(bytes));
            events += pair.Drain(to, flight % 2 ? pair.clientEvents : pair.serverEvents, data);
        }
        t.Check(events < 40 && sent < 40000, "bounded");
        const bool broken = pair.client.Next(Time()) == TlsEvent::Failed ||
                            pair.server.Next(Time()) == TlsEvent::Failed;
        failed += broken;
        const bool both = pair.client.IsEstablished() && pair.server.IsEstablished();
        t.Check(!both || pair.client.GetAgreement().cipher == pair.server.GetAgreement().cipher,
                "who is established agrees");
    }
    t.Check(failed > 2000, "most are noticed: " + std::to_string(failed));
}

/** What peers should not send. */
class TlsBadInputTestSuite : public TestSuite
{
  public:
    TlsBadInputTestSuite()
        : TestSuite("azure-tls-bad-input", Type::UNIT)
    {
        auto add = [this](const char* name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("What is no TLS gets one fatal alert", CheckRefusals);
        add("Random mutations of flights end in an alert or in agreement", CheckFuzz);
    }
};

/** Registers the suite. */
TlsBadInputTestSuite g_tlsBadInputTestSuite;

} // namespace
