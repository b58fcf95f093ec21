/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_HTTP_READING_H
#define AZURE_HTTP_READING_H

#include "azure-function-test-case.h"

#include "ns3/azure-http-codec.h"
#include "ns3/random-variable-stream.h"

#include <sstream>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/// Cuts of a text: whole, byte by byte, and at random with these seeds.
constexpr uint32_t CUTS = 6;

/** What a parser makes of the bytes of a connection that ends behind them. */
struct HttpReading
{
    std::vector<std::string> messages; //!< as Describe() has them
    HttpError error;                   //!< why it gave up
    bool inMessage{false};             //!< whether a message is left open
    HttpFraming framing{};             //!< of the last head
    uint64_t length{0};                //!< content length of the last head
    bool keepAlive{false};             //!< of the last head
};

/** A text and how to read it. */
struct HttpInput
{
    HttpRole role{HttpRole::Request};   //!< what is parsed
    std::string text;                   //!< the bytes
    std::vector<std::string> methods{}; //!< what each final response answers
    HttpLimits limits{};                //!< bounds
};

/**
 * @param start start line without the version
 * @param version 10 or 11
 * @param keepAlive whether the connection goes on
 * @param fields names and values
 * @param body content
 * @return a message as text that shows every part
 */
inline std::string
Describe(const std::string& start,
         uint32_t version,
         bool keepAlive,
         const std::vector<HttpField>& fields,
         const std::string& body)
{
    std::ostringstream out;
    out << start << " " << version << (keepAlive ? " keep" : " close");
    for (const auto& field : fields)
    {
        out << " {" << field.name << "=" << field.value << "}";
    }
    out << " [" << body << "]";
    return out.str();
}

/**
 * @param input what to read
 * @param cut 0: in one packet, 1: byte by byte, else the seed of random packets
 * @return what came out
 */
inline HttpReading
Read(const HttpInput& input, uint32_t cut)
{
    auto random = CreateObject<UniformRandomVariable>();
    random->SetStream(cut);
    HttpParser parser(input.role, input.limits);
    const bool request = input.role == HttpRole::Request;
    std::size_t answer = 0;
    const auto setMethod = [&] {
        parser.SetRequestMethod(answer < input.methods.size() ? input.methods[answer] : "GET");
    };
    setMethod();
    HttpReading result;
    std::string body;
    std::size_t at = 0;
    bool ended = false;
    while (true)
    {
        const auto event = parser.Next();
        if (event == HttpEvent::NeedInput)
        {
            if (ended)
            {
                result.inMessage = parser.InMessage();
                return result;
            }
            // More than one packet may be queued before somebody pulls.
            do
            {
                const std::size_t size = cut == 0   ? input.text.size()
                                         : cut == 1 ? 1
                                                    : random->GetInteger(1, 30);
                const auto part = input.text.substr(at, size);
                parser.Push(
                    Create<Packet>(reinterpret_cast<const uint8_t*>(part.data()), part.size()));
                at += part.size();
            } while (at < input.text.size() && cut > 1 && random->GetInteger(0, 1));
            if (at == input.text.size())
            {
                parser.PushEnd();
                ended = true;
            }
            continue;
        }
        if (event == HttpEvent::Error)
        {
            result.error = parser.GetError();
            return result;
        }
        const HttpHead& head =
            request ? static_cast<const HttpHead&>(parser.GetRequest()) : parser.GetResponse();
        if (event == HttpEvent::Head)
        {
            result.framing = head.framing;
            result.length = head.contentLength;
            result.keepAlive = head.keepAlive;
        }
        else if (event == HttpEvent::Body)
        {
            std::string part(parser.GetBodyBytes(), '?');
            parser.GetBody()->CopyData(reinterpret_cast<uint8_t*>(part.data()), part.size());
            body += part;
        }
        else
        {
            const auto start = request
                                   ? parser.GetRequest().method + " " + parser.GetRequest().target
                                   : std::to_string(parser.GetResponse().status) + " " +
                                         parser.GetResponse().reason;
            result.messages.push_back(
                Describe(start, head.version, head.keepAlive, head.fields.GetAll(), body));
            body.clear();
            if (!request && parser.GetResponse().status >= 200)
            {
                ++answer;
                setMethod();
            }
        }
    }
}

/**
 * @brief Read a text in every cut; all must come to the same.
 * @param test the test case
 * @param input what to read
 * @return what came out
 */
inline HttpReading
ReadAllCuts(FunctionTestCase& test, const HttpInput& input)
{
    const auto whole = Read(input, 0);
    for (uint32_t cut = 1; cut < CUTS; ++cut)
    {
        const auto other = Read(input, cut);
        const auto where = " of cut " + std::to_string(cut) + " of " + input.text;
        test.Check(other.messages == whole.messages, "messages" + where);
        test.Check(other.error.code == whole.error.code, "error" + where);
        test.Equal(other.error.offset, whole.error.offset, "offset" + where);
        test.Equal(other.inMessage, whole.inMessage, "open" + where);
    }
    return whole;
}

} // namespace azure
} // namespace ns3

#endif /* AZURE_HTTP_READING_H */
