/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_LOAD_BALANCER_READER_H
#define AZURE_LOAD_BALANCER_READER_H

#include "ns3/azure-configuration-error.h"
#include "ns3/azure-deployment-configuration.h"
#include "ns3/azure-imported-resource.h"
#include "ns3/azure-resource-completion.h"
#include "ns3/azure-resource-view.h"

#include <cstdint>
#include <set>
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
class LoadBalancerReader
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

    /**
     * @param resource the load balancer
     * @param completion knows the other resources
     * @param[in,out] notModelled receives parts that have no effect
     */
    LoadBalancerReader(const ImportedResource& resource,
                       const ResourceCompletion& completion,
                       std::vector<ResourceNotice>& notModelled);

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

    DeployedLoadBalancer m_result;              //!< what was read
    ResourcePathMap m_paths;                    //!< where it was read
    std::vector<NatPool> m_natPools;            //!< inbound NAT pools
    std::vector<std::string> m_publicAddresses; //!< ids, in lower case, that frontends use

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
     * @tparam T a struct with a `name`
     * @param reference reference to a part of this load balancer
     * @param list the parts of that kind
     * @param what what the part is called, for errors
     * @return name of the part
     * @throws ResourceError when there is no such part
     */
    template <typename T>
    std::string ResolvePart(const ResourceView& reference,
                            const std::vector<T>& list,
                            const std::string& what);

    /**
     * @brief Notes a rule whose frontend is IPv6.
     * @param view a rule or inbound NAT pool
     * @param what what it is called
     * @return whether it was noted, and is not to be read
     */
    bool IsIpv6Rule(const ResourceView& view, const std::string& what);

    /**
     * @brief Notes the properties that have no effect.
     * @param view the load balancer or a part of it
     * @param kind which list it is in, for example "probes"
     */
    void NoteUnknown(const ResourceView& view, const std::string& kind);

    /**
     * @brief Notes a part that has no effect.
     * @param view the part
     * @param what what it is
     * @param why why it has none
     */
    void Note(const ResourceView& view, const std::string& what, const std::string& why);

    const ImportedResource& m_resource;         //!< the load balancer
    const ResourceCompletion& m_completion;     //!< knows the other resources
    std::set<std::string> m_ipv6Frontends;      //!< names, in lower case
    std::vector<ResourceNotice>& m_notModelled; //!< receives parts that have no effect
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_LOAD_BALANCER_READER_H */
