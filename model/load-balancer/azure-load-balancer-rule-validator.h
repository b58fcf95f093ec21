/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_LOAD_BALANCER_RULE_VALIDATOR_H
#define AZURE_LOAD_BALANCER_RULE_VALIDATOR_H

#include "azure-load-balancer-configuration.h"

#include "ns3/azure-configuration-checker.h"

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Checks the rules of a load balancer: by themselves, and against one another.
 */
class LoadBalancerRuleValidator : public ConfigurationChecker
{
  public:
    /**
     * @param configuration what to check
     * @param errors gets what is wrong
     */
    LoadBalancerRuleValidator(const LoadBalancerConfiguration& configuration,
                              std::vector<ConfigurationError>& errors);

    /// Check everything.
    void Run();

  private:
    /// Frontend ports that a rule occupies, with one protocol.
    struct Claim
    {
        uint16_t first;   //!< first port
        uint16_t last;    //!< last port
        std::string path; //!< the field to name
        std::string name; //!< the rule
    };

    /// What an instance tells the flows of one rule from those of another by.
    using Destination = std::tuple<IpAddress, IpAddress, bool, uint16_t>;

    /**
     * @param index index of a load balancing rule
     */
    void CheckRule(size_t index);

    /**
     * @param index index of an HA ports rule (LB-23, LB-24)
     */
    void CheckHaPorts(size_t index);

    /**
     * @param index index of an inbound NAT rule (LB-46, LB-47)
     */
    void CheckNatRule(size_t index);

    /// No two rules may have the same frontend, protocol and port (LB-21).
    void CheckClaims();

    /**
     * @brief Without floating IP each rule needs a backend port of its own at an instance (LB-26).
     *
     * @param rule the rule
     * @param members addresses of its instances
     * @param path path of the field to name
     */
    template <typename T>
    void CheckDestination(const T& rule,
                          const std::vector<IpAddress>& members,
                          const std::string& path);

    /**
     * @brief What load balancing and NAT rules have in common.
     *
     * @param rule the rule
     * @param collection its REST collection
     * @param index its index
     */
    template <typename T>
    void CheckCommon(const T& rule, const std::string& collection, size_t index);

    /**
     * @param frontend name of a frontend
     * @param protocol Tcp, Udp or All for both
     * @param claim what is occupied
     */
    void AddClaim(const std::string& frontend, TransportProtocol protocol, const Claim& claim);

    /**
     * @param name name of a pool
     * @return addresses of its members; none for an unknown pool
     */
    const std::vector<IpAddress>& GetMembers(const std::string& name) const;

    /**
     * @param a name of a pool
     * @param b name of a pool
     * @return whether an instance is in both
     */
    bool ShareInstance(const std::string& a, const std::string& b) const;

    const LoadBalancerConfiguration& m_configuration;        //!< what to check
    std::map<std::string, std::vector<IpAddress>> m_members; //!< by name of pool; sorted
    std::vector<IpAddress> m_nobody;                         //!< members of an unknown pool
    std::map<std::pair<std::string, bool>, std::vector<Claim>>
        m_claims;                                      //!< by frontend and whether TCP
    std::map<Destination, std::string> m_destinations; //!< the rule of each
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_LOAD_BALANCER_RULE_VALIDATOR_H */
