/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-traffic-manager-reader.h"

#include "azure-json-text.h"
#include "azure-resource-error.h"
#include "azure-resource-properties.h"

#include "ns3/azure-region-table.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace ns3
{
namespace azure
{

namespace
{

/// Type of a profile.
const char* const PROFILE_TYPE = "Microsoft.Network/trafficManagerProfiles";

/// Largest number that is read; what is too large is for the configuration to say.
constexpr int64_t LARGEST_IN_PROFILE = std::numeric_limits<uint32_t>::max();

/// Two words of the resource that stand for a truth value.
const std::vector<std::pair<const char*, bool>> g_switch = {{"Enabled", true}, {"Disabled", false}};

/**
 * @param view a number that may be absent
 * @return it
 */
std::optional<uint32_t>
ReadNumber(const ResourceView& view)
{
    return view.Exists() ? std::optional<uint32_t>(view.GetInteger(0, 0, LARGEST_IN_PROFILE))
                         : std::nullopt;
}

/**
 * @param view an address that has to be there
 * @return it
 */
IpAddress
ReadAddress(const ResourceView& view)
{
    const auto address = IpRange::ParseAddress(view.GetText());
    if (!address)
    {
        view.Fail("'" + JsonText::Quote(view.GetText()) + "' is no IP address");
    }
    return *address;
}

} // namespace

TrafficManagerReader::TrafficManagerReader(const ResourceCompletion& completion,
                                           DeploymentConfiguration& deployment)
    : m_completion(completion),
      m_deployment(deployment)
{
}

const std::vector<TrafficManagerConfiguration>&
TrafficManagerReader::GetProfiles() const
{
    return m_profiles;
}

void
TrafficManagerReader::Read(const std::vector<ImportedResource*>& resources)
{
    m_resources = resources;
    for (const auto* resource : resources)
    {
        if (!resource->IsOfType(PROFILE_TYPE))
        {
            continue;
        }
        try
        {
            m_profile = {};
            m_profile.name = resource->id.names.back();
            ReadProfile({&resource->body, resource->path});
            for (const auto* child : resources)
            {
                if (child->id.types.size() == 2 &&
                    child->id.GetParent(1).ToKey() == resource->id.ToKey())
                {
                    ReadEndpoint({&child->body, child->path});
                }
            }
            m_profiles.push_back(m_profile);
        }
        catch (const ResourceError& error)
        {
            m_deployment.errors.push_back({m_deployment.source,
                                           error.HasPath() ? error.GetPath() : resource->path,
                                           error.what()});
        }
    }
}

void
TrafficManagerReader::ReadProfile(const ResourceView& view)
{
    const auto path = "trafficManagers[" + std::to_string(m_profiles.size()) + "]";
    m_paths.Add(path, view);
    NoteUnknown(view, "trafficManagerProfiles");
    m_profile.profileStatus = view.Get("profileStatus").GetEnum(true, g_switch);
    const auto method = view.Get("trafficRoutingMethod");
    if (!method.Exists())
    {
        method.Fail("the routing method is missing; name one, such as Priority");
    }
    m_profile.trafficRoutingMethod =
        method.GetEnum<TrafficRoutingMethod>(TrafficRoutingMethod::Priority,
                                             {{"Priority", TrafficRoutingMethod::Priority},
                                              {"Weighted", TrafficRoutingMethod::Weighted},
                                              {"Performance", TrafficRoutingMethod::Performance},
                                              {"Geographic", TrafficRoutingMethod::Geographic},
                                              {"MultiValue", TrafficRoutingMethod::MultiValue},
                                              {"Subnet", TrafficRoutingMethod::Subnet}});
    const auto dns = view.Get("dnsConfig");
    m_paths.Add(path + ".dnsConfig", dns);
    NoteUnknown(dns, "trafficManagerProfiles/dnsConfig");
    m_profile.dnsConfig.relativeName = dns.Get("relativeName").GetText();
    m_profile.dnsConfig.fqdn = dns.Get("fqdn").GetText();
    m_profile.dnsConfig.ttl = Seconds(dns.Get("ttl").GetInteger(300, 0, LARGEST_IN_PROFILE));
    m_paths.Add(path + ".monitorConfig", view.Get("monitorConfig"));
    ReadMonitor(view.Get("monitorConfig"));
    const auto most = view.Get("maxReturn");
    if (most.Exists() && m_profile.trafficRoutingMethod == TrafficRoutingMethod::MultiValue)
    {
        m_profile.maxReturn = most.GetInteger(2, 0, LARGEST_IN_PROFILE);
    }
    m_profile.trafficViewEnrollmentStatus =
        view.Get("trafficViewEnrollmentStatus").GetEnum(false, g_switch);
    for (const auto& endpoint : view.Get("endpoints").GetElements())
    {
        ReadEndpoint(endpoint);
    }
}

void
TrafficManagerReader::ReadMonitor(const ResourceView& view)
{
    NoteUnknown(view, "trafficManagerProfiles/monitorConfig");
    auto& monitor = m_profile.monitorConfig;
    monitor.protocol = view.Get("protocol")
                           .GetEnum<ProbeProtocol>(ProbeProtocol::Http,
                                                   {{"HTTP", ProbeProtocol::Http},
                                                    {"HTTPS", ProbeProtocol::Https},
                                                    {"TCP", ProbeProtocol::Tcp}});
    monitor.port = view.Get("port").GetPort(80);
    const bool isTcp = monitor.protocol == ProbeProtocol::Tcp;
    monitor.path = view.Get("path").GetText(isTcp ? "" : "/");
    monitor.interval = Seconds(view.Get("intervalInSeconds").GetInteger(30, 0, LARGEST_IN_PROFILE));
    if (view.Get("timeoutInSeconds").Exists())
    {
        monitor.timeout =
            Seconds(view.Get("timeoutInSeconds").GetInteger(10, 0, LARGEST_IN_PROFILE));
    }
    monitor.toleratedNumberOfFailures =
        view.Get("toleratedNumberOfFailures").GetInteger(3, 0, LARGEST_IN_PROFILE);
    monitor.customHeaders = ReadHeaders(view);
    for (const auto& range : view.Get("expectedStatusCodeRanges").GetElements())
    {
        const auto least = range.Get("min").GetInteger(200, 0, 65535);
        monitor.expectedStatusCodeRanges.push_back(
            {static_cast<uint16_t>(least),
             static_cast<uint16_t>(range.Get("max").GetInteger(least, 0, 65535))});
    }
}

void
TrafficManagerReader::ReadEndpoint(const ResourceView& view)
{
    const auto path = "trafficManagers[" + std::to_string(m_profiles.size()) + "].endpoints[" +
                      std::to_string(m_profile.endpoints.size()) + "]";
    m_paths.Add(path, view);
    NoteUnknown(view, "trafficManagerProfiles/endpoints");
    TrafficManagerEndpoint endpoint;
    endpoint.name = view.GetName();
    const auto type = view.Get("type").GetText();
    using Type = TrafficManagerEndpointType;
    const JsonValue last(type.substr(type.rfind('/') + 1));
    if (type.empty())
    {
        view.Fail("the type is missing; name one, such as "
                  "Microsoft.Network/trafficManagerProfiles/externalEndpoints");
    }
    endpoint.type = ResourceView(&last, view.Get("type").GetPath())
                        .GetEnum<Type>(Type::ExternalEndpoints,
                                       {{"azureEndpoints", Type::AzureEndpoints},
                                        {"externalEndpoints", Type::ExternalEndpoints},
                                        {"nestedEndpoints", Type::NestedEndpoints}});
    endpoint.target = view.Get("target").GetText();
    endpoint.endpointStatus = view.Get("endpointStatus").GetEnum(true, g_switch);
    endpoint.alwaysServe = view.Get("alwaysServe").GetEnum(false, g_switch);
    endpoint.weight = ReadNumber(view.Get("weight"));
    endpoint.priority = ReadNumber(view.Get("priority"));
    endpoint.endpointLocation = RegionTable::CanonicalName(view.Get("endpointLocation").GetText());
    endpoint.minChildEndpoints = ReadNumber(view.Get("minChildEndpoints"));
    endpoint.minChildEndpointsIpv4 = ReadNumber(view.Get("minChildEndpointsIPv4"));
    endpoint.minChildEndpointsIpv6 = ReadNumber(view.Get("minChildEndpointsIPv6"));
    for (const auto& code : view.Get("geoMapping").GetElements())
    {
        endpoint.geoMapping.push_back(code.GetText());
    }
    for (const auto& subnet : view.Get("subnets").GetElements())
    {
        endpoint.subnets.push_back(ReadSubnet(subnet));
    }
    endpoint.customHeaders = ReadHeaders(view);
    if (endpoint.IsNested())
    {
        ReadChild(view, endpoint);
    }
    else if (endpoint.type == Type::AzureEndpoints)
    {
        ReadResource(view, endpoint);
    }
    m_profile.endpoints.push_back(endpoint);
}

void
TrafficManagerReader::ReadResource(const ResourceView& view, TrafficManagerEndpoint& endpoint)
{
    const auto reference = view.Get("targetResourceId");
    const auto id = ResourceId::FromText(reference.GetText());
    if (!id.IsValid())
    {
        reference.Fail("an Azure endpoint has to name a resource");
    }
    const auto* resource = m_completion.Find(id.ToKey());
    if (!resource || !resource->IsOfType("Microsoft.Network/publicIPAddresses"))
    {
        if (endpoint.target.empty())
        {
            reference.Fail("the input does not tell the DNS name of '" +
                           JsonText::Quote(id.GetName()) +
                           "'; add that public address, or a target");
        }
        return;
    }
    const ResourceView body(&resource->body, resource->path);
    const auto fqdn = body.Get("dnsSettings").Get("fqdn").GetText();
    if (fqdn.empty())
    {
        reference.Fail("public address '" + JsonText::Quote(id.GetName()) +
                       "' has no DNS name; give it a domainNameLabel");
    }
    endpoint.target = fqdn;
    m_publicAddresses.insert(resource->id.ToKey());
    if (endpoint.endpointLocation.empty())
    {
        endpoint.endpointLocation = RegionTable::CanonicalName(body.Get("location").GetText());
    }
}

void
TrafficManagerReader::ReadChild(const ResourceView& view, TrafficManagerEndpoint& endpoint)
{
    const auto id = ResourceId::FromText(view.Get("targetResourceId").GetText());
    for (const auto* resource : m_resources)
    {
        const ResourceView body(&resource->body, resource->path);
        const auto fqdn = body.Get("dnsConfig").Get("fqdn").GetText();
        if (resource->IsOfType(PROFILE_TYPE) &&
            (id.IsValid() ? resource->id.ToKey() == id.ToKey()
                          : !fqdn.empty() && EqualsIgnoringCase(fqdn, endpoint.target)))
        {
            endpoint.target = resource->id.names.back();
            return;
        }
    }
    endpoint.target = id.IsValid() ? id.names.back() : endpoint.target;
    Note(view.GetPath(),
         "nested endpoint '" + JsonText::Quote(endpoint.name) + "'",
         "the input does not hold profile '" + JsonText::Quote(endpoint.target) + "'");
}

std::vector<TrafficManagerHeader>
TrafficManagerReader::ReadHeaders(const ResourceView& view)
{
    std::vector<TrafficManagerHeader> headers;
    for (const auto& header : view.Get("customHeaders").GetElements())
    {
        headers.push_back({header.Get("name").GetText(), header.Get("value").GetText()});
    }
    return headers;
}

TrafficManagerSubnet
TrafficManagerReader::ReadSubnet(const ResourceView& view)
{
    TrafficManagerSubnet subnet;
    subnet.first = ReadAddress(view.Get("first"));
    if (view.Get("last").Exists())
    {
        subnet.last = ReadAddress(view.Get("last"));
    }
    subnet.scope = ReadNumber(view.Get("scope"));
    return subnet;
}

void
TrafficManagerReader::NoteUnknown(const ResourceView& view, const std::string& kind)
{
    for (const auto& property : ResourceProperties::FindUnknown(view, kind))
    {
        Note(property.GetPath(),
             "property " + property.GetPath(),
             ResourceProperties::Why(property));
    }
}

void
TrafficManagerReader::Note(const std::string& path, const std::string& what, const std::string& why)
{
    m_deployment.notModelled.push_back({path, PROFILE_TYPE, m_profile.name, what, why});
}

} // namespace azure
} // namespace ns3
