/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @brief libFuzzer harness of the HTTP codec.
 *
 * The first byte of an input chooses what is parsed, the second how the rest is cut into packets.
 * Besides memory errors it looks for inputs whose events depend on the cut, for bytes that are
 * counted wrong, and for parsers that do not come to an end. Build and run:
 *
 * @code
 *   cmake -S . -B build-fuzz -G Ninja -Dns3_DIR=... -DAZLB_FUZZ=ON -DCMAKE_CXX_COMPILER=clang++
 *   ninja -C build-fuzz azure-http-codec-fuzzer
 *   build-fuzz/bin/azure-http-codec-fuzzer -max_total_time=60 -max_len=4096 build-fuzz/corpus \
 *       test/fuzz/corpus/azure-http-codec
 * @endcode
 */

#include "ns3/azure-http-codec.h"

#include <algorithm>
#include <cstdlib>
#include <string>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @brief Run a parser over an input.
 * @param role what is parsed
 * @param data the input
 * @param size its bytes
 * @param cut bytes of a packet
 * @return what came out, as text
 */
std::string
Events(HttpRole role, const uint8_t* data, std::size_t size, std::size_t cut)
{
    HttpLimits limits;
    limits.headBytes = 512;
    limits.chunkLineBytes = 64;
    limits.bodyBytes = 100000;
    HttpParser parser(role, limits);
    std::string out;
    std::size_t position = 0;
    std::size_t body = 0;
    // Every event uses a byte or ends a message, so there are few per byte.
    for (std::size_t steps = 0; steps < 8 * size + 64; ++steps)
    {
        switch (parser.Next())
        {
        case HttpEvent::NeedInput: {
            if (parser.GetQueuedBytes() != 0)
            {
                std::abort();
            }
            if (position >= size)
            {
                parser.PushEnd();
                auto event = parser.Next();
                while (event != HttpEvent::NeedInput && event != HttpEvent::Error)
                {
                    event = parser.Next();
                }
                return out + "end " + std::to_string(static_cast<int>(parser.GetError().code));
            }
            auto count = std::min(cut, size - position);
            parser.Push(Create<Packet>(data + position, count));
            position += count;
            break;
        }
        case HttpEvent::Head: {
            const HttpHead& head = role == HttpRole::Request
                                       ? static_cast<const HttpHead&>(parser.GetRequest())
                                       : parser.GetResponse();
            out += "head " + std::to_string(head.headBytes) + "\n";
            for (const auto& field : head.fields.GetAll())
            {
                out += field.name + "=" + field.value + "\n";
            }
            break;
        }
        case HttpEvent::Body:
            if (parser.GetBody()->GetSize() != parser.GetBodyBytes())
            {
                std::abort();
            }
            body += parser.GetBodyBytes();
            break;
        case HttpEvent::Complete:
            if (body != parser.GetMessageBodyBytes() || body > parser.GetMessageBytes())
            {
                std::abort();
            }
            out += "body " + std::to_string(body) + "\n";
            body = 0;
            break;
        case HttpEvent::Error:
            return out + "error " + parser.GetError().message + " at " +
                   std::to_string(parser.GetError().offset);
        }
    }
    std::abort();
}

} // namespace

/**
 * @brief Entry point of libFuzzer.
 * @param data the input
 * @param size its bytes
 * @return always 0
 */
extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size)
{
    if (size < 2)
    {
        return 0;
    }
    auto role = data[0] & 1 ? HttpRole::Response : HttpRole::Request;
    auto whole = Events(role, data + 2, size - 2, size);
    if (Events(role, data + 2, size - 2, 1 + data[1] % 64) != whole)
    {
        std::abort();
    }
    return 0;
}
