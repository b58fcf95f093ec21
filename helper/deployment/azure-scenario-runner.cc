/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-scenario-runner.h"

#include "azure-scenario-name-service.h"
#include "azure-scenario-summary.h"
#include "azure-scenario-tls.h"

#include "ns3/azure-application-gateway-helper.h"
#include "ns3/azure-dns-helper.h"
#include "ns3/azure-dns-static-zone.h"
#include "ns3/azure-http-client.h"
#include "ns3/azure-http-helper.h"
#include "ns3/azure-http-server.h"
#include "ns3/azure-load-balancer-helper.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/ipv4.h"
#include "ns3/log.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/pointer.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <sstream>

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureScenarioRunner");

namespace
{

constexpr int64_t FAULT_STREAM = 0;       //!< random stream of the phases of faults
constexpr std::size_t LONGEST_FILE = 100; //!< bytes of a name of a file before its ending

constexpr const char* NAME_SERVER = "root.invalid"; //!< name of the only name server
constexpr uint32_t NAME_TTL = 60;                   //!< seconds that names may be kept

/**
 * @param value a number
 * @return a random variable that always is that number
 */
Ptr<RandomVariableStream>
MakeConstant(double value)
{
    auto variable = CreateObject<ConstantRandomVariable>();
    variable->SetAttribute("Constant", DoubleValue(value));
    return variable;
}

/**
 * @param what what is in it
 * @param gateway index of an application gateway
 * @return name of a file of its exchanges or sessions; most deployments have one gateway
 */
std::string
GetGatewayFile(const std::string& what, std::size_t gateway)
{
    return what + (gateway == 0 ? "" : "-" + std::to_string(gateway + 1)) + ".csv";
}

/**
 * @param load a load model of a scenario
 * @return that of a client
 */
HttpLoadModel
Convert(LoadModel load)
{
    switch (load)
    {
    case LoadModel::Paced:
        return HttpLoadModel::OpenPaced;
    case LoadModel::Closed:
        return HttpLoadModel::Closed;
    default:
        return HttpLoadModel::OpenPoisson;
    }
}

/**
 * @param file where something is wrong
 * @param error what is wrong
 * @return both on one line
 */
std::string
Show(const std::string& file, const ConfigurationError& error)
{
    auto text = file;
    for (const auto& part : {error.path, error.message})
    {
        text += (text.empty() || part.empty() ? "" : ": ") + part;
    }
    return text;
}

/**
 * @param deployment a deployment
 * @param balancer one of its load balancers
 * @return the region that it sits in
 */
std::string
FindRegion(const DeploymentConfiguration& deployment, const DeployedLoadBalancer& balancer)
{
    const auto* network = deployment.FindVirtualNetwork(balancer.virtualNetwork);
    return network ? network->region : balancer.region;
}

/**
 * @param balancer a load balancer
 * @return whether its frontends are public
 */
bool
IsPublic(const DeployedLoadBalancer& balancer)
{
    const auto& frontends = balancer.configuration.frontendIpConfigurations;
    return !frontends.empty() && frontends.front().isPublic;
}

/**
 * @param balancer a load balancer
 * @return whether packets of some rule keep the address of the frontend (LB-26)
 */
bool
HasFloatingIp(const DeployedLoadBalancer& balancer)
{
    const auto floats = [](const auto& rule) { return rule.enableFloatingIp; };
    const auto& rules = balancer.configuration.loadBalancingRules;
    const auto& natRules = balancer.configuration.inboundNatRules;
    return std::any_of(rules.begin(), rules.end(), floats) ||
           std::any_of(natRules.begin(), natRules.end(), floats);
}

} // namespace

ScenarioRunner::ScenarioRunner(const Scenario& scenario, const DeploymentConfiguration& deployment)
    : m_deployment(deployment)
{
    for (const auto& error : deployment.errors)
    {
        m_errors.push_back(error.ToText());
    }
    for (const auto& error : scenario.Validate())
    {
        m_errors.push_back(Show(scenario.file, error));
    }
    if (m_errors.empty())
    {
        for (const auto& error : deployment.Validate())
        {
            m_errors.push_back(Show(deployment.source, error));
        }
    }
    if (!m_errors.empty())
    {
        return;
    }
    RngSeedManager::SetSeed(scenario.seed);
    RngSeedManager::SetRun(scenario.run);
    auto phase = CreateObject<UniformRandomVariable>();
    phase->SetStream(FAULT_STREAM);
    m_plan = ScenarioPlan::Make(scenario, deployment, phase);
    for (const auto& error : m_plan.errors)
    {
        // Without a path it is the deployment that will not do.
        m_errors.push_back(Show(error.path.empty() ? deployment.source : scenario.file, error));
    }
    if (!m_errors.empty() && m_plan.endpoints.empty())
    {
        // Nothing remains, and this is why.
        for (const auto& notice : deployment.notModelled)
        {
            m_errors.push_back(
                Show(deployment.source, {notice.path, "not modelled: " + notice.what}) + ": " +
                notice.why);
        }
    }
}

