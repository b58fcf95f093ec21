/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-dns-message.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param bits 0 to 64
 * @return as many leading ones
 */
constexpr uint64_t
LeadingOnes(uint32_t bits)
{
    return bits == 0 ? 0 : ~0ULL << (64 - bits);
}

} // namespace

std::string
ToText(DnsRcode rcode)
{
    switch (rcode)
    {
    case DnsRcode::NoError:
        return "NOERROR";
    case DnsRcode::FormatError:
        return "FORMERR";
    case DnsRcode::ServerFailure:
        return "SERVFAIL";
    case DnsRcode::NameError:
        return "NXDOMAIN";
    case DnsRcode::NotImplemented:
        return "NOTIMP";
    case DnsRcode::Refused:
        return "REFUSED";
    case DnsRcode::BadVersion:
        return "BADVERS";
    }
    return "RCODE" + std::to_string(static_cast<uint16_t>(rcode));
}

std::string
DnsQuestion::ToText() const
{
    return name.ToText() + " " + azure::ToText(type);
}

IpAddress
MaskDnsAddress(const IpAddress& address, uint8_t prefix)
{
    const uint32_t bits = std::min<uint32_t>(128, address.IsIpv4() ? 96U + prefix : prefix);
    return IpAddress{address.high & LeadingOnes(std::min<uint32_t>(bits, 64)),
                     address.low & LeadingOnes(bits > 64 ? bits - 64 : 0)};
}

DnsClientSubnet
DnsClientSubnet::From(const IpAddress& address, uint8_t prefix)
{
    DnsClientSubnet subnet;
    subnet.isIpv6 = !address.IsIpv4();
    subnet.sourcePrefix = std::min(prefix, subnet.GetMaxPrefix());
    subnet.address = MaskDnsAddress(address, subnet.sourcePrefix);
    return subnet;
}

uint8_t
DnsClientSubnet::GetMaxPrefix() const
{
    return isIpv6 ? 128 : 32;
}

DnsMessage
DnsMessage::Query(const DnsQuestion& question, uint16_t id, bool recursionDesired)
{
    DnsMessage query;
    query.id = id;
    query.recursionDesired = recursionDesired;
    query.questions = {question};
    return query;
}

DnsMessage
DnsMessage::MakeResponse() const
{
    DnsMessage response;
    response.id = id;
    response.isResponse = true;
    response.opcode = opcode;
    response.recursionDesired = recursionDesired;
    response.checkingDisabled = checkingDisabled;
    response.questions = questions;
    return response;
}

} // namespace azure
} // namespace ns3
