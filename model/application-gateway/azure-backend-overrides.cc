/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-backend-overrides.h"

namespace ns3
{
namespace azure
{

std::string
OverridePath(const std::string& path, const std::string& override, size_t matched)
{
    if (override.empty() || path.empty() || path[0] != '/')
    {
        return path;
    }
    std::string rest = path.substr(std::min(matched, path.size()));
    if (rest.empty())
    {
        return override;
    }
    if (override.back() == '/')
    {
        rest.erase(0, rest[0] == '/' ? 1 : 0);
        return override + rest;
    }
    return override + (rest[0] == '/' ? "" : "/") + rest;
}

std::optional<std::string>
OverrideHost(const BackendHttpSettings& settings, const ApplicationGatewayBackendAddress& member)
{
    if (settings.pickHostNameFromBackendAddress)
    {
        return member.GetText();
    }
    return settings.hostName.empty() ? std::nullopt : std::optional<std::string>(settings.hostName);
}

} // namespace azure
} // namespace ns3
