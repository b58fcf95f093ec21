/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TRAFFIC_MANAGER_ANSWER_H
#define AZURE_TRAFFIC_MANAGER_ANSWER_H

#include "ns3/azure-ip-address.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What a query asks for, or what a record is.
 */
enum class TrafficManagerRecordType
{
    A,     //!< an IPv4 address
    Aaaa,  //!< an IPv6 address
    Cname, //!< another name
    Any,   //!< in a query: whatever there is
    Other  //!< in a query: anything else, which only another name can answer (RFC 1034, 3.6.2)
};

/**
 * @ingroup azure-load-balancing
 * @brief Why an answer is as it is.
 */
enum class TrafficManagerReason
{
    Priority,        //!< the first that is served (TM-13)
    Weight,          //!< drawn by weight (TM-14)
    RoundTripTime,   //!< the closest region (TM-16)
    UnknownLocation, //!< nobody knows where the source is: the first that is served
    Geography,       //!< owner of where the source is (TM-18)
    AllServed,       //!< as many as asked for (TM-20)
    Subnet,          //!< owner of the address (TM-21)
    SubnetFallback,  //!< owner of all other addresses (TM-21)
    SubnetOverride,  //!< owner of the address, instead of the method's choice (TM-23)
    UnknownName,     //!< no profile has that name
    ProfileDisabled, //!< nothing is answered (TM-26)
    AllDisabled,     //!< no endpoint is enabled (TM-26)
    NoneEligible,    //!< all that are enabled are stopped (TM-25)
    NoGeography,     //!< no endpoint owns where the source is (TM-19)
    OwnerStopped,    //!< the owner of where the source is has stopped (TM-19)
    NoSubnet,        //!< no endpoint owns the address (TM-22)
    SubnetUnhealthy, //!< the owner of the address is not served (TM-22)
    SubnetDisabled,  //!< the owner of the address is disabled (TM-22)
    OtherType        //!< there is an endpoint, but no record of that type (TM-5)
};

/**
 * @ingroup azure-load-balancing
 * @param reason a reason
 * @return its name, for example `round-trip-time`
 */
const char* ToString(TrafficManagerReason reason);

/**
 * @ingroup azure-load-balancing
 * @brief A query, as far as it matters.
 */
struct TrafficManagerQuery
{
    TrafficManagerRecordType type{TrafficManagerRecordType::A}; //!< what is asked for
    IpAddress source;                      //!< where it came from: usually a resolver
    std::optional<IpAddress> clientSubnet; //!< EDNS Client Subnet (RFC 7871): its address
    uint32_t clientSubnetLength{0};        //!< its source prefix length; 0 asks not to use it

    /**
     * @return the address that decides (TM-12)
     */
    IpAddress GetDecidingAddress() const;
};

/**
 * @ingroup azure-load-balancing
 * @brief An endpoint of a profile, by indices.
 */
struct TrafficManagerEndpointId
{
    uint32_t profile{0};  //!< index of the profile
    uint32_t endpoint{0}; //!< index of the endpoint in it

    /**
     * @param other another one
     * @return whether both are the same
     */
    bool operator==(const TrafficManagerEndpointId& other) const
    {
        return profile == other.profile && endpoint == other.endpoint;
    }
};

/**
 * @ingroup azure-load-balancing
 * @brief A record, and the way to it.
 */
struct TrafficManagerRecord
{
    TrafficManagerRecordType type{TrafficManagerRecordType::A}; //!< A, AAAA or CNAME
    IpAddress address;                                          //!< of A and AAAA
    std::string name;                           //!< of CNAME, without a dot at the end
    std::vector<TrafficManagerEndpointId> path; //!< endpoints from the profile asked to the target
};

/**
 * @ingroup azure-load-balancing
 * @brief What a query is answered.
 */
struct TrafficManagerAnswer
{
    bool nameExists{true};                     //!< false: NXDOMAIN; true without records: NODATA
    std::vector<TrafficManagerRecord> records; //!< one; more of a MultiValue profile
    Time ttl;                                  //!< of the profile asked (TM-35)
    TrafficManagerReason reason{TrafficManagerReason::UnknownName}; //!< of the last choice
    bool bySource{false};           //!< whether the deciding address was looked at (TM-12)
    std::vector<std::string> steps; //!< of Explain(): every choice in words
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TRAFFIC_MANAGER_ANSWER_H */
