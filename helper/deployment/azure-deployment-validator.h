/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_DEPLOYMENT_VALIDATOR_H
#define AZURE_DEPLOYMENT_VALIDATOR_H

#include "azure-deployment-configuration.h"

#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Finds everything that is wrong with a deployment; DeploymentConfiguration::Validate()
 *        for everybody else.
 */
class DeploymentValidator
{
  public:
    /**
     * @param deployment what to check
     * @param[in,out] errors takes what is wrong
     */
    DeploymentValidator(const DeploymentConfiguration& deployment,
                        std::vector<ConfigurationError>& errors);

    /** @brief Check everything. */
    void Validate();

  private:
    /**
     * @brief Check the address space of a virtual network.
     * @param index its index
     */
    void CheckNetwork(std::size_t index);

    /**
     * @brief Check the prefixes of a subnet.
     * @param network its virtual network
     * @param index its index there
     * @param path its path
     */
    void CheckSubnet(const VirtualNetworkConfiguration& network,
                     std::size_t index,
                     const std::string& path);

    /**
     * @brief Check a network interface.
     * @param index its index
     */
    void CheckInterface(std::size_t index);

    /**
     * @brief Check where a load balancer's frontends are.
     * @param balancer the load balancer
     * @param path its path, with a dot at the end
     */
    void CheckFrontends(const DeployedLoadBalancer& balancer, const std::string& path);

    /**
     * @brief Check where a load balancer's backends are.
     * @param balancer the load balancer
     * @param path its path, with a dot at the end
     */
    void CheckMembers(const DeployedLoadBalancer& balancer, const std::string& path);

    /**
     * @brief Check that a backend is in the load balancer's virtual network.
     * @param balancer the load balancer
     * @param address address of the backend
     * @param path where it is named
     */
    void CheckMember(const DeployedLoadBalancer& balancer,
                     const IpAddress& address,
                     const std::string& path);

    /**
     * @brief Check an application gateway.
     * @param index its index
     */
    void CheckGateway(std::size_t index);

    /**
     * @brief Check that a gateway's subnet is there, is its own, and has room (AG-5).
     * @param gateway the gateway
     * @param path its path, with a dot at the end
     */
    void CheckGatewaySubnet(const DeployedApplicationGateway& gateway, const std::string& path);

    /**
     * @brief Check where a gateway's frontends are.
     * @param gateway the gateway
     * @param path its path, with a dot at the end
     */
    void CheckGatewayFrontends(const DeployedApplicationGateway& gateway, const std::string& path);

    /** @brief Check the Traffic Manager profiles. */
    void CheckTrafficManagers();

    /**
     * @param gateway a gateway
     * @return its subnet, or null
     */
    const SubnetConfiguration* FindSubnet(const DeployedApplicationGateway& gateway) const;

    /**
     * @param address a public address of a frontend
     * @return whether it belongs to a public IP address of the deployment, which is looked at by
     *         itself
     */
    bool IsPublicResource(const IpAddress& address) const;

    /**
     * @param prefix a range of addresses
     * @return why it cannot be used, "overlaps ..., which is ..."; empty: it can
     */
    static std::string WhyForbidden(const AddressPrefix& prefix);

    /**
     * @param address an address of a subnet that Azure keeps
     * @return what is wrong with using it
     */
    static std::string KeptMessage(const IpAddress& address);

    /**
     * @brief Check that an address can be public in the simulated network.
     * @param address the address
     * @param path its path
     */
    void CheckPublicAddress(const IpAddress& address, const std::string& path);

    /**
     * @brief Check that an address is used once.
     * @param[in,out] owners what uses an address so far
     * @param address the address
     * @param path its path
     * @param owner what uses it
     */
    void Own(std::map<IpAddress, std::string>& owners,
             const IpAddress& address,
             const std::string& path,
             const std::string& owner);

    /**
     * @param path where
     * @param message what is wrong
     */
    void Fail(const std::string& path, const std::string& message);

    const DeploymentConfiguration& m_deployment; //!< what is checked
    std::vector<ConfigurationError>& m_errors;   //!< takes what is wrong
    std::map<IpAddress, std::string> m_owners;   //!< what has an address

    /**
     * Services by public frontend: apart, as the address may have a resource of its own.
     */
    std::map<IpAddress, std::string> m_publicFrontends;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_DEPLOYMENT_VALIDATOR_H */
