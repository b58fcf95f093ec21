/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-load-balancer-validator.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace ns3
{
namespace azure
{

namespace
{

/// Ports to which no HTTP probe may go (HP-2).
constexpr std::array<uint16_t, 9> REFUSED_HTTP_PORTS{19, 21, 25, 70, 110, 119, 143, 220, 993};

/// Shortest probe interval, in seconds (HP-5).
constexpr int MIN_PROBE_INTERVAL = 5;

/// What LB-70 says of one SKU.
struct Limits
{
    const char* sku;    //!< its name
    size_t frontends;   //!< frontend IP configurations
    size_t rules;       //!< load balancing and inbound NAT rules together
    size_t members;     //!< members of a pool
    size_t rulesPerNic; //!< rules that concern one member
    size_t total;       //!< members of all pools
    size_t perFrontend; //!< members over all rules of a frontend
    size_t overall;     //!< members over all rules
};

/// Limits of the Standard SKU; the Gateway SKU has none of its own here.
constexpr Limits STANDARD{"Standard", 600, 1500, 5000, 300, 20000, 10000, 500000};

/// Limits of the Basic SKU; where the list is silent, those of Standard.
constexpr Limits BASIC{"Basic", 200, 250, 300, 300, 20000, 10000, 500000};

/// Members of a pool of a Global tier load balancer.
constexpr size_t GLOBAL_MEMBERS = 300;

} // namespace

LoadBalancerValidator::LoadBalancerValidator(const LoadBalancerConfiguration& configuration,
                                             std::vector<ConfigurationError>& errors)
    : ConfigurationChecker(errors),
      m_configuration(configuration)
{
}

void
LoadBalancerValidator::Run()
{
    CheckFrontends();
    CheckPools();
    CheckProbes();
    CheckNames("loadBalancingRules", m_configuration.loadBalancingRules);
    CheckNames("inboundNatRules", m_configuration.inboundNatRules);
    CheckLimits();
}

void
LoadBalancerValidator::CheckFrontends()
{
    const std::string collection = "frontendIPConfigurations";
    const auto& frontends = m_configuration.frontendIpConfigurations;
    if (frontends.empty())
    {
        Add(collection, "a load balancer needs a frontend");
    }
    CheckNames(collection, frontends);
    std::map<IpAddress, std::string> owners;
    for (size_t index = 0; index < frontends.size(); ++index)
    {
        const auto& frontend = frontends[index];
        if (!frontend.address.IsSet())
        {
            Add(Path(collection, index), "a frontend needs an address");
        }
        else if (const auto [owner, isNew] = owners.emplace(frontend.address, frontend.name);
                 !isNew)
        {
            // A rule is found by address, protocol and port (LB-21), not by frontend name.
            Add(Path(collection, index),
                "the address " + ToText(frontend.address) + " belongs to frontend " +
                    owner->second + " already; let the rules share that one");
        }
        if (frontend.isPublic != frontends[0].isPublic)
        {
            Add(Path(collection, index),
                "a load balancer is either public or internal; put this frontend on another one");
        }
        const Time longest =
            m_configuration.sku == LoadBalancerSku::Basic ? Minutes(60) : Minutes(100);
        if (frontend.idleTimeout &&
            (*frontend.idleTimeout < Minutes(4) || *frontend.idleTimeout > longest))
        {
            Add(Path(collection, index, "idleTimeoutInMinutes"),
                "the idle timeout must be 4 to " +
                    std::to_string(static_cast<int>(longest.GetMinutes())) + " minutes");
        }
    }
}

void
LoadBalancerValidator::CheckPools()
{
    const std::string collection = "backendAddressPools";
    const auto& pools = m_configuration.backendAddressPools;
    CheckNames(collection, pools);
    std::set<IpAddress> frontends;
    for (const auto& frontend : m_configuration.frontendIpConfigurations)
    {
        frontends.insert(frontend.address);
    }
    for (size_t index = 0; index < pools.size(); ++index)
    {
        const auto& pool = pools[index];
        if (pool.kind == BackendPoolKind::Ip && m_configuration.sku == LoadBalancerSku::Basic)
        {
            Add(Path(collection, index),
                "a pool of the Basic SKU is filled by NICs, not by addresses");
        }
        std::set<IpAddress> seen;
        for (size_t member = 0; member < pool.backendAddresses.size(); ++member)
        {
            const auto& address = pool.backendAddresses[member].address;
            const std::string path =
                Path(Path(collection, index, "loadBalancerBackendAddresses"), member);
            if (!address.IsSet())
            {
                Add(path, "a member needs an address");
            }
            else if (frontends.count(address) != 0)
            {
                Add(path,
                    "the address " + ToText(address) +
                        " is a frontend of this load balancer and cannot be a member");
            }
            else if (!seen.insert(address).second)
            {
                Add(path, "the address " + ToText(address) + " is a member already; remove one");
            }
        }
    }
}

void
LoadBalancerValidator::CheckProbes()
{
    const std::string collection = "probes";
    const auto& probes = m_configuration.probes;
    CheckNames(collection, probes);
    for (size_t index = 0; index < probes.size(); ++index)
    {
        const auto& probe = probes[index];
        if (probe.port == 0)
        {
            Add(Path(collection, index, "port"), "the port must be 1 to 65535");
        }
        if (probe.protocol == ProbeProtocol::Http &&
            std::find(REFUSED_HTTP_PORTS.begin(), REFUSED_HTTP_PORTS.end(), probe.port) !=
                REFUSED_HTTP_PORTS.end())
        {
            Add(Path(collection, index, "port"),
                "no HTTP probe may go to port " + std::to_string(probe.port) +
                    "; use another port or a TCP probe");
        }
        if (probe.protocol == ProbeProtocol::Https && m_configuration.sku == LoadBalancerSku::Basic)
        {
            Add(Path(collection, index, "protocol"), "the Basic SKU has no HTTPS probes");
        }
        if (probe.protocol == ProbeProtocol::Tcp && !probe.requestPath.empty())
        {
            Add(Path(collection, index, "requestPath"), "a TCP probe has no path; remove it");
        }
        const auto isBad = [](unsigned char c) { return c <= ' ' || c > '~'; };
        if (probe.protocol != ProbeProtocol::Tcp &&
            (probe.requestPath.empty() || probe.requestPath[0] != '/' ||
             std::any_of(probe.requestPath.begin(), probe.requestPath.end(), isBad)))
        {
            Add(Path(collection, index, "requestPath"),
                "the path must begin with / and hold no blanks");
        }
        if (probe.interval < Seconds(MIN_PROBE_INTERVAL))
        {
            Add(Path(collection, index, "intervalInSeconds"), "the interval must be 5 s or more");
        }
        if (probe.probeThreshold < 1 || probe.probeThreshold > 100)
        {
            Add(Path(collection, index, "probeThreshold"), "the threshold must be 1 to 100");
        }
    }
}

void
LoadBalancerValidator::CheckLimits()
{
    const bool basic = m_configuration.sku == LoadBalancerSku::Basic;
    const Limits& limits = basic ? BASIC : STANDARD;
    const auto check = [&](const std::string& path, size_t count, size_t limit, const char* what) {
        if (count > limit)
        {
            Add(path,
                "there are " + std::to_string(count) + " " + what + ", the limit of the " +
                    limits.sku + " SKU is " + std::to_string(limit));
        }
    };
    const auto& pools = m_configuration.backendAddressPools;
    const auto& rules = m_configuration.loadBalancingRules;
    const auto& natRules = m_configuration.inboundNatRules;
    check("frontendIPConfigurations",
          m_configuration.frontendIpConfigurations.size(),
          limits.frontends,
          "frontends");
    check("loadBalancingRules",
          rules.size() + natRules.size(),
          limits.rules,
          "load balancing and inbound NAT rules");
    size_t total = 0;
    std::map<std::string, size_t> sizes;
    for (size_t index = 0; index < pools.size(); ++index)
    {
        const size_t size = pools[index].backendAddresses.size();
        const bool global = m_configuration.tier == LoadBalancerTier::Global;
        check(Path("backendAddressPools", index),
              size,
              global ? GLOBAL_MEMBERS : limits.members,
              "members in the pool");
        total += size;
        sizes[pools[index].name] = size;
    }
    check("backendAddressPools", total, limits.total, "members in all pools");

    std::map<std::string, size_t> rulesOfPool;
    std::map<std::string, size_t> perFrontend;
    std::map<IpAddress, size_t> perNic;
    size_t overall = 0;
    const auto countRule = [&](const auto& rule) {
        const auto size = sizes.find(rule.backendAddressPool);
        if (size != sizes.end())
        {
            ++rulesOfPool[rule.backendAddressPool];
            perFrontend[rule.frontendIpConfiguration] += size->second;
            overall += size->second;
        }
    };
    std::for_each(rules.begin(), rules.end(), countRule);
    std::for_each(natRules.begin(), natRules.end(), countRule);
    for (const auto& rule : natRules)
    {
        if (rule.backendAddress.IsSet())
        {
            ++perNic[rule.backendAddress];
        }
    }
    for (const auto& pool : pools)
    {
        for (const auto& member : pool.backendAddresses)
        {
            perNic[member.address] += rulesOfPool[pool.name];
        }
    }
    for (const auto& nic : perNic)
    {
        check("loadBalancingRules",
              nic.second,
              limits.rulesPerNic,
              ("rules for instance " + ToText(nic.first)).c_str());
    }
    for (const auto& frontend : perFrontend)
    {
        check("loadBalancingRules",
              frontend.second,
              limits.perFrontend,
              ("instances behind frontend " + frontend.first).c_str());
    }
    check("loadBalancingRules", overall, limits.overall, "instances behind all rules");
}

} // namespace azure
} // namespace ns3
