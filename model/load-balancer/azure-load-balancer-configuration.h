/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_LOAD_BALANCER_CONFIGURATION_H
#define AZURE_LOAD_BALANCER_CONFIGURATION_H

#include "ns3/azure-configuration-error.h"
#include "ns3/azure-ip-address.h"
#include "ns3/azure-probe-settings.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief The product variant of a load balancer (LB-1).
 */
enum class LoadBalancerSku
{
    Standard, //!< the default of this model
    Basic,    //!< retired on 2025-09-30; kept as a switchable legacy mode
    Gateway   //!< chained network appliances; accepted, not modelled
};

/**
 * @ingroup azure-load-balancing
 * @brief The scope of a Standard load balancer (LB-1).
 */
enum class LoadBalancerTier
{
    Regional, //!< one region
    Global    //!< anycast in front of regional load balancers; accepted, not modelled
};

/**
 * @ingroup azure-load-balancing
 * @brief The transport protocols of a rule (LB-22).
 */
enum class TransportProtocol
{
    Tcp, //!< TCP only
    Udp, //!< UDP only
    All  //!< every TCP and UDP port; the HA ports rule (LB-23)
};

/**
 * @ingroup azure-load-balancing
 * @brief Which fields of a packet decide its backend instance (LB-12).
 */
enum class LoadDistribution
{
    Default,         //!< source address and port, destination address and port, protocol
    SourceIp,        //!< source and destination address
    SourceIpProtocol //!< source and destination address, protocol
};

/**
 * @ingroup azure-load-balancing
 * @brief An operator's override of the probe for one instance of one pool (LB-35).
 */
enum class AdminState
{
    None, //!< follow the probe
    Up,   //!< always eligible for new connections
    Down  //!< no new connections; established TCP persists
};

/**
 * @ingroup azure-load-balancing
 * @brief Where new flows go when every instance of a pool is probed down (LB-34).
 */
enum class NoHealthyBackendsBehavior
{
    AllProbedDown, //!< nowhere
    AllProbedUp    //!< to every instance, as if healthy
};

/**
 * @ingroup azure-load-balancing
 * @brief An address at which clients reach the load balancer (LB-2, LB-21).
 */
struct FrontendIpConfiguration
{
    std::string name;    //!< unique among the frontends
    IpAddress address;   //!< the address clients send to
    bool isPublic{true}; //!< public IP, as opposed to a subnet's private address
    std::optional<Time>
        idleTimeout; //!< the public IP's own idle timeout; overrides the rule's (LB-43)
    std::vector<std::string> zones; //!< empty: zone-redundant or non-zonal
};

/**
 * @ingroup azure-load-balancing
 * @brief One member of a pool.
 */
struct LoadBalancerBackendAddress
{
    std::string name;                        //!< for reports; the address identifies the member
    IpAddress address;                       //!< address of the instance's NIC
    AdminState adminState{AdminState::None}; //!< override of the probe (LB-35)
    bool running{true}; //!< a stopped instance may be a member; it is not probed (LB-28)
};

/**
 * @ingroup azure-load-balancing
 * @brief How members get into a pool (LB-28).
 */
enum class BackendPoolKind
{
    Nic, //!< the NIC's IP configuration names the pool
    Ip   //!< the pool lists addresses
};

/**
 * @ingroup azure-load-balancing
 * @brief A set of instances that rules distribute flows over.
 */
struct BackendAddressPool
{
    std::string name;                                         //!< unique among the pools
    BackendPoolKind kind{BackendPoolKind::Nic};               //!< NIC-based or IP-based (LB-28)
    std::vector<LoadBalancerBackendAddress> backendAddresses; //!< the members
};

/**
 * @ingroup azure-load-balancing
 * @brief A health probe definition, shared by the rules that name it (HP-1 to HP-13).
 */
