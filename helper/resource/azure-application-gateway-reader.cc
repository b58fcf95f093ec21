/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-reader.h"

#include "azure-json-text.h"
#include "azure-resource-error.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/// Largest number that is read; what is too large is for the configuration to say.
constexpr int64_t LARGEST = 1000000000;

/// Names of the variants, by tier (AG-4).
const std::vector<std::pair<const char*, ApplicationGatewayTier>> g_tiers = {
    {"Standard_v2", ApplicationGatewayTier::StandardV2},
    {"WAF_v2", ApplicationGatewayTier::WafV2},
    {"Basic", ApplicationGatewayTier::Basic},
    {"Standard", ApplicationGatewayTier::Standard},
    {"WAF", ApplicationGatewayTier::Waf}};

} // namespace

ApplicationGatewayConfiguration&
ApplicationGatewayReader::Get()
{
    return m_result.configuration;
}

void
ApplicationGatewayReader::Read()
{
    const ResourceView view(&m_resource.body, m_resource.path);
    NoteUnknown(view, "applicationGateways");
    m_result.id = m_resource.id.ToText();
    Get().name = m_resource.id.names.back();
    for (const auto& zone : view.Get("zones").GetElements())
    {
        Get().zones.push_back(zone.GetTextOrNumber());
    }
    ReadScale(view);
    ReadGlobal(view);
    ReadSubnet(view);
    const auto read = [&](const char* list,
                          const char* what,
                          void (ApplicationGatewayReader::*part)(const ResourceView&)) {
        m_paths.Add(list, view.Get(list).GetPath());
        ReadParts(view, list, what, [this, part](const ResourceView& element) {
            (this->*part)(element);
        });
    };
    using Reader = ApplicationGatewayReader;
    // What others refer to comes first.
    ReadCertificates(view);
    read("sslProfiles", "SSL profile", &Reader::ReadSslProfile);
    read("frontendIPConfigurations", "frontend", &Reader::ReadFrontend);
    read("frontendPorts", "frontend port", &Reader::ReadPort);
    read("backendAddressPools", "pool", &Reader::ReadPool);
    read("probes", "probe", &Reader::ReadProbe);
    read("backendHttpSettingsCollection", "backend setting", &Reader::ReadSettings);
    read("httpListeners", "listener", &Reader::ReadListener);
    read("redirectConfigurations", "redirect", &Reader::ReadRedirect);
    read("rewriteRuleSets", "rewrite set", &Reader::ReadRewriteSet);
    read("urlPathMaps", "URL path map", &Reader::ReadPathMap);
    read("requestRoutingRules", "request routing rule", &Reader::ReadRule);
    read("backendSettingsCollection", "backend setting", &Reader::ReadLayer4Settings);
    read("listeners", "listener", &Reader::ReadLayer4Listener);
    read("routingRules", "routing rule", &Reader::ReadLayer4Rule);
}

bool
ApplicationGatewayReader::IsWholeIpv6() const
{
    return m_result.configuration.frontendIpConfigurations.empty() && !m_ipv6Frontends.empty();
}

void
ApplicationGatewayReader::ReadParts(const ResourceView& owner,
                                    const std::string& list,
                                    const std::string& what,
                                    const std::function<void(const ResourceView&)>& read)
{
    for (const auto& part : owner.Get(list).GetElements())
    {
        try
        {
            read(part);
        }
        catch (const ResourceError& error)
        {
            if (error.GetKind() != ResourceError::Kind::NotModelled)
            {
                throw;
            }
            m_skipped.insert(ToLowerCase(list + "/" + part.GetName()));
            Note(part, what + " '" + part.GetName() + "'", error.what());
        }
    }
}