ScenarioRunner::~ScenarioRunner() = default;

std::vector<std::string>
ScenarioRunner::GetErrors() const
{
    return m_errors;
}

const ScenarioPlan&
ScenarioRunner::GetPlan() const
{
    return m_plan;
}

const ScenarioObserver&
ScenarioRunner::GetObserver() const
{
    return *m_observer;
}

std::string
ScenarioRunner::GetSummary() const
{
    return m_summary;
}

void
ScenarioRunner::Run(const std::string& folder)
{
    NS_LOG_FUNCTION(this << folder);
    NS_ASSERT_MSG(m_errors.empty() && !m_topology, "A run is run once, and without errors");
    m_observer = std::make_unique<ScenarioObserver>(m_plan, m_deployment);
    m_topology = CreateObject<DeploymentTopology>();
    m_topology->Build(m_deployment);
    m_injector = CreateObject<FaultInjector>();
    StopMachines();
    InstallBalancers();
    InstallInternet();
    InstallGateways();
    InstallServers();
    InstallNameService();
    InstallClients();
    for (const auto& fault : m_plan.faults)
    {
        if (fault.fault.kind == FaultKind::HealthPlane)
        {
            m_names->Schedule(fault);
            continue;
        }
        m_stream += m_injector->Schedule(fault, *m_topology, m_stream);
    }
    const auto& measurement = m_plan.scenario.measurement;
    if (measurement.flowMonitor)
    {
        m_monitor = std::make_unique<NatFlowMonitorHelper>();
        m_monitor->InstallAll();
    }
    if (measurement.pcap)
    {
        EnablePcap(folder);
    }
    Simulator::Stop(*m_plan.scenario.duration);
    Simulator::Run();
    m_observer->Close();

    std::vector<std::string> files;
    if (measurement.requests)
    {
        files.emplace_back("requests.csv");
    }
    for (std::size_t i = 0; measurement.requests && i < m_gateways.size(); ++i)
    {
        files.push_back(GetGatewayFile("exchanges", i));
        if (HasLayer4(i))
        {
            files.push_back(GetGatewayFile("sessions", i));
        }
    }
    if (measurement.probes)
    {
        files.emplace_back("probes.csv");
    }
    if (measurement.dns && m_names)
    {
        files.emplace_back("dns.csv");
    }
    if (m_monitor)
    {
        files.emplace_back("flowmon.xml");
        m_monitor->GetMonitor()->CheckForLostPackets();
        m_flows = "<?xml version=\"1.0\" ?>\n" + m_monitor->SerializeToXmlString(0, false, false);
    }
    files.insert(files.end(), m_pcaps.begin(), m_pcaps.end());
    m_summary = MakeSummary(m_deployment, m_plan, *m_observer, m_balancers, m_gateways, files);
    Simulator::Destroy();
    m_injector->Dispose();
    m_names.reset();
    m_topology->Dispose();
    m_balancers.clear();
    m_gateways.clear();
    m_monitor.reset();
}

void
ScenarioRunner::InstallBalancers()
{
    LoadBalancerHelper helper;
    for (std::size_t i = 0; i < m_deployment.loadBalancers.size(); ++i)
    {
        const auto& deployed = m_deployment.loadBalancers[i];
        const auto region = FindRegion(m_deployment, deployed);
        const bool isPublic = IsPublic(deployed);
        // Without a network there are no instances with floating IP, says the plan.
        const bool atEdge = isPublic && (!HasFloatingIp(deployed) ||
                                         !m_deployment.FindVirtualNetwork(deployed.virtualNetwork));
        auto router = atEdge ? m_topology->GetEdgeRouter(region)
                             : m_topology->GetNetworkRouter(deployed.virtualNetwork);
        auto balancer = helper.Install(router, deployed.configuration);
        m_stream += helper.AssignStreams(balancer, m_stream);
        for (const auto& frontend : deployed.configuration.frontendIpConfigurations)
        {
            const auto address = frontend.address.ToIpv4();
            if (atEdge)
            {
                m_topology->AddPublicRoute(address, region);
            }
            else if (isPublic)
            {
                m_topology->AddPublicRouteToNetwork(address, deployed.virtualNetwork);
            }
            else
            {
                m_topology->Reserve(address);
            }
        }
        m_observer->Watch(balancer, i);
        m_balancers.push_back(balancer);
    }
}

