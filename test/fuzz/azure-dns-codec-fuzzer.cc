/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @brief libFuzzer harness of the DNS codec; see cmake/fuzz.cmake for how to run it.
 *
 * Besides memory errors it looks for messages that are read, but written and read again are others,
 * for queries that an authoritative server answers with something that cannot be read, and for
 * responses that a resolver, who gets them to all its queries, does not come to an end with.
 */

#include "ns3/azure-dns-authority.h"
#include "ns3/azure-dns-codec.h"
#include "ns3/azure-dns-resolution.h"
#include "ns3/azure-dns-static-zone.h"

#include <cstdint>
#include <cstdlib>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @brief Let a resolver search that gets one response to all its queries.
 * @param response the response
 */
void
Resolve(const DnsMessage& response)
{
    DnsCache cache;
    const auto question =
        response.questions.empty() ? DnsQuestion{"www.com", DnsType::A} : response.questions[0];
    if (question.type == DnsType::Any)
    {
        return;
    }
    const auto root = IpAddress::From(Ipv4Address("192.0.2.1"));
    const auto client = IpAddress::From(Ipv4Address("192.0.2.2"));
    DnsResolution resolution(question, cache, {{"ns.com", root}}, client);
    uint32_t queries = 0;
    for (auto step = resolution.Next(Seconds(0)); !step.isDone; step = resolution.Next(Seconds(0)))
    {
        if (step.servers.empty() || ++queries > DnsResolution::MaxQueries)
        {
            std::abort();
        }
        resolution.OnResponse(step.servers[0], response, Seconds(0));
    }
    if (resolution.GetResult().answers.size() > 0 &&
        resolution.GetResult().rcode == DnsRcode::ServerFailure)
    {
        std::abort();
    }
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
    const auto decoded = DnsCodec::Decode(data, size);
    if (decoded.message.has_value() != decoded.error.empty())
    {
        std::abort();
    }
    if (!decoded.message)
    {
        return 0;
    }
    const auto written = DnsCodec::Encode(*decoded.message);
    if (!written.empty())
    {
        const auto again = DnsCodec::Decode(written.data(), written.size());
        if (!again.message || !(*again.message == *decoded.message))
        {
            std::abort();
        }
    }
    Resolve(*decoded.message);
    DnsAuthority authority;
    auto zone = std::make_shared<DnsStaticZone>("com", "ns.com", 60);
    zone->Add(DnsRecord::Ns("example.com", 60, "ns.example.com"));
    zone->Add(DnsRecord::Txt("*.wild.com", 60, {"text"}));
    authority.AddZone(zone);
    auto response = authority.Respond(*decoded.message, {}, Seconds(0), 1232);
    const auto bytes = DnsCodec::EncodeWithin(response, DnsCodec::MaxSize);
    if (!bytes.empty() && !DnsCodec::Decode(bytes.data(), bytes.size()).message)
    {
        std::abort();
    }
    return 0;
}
