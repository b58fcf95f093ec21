/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TRAFFIC_MANAGER_CONFIGURATION_H
#define AZURE_TRAFFIC_MANAGER_CONFIGURATION_H

#include "ns3/azure-configuration-error.h"
#include "ns3/azure-ip-range.h"
#include "ns3/azure-probe-settings.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

class RegionTable;

/**
 * @ingroup azure-load-balancing
 * @brief How a profile chooses among its endpoints (TM-13 to TM-21).
 */
enum class TrafficRoutingMethod
{
    Priority,    //!< the first that is served
    Weighted,    //!< at random, by weight
    Performance, //!< the closest by round-trip time
    Geographic,  //!< by where the source is
    MultiValue,  //!< several addresses at once
    Subnet       //!< by the address of the source
};

/**
 * @ingroup azure-load-balancing
 * @param method a routing method
 * @return its name in Azure's resources, for example "Priority"
 */
const char* ToString(TrafficRoutingMethod method);

/**
 * @ingroup azure-load-balancing
 * @brief What an endpoint is (TM-37).
 */
enum class TrafficManagerEndpointType
{
    AzureEndpoints,    //!< a resource of Azure with a DNS name
    ExternalEndpoints, //!< a DNS name or an address anywhere
    NestedEndpoints    //!< another profile
};

/**
 * @ingroup azure-load-balancing
 * @brief What a name or address is that answers lead to (TM-3).
 */
enum class TrafficManagerTargetKind
{
    DomainName,  //!< answered with a CNAME record
    Ipv4Address, //!< answered with an A record
    Ipv6Address  //!< answered with an AAAA record
};

/**
 * @ingroup azure-load-balancing
 * @brief Addresses that a Subnet profile, or a subnet override, sends to an endpoint (TM-21).
 *
 * `first` and `scope` are a prefix, `first` and `last` a range, `first` alone is one address.
 */
struct TrafficManagerSubnet
{
    IpAddress first;               //!< lowest address
    std::optional<IpAddress> last; //!< highest address
    std::optional<uint32_t> scope; //!< leading bits of a prefix, 0 to 32 or 128

    /**
     * @return the addresses; nothing when the fields contradict one another
     */
    std::optional<IpRange> ToRange() const;
};

/// A header of one's own in requests of endpoint monitors (HP-42).
typedef ProbeHeader TrafficManagerHeader;

/**
 * @ingroup azure-load-balancing
 * @brief One of the places that a profile may lead to (TM-37).
 */
struct TrafficManagerEndpoint
{
    std::string name; //!< unique in the profile
    TrafficManagerEndpointType type{TrafficManagerEndpointType::ExternalEndpoints}; //!< TM-37

    /**
     * DNS name, or for external endpoints also an address, that answers lead to. Of a nested
     * endpoint the name of the profile that it leads to, as TrafficManagerConfiguration::name.
     */
    std::string target;

    bool endpointStatus{true};        //!< whether it is enabled (TM-29)
    bool alwaysServe{false};          //!< served whatever its health, and not probed (TM-27)
    std::optional<uint32_t> weight;   //!< 1 to 1000; none: 1 (TM-14)
    std::optional<uint32_t> priority; //!< 1 to 1000; none: by place (TM-13)
    std::string endpointLocation;     //!< region, for Performance (TM-16)
    std::optional<uint32_t> minChildEndpoints;       //!< of a nested one; none: 1 (TM-32)
    std::optional<uint32_t> minChildEndpointsIpv4;   //!< those with A records; none: 0 (TM-32)
    std::optional<uint32_t> minChildEndpointsIpv6;   //!< those with AAAA records; none: 0 (TM-32)
    std::vector<std::string> geoMapping;             //!< codes, for Geographic (TM-18)
    std::vector<TrafficManagerSubnet> subnets;       //!< for Subnet and overrides (TM-21, TM-23)
    std::vector<TrafficManagerHeader> customHeaders; //!< instead of the profile's (HP-42)

    /**
     * @return whether it leads to another profile
     */
    bool IsNested() const;

    /**
     * @return what its target is; meaningless for a nested one
     */
    TrafficManagerTargetKind GetTargetKind() const;
};

/**
 * @ingroup azure-load-balancing
 * @brief The name of a profile, and how long answers may be kept (TM-6, TM-7).
 */
struct TrafficManagerDnsConfig
{
    std::string relativeName; //!< one label, below `trafficmanager.net`
    std::string fqdn;         //!< the whole name; empty: made of the relative one
    Time ttl{Seconds(300)};   //!< 0 to 2,147,483,647 s
};

/**
 * @ingroup azure-load-balancing
 * @brief How endpoints are monitored (HP-40 to HP-42).
 */
struct TrafficManagerMonitorConfig
{
    ProbeProtocol protocol{ProbeProtocol::Http};     //!< HTTP, HTTPS or TCP
    uint16_t port{80};                               //!< 1 to 65535
    std::string path{"/"};                           //!< path of the GET; empty for TCP
    Time interval{Seconds(30)};                      //!< 30 s or 10 s
    std::optional<Time> timeout;                     //!< 5 to 10 s, or to 9 s; none: the longest
    uint32_t toleratedNumberOfFailures{3};           //!< 0 to 9
    std::vector<TrafficManagerHeader> customHeaders; //!< up to 8
    std::vector<ProbeStatusRange> expectedStatusCodeRanges; //!< up to 8; none: 200

    /**
     * @return the timeout, given or not
     */
    Time GetTimeout() const;
};

/**
 * @ingroup azure-load-balancing
 * @brief One Traffic Manager profile, with the names of Azure's REST resource.
 *
 * Profiles that nested endpoints connect are handed around together, in one list.
 */
struct TrafficManagerConfiguration
{
    std::string name;         //!< unique among all
    bool profileStatus{true}; //!< whether it is enabled
    TrafficRoutingMethod trafficRoutingMethod{TrafficRoutingMethod::Priority}; //!< TM-11
    TrafficManagerDnsConfig dnsConfig;             //!< its name and time to live
    TrafficManagerMonitorConfig monitorConfig;     //!< how its endpoints are monitored
    std::vector<TrafficManagerEndpoint> endpoints; //!< where it may lead to, up to 200
    uint32_t maxReturn{2};                         //!< records of a MultiValue answer (TM-20)
    bool trafficViewEnrollmentStatus{false};       //!< for reports

    /**
     * @return its name in DNS, in lower case, without a dot at the end
     */
    std::string GetFqdn() const;

    /**
     * @brief Lists what Azure would refuse in this profile by itself.
     * @return the errors; none: Azure would take it
     */
    std::vector<ConfigurationError> Validate() const;

    /**
     * @brief Lists what Azure would refuse in profiles that belong together.
     *
     * What Validate() finds, with paths that begin with `profiles[0]` and so on; names that are
     * taken; nested endpoints that lead nowhere, in a circle or too deep (TM-34); regions that
     * the table does not have (TM-16).
     *
     * @param profiles the profiles
     * @param regions regions and round-trip times
     * @return the errors
     */
    static std::vector<ConfigurationError> ValidateAll(
        const std::vector<TrafficManagerConfiguration>& profiles,
        const RegionTable& regions);
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TRAFFIC_MANAGER_CONFIGURATION_H */
