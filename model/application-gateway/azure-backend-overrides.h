/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_BACKEND_OVERRIDES_H
#define AZURE_BACKEND_OVERRIDES_H

#include "azure-application-gateway-configuration.h"
#include "azure-request-target.h"

#include <cstddef>
#include <optional>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief The path that the backend sees (AG-27).
 *
 * @param path path of the request, after rewriting
 * @param override path of the backend setting; empty: none
 * @param matched bytes of the path that a path rule matched, without its star; 0 without a path
 *        rule: the override goes before the whole path
 * @return the path, with one slash where the two parts meet
 */
std::string OverridePath(const std::string& path, const std::string& override, size_t matched);

/**
 * @ingroup azure-load-balancing
 * @brief The Host that the backend sees (AG-26).
 *
 * @param settings a backend setting
 * @param member the member that gets the request
 * @return the host; none: that of the request stays
 */
std::optional<std::string> OverrideHost(const BackendHttpSettings& settings,
                                        const ApplicationGatewayBackendAddress& member);

} // namespace azure
} // namespace ns3

#endif /* AZURE_BACKEND_OVERRIDES_H */
