/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-dns-authority.h"
#include "ns3/azure-dns-static-zone.h"

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param authority a server
 * @param name a name
 * @param type a type
 * @return its response
 */
DnsMessage
Ask(const DnsAuthority& authority, const DnsName& name, DnsType type = DnsType::A)
{
    return authority.Respond(DnsMessage::Query({name, type}, 7, true), {}, Seconds(0), 1232);
}

/**
 * @param message a response
 * @return code, AA and sections in one line
 */
std::string
Summary(const DnsMessage& message)
{
    std::string text = ToText(message.rcode) + (message.isAuthoritative ? " aa" : "");
    const char* const names[] = {" | ", " / ", " + "};
    const std::vector<DnsRecord>* const sections[] = {&message.answers,
                                                      &message.authorities,
                                                      &message.additionals};
    for (int i = 0; i < 3; ++i)
    {
        for (const auto& record : *sections[i])
        {
            text += names[i] + record.name.ToText() + " " + ToText(record.type);
        }
    }
    return text;
}

/** The zone of RFC 4592, section 2.2.1, and its answers in the same place. */
void
Wildcards(FunctionTestCase& test)
{
    auto zone = std::make_shared<DnsStaticZone>("example", "ns.example.com", 3600);
    for (const auto& record :
         {DnsRecord::Ns("example", 3600, "ns.example.net"),
          DnsRecord::Txt("*.example", 3600, {"this is a wildcard"}),
          DnsRecord{"*.example", DnsType::Mx, 3600, DnsMx{10, "host1.example"}},
          DnsRecord::Txt("sub.*.example", 3600, {"this is not a wildcard"}),
          DnsRecord::A("host1.example", 3600, "192.0.2.1"),
          DnsRecord{"_ssh._tcp.host1.example",
                    DnsType::Srv,
                    3600,
                    DnsSrv{0, 0, 22, "host1.example"}},
          DnsRecord{"_ssh._tcp.host2.example",
                    DnsType::Srv,
                    3600,
                    DnsSrv{0, 0, 22, "host2.example"}},
          DnsRecord::Ns("subdel.example", 3600, "ns.example.com"),
          DnsRecord::Ns("subdel.example", 3600, "ns.example.net")})
    {
        test.Equal(zone->Add(record), "", "added");
    }
    DnsAuthority authority;
    authority.AddZone(zone);
    const auto check = [&](const char* name, DnsType type, const std::string& expected) {
        test.Equal(Summary(Ask(authority, name, type)), expected, name);
    };
    // Synthesised.
    check("host3.example", DnsType::Mx, "NOERROR aa | host3.example MX + host1.example A");
    check("host3.example", DnsType::A, "NOERROR aa / example SOA");
    check("foo.bar.example", DnsType::Txt, "NOERROR aa | foo.bar.example TXT");
    // Not synthesised.
    check("host1.example", DnsType::Mx, "NOERROR aa / example SOA");
    check("sub.*.example", DnsType::Mx, "NOERROR aa / example SOA");
    check("_telnet._tcp.host1.example", DnsType::Srv, "NXDOMAIN aa / example SOA");
    check("host.subdel.example", DnsType::A, "NOERROR / subdel.example NS / subdel.example NS");
    check("ghost.*.example", DnsType::Mx, "NXDOMAIN aa / example SOA");
    // An empty non-terminal.
    check("_tcp.host1.example", DnsType::A, "NOERROR aa / example SOA");
}

/** Aliases, delegations with glue, negative answers, other zones. */
void
Answers(FunctionTestCase& test)
{
    auto zone = std::make_shared<DnsStaticZone>("example.com", "ns.example.com", 300);
    for (const auto& record : {DnsRecord::A("ns.example.com", 3600, "192.0.2.53"),
                               DnsRecord::Cname("a.example.com", 60, "b.example.com"),
                               DnsRecord::Cname("b.example.com", 60, "c.example.com"),
                               DnsRecord::A("c.example.com", 60, "192.0.2.1"),
                               DnsRecord::Cname("out.example.com", 60, "x.example.net"),
                               DnsRecord::Cname("gone.example.com", 60, "none.example.com"),
                               DnsRecord::Cname("l.example.com", 60, "l.example.com"),
                               DnsRecord::Cname("other.example.com", 60, "www.example.org"),
                               DnsRecord::Ns("sub.example.com", 60, "ns.sub.example.com"),
                               DnsRecord::A("ns.sub.example.com", 60, "192.0.2.54")})
    {
        test.Equal(zone->Add(record), "", "added");
    }
    auto org = std::make_shared<DnsStaticZone>("example.org", "ns.example.com", 300);
    org->Add(DnsRecord::A("www.example.org", 60, "192.0.2.2"));
    DnsAuthority authority;
    authority.AddZone(zone);
    authority.AddZone(org);
    const auto check = [&](const char* name, DnsType type, const std::string& expected) {
        test.Equal(Summary(Ask(authority, name, type)), expected, name);
    };
    check("A.example.com",
          DnsType::A,
          "NOERROR aa | A.example.com CNAME | b.example.com CNAME | c.example.com A");
    check("a.example.com", DnsType::Cname, "NOERROR aa | a.example.com CNAME");
    check("out.example.com", DnsType::A, "NOERROR aa | out.example.com CNAME");
    check("other.example.com",
          DnsType::A,
          "NOERROR aa | other.example.com CNAME | www.example.org A");
    check("gone.example.com", DnsType::A, "NXDOMAIN aa | gone.example.com CNAME / example.com SOA");
    check("l.example.com", DnsType::A, "NOERROR aa | l.example.com CNAME");
    check("www.sub.example.com", DnsType::A, "NOERROR / sub.example.com NS + ns.sub.example.com A");
    check("ns.sub.example.com", DnsType::A, "NOERROR / sub.example.com NS + ns.sub.example.com A");
    check("example.com", DnsType::Ns, "NOERROR aa | example.com NS + ns.example.com A");
    check("example.com", DnsType::Soa, "NOERROR aa | example.com SOA");
    check("example.net", DnsType::A, "REFUSED");
    // RFC 2308, section 3: the SOA of a negative answer lives as long as the answer.
    test.Equal(Ask(authority, "x.example.com").authorities.at(0).ttl, 300, "TTL of the SOA");
    test.Equal(Ask(authority, "example.com", DnsType::Soa).answers.at(0).ttl, 3600, "its own TTL");
}

