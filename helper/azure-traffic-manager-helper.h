/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TRAFFIC_MANAGER_HELPER_H
#define AZURE_TRAFFIC_MANAGER_HELPER_H

#include "ns3/application-container.h"
#include "ns3/azure-dns-static-zone.h"
#include "ns3/azure-service-tags.h"
#include "ns3/azure-traffic-manager.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/node-container.h"
#include "ns3/object-factory.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Puts a Traffic Manager on nodes: name servers that answer, places that probe.
 *
 * Each name server is a DnsServer; one that is on its node already serves the profiles as well.
 * Each place probes from an address of the tag AzureTrafficManager (HP-49), which its node gets
 * unless it has one; global routing advertises it, other ways of routing must be told of it.
 *
 * @code
 *   TrafficManagerHelper helper;
 *   Ptr<TrafficManager> manager = helper.Install(servers, places, profiles, world);
 *   TrafficManagerHelper::Delegate(*netZone, manager);
 *   Ipv4GlobalRoutingHelper::PopulateRoutingTables();
 * @endcode
 */
class TrafficManagerHelper
{
  public:
    TrafficManagerHelper();

    /**
     * @brief Set an attribute of the Traffic Managers that are made from now on.
     *
     * @param name name of an attribute of TrafficManager
     * @param value its value
     */
    void SetAttribute(const std::string& name, const AttributeValue& value);

    /**
     * @brief Set an attribute of the places that are made from now on.
     *
     * @param name name of an attribute of EndpointMonitor
     * @param value its value
     */
    void SetMonitorAttribute(const std::string& name, const AttributeValue& value);

    /**
     * @brief Set an attribute of the name servers that are made from now on.
     *
     * @param name name of an attribute of DnsServer
     * @param value its value
     */
    void SetServerAttribute(const std::string& name, const AttributeValue& value);

    /**
     * @brief Say which addresses probes may come from; ServiceTags::MakeAzure() unless told
     *        otherwise.
     *
     * @param tags tags; without an AzureTrafficManager among them, places probe from their nodes'
     *        own addresses
     */
    void SetServiceTags(const ServiceTags& tags);

    /**
     * @brief Say how places find the addresses of targets.
     *
     * @param resolve finds an address, 0.0.0.0 if there is none; without it each place's
     *        StubResolver does, which may be installed later
     */
    void SetResolve(EndpointMonitor::ResolveFunction resolve);

    /**
     * @param settings where texts disagree
     */
    void SetSettings(const TrafficManagerSettings& settings);

    /**
     * @brief Make nodes for places, each one link away from a router.
     *
     * @param routers one place at each
     * @param addresses gives the addresses of the links, a network each
     * @param delay one-way delay of each link
     * @return the nodes, with internet stacks
     */
    static NodeContainer CreatePlaces(const NodeContainer& routers,
                                      Ipv4AddressHelper& addresses,
                                      Time delay = MilliSeconds(1));

    /**
     * @brief Find out what would keep Install() from working.
     *
     * @param nameServers where the name servers are to be
     * @param places where probes are to come from; none: TrafficManager::SetHealth() says how
     *        endpoints are
     * @param profiles profiles that belong together
     * @param world regions, round-trip times and locations of sources
     * @return every error found; empty when it would work
     */
    std::vector<ConfigurationError> Check(const NodeContainer& nameServers,
                                          const NodeContainer& places,
                                          const std::vector<TrafficManagerConfiguration>& profiles,
                                          std::shared_ptr<const TrafficManagerWorld> world) const;

    /**
     * @brief Put a Traffic Manager on nodes.
     *
     * Aborts with the full text of all errors when Check() finds any.
     *
     * @param nameServers where the name servers are to be, with addresses
     * @param places where probes are to come from, with internet stacks
     * @param profiles profiles that belong together
     * @param world regions, round-trip times and locations of sources
     * @return the Traffic Manager; it lives until Simulator::Destroy()
     */
    Ptr<TrafficManager> Install(const NodeContainer& nameServers,
                                const NodeContainer& places,
                                const std::vector<TrafficManagerConfiguration>& profiles,
                                std::shared_ptr<const TrafficManagerWorld> world) const;

    /**
     * @brief Let the zone above know the name servers.
     *
     * @param parent a zone, such as `net`
     * @param manager the Traffic Manager; its names that are not below the zone are left out
     * @return how many records were added
     */
    static uint32_t Delegate(DnsStaticZone& parent, Ptr<TrafficManager> manager);

    /**
     * @brief Fix the random variable streams of a Traffic Manager.
     *
     * @param manager the Traffic Manager
     * @param stream first stream to use
     * @return number of streams used
     */
    int64_t AssignStreams(Ptr<TrafficManager> manager, int64_t stream) const;

  private:
    /**
     * @param places nodes of places
     * @return where each probes from: an address of the tag that the node has, or one that no node
     *         has; 0.0.0.0 if there is no tag; fewer than places if the tag has too few
     */
    std::vector<Ipv4Address> ChooseSources(const NodeContainer& places) const;

    ObjectFactory m_factory;                    //!< makes Traffic Managers
    ObjectFactory m_monitorFactory;             //!< makes places
    ObjectFactory m_serverFactory;              //!< makes name servers
    ServiceTags m_tags;                         //!< where probes may come from
    EndpointMonitor::ResolveFunction m_resolve; //!< finds addresses; empty: StubResolver
    TrafficManagerSettings m_settings;          //!< where texts disagree
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TRAFFIC_MANAGER_HELPER_H */