struct Probe
{
    std::string name;                           //!< unique among the probes
    ProbeProtocol protocol{ProbeProtocol::Tcp}; //!< what it speaks
    uint16_t port{0};                           //!< port on the instance
    std::string requestPath;                    //!< path of the GET; Http and Https only
    Time interval{Seconds(15)};                 //!< intervalInSeconds; at least 5 s (HP-5)
    uint32_t probeThreshold{1};                 //!< consecutive results that flip the state (HP-3)
    uint32_t numberOfProbes{1};                 //!< the older threshold; kept and ignored (HP-4)
    NoHealthyBackendsBehavior noHealthyBackendsBehavior{
        NoHealthyBackendsBehavior::AllProbedDown}; //!< LB-34
};

/**
 * @ingroup azure-load-balancing
 * @brief Maps a frontend address, protocol and port to a pool and port (LB-22).
 */
struct LoadBalancingRule
{
    std::string name;                    //!< unique among the rules
    std::string frontendIpConfiguration; //!< name of the frontend
    std::string backendAddressPool;      //!< name of the pool
    std::string probe; //!< name of the probe; empty: every member is healthy (LB-38)
    TransportProtocol protocol{TransportProtocol::Tcp};           //!< LB-22
    uint16_t frontendPort{0};                                     //!< 0 with protocol All (LB-23)
    uint16_t backendPort{0};                                      //!< 0 with protocol All (LB-23)
    LoadDistribution loadDistribution{LoadDistribution::Default}; //!< LB-12
    Time idleTimeout{Minutes(4)};    //!< idleTimeoutInMinutes, 4 to 100 (LB-41)
    bool enableFloatingIp{false};    //!< keep the destination address (LB-26)
    bool enableTcpReset{false};      //!< reset both ends at the idle timeout (LB-40)
    bool disableOutboundSnat{false}; //!< accepted; outbound is not modelled yet
};

/**
 * @ingroup azure-load-balancing
 * @brief Maps a frontend port, or a range of them, to single instances (LB-46, LB-47).
 *
 * Either `backendAddress` and `frontendPort` are set (one instance), or `backendAddressPool`
 * and the range (one port per member of the pool).
 */
struct InboundNatRule
{
    std::string name;                                   //!< unique among the NAT rules
    std::string frontendIpConfiguration;                //!< name of the frontend
    TransportProtocol protocol{TransportProtocol::Tcp}; //!< Tcp or Udp; All is taken as both
    uint16_t backendPort{0};                            //!< port on the instance
    uint16_t frontendPort{0};                           //!< single-instance form: the frontend port
    IpAddress backendAddress;           //!< single-instance form: the instance; unset: no target
    std::string backendAddressPool;     //!< pool form: name of the pool
    uint16_t frontendPortRangeStart{0}; //!< pool form: first frontend port
    uint16_t frontendPortRangeEnd{0};   //!< pool form: last frontend port, inclusive
    Time idleTimeout{Minutes(4)};       //!< idleTimeoutInMinutes, 4 to 100 (LB-41)
    bool enableFloatingIp{false};       //!< keep the destination address (LB-26)
    bool enableTcpReset{false};         //!< reset both ends at the idle timeout (LB-40)
};

/**
 * @ingroup azure-load-balancing
 * @brief Everything that describes one load balancer, with the names of Azure's REST resource.
 */
struct LoadBalancerConfiguration
{
    std::string name;                                              //!< resource name
    LoadBalancerSku sku{LoadBalancerSku::Standard};                //!< LB-1
    LoadBalancerTier tier{LoadBalancerTier::Regional};             //!< LB-1
    std::vector<FrontendIpConfiguration> frontendIpConfigurations; //!< frontendIPConfigurations
    std::vector<BackendAddressPool> backendAddressPools;           //!< backendAddressPools
    std::vector<Probe> probes;                                     //!< probes
    std::vector<LoadBalancingRule> loadBalancingRules;             //!< loadBalancingRules
    std::vector<InboundNatRule> inboundNatRules;                   //!< inboundNatRules

    /**
     * @brief Checks everything that Azure would refuse.
     *
     * Paths name the REST field, for example `loadBalancingRules[0].backendAddressPool`.
     *
     * @return every error found; empty when the configuration can be used
     */
    std::vector<ConfigurationError> Validate() const;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_LOAD_BALANCER_CONFIGURATION_H */
