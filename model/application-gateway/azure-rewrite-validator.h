/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_REWRITE_VALIDATOR_H
#define AZURE_REWRITE_VALIDATOR_H

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
 * @brief Checks the rewrite sets of an application gateway (AG-19).
 */
class RewriteValidator : public ApplicationGatewayChecker
{
  public:
    using ApplicationGatewayChecker::ApplicationGatewayChecker;

    /// Check everything.
    void Run();

  private:
    /**
     * @param set index of a rewrite set
     * @param index index of a rule in it
     */
    void CheckRule(size_t set, size_t index);

    /**
     * @param path path of header actions
     * @param headers the actions
     * @param isRequest they act on the way in
     */
    void CheckHeaders(const std::string& path,
                      const std::vector<HeaderConfiguration>& headers,
                      bool isRequest);

    /**
     * @param set index of a rewrite set: what would go round in circles
     */
    void CheckReroute(size_t set);
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_REWRITE_VALIDATOR_H */
