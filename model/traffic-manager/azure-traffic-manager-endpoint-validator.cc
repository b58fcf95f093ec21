/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-traffic-manager-endpoint-validator.h"

#include "azure-geographic-hierarchy.h"
#include "azure-traffic-manager-validator.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>

namespace ns3
{
namespace azure
{

namespace
{

/// Most endpoints of a profile (TM-39).
constexpr size_t MAX_ENDPOINTS = 200;

/// Greatest weight and priority (TM-13, TM-14).
constexpr uint32_t MAX_NUMBER = 1000;

/**
 * @param address an address
 * @return whether it is one that answers to the world may not hold
 */
bool
IsInternal(const IpAddress& address)
{
    const char* const ranges[] = {"0.0.0.0/8",
                                  "10.0.0.0/8",
                                  "127.0.0.0/8",
                                  "169.254.0.0/16",
                                  "172.16.0.0/12",
                                  "192.168.0.0/16",
                                  "224.0.0.0/3",
                                  "::/127",
                                  "fc00::/7",
                                  "fe80::/10",
                                  "ff00::/8"};
    std::string error;
    return std::any_of(std::begin(ranges), std::end(ranges), [&](const char* text) {
        return IpRange::FromText(text, error)->Contains(address);
    });
}

/**
 * @param text ASCII text
 * @return it in lower case
 */
std::string
Lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return text;
}

} // namespace

TrafficManagerEndpointValidator::TrafficManagerEndpointValidator(
    const TrafficManagerConfiguration& configuration,
    std::vector<ConfigurationError>& errors)
    : ConfigurationChecker(errors),
      m_configuration(configuration)
{
}

void
TrafficManagerEndpointValidator::Run()
{
    const auto& endpoints = m_configuration.endpoints;
    CheckNames("endpoints", endpoints);
    if (endpoints.size() > MAX_ENDPOINTS)
    {
        Add("endpoints",
            "there are " + std::to_string(endpoints.size()) + " endpoints, the limit is 200");
    }
    for (size_t index = 0; index < endpoints.size(); ++index)
    {
        CheckTarget(index);
        CheckNumbers(index);
    }
    CheckTargets();
    CheckPriorities();
    CheckLocations();
    CheckRegions();
    CheckSubnets();
    CheckMultiValue();
}

void
TrafficManagerEndpointValidator::CheckTarget(size_t index)
{
    const auto& endpoint = m_configuration.endpoints[index];
    const auto path = Path("endpoints", index, "target");
    if (endpoint.target.empty())
    {
        Add(path,
            endpoint.IsNested() ? "a nested endpoint has to name a profile"
                                : "an endpoint needs a DNS name or, if it is external, an address");
        return;
    }
    if (endpoint.IsNested())
    {
        return;
    }
    const auto address = IpRange::ParseAddress(endpoint.target);
    if (address && endpoint.type != TrafficManagerEndpointType::ExternalEndpoints)
    {
        Add(path, "addresses are for external endpoints; name the DNS name of the resource");
    }
    else if (address && IsInternal(*address))
    {
        Add(path, "answers may not hold an address that the internet cannot reach");
    }
    else if (!address && !TrafficManagerValidator::IsDomainName(endpoint.target))
    {
        Add(path,
            endpoint.target.find_first_of(":/") != std::string::npos
                ? "a target is a bare DNS name or address, without protocol, port or path"
                : "this is neither a DNS name nor an address");
    }
}

void
TrafficManagerEndpointValidator::CheckNumbers(size_t index)
{
    const auto& endpoint = m_configuration.endpoints[index];
    const auto check = [&](const char* field, const std::optional<uint32_t>& number, bool isRight) {
        if (number && !isRight)
        {
            Add(Path("endpoints", index, field),
                std::string("the ") + field + " must be 1 to 1000");
        }
    };
    const auto isNumber = [](const std::optional<uint32_t>& number) {
        return number.value_or(1) >= 1 && number.value_or(1) <= MAX_NUMBER;
    };
    check("weight", endpoint.weight, isNumber(endpoint.weight));
    check("priority", endpoint.priority, isNumber(endpoint.priority));
    const std::pair<const char*, const std::optional<uint32_t>*> counts[] = {
        {"minChildEndpoints", &endpoint.minChildEndpoints},
        {"minChildEndpointsIPv4", &endpoint.minChildEndpointsIpv4},
        {"minChildEndpointsIPv6", &endpoint.minChildEndpointsIpv6}};
    for (const auto& [field, count] : counts)
    {
        if (*count && !endpoint.IsNested())
        {
            Add(Path("endpoints", index, field), "only a nested endpoint has children to count");
        }
    }
    if (endpoint.IsNested() && endpoint.minChildEndpoints.value_or(1) == 0)
    {
        Add(Path("endpoints", index, "minChildEndpoints"), "at least one child has to be up");
    }
    if (endpoint.IsNested() && endpoint.alwaysServe)
    {
        Add(Path("endpoints", index, "alwaysServe"),
            "a nested endpoint cannot be served always; set it on the endpoints of its profile");
    }
    const auto headers =
        TrafficManagerValidator::WhyBadHeaders(endpoint.customHeaders,
                                               m_configuration.monitorConfig.protocol);
    if (!headers.empty())
    {
        Add(Path("endpoints", index, "customHeaders"), headers);
    }
}

void
TrafficManagerEndpointValidator::CheckTargets()
{
    const auto& endpoints = m_configuration.endpoints;
    std::map<std::string, size_t> owners;
    std::optional<size_t> first; // whose kind of target all others must have
    for (size_t index = 0; index < endpoints.size(); ++index)
    {
        const auto& endpoint = endpoints[index];
        if (endpoint.target.empty())
        {
            continue;
        }
        const auto address = IpRange::ParseAddress(endpoint.target);
        const auto target =
            (endpoint.IsNested() ? "profile " : "") +
            (address && !endpoint.IsNested() ? ToText(*address) : Lower(endpoint.target));
        const auto [owner, isNew] = owners.emplace(target, index);
        if (!isNew)
        {
            Add(Path("endpoints", index, "target"),
                "endpoint " + endpoints[owner->second].name + " leads to " + endpoint.target +
                    " already; remove one of them");
        }
        if (endpoint.IsNested() ||
            m_configuration.trafficRoutingMethod == TrafficRoutingMethod::MultiValue)
        {
            continue;
        }
        first = first.value_or(index);
        if (endpoint.GetTargetKind() != endpoints[*first].GetTargetKind())
        {
            Add(Path("endpoints", index, "target"),
                "DNS names, IPv4 and IPv6 addresses go together with MultiValue alone; endpoint " +
                    endpoints[*first].name + " has another kind of target");
        }
    }
}

void
TrafficManagerEndpointValidator::CheckPriorities()
{
    const auto& endpoints = m_configuration.endpoints;
    if (m_configuration.trafficRoutingMethod != TrafficRoutingMethod::Priority)
    {
        return;
    }
    const bool isAny = std::any_of(endpoints.begin(), endpoints.end(), [](const auto& endpoint) {
        return endpoint.priority.has_value();
    });
    std::map<uint32_t, std::string> owners;
    for (size_t index = 0; isAny && index < endpoints.size(); ++index)
    {
        const auto& endpoint = endpoints[index];
        const auto path = Path("endpoints", index, "priority");
        if (!endpoint.priority)
        {
            Add(path, "others have a priority, so this one needs one too");
        }
        else if (const auto [owner, isNew] = owners.emplace(*endpoint.priority, endpoint.name);
                 !isNew)
        {
            Add(path,
                "endpoint " + owner->second + " has priority " +
                    std::to_string(*endpoint.priority) + " already; choose another");
        }
    }
}

void
TrafficManagerEndpointValidator::CheckLocations()
{
    const auto& endpoints = m_configuration.endpoints;
    for (size_t index = 0; index < endpoints.size(); ++index)
    {
        if (m_configuration.trafficRoutingMethod == TrafficRoutingMethod::Performance &&
            endpoints[index].endpointLocation.empty())
        {
            Add(Path("endpoints", index, "endpointLocation"),
                "the Performance method needs to know the region of every endpoint");
        }
    }
}

void
TrafficManagerEndpointValidator::CheckRegions()
{
    const auto& endpoints = m_configuration.endpoints;
    std::map<std::string, size_t> owners;
    for (size_t index = 0; index < endpoints.size(); ++index)
    {
        const auto& codes = endpoints[index].geoMapping;
        for (size_t code = 0; code < codes.size(); ++code)
        {
            const auto path = Path(Path("endpoints", index, "geoMapping"), code);
            if (!GeographicHierarchy::IsKnown(codes[code]))
            {
                Add(path,
                    "there is no region " + codes[code] +
                        "; codes are such as US-CA, DE, GEO-EU and WORLD");
                continue;
            }
            const auto [owner, isNew] =
                owners.emplace(GeographicHierarchy::Canonical(codes[code]), index);
            if (!isNew)
            {
                Add(path,
                    "region " + codes[code] + " belongs to endpoint " +
                        endpoints[owner->second].name + " already");
            }
        }
    }
}

void
TrafficManagerEndpointValidator::CheckSubnets()
{
    const auto& endpoints = m_configuration.endpoints;
    const auto method = m_configuration.trafficRoutingMethod;
    const bool isSubnet = method == TrafficRoutingMethod::Subnet;
    const bool matters = isSubnet || method == TrafficRoutingMethod::Geographic ||
                         method == TrafficRoutingMethod::Performance;
    std::vector<std::pair<IpRange, std::string>> seen;
    std::optional<size_t> fallback;
    for (size_t index = 0; index < endpoints.size(); ++index)
    {
        const auto& endpoint = endpoints[index];
        for (size_t subnet = 0; subnet < endpoint.subnets.size(); ++subnet)
        {
            const auto path = Path(Path("endpoints", index, "subnets"), subnet);
            const auto range = endpoint.subnets[subnet].ToRange();
            if (!range)
            {
                Add(path,
                    "addresses are a first one, a first and a last one that is not below it, or "
                    "a first one and the scope of a prefix that begins with it");
                continue;
            }
            const auto other = std::find_if(seen.begin(), seen.end(), [&](const auto& known) {
                return known.first.Overlaps(*range);
            });
            if (matters && other != seen.end())
            {
                Add(path,
                    "these addresses overlap " + other->first.ToText() + " of endpoint " +
                        other->second);
            }
            seen.emplace_back(*range, endpoint.name);
        }
        if (!isSubnet || !endpoint.subnets.empty())
        {
            continue;
        }
        if (fallback)
        {
            Add(Path("endpoints", index, "subnets"),
                "endpoint " + endpoints[*fallback].name +
                    " takes all other addresses already; give this one addresses of its own");
        }
        fallback = fallback.value_or(index);
    }
}

void
TrafficManagerEndpointValidator::CheckMultiValue()
{
    const auto& endpoints = m_configuration.endpoints;
    if (m_configuration.trafficRoutingMethod != TrafficRoutingMethod::MultiValue)
    {
        return;
    }
    for (size_t index = 0; index < endpoints.size(); ++index)
    {
        if (endpoints[index].type != TrafficManagerEndpointType::ExternalEndpoints)
        {
            Add(Path("endpoints", index, "type"),
                "the MultiValue method takes external endpoints alone");
        }
        else if (!endpoints[index].target.empty() &&
                 endpoints[index].GetTargetKind() == TrafficManagerTargetKind::DomainName)
        {
            Add(Path("endpoints", index, "target"),
                "the MultiValue method takes addresses alone, no DNS names");
        }
    }
}

} // namespace azure
} // namespace ns3
