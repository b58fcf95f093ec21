/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-address-plan.h"
#include "ns3/azure-deployment-configuration.h"
#include "ns3/test.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/** A prefix as the first and the last number that it holds. */
struct Range
{
    uint64_t first; //!< the network address
    uint64_t last;  //!< the address of all ones in the host part

    /**
     * @param address an address in host order
     * @return whether it lies between
     */
    bool Has(uint64_t address) const
    {
        return first <= address && address <= last;
    }
};

/**
 * @param bits any address in host order
 * @param length a prefix length
 * @return the range of that length around the address, by division instead of masks
 */
Range
MakeRange(uint64_t bits, unsigned length)
{
    uint64_t size = 1;
    for (unsigned i = length; i < 32; ++i)
    {
        size *= 2;
    }
    const auto first = bits / size * size;
    return {first, first + size - 1};
}

/**
 * @param value an address in host order
 * @return dotted notation
 */
std::string
Dotted(uint64_t value)
{
    std::string text;
    for (uint64_t divisor = 1ULL << 24; divisor > 0; divisor /= 256)
    {
        text += (text.empty() ? "" : ".") + std::to_string(value / divisor % 256);
    }
    return text;
}

/**
 * @param range a range
 * @param length its prefix length
 * @return the same as a prefix
 */
AddressPrefix
ToPrefix(const Range& range, unsigned length)
{
    return {IpAddress::FromIpv4Bits(static_cast<uint32_t>(range.first)),
            static_cast<uint8_t>(length)};
}

/**
 * @param value an address in host order; more than 32 bits wrap around
 * @return the address
 */
IpAddress
ToAddress(uint64_t value)
{
    return IpAddress::FromIpv4Bits(static_cast<uint32_t>(value));
}

/**
 * @brief CIDR notation read one rule after the other, without a state machine.
 * @param text a text
 * @return first address and length; nothing when the text is no prefix
 */
std::optional<std::pair<uint64_t, unsigned>>
ReadNaively(const std::string& text)
{
    if (text.find_first_not_of("0123456789./") != std::string::npos)
    {
        return std::nullopt;
    }
    std::vector<std::string> parts{""};
    std::string separators;
    for (const char c : text)
    {
        if (c == '.' || c == '/')
        {
            separators += c;
            parts.emplace_back();
        }
        else
        {
            parts.back() += c;
        }
    }
    if (separators != ".../")
    {
        return std::nullopt;
    }
    uint64_t address = 0;
    for (std::size_t i = 0; i < 5; ++i)
    {
        if (parts[i].empty() || parts[i].size() > 3 || std::stoul(parts[i]) > (i < 4 ? 255U : 32U))
        {
            return std::nullopt;
        }
        address = i < 4 ? address * 256 + std::stoul(parts[i]) : address;
    }
    const auto length = static_cast<unsigned>(std::stoul(parts[4]));
    if (MakeRange(address, length).first != address)
    {
        return std::nullopt; // host bits
    }
    return std::pair{address, length};
}

/** Ranges of addresses, against arithmetic with whole numbers. */
class AddressPrefixTestSuite : public TestSuite
{
  public:
    AddressPrefixTestSuite()
        : TestSuite("azure-address-prefix", Type::UNIT)
    {
        Add("A prefix holds the addresses between its first and its last one", Contain);
        Add("Two prefixes overlap when one holds the first address of the other", Overlap);
        Add("The first four addresses of a subnet and the last one are kept", Keep);
        Add("An address of IPv6 is in no prefix", RefuseIpv6);
        Add("CIDR notation comes back as it was written", ReadBack);
        Add("What is no CIDR notation is refused", RefuseText);
        Add("Changed notation is read as a second reader reads it", Mutate);
        Add("Free addresses are those that a search of the subnets finds", CountFree);
        Add("A virtual network finds the subnet of every address", FindSubnets);
        Add("Addresses of a subnet are given out in ascending order until it is full", Allocate);
        Add("RFC 5737: public addresses come from the ranges for documentation", AllocatePublic);
    }

  private:
    /**
     * @param name name of the case
     * @param body what to do
     */
    void Add(const std::string& name, std::function<void(FunctionTestCase&)> body)
    {
        AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
    }

