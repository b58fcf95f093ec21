/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-dns-codec.h"

#include <random>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param bytes a message
 * @return what it says
 */
DnsDecoded
Decode(const std::vector<uint8_t>& bytes)
{
    return DnsCodec::Decode(bytes.data(), bytes.size());
}

/** @return a response with records of every kind */
DnsMessage
MakeAll()
{
    auto message = DnsMessage::Query({"www.example.com", DnsType::A}, 0x1234, true).MakeResponse();
    message.isAuthoritative = true;
    message.recursionAvailable = true;
    message.answers = {
        DnsRecord::Cname("www.example.com", 60, "host.example.com"),
        DnsRecord::A("host.example.com", 30, "192.0.2.1"),
        DnsRecord::Address("host.example.com",
                           30,
                           IpAddress{0x20010db800010002, 0x0003000400050006}),
        DnsRecord::Txt("host.example.com", 5, {"one", "", std::string(255, 'x')}),
        {"example.com", DnsType::Mx, 7, DnsMx{10, "mail.example.com"}},
        {"_s._tcp.example.com", DnsType::Srv, 8, DnsSrv{1, 2, 443, "host.example.com"}},
        {"1.2.0.192.in-addr.arpa", DnsType::Ptr, 9, DnsName("host.example.com")},
        {"x.example.com", static_cast<DnsType>(65280), 9, DnsRawData{std::string("a\0b", 3)}},
        {"y.example.com", static_cast<DnsType>(65280), DNS_MAX_TTL, DnsRawData{}}};
    message.authorities = {
        DnsRecord::Ns("example.com", 3600, "ns.example.com"),
        DnsRecord::Soa("example.com", 3600, {"ns.example.com", "m.example.com", 1, 2, 3, 4, 5})};
    message.additionals = {DnsRecord::A("ns.example.com", 3600, "192.0.2.53")};
    message.edns.emplace();
    message.edns->clientSubnet = DnsClientSubnet::From(IpAddress::From("198.51.100.77"), 24);
    message.edns->clientSubnet->scopePrefix = 20;
    message.rcode = DnsRcode::BadVersion; // needs the upper bits
    return message;
}

/** A message against bytes that were written by hand from RFC 1035 and RFC 6891. */
void
Bytes(FunctionTestCase& test)
{
    const std::vector<uint8_t> expected{
        0xab, 0xcd, 0x85, 0x80, 0,    1,   0,  2, 0,   0,  0,  1, // header
        3,    'w',  'w',  'w',  1,    'x', 0,  0, 1,   0,  1,     // question
        0xc0, 12,   0,    5,    0,    1,   0,  0, 0,   60, 0,  4,
        1,    'h',  0xc0, 16, // www.x CNAME h.x
        0xc0, 35,   0,    1,    0,    1,   0,  0, 1,   44, 0,  4,
        192,  0,    2,    1,                                     // h.x A
        0,    0,    41,   0x04, 0xd0, 0,   0,  0, 0,   0,  11,   // OPT, 1232 bytes
        0,    8,    0,    7,    0,    1,   24, 0, 198, 51, 100}; // Client Subnet
    auto message = DnsMessage::Query({"www.x", DnsType::A}, 0xabcd, true).MakeResponse();
    message.isAuthoritative = true;
    message.recursionAvailable = true;
    message.answers = {DnsRecord::Cname("www.x", 60, "h.x"), DnsRecord::A("h.x", 300, "192.0.2.1")};
    message.edns.emplace();
    message.edns->clientSubnet = DnsClientSubnet::From(IpAddress::From("198.51.100.77"), 24);
    test.Check(DnsCodec::Encode(message) == expected, "written");
    const auto decoded = Decode(expected);
    test.Equal(decoded.error, "", "read");
    test.Check(decoded.message && *decoded.message == message, "the same message");
}

/** All kinds of records are read as written. */
void
RoundTrip(FunctionTestCase& test)
{
    const auto message = MakeAll();
    for (const auto& record : message.answers)
    {
        test.Equal(record.Check(), "", "a good record");
    }
    const auto decoded = Decode(DnsCodec::Encode(message));
    test.Equal(decoded.error, "", "read");
    test.Check(decoded.message && *decoded.message == message, "the same message");
}

/** Records are named as ldns does, an independent writer of the text form. */
void
Texts(FunctionTestCase& test)
{
    const auto message = MakeAll();
    auto text = DnsCodec::ToText(message);
    for (auto& c : text)
    {
        c = c == '\t' ? ' ' : c;
    }
    for (const auto& section : {message.answers, message.authorities, message.additionals})
    {
        for (const auto& record : section)
        {
            test.Check(text.find(record.ToText()) != std::string::npos,
                       "no '" + record.ToText() + "' in\n" + text);
        }
    }
}

