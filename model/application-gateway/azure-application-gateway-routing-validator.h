/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_APPLICATION_GATEWAY_ROUTING_VALIDATOR_H
#define AZURE_APPLICATION_GATEWAY_ROUTING_VALIDATOR_H

#include "azure-application-gateway-checker.h"

#include <cstddef>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Checks listeners, rules, URL path maps and redirects of an application gateway.
 */
class ApplicationGatewayRoutingValidator : public ApplicationGatewayChecker
{
  public:
    using ApplicationGatewayChecker::ApplicationGatewayChecker;

    /// Check everything.
    void Run();

  private:
    /**
     * @param index index of a listener (AG-9, AG-10)
     */
    void CheckListener(size_t index);

    /**
     * @param index index of a listener: its hosts (AG-10)
     */
    void CheckHosts(size_t index);

    /// No two listeners at one address and port may take the same host, or differ in protocol.
    void CheckSockets();

    /**
     * @param index index of a rule (AG-11, AG-14)
     */
    void CheckRule(size_t index);

    /**
     * @param index index of a URL path map (AG-14, AG-15)
     */
    void CheckPathMap(size_t index);

    /**
     * @param index index of a redirect (AG-18)
     */
    void CheckRedirect(size_t index);

    /**
     * @brief A destination is a pool with a backend setting, or a redirect (AG-14).
     *
     * @param path path of what leads there, with what stands before the names of its fields
     * @param upper fields begin with an upper case letter there
     * @param pool name of a pool
     * @param setting name of a backend setting
     * @param redirect name of a redirect
     * @param rewrite name of a rewrite set
     */
    void CheckDestination(const std::string& path,
                          bool upper,
                          const std::string& pool,
                          const std::string& setting,
                          const std::string& redirect,
                          const std::string& rewrite);
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_APPLICATION_GATEWAY_ROUTING_VALIDATOR_H */
