/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What a gateway has at layer 4; the rest is in azure-application-gateway-reader.cc and beside it.

#include "azure-application-gateway-reader.h"

namespace ns3
{
namespace azure
{

void
ApplicationGatewayReader::ReadLayer4Settings(const ResourceView& view)
{
    NoteUnknown(view, "applicationGateways/backendSettingsCollection");
    ApplicationGatewayBackendSettings settings;
    settings.name = view.GetName();
    settings.port = view.Get("port").GetPort(0);
    settings.protocol = ReadProtocol(view, Protocols::Layer4);
    settings.timeout = ReadSeconds(view.Get("timeout"), 20);
    settings.probe = Refer(view.Get("probe"), "probes", Get().probes, "probe");
    settings.hostName = view.Get("hostName").GetText();
    settings.pickHostNameFromBackendAddress =
        view.Get("pickHostNameFromBackendAddress").GetBoolean(false);
    const auto preserve = view.Get("enableL4ClientIpPreservation");
    if (preserve.GetBoolean(false))
    {
        Note(preserve,
             "property " + preserve.GetPath(),
             "servers do not read the PROXY protocol, so that it is not spoken");
    }
    settings.trustedRootCertificates = ReadTrustedRoots(view);
    Take(view, "backendSettingsCollection", Get().backendSettingsCollection, settings);
}

void
ApplicationGatewayReader::ReadLayer4Listener(const ResourceView& view)
{
    NoteUnknown(view, "applicationGateways/listeners");
    ApplicationGatewayListener listener;
    ReadListenerParts(view, listener);
    listener.protocol = ReadProtocol(view, Protocols::Layer4);
    Take(view, "listeners", Get().listeners, listener);
}

void
ApplicationGatewayReader::ReadLayer4Rule(const ResourceView& view)
{
    NoteUnknown(view, "applicationGateways/routingRules");
    ApplicationGatewayRoutingRule rule;
    rule.name = view.GetName();
    view.Get("ruleType").GetEnum<bool>(true, {{"Basic", true}});
    if (view.Get("priority").Exists())
    {
        rule.priority = static_cast<uint32_t>(view.Get("priority").GetInteger(0, 0, 1000000000));
    }
    rule.listener = Refer(view.Get("listener"), "listeners", Get().listeners, "listener");
    rule.backendAddressPool = Refer(view.Get("backendAddressPool"),
                                    "backendAddressPools",
                                    Get().backendAddressPools,
                                    "pool");
    rule.backendSettings = Refer(view.Get("backendSettings"),
                                 "backendSettingsCollection",
                                 Get().backendSettingsCollection,
                                 "backend setting");
    Take(view, "routingRules", Get().routingRules, rule);
}

} // namespace azure
} // namespace ns3
