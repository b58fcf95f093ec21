/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-address-plan.h"
#include "azure-application-gateway-reader.h"
#include "azure-json-text.h"
#include "azure-resource-error.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

Time
ApplicationGatewayReader::ReadSeconds(const ResourceView& view, int64_t fallback)
{
    // Any number that a Time can hold: whether it is within bounds is for the configuration to say.
    return Seconds(view.GetInteger(fallback, 0, 1000000000));
}

ApplicationGatewayProtocol
ApplicationGatewayReader::ReadProtocol(const ResourceView& view, Protocols which) const
{
    using Protocol = ApplicationGatewayProtocol;
    const auto protocol = view.Get("protocol");
    if (!protocol.Exists())
    {
        protocol.Fail("the protocol of '" + JsonText::Quote(view.GetName()) + "' is missing");
    }
    std::vector<std::pair<const char*, Protocol>> known;
    if (which != Protocols::Layer4)
    {
        known = {{"Http", Protocol::Http}, {"Https", Protocol::Https}};
    }
    if (which != Protocols::Requests)
    {
        known.emplace_back("Tcp", Protocol::Tcp);
        known.emplace_back("Tls", Protocol::Tls);
    }
    return protocol.GetEnum<Protocol>(known.front().second, known);
}

void
ApplicationGatewayReader::ReadPool(const ResourceView& view)
{
    NoteUnknown(view, "applicationGateways/backendAddressPools");
    ApplicationGatewayBackendAddressPool pool;
    pool.name = view.GetName();
    ReadMembers(view, pool);
    Take(view, "backendAddressPools", Get().backendAddressPools, pool);
}

void
ApplicationGatewayReader::ReadMembers(const ResourceView& view,
                                      ApplicationGatewayBackendAddressPool& pool)
{
    const auto path = "backendAddressPools[" + std::to_string(Get().backendAddressPools.size()) +
                      "].backendAddresses";
    for (const auto& entry : view.Get("backendAddresses").GetElements())
    {
        ApplicationGatewayBackendAddress member;
        // An example of the REST reference lists the addresses as bare texts.
        const bool isText = entry.Exists() && entry.GetValue()->Is(JsonValue::Type::String);
        auto text = entry;
        if (!isText)
        {
            NoteUnknown(entry, "applicationGateways/backendAddresses");
            text = entry.Get("ipAddress");
            member.fqdn = entry.Get("fqdn").GetText();
        }
        const auto address = AddressPlan::ParseAddress(text.GetText());
        if (address)
        {
            member.ipAddress = *address;
        }
        else if (text.GetText().find(':') != std::string::npos)
        {
            Note(entry, "member " + JsonText::Quote(text.GetText()), "IPv6 is not modelled yet");
            continue;
        }
        else if (isText)
        {
            member.fqdn = text.GetText();
        }
        else if (!text.GetText().empty())
        {
            text.Fail("'" + JsonText::Quote(text.GetText()) +
                      "' is no IPv4 address; a name goes into fqdn");
        }
        m_paths.Add(path + "[" + std::to_string(pool.backendAddresses.size()) + "]",
                    entry.GetPath());
        pool.backendAddresses.push_back(member);
    }
}

std::string
ApplicationGatewayReader::AddMember(const ResourceView& reference, const IpAddress& address)
{
    const auto name =
        Refer(reference, "backendAddressPools", Get().backendAddressPools, "backend address pool");
    const auto index = FindByName(Get().backendAddressPools, name);
    if (!index)
    {
        reference.Get("id").Fail("the reference to a pool is missing");
    }
    auto& members = Get().backendAddressPools[*index].backendAddresses;
    m_paths.Add("backendAddressPools[" + std::to_string(*index) + "].backendAddresses[" +
                    std::to_string(members.size()) + "]",
                reference.GetPath());
    members.push_back({"", address, false});
    return name;
}

void
ApplicationGatewayReader::ReadProbe(const ResourceView& view)
{
    NoteUnknown(view, "applicationGateways/probes");
    ApplicationGatewayProbe probe;
    probe.name = view.GetName();
    probe.protocol = ReadProtocol(view, Protocols::Any);
    probe.host = view.Get("host").GetText();
    probe.path = view.Get("path").GetText(probe.path);
    probe.interval = ReadSeconds(view.Get("interval"), 30);
    probe.timeout = ReadSeconds(view.Get("timeout"), 30);
    probe.unhealthyThreshold =
        static_cast<uint32_t>(view.Get("unhealthyThreshold").GetInteger(3, 0, 1000000000));
    probe.pickHostNameFromBackendHttpSettings =
        view.Get("pickHostNameFromBackendHttpSettings").GetBoolean(false);
    probe.pickHostNameFromBackendSettings =
        view.Get("pickHostNameFromBackendSettings").GetBoolean(false);
    probe.port = view.Get("port").GetPort(0);
    probe.minServers = static_cast<uint32_t>(view.Get("minServers").GetInteger(0, 0, 1000000000));
    const auto match = view.Get("match");
    NoteUnknown(match, "applicationGateways/match");
    probe.match.body = match.Get("body").GetText();
    for (const auto& code : match.Get("statusCodes").GetElements())
    {
        probe.match.statusCodes.push_back(code.GetTextOrNumber());
    }
    Take(view, "probes", Get().probes, probe);
}

std::vector<std::string>
ApplicationGatewayReader::ReadTrustedRoots(const ResourceView& view)
{
    std::vector<std::string> names;
    for (const auto& reference : view.Get("trustedRootCertificates").GetElements())
    {
        names.push_back(Refer(reference,
                              "trustedRootCertificates",
                              Get().trustedRootCertificates,
                              "trusted root certificate"));
    }
    return names;
}

void
ApplicationGatewayReader::ReadSettings(const ResourceView& view)
{
    NoteUnknown(view, "applicationGateways/backendHttpSettingsCollection");
    BackendHttpSettings settings;
    settings.name = view.GetName();
    settings.port = view.Get("port").GetPort(0);
    settings.protocol = ReadProtocol(view);
    settings.cookieBasedAffinity =
        view.Get("cookieBasedAffinity")
            .GetEnum<bool>(false, {{"Enabled", true}, {"Disabled", false}});
    settings.affinityCookieName = view.Get("affinityCookieName").GetText();
    settings.requestTimeout = ReadSeconds(view.Get("requestTimeout"), 20);
    const auto draining = view.Get("connectionDraining");
    NoteUnknown(draining, "applicationGateways/connectionDraining");
    settings.connectionDraining.enabled = draining.Get("enabled").GetBoolean(false);
    settings.connectionDraining.drainTimeout = ReadSeconds(draining.Get("drainTimeoutInSec"), 30);
    settings.probe = Refer(view.Get("probe"), "probes", Get().probes, "probe");
    settings.hostName = view.Get("hostName").GetText();
    settings.pickHostNameFromBackendAddress =
        view.Get("pickHostNameFromBackendAddress").GetBoolean(false);
    settings.path = view.Get("path").GetText();
    settings.trustedRootCertificates = ReadTrustedRoots(view);
    settings.validateCertChainAndExpiry = view.Get("validateCertChainAndExpiry").GetBoolean(true);
    settings.validateSni = view.Get("validateSNI").GetBoolean(true);
    settings.sniName = view.Get("sniName").GetText();
    settings.dedicatedBackendConnection = view.Get("dedicatedBackendConnection").GetBoolean(false);
    Take(view, "backendHttpSettingsCollection", Get().backendHttpSettingsCollection, settings);
}

} // namespace azure
} // namespace ns3