void
ApplicationGatewayReader::CheckReference(const ResourceView& reference,
                                         const std::string& list,
                                         const std::string& what) const
{
    const auto id = ResourceId::FromText(reference.GetReference());
    if (!id.IsValid())
    {
        return; // leads nowhere, which is said when it is followed
    }
    if (!EqualsIgnoringCase(id.types.back(), list))
    {
        reference.Get("id").Fail("this must lead to a " + what + ", in " + list +
                                 ", but leads to " + JsonText::Quote(id.types.back()) + " '" +
                                 JsonText::Quote(id.names.back()) + "'");
    }
    const auto name = id.names.back();
    const bool isIpv6 = EqualsIgnoringCase(list, "frontendIPConfigurations") &&
                        m_ipv6Frontends.count(ToLowerCase(name)) > 0;
    if (isIpv6 || m_skipped.count(ToLowerCase(list + "/" + name)) > 0)
    {
        throw ResourceError(reference.GetPath(),
                            "its " + what + (isIpv6 ? " is IPv6, which" : "") +
                                " is not modelled yet",
                            ResourceError::Kind::NotModelled);
    }
}

void
ApplicationGatewayReader::ReadScale(const ResourceView& view)
{
    const auto sku = view.Get("sku");
    m_paths.Add("sku", sku);
    NoteUnknown(sku, "applicationGateways/sku");
    Get().sku.name = sku.Get("name").GetText();
    // The size of v1, as in Standard_Small, is in the name alone.
    auto tier = sku.Get("tier");
    const JsonValue family(Get().sku.name.substr(0, Get().sku.name.find("_")));
    if (!tier.Exists() && Get().sku.name.empty())
    {
        tier.Fail("the tier is missing; name one, such as Standard_v2");
    }
    if (!tier.Exists())
    {
        const bool isTier = std::any_of(g_tiers.begin(), g_tiers.end(), [&](const auto& known) {
            return EqualsIgnoringCase(Get().sku.name, known.first);
        });
        const auto name = sku.Get("name");
        tier = isTier ? name : ResourceView(&family, name.GetPath());
    }
    Get().sku.tier = tier.GetEnum(ApplicationGatewayTier::StandardV2, g_tiers);
    const bool isWaf = Get().sku.tier == ApplicationGatewayTier::WafV2 ||
                       Get().sku.tier == ApplicationGatewayTier::Waf;
    if (isWaf && !view.Get("firewallPolicy").Exists() &&
        !view.Get("webApplicationFirewallConfiguration").Exists())
    {
        Note(sku, "tier " + tier.GetText(), "the web application firewall is not modelled");
    }
    if (sku.Get("capacity").Exists())
    {
        Get().sku.capacity = static_cast<uint32_t>(sku.Get("capacity").GetInteger(0, 0, LARGEST));
    }
    const auto scale = view.Get("autoscaleConfiguration");
    m_paths.Add("autoscaleConfiguration", scale);
    if (scale.Exists())
    {
        NoteUnknown(scale, "applicationGateways/autoscaleConfiguration");
        AutoscaleConfiguration bounds;
        bounds.minCapacity = static_cast<uint32_t>(
            scale.Get("minCapacity").GetInteger(bounds.minCapacity, 0, LARGEST));
        bounds.maxCapacity = static_cast<uint32_t>(
            scale.Get("maxCapacity").GetInteger(bounds.maxCapacity, 0, LARGEST));
        Get().autoscaleConfiguration = bounds;
    }
}

void
ApplicationGatewayReader::ReadGlobal(const ResourceView& view)
{
    Get().enableHttp2 = view.Get("enableHttp2").GetBoolean(false);
    const auto global = view.Get("globalConfiguration");
    m_paths.Add("globalConfiguration", global);
    NoteUnknown(global, "applicationGateways/globalConfiguration");
    auto& buffering = Get().globalConfiguration;
    buffering.enableRequestBuffering = global.Get("enableRequestBuffering").GetBoolean(true);
    buffering.enableResponseBuffering = global.Get("enableResponseBuffering").GetBoolean(true);
}

void
ApplicationGatewayReader::ReadSubnet(const ResourceView& view)
{
    const auto list = view.Get("gatewayIPConfigurations");
    m_paths.Add("gatewayIPConfigurations", list.GetPath());
    const auto configurations = list.GetElements();
    if (configurations.empty())
    {
        list.Fail("a gateway needs a subnet");
    }
    for (std::size_t i = 1; i < configurations.size(); ++i)
    {
        Note(configurations[i],
             "further subnet '" + configurations[i].GetName() + "'",
             "instances get their addresses in the first subnet");
    }
    const auto& configuration = configurations.front();
    NoteUnknown(configuration, "applicationGateways/gatewayIPConfigurations");
    const auto reference = configuration.Get("subnet");
    if (!reference.Exists())
    {
        reference.Fail("a gateway needs a subnet");
    }
    m_paths.Add("subnet", reference.Get("id").GetPath());
    const auto id = ResourceId::FromText(reference.GetReference());
    m_result.virtualNetwork = id.GetNameOf("virtualNetworks");
    m_result.subnet = id.GetNameOf("subnets");
    if (!m_completion.HasSubnet(id.ToKey()))
    {
        reference.Get("id").Fail("no subnet '" + JsonText::Quote(reference.GetReference()) +
                                 "' in the input");
    }
}