    /** @param test takes the failures */
    static void Contain(FunctionTestCase& test)
    {
        std::mt19937 random(1);
        for (int i = 0; i < 20000; ++i)
        {
            const unsigned length = random() % 33;
            const auto range = MakeRange(random(), length);
            const auto prefix = ToPrefix(range, length);
            // The edges are where a mask of the wrong width shows.
            for (const uint64_t address :
                 {range.first, range.last, range.first - 1, range.last + 1, uint64_t{random()}})
            {
                const auto value = address & 0xffffffff;
                test.Equal(prefix.Contains(ToAddress(value)),
                           range.Has(value),
                           prefix.ToText() + " and " + Dotted(value));
            }
        }
    }

    /** @param test takes the failures */
    static void Overlap(FunctionTestCase& test)
    {
        std::mt19937 random(2);
        int overlaps = 0;
        for (int i = 0; i < 20000; ++i)
        {
            const unsigned first = random() % 33;
            const unsigned second = random() % 33;
            const uint64_t base = random();
            // Near one another, or hardly any pair of long prefixes would overlap.
            const auto one = MakeRange(base, first);
            const auto two = MakeRange(base ^ (random() >> (random() % 32)), second);
            const bool expected = one.first <= two.last && two.first <= one.last;
            const auto a = ToPrefix(one, first);
            const auto b = ToPrefix(two, second);
            test.Equal(a.Overlaps(b), expected, a.ToText() + " and " + b.ToText());
            test.Equal(b.Overlaps(a), expected, b.ToText() + " and " + a.ToText());
            overlaps += expected;
        }
        test.Check(overlaps > 2000 && overlaps < 18000, "both answers occur");
    }

    /** @param test takes the failures */
    static void Keep(FunctionTestCase& test)
    {
        for (unsigned length = 20; length <= 32; ++length)
        {
            const auto range = MakeRange(0x0a010203, length);
            const auto prefix = ToPrefix(range, length);
            uint64_t usable = 0;
            for (auto address = range.first; address <= range.last; ++address)
            {
                const bool kept = address < range.first + 4 || address == range.last;
                test.Equal(prefix.IsKept(ToAddress(address)), kept, Dotted(address));
                usable += !kept;
            }
            test.Check(!prefix.IsKept(ToAddress(range.first - 1)), "the one before is no part");
            test.Check(!prefix.IsKept(ToAddress(range.last + 1)), "nor is the one behind");
            // Azure's own figures: a /29 has three addresses to give, a /24 has 251.
            test.Equal(usable,
                       length > 29 ? 0 : (1U << (32 - length)) - 5,
                       "usable addresses of a /" + std::to_string(length));
        }
        const auto all = *AddressPrefix::FromText("0.0.0.0/0");
        test.Check(all.IsKept(ToAddress(3)) && !all.IsKept(ToAddress(4)), "start of all");
        test.Check(all.IsKept(ToAddress(0xffffffff)) && !all.IsKept(ToAddress(0xfffffffe)),
                   "end of all");
    }

    /** @param test takes the failures */
    static void RefuseIpv6(FunctionTestCase& test)
    {
        const auto all = *AddressPrefix::FromText("0.0.0.0/0");
        const IpAddress six{0xfd00000000000000, 4};
        const IpAddress compatible{0, 0x0a000004};
        for (const auto& address : {six, compatible, IpAddress()})
        {
            test.Check(!all.Contains(address), ToText(address) + " is no IPv4 address");
            test.Check(!all.IsKept(address), ToText(address) + " is not kept");
        }
        const AddressPrefix other{six, 0};
        test.Check(!other.Contains(six) && !other.Contains(ToAddress(4)), "nor is it a prefix");
    }

    /** @param test takes the failures */
    static void ReadBack(FunctionTestCase& test)
    {
        std::mt19937 random(3);
        for (int i = 0; i < 5000; ++i)
        {
            const unsigned length = random() % 33;
            const auto range = MakeRange(random(), length);
            const auto text = Dotted(range.first) + "/" + std::to_string(length);
            const auto prefix = AddressPrefix::FromText(text);
            test.Check(prefix.has_value(), text);
            test.Equal(prefix->ToText(), text, "notation");
            test.Equal(prefix->address.low & 0xffffffff, range.first, "network address");
            test.Equal(prefix->prefixLength, length, "length");
            if (length < 32)
            {
                const auto host = Dotted(range.first + 1) + "/" + std::to_string(length);
                test.Check(!AddressPrefix::FromText(host), host + " has host bits");
            }
        }
    }

