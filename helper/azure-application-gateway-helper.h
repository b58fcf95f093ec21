/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_APPLICATION_GATEWAY_HELPER_H
#define AZURE_APPLICATION_GATEWAY_HELPER_H

#include "ns3/azure-application-gateway.h"
#include "ns3/azure-load-balancer-configuration.h"
#include "ns3/ipv4-address.h"
#include "ns3/node-container.h"
#include "ns3/object-factory.h"

#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Puts an application gateway on nodes: a front that clients reach, instances behind it.
 *
 * The front node gets the frontend addresses and spreads connections over the instances by a hash
 * of their five-tuple (AG-8), with the code of the load balancer and floating IP: an instance sees
 * the client's address and the frontend's, and answers from the frontend's. So each instance has
 * the frontend addresses too, on its loopback interface, where no routing protocol sees them. What
 * the front needs to know is which address to send an instance's packets to: the first one of its
 * node, apart from the loopback's.
 *
 * @code
 *   ApplicationGatewayHelper helper;
 *   Ptr<ApplicationGateway> gateway = helper.Install(router, instances, configuration);
 *   Ipv4GlobalRoutingHelper::PopulateRoutingTables();
 * @endcode
 */
class ApplicationGatewayHelper
{
  public:
    ApplicationGatewayHelper();

    /**
     * @brief Set an attribute of the gateways that are made from now on.
     *
     * @param name name of an attribute of ApplicationGateway
     * @param value its value
     */
    void SetAttribute(const std::string& name, const AttributeValue& value);

    /**
     * @brief Set an attribute of the instances that are made from now on.
     *
     * @param name name of an attribute of ApplicationGatewayInstance
     * @param value its value
     */
    void SetInstanceAttribute(const std::string& name, const AttributeValue& value);

    /**
     * @brief Set an attribute of the probers of instances that are made from now on.
     *
     * @param name name of an attribute of HealthProberSet
     * @param value its value
     */
    void SetProbeAttribute(const std::string& name, const AttributeValue& value);

    /**
     * @brief Say whether the instances probe the members; they do unless told otherwise (HP-26).
     *
     * @param enabled false: ApplicationGateway::SetHealthy() and SetAllHealthy() say who is healthy
     */
    void SetProbing(bool enabled);

    /**
     * @brief Let instances that are made from now on resolve members' domain names (AG-30).
     *
     * Each instance asks by the StubResolver of its node, which gets one where it has none, and
     * keeps answers for their time to live; see GatewayNames, which is a part of the node, too.
     *
     * @param servers addresses of recursive resolvers, asked in this order; empty: names stay
     *        unknown, unless ApplicationGatewayInstance::SetResolver() says otherwise
     */
    void SetResolvers(const std::vector<Ipv4Address>& servers);

    /**
     * @brief Find out what would keep Install() from working.
     *
     * @param front where clients' packets come by
     * @param instances where the instances are to be, one a node
     * @param configuration what the gateway is to be
     * @return every error found; empty when it would work
     */
    static std::vector<ConfigurationError> Check(
        Ptr<Node> front,
        const NodeContainer& instances,
        const ApplicationGatewayConfiguration& configuration);

    /**
     * @brief Put an application gateway on nodes.
     *
     * Aborts with the full text of all errors when Check() finds any. Where a member is external,
     * public servers see the gateway's public address (AG-3, GatewayOutboundRouting).
     *
     * @param front where clients' packets come by, with an Ipv4 stack
     * @param instances where the instances are to be, one a node, with addresses
     * @param configuration what the gateway is to be
     * @return the gateway
     */
    Ptr<ApplicationGateway> Install(Ptr<Node> front,
                                    const NodeContainer& instances,
                                    const ApplicationGatewayConfiguration& configuration) const;

    /**
     * @brief Fix the random variable streams of a gateway.
     *
     * @param gateway the gateway
     * @param stream first stream to use
     * @return number of streams used
     */
    int64_t AssignStreams(Ptr<ApplicationGateway> gateway, int64_t stream) const;

  private:
    /**
     * @param instances nodes of the instances
     * @param configuration what the gateway is to be
     * @return the load balancers in front of them: one for public, one for private frontends
     */
    static std::vector<LoadBalancerConfiguration> MakeFronts(
        const NodeContainer& instances,
        const ApplicationGatewayConfiguration& configuration);

    ObjectFactory m_factory;              //!< makes the gateways
    ObjectFactory m_instanceFactory;      //!< makes their instances
    bool m_probing{true};                 //!< whether these probe the members
    std::vector<Ipv4Address> m_resolvers; //!< whom they ask for names of members

    /// Attributes of their probers, by name.
    std::vector<std::pair<std::string, Ptr<const AttributeValue>>> m_probeAttributes;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_APPLICATION_GATEWAY_HELPER_H */
