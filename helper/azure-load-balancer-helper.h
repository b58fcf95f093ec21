/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_LOAD_BALANCER_HELPER_H
#define AZURE_LOAD_BALANCER_HELPER_H

#include "ns3/azure-load-balancer.h"
#include "ns3/node.h"
#include "ns3/object-factory.h"

#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Puts load balancers on nodes, with the addresses that clients reach them at.
 *
 * A frontend address that the node already has stays where it is. One inside the subnet of an
 * interface that uses ARP becomes a further address of that interface, so that hosts on the LAN
 * find it. Any other gets a LoadBalancerNetDevice of its own, which global routing advertises.
 */
class LoadBalancerHelper
{
  public:
    LoadBalancerHelper();

    /**
     * @brief Set an attribute of the load balancers that are made from now on.
     *
     * @param name name of an attribute of LoadBalancer
     * @param value its value
     */
    void SetAttribute(const std::string& name, const AttributeValue& value);

    /**
     * @brief Set an attribute of the probers of load balancers that are made from now on.
     *
     * @param name name of an attribute of HealthProberSet
     * @param value its value
     */
    void SetProbeAttribute(const std::string& name, const AttributeValue& value);

    /**
     * @brief Say whether members are probed; they are unless told otherwise.
     *
     * @param enabled false: verdicts come in through LoadBalancer::SetProbeStatus() alone
     */
    void SetProbing(bool enabled);

    /**
     * @brief Find out what would keep Install() from working.
     *
     * @param node where the load balancer is to be
     * @param configuration what it is to be
     * @return every error, with the path of the field; empty when Install() will work
     */
    static std::vector<ConfigurationError> Check(Ptr<Node> node,
                                                 const LoadBalancerConfiguration& configuration);

    /**
     * @brief Put a load balancer on a node.
     *
     * Aborts with the full text of all errors when Check() finds any.
     *
     * @param node a node with an Ipv4 stack
     * @param configuration what the load balancer is to be
     * @return the load balancer
     */
    Ptr<LoadBalancer> Install(Ptr<Node> node, const LoadBalancerConfiguration& configuration) const;

    /**
     * @brief Fix the random variable streams of a load balancer.
     *
     * @param loadBalancer the load balancer
     * @param stream first stream to use
     * @return number of streams used
     */
    int64_t AssignStreams(Ptr<LoadBalancer> loadBalancer, int64_t stream) const;

  private:
    ObjectFactory m_factory;      //!< makes the load balancers
    ObjectFactory m_probeFactory; //!< makes their probers
    bool m_probing{true};         //!< whether members are probed
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_LOAD_BALANCER_HELPER_H */
