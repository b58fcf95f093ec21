/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-load-balancer-net-device.h"

#include "ns3/log.h"
#include "ns3/mac48-address.h"
#include "ns3/node.h"
#include "ns3/simulator.h"

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureLoadBalancerNetDevice");
NS_OBJECT_ENSURE_REGISTERED(LoadBalancerNetDevice);

TypeId
LoadBalancerNetDevice::GetTypeId()
{
    static TypeId tid = TypeId("ns3::azure::LoadBalancerNetDevice")
                            .SetParent<VirtualNetDevice>()
                            .SetGroupName("AzureLoadBalancing")
                            .AddConstructor<LoadBalancerNetDevice>();
    return tid;
}

LoadBalancerNetDevice::LoadBalancerNetDevice()
{
    // Broadcast and not point-to-point: what global routing needs to see a stub network.
    SetIsPointToPoint(false);
    SetNeedsArp(false);
    SetAddress(Mac48Address::Allocate());
    SetSendCallback(MakeCallback(&LoadBalancerNetDevice::Reflect, this));
}

bool
LoadBalancerNetDevice::Reflect(Ptr<Packet> packet,
                               const Address& source,
                               const Address& destination,
                               uint16_t protocolNumber)
{
    NS_LOG_FUNCTION(this << packet << source << destination << protocolNumber);
    // Whoever sends may do so outside of any event of the node.
    Simulator::ScheduleWithContext(GetNode()->GetId(),
                                   Time(0),
                                   &LoadBalancerNetDevice::Receive,
                                   Ptr<LoadBalancerNetDevice>(this),
                                   packet,
                                   protocolNumber,
                                   GetAddress(),
                                   GetAddress(),
                                   PACKET_HOST);
    return true;
}

} // namespace azure
} // namespace ns3
