/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_APPLICATION_GATEWAY_VALIDATOR_H
#define AZURE_APPLICATION_GATEWAY_VALIDATOR_H

#include "azure-application-gateway-checker.h"

#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Checks the size of a gateway, its frontends, ports and certificates.
 */
class ApplicationGatewayValidator : public ApplicationGatewayChecker
{
  public:
    using ApplicationGatewayChecker::ApplicationGatewayChecker;

    /// Check everything.
    void Run();

  private:
    /// Instances (AG-5, AG-50).
    void CheckCapacity();

    /// Frontend addresses (AG-6).
    void CheckFrontends();

    /// Frontend ports (AG-9).
    void CheckPorts();

    /// Certificates and profiles (AG-45).
    void CheckCertificates();

    /// What holds for the whole gateway (AG-28).
    void CheckGlobal();

    /// Limits of the number of parts (AG-54, AG-63).
    void CheckLimits();
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_APPLICATION_GATEWAY_VALIDATOR_H */
