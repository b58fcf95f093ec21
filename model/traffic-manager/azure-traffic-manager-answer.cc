/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-traffic-manager-answer.h"

namespace ns3
{
namespace azure
{

const char*
ToString(TrafficManagerReason reason)
{
    switch (reason)
    {
    case TrafficManagerReason::Priority:
        return "priority";
    case TrafficManagerReason::Weight:
        return "weight";
    case TrafficManagerReason::RoundTripTime:
        return "round-trip-time";
    case TrafficManagerReason::UnknownLocation:
        return "unknown-location";
    case TrafficManagerReason::Geography:
        return "geography";
    case TrafficManagerReason::AllServed:
        return "all-served";
    case TrafficManagerReason::Subnet:
        return "subnet";
    case TrafficManagerReason::SubnetFallback:
        return "subnet-fallback";
    case TrafficManagerReason::SubnetOverride:
        return "subnet-override";
    case TrafficManagerReason::UnknownName:
        return "unknown-name";
    case TrafficManagerReason::ProfileDisabled:
        return "profile-disabled";
    case TrafficManagerReason::AllDisabled:
        return "all-disabled";
    case TrafficManagerReason::NoneEligible:
        return "none-eligible";
    case TrafficManagerReason::NoGeography:
        return "no-geography";
    case TrafficManagerReason::OwnerStopped:
        return "owner-stopped";
    case TrafficManagerReason::NoSubnet:
        return "no-subnet";
    case TrafficManagerReason::SubnetUnhealthy:
        return "subnet-unhealthy";
    case TrafficManagerReason::SubnetDisabled:
        return "subnet-disabled";
    case TrafficManagerReason::OtherType:
        break;
    }
    return "other-type";
}

IpAddress
TrafficManagerQuery::GetDecidingAddress() const
{
    return clientSubnet && clientSubnetLength > 0 ? *clientSubnet : source;
}

} // namespace azure
} // namespace ns3