    /** @param test takes the failures */
    static void RefuseText(FunctionTestCase& test)
    {
        for (const std::string text : {"",
                                       "/",
                                       "10.0.0.0",
                                       "10.0.0.0/",
                                       "/16",
                                       "10.0.0/16",
                                       "10.0.0.0.0/16",
                                       "10.0.0.0/33",
                                       "10.0.0.0/-1",
                                       "10.0.0.0/1e1",
                                       "10.0.0.0/ 8",
                                       " 10.0.0.0/8",
                                       "10.0.0.0/8 ",
                                       "10.0.0.0/8/8",
                                       "10.0.0.256/32",
                                       "10.0.0.1000/32",
                                       "4294967296.0.0.0/32",
                                       "10..0.0/16",
                                       "10.0.0.0\\16",
                                       "+10.0.0.0/8",
                                       "0x0a.0.0.0/8",
                                       "10,0,0,0/8",
                                       "10.0.0.1/31",
                                       "128.0.0.0/0",
                                       "fd00::/8",
                                       "::ffff:10.0.0.0/104"})
        {
            test.Check(!AddressPrefix::FromText(text), "'" + text + "' is no prefix");
        }
        test.Check(!AddressPrefix::FromText(std::string("10.0.0.0/8\0", 11)), "a byte too many");
    }

    /** @param test takes the failures */
    static void Mutate(FunctionTestCase& test)
    {
        std::mt19937 random(4);
        int good = 0;
        constexpr int ROUNDS = 30000;
        for (int i = 0; i < ROUNDS; ++i)
        {
            const unsigned length = random() % 33;
            auto text = Dotted(MakeRange(random(), length).first) + "/" + std::to_string(length);
            const auto at = random() % text.size();
            switch (random() % 3)
            {
            case 0:
                text.erase(at, 1);
                break;
            case 1:
                text.insert(at, 1, "0123456789./ "[random() % 13]);
                break;
            default:
                text[at] = "0123456789./x"[random() % 13];
            }
            const auto expected = ReadNaively(text);
            const auto prefix = AddressPrefix::FromText(text);
            test.Equal(prefix.has_value(), expected.has_value(), "'" + text + "'");
            if (prefix && expected)
            {
                ++good;
                test.Equal(prefix->address.low & 0xffffffff, expected->first, text);
                test.Equal(prefix->prefixLength, expected->second, text);
            }
        }
        test.Check(good > ROUNDS / 50 && good < ROUNDS / 2, "both answers occur");
    }

    /**
     * @param random source of randomness
     * @return a virtual network of four subnets that do not overlap, the last with two prefixes
     */
    static VirtualNetworkConfiguration MakeNetwork(std::mt19937& random)
    {
        VirtualNetworkConfiguration network;
        network.name = "net";
        network.addressPrefixes = {*AddressPrefix::FromText("10.0.0.0/16")};
        for (uint32_t i = 0; i < 5; ++i)
        {
            const AddressPrefix prefix{ToAddress(0x0a000000 + 256 * i),
                                       static_cast<uint8_t>(24 + random() % 9)};
            if (i == 4)
            {
                network.subnets.back().addressPrefixes.push_back(prefix);
            }
            else
            {
                network.subnets.push_back({"subnet-" + std::to_string(i), "", {prefix}});
            }
        }
        return network;
    }

