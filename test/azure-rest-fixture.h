/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_REST_FIXTURE_H
#define AZURE_REST_FIXTURE_H

#include "azure-function-test-case.h"
#include "azure-resource-fixture.h"

#include <sstream>

namespace ns3
{
namespace azure
{
namespace test
{

/// Start of the ids of network resources.
inline const std::string g_network =
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/";

/**
 * @param text JSON in which `@` stands for the start of an id of a network resource, and `~` for
 *        that of a machine
 * @return the JSON
 */
inline std::string
Rest(std::string text)
{
    const std::pair<char, std::string> starts[] = {
        {'@', g_network},
        {'~', "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/"}};
    for (const auto& [mark, start] : starts)
    {
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at))
        {
            text.replace(at, 1, start);
        }
    }
    return text;
}

/// A network, and a machine with an interface at 10.0.0.4 in pool `p` and behind NAT rule `n`.
inline const std::string g_around =
    Rest(R"({"id":"@virtualNetworks/net","location":"West US","properties":{"addressSpace":)"
         R"({"addressPrefixes":["10.0.0.0/16"]},"subnets":[{"name":"a","properties":)"
         R"({"addressPrefix":"10.0.0.0/24"}},{"name":"b","properties":)"
         R"({"addressPrefix":"10.0.1.0/24"}}]}},)"
         R"({"id":"@networkInterfaces/nic","location":"westus","properties":{"ipConfigurations":)"
         R"([{"name":"i","properties":{"privateIPAddress":"10.0.0.4","subnet":)"
         R"({"id":"@virtualNetworks/net/subnets/a"},"loadBalancerBackendAddressPools":)"
         R"([{"id":"@loadBalancers/lb/backendAddressPools/p"}],"loadBalancerInboundNatRules":)"
         R"([{"id":"@loadBalancers/lb/inboundNatRules/n"}]}}]}},)"
         R"({"id":"~virtualMachines/v","location":"westus","properties":{"networkProfile":)"
         R"({"networkInterfaces":[{"id":"@networkInterfaces/nic"}]}}})");

/**
 * @param address an address
 * @return it as text; "-" when there is none
 */
inline std::string
Text(const IpAddress& address)
{
    const auto text = AddressPrefix{address, 32}.ToText();
    return address.IsSet() ? text.substr(0, text.rfind('/')) : "-";
}

/**
 * @param protocol a protocol
 * @return its name
 */
inline std::string
Text(TransportProtocol protocol)
{
    const char* const names[] = {"tcp", "udp", "all"};
    return names[static_cast<std::size_t>(protocol)];
}

/**
 * @param rule a rule of either kind
 * @return what both have
 */
template <typename Rule>
std::string
Common(const Rule& rule)
{
    return std::to_string(static_cast<int64_t>(rule.idleTimeout.GetMinutes())) + " min" +
           (rule.enableFloatingIp ? " floating" : "") + (rule.enableTcpReset ? " reset" : "");
}

/**
 * @param deployed a load balancer
 * @return every field of it
 */
inline std::string
Describe(const DeployedLoadBalancer& deployed)
{
    const auto& lb = deployed.configuration;
    const char* const skus[] = {"Standard", "Basic", "Gateway"};
    const char* const states[] = {"", " up", " down"};
    const char* const probes[] = {"tcp", "http", "https"};
    const char* const modes[] = {"by ports", "by address", "by protocol"};
    std::ostringstream text;
    text << lb.name << " " << skus[static_cast<std::size_t>(lb.sku)] << " in "
         << deployed.virtualNetwork << " of " << deployed.region;
    for (const auto& frontend : lb.frontendIpConfigurations)
    {
        text << "; frontend " << frontend.name << " " << Text(frontend.address)
             << (frontend.isPublic ? " public" : " private");
        if (frontend.idleTimeout)
        {
            text << " " << frontend.idleTimeout->GetSeconds() / 60 << " min";
        }
        text << (frontend.zones.empty() ? "" : " zones");
        for (const auto& zone : frontend.zones)
        {
            text << " " << zone;
        }
    }
    for (const auto& pool : lb.backendAddressPools)
    {
        text << "; pool " << pool.name << (pool.kind == BackendPoolKind::Ip ? " ip" : " nic");
        for (const auto& member : pool.backendAddresses)
        {
            text << " " << member.name << "=" << Text(member.address)
                 << states[static_cast<std::size_t>(member.adminState)]
                 << (member.running ? "" : " stopped");
        }
    }
    for (const auto& probe : lb.probes)
    {
        text << "; probe " << probe.name << " " << probes[static_cast<std::size_t>(probe.protocol)]
             << " " << probe.port << " " << probe.requestPath << " every "
             << probe.interval.GetSeconds() << " s, " << probe.probeThreshold << " of "
             << probe.numberOfProbes
             << (probe.noHealthyBackendsBehavior == NoHealthyBackendsBehavior::AllProbedUp
                     ? ", all up"
                     : ", all down");
    }
    for (const auto& rule : lb.loadBalancingRules)
    {
        text << "; rule " << rule.name << " " << rule.frontendIpConfiguration << " "
             << Text(rule.protocol) << " " << rule.frontendPort << ">" << rule.backendPort << " "
             << rule.backendAddressPool << " " << (rule.probe.empty() ? "-" : rule.probe) << " "
             << modes[static_cast<std::size_t>(rule.loadDistribution)] << ", " << Common(rule)
             << (rule.disableOutboundSnat ? " no-snat" : "");
    }
    for (const auto& rule : lb.inboundNatRules)
    {
        text << "; nat " << rule.name << " " << rule.frontendIpConfiguration << " "
             << Text(rule.protocol) << " ";
        if (rule.backendAddressPool.empty())
        {
            text << rule.frontendPort << ">" << rule.backendPort << " "
                 << Text(rule.backendAddress);
        }
        else
        {
            text << rule.frontendPortRangeStart << "-" << rule.frontendPortRangeEnd << ">"
                 << rule.backendPort << " " << rule.backendAddressPool;
        }
        text << ", " << Common(rule);
    }
    return text.str();
}

/**
 * @param text the input
 * @return every load balancer, or every error after "! "
 */
inline std::string
DescribeBalancers(const std::string& text)
{
    const auto deployment = ResourceImporter().Import(text);
    std::string result;
    for (const auto& error : deployment.errors)
    {
        result += "! " + error.path + ": " + error.message;
    }
    if (!result.empty())
    {
        return result;
    }
    for (const auto& balancer : deployment.loadBalancers)
    {
        result += (result.empty() ? "" : " + ") + Describe(balancer);
    }
    return result;
}

/// The start of a load balancer and of an internal frontend in subnet `a`.
inline const std::string g_lb = R"({"id":"@loadBalancers/lb","name":"lb","location":"westus",)"
                                R"("sku":{"name":"Standard"},"properties":{)";
inline const std::string g_frontend = R"("frontendIPConfigurations":[{"name":"f","properties":)"
                                      R"({"privateIPAddress":"10.0.0.9","subnet":)"
                                      R"({"id":"@virtualNetworks/net/subnets/a"}}}])";

/// Network `net` with subnets `a` and `b`.
inline const std::string g_net =
    R"({"id":"@virtualNetworks/net","location":"westus","properties":{"addressSpace":)"
    R"({"addressPrefixes":["10.0.0.0/16"]},"subnets":[{"name":"a","properties":)"
    R"({"addressPrefix":"10.0.0.0/24"}},{"name":"b","properties":)"
    R"({"addressPrefix":"10.0.1.0/24"}}]}})";

/**
 * @param name name of a NIC
 * @param address its private address
 * @param more further members of its IP configuration, each after a comma
 * @return the NIC, in subnet `a`
 */
inline std::string
Nic(const std::string& name, const std::string& address, const std::string& more = "")
{
    return R"({"id":"@networkInterfaces/)" + name +
           R"(","location":"westus","properties":{"ipConfigurations":[{"name":"i","properties":)"
           R"({"privateIPAddress":")" +
           address + R"(","subnet":{"id":"@virtualNetworks/net/subnets/a"})" + more + "}}]}}";
}

/**
 * @param name name of a machine
 * @param nic name of its NIC
 * @param more further members, each with a comma at its end
 * @return the machine
 */
inline std::string
Machine(const std::string& name, const std::string& nic, const std::string& more = "")
{
    return R"({"id":"~virtualMachines/)" + name + R"(","location":"West US",)" + more +
           R"("properties":{"networkProfile":{"networkInterfaces":[{"id":"@networkInterfaces/)" +
           nic + R"("}]}}})";
}

/**
 * @param part kind of a part of the load balancer
 * @param name its name
 * @return a reference to it
 */
inline std::string
Part(const std::string& part, const std::string& name)
{
    return R"({"id":"@loadBalancers/lb/)" + part + "/" + name + R"("})";
}

/**
 * @param list resources
 * @return the reply of a list
 */
inline std::string
Reply(const std::vector<std::string>& list)
{
    std::string text;
    for (const auto& resource : list)
    {
        text += (text.empty() ? "[" : ",") + resource;
    }
    return Rest(text + "]");
}

} // namespace test
} // namespace azure
} // namespace ns3

#endif /* AZURE_REST_FIXTURE_H */
