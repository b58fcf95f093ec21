/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_APPLICATION_GATEWAY_LAYER4_VALIDATOR_H
#define AZURE_APPLICATION_GATEWAY_LAYER4_VALIDATOR_H

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
 * @brief Checks listeners, backend settings and rules of layer 4 (AG-59, AG-60).
 */
class ApplicationGatewayLayer4Validator : public ApplicationGatewayChecker
{
  public:
    using ApplicationGatewayChecker::ApplicationGatewayChecker;

    /// Check everything.
    void Run();

  private:
    /// Only v2 has such parts.
    void CheckTier();

    /**
     * @param index index of a listener
     */
    void CheckListener(size_t index);

    /// An address and port is for one listener, with TLS for one a host, and for one layer.
    void CheckSockets();

    /**
     * @param index index of a backend setting
     */
    void CheckSettings(size_t index);

    /**
     * @param index index of a rule
     */
    void CheckRule(size_t index);

    /**
     * @brief A reference that must be there, and lead to something.
     *
     * @param path path of the reference
     * @param name the name that it holds
     * @param items what it may refer to
     * @param owner what needs it, in words
     * @param what one of the items, in words
     */
    template <typename T>
    void Need(const std::string& path,
              const std::string& name,
              const std::vector<T>& items,
              const std::string& owner,
              const std::string& what)
    {
        if (name.empty())
        {
            Add(path, owner + " needs a " + what);
        }
        CheckReference(path, name, items, what);
    }
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_APPLICATION_GATEWAY_LAYER4_VALIDATOR_H */