/** What cannot be part of a zone. */
void
Zones(FunctionTestCase& test)
{
    DnsStaticZone zone("example.com", "ns.example.com", 300);
    test.Equal(zone.Add(DnsRecord::A("x.example.com", 60, "192.0.2.1")), "", "added");
    test.Equal(zone.Add(DnsRecord::A("x.example.com", 60, "192.0.2.1")), "", "no harm");
    test.Check(!zone.Add(DnsRecord::A("x.example.org", 60, "192.0.2.1")).empty(), "outside");
    test.Check(!zone.Add(DnsRecord::Cname("x.example.com", 60, "y.example.com")).empty(),
               "an alias beside an address");
    test.Equal(zone.Add(DnsRecord::Cname("y.example.com", 60, "x.example.com")), "", "added");
    test.Check(!zone.Add(DnsRecord::A("y.example.com", 60, "192.0.2.1")).empty(),
               "an address beside an alias");
    test.Check(!zone.Add(DnsRecord::Cname("y.example.com", 60, "z.example.com")).empty(),
               "two aliases");
    test.Check(!zone.Add(DnsRecord::Soa("x.example.com", 60, {})).empty(), "an SOA below");
    test.Equal(zone.Remove("x.example.com", DnsType::A), 1, "removed");
    test.Equal(zone.Remove("x.example.com", DnsType::A), 0, "nothing left");
    test.Equal(zone.Remove("example.com", DnsType::Soa), 0, "the SOA stays");
}

/** Messages that are no questions for a zone; EDNS. */
void
Messages(FunctionTestCase& test)
{
    DnsAuthority authority;
    authority.AddZone(std::make_shared<DnsStaticZone>("x", "ns.x", 1));
    auto query = DnsMessage::Query({"x", DnsType::Soa}, 7, true);
    query.edns.emplace();
    query.edns->clientSubnet = DnsClientSubnet::From(IpAddress::From("192.0.2.1"), 24);
    auto response = authority.Respond(query, {}, Seconds(0), 1400);
    test.Check(response.id == 7 && response.isResponse && response.recursionDesired &&
                   !response.recursionAvailable && response.questions == query.questions,
               "header and question");
    test.Check(response.edns && response.edns->udpPayloadSize == 1400, "EDNS");
    test.Check(response.edns->clientSubnet == query.edns->clientSubnet,
               "a zone that does not look at it: scope 0 (RFC 7871, section 7.2.1)");
    const auto rcode = [&](const DnsMessage& message) {
        return ToText(authority.Respond(message, {}, Seconds(0), 1232).rcode);
    };
    auto other = query;
    other.edns->version = 1;
    test.Equal(rcode(other), "BADVERS", "RFC 6891, section 6.1.3");
    other = query;
    other.opcode = 5;
    test.Equal(rcode(other), "NOTIMP", "an update");
    other = query;
    other.questions.clear();
    test.Equal(rcode(other), "FORMERR", "no question");
    other.questions.assign(2, query.questions[0]);
    test.Equal(rcode(other), "FORMERR", "two questions (RFC 9619)");
    other = query;
    other.questions[0].questionClass = 3;
    test.Equal(rcode(other), "REFUSED", "class CH");
    other = query;
    other.questions[0].type = DnsType::Axfr;
    test.Equal(rcode(other), "REFUSED", "transfer");
}

/// The suite.
class DnsAuthorityTestSuite : public TestSuite
{
  public:
    DnsAuthorityTestSuite()
        : TestSuite("azure-dns-authority", Type::UNIT)
    {
        const auto add = [this](const std::string& name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("wildcards of RFC 4592", Wildcards);
        add("aliases, delegations, negative answers", Answers);
        add("what cannot be part of a zone", Zones);
        add("messages and EDNS", Messages);
    }
};

DnsAuthorityTestSuite g_suite; //!< the suite

} // namespace