void
ScenarioRunner::InstallGateways()
{
    ApplicationGatewayHelper helper;
    helper.SetResolvers(m_resolvers);
    const TcpPresetHelper preset;
    for (const auto& deployed : m_deployment.applicationGateways)
    {
        for (const auto& frontend : deployed.configuration.frontendIpConfigurations)
        {
            const auto address = frontend.address.ToIpv4();
            if (frontend.isPublic)
            {
                m_topology->AddPublicRouteToNetwork(address, deployed.virtualNetwork);
            }
            else
            {
                m_topology->Reserve(address);
            }
        }
    }
    for (std::size_t i = 0; i < m_deployment.applicationGateways.size(); ++i)
    {
        const auto& deployed = m_deployment.applicationGateways[i];
        NodeContainer instances;
        for (uint32_t k = 0; k < m_deployment.CountGatewayInstances(i); ++k)
        {
            const auto name = deployed.configuration.name + "-instance-" + std::to_string(k);
            instances.Add(
                m_topology->AddGatewayInstance(name, deployed.virtualNetwork, deployed.subnet)
                    .node);
            preset.Install(instances.Get(k));
        }
        auto gateway = helper.Install(m_topology->GetNetworkRouter(deployed.virtualNetwork),
                                      instances,
                                      deployed.configuration);
        m_stream += helper.AssignStreams(gateway, m_stream);
        m_observer->Watch(gateway, i);
        m_injector->AddGateway(i, gateway);
        m_gateways.push_back(gateway);
    }
}

void
ScenarioRunner::StopMachines()
{
    for (const auto& machine : m_deployment.virtualMachines)
    {
        for (const auto* place : m_topology->Find(machine.running ? "" : machine.name))
        {
            auto ipv4 = place->node->GetObject<Ipv4>();
            ipv4->SetDown(ipv4->GetInterfaceForDevice(place->device));
        }
    }
}

void
ScenarioRunner::InstallInternet()
{
    auto zone = std::make_shared<DnsStaticZone>(DnsName(), NAME_SERVER, NAME_TTL);
    bool isNamed = false;
    for (const auto& server : m_plan.internet)
    {
        const auto address = server.address.ToIpv4();
        m_topology->AddInternetServer(server.member.GetText(), address);
        const auto name = DnsName::Parse(server.member.fqdn);
        if (!server.member.fqdn.empty() && name)
        {
            zone->Add(DnsRecord::A(*name, NAME_TTL, address));
            isNamed = true;
        }
    }
    if (!isNamed)
    {
        return;
    }
    const TcpPresetHelper preset;
    const auto free = FindFreePublicAddresses(m_deployment, 2);
    if (free.size() < 2)
    {
        return; // not with hundreds of public addresses; names stay unknown
    }
    const auto authority = free[0].ToIpv4();
    const auto recursive = free[1].ToIpv4();
    zone->Add(DnsRecord::A(NAME_SERVER, NAME_TTL, authority));
    const auto& root = m_topology->AddInternetServer("name-server", authority);
    preset.Install(root.node);
    DnsServerHelper().InstallZones(root.node, {zone});
    const auto& resolver = m_topology->AddInternetServer("resolver", recursive);
    preset.Install(resolver.node);
    ResolverHelper helper;
    helper.AddRootHint(NAME_SERVER, authority);
    m_stream += DynamicCast<RecursiveResolver>(helper.InstallRecursive(resolver.node).Get(0))
                    ->AssignStreams(m_stream);
    m_resolvers = {recursive};
}

