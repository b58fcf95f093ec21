/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-backend-validator.h"

#include "ns3/azure-tls-host-name.h"

#include <algorithm>
#include <set>

namespace ns3
{
namespace azure
{

namespace
{

/// Longest interval and timeouts, in seconds (AG-26, HP-21).
constexpr int MAX_SECONDS = 86400;

/// Longest draining, in seconds (AG-47).
constexpr int MAX_DRAIN_SECONDS = 3600;

/// Longest text that a probe looks for in a body (HP-21).
constexpr size_t MAX_MATCH_BODY = 4090;

/**
 * @param time a time
 * @param most most seconds
 * @return whether it is 1 s to that many
 */
bool
IsWithin(Time time, int most)
{
    return time >= Seconds(1) && time <= Seconds(most);
}

/**
 * @param path a path of a request
 * @return whether it can stand on a request line
 */
bool
IsPath(const std::string& path)
{
    return !path.empty() && path[0] == '/' &&
           std::none_of(path.begin(), path.end(), [](char c) { return c <= ' ' || c > '~'; });
}

/**
 * @param text a name
 * @return whether it can be the name of a cookie
 */
bool
IsToken(const std::string& text)
{
    return std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return c > ' ' && c <= '~' &&
               std::string("()<>@,;:\\\"/[]?={}").find(c) == std::string::npos;
    });
}

/**
 * @param probe a probe
 * @return whether it makes requests
 */
bool
SpeaksHttp(const ApplicationGatewayProbe& probe)
{
    return probe.protocol == ApplicationGatewayProtocol::Http ||
           probe.protocol == ApplicationGatewayProtocol::Https;
}

} // namespace

void
ApplicationGatewayBackendValidator::Run()
{
    CheckPools();
    CheckNames("backendHttpSettingsCollection", m_configuration.backendHttpSettingsCollection);
    for (size_t index = 0; index < m_configuration.backendHttpSettingsCollection.size(); ++index)
    {
        CheckSettings(index);
    }
    CheckNames("probes", m_configuration.probes);
    for (size_t index = 0; index < m_configuration.probes.size(); ++index)
    {
        CheckProbe(index);
    }
}

void
ApplicationGatewayBackendValidator::CheckPools()
{
    const std::string collection = "backendAddressPools";
    const auto& pools = m_configuration.backendAddressPools;
    CheckNames(collection, pools);
    std::set<IpAddress> frontends;
    for (const auto& frontend : m_configuration.frontendIpConfigurations)
    {
        frontends.insert(frontend.address);
    }
    for (size_t index = 0; index < pools.size(); ++index)
    {
        std::set<std::string> seen;
        for (size_t member = 0; member < pools[index].backendAddresses.size(); ++member)
        {
            const auto& address = pools[index].backendAddresses[member];
            const std::string path = Path(Path(collection, index, "backendAddresses"), member);
            if (address.fqdn.empty() != address.ipAddress.IsSet())
            {
                Add(path, "a member has either an ipAddress or an fqdn; set one of them");
            }
            else if (address.fqdn.empty() && frontends.count(address.ipAddress) != 0)
            {
                Add(path,
                    "the address " + address.GetText() +
                        " is a frontend of this gateway and cannot be a member");
            }
            else if (!seen.insert(address.GetText()).second)
            {
                Add(path, address.GetText() + " is a member already; remove one");
            }
        }
    }
}

