/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_LOAD_BALANCER_READER_H
#define AZURE_LOAD_BALANCER_READER_H

#include "ns3/azure-service-reader.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Reads one load balancer resource, with its separate children, into a configuration.
 *
 * What the service fills in when the input leaves it out: no `sku` is Basic; a probe every 15 s;
 * idle timeout 4 min; 5-tuple distribution; no floating IP; no TCP reset.
 */
class LoadBalancerReader : public ServiceReader
{
  public:
    /// An inbound NAT pool: scale set instances get one port each.
    struct NatPool
    {
        InboundNatRule rule;    //!< what the rules have in common; the name is the pool's
        uint16_t rangeStart{0}; //!< port of instance 0
        uint16_t rangeEnd{0};   //!< last port
        std::string path;       //!< JSON path
        bool used{false};       //!< whether a scale set names it
    };

    using ServiceReader::ServiceReader;

    /**
     * @brief Reads the resource.
     * @param children its separate pools and NAT rules
     */
    void Read(const std::vector<ImportedResource*>& children);

    /**
     * @brief Adds a member to a pool.
     * @param reference reference to the pool
     * @param name name of the member, for reports
     * @param address its address
     * @param running whether it runs
     * @return name of the pool
     * @throws ResourceError when there is no such pool
     */
    std::string AddMember(const ResourceView& reference,
                          const std::string& name,
                          const IpAddress& address,
                          bool running);

    /**
     * @brief Leads an inbound NAT rule to an instance.
     * @param reference reference to the rule
     * @param address address of the instance
     * @return name of the rule
     * @throws ResourceError when there is no such rule
     */
    std::string SetNatTarget(const ResourceView& reference, const IpAddress& address);

    /**
     * @brief Adds the rule of one scale set instance to a NAT pool.
     * @param reference reference to the pool
     * @param instance number of the instance
     * @param address its address
     * @return name of the rule
     * @throws ResourceError when there is no such pool, or no port left
     */
    std::string AddNatPoolRule(const ResourceView& reference,
                               uint32_t instance,
                               const IpAddress& address);

    DeployedLoadBalancer m_result;   //!< what was read
    std::vector<NatPool> m_natPools; //!< inbound NAT pools

    /**
     * @param type product variant and scope of a load balancer resource
     * @return why it is not modelled; empty: it is
     */
    static std::string WhyNotModelled(const ResourceView& type);

    /**
     * @return whether there are frontends, but all of them are IPv6
     */
    bool IsWholeIpv6() const;

  private:
    void ReadFrontend(const ResourceView& view); //!< @param view a frontend
    void ReadPool(const ResourceView& view);     //!< @param view a pool

    /**
     * @brief Reads which virtual network the backends are in.
     * @param reference reference to it, which need not exist
     * @throws ResourceError when the input holds no such network, or it is another one
     */
    void ReadNetwork(const ResourceView& reference);

    void ReadProbe(const ResourceView& view);   //!< @param view a probe
    void ReadRule(const ResourceView& view);    //!< @param view a load balancing rule
    void ReadNatRule(const ResourceView& view); //!< @param view an inbound NAT rule
    void ReadNatPool(const ResourceView& view); //!< @param view an inbound NAT pool

    /**
     * @brief Reads what rules of every kind have in common.
     * @tparam Rule type of the rule
     * @param view the rule
     * @param[out] rule receives it
     */
    template <typename Rule>
    void ReadCommon(const ResourceView& view, Rule& rule);

    /**
     * @brief Notes a rule whose frontend is IPv6.
     * @param view a rule or inbound NAT pool
     * @param what what it is called
     * @return whether it was noted, and is not to be read
     */
    bool IsIpv6Rule(const ResourceView& view, const std::string& what);
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_LOAD_BALANCER_READER_H */
