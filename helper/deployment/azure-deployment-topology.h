/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_DEPLOYMENT_TOPOLOGY_H
#define AZURE_DEPLOYMENT_TOPOLOGY_H

#include "azure-deployment-configuration.h"

#include "ns3/azure-region-table.h"
#include "ns3/data-rate.h"
#include "ns3/ipv4-address.h"
#include "ns3/net-device.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/object.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{

class Ipv4StaticRouting;

namespace azure
{

class HostRouting;

/**
 * @ingroup azure-load-balancing
 * @brief A node at the end of the network: a network interface or a client.
 */
struct EdgeNode
{
    std::string name;             //!< unique in the topology
    Ptr<Node> node;               //!< the node
    Ptr<NetDevice> device;        //!< its end of the link
    Ptr<NetDevice> gatewayDevice; //!< the router's end of the link
    Ipv4Address address;          //!< its first address
    Ipv4Address gateway;          //!< its next hop for everything
};

/**
 * @ingroup azure-load-balancing
 * @brief The network of a deployment: nodes, links, addresses and routes.
 *
 * ~~~
 * clients -- internet -- edge of region -- router of virtual network -- network interfaces
 *                        public balancers  internal balancers,          instances of gateways
 *                        clients and hosts gateways                     clients inside
 *                        at the region
 * ~~~
 *
 * Edges of regions are linked in pairs too, with half the round-trip time that Microsoft measures
 * between them. These links carry what goes from region to region; the internet in the middle is
 * for clients that are at no region, equally near to all of them.
 *
 * As in Azure there is no broadcast domain: every network interface is a node of its own
 * behind a point-to-point link, and its next hop for everything is its network's router. So
 * internal frontends need no ARP, and a virtual machine with several network interfaces is
 * several nodes that share its fate. The router of the virtual network stands for the hosts of
 * the machines too: probes start there.
 *
 * The front of an application gateway is the router of its virtual network; its instances are
 * nodes like network interfaces.
 *
 * Public balancers with floating IP sit beside the internal ones: the packets that they send on
 * keep the address of the frontend, so only the last router knows their way to the instance.
 *
 * Routes are static: default routes outward, a prefix for each virtual network at the edge of
 * its region, and host routes (HostRouting) to network interfaces and clients. Addresses of
 * links between routers are from 100.64.0.0/11, clients in the internet have 198.18.0.0/15, clients
 * and hosts at a region a prefix of 100.96.0.0/11.
 */
class DeploymentTopology : public Object
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    DeploymentTopology() = default;
    ~DeploymentTopology() override = default;

    /**
     * @brief Build everything but the clients. To be called once.
     *
     * @param deployment a deployment that validates
     */
    void Build(const DeploymentConfiguration& deployment);

    /**
     * @brief Add a client in the internet.
     * @param name its name
     * @return the client
     */
    const EdgeNode& AddInternetClient(const std::string& name);

    /**
     * @brief Make a region where there is none yet: its edge, and room for clients and hosts.
     * @param region name of the region
     * @return the prefix of its clients and hosts
     */
    AddressPrefix AddRegion(const std::string& region);

    /**
     * @brief Add a client at a region, behind its edge.
     * @param name its name
     * @param region name of the region, which is made when there is none yet
     * @return the client
     */
    const EdgeNode& AddRegionClient(const std::string& name, const std::string& region);

    /**
     * @brief Add a host at a region that is neither client nor part of the deployment, such as a
     *        name server.
     * @param name its name
     * @param region name of the region, which is made when there is none yet
     * @param addresses public addresses that it has besides that of the region; for others to find
     *        them there have to be public routes
     * @return the host; its address is that of the region
     */
    const EdgeNode& AddRegionHost(const std::string& name,
                                  const std::string& region,
                                  const std::vector<Ipv4Address>& addresses = {});

    /**
     * @brief Add a server in the internet.
     * @param name its name
     * @param address its public address, which nobody has yet
     * @return the server
     */
    const EdgeNode& AddInternetServer(const std::string& name, Ipv4Address address);

    /**
     * @brief Add a client inside a virtual network, with a free address of a subnet.
     * @param name its name
     * @param virtualNetwork name of the virtual network
     * @param near an address in the subnet that it goes to, if that has room: the last free address
     *        is taken, or one of another subnet
     * @return the client, or null when no address is free
     */
    const EdgeNode* AddNetworkClient(const std::string& name,
                                     const std::string& virtualNetwork,
                                     Ipv4Address near);

    /**
     * @brief Add an instance of an application gateway, with the first free address of its subnet
     *        (AG-5). To be called before clients are added.
     * @param name its name
     * @param virtualNetwork name of the virtual network
     * @param subnet name of the gateway's subnet, which has room
     * @return the instance
     */
    const EdgeNode& AddGatewayInstance(const std::string& name,
                                       const std::string& virtualNetwork,
                                       const std::string& subnet);