void
ApplicationGatewayBackendValidator::CheckSettings(size_t index)
{
    const auto& settings = m_configuration.backendHttpSettingsCollection[index];
    const auto path = [&](const std::string& field) {
        return Path("backendHttpSettingsCollection", index, field);
    };
    if (settings.protocol == ApplicationGatewayProtocol::Tcp ||
        settings.protocol == ApplicationGatewayProtocol::Tls)
    {
        Add(path("protocol"),
            "a member speaks Http or Https here; settings for TCP and TLS are in "
            "backendSettingsCollection");
    }
    if (settings.port == 0)
    {
        Add(path("port"), "the port must be 1 to 65535");
    }
    if (!IsWithin(settings.requestTimeout, MAX_SECONDS))
    {
        Add(path("requestTimeout"), "the request timeout must be 1 to 86400 s");
    }
    if (settings.connectionDraining.enabled &&
        !IsWithin(settings.connectionDraining.drainTimeout, MAX_DRAIN_SECONDS))
    {
        Add(path("connectionDraining.drainTimeoutInSec"), "draining must take 1 to 3600 s");
    }
    if (settings.pickHostNameFromBackendAddress && !settings.hostName.empty())
    {
        Add(path("hostName"),
            "the host is either fixed or that of the member; remove this or "
            "pickHostNameFromBackendAddress");
    }
    if (!settings.path.empty() && !IsPath(settings.path))
    {
        Add(path("path"), "the path must begin with / and hold no blanks");
    }
    if (!IsToken(settings.affinityCookieName))
    {
        Add(path("affinityCookieName"), "the name of a cookie holds no blanks and separators");
    }
    if (TlsServerName(settings.sniName) != settings.sniName ||
        std::any_of(settings.sniName.begin(), settings.sniName.end(), [](char c) {
            return c <= ' ' || c > '~';
        }))
    {
        Add(path("sniName"), "the name must be a host name, without port and blanks");
    }
    CheckReference(path("probe"), settings.probe, m_configuration.probes, "probe");
    const auto probe = FindByName(m_configuration.probes, settings.probe);
    if (probe && !SpeaksHttp(m_configuration.probes[*probe]))
    {
        Add(path("probe"),
            "probe " + settings.probe +
                " speaks no HTTP; members that do are probed by Http or Https");
    }
    const auto& roots = settings.trustedRootCertificates;
    if (!roots.empty() && settings.protocol == ApplicationGatewayProtocol::Http)
    {
        Add(path("trustedRootCertificates"),
            "without TLS there are no certificates; set protocol Https or remove them");
    }
    for (size_t root = 0; root < roots.size(); ++root)
    {
        CheckReference(Path(path("trustedRootCertificates"), root),
                       roots[root],
                       m_configuration.trustedRootCertificates,
                       "trusted root certificate");
    }
}

bool
ApplicationGatewayBackendValidator::IsStatusRange(const std::string& text)
{
    const auto isCode = [](const std::string& code) {
        return code.size() == 3 && code.find_first_not_of("0123456789") == std::string::npos &&
               code >= "100" && code <= "599";
    };
    const auto dash = text.find('-');
    const std::string first = text.substr(0, dash);
    const std::string last = dash == std::string::npos ? first : text.substr(dash + 1);
    return isCode(first) && isCode(last) && first <= last;
}

void
ApplicationGatewayBackendValidator::CheckProbe(size_t index)
{
    const auto& probe = m_configuration.probes[index];
    const auto path = [&](const std::string& field) { return Path("probes", index, field); };
    if (!IsWithin(probe.interval, MAX_SECONDS))
    {
        Add(path("interval"), "the interval must be 1 to 86400 s");
    }
    if (!IsWithin(probe.timeout, MAX_SECONDS))
    {
        Add(path("timeout"), "the timeout must be 1 to 86400 s");
    }
    if (probe.unhealthyThreshold < 1 || probe.unhealthyThreshold > 20)
    {
        Add(path("unhealthyThreshold"), "the threshold must be 1 to 20");
    }
    if (probe.port != 0 && m_configuration.IsV1())
    {
        Add(path("port"), "v1 probes the port of the backend setting; remove it");
    }
    if (SpeaksHttp(probe))
    {
        CheckRequest(index);
    }
}

void
ApplicationGatewayBackendValidator::CheckRequest(size_t index)
{
    const auto& probe = m_configuration.probes[index];
    const auto path = [&](const std::string& field) { return Path("probes", index, field); };
    if (!IsPath(probe.path))
    {
        Add(path("path"), "the path must begin with / and hold no blanks");
    }
    if (probe.host.empty() != probe.pickHostNameFromBackendHttpSettings)
    {
        Add(path("host"),
            "the host is either given or picked; set it or pickHostNameFromBackendHttpSettings, "
            "not both");
    }
    if (std::any_of(probe.host.begin(), probe.host.end(), [](char c) {
            return c <= ' ' || c > '~';
        }))
    {
        Add(path("host"), "the host must hold no blanks");
    }
    for (size_t code = 0; code < probe.match.statusCodes.size(); ++code)
    {
        if (!IsStatusRange(probe.match.statusCodes[code]))
        {
            Add(Path(path("match.statusCodes"), code),
                "status codes are numbers or ranges from 100 to 599, such as 200-399");
        }
    }
    if (probe.match.body.size() > MAX_MATCH_BODY)
    {
        Add(path("match.body"), "the text must have at most 4090 characters");
    }
    for (const auto& settings : m_configuration.backendHttpSettingsCollection)
    {
        if (probe.pickHostNameFromBackendHttpSettings && settings.hostName.empty() &&
            !settings.pickHostNameFromBackendAddress && HttpTokensEqual(settings.probe, probe.name))
        {
            Add(path("pickHostNameFromBackendHttpSettings"),
                "backend setting " + settings.name +
                    " has no host to pick; set its hostName or pickHostNameFromBackendAddress");
        }
    }
}

} // namespace azure
} // namespace ns3