Ptr<HttpServer>
ScenarioRunner::InstallServer(const EdgeNode& place,
                              const std::string& name,
                              const IpAddress& address,
                              uint16_t port)
{
    const auto secure = m_plan.tlsPorts.find({address, port});
    const bool isSecure = secure != m_plan.tlsPorts.end();
    HttpServerHelper helper(isSecure ? 0 : port);
    helper.SetAttribute("ServerName", StringValue(name));
    auto applications = helper.Install(place.node);
    auto server = DynamicCast<HttpServer>(applications.Get(0));
    if (isSecure)
    {
        server->AddTlsPort(port, MakeServerTls(secure->second));
    }
    for (const auto& clients : m_plan.clients)
    {
        const auto& group = (*m_plan.scenario.clients)[clients.group];
        HttpPathResponse response;
        response.size = MakeConstant(group.responseSize);
        server->SetPathResponse(clients.servedTarget, response);
    }
    m_stream += server->AssignStreams(m_stream);
    applications.Start(Time(0));
    return server;
}

void
ScenarioRunner::InstallServers()
{
    const TcpPresetHelper preset;
    for (const auto& [address, ports] : m_plan.ports)
    {
        const auto* place = m_topology->FindOwner(address.ToIpv4());
        preset.Install(place->node);
        for (const auto port : ports)
        {
            const auto& name = m_deployment.FindOwner(address)->name;
            m_injector->AddServer(place->name, port, InstallServer(*place, name, address, port));
        }
    }
    const auto places = m_topology->GetInternetServers();
    for (std::size_t i = 0; i < m_plan.internet.size(); ++i)
    {
        const auto& server = m_plan.internet[i];
        preset.Install(places[i]->node);
        for (const auto port : server.ports)
        {
            InstallServer(*places[i], server.member.GetText(), server.address, port);
        }
    }
    for (const auto& endpoint : m_plan.endpoints)
    {
        for (std::size_t i = 0; endpoint.floatingIp && i < endpoint.members.size(); ++i)
        {
            // As an administrator configures it on the loopback interface (LB-26).
            auto ipv4 =
                m_topology->FindOwner(endpoint.members[i].ToIpv4())->node->GetObject<Ipv4>();
            const auto address = endpoint.address.ToIpv4();
            if (ipv4->GetInterfaceForAddress(address) < 0)
            {
                ipv4->AddAddress(0, Ipv4InterfaceAddress(address, Ipv4Mask::GetOnes()));
            }
        }
    }
}

void
ScenarioRunner::InstallNameService()
{
    if (m_plan.profiles.empty())
    {
        return;
    }
    m_names = std::make_unique<ScenarioNameService>(m_plan, m_deployment, m_topology);
    m_stream += m_names->Install(m_stream);
    m_observer->Watch(m_names->GetManager());
    for (const auto& resolver : m_names->GetResolvers())
    {
        m_observer->GetTrafficManager().Watch(resolver.resolver, resolver.name, resolver.address);
    }
}

void
ScenarioRunner::InstallClients()
{
    const TcpPresetHelper preset;
    std::vector<uint32_t> numbers(m_plan.scenario.clients->size(), 0);
    for (const auto& clients : m_plan.clients)
    {
        const auto& group = (*m_plan.scenario.clients)[clients.group];
        const auto& endpoint = m_plan.endpoints[clients.endpoint];
        const bool isNamed = endpoint.service == ServiceKind::TrafficManager;
        const auto frontend = isNamed ? Ipv4Address() : endpoint.address.ToIpv4();
        auto helper = isNamed ? HttpClientHelper(endpoint.GetHostName(), endpoint.port)
                              : HttpClientHelper(InetSocketAddress(frontend, endpoint.port));
        helper.SetAttribute("Path", StringValue(endpoint.MakeTarget(clients.group)));
        helper.SetAttribute("Host", StringValue(endpoint.url ? endpoint.url->host : ""));
        helper.SetAttribute("Method", StringValue(group.requestSize > 0 ? "POST" : "GET"));
        helper.SetAttribute("RequestBodySize", PointerValue(MakeConstant(group.requestSize)));
        helper.SetAttribute("LoadModel", EnumValue(Convert(group.load)));
        helper.SetAttribute("Rate", DoubleValue(clients.rate));
        helper.SetAttribute("Users", UintegerValue(group.users));
        helper.SetAttribute("ThinkTime", PointerValue(MakeConstant(group.thinkTime.GetSeconds())));
        helper.SetAttribute("KeepAlive", BooleanValue(group.keepAlive));
        helper.SetAttribute("ConnectTimeout", TimeValue(group.connectTimeout));
        helper.SetAttribute("ResponseTimeout", TimeValue(group.requestTimeout));
        for (uint32_t i = 0; i < clients.count; ++i)
        {
            const auto name = group.name + "-" + std::to_string(numbers[clients.group]++);
            const auto network = GetServiceNetwork(m_deployment, endpoint);
            const auto* place =
                !endpoint.isPublic       ? m_topology->AddNetworkClient(name, network, frontend)
                : clients.region.empty() ? &m_topology->AddInternetClient(name)
                                         : &m_topology->AddRegionClient(name, clients.region);
            NS_ABORT_MSG_IF(!place,
                            "The subnet of " << frontend << " has no room for client '" << name
                                             << "'; lower `count`");
            preset.Install(place->node);
            if (isNamed)
            {
                m_stream += m_names->InstallStub(place->node, clients, i, m_stream);
            }
            helper.SetAttribute("ClientName", StringValue(name));
            auto applications = helper.Install(place->node);
            auto client = DynamicCast<HttpClient>(applications.Get(0));
            if (endpoint.url ? endpoint.url->tls : endpoint.tls)
            {
                client->SetTls(MakeClientTls(m_deployment, m_plan, endpoint));
            }
            m_stream += client->AssignStreams(m_stream);
            applications.Start(clients.start);
            if (group.stop)
            {
                applications.Stop(*group.stop);
            }
            m_observer->Watch(client);
        }
    }
}

