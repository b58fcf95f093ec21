/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-probe-body-search.h"

#include <algorithm>
#include <random>
#include <sstream>
#include <string>

using namespace ns3;
using namespace ns3::azure;

namespace
{

typedef ProbeBodySearch::State State; //!< what is known

/**
 * @param text bytes
 * @return them as a packet
 */
Ptr<Packet>
ToPacket(const std::string& text)
{
    return Create<Packet>(reinterpret_cast<const uint8_t*>(text.data()),
                          static_cast<uint32_t>(text.size()));
}

/**
 * @param search a search
 * @param bytes the whole answer
 * @param cut bytes of a packet
 * @return what is known when the connection has ended
 */
State
Run(ProbeBodySearch& search, const std::string& bytes, size_t cut)
{
    for (size_t at = 0; at < bytes.size(); at += cut)
    {
        search.Push(ToPacket(bytes.substr(at, cut)));
    }
    search.PushEnd();
    return search.GetState();
}

/** HP-21: random bodies over three letters, framed and cut in any way, against a plain search. */
void
RandomBodies(FunctionTestCase& test)
{
    std::mt19937 random(21);
    const auto text = [&](size_t size) {
        std::string result;
        while (result.size() < size)
        {
            result += static_cast<char>('a' + random() % 3);
        }
        return result;
    };
    uint32_t found = 0;
    const uint32_t rounds = 3000;
    for (uint32_t round = 0; round < rounds; round++)
    {
        const auto wanted = text(1 + random() % 6);
        const auto body = text(random() % 200);
        const uint64_t limit = random() % 3 == 0 ? 1 + random() % 100 : 1000;
        std::ostringstream answer;
        for (auto interim = random() % 2; interim > 0; interim--)
        {
            answer << "HTTP/1.1 103 Early Hints\r\nX: " << wanted << "\r\n\r\n";
        }
        answer << "HTTP/1.1 200 OK\r\nX: " << wanted << "\r\n";
        switch (random() % 3)
        {
        case 0:
            answer << "Content-Length: " << body.size() << "\r\n\r\n" << body << wanted;
            break;
        case 1:
            answer << "Transfer-Encoding: chunked\r\n\r\n";
            for (size_t at = 0; at < body.size();)
            {
                const auto size = std::min<size_t>(1 + random() % 9, body.size() - at);
                answer << std::hex << size << "\r\n" << body.substr(at, size) << "\r\n";
                at += size;
            }
            answer << "0\r\n\r\n" << wanted;
            break;
        default:
            answer << "\r\n" << body;
            break;
        }
        ProbeBodySearch search(wanted, limit);
        const auto state = Run(search, answer.str(), 1 + random() % 50);
        const auto inside = body.substr(0, limit).find(wanted) != std::string::npos;
        test.Check(state == (inside ? State::Found : State::Missing),
                   "round " + std::to_string(round) + ": " + wanted + " in " + body);
        found += inside ? 1 : 0;
    }
    test.Check(found > rounds / 10 && found < rounds * 9 / 10, "found and missing");
}

/** When it is known, and what is not HTTP. */
void
Moments(FunctionTestCase& test)
{
    ProbeBodySearch early("ok");
    early.Push(ToPacket("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n...o"));
    test.Check(early.GetState() == State::Undecided, "half of the text");
    early.Push(ToPacket("k..."));
    test.Check(early.GetState() == State::Found, "found before the end of the body");
    early.Push(ToPacket("garbage"));
    early.PushEnd();
    test.Check(early.GetState() == State::Found, "for good");

    ProbeBodySearch late("ok");
    late.Push(ToPacket("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n..."));
    test.Check(late.GetState() == State::Missing, "missing at the end of the body");
    late.Push(ToPacket("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    test.Check(late.GetState() == State::Missing, "the next answer does not count");

    for (const std::string bytes : {"",
                                    "ok",
                                    "HTTP/1.1 101 Switching\r\n\r\nok",
                                    "HTTP/1.1 204 No Content\r\n\r\nok",
                                    "HTTP/1.1 100 Continue\r\n\r\nok",
                                    "HTTP/1.1 100 Continue\r\n\r\n",
                                    "HTTP/1.1 200 OK\r\nok: ok\r\n",
                                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nok",
                                    "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nok"})
    {
        for (const size_t cut : {1, 7, 1000})
        {
            ProbeBodySearch search("ok");
            test.Check(Run(search, bytes, cut) == State::Missing, "missing in: " + bytes);
        }
    }
}

/** A body without end: the limit ends it, and memory stays that of the text. */
void
Endless(FunctionTestCase& test)
{
    ProbeBodySearch search(std::string(4090, 'x'));
    search.Push(ToPacket("HTTP/1.1 200 OK\r\n\r\n"));
    uint64_t bytes = 0;
    while (search.GetState() == State::Undecided && bytes < 2 * ProbeBodySearch::DEFAULT_LIMIT)
    {
        search.Push(Create<Packet>(10000)); // zero-filled
        bytes += 10000;
    }
    test.Check(search.GetState() == State::Missing, "given up");
    test.Check(bytes >= ProbeBodySearch::DEFAULT_LIMIT, "at the limit");
}

/** Searches of bodies. */
class ProbeBodySearchTestSuite : public TestSuite
{
  public:
    ProbeBodySearchTestSuite()
        : TestSuite("azure-probe-body-search", Type::UNIT)
    {
        Add("HP-21: a text is found in a body, however it is framed and cut", RandomBodies);
        Add("A body is searched until the text is found, and what is not HTTP has none", Moments);
        Add("A body without end is given up", Endless);
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
ProbeBodySearchTestSuite g_probeBodySearchTestSuite;

} // namespace
