/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-dns-record.h"

#include "ns3/ipv6-address.h"

#include <cstdio>
#include <sstream>

namespace ns3
{
namespace azure
{

namespace
{

/// Most bytes of a text of a TXT record (RFC 1035, section 3.3).
constexpr size_t MAX_TEXT = 255;
/// Most bytes of data of a record.
constexpr size_t MAX_DATA = 65535;

/**
 * @param target a name
 * @return it, with the dot that makes it absolute in a zone file
 */
std::string
Absolute(const DnsName& target)
{
    return target.IsRoot() ? "." : target.ToText() + ".";
}

/**
 * @param text any bytes
 * @return them in quotes, as in a zone file
 */
std::string
Quote(const std::string& text)
{
    std::string out = "\"";
    for (const char c : text)
    {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte >= 0x7f)
        {
            char escaped[5];
            std::snprintf(escaped, sizeof(escaped), "\\%03u", static_cast<unsigned>(byte));
            out += escaped;
        }
        else
        {
            out += c == '"' || c == '\\' ? "\\" : "";
            out += c;
        }
    }
    return out + "\"";
}

/**
 * @param data data of a record
 * @return the same as in a zone file
 */
std::string
DataToText(const DnsData& data)
{
    std::ostringstream out;
    if (const auto address = std::get_if<IpAddress>(&data))
    {
        out << ToText(*address);
    }
    else if (const auto target = std::get_if<DnsName>(&data))
    {
        out << Absolute(*target);
    }
    else if (const auto soa = std::get_if<DnsSoa>(&data))
    {
        out << Absolute(soa->primary) << " " << Absolute(soa->mailbox) << " " << soa->serial << " "
            << soa->refresh << " " << soa->retry << " " << soa->expire << " " << soa->minimum;
    }
    else if (const auto mx = std::get_if<DnsMx>(&data))
    {
        out << mx->preference << " " << Absolute(mx->exchange);
    }
    else if (const auto srv = std::get_if<DnsSrv>(&data))
    {
        out << srv->priority << " " << srv->weight << " " << srv->port << " "
            << Absolute(srv->target);
    }
    else if (const auto txt = std::get_if<DnsTxt>(&data))
    {
        for (size_t i = 0; i < txt->texts.size(); ++i)
        {
            out << (i ? " " : "") << Quote(txt->texts[i]);
        }
    }
    else
    {
        const auto& bytes = std::get<DnsRawData>(data).bytes;
        out << "\\# " << bytes.size() << (bytes.empty() ? "" : " ");
        for (const char c : bytes)
        {
            char hex[3];
            std::snprintf(hex, sizeof(hex), "%02x", static_cast<unsigned>(c & 0xff));
            out << hex;
        }
    }
    return out.str();
}

} // namespace

std::string
ToText(DnsType type)
{
    switch (type)
    {
    case DnsType::A:
        return "A";
    case DnsType::Ns:
        return "NS";
    case DnsType::Cname:
        return "CNAME";
    case DnsType::Soa:
        return "SOA";
    case DnsType::Ptr:
        return "PTR";
    case DnsType::Mx:
        return "MX";
    case DnsType::Txt:
        return "TXT";
    case DnsType::Aaaa:
        return "AAAA";
    case DnsType::Srv:
        return "SRV";
    case DnsType::Opt:
        return "OPT";
    case DnsType::Axfr:
        return "AXFR";
    case DnsType::Any:
        return "ANY";
    case DnsType::None:
        break;
    }
    return "TYPE" + std::to_string(static_cast<uint16_t>(type));
}

DnsRecord
DnsRecord::A(const DnsName& name, uint32_t ttl, Ipv4Address address)
{
    return DnsRecord{name, DnsType::A, ttl, IpAddress::From(address)};
}

DnsRecord
DnsRecord::Address(const DnsName& name, uint32_t ttl, const IpAddress& address)
{
    return DnsRecord{name, address.IsIpv4() ? DnsType::A : DnsType::Aaaa, ttl, address};
}

DnsRecord
DnsRecord::Cname(const DnsName& name, uint32_t ttl, const DnsName& target)
{
    return DnsRecord{name, DnsType::Cname, ttl, target};
}

DnsRecord
DnsRecord::Ns(const DnsName& name, uint32_t ttl, const DnsName& server)
{
    return DnsRecord{name, DnsType::Ns, ttl, server};
}

DnsRecord
DnsRecord::Soa(const DnsName& name, uint32_t ttl, const DnsSoa& soa)
{
    return DnsRecord{name, DnsType::Soa, ttl, soa};
}

DnsRecord
DnsRecord::Txt(const DnsName& name, uint32_t ttl, const std::vector<std::string>& texts)
{
    return DnsRecord{name, DnsType::Txt, ttl, DnsTxt{texts}};
}

IpAddress
DnsRecord::GetAddress() const
{
    const auto address = std::get_if<IpAddress>(&data);
    return address ? *address : IpAddress{};
}

const DnsName*
DnsRecord::GetTarget() const
{
    if (const auto mx = std::get_if<DnsMx>(&data))
    {
        return &mx->exchange;
    }
    if (const auto srv = std::get_if<DnsSrv>(&data))
    {
        return &srv->target;
    }
    return std::get_if<DnsName>(&data);
}

const DnsSoa*
DnsRecord::GetSoa() const
{
    return std::get_if<DnsSoa>(&data);
}

std::string
DnsRecord::Check() const
{
    bool fits = true;
    switch (type)
    {
    case DnsType::A:
        fits = GetAddress().IsIpv4();
        break;
    case DnsType::Aaaa:
        fits = std::holds_alternative<IpAddress>(data);
        break;
    case DnsType::Ns:
    case DnsType::Cname:
    case DnsType::Ptr:
        fits = std::holds_alternative<DnsName>(data);
        break;
    case DnsType::Soa:
        fits = std::holds_alternative<DnsSoa>(data);
        break;
    case DnsType::Mx:
        fits = std::holds_alternative<DnsMx>(data);
        break;
    case DnsType::Srv:
        fits = std::holds_alternative<DnsSrv>(data);
        break;
    case DnsType::Txt:
        fits = std::holds_alternative<DnsTxt>(data) && !std::get<DnsTxt>(data).texts.empty();
        break;
    case DnsType::None:
    case DnsType::Opt:
    case DnsType::Axfr:
    case DnsType::Any:
        return azure::ToText(type) + " is no type of a record";
    default:
        fits = std::holds_alternative<DnsRawData>(data);
    }
    if (!fits)
    {
        return "its data are not those of a record of type " + azure::ToText(type);
    }
    if (ttl > DNS_MAX_TTL)
    {
        return "its TTL is above 2147483647 s";
    }
    size_t size = 0;
    if (const auto txt = std::get_if<DnsTxt>(&data))
    {
        for (const auto& text : txt->texts)
        {
            if (text.size() > MAX_TEXT)
            {
                return "a text has more than 255 bytes";
            }
            size += 1 + text.size();
        }
    }
    else if (const auto raw = std::get_if<DnsRawData>(&data))
    {
        size = raw->bytes.size();
    }
    return size > MAX_DATA ? "its data have more than 65535 bytes" : "";
}

std::string
DnsRecord::ToText() const
{
    return Absolute(name) + " " + std::to_string(ttl) + " " +
           (recordClass == DNS_CLASS_IN ? "IN" : "CLASS" + std::to_string(recordClass)) + " " +
           azure::ToText(type) + " " + DataToText(data);
}

} // namespace azure
} // namespace ns3