void
ApplicationGatewayReader::ReadFrontend(const ResourceView& view)
{
    NoteUnknown(view, "applicationGateways/frontendIPConfigurations");
    ApplicationGatewayFrontendIpConfiguration frontend;
    frontend.name = view.GetName();
    const auto publicIp = view.Get("publicIPAddress");
    frontend.isPublic = publicIp.Exists();
    if (!frontend.isPublic && !view.Get("subnet").Exists())
    {
        view.Fail("frontend '" + JsonText::Quote(frontend.name) +
                  "' needs a publicIPAddress or a subnet");
    }
    auto text = view.Get("privateIPAddress");
    if (frontend.isPublic)
    {
        const auto resource = FindPublicAddress(publicIp);
        text = resource.Get("ipAddress");
        const auto idle = resource.Get("idleTimeoutInMinutes");
        if (idle.Exists())
        {
            frontend.idleTimeout = Minutes(idle.GetInteger(4, 4, 30));
        }
    }
    const auto address = ReadFrontendAddress(view, text);
    if (address)
    {
        frontend.address = *address;
        Take(view, "frontendIPConfigurations", Get().frontendIpConfigurations, frontend);
    }
}

void
ApplicationGatewayReader::ReadPort(const ResourceView& view)
{
    NoteUnknown(view, "applicationGateways/frontendPorts");
    Take(view,
         "frontendPorts",
         Get().frontendPorts,
         FrontendPort{view.GetName(), view.Get("port").GetPort(0)});
}

void
ApplicationGatewayReader::ReadCertificates(const ResourceView& view)
{
    const auto read = [&](const char* list, auto& certificates) {
        ReadParts(view, list, "certificate", [&](const ResourceView& part) {
            NoteUnknown(part, "applicationGateways/certificates");
            Take(part,
                 list,
                 certificates,
                 ApplicationGatewayCertificate{part.GetName(),
                                               part.Get("clientCertIssuerDN").GetText()});
        });
    };
    read("sslCertificates", Get().sslCertificates);
    read("trustedRootCertificates", Get().trustedRootCertificates);
    read("trustedClientCertificates", Get().trustedClientCertificates);
}

void
ApplicationGatewayReader::ReadSslProfile(const ResourceView& view)
{
    NoteUnknown(view, "applicationGateways/sslProfiles");
    SslProfile profile;
    profile.name = view.GetName();
    for (const auto& reference : view.Get("trustedClientCertificates").GetElements())
    {
        profile.trustedClientCertificates.push_back(Refer(reference,
                                                          "trustedClientCertificates",
                                                          Get().trustedClientCertificates,
                                                          "trusted client certificate"));
    }
    const auto clients = view.Get("clientAuthConfiguration");
    NoteUnknown(clients, "applicationGateways/clientAuthConfiguration");
    profile.verifyClientAuthMode =
        clients.Get("verifyClientAuthMode")
            .GetEnum<ClientAuthMode>(
                ClientAuthMode::Strict,
                {{"Strict", ClientAuthMode::Strict}, {"Passthrough", ClientAuthMode::Passthrough}});
    profile.verifyClientCertIssuerDn = clients.Get("verifyClientCertIssuerDN").GetBoolean(false);
    const auto revocation = clients.Get("verifyClientRevocation");
    if (!EqualsIgnoringCase(revocation.GetText("None"), "None"))
    {
        Note(revocation,
             "property " + revocation.GetPath(),
             "revocation of certificates is not modelled");
    }
    Take(view, "sslProfiles", Get().sslProfiles, profile);
}

} // namespace azure
} // namespace ns3
