/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_PROBE_SOURCE_H
#define AZURE_PROBE_SOURCE_H

#include "azure-health-prober.h"

#include "ns3/ipv4-address.h"
#include "ns3/ipv4-header.h"
#include "ns3/node.h"
#include "ns3/object.h"
#include "ns3/packet.h"
#include "ns3/traced-callback.h"
#include "ns3/virtual-net-device.h"

#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Where probes start: a node and the address that they come from.
 *
 * For Load Balancer this is the platform's agent on a host, with an address that is not the
 * node's own: 168.63.129.16 (HP-9). For Application Gateway it is an instance, with its own address
 * for private servers and with the gateway's public one for the others (HP-28).
 *
 * An address that is not the node's own lives on a VirtualNetDevice of its own that no packet
 * crosses. A routing hook lets sockets bound to that device leave through
 * the node's real routes with the address as their source, and takes what comes back for it.
 * The interface does not forward, so global routing does not advertise the address: every
 * host has the same one, as in Azure.
 *
 * Only the platform sends from such an address: a packet that arrives from elsewhere with it as
 * source is dropped (trace source `Drop`), unless the node has the address for other uses, too.
 *
 * There is one per node and address, shared by all balancers, and it owns the probers that start
 * here. Where a node has one alone, as hosts have, node->GetObject<ProbeSource>() gives it.
 */
class ProbeSource : public Object
{
  public:
    /// Reason in the trace `Drop`: a packet from elsewhere with the platform's address.
    static constexpr const char* DROP_SPOOFED = "spoofed-platform-address";

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    ProbeSource();
    ~ProbeSource() override;

    /**
     * @return 168.63.129.16, the source of all IPv4 probes of Load Balancer (HP-9)
     */
    static Ipv4Address GetPlatformAddress();

    /**
     * @brief The probe source of a node and an address; created when there is none yet.
     *
     * @param host a node with an IPv4 stack and TCP
     * @param address the address that probes come from; Ipv4Address::GetAny(): the node's own one
     *        that its routing chooses
     * @return the probe source
     */
    static Ptr<ProbeSource> GetOrCreate(Ptr<Node> host, Ipv4Address address = GetPlatformAddress());

    /**
     * @brief The node that probes an instance: the instance's first hop (HP-10).
     *
     * Asks the instance's own routing for a route to the platform's address. Its next hop is
     * the host: the node that owns the gateway address, or the peer of a point-to-point link.
     * An instance without a route is given a host route through its only neighbour that
     * forwards, as the platform's DHCP gives it one; with no or several such neighbours this
     * is an error.
     *
     * @param instance the node of the instance
     * @param [out] error what is wrong and what to do; empty when a host was found
     * @param address the address that probes come from
     * @return the host, or null with the error set
     */
    static Ptr<Node> FindHost(Ptr<Node> instance,
                              std::string& error,
                              Ipv4Address address = GetPlatformAddress());

    /**
     * @brief The node that owns an address.
     * @param address an address of a simulated node
     * @return the node, or null
     */
    static Ptr<Node> FindNode(Ipv4Address address);

    /**
     * @brief Makes a prober of an instance.
     *
     * Each pair of instance and probe definition of one balancer has one (HP-11);
     * HealthProberSet sees to that.
     *
     * @param name name of the probe in the traces, `<balancer>/<probe>`
     * @param target address of the instance
     * @param settings the probe
     * @return the prober, not yet started
     */
    Ptr<HealthProber> AddProber(const std::string& name,
                                Ipv4Address target,
                                const ProbeSettings& settings);

    /**
     * @brief Stops a prober and forgets it.
     * @param prober a prober of this source or of another one of the node; any other: without
     *        effect
     */
    void RemoveProber(Ptr<HealthProber> prober);

    /**
     * @return the probers, in the order of their creation
     */
    const std::vector<Ptr<HealthProber>>& GetProbers() const;

    /**
     * @return the address that probes come from; 0.0.0.0 for the node's own
     */
    Ipv4Address GetAddress() const;

    /**
     * @return the device that carries the address; null for the node's own
     */
    Ptr<NetDevice> GetDevice() const;

    /**
     * @return the node
     */
    Ptr<Node> GetHost() const;

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

  protected:
    void DoDispose() override;

  private:
    friend class ProbeSourceRouting;

    /**
     * @brief Puts device, address and hook on a node.
     * @param host the node
     * @param address the address that probes come from; 0.0.0.0: nothing is put there
     */
    void Install(Ptr<Node> host, Ipv4Address address);

    /**
     * @param target address of an instance
     * @return the source of probes of it
     */
    Ipv4Address FindAddress(Ipv4Address target) const;

    Ptr<Node> m_host;                         //!< the node
    Ptr<VirtualNetDevice> m_device;           //!< carries the address; null for the node's own
    Ipv4Address m_address;                    //!< the address that probes come from
    bool m_shared{false};                     //!< the node has the address for other uses, too
    Ptr<ProbeSource> m_further;               //!< of the same node, with another address
    std::vector<Ptr<HealthProber>> m_probers; //!< in the order of their creation

    /// A packet was dropped.
    TracedCallback<const Ipv4Header&, Ptr<const Packet>, const std::string&> m_drop;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_PROBE_SOURCE_H */
