/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TRAFFIC_MANAGER_VALIDATOR_H
#define AZURE_TRAFFIC_MANAGER_VALIDATOR_H

#include "azure-traffic-manager-configuration.h"

#include "ns3/azure-configuration-checker.h"

#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Checks name, time to live, answers and monitoring of a Traffic Manager profile.
 */
class TrafficManagerValidator : public ConfigurationChecker
{
  public:
    /**
     * @param configuration what to check
     * @param errors gets what is wrong
     */
    TrafficManagerValidator(const TrafficManagerConfiguration& configuration,
                            std::vector<ConfigurationError>& errors);

    /// Check everything but the endpoints.
    void Run();

    /**
     * @param text a name
     * @return whether it can be a name in DNS: labels of 1 to 63 letters, digits, hyphens and
     *         underscores, 253 characters at most
     */
    static bool IsDomainName(const std::string& text);

    /**
     * @param headers headers of one's own
     * @param protocol what monitors speak
     * @return what is wrong with them; empty: nothing (HP-42)
     */
    static std::string WhyBadHeaders(const std::vector<TrafficManagerHeader>& headers,
                                     ProbeProtocol protocol);

  private:
    /// Name and time to live (TM-6).
    void CheckDns();

    /// Times and the number of failures (HP-41).
    void CheckMonitor();

    /// What monitors ask for and take as an answer (HP-40).
    void CheckExchange();

    const TrafficManagerConfiguration& m_configuration; //!< what to check
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TRAFFIC_MANAGER_VALIDATOR_H */
