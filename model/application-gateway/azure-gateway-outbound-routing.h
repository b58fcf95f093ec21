/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_OUTBOUND_ROUTING_H
#define AZURE_GATEWAY_OUTBOUND_ROUTING_H

#include "ns3/azure-ipv4-routing-hook.h"
#include "ns3/ipv4-address.h"
#include "ns3/nstime.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Lets public servers see the gateway's public address (AG-3, HP-28).
 *
 * Sits at the front of an application gateway, which every packet of its instances passes. What
 * an instance sends to a public address leaves with the address of the public frontend, and
 * what comes back is led to that instance: requests, probes and look-ups alike. The port is kept,
 * or the next one is taken where another flow to the same server has it. Private addresses, and
 * those of members that are not external, are reached directly.
 *
 * Not translated: ICMP, so errors about such packets do not reach the instance. Fragments are
 * dropped. How Azure's instances choose ports is not documented.
 */
class GatewayOutboundRouting : public Ipv4RoutingHook
{
  public:
    /// Reason in the trace `Drop`: all ports to that server are in use.
    static constexpr const char* DROP_NO_PORT = "no-port";
    /// Reason in the trace `Drop`: a fragment of a packet.
    static constexpr const char* DROP_FRAGMENT = "fragment";

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    GatewayOutboundRouting() = default;
    ~GatewayOutboundRouting() override = default;

    /**
     * @brief Says whose packets leave by which address; before Install().
     *
     * @param address address of the public frontend
     * @param ports ports that listeners have there: none of them is taken
     * @param instances addresses of the instances
     */
    void SetAddresses(Ipv4Address address,
                      const std::set<uint16_t>& ports,
                      const std::vector<Ipv4Address>& instances);

    /**
     * @param address a public address that is reached directly, as a member in the virtual network
     */
    void AddInside(Ipv4Address address);

    /**
     * @return flows to public servers that are known
     */
    std::size_t GetFlowCount() const;

    /**
     * @param reason a constant `DROP_...`
     * @return packets that were dropped for it
     */
    uint64_t GetDropCount(const std::string& reason) const;

    // From Ipv4RoutingHook
    bool RouteInput(Ptr<const Packet> p,
                    const Ipv4Header& header,
                    Ptr<const NetDevice> idev,
                    const UnicastForwardCallback& ucb,
                    const MulticastForwardCallback& mcb,
                    const LocalDeliverCallback& lcb,
                    const ErrorCallback& ecb) override;

    /**
     * TracedCallback signature for a dropped packet.
     *
     * @param [in] header the IPv4 header
     * @param [in] payload what follows it
     * @param [in] reason a constant `DROP_...` of this class
     */
    typedef void (*DropTracedCallback)(const Ipv4Header& header,
                                       Ptr<const Packet> payload,
                                       const std::string& reason);

  private:
    /// Protocol; address and port of the server; a port: the instance's after its address, or ours.
    using OutKey = std::tuple<uint8_t, uint32_t, uint16_t, uint32_t, uint16_t>;
    /// Protocol; address and port of the server; port of the public address.
    using InKey = std::tuple<uint8_t, uint32_t, uint16_t, uint16_t>;

    /// A flow from an instance to a public server.
    struct Flow
    {
        uint32_t instance{0};     //!< address of the instance
        uint16_t instancePort{0}; //!< its port
        Time last;                //!< when its last packet passed
    };

    /**
     * @param address an address
     * @return whether it is in the internet
     */
    bool IsPublic(Ipv4Address address) const;

    /**
     * @brief Find the port that a flow leaves with, or give it one.
     * @param protocol IP protocol number
     * @param instance address of the instance
     * @param port its port
     * @param server address of the server
     * @param serverPort its port
     * @return the port; 0: none is free
     */
    uint16_t FindPort(uint8_t protocol,
                      uint32_t instance,
                      uint16_t port,
                      uint32_t server,
                      uint16_t serverPort);

    /// Forget flows that are idle for too long.
    void Sweep();

    /**
     * @brief Count and trace a packet that goes no further.
     * @param p the packet
     * @param header its IP header
     * @param reason why
     * @param ecb tells the stack
     * @return true
     */
    bool Drop(const Ptr<const Packet>& p,
              const Ipv4Header& header,
              const std::string& reason,
              const ErrorCallback& ecb);

    uint32_t m_address{0};            //!< address of the public frontend
    std::set<uint16_t> m_reserved;    //!< ports that listeners have there
    std::set<uint32_t> m_instances;   //!< addresses of the instances
    std::set<uint32_t> m_inside;      //!< public addresses that are reached directly
    Time m_idleTimeout;               //!< attribute
    std::map<OutKey, uint16_t> m_out; //!< port that a flow leaves with
    std::map<InKey, Flow> m_in;       //!< whose flow it is
    std::size_t m_sweepAt{1024};      //!< number of flows at which the idle ones are looked for
    std::map<std::string, uint64_t> m_drops; //!< by reason

    /// A packet was dropped.
    TracedCallback<const Ipv4Header&, Ptr<const Packet>, const std::string&> m_drop;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_OUTBOUND_ROUTING_H */
