/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-traffic-manager-configuration.h"

#include "azure-traffic-manager-endpoint-validator.h"
#include "azure-traffic-manager-tree-validator.h"
#include "azure-traffic-manager-validator.h"

#include <algorithm>
#include <cctype>

namespace ns3
{
namespace azure
{

const char*
ToString(TrafficRoutingMethod method)
{
    switch (method)
    {
    case TrafficRoutingMethod::Priority:
        return "Priority";
    case TrafficRoutingMethod::Weighted:
        return "Weighted";
    case TrafficRoutingMethod::Performance:
        return "Performance";
    case TrafficRoutingMethod::Geographic:
        return "Geographic";
    case TrafficRoutingMethod::MultiValue:
        return "MultiValue";
    case TrafficRoutingMethod::Subnet:
        break;
    }
    return "Subnet";
}

std::optional<IpRange>
TrafficManagerSubnet::ToRange() const
{
    if (scope)
    {
        const auto range = last ? std::nullopt : IpRange::FromPrefix(first, *scope);
        return range && range->first == first ? range : std::nullopt;
    }
    const IpRange range{first, last.value_or(first)};
    const bool isInOrder =
        !(range.last < range.first) && range.first.IsIpv4() == range.last.IsIpv4();
    return first.IsSet() && isInOrder ? std::optional<IpRange>(range) : std::nullopt;
}

bool
TrafficManagerEndpoint::IsNested() const
{
    return type == TrafficManagerEndpointType::NestedEndpoints;
}

TrafficManagerTargetKind
TrafficManagerEndpoint::GetTargetKind() const
{
    const auto address = IpRange::ParseAddress(target);
    return !address            ? TrafficManagerTargetKind::DomainName
           : address->IsIpv4() ? TrafficManagerTargetKind::Ipv4Address
                               : TrafficManagerTargetKind::Ipv6Address;
}

Time
TrafficManagerMonitorConfig::GetTimeout() const
{
    // A probe has to be over before the next one is due.
    return timeout.value_or(interval < Seconds(30) ? Seconds(9) : Seconds(10));
}

std::string
TrafficManagerConfiguration::GetFqdn() const
{
    std::string fqdn =
        dnsConfig.fqdn.empty() ? dnsConfig.relativeName + ".trafficmanager.net" : dnsConfig.fqdn;
    std::transform(fqdn.begin(), fqdn.end(), fqdn.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    if (!fqdn.empty() && fqdn.back() == '.')
    {
        fqdn.pop_back();
    }
    return fqdn;
}

std::vector<ConfigurationError>
TrafficManagerConfiguration::Validate() const
{
    std::vector<ConfigurationError> errors;
    TrafficManagerValidator(*this, errors).Run();
    TrafficManagerEndpointValidator(*this, errors).Run();
    return errors;
}

std::vector<ConfigurationError>
TrafficManagerConfiguration::ValidateAll(const std::vector<TrafficManagerConfiguration>& profiles,
                                         const RegionTable& regions)
{
    std::vector<ConfigurationError> errors;
    TrafficManagerTreeValidator(profiles, regions, errors).Run();
    return errors;
}

} // namespace azure
} // namespace ns3
