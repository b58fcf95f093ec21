/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-scenario-tls.h"

#include "ns3/azure-gateway-probe-plan.h"

#include <algorithm>
#include <set>
#include <string>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @brief Settles what is served by HTTPS, step by step.
 */
class TlsPlanner
{
  public:
    /**
     * @param deployment what the plan is for
     * @param engines engines of its gateways
     * @param plan the plan
     */
    TlsPlanner(const DeploymentConfiguration& deployment,
               const ScenarioEngines& engines,
               ScenarioPlan& plan)
        : m_deployment(deployment),
          m_engines(engines),
          m_plan(plan)
    {
    }

    /** @brief Do all steps. */
    void Run()
    {
        for (const auto& endpoint : m_plan.endpoints)
        {
            AddGateway(endpoint);
        }
        // Whoever the issuer is, load balancers and their clients take it.
        for (const auto& endpoint : m_plan.endpoints)
        {
            if (!endpoint.url && endpoint.settings &&
                endpoint.settings->protocol == ProbeProtocol::Https)
            {
                AddAll(endpoint, endpoint.settings->port);
            }
        }
        while (Spread())
        {
        }
        Check();
    }

  private:
    /**
     * @brief Let a port be served by HTTPS.
     * @param member an instance
     * @param port one of its ports
     * @param issuer who issues the certificate; null: whoever does already, else one that everybody
     *        trusts
     * @param name a name that it has to have; empty: none
     */
    void Add(const IpAddress& member,
             uint16_t port,
             const TlsCertificate* issuer,
             const std::string& name)
    {
        auto& all = m_plan.tlsPorts[{member, port}];
        auto found = all.begin();
        if (issuer)
        {
            found = std::find_if(all.begin(), all.end(), [&](const PlannedTls& planned) {
                return planned.issuer == *issuer;
            });
        }
        if (found == all.end())
        {
            const auto authority = issuer ? *issuer : MakeTlsPublicRoot();
            // Without SNI the first one is shown: one that somebody trusts alone.
            const bool last = authority == MakeTlsPublicRoot();
            found = all.insert(last ? all.end() : all.begin(), {authority, {ToText(member)}});
        }
        if (!name.empty())
        {
            found->names.insert(name);
        }
    }

    /**
     * @brief The same for all instances that a rule of a load balancer leads to.
     * @param endpoint an endpoint of a load balancer
     * @param port a port of its instances
     */
    void AddAll(const PlannedEndpoint& endpoint, uint16_t port)
    {
        for (const auto& member : endpoint.members)
        {
            Add(member, port, nullptr, ToText(endpoint.address));
        }
    }

    /**
     * @brief Add what a gateway asks by HTTPS.
     * @param endpoint an endpoint
     */
    void AddGateway(const PlannedEndpoint& endpoint)
    {
        if (!endpoint.url || !endpoint.url->setting)
        {
            return;
        }
        const auto index = *endpoint.url->setting;
        const auto& gateway = m_deployment.applicationGateways[endpoint.index].configuration;
        const auto* layer4 = gateway.FindLayer4Setting(index);
        const auto issuer = gateway.GetBackendTrust(index).GetAll().front();
        const auto add = [&](const ApplicationGatewayBackendAddress& member,
                             const IpAddress& address) {
            if (layer4 && layer4->protocol == ApplicationGatewayProtocol::Tls)
            {
                const auto& host = endpoint.url->host;
                const auto name = host.substr(0, host.find(':'));
                Add(address, endpoint.backendPort, &issuer, layer4->GetServerName(member, name));
            }
            else if (gateway.GetSettingProtocol(index) == ApplicationGatewayProtocol::Https)
            {
                const auto& setting = gateway.backendHttpSettingsCollection[index];
                const auto asked =
                    FindServedRequest(m_engines(endpoint.index), endpoint, endpoint.url->path);
                const auto host = setting.pickHostNameFromBackendAddress ? member.GetText()
                                                                         : asked.fields.Get("Host");
                Add(address, endpoint.backendPort, &issuer, setting.sniName);
                Add(address, endpoint.backendPort, &issuer, host.substr(0, host.find(':')));
            }
            const auto probe = GatewayProbePlan::MakeSettings(gateway, index, member);
            if (probe.protocol == ProbeProtocol::Https)
            {
                Add(address, probe.port, &issuer, probe.GetServerName());
            }
        };
        for (const auto& address : endpoint.members)
        {
            add({"", address, false}, address);
        }
        for (const auto& server : m_plan.internet)
        {
            const auto& outside = endpoint.outside;
            if (std::find(outside.begin(), outside.end(), server.address) != outside.end())
            {
                add(server.member, server.address);
            }
        }
    }

