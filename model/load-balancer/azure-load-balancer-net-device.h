/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_LOAD_BALANCER_NET_DEVICE_H
#define AZURE_LOAD_BALANCER_NET_DEVICE_H

#include "ns3/virtual-net-device.h"

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Carries frontend addresses on the node of a load balancer; has no channel.
 *
 * Global routing advertises its address as a stub network, so that clients find the frontend
 * without static routes. Global routing takes one address per interface: a node has one such
 * device for every frontend.
 *
 * Packets never arrive through it. What routes or bound sockets of its own node send to it comes
 * back up as received in an event of its own, so that the load balancer sees it.
 */
class LoadBalancerNetDevice : public VirtualNetDevice
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    LoadBalancerNetDevice();
    ~LoadBalancerNetDevice() override = default;

  private:
    /**
     * @brief Turn a packet that the own node sends into one that it receives.
     *
     * @param packet the packet
     * @param source link-layer source, unused
     * @param destination link-layer destination, unused
     * @param protocolNumber protocol of the packet
     * @return true
     */
    bool Reflect(Ptr<Packet> packet,
                 const Address& source,
                 const Address& destination,
                 uint16_t protocolNumber);
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_LOAD_BALANCER_NET_DEVICE_H */
