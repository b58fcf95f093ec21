/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_PROBE_PLAN_H
#define AZURE_GATEWAY_PROBE_PLAN_H

#include "azure-application-gateway-configuration.h"
#include "azure-request-router.h"

#include "ns3/azure-probe-settings.h"

#include <cstdint>
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
 * @brief A server and a backend setting that each instance of a gateway probes (HP-26).
 */
struct GatewayProbeTarget
{
    uint32_t setting{0};                     //!< index of the backend setting
    ApplicationGatewayBackendAddress member; //!< the server
    ProbeSettings settings;                  //!< how it is probed
};

/**
 * @ingroup azure-load-balancing
 * @brief What the instances of an application gateway probe, and how (HP-20 to HP-29).
 *
 * Pure: the same for every instance, without time and network. A server is probed once for each
 * backend setting that a rule binds to a pool with it, in however many pools it is (HP-22, HP-26).
 */
class GatewayProbePlan
{
  public:
    /**
     * @param router the configuration, compiled; its pools are those at the start
     */
    explicit GatewayProbePlan(std::shared_ptr<const RequestRouter> router);

    /**
     * @brief How a server is probed.
     *
     * - Without a custom probe (HP-20): GET of `/` with Host 127.0.0.1 by protocol and port of the
     *   backend setting, I = T = 30 s, N = 3, statuses 200 to 399.
     * - With one (HP-21): as it says; its port is that of the backend setting where it gives none,
     *   its Host may be picked as the backend setting has it for requests.
     * - At layer 4 the default probe is a TCP connection; custom ones may be of any kind.
     * - By HTTPS certificates are checked as for requests (AG-42). The name asked for is that of
     * the backend setting, else the Host of a custom probe, else that of requests, else the
     * member's; none where it is an address.
     * - One success is enough (HP-22), failures of any kind are counted together. In v1 they follow
     *   in quick succession (HP-23).
     *
     * Values that Azure would refuse are taken as they are; statuses that cannot be read pass
     * nothing.
     *
     * @param configuration the gateway
     * @param setting index of a backend setting
     * @param member the server
     * @return the probe
     */
    static ProbeSettings MakeSettings(const ApplicationGatewayConfiguration& configuration,
                                      uint32_t setting,
                                      const ApplicationGatewayBackendAddress& member);

    /**
     * @brief Add a server to a pool; without effect when it is a member.
     * @param pool index of the pool
     * @param address the server
     */
    void AddMember(uint32_t pool, const ApplicationGatewayBackendAddress& address);

    /**
     * @brief Remove a server from a pool; without effect when it is no member.
     * @param pool index of the pool
     * @param member the server, as ApplicationGatewayBackendAddress::GetText() has it
     */
    void RemoveMember(uint32_t pool, const std::string& member);

    /**
     * @return what is probed: each pair of server and backend setting once, by backend setting and
     *         then in the order of the pools
     */
    std::vector<GatewayProbeTarget> GetTargets() const;

    /**
     * @return the configuration; without the changes of pools
     */
    const ApplicationGatewayConfiguration& GetConfiguration() const;

  private:
    std::shared_ptr<const RequestRouter> m_router;         //!< the configuration, compiled
    std::vector<std::pair<uint32_t, uint32_t>> m_backends; //!< pools and settings that are bound
    std::vector<std::vector<ApplicationGatewayBackendAddress>> m_pools; //!< the members, by pool
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_PROBE_PLAN_H */