    /**
     * @return the router in the middle of the internet
     */
    Ptr<Node> GetInternetRouter() const;

    /**
     * @param region name of a region
     * @return its edge router, the place of its public balancers without floating IP
     */
    Ptr<Node> GetEdgeRouter(const std::string& region) const;

    /**
     * @param name name of a virtual network
     * @return its router, the place of its internal balancers and of those with floating IP
     */
    Ptr<Node> GetNetworkRouter(const std::string& name) const;

    /**
     * @param name name of a network interface, a virtual machine or a host at a region
     * @return its nodes, one for each network interface; empty when there is none
     */
    std::vector<const EdgeNode*> Find(const std::string& name) const;

    /**
     * @param address a private address
     * @return the network interface that has it, or null
     */
    const EdgeNode* FindOwner(Ipv4Address address) const;

    /**
     * @return the names of all virtual machines and network interfaces
     */
    std::vector<std::string> GetTargetNames() const;

    /**
     * @return the network interfaces, in the order of the deployment
     */
    const std::vector<EdgeNode>& GetNetworkInterfaces() const;

    /**
     * @return the instances of gateways, in the order in which they were added
     */
    std::vector<const EdgeNode*> GetGatewayInstances() const;

    /**
     * @return the hosts at regions, in the order in which they were added
     */
    std::vector<const EdgeNode*> GetRegionHosts() const;

    /**
     * @return the regions, in the order of their names
     */
    std::vector<std::string> GetRegions() const;

    /**
     * @return the servers in the internet, in the order in which they were added
     */
    std::vector<const EdgeNode*> GetInternetServers() const;

    /**
     * @return the clients, in the order in which they were added
     */
    std::vector<const EdgeNode*> GetClients() const;

    /**
     * @brief Let the internet find a public frontend.
     * @param address the frontend's address
     * @param region the region whose edge router has it
     */
    void AddPublicRoute(Ipv4Address address, const std::string& region);

    /**
     * @brief Let everybody find the nearest of several hosts with one address (anycast).
     * @param address the address
     * @param regions the regions that have such a host; from the internet in the middle the first
     *        one is found
     */
    void AddAnycastRoute(Ipv4Address address, const std::vector<std::string>& regions);

    /**
     * @brief Let everybody find a network interface by a public address, which it is given.
     * @param address the address
     * @param interface name of the network interface
     */
    void AddPublicRouteToInterface(Ipv4Address address, const std::string& interface);

    /**
     * @brief Let the internet, and the edge of its region, find a public frontend whose balancer
     *        sits at a virtual network.
     * @param address the frontend's address
     * @param virtualNetwork name of the virtual network whose router has it
     */
    void AddPublicRouteToNetwork(Ipv4Address address, const std::string& virtualNetwork);

    /**
     * @brief Keep a subnet's address from being given to a client.
     * @param address the address
     */
    void Reserve(Ipv4Address address);

  protected:
    void DoDispose() override;

  private:
    /** One end of a link between routers. */
    struct Port
    {
        uint32_t interface;  //!< index of the interface
        Ipv4Address address; //!< address of this end
        Ipv4Address peer;    //!< address of the other end
    };

    /** A public address and the regions that have it. */
    struct PublicPlace
    {
        Ipv4Address address;              //!< the address
        std::vector<std::string> regions; //!< one, or several with anycast
    };

    /**
     * @param node a node
     * @return its static routing
     */
    static Ptr<Ipv4StaticRouting> GetStaticRouting(Ptr<Node> node);

    /**
     * @param node a router
     * @return its host routing
     */
    static Ptr<HostRouting> GetHostRouting(Ptr<Node> node);

    /**
     * @brief Make a router with an IPv4 stack, static routing and host routing.
     * @return the router
     */
    Ptr<Node> MakeRouter() const;

    /**
     * @param region name of a region
     * @return its edge router, made when there is none yet
     */
    Ptr<Node> MakeEdge(const std::string& region);

    /**
     * @brief Link a new edge with those of all other regions.
     * @param region name of its region
     */
    void LinkWithOthers(const std::string& region);

    /**
     * @brief Tell an edge the way to a public address that other regions have.
     * @param region name of the edge's region
     * @param place the address and where it is
     */
    void RouteToPlace(const std::string& region, const PublicPlace& place);

    /**
     * @brief Tell an edge the way to the clients and hosts of another region.
     * @param region name of the edge's region
     * @param other name of the other region
     */
    void RouteToRegion(const std::string& region, const std::string& other);

    /**
     * @param region name of a region
     * @param other name of another region
     * @return one-way delay of the link between them
     */
    Time GetRegionDelay(const std::string& region, const std::string& other) const;