bool
ScenarioRunner::HasLayer4(std::size_t gateway) const
{
    return !m_deployment.applicationGateways[gateway].configuration.listeners.empty();
}

void
ScenarioRunner::EnablePcap(const std::string& folder)
{
    PointToPointHelper helper;
    const auto enable = [&](const EdgeNode& place) {
        auto file = place.name.substr(0, LONGEST_FILE);
        std::replace_if(
            file.begin(),
            file.end(),
            [](unsigned char c) { return !std::isalnum(c) && c != '-' && c != '_' && c != '.'; },
            '-');
        // Names that differ in other characters alone must not share a file.
        const auto stem = file;
        const auto isTaken = [&] {
            return std::find(m_pcaps.begin(), m_pcaps.end(), file + ".pcap") != m_pcaps.end();
        };
        for (int i = 2; isTaken(); ++i)
        {
            file = stem + "-" + std::to_string(i);
        }
        file += ".pcap";
        helper.EnablePcap(folder + "/" + file, place.device, false, true);
        m_pcaps.push_back(file);
    };
    for (const auto& place : m_topology->GetNetworkInterfaces())
    {
        enable(place);
    }
    for (const auto* place : m_topology->GetGatewayInstances())
    {
        enable(*place);
    }
    for (const auto* place : m_topology->GetRegionHosts())
    {
        enable(*place);
    }
    for (const auto* place : m_topology->GetInternetServers())
    {
        enable(*place);
    }
    for (const auto* place : m_topology->GetClients())
    {
        enable(*place);
    }
}

bool
ScenarioRunner::Write(const std::string& folder) const
{
    const auto& measurement = m_plan.scenario.measurement;
    bool good = true;
    const auto write = [&](const std::string& name, const auto& content) {
        std::ofstream file(folder + "/" + name, std::ios::binary);
        content(file);
        file.close();
        good = good && file.good();
    };
    if (measurement.requests)
    {
        write("requests.csv", [&](std::ostream& os) { m_observer->GetRequests().WriteCsv(os); });
    }
    for (std::size_t i = 0; measurement.requests && i < m_deployment.applicationGateways.size();
         ++i)
    {
        write(GetGatewayFile("exchanges", i),
              [&](std::ostream& os) { m_observer->GetExchanges(i).WriteCsv(os); });
        if (HasLayer4(i))
        {
            write(GetGatewayFile("sessions", i),
                  [&](std::ostream& os) { m_observer->GetSessions(i).WriteCsv(os); });
        }
    }
    if (measurement.probes)
    {
        write("probes.csv", [&](std::ostream& os) { m_observer->WriteProbesCsv(os); });
    }
    if (measurement.dns && !m_plan.profiles.empty())
    {
        write("dns.csv",
              [&](std::ostream& os) { m_observer->GetTrafficManager().WriteDnsCsv(os); });
    }
    if (measurement.flowMonitor)
    {
        write("flowmon.xml", [&](std::ostream& os) { os << m_flows; });
    }
    // Last, because it is what tells a folder of results from any other.
    write("summary.json", [&](std::ostream& os) { os << m_summary; });
    return good;
}

} // namespace azure
} // namespace ns3