/** Names are compressed, also in data (RFC 1035, section 4.1.4). */
void
Compression(FunctionTestCase& test)
{
    DnsMessage message = DnsMessage::Query({"n.example.com", DnsType::Ns}, 1, false).MakeResponse();
    for (int i = 0; i < 13; ++i)
    {
        message.answers.push_back(
            DnsRecord::Ns("n.example.com",
                          1,
                          *DnsName("n.example.com").Prepend(std::string(1, 'a' + i))));
    }
    // Header, question, and per record two pointers, a label, ten bytes.
    test.Equal(DnsCodec::Encode(message).size(), 12 + 19 + 13 * (2 + 10 + 4), "size");
}

/** What does not fit: additional records go first, then TC. */
void
Truncation(FunctionTestCase& test)
{
    auto message = DnsMessage::Query({"a.example.com", DnsType::A}, 1, false).MakeResponse();
    message.isAuthoritative = true;
    for (uint32_t i = 0; i < 30; ++i)
    {
        message.answers.push_back(DnsRecord::A("a.example.com", 1, Ipv4Address(i)));
    }
    // 12 + 19 + 30 * 16 = 511 bytes.
    message.additionals = {DnsRecord::A("b.example.com", 1, "192.0.2.1")};
    auto cut = message;
    test.Equal(DnsCodec::EncodeWithin(cut, 512).size(), 511, "511 bytes fit");
    test.Check(!cut.isTruncated && cut.answers.size() == 30, "all answers");
    message.answers.push_back(DnsRecord::A("a.example.com", 1, "192.0.2.99"));
    cut = message;
    test.Check(DnsCodec::EncodeWithin(cut, 512).size() == 31 && cut.isTruncated, "truncated");
    cut = message;
    test.Equal(DnsCodec::EncodeWithin(cut, 65535).size(), 511 + 16 + 2 + 2 + 10 + 4, "whole");
    DnsMessage referral = DnsMessage::Query({"a.b.c", DnsType::A}, 1, false).MakeResponse();
    referral.authorities = {DnsRecord::Ns("b.c", 1, "ns.b.c")};
    for (uint32_t i = 0; i < 40; ++i)
    {
        referral.additionals.push_back(DnsRecord::A("ns.b.c", 1, Ipv4Address(i)));
    }
    DnsCodec::EncodeWithin(referral, 512);
    test.Check(referral.isTruncated && referral.authorities.size() == 1,
               "a referral without its addresses is truncated (RFC 9471)");
    DnsMessage huge = message;
    huge.answers.assign(400, DnsRecord::Txt("a.example.com", 1, {std::string(255, 'x')}));
    test.Check(DnsCodec::Encode(huge).empty(), "more than 65535 bytes");
    DnsCodec::EncodeWithin(huge, 65535);
    test.Check(huge.isTruncated, "truncated even for TCP");
}

/** What is not well-formed is told and answered with FORMERR. */
void
Malformed(FunctionTestCase& test)
{
    auto query = DnsMessage::Query({"www.example.com", DnsType::A}, 7, true);
    query.edns.emplace();
    query.edns->clientSubnet = DnsClientSubnet::From(IpAddress::From("198.51.100.77"), 24);
    const auto good = DnsCodec::Encode(query);
    const auto check = [&test](const std::vector<uint8_t>& bytes, const std::string& what) {
        const auto decoded = Decode(bytes);
        test.Check(!decoded.message && !decoded.error.empty(), what);
        if (bytes.size() >= 12)
        {
            test.Check(decoded.formatError && decoded.formatError->id == 7 &&
                           decoded.formatError->rcode == DnsRcode::FormatError,
                       what + ": FORMERR");
        }
    };
    for (size_t size = 0; size < good.size(); ++size)
    {
        check({good.begin(), good.begin() + size}, "cut to " + std::to_string(size));
    }
    auto bytes = good;
    bytes[12] = 0xc0;
    bytes[13] = 12;
    check(bytes, "a pointer to itself");
    bytes = good;
    bytes[12] = 0xff;
    bytes[13] = 0xff;
    check(bytes, "a pointer to nowhere");
    bytes = good;
    bytes[12] = 0x80;
    check(bytes, "a label type that does not exist");
    bytes = good;
    bytes[bytes.size() - 5] = 17; // 198.51.100/17: bits behind the prefix
    check(bytes, "Client Subnet with bits behind its prefix");
    bytes = good;
    bytes[bytes.size() - 5] = 33;
    check(bytes, "Client Subnet with 33 bits");
    bytes = good;
    bytes[bytes.size() - 6] = 9;
    check(bytes, "Client Subnet of an unknown family");
    bytes = good;
    bytes[11] = 2;
    const auto opt = std::vector<uint8_t>{0, 0, 41, 4, 0, 0, 0, 0, 0, 0, 0};
    bytes.insert(bytes.end(), opt.begin(), opt.end());
    check(bytes, "two OPT records");
    bytes = good;
    bytes[2] |= 0x80;
    bytes.resize(20);
    test.Check(!Decode(bytes).formatError, "a response gets no FORMERR");
}

