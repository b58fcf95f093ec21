/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_SCENARIO_NAME_SERVICE_H
#define AZURE_SCENARIO_NAME_SERVICE_H

#include "azure-deployment-topology.h"
#include "azure-scenario-plan.h"

#include "ns3/azure-dns-static-zone.h"
#include "ns3/azure-recursive-resolver.h"
#include "ns3/azure-traffic-manager.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief A recursive resolver that clients of a scenario ask.
 */
struct ScenarioResolverNode
{
    std::string name;                //!< for example `clients-eastus-resolver-0`
    std::size_t group{0};            //!< index of the group of clients
    std::string clients;             //!< region of the clients
    Ipv4Address address;             //!< its address
    Ptr<RecursiveResolver> resolver; //!< the resolver
};

/**
 * @ingroup azure-load-balancing
 * @brief Everything between a client of a Traffic Manager profile and the address that it connects
 *        to: resolvers, name servers from the root down, Traffic Manager and its monitors.
 *
 * ~~~
 * client -- resolver -- root -- server of the top-level domain -- server of the owner's domain
 *                                                              -- Traffic Manager
 *                                                              -- server of the endpoint's domain
 * ~~~
 *
 * As on the Internet, each kind of name server is in several regions under one address (anycast).
 * The owner's domain has an alias of the profile's name (TM-2). Endpoints of the deployment have
 * their public addresses; who else is named has the server that the importer made for it.
 */
class ScenarioNameService
{
  public:
    /**
     * @param plan what is run; must outlive this
     * @param deployment what it runs on; must outlive this
     * @param topology where it is put
     */
    ScenarioNameService(const ScenarioPlan& plan,
                        const DeploymentConfiguration& deployment,
                        Ptr<DeploymentTopology> topology);

    /**
     * @brief Put it there; once, before the clients.
     * @param stream first random variable stream to use
     * @return number of streams used
     */
    int64_t Install(int64_t stream);

    /**
     * @brief Have the plane of health and policy fail when the plan says so (TM-9).
     * @param fault a fault of that kind
     */
    void Schedule(const PlannedFault& fault) const;

    /**
     * @brief Give a client a resolver of its own, which asks one of the recursive ones.
     * @param node the client's node
     * @param clients what it belongs to
     * @param number its number among these
     * @param stream first random variable stream to use
     * @return number of streams used
     */
    int64_t InstallStub(Ptr<Node> node,
                        const PlannedClients& clients,
                        uint32_t number,
                        int64_t stream) const;

    /**
     * @return Traffic Manager
     */
    Ptr<TrafficManager> GetManager() const;

    /**
     * @return the recursive resolvers
     */
    const std::vector<ScenarioResolverNode>& GetResolvers() const;

  private:
    /** @brief Let everybody find the public addresses of machines that endpoints lead to. */
    void RouteTargets();

    /**
     * @brief Make the resolvers of all groups that ask profiles.
     * @param stream first random variable stream to use
     * @return number of streams used
     */
    int64_t InstallResolvers(int64_t stream);

    /**
     * @brief Make Traffic Manager and its monitors.
     * @param stream first random variable stream to use
     * @return number of streams used
     */
    int64_t InstallManager(int64_t stream);

    /** @brief Fill the zones above, beside and below Traffic Manager's. */
    void MakeZones();

    /**
     * @brief Make a zone for everything below a domain.
     * @param domain the domain, of two labels; one that Traffic Manager serves has none
     * @return the zone, or null
     */
    std::shared_ptr<DnsStaticZone> FindDomain(const std::string& domain);

    /**
     * @param name a top-level domain
     * @return its zone
     */
    std::shared_ptr<DnsStaticZone> FindTopLevelDomain(const std::string& name);

    /**
     * @brief Put the name servers of one kind in their regions.
     * @param kind how they are called
     * @param address the address of all of them
     * @param zones what they serve
     * @param stream first random variable stream to use
     * @return number of streams used
     */
    int64_t InstallServers(const std::string& kind,
                           Ipv4Address address,
                           const std::vector<std::shared_ptr<DnsZone>>& zones,
                           int64_t stream) const;

    const ScenarioPlan& m_plan;                                       //!< what is run
    const DeploymentConfiguration& m_deployment;                      //!< what it runs on
    Ptr<DeploymentTopology> m_topology;                               //!< where it is
    Ptr<TrafficManager> m_manager;                                    //!< Traffic Manager
    std::vector<ScenarioResolverNode> m_resolvers;                    //!< recursive resolvers
    std::shared_ptr<DnsStaticZone> m_root;                            //!< the root
    std::map<std::string, std::shared_ptr<DnsStaticZone>> m_topLevel; //!< by name
    std::map<std::string, std::shared_ptr<DnsStaticZone>> m_domains;  //!< by name
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_SCENARIO_NAME_SERVICE_H */