    /** @param test takes the failures */
    static void CountFree(FunctionTestCase& test)
    {
        std::mt19937 random(5);
        for (int round = 0; round < 200; ++round)
        {
            DeploymentConfiguration deployment;
            deployment.virtualNetworks = {MakeNetwork(random)};
            std::set<uint64_t> free;
            for (const auto& subnet : deployment.virtualNetworks[0].subnets)
            {
                for (const auto& prefix : subnet.addressPrefixes)
                {
                    const auto range =
                        MakeRange(prefix.address.low & 0xffffffff, prefix.prefixLength);
                    for (auto address = range.first + 4; address < range.last; ++address)
                    {
                        free.insert(address);
                    }
                }
            }
            // Some in no subnet, some kept, some twice, and frontends public and internal.
            for (int i = 0; i < 60; ++i)
            {
                const uint64_t address = 0x0a000000 + random() % (256 * 6);
                if (random() % 2)
                {
                    NetworkInterfaceConfiguration nic;
                    nic.ipConfigurations.resize(1);
                    nic.ipConfigurations[0].privateIpAddress = ToAddress(address);
                    deployment.networkInterfaces.push_back(nic);
                    free.erase(address);
                    continue;
                }
                DeployedLoadBalancer balancer;
                FrontendIpConfiguration frontend;
                frontend.address = ToAddress(address);
                frontend.isPublic = false;
                balancer.configuration.frontendIpConfigurations = {frontend};
                deployment.loadBalancers.push_back(balancer);
                free.erase(address);
            }
            test.Equal(deployment.CountFreeAddresses("net"),
                       free.size(),
                       "round " + std::to_string(round));
            test.Equal(deployment.CountFreeAddresses("other"), 0, "no such network");
        }
    }

    /** @param test takes the failures */
    static void FindSubnets(FunctionTestCase& test)
    {
        std::mt19937 random(6);
        for (int round = 0; round < 50; ++round)
        {
            const auto network = MakeNetwork(random);
            for (uint64_t address = 0x0a000000; address < 0x0a000600; address += 1 + random() % 7)
            {
                std::string expected;
                for (const auto& subnet : network.subnets)
                {
                    for (const auto& prefix : subnet.addressPrefixes)
                    {
                        const auto first = prefix.address.low & 0xffffffff;
                        expected = MakeRange(first, prefix.prefixLength).Has(address)
                                       ? prefix.ToText()
                                       : expected;
                    }
                }
                const auto* found = network.FindPrefix(ToAddress(address));
                test.Equal(found ? found->ToText() : "", expected, Dotted(address));
            }
        }
    }

    /** @param test takes the failures */
    static void Allocate(FunctionTestCase& test)
    {
        std::mt19937 random(7);
        for (int round = 0; round < 100; ++round)
        {
            AddressPlan plan;
            const auto subnet = MakeNetwork(random).subnets.back();
            plan.AddSubnet("key", subnet.addressPrefixes);
            std::set<uint64_t> free;
            for (const auto& prefix : subnet.addressPrefixes)
            {
                const auto range = MakeRange(prefix.address.low & 0xffffffff, prefix.prefixLength);
                for (auto address = range.first; address <= range.last; ++address)
                {
                    if (random() % 4 == 0)
                    {
                        test.Equal(plan.Reserve(ToAddress(address), "me"), "", "nobody had it");
                        test.Equal(plan.Reserve(ToAddress(address), "you"), "me", "now it is mine");
                    }
                    else if (address >= range.first + 4 && address < range.last)
                    {
                        free.insert(address);
                    }
                }
            }
            for (const auto address : free)
            {
                const auto given = plan.Allocate("key", "them");
                test.Equal(given ? ToText(*given) : "nothing", Dotted(address), "lowest free");
                test.Equal(plan.Reserve(ToAddress(address), "you"), "them", "it is taken");
            }
            test.Check(!plan.Allocate("key", "them"), "none is left");
            test.Check(!plan.Allocate("other", "them"), "no such subnet");
        }
    }

    /** @param test takes the failures */
    static void AllocatePublic(FunctionTestCase& test)
    {
        AddressPlan plan;
        plan.Reserve(*AddressPlan::ParseAddress("203.0.113.2"), "me");
        std::vector<std::string> expected;
        for (const std::string net : {"203.0.113.", "198.51.100.", "192.0.2."})
        {
            for (int host = 1; host <= 254; ++host)
            {
                expected.push_back(net + std::to_string(host));
            }
        }
        expected.erase(expected.begin() + 1);
        for (const auto& address : expected)
        {
            const auto given = plan.AllocatePublic("you");
            test.Equal(given ? AddressPlan::FormatAddress(*given) : "nothing", address, "next");
        }
        test.Check(!plan.AllocatePublic("you"), "all are given out");
    }
};

/** Registers the suite. */
AddressPrefixTestSuite g_addressPrefixTestSuite;

} // namespace
