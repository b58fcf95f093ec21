/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_SCENARIO_PLAN_H
#define AZURE_SCENARIO_PLAN_H

#include "azure-deployment-configuration.h"
#include "azure-scenario.h"

#include "ns3/azure-application-gateway-engine.h"
#include "ns3/azure-http-message.h"
#include "ns3/azure-http-record.h"
#include "ns3/azure-probe-settings.h"
#include "ns3/azure-tls-certificate.h"
#include "ns3/random-variable-stream.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Which of Azure's services is meant.
 */
enum class ServiceKind
{
    LoadBalancer,       //!< layer 4, index in DeploymentConfiguration::loadBalancers
    ApplicationGateway, //!< layer 7, index in DeploymentConfiguration::applicationGateways
    TrafficManager      //!< DNS, index in ScenarioPlan::profiles
};

/**
 * @param kind a service
 * @return its name in reports, for example `load-balancer`
 */
std::string GetName(ServiceKind kind);

/**
 * @ingroup azure-load-balancing
 * @brief What of a request decides where an application gateway sends it, and where that is; of
 *        Traffic Manager only what a client asks for.
 */
struct PlannedUrl
{
    std::string listener;            //!< name of the listener
    std::string pathRule;            //!< name of the path rule; empty: none, or the default
    bool layer4{false};              //!< the gateway does not look at requests (AG-59)
    bool tls{false};                 //!< HTTPS
    std::string host;                //!< that a client asks for; empty: the frontend's address
    std::string path;                //!< that a client asks for, without a query
    std::string pool;                //!< name of the pool; empty with a redirect
    std::optional<uint32_t> setting; //!< of both layers in one row; unset with a redirect
    uint32_t status{0};              //!< that the gateway answers with by itself; 0: it does not
};

/**
 * @ingroup azure-load-balancing
 * @brief Where an endpoint of a Traffic Manager profile leads to.
 */
struct PlannedTarget
{
    std::size_t profile{0};         //!< index in ScenarioPlan::profiles
    std::size_t endpoint{0};        //!< index of the endpoint there
    std::string target;             //!< its DNS name or address
    IpAddress address;              //!< the address that clients connect to
    std::string region;             //!< where that is
    std::string interface;          //!< network interface that has it; empty: a service has it
    std::vector<IpAddress> servers; //!< machines that answer there; none: nobody does
};

/**
 * @ingroup azure-load-balancing
 * @brief Where clients reach instances by a rule: a frontend address and port, at an application
 *        gateway host and path, at Traffic Manager a name that leads to one of several addresses.
 */
struct PlannedEndpoint
{
    ServiceKind service{ServiceKind::LoadBalancer}; //!< whose rule it is
    std::size_t index{0};   //!< index of the service in its list of the deployment
    std::string rule;       //!< name of the rule
    bool inboundNat{false}; //!< an inbound NAT rule, as opposed to a load balancing rule
    TransportProtocol protocol{TransportProtocol::Tcp}; //!< of the rule
    IpAddress address;                                  //!< the frontend
    uint16_t port{0};                      //!< the frontend port; of HA ports one that is served
    bool isPublic{true};                   //!< whether clients are in the internet
    uint16_t backendPort{0};               //!< port on the instances
    bool floatingIp{false};                //!< the instances see the frontend's address (LB-26)
    bool tls{false};                       //!< a load balancer's: the instances speak HTTPS there
    std::vector<IpAddress> members;        //!< the instances that may be reached
    std::vector<IpAddress> probed;         //!< those that run and that the probe asks (LB-28, HP-7)
    std::vector<IpAddress> outside;        //!< servers in the internet that may be reached, too
    std::string probe;                     //!< name of the probe; empty: none
    std::optional<ProbeSettings> settings; //!< the probe; unset: none
    std::optional<PlannedUrl> url;         //!< of application gateways and Traffic Manager alone
    std::vector<std::size_t> targets;      //!< of Traffic Manager: indices in ScenarioPlan::targets

