/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_PROBE_SOURCE_ROUTING_H
#define AZURE_PROBE_SOURCE_ROUTING_H

#include "ns3/azure-ipv4-routing-hook.h"

namespace ns3
{
namespace azure
{

class ProbeSource;

/**
 * @ingroup azure-load-balancing
 * @brief The routing hook of a probe source.
 *
 * TCP sockets take their local address from the routing protocol, so a socket bound to the
 * probe device is given the real route with the probe address as its source. What comes back
 * is delivered as if it had arrived at the probe device, where the socket is bound.
 */
class ProbeSourceRouting : public Ipv4RoutingHook
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * @brief Constructor
     * @param source the probe source; owned by the node, which outlives this hook's work
     */
    explicit ProbeSourceRouting(ProbeSource* source = nullptr);

    Ptr<Ipv4Route> RouteOutput(Ptr<Packet> p,
                               const Ipv4Header& header,
                               Ptr<NetDevice> oif,
                               Socket::SocketErrno& sockerr) override;
    bool RouteInput(Ptr<const Packet> p,
                    const Ipv4Header& header,
                    Ptr<const NetDevice> idev,
                    const UnicastForwardCallback& ucb,
                    const MulticastForwardCallback& mcb,
                    const LocalDeliverCallback& lcb,
                    const ErrorCallback& ecb) override;

  protected:
    void DoDispose() override;

  private:
    ProbeSource* m_source; //!< the probe source; null after disposal
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_PROBE_SOURCE_ROUTING_H */
