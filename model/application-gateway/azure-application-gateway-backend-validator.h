/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_APPLICATION_GATEWAY_BACKEND_VALIDATOR_H
#define AZURE_APPLICATION_GATEWAY_BACKEND_VALIDATOR_H

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
 * @brief Checks pools, backend settings and probes of an application gateway.
 */
class ApplicationGatewayBackendValidator : public ApplicationGatewayChecker
{
  public:
    using ApplicationGatewayChecker::ApplicationGatewayChecker;

    /// Check everything.
    void Run();

    /**
     * @param text status codes as configured
     * @return whether they are one code or a range of them, such as `401` and `200-399` (HP-21)
     */
    static bool IsStatusRange(const std::string& text);

  private:
    /// Pools and their members.
    void CheckPools();

    /**
     * @param index index of a backend setting (AG-22, AG-26, AG-27, AG-47)
     */
    void CheckSettings(size_t index);

    /**
     * @param index index of a probe (HP-21)
     */
    void CheckProbe(size_t index);

    /**
     * @param index index of a probe that makes requests: those (HP-21)
     */
    void CheckRequest(size_t index);
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_APPLICATION_GATEWAY_BACKEND_VALIDATOR_H */