    /**
     * @return the rule for reports; with its path rule, `rule/path rule`
     */
    std::string GetRuleName() const;

    /**
     * @return host of the URL without a port
     */
    std::string GetHostName() const;

    /**
     * @param group index of a group of clients
     * @return the request target that its clients ask for
     */
    std::string MakeTarget(std::size_t group) const;

    /**
     * @param record a request
     * @return whether it went here
     */
    bool Takes(const HttpRequestRecord& record) const;
};

/**
 * @ingroup azure-load-balancing
 * @brief Clients of one group that ask one endpoint.
 */
struct PlannedClients
{
    std::size_t group{0};     //!< index in Scenario::clients
    std::size_t endpoint{0};  //!< index in ScenarioPlan::endpoints
    uint32_t count{1};        //!< how many
    double rate{1};           //!< requests per second of each
    std::string region;       //!< where they are; empty: at no region, or inside a network
    Time start;               //!< when they start
    std::string servedTarget; //!< request target as servers see it
};

/**
 * @ingroup azure-load-balancing
 * @brief A certificate that a server on an instance shows to those who ask it by HTTPS.
 */
struct PlannedTls
{
    TlsCertificate issuer;       //!< an authority that they trust
    std::set<std::string> names; //!< that they ask for, at least one
};

/**
 * @ingroup azure-load-balancing
 * @brief A server in the internet that application gateways have as a member (AG-3, AG-30).
 */
struct PlannedInternetServer
{
    ApplicationGatewayBackendAddress member; //!< as pools have it, by address or domain name
    IpAddress address;                       //!< its address
    std::set<uint16_t> ports;                //!< ports that it serves
};

/**
 * @ingroup azure-load-balancing
 * @brief One fault with its target and times settled.
 */
struct PlannedFault
{
    ScenarioFault fault;                 //!< what
    std::size_t source{0};               //!< index in Scenario::faults
    std::string machine;                 //!< name of the virtual machine that is hit, or another
                                         //!< name for what is hit
    std::vector<std::string> interfaces; //!< names of its network interfaces that are hit
    std::vector<IpAddress> addresses;    //!< addresses of those
    std::optional<std::size_t> gateway;  //!< index of the application gateway that is hit
    std::optional<uint32_t> instance;    //!< InstanceCrash: index of the instance
    std::string zone;                    //!< ZoneDown: name of the zone
    Time start;                          //!< when it starts in this run
    Time earliest;                       //!< when it starts at the earliest, whatever the run
    Time latest;                         //!< when it starts at the latest, whatever the run
    std::optional<Time> end;             //!< when it is repaired; nothing: never
};

/**
 * @ingroup azure-load-balancing
 * @brief A scenario put together with a deployment: everything that is unset, settled.
 *
 * Pure but for the random phases of faults.
 */
struct ScenarioPlan
{
    Scenario scenario;                      //!< with clients, faults and duration filled in
    std::vector<PlannedEndpoint> endpoints; //!< of all rules, in order of the deployment
    std::vector<TrafficManagerConfiguration> profiles; //!< Traffic Manager profiles
    std::vector<PlannedTarget> targets;                //!< where their endpoints lead to
    std::vector<PlannedClients> clients;               //!< who asks what
    std::vector<PlannedFault> faults;                  //!< what goes wrong
    std::map<IpAddress, std::set<uint16_t>> ports;     //!< ports that are served, by instance
    std::vector<PlannedInternetServer> internet; //!< servers outside, in order of the deployment
    /** Those of the ports that are served by HTTPS, by instance and port. */
    std::map<std::pair<IpAddress, uint16_t>, std::vector<PlannedTls>> tlsPorts;
    std::vector<ConfigurationError> errors; //!< not empty: nothing above may be used

    /**
     * @brief Settle everything that a scenario leaves open.
     *
     * @param scenario a scenario that validates
     * @param deployment a deployment that validates
     * @param phase uniform from 0 to 1, for faults at a random phase of the probe
     * @return the plan
     */
    static ScenarioPlan Make(const Scenario& scenario,
                             const DeploymentConfiguration& deployment,
                             Ptr<RandomVariableStream> phase);
};

