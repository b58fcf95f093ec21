/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TRAFFIC_MANAGER_FIXTURE_H
#define AZURE_TRAFFIC_MANAGER_FIXTURE_H

#include "ns3/azure-traffic-manager-engine.h"

#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @param text an address
 * @return it
 */
inline IpAddress
IpOf(const std::string& text)
{
    return *IpRange::ParseAddress(text);
}

/**
 * @param text a prefix
 * @return its addresses
 */
inline IpRange
Prefix(const std::string& text)
{
    std::string error;
    return *IpRange::FromText(text, error);
}

/**
 * @param name its name
 * @param target DNS name or address; empty: NAME.contoso.com
 * @return an external endpoint
 */
inline TrafficManagerEndpoint
MakeEndpoint(const std::string& name, const std::string& target = "")
{
    TrafficManagerEndpoint endpoint;
    endpoint.name = name;
    endpoint.target = target.empty() ? name + ".contoso.com" : target;
    return endpoint;
}

/**
 * @param name name of the endpoint, and of the profile that it leads to
 * @return a nested endpoint
 */
inline TrafficManagerEndpoint
MakeNested(const std::string& name)
{
    auto endpoint = MakeEndpoint(name, name);
    endpoint.type = TrafficManagerEndpointType::NestedEndpoints;
    return endpoint;
}

/**
 * @param method routing method
 * @param endpoints its endpoints
 * @param name its name
 * @return a profile
 */
inline TrafficManagerConfiguration
MakeProfile(TrafficRoutingMethod method,
            const std::vector<TrafficManagerEndpoint>& endpoints,
            const std::string& name = "shop")
{
    TrafficManagerConfiguration profile;
    profile.name = name;
    profile.trafficRoutingMethod = method;
    profile.dnsConfig.relativeName = name;
    profile.endpoints = endpoints;
    return profile;
}

/**
 * @return Azure's regions; 192.0.2.0/25 is in japaneast, 192.0.2.128/25 in westeurope,
 *         198.51.100.0/24 in westus, 203.0.113.0/24 in brazilsouth
 */
inline std::shared_ptr<const TrafficManagerWorld>
MakeWorld()
{
    auto world = std::make_shared<TrafficManagerWorld>();
    world->regions = RegionTable::MakeAzure();
    const std::pair<const char*, const char*> places[] = {{"192.0.2.0/25", "japaneast"},
                                                          {"192.0.2.128/25", "westeurope"},
                                                          {"198.51.100.0/24", "westus"},
                                                          {"203.0.113.0/24", "brazilsouth"}};
    for (const auto& [prefix, region] : places)
    {
        world->locations.Add(Prefix(prefix), *world->regions.Find(region));
    }
    return world;
}

/** A few profiles and what they answer, the first being the one that is asked. */
class TrafficManagerBench
{
  public:
    /**
     * @param profiles the profiles
     * @param settings where texts disagree
     */
    explicit TrafficManagerBench(const std::vector<TrafficManagerConfiguration>& profiles,
                                 const TrafficManagerSettings& settings = TrafficManagerSettings())
        : m_engine(profiles, MakeWorld(), settings),
          m_stream(CreateObject<UniformRandomVariable>())
    {
        for (const auto& error :
             TrafficManagerConfiguration::ValidateAll(profiles, RegionTable::MakeAzure()))
        {
            m_errors += error.path + ": " + error.message + "; ";
        }
        m_stream->SetStream(7);
    }

    /**
     * @param path "endpoint", or "profile/endpoint"
     * @return the endpoint
     */
    TrafficManagerEndpointId Find(const std::string& path) const
    {
        const auto slash = path.find('/');
        const auto& profiles = m_engine.GetStates().GetProfiles();
        TrafficManagerEndpointId id;
        if (slash != std::string::npos)
        {
            id.profile = *m_engine.GetStates().FindProfile(path.substr(0, slash));
        }
        const auto name = path.substr(slash == std::string::npos ? 0 : slash + 1);
        while (profiles[id.profile].endpoints.at(id.endpoint).name != name)
        {
            id.endpoint++;
        }
        return id;
    }

    /**
     * @brief Give endpoints a health.
     * @param paths their paths, each followed by + for up or - for down
     */
    void Set(const std::vector<std::string>& paths)
    {
        for (const auto& path : paths)
        {
            m_engine.SetHealth(Find(path.substr(0, path.size() - 1)),
                               path.back() == '+' ? EndpointHealth::Healthy
                                                  : EndpointHealth::Unhealthy);
        }
    }

    /**
     * @param source where the query comes from
     * @param type what it asks for
     * @return names of the endpoints in the answer, or what is said instead, and why
     */
    std::string Ask(const std::string& source = "192.0.2.1",
                    TrafficManagerRecordType type = TrafficManagerRecordType::A)
    {
        TrafficManagerQuery query;
        query.source = IpOf(source);
        query.type = type;
        return Tell(m_engine.Answer(0, query, m_stream));
    }

    /**
     * @param answer an answer
     * @return the same
     */
    std::string Tell(const TrafficManagerAnswer& answer) const
    {
        std::string text;
        for (const auto& record : answer.records)
        {
            const auto& id = record.path.back();
            text +=
                m_engine.GetStates().GetProfiles()[id.profile].endpoints[id.endpoint].name + " ";
        }
        return (text.empty() ? answer.nameExists ? "NODATA " : "NXDOMAIN " : text) +
               ToString(answer.reason);
    }

    /**
     * @param path an endpoint
     * @return its status
     */
    std::string Status(const std::string& path) const
    {
        return ToString(m_engine.GetStates().GetStatus(Find(path)));
    }

    TrafficManagerEngine m_engine;       //!< what answers
    Ptr<UniformRandomVariable> m_stream; //!< draws
    std::string m_errors;                //!< what is wrong with the profiles
};

/**
 * @param change a change
 * @return what it changed
 */
inline std::string
Tell(const TrafficManagerChange& change)
{
    std::string text = change.error;
    const auto tell = [](const std::optional<EndpointMonitorStatus>& status) {
        return std::string(status ? ToString(*status) : "none");
    };
    for (const auto& endpoint : change.endpoints)
    {
        text += endpoint.profile + "/" + endpoint.endpoint + " " + tell(endpoint.before) + ">" +
                tell(endpoint.after) + "; ";
    }
    for (const auto& profile : change.profiles)
    {
        text +=
            profile.profile + " " + ToString(profile.before) + ">" + ToString(profile.after) + "; ";
    }
    return text;
}

} // namespace azure
} // namespace ns3

#endif /* AZURE_TRAFFIC_MANAGER_FIXTURE_H */
