/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-dns-name.h"

#include <algorithm>
#include <random>
#include <vector>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/** What is a name, and what it looks like. */
void
Texts(FunctionTestCase& test)
{
    test.Equal(DnsName().ToText(), ".", "the root");
    test.Equal(DnsName("www.Example.com.").ToText(), "www.Example.com", "case is kept");
    test.Equal(DnsName("www.example.com").GetWire(),
               std::string("\3www\7example\3com\0", 17),
               "wire form");
    test.Equal(DnsName("a\\.b.c").GetLabelCount(), 2, "an escaped dot is part of a label");
    test.Equal(DnsName("a\\.b.c").ToText(), "a\\.b.c", "and stays escaped");
    test.Equal(DnsName("\\000\\255.x").GetLabel(0), std::string("\0\xff", 2), "any byte");
    test.Equal(DnsName("\\000\\255.x").ToText(), "\\000\\255.x", "any byte as text");
    const std::string label63(63, 'x');
    const std::string longest =
        label63 + "." + label63 + "." + label63 + "." + std::string(61, 'y');
    test.Equal(DnsName(longest).GetWire().size(), 255, "the longest name");
    for (const auto& bad : {std::string(""),
                            std::string(".."),
                            std::string(".a"),
                            std::string("a..b"),
                            std::string("a\\"),
                            std::string("a\\25"),
                            std::string("a\\256"),
                            std::string(64, 'x'),
                            longest + "y"})
    {
        std::string error;
        test.Check(!DnsName::Parse(bad, &error) && !error.empty(), "no name: " + bad);
    }
    for (const auto& bad : {std::string(""),
                            std::string("\3www"),
                            std::string("\3ww\0", 4),
                            std::string("\0\0", 2),
                            std::string("\100") + std::string(64, 'x') + std::string(1, '\0')})
    {
        test.Check(!DnsName::FromWire(bad), "no wire form");
    }
}

/** Names above and below. */
void
Tree(FunctionTestCase& test)
{
    const DnsName name("a.b.example.com");
    test.Equal(name.GetParent(), DnsName("b.example.com"), "parent");
    test.Equal(DnsName("com").GetParent(), DnsName(), "the root above");
    test.Equal(DnsName().GetParent(), DnsName(), "nothing above the root");
    test.Equal(name.GetSuffix(2), DnsName("example.com"), "suffix");
    test.Equal(name.GetSuffix(0), DnsName(), "suffix of no label");
    test.Equal(name.GetSuffix(9), name, "suffix of all labels");
    test.Check(name.IsBelow("EXAMPLE.com") && name.IsAtOrBelow(name) && !name.IsBelow(name),
               "below and at");
    test.Check(name.IsBelow(DnsName()), "all is below the root");
    test.Check(!DnsName("badexample.com").IsAtOrBelow("example.com"), "labels, not letters");
    // The bytes agree from the letter on that is also a length byte.
    test.Check(!DnsName("x\\003com").IsAtOrBelow("com"), "a byte in a label is no length");
    test.Equal(*DnsName("b.c").Prepend("a"), DnsName("a.b.c"), "prepended");
    test.Check(!DnsName("b.c").Prepend("") && !DnsName("b.c").Prepend(std::string(64, 'x')),
               "no label");
    test.Check(DnsName("*.c").IsWildcard() && !DnsName("x*.c").IsWildcard() &&
                   !DnsName().IsWildcard(),
               "wildcards (RFC 4592, section 2.1.1)");
    test.Check(DnsName("WWW.x") == DnsName("www.X"), "case does not count (RFC 4343)");
    test.Equal(DnsName("WWW.x").GetHash(), DnsName("www.X").GetHash(), "nor for the hash");
}

/** The example of RFC 4034, section 6.1. */
void
Order(FunctionTestCase& test)
{
    const std::vector<DnsName> expected{"example",
                                        "a.example",
                                        "yljkjljk.a.example",
                                        "Z.a.example",
                                        "zABC.a.EXAMPLE",
                                        "z.example",
                                        "\\001.z.example",
                                        "*.z.example",
                                        "\\200.z.example"};
    auto names = expected;
    std::mt19937 random(1);
    for (int round = 0; round < 50; ++round)
    {
        std::shuffle(names.begin(), names.end(), random);
        std::sort(names.begin(), names.end());
        test.Check(names == expected, "order of RFC 4034");
    }
}

/** Any labels can be written and read again. */
void
RoundTrips(FunctionTestCase& test)
{
    std::mt19937 random(2);
    for (int round = 0; round < 2000; ++round)
    {
        DnsName name;
        for (auto labels = random() % 5; labels > 0; --labels)
        {
            std::string label;
            for (auto size = 1 + random() % 20; size > 0; --size)
            {
                label += static_cast<char>(random() % 256);
            }
            name = *name.Prepend(label);
        }
        test.Equal(*DnsName::Parse(name.ToText()), name, "text");
        test.Equal(*DnsName::FromWire(name.GetWire()), name, "wire form");
        test.Equal(DnsName::Parse(name.ToText())->GetWire(), name.GetWire(), "byte by byte");
    }
}

/// The suite.
class DnsNameTestSuite : public TestSuite
{
  public:
    DnsNameTestSuite()
        : TestSuite("azure-dns-name", Type::UNIT)
    {
        AddTestCase(new FunctionTestCase("texts and limits of RFC 1035", Texts), Duration::QUICK);
        AddTestCase(new FunctionTestCase("names above and below", Tree), Duration::QUICK);
        AddTestCase(new FunctionTestCase("canonical order of RFC 4034", Order), Duration::QUICK);
        AddTestCase(new FunctionTestCase("random names are read as written", RoundTrips),
                    Duration::QUICK);
    }
};

DnsNameTestSuite g_suite; //!< the suite

} // namespace