/**
 * @param deployment a deployment that validates
 * @return where its regional load balancers and then its application gateways can be reached, in
 *         order of the deployment
 */
std::vector<PlannedEndpoint> FindEndpoints(const DeploymentConfiguration& deployment);

/**
 * @param deployment a deployment that validates
 * @param index index of an application gateway
 * @return where it can be reached: each rule, and each path rule, that a request gets to, and each
 *         rule of layer 4 that a connection gets to
 */
std::vector<PlannedEndpoint> FindGatewayEndpoints(const DeploymentConfiguration& deployment,
                                                  std::size_t index);

/**
 * @param kind a kind of fault
 * @return whether it hits instances of application gateways, or a zone
 */
bool IsOfGateways(FaultKind kind);

/**
 * @return how long the platform takes to replace an instance of an application gateway
 */
Time GetReplacementTime();

/**
 * @brief Find what a fault hits for which IsOfGateways() holds.
 *
 * @param deployment a deployment that validates
 * @param fault the fault, with the target of the scenario
 * @param[out] error why there is none
 * @return the fault once for each gateway, and for each machine of a zone, of which only the name
 *         is set as its target
 */
std::vector<PlannedFault> FindGatewayFaults(const DeploymentConfiguration& deployment,
                                            PlannedFault fault,
                                            std::string& error);

/**
 * @param fault a fault with its target; gets its times
 * @param interval interval of the target's probe; 0 without
 * @param firstClient when the first client starts
 * @param phase uniform from 0 to 1; drawn for faults at a random phase
 */
void SettleTimes(PlannedFault& fault,
                 Time interval,
                 Time firstClient,
                 Ptr<RandomVariableStream> phase);

/**
 * @param faults faults with their times
 * @return an error for each two of them that hit one machine at the same time
 */
std::vector<ConfigurationError> FindOverlaps(const std::vector<PlannedFault>& faults);

/**
 * @brief Find public addresses of documentation (RFC 5737) that nothing in a deployment has.
 *
 * The importer gives them out from 203.0.113.1 on, so these come from the other end.
 *
 * @param deployment a deployment that validates
 * @param count how many are wanted
 * @return the addresses from 192.0.2.254 downwards, fewer where there are not so many
 */
std::vector<IpAddress> FindFreePublicAddresses(const DeploymentConfiguration& deployment,
                                               std::size_t count);

/**
 * @brief Find the members of application gateways that are in the internet, and give addresses to
 *        those that have a domain name alone, by FindFreePublicAddresses().
 *
 * Left out are public addresses and names of the deployment itself.
 *
 * @param deployment a deployment that validates
 * @return the servers, without ports
 */
std::vector<PlannedInternetServer> FindInternetServers(const DeploymentConfiguration& deployment);

/**
 * @param engine decides for the endpoint's application gateway, with all members healthy
 * @param endpoint an endpoint of it
 * @param target a request target that clients ask for
 * @return the request as a member sees it, overridden and rewritten; as it was asked where no
 *         member gets it
 */
HttpRequestHead FindServedRequest(const ApplicationGatewayEngine& engine,
                                  const PlannedEndpoint& endpoint,
                                  const std::string& target);

/**
 * @param deployment a deployment that validates
 * @param endpoint an endpoint of it
 * @return name of its load balancer, application gateway or Traffic Manager profile
 */
const std::string& GetServiceName(const DeploymentConfiguration& deployment,
                                  const PlannedEndpoint& endpoint);

/**
 * @param deployment a deployment that validates
 * @param endpoint an endpoint of it
 * @return name of the virtual network of its load balancer or application gateway; empty of
 *         Traffic Manager, which is in none
 */
std::string GetServiceNetwork(const DeploymentConfiguration& deployment,
                              const PlannedEndpoint& endpoint);

} // namespace azure
} // namespace ns3

#endif /* AZURE_SCENARIO_PLAN_H */