/** EDNS sizes below 512 mean 512 (RFC 6891, section 6.2.3), and 0 does not lose the record. */
void
EdnsSizes(FunctionTestCase& test)
{
    auto message = DnsMessage::Query({"x", DnsType::A}, 7, true);
    message.edns.emplace();
    for (const auto& [size, expected] : {std::pair<uint16_t, uint16_t>{0, 512},
                                         {511, 512},
                                         {512, 512},
                                         {513, 513},
                                         {65535, 65535}})
    {
        message.edns->udpPayloadSize = size;
        auto bytes = DnsCodec::Encode(message);
        // The class of the record that ends the message: TTL and length follow it.
        const auto at = bytes.size() - 8;
        test.Equal(bytes[at] << 8 | bytes[at + 1], expected, "written");
        bytes[at] = static_cast<uint8_t>(size >> 8);
        bytes[at + 1] = static_cast<uint8_t>(size);
        const auto read = Decode(bytes).message;
        test.Check(read && read->edns, "there is EDNS");
        test.Equal(read->edns->udpPayloadSize, expected, "read");
    }
}

/** TTLs with the highest bit are 0 (RFC 2181, section 8). */
void
Ttl(FunctionTestCase& test)
{
    auto message = DnsMessage::Query({"x", DnsType::A}, 7, true).MakeResponse();
    message.answers = {DnsRecord::A("x", DNS_MAX_TTL, "192.0.2.1")};
    auto bytes = DnsCodec::Encode(message);
    test.Equal(Decode(bytes).message->answers[0].ttl, 2147483647, "the highest TTL");
    bytes[bytes.size() - 10] |= 0x80;
    test.Equal(Decode(bytes).message->answers[0].ttl, 0, "above it");
}

/** Random changes of a message: read or refused, and what is read can be written and read again. */
void
Mutations(FunctionTestCase& test)
{
    const auto good = DnsCodec::Encode(MakeAll());
    std::mt19937 random(3);
    uint32_t read = 0;
    for (int round = 0; round < 20000; ++round)
    {
        auto bytes = good;
        for (auto changes = 1 + random() % 4; changes > 0; --changes)
        {
            bytes[random() % bytes.size()] = static_cast<uint8_t>(
                random() % 3 ? random() : std::vector<uint8_t>{0, 0xc0, 255}[random() % 3]);
        }
        bytes.resize(random() % 4 ? bytes.size() : random() % bytes.size());
        const auto decoded = Decode(bytes);
        test.Check(decoded.message.has_value() == decoded.error.empty(), "a message or an error");
        if (decoded.message)
        {
            ++read;
            const auto written = DnsCodec::Encode(*decoded.message);
            const auto again = Decode(written);
            test.Check(again.message && *again.message == *decoded.message, "another message");
        }
    }
    test.Check(read > 1000 && read < 19000, "both kinds occur: " + std::to_string(read));
    for (int round = 0; round < 20000; ++round)
    {
        std::vector<uint8_t> bytes(random() % 600);
        for (auto& byte : bytes)
        {
            byte = static_cast<uint8_t>(random());
        }
        const auto decoded = Decode(bytes);
        test.Check(decoded.message.has_value() == decoded.error.empty(), "a message or an error");
    }
}

/** Records that cannot be written are known beforehand. */
void
Checks(FunctionTestCase& test)
{
    DnsRecord record = DnsRecord::A("x", 1, "192.0.2.1");
    test.Equal(record.Check(), "", "good");
    record.ttl = DNS_MAX_TTL + 1;
    test.Check(!record.Check().empty(), "TTL");
    record = DnsRecord::A("x", 1, "192.0.2.1");
    record.type = DnsType::Cname;
    test.Check(!record.Check().empty(), "data of another type");
    test.Check(!DnsRecord::Txt("x", 1, {std::string(256, 'x')}).Check().empty(), "long text");
    test.Check(!DnsRecord::Txt("x", 1, {}).Check().empty(), "no text");
    test.Check(!(DnsRecord{"x", DnsType::Any, 1, DnsRawData{}}.Check().empty()), "no type");
    test.Check(MaskDnsAddress(IpAddress::From("198.51.100.77"), 20) ==
                   IpAddress::From("198.51.96.0"),
               "a prefix of IPv4");
    test.Check(MaskDnsAddress(IpAddress{~0ULL, ~0ULL}, 65) == (IpAddress{~0ULL, 1ULL << 63}),
               "a prefix of IPv6");
}

/// The suite.
class DnsCodecTestSuite : public TestSuite
{
  public:
    DnsCodecTestSuite()
        : TestSuite("azure-dns-codec", Type::UNIT)
    {
        const auto add = [this](const std::string& name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("bytes written by hand (RFC 1035, 6891, 7871)", Bytes);
        add("every kind of record is read as written", RoundTrip);
        add("text as ldns writes it", Texts);
        add("names are compressed", Compression);
        add("truncation (RFC 2181, RFC 9471)", Truncation);
        add("malformed messages are refused", Malformed);
        add("sizes of datagrams in EDNS", EdnsSizes);
        add("TTLs with the highest bit are 0", Ttl);
        add("changed and random messages are read or refused", Mutations);
        add("records are checked", Checks);
    }
};

DnsCodecTestSuite g_suite; //!< the suite

} // namespace