    /**
     * @brief Ask rules of load balancers by HTTPS where an instance speaks it.
     * @return whether anything has changed
     */
    bool Spread()
    {
        bool changed = false;
        for (auto& endpoint : m_plan.endpoints)
        {
            const auto speaks = [&](const IpAddress& member) {
                return m_plan.tlsPorts.count({member, endpoint.backendPort}) > 0;
            };
            const auto& members = endpoint.members;
            if (!endpoint.url && !endpoint.tls && endpoint.protocol != TransportProtocol::Udp &&
                std::any_of(members.begin(), members.end(), speaks))
            {
                endpoint.tls = changed = true;
                AddAll(endpoint, endpoint.backendPort);
            }
        }
        return changed;
    }

    /** @brief Refuse ports that are asked by HTTP, too. */
    void Check()
    {
        std::set<std::pair<IpAddress, uint16_t>> told;
        const auto refuse = [&](const PlannedEndpoint& endpoint, uint16_t port) {
            for (const auto& member : endpoint.members)
            {
                const auto* machine = m_deployment.FindOwner(member);
                if (machine && m_plan.tlsPorts.count({member, port}) > 0 &&
                    told.insert({member, port}).second)
                {
                    m_plan.errors.push_back(
                        {"",
                         "rule '" + endpoint.GetRuleName() + "' of '" +
                             GetServiceName(m_deployment, endpoint) + "' asks port " +
                             std::to_string(port) + " of '" + machine->name +
                             "' by HTTP, and another rule or probe asks it by HTTPS: give one of "
                             "them another port or protocol"});
                }
            }
        };
        for (const auto& endpoint : m_plan.endpoints)
        {
            if (endpoint.settings && endpoint.settings->protocol == ProbeProtocol::Http)
            {
                refuse(endpoint, endpoint.settings->port);
            }
            if (endpoint.url && endpoint.url->setting)
            {
                const auto& gateway = m_deployment.applicationGateways[endpoint.index];
                const auto protocol =
                    gateway.configuration.GetSettingProtocol(*endpoint.url->setting);
                if (protocol == ApplicationGatewayProtocol::Http ||
                    protocol == ApplicationGatewayProtocol::Tcp)
                {
                    refuse(endpoint, endpoint.backendPort);
                }
            }
        }
    }

    const DeploymentConfiguration& m_deployment; //!< what the plan is for
    const ScenarioEngines& m_engines;            //!< engines of its gateways
    ScenarioPlan& m_plan;                        //!< the result
};

} // namespace

void
PlanTls(const DeploymentConfiguration& deployment,
        const ScenarioEngines& engines,
        ScenarioPlan& plan)
{
    TlsPlanner(deployment, engines, plan).Run();
}

std::shared_ptr<const TlsServerConfiguration>
MakeServerTls(const std::vector<PlannedTls>& planned)
{
    auto tls = std::make_shared<TlsServerConfiguration>();
    for (const auto& each : planned)
    {
        auto certificate = IssueTlsCertificate(each.issuer, *each.names.begin());
        certificate.names.assign(each.names.begin(), each.names.end());
        tls->certificates.push_back({certificate, each.issuer});
    }
    return tls;
}

std::shared_ptr<const TlsClientConfiguration>
MakeClientTls(const DeploymentConfiguration& deployment,
              const ScenarioPlan& plan,
              const PlannedEndpoint& endpoint)
{
    auto tls = std::make_shared<TlsClientConfiguration>();
    tls->trust.Add(MakeTlsPublicRoot());
    if (endpoint.service == ServiceKind::TrafficManager)
    {
        return tls;
    }
    if (!endpoint.url)
    {
        for (const auto& member : endpoint.members)
        {
            const auto found = plan.tlsPorts.find({member, endpoint.backendPort});
            for (std::size_t i = 0; found != plan.tlsPorts.end() && i < found->second.size(); ++i)
            {
                tls->trust.Add(found->second[i].issuer);
            }
        }
        return tls;
    }
    const auto& gateway = deployment.applicationGateways[endpoint.index].configuration;
    const auto profileOf = [&](const auto& listeners) {
        const auto listener = FindByName(listeners, endpoint.url->listener);
        return FindByName(gateway.sslProfiles, listeners[*listener].sslProfile);
    };
    const auto profile =
        endpoint.url->layer4 ? profileOf(gateway.listeners) : profileOf(gateway.httpListeners);
    if (profile && !gateway.sslProfiles[*profile].trustedClientCertificates.empty())
    {
        const auto authority =
            FindByName(gateway.trustedClientCertificates,
                       gateway.sslProfiles[*profile].trustedClientCertificates.front());
        const auto issuer = gateway.trustedClientCertificates[*authority].GetAuthority();
        tls->certificate = {IssueTlsCertificate(issuer, "client"), issuer};
    }
    return tls;
}

} // namespace azure
} // namespace ns3