    /**
     * @param region name of a region
     * @return a free address of its prefix
     */
    Ipv4Address TakeRegionAddress(const std::string& region);

    /**
     * @brief Link two routers.
     * @param one a router
     * @param other another router
     * @param rate rate of the link
     * @param delay one-way delay of the link
     * @return both ends
     */
    std::pair<Port, Port> Link(Ptr<Node> one, Ptr<Node> other, DataRate rate, Time delay);

    /**
     * @brief Link two routers, the outer one being the way to everything for the inner one.
     * @param outer the router nearer to the internet
     * @param inner the other one
     * @param rate rate of the link
     * @param delay one-way delay of the link
     * @return both ends, the outer one first
     */
    std::pair<Port, Port> Connect(Ptr<Node> outer, Ptr<Node> inner, DataRate rate, Time delay);

    /**
     * @brief Add a host route over a link between routers.
     * @param router the router at the outer end
     * @param port the outer end
     * @param address where to
     */
    void AddInwardRoute(Ptr<Node> router, const Port& port, Ipv4Address address) const;

    /**
     * @brief Hang a node with its own addresses behind a router.
     * @param name its name
     * @param router the router
     * @param gateway address of the router's end
     * @param addresses addresses of the node, at least one
     * @param rate rate of the link
     * @param delay one-way delay of the link
     * @return the node
     */
    EdgeNode Attach(const std::string& name,
                    Ptr<Node> router,
                    Ipv4Address gateway,
                    const std::vector<Ipv4Address>& addresses,
                    DataRate rate,
                    Time delay) const;

    /**
     * @brief Find a free address, which is free no longer.
     * @param prefix where to look
     * @param ascending whether to begin at the start of the prefix, as opposed to its end
     * @return the address; nothing when none is free
     */
    std::optional<Ipv4Address> FindFree(const AddressPrefix& prefix, bool ascending);

    /**
     * @brief Hang a node behind the router of a virtual network.
     * @param name its name
     * @param virtualNetwork name of the virtual network
     * @param prefix of the subnet
     * @param address its address
     * @return the node
     */
    EdgeNode AttachInside(const std::string& name,
                          const std::string& virtualNetwork,
                          const AddressPrefix& prefix,
                          Ipv4Address address) const;

    DataRate m_internetRate;     //!< rate between the internet's router and a region
    Time m_internetDelay;        //!< one-way delay between the internet's router and a region
    DataRate m_clientRate;       //!< rate of a client's link
    Time m_clientDelay;          //!< one-way delay of a client's link
    DataRate m_networkRate;      //!< rate between region edge and virtual network
    Time m_networkDelay;         //!< one-way delay between region edge and virtual network
    DataRate m_interfaceRate;    //!< rate of a network interface
    Time m_interfaceDelay;       //!< one-way delay of a network interface
    Time m_unknownRegionDelay;   //!< one-way delay between regions where none was measured
    std::string m_queueSize;     //!< size of every device's queue
    Ptr<Node> m_internet;        //!< the router in the middle
    uint32_t m_links{0};         //!< links between routers so far
    uint32_t m_internetHosts{0}; //!< clients in the internet so far
    std::map<std::string, Ptr<Node>> m_edges;  //!< edge router by region
    std::map<std::string, Port> m_regionPorts; //!< the internet's port by region
    /// The edge's port by its region and the other one.
    std::map<std::pair<std::string, std::string>, Port> m_peerPorts;
    std::map<std::string, uint32_t> m_regionPrefixes; //!< index of the prefix by region
    std::map<std::string, uint32_t> m_regionHosts;    //!< clients and hosts by region
    std::vector<PublicPlace> m_publicPlaces;          //!< public addresses and where they are
    RegionTable m_regions;                            //!< round-trip times; empty until needed
    std::map<std::string, Ptr<Node>> m_networks;      //!< router by virtual network
    std::map<std::string, Port> m_networkPorts;       //!< the edge's port by network
    std::vector<EdgeNode> m_interfaces;               //!< network interfaces
    std::map<std::string, std::vector<std::size_t>> m_targets; //!< interfaces by name
    std::map<uint32_t, std::size_t> m_owners;                  //!< interface by address
    std::vector<std::unique_ptr<EdgeNode>> m_instances;        //!< instances of gateways
    std::vector<std::unique_ptr<EdgeNode>> m_servers;          //!< servers in the internet
    std::vector<std::unique_ptr<EdgeNode>> m_clients;          //!< clients
    std::vector<std::unique_ptr<EdgeNode>> m_hosts;            //!< hosts at regions
    std::set<uint32_t> m_used;                                 //!< private addresses in use
    DeploymentConfiguration m_deployment;                      //!< what was built
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_DEPLOYMENT_TOPOLOGY_H */
