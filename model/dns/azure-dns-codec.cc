/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-dns-codec.h"

#include <cstdlib>
#include <ldns/ldns.h>
#include <memory>

namespace ns3
{
namespace azure
{

namespace
{

/// Bytes of the header.
constexpr size_t HEADER_SIZE = 12;
/// Code of the option Client Subnet (RFC 7871, section 6).
constexpr uint16_t CLIENT_SUBNET = 8;
/// The flag DO (RFC 6891, section 6.1.4).
constexpr uint16_t DNSSEC_OK = 0x8000;

/// Frees what ldns made.
struct Deleter
{
    /** @param packet a message */
    void operator()(ldns_pkt* packet) const
    {
        ldns_pkt_free(packet);
    }

    /** @param buffer a buffer */
    void operator()(ldns_buffer* buffer) const
    {
        ldns_buffer_free(buffer);
    }
};

typedef std::unique_ptr<ldns_pkt, Deleter> PacketPtr;    //!< a message of ldns
typedef std::unique_ptr<ldns_buffer, Deleter> BufferPtr; //!< a buffer of ldns

/**
 * @param bytes bytes
 * @param at offset
 * @return two bytes in network order
 */
uint16_t
Read16(const uint8_t* bytes, size_t at)
{
    return static_cast<uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

/**
 * @param[in,out] bytes gets two bytes in network order
 * @param value the value
 */
void
Write16(std::string& bytes, uint32_t value)
{
    bytes += static_cast<char>(value >> 8 & 255);
    bytes += static_cast<char>(value & 255);
}

/**
 * @param[in,out] bytes gets four bytes in network order
 * @param value the value
 */
void
Write32(std::string& bytes, uint32_t value)
{
    Write16(bytes, value >> 16);
    Write16(bytes, value & 0xffff);
}

/**
 * @param bytes some bytes of an address
 * @param size how many of them there are
 * @param isIpv6 its family
 * @return the address, with zeros for what is not there
 */
IpAddress
ReadAddress(const uint8_t* bytes, size_t size, bool isIpv6)
{
    IpAddress address;
    for (size_t i = 0; i < 16; ++i)
    {
        uint64_t& half = i < 8 ? address.high : address.low;
        half = half << 8 | (i < size ? bytes[i] : 0U);
    }
    return isIpv6 ? address : IpAddress::FromIpv4Bits(static_cast<uint32_t>(address.high >> 32));
}

/**
 * @param address an address
 * @param isIpv6 its family
 * @return its bytes
 */
std::string
AddressBytes(const IpAddress& address, bool isIpv6)
{
    std::string bytes;
    if (isIpv6)
    {
        Write32(bytes, static_cast<uint32_t>(address.high >> 32));
        Write32(bytes, static_cast<uint32_t>(address.high));
        Write32(bytes, static_cast<uint32_t>(address.low >> 32));
    }
    Write32(bytes, static_cast<uint32_t>(address.low));
    return bytes;
}

/**
 * @param rdf a field of ldns
 * @return its bytes
 */
std::string
Bytes(const ldns_rdf* rdf)
{
    return std::string(reinterpret_cast<const char*>(ldns_rdf_data(rdf)), ldns_rdf_size(rdf));
}

/**
 * @param type a field's type
 * @param bytes its bytes
 * @return the field
 */
ldns_rdf*
Field(ldns_rdf_type type, const std::string& bytes)
{
    return ldns_rdf_new_frm_data(type, bytes.size(), bytes.data());
}

/**
 * @brief Read the options of EDNS.
 * @param bytes the options
 * @param[out] edns gets them
 * @return what is wrong; empty: nothing
 */
std::string
ReadOptions(const std::string& bytes, DnsEdns& edns)
{
    const auto data = reinterpret_cast<const uint8_t*>(bytes.data());
    for (size_t at = 0; at < bytes.size();)
    {
        if (bytes.size() - at < 4)
        {
            return "an option of EDNS is cut off";
        }
        const auto code = Read16(data, at);
        const size_t length = Read16(data, at + 2);
        at += 4;
        if (length > bytes.size() - at)
        {
            return "an option of EDNS is longer than its record";
        }
        if (code == CLIENT_SUBNET)
        {
            const auto family = length < 4 ? 0 : Read16(data, at);
            if (family != 1 && family != 2)
            {
                return "Client Subnet is too short or of an unknown family";
            }
            DnsClientSubnet subnet;
            subnet.isIpv6 = family == 2;
            subnet.sourcePrefix = data[at + 2];
            subnet.scopePrefix = data[at + 3];
            subnet.address = ReadAddress(data + at + 4, length - 4, subnet.isIpv6);
            // RFC 7871, section 6: as many bytes as the prefix needs, zero bits behind it. An
            // IPv4-mapped address cannot be told from IPv4, and nobody's client has one.
            if (subnet.sourcePrefix > subnet.GetMaxPrefix() ||
                subnet.scopePrefix > subnet.GetMaxPrefix() ||
                length - 4 != (subnet.sourcePrefix + 7U) / 8 ||
                (subnet.isIpv6 && subnet.address.IsIpv4()) ||
                !(MaskDnsAddress(subnet.address, subnet.sourcePrefix) == subnet.address))
            {
                return "Client Subnet does not fit its prefix length";
            }
            edns.clientSubnet = subnet;
        }
        at += length;
    }
    return "";
}

/**
 * @param edns what to say
 * @return the options
 */
std::string
WriteOptions(const DnsEdns& edns)
{
    std::string bytes;
    if (edns.clientSubnet)
    {
        const auto& subnet = *edns.clientSubnet;
        const auto size = (subnet.sourcePrefix + 7U) / 8;
        Write16(bytes, CLIENT_SUBNET);
        Write16(bytes, 4 + size);
        Write16(bytes, subnet.isIpv6 ? 2 : 1);
        bytes += static_cast<char>(subnet.sourcePrefix);
        bytes += static_cast<char>(subnet.scopePrefix);
        bytes += AddressBytes(subnet.address, subnet.isIpv6).substr(0, size);
    }
    return bytes;
}

/**
 * @param rr a record of ldns
 * @param[out] record gets it
 * @return what is wrong; empty: nothing
 */
std::string
ReadRecord(const ldns_rr* rr, DnsRecord& record)
{
    const auto owner = DnsName::FromWire(Bytes(ldns_rr_owner(rr)));
    if (!owner)
    {
        return "the owner of a record is no name";
    }
    record.name = *owner;
    record.type = static_cast<DnsType>(ldns_rr_get_type(rr));
    record.recordClass = static_cast<uint16_t>(ldns_rr_get_class(rr));
    record.ttl = ldns_rr_ttl(rr) > DNS_MAX_TTL ? 0 : ldns_rr_ttl(rr);
    const auto count = ldns_rr_rd_count(rr);
    const auto wrong = "data of a record of type " + ToText(record.type) + " are wrong";
    const auto bytes = [rr](size_t i) { return Bytes(ldns_rr_rdf(rr, i)); };
    const auto name = [&bytes](size_t i) { return DnsName::FromWire(bytes(i)); };
    const auto number = [&bytes](size_t i) {
        uint32_t value = 0;
        for (const char c : bytes(i))
        {
            value = value << 8 | static_cast<uint8_t>(c);
        }
        return value;
    };
    switch (record.type)
    {
    case DnsType::A:
    case DnsType::Aaaa: {
        const bool isIpv6 = record.type == DnsType::Aaaa;
        if (count != 1 || bytes(0).size() != (isIpv6 ? 16 : 4))
        {
            return wrong;
        }
        const auto data = bytes(0);
        record.data =
            ReadAddress(reinterpret_cast<const uint8_t*>(data.data()), data.size(), isIpv6);
        return "";
    }
    case DnsType::Ns:
    case DnsType::Cname:
    case DnsType::Ptr: {
        const auto target = count == 1 ? name(0) : std::nullopt;
        if (!target)
        {
            return wrong;
        }
        record.data = *target;
        return "";
    }
    case DnsType::Soa: {
        const auto primary = count == 7 ? name(0) : std::nullopt;
        const auto mailbox = count == 7 ? name(1) : std::nullopt;
        if (!primary || !mailbox)
        {
            return wrong;
        }
        record.data =
            DnsSoa{*primary, *mailbox, number(2), number(3), number(4), number(5), number(6)};
        return "";
    }
    case DnsType::Mx: {
        const auto exchange = count == 2 ? name(1) : std::nullopt;
        if (!exchange)
        {
            return wrong;
        }
        record.data = DnsMx{static_cast<uint16_t>(number(0)), *exchange};
        return "";
    }
    case DnsType::Srv: {
        const auto target = count == 4 ? name(3) : std::nullopt;
        if (!target)
        {
            return wrong;
        }
        record.data = DnsSrv{static_cast<uint16_t>(number(0)),
                             static_cast<uint16_t>(number(1)),
                             static_cast<uint16_t>(number(2)),
                             *target};
        return "";
    }
    case DnsType::Txt: {
        DnsTxt txt;
        for (size_t i = 0; i < count; ++i)
        {
            txt.texts.push_back(bytes(i).substr(1));
        }
        record.data = txt;
        return txt.texts.empty() ? wrong : "";
    }
    default: {
        std::string all;
        for (size_t i = 0; i < count; ++i)
        {
            all += bytes(i);
        }
        record.data = DnsRawData{all};
        return "";
    }
    }
}

/**
 * @param list a section of ldns
 * @param[out] records gets its records
 * @return what is wrong; empty: nothing
 */
std::string
ReadSection(const ldns_rr_list* list, std::vector<DnsRecord>& records)
{
    const auto count = ldns_rr_list_rr_count(list);
    records.resize(count);
    for (size_t i = 0; i < count; ++i)
    {
        const auto error = ReadRecord(ldns_rr_list_rr(list, i), records[i]);
        if (!error.empty())
        {
            return error;
        }
    }
    return "";
}

/**
 * @param name owner
 * @param type type
 * @param rrClass class
 * @return a record of ldns without data
 */
ldns_rr*
NewRr(const DnsName& name, DnsType type, uint16_t rrClass)
{
    auto rr = ldns_rr_new();
    ldns_rr_set_owner(rr, Field(LDNS_RDF_TYPE_DNAME, name.GetWire()));
    ldns_rr_set_type(rr, static_cast<ldns_rr_type>(type));
    ldns_rr_set_class(rr, static_cast<ldns_rr_class>(rrClass));
    return rr;
}

/**
 * @param record a record
 * @return it for ldns
 */
ldns_rr*
WriteRecord(const DnsRecord& record)
{
    auto rr = NewRr(record.name, record.type, record.recordClass);
    ldns_rr_set_ttl(rr, record.ttl);
    const auto push = [rr](ldns_rdf_type type, const std::string& bytes) {
        ldns_rr_push_rdf(rr, Field(type, bytes));
    };
    const auto push16 = [&push](uint16_t value) {
        std::string bytes;
        Write16(bytes, value);
        push(LDNS_RDF_TYPE_INT16, bytes);
    };
    if (const auto address = std::get_if<IpAddress>(&record.data))
    {
        const bool isIpv6 = record.type == DnsType::Aaaa;
        push(isIpv6 ? LDNS_RDF_TYPE_AAAA : LDNS_RDF_TYPE_A, AddressBytes(*address, isIpv6));
    }
    else if (const auto target = std::get_if<DnsName>(&record.data))
    {
        push(LDNS_RDF_TYPE_DNAME, target->GetWire());
    }
    else if (const auto soa = std::get_if<DnsSoa>(&record.data))
    {
        push(LDNS_RDF_TYPE_DNAME, soa->primary.GetWire());
        push(LDNS_RDF_TYPE_DNAME, soa->mailbox.GetWire());
        for (const auto value : {soa->serial, soa->refresh, soa->retry, soa->expire, soa->minimum})
        {
            std::string bytes;
            Write32(bytes, value);
            push(LDNS_RDF_TYPE_INT32, bytes);
        }
    }
    else if (const auto mx = std::get_if<DnsMx>(&record.data))
    {
        push16(mx->preference);
        push(LDNS_RDF_TYPE_DNAME, mx->exchange.GetWire());
    }
    else if (const auto srv = std::get_if<DnsSrv>(&record.data))
    {
        push16(srv->priority);
        push16(srv->weight);
        push16(srv->port);
        push(LDNS_RDF_TYPE_DNAME, srv->target.GetWire());
    }
    else if (const auto txt = std::get_if<DnsTxt>(&record.data))
    {
        for (const auto& text : txt->texts)
        {
            push(LDNS_RDF_TYPE_STR, static_cast<char>(text.size()) + text);
        }
    }
    else if (const auto& bytes = std::get<DnsRawData>(record.data).bytes; !bytes.empty())
    {
        push(LDNS_RDF_TYPE_UNKNOWN, bytes);
    }
    return rr;
}

/**
 * @param size what EDNS says of the size of datagrams, bytes
 * @return what it means: less than 512 is 512 (RFC 6891, section 6.2.3)
 */
uint16_t
ToUdpPayloadSize(uint16_t size)
{
    return std::max(size, static_cast<uint16_t>(DnsCodec::ClassicUdpSize));
}

/**
 * @param message a message
 * @return it for ldns
 */
PacketPtr
MakePacket(const DnsMessage& message)
{
    PacketPtr packet(ldns_pkt_new());
    auto pkt = packet.get();
    const auto rcode = static_cast<uint16_t>(message.rcode);
    ldns_pkt_set_id(pkt, message.id);
    ldns_pkt_set_qr(pkt, message.isResponse);
    ldns_pkt_set_opcode(pkt, static_cast<ldns_pkt_opcode>(message.opcode & 15));
    ldns_pkt_set_aa(pkt, message.isAuthoritative);
    ldns_pkt_set_tc(pkt, message.isTruncated);
    ldns_pkt_set_rd(pkt, message.recursionDesired);
    ldns_pkt_set_ra(pkt, message.recursionAvailable);
    ldns_pkt_set_ad(pkt, message.authenticData);
    ldns_pkt_set_cd(pkt, message.checkingDisabled);
    ldns_pkt_set_rcode(pkt, static_cast<uint8_t>(rcode & 15));
    for (const auto& question : message.questions)
    {
        auto rr = NewRr(question.name, question.type, question.questionClass);
        ldns_rr_set_question(rr, true);
        ldns_pkt_push_rr(pkt, LDNS_SECTION_QUESTION, rr);
    }
    for (const auto& record : message.answers)
    {
        ldns_pkt_push_rr(pkt, LDNS_SECTION_ANSWER, WriteRecord(record));
    }
    for (const auto& record : message.authorities)
    {
        ldns_pkt_push_rr(pkt, LDNS_SECTION_AUTHORITY, WriteRecord(record));
    }
    for (const auto& record : message.additionals)
    {
        ldns_pkt_push_rr(pkt, LDNS_SECTION_ADDITIONAL, WriteRecord(record));
    }
    if (message.edns)
    {
        // Without a size ldns writes no OPT record.
        ldns_pkt_set_edns_udp_size(pkt, ToUdpPayloadSize(message.edns->udpPayloadSize));
        ldns_pkt_set_edns_extended_rcode(pkt, static_cast<uint8_t>(rcode >> 4));
        ldns_pkt_set_edns_version(pkt, message.edns->version);
        ldns_pkt_set_edns_z(pkt, message.edns->dnssecOk ? DNSSEC_OK : 0);
        const auto options = WriteOptions(*message.edns);
        if (!options.empty())
        {
            ldns_pkt_set_edns_data(pkt, Field(LDNS_RDF_TYPE_UNKNOWN, options));
        }
    }
    return packet;
}

/**
 * @param data bytes
 * @param size how many
 * @param error what is wrong with them
 * @return the error, with a FORMERR if the bytes begin with the header of a query
 */
DnsDecoded
Fail(const uint8_t* data, size_t size, const std::string& error)
{
    DnsDecoded result;
    result.error = error;
    if (size >= HEADER_SIZE && !(data[2] & 0x80))
    {
        DnsMessage response;
        response.id = Read16(data, 0);
        response.isResponse = true;
        response.opcode = static_cast<uint8_t>(data[2] >> 3 & 15);
        response.recursionDesired = data[2] & 1;
        response.rcode = DnsRcode::FormatError;
        result.formatError = response;
    }
    return result;
}

} // namespace

DnsDecoded
DnsCodec::Decode(const uint8_t* data, size_t size)
{
    if (size < HEADER_SIZE)
    {
        return Fail(data, size, "it is shorter than the header");
    }
    if (size > MaxSize)
    {
        return Fail(data, size, "it has more than 65535 bytes");
    }
    ldns_pkt* raw = nullptr;
    const auto status = ldns_wire2pkt(&raw, data, size);
    if (status != LDNS_STATUS_OK)
    {
        return Fail(data, size, ldns_get_errorstr_by_id(status));
    }
    const PacketPtr packet(raw);
    DnsMessage message;
    message.id = ldns_pkt_id(raw);
    message.isResponse = ldns_pkt_qr(raw);
    message.opcode = static_cast<uint8_t>(ldns_pkt_get_opcode(raw));
    message.isAuthoritative = ldns_pkt_aa(raw);
    message.isTruncated = ldns_pkt_tc(raw);
    message.recursionDesired = ldns_pkt_rd(raw);
    message.recursionAvailable = ldns_pkt_ra(raw);
    message.authenticData = ldns_pkt_ad(raw);
    message.checkingDisabled = ldns_pkt_cd(raw);
    uint32_t rcode = ldns_pkt_get_rcode(raw);
    const auto questions = ldns_pkt_question(raw);
    for (size_t i = 0; i < ldns_rr_list_rr_count(questions); ++i)
    {
        const auto rr = ldns_rr_list_rr(questions, i);
        const auto name = DnsName::FromWire(Bytes(ldns_rr_owner(rr)));
        if (!name)
        {
            return Fail(data, size, "the name of a question is none");
        }
        message.questions.push_back({*name,
                                     static_cast<DnsType>(ldns_rr_get_type(rr)),
                                     static_cast<uint16_t>(ldns_rr_get_class(rr))});
    }
    auto error = ReadSection(ldns_pkt_answer(raw), message.answers);
    error = error.empty() ? ReadSection(ldns_pkt_authority(raw), message.authorities) : error;
    error = error.empty() ? ReadSection(ldns_pkt_additional(raw), message.additionals) : error;
    if (!error.empty())
    {
        return Fail(data, size, error);
    }
    // ldns has taken OPT and TSIG out of the section.
    const size_t left =
        Read16(data, 10) - message.additionals.size() - (ldns_pkt_tsig(raw) ? 1 : 0);
    if (left > 1)
    {
        return Fail(data, size, "there is more than one OPT record"); // RFC 6891, section 6.1.1
    }
    if (left == 1)
    {
        message.edns.emplace();
        message.edns->udpPayloadSize = ToUdpPayloadSize(ldns_pkt_edns_udp_size(raw));
        message.edns->version = ldns_pkt_edns_version(raw);
        message.edns->dnssecOk = (ldns_pkt_edns_z(raw) & DNSSEC_OK) != 0;
        rcode |= static_cast<uint32_t>(ldns_pkt_edns_extended_rcode(raw)) << 4;
        if (const auto options = ldns_pkt_edns_data(raw))
        {
            error = ReadOptions(Bytes(options), *message.edns);
            if (!error.empty())
            {
                return Fail(data, size, error);
            }
        }
    }
    message.rcode = static_cast<DnsRcode>(rcode);
    DnsDecoded result;
    result.message = std::move(message);
    return result;
}

std::vector<uint8_t>
DnsCodec::Encode(const DnsMessage& message)
{
    const auto packet = MakePacket(message);
    const BufferPtr buffer(ldns_buffer_new(ClassicUdpSize));
    if (ldns_pkt2buffer_wire(buffer.get(), packet.get()) != LDNS_STATUS_OK ||
        ldns_buffer_position(buffer.get()) > MaxSize)
    {
        return {};
    }
    const auto begin = ldns_buffer_begin(buffer.get());
    return std::vector<uint8_t>(begin, begin + ldns_buffer_position(buffer.get()));
}

std::vector<uint8_t>
DnsCodec::EncodeWithin(DnsMessage& message, size_t limit)
{
    auto bytes = Encode(message);
    const auto fits = [&]() { return !bytes.empty() && bytes.size() <= limit; };
    if (!fits() && !message.additionals.empty())
    {
        message.isTruncated = message.answers.empty() && !message.isAuthoritative;
        message.additionals.clear();
        bytes = Encode(message);
    }
    if (!fits())
    {
        message.isTruncated = true;
        message.answers.clear();
        message.authorities.clear();
        bytes = Encode(message);
    }
    return bytes;
}

std::string
DnsCodec::ToText(const DnsMessage& message)
{
    const auto packet = MakePacket(message);
    const std::unique_ptr<char, decltype(&std::free)> text(ldns_pkt2str(packet.get()), &std::free);
    return text ? text.get() : "";
}

} // namespace azure
} // namespace ns3
