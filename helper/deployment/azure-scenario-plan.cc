/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-scenario-plan.h"

#include "azure-scenario-tls.h"
#include "azure-scenario-traffic-manager-plan.h"

#include "ns3/azure-json-text.h"
#include "ns3/azure-load-balancer-validator.h"

#include <algorithm>
#include <sstream>

namespace ns3
{
namespace azure
{

namespace
{

/** Requests per second of each client when a scenario says nothing of clients. */
constexpr double DEFAULT_RATE = 5;

/** Requests of all clients in one run when a scenario says nothing of clients. */
constexpr double OWN_REQUESTS = 7000;

/** Addresses for clients in the internet, see DeploymentTopology. */
constexpr uint64_t INTERNET_CLIENTS = (uint64_t{1} << 17) - 3;

/** Addresses for clients at a region, see DeploymentTopology; a few are for other hosts. */
constexpr uint64_t REGION_CLIENTS = 32000;

/** What a fault of Traffic Manager's plane of health and policy hits. */
const char* const HEALTH_PLANE = "Traffic Manager's health plane";

/** Requests per second, at most, of the one client of an inbound NAT mapping. */
constexpr double NAT_RATE = 1;

/** Requests and probes of one run, at most: hours of computing and gigabytes of records. */
constexpr double LARGEST_RUN = 1e7;

/** The same with a flow monitor, which needs some 12 kB for each. */
constexpr double LARGEST_MONITORED_RUN = 1e6;

/** Bytes that take about as long to simulate as a request without any. */
constexpr double BYTES_OF_REQUEST = 15000;

/** Longest request timeout of a gateway that clients have patience for, by default. */
const Time LONGEST_TRY = Seconds(60);

/** Seconds of the shortest round trip of a client in the internet, see DeploymentTopology. */
constexpr double INTERNET_ROUND_TRIP = 0.02;

/** Seconds of the shortest round trip of a client in a virtual network. */
constexpr double NETWORK_ROUND_TRIP = 0.0002;

/**
 * @param time a time
 * @return the time for messages, in seconds
 */
std::string
ShowSeconds(const Time& time)
{
    std::ostringstream text;
    text << time.GetSeconds() << " s";
    return text.str();
}

/**
 * @brief Puts a plan together, step by step.
 */
class Planner
{
  public:
    /**
     * @param plan the plan, with the scenario as it was given
     * @param deployment what it runs on
     * @param phase uniform from 0 to 1
     */
    Planner(ScenarioPlan& plan,
            const DeploymentConfiguration& deployment,
            Ptr<RandomVariableStream> phase)
        : m_plan(plan),
          m_deployment(deployment),
          m_phase(phase)
    {
    }

    /** @brief Do all steps; stops at the first that finds errors. */
    void Run();

  private:
    /** @brief Find the endpoints, and the ports that instances have to serve. */
    void PlanEndpoints();

    /**
     * @param gateway index of an application gateway
     * @return decides for it, with all members healthy; compiled once
     */
    const ApplicationGatewayEngine& GetEngine(std::size_t gateway);

    /** @brief Say who asks which endpoint. */
    void PlanClients();

    /**
     * @param target a target of clients
     * @return the endpoints that it names
     */
    std::vector<std::size_t> FindTarget(const std::string& target) const;

    /**
     * @param index index of a group
     * @param endpoint index of an endpoint
     * @param light whether the group only looks in on it
     */
    void AddClients(std::size_t index, std::size_t endpoint, bool light);

    /** @brief See that every client finds an address; fewer clients where the number is ours. */
    void CheckRoom();

    /**
     * @brief As CheckRoom, for one virtual network.
     * @param network its name; empty: the internet
     * @param region region in the internet; empty: none
     * @param room how many addresses are free
     */
    void CheckRoom(const std::string& network, const std::string& region, uint64_t room);

    /** @brief Settle targets and times of the faults. */
    void PlanFaults();

    /**
     * @brief Settle the target of a fault.
     * @param fault the fault
     * @param path its path in the scenario
     * @return whether there is such a target
     */
    bool FindMachine(PlannedFault& fault, const std::string& path);

    /**
     * @brief Settle target and times of a fault of instances of gateways, or of a zone.
     * @param fault the fault
     * @param firstClient when the first client starts
     */
    void PlanGatewayFault(const PlannedFault& fault, Time firstClient);

    /**
     * @param fault a fault with a target
     * @return the interval of its probe; 0 without
     */
    Time GetProbeInterval(const PlannedFault& fault) const;

    /**
     * @brief See that a server shows a fault that names a port.
     * @param fault the fault, with its target settled
     * @param path its path in the scenario
     */
    void CheckPort(const PlannedFault& fault, const std::string& path);

    /** @brief Settle the end of the simulation. */
    void PlanDuration();

    /** @brief Refuse what nobody would wait for. */
    void CheckSize();

    /**
     * @param clients some clients
     * @return how many requests they send, about
     */
    double CountRequests(const PlannedClients& clients) const;

    /**
     * @param fault a fault with a target
     * @return the probe of the first rule that the target is a member of, or null
     */
    const ProbeSettings* FindProbe(const PlannedFault& fault) const;

    /**
     * @param endpoint an endpoint
     * @return whether HTTP clients can ask it; an application gateway answers by itself, too
     */
    static bool IsServed(const PlannedEndpoint& endpoint)
    {
        return endpoint.service == ServiceKind::TrafficManager
                   ? !endpoint.targets.empty()
                   : endpoint.url ||
                         (endpoint.protocol != TransportProtocol::Udp && !endpoint.members.empty());
    }

    /**
     * @param endpoint an endpoint
     * @param target a target of clients
     * @return whether it is a Traffic Manager profile that goes by this name
     */
    bool IsProfile(const PlannedEndpoint& endpoint, const std::string& target) const
    {
        return endpoint.service == ServiceKind::TrafficManager &&
               (target == GetServiceName(m_deployment, endpoint) || target == endpoint.url->host);
    }

    /**
     * @param endpoint an endpoint
     * @return whether clients ask it when nothing is said: not when others lead to it
     */
    bool IsAskedByDefault(const PlannedEndpoint& endpoint) const
    {
        if (endpoint.service == ServiceKind::TrafficManager)
        {
            return IsServed(endpoint) &&
                   !TrafficManagerPlan::IsChild(m_plan.profiles, endpoint.index);
        }
        return IsServed(endpoint) &&
               std::none_of(m_plan.targets.begin(), m_plan.targets.end(), [&](const auto& target) {
                   return target.address == endpoint.address &&
                          m_plan.profiles[target.profile].monitorConfig.port == endpoint.port;
               });
    }

    /**
     * @param endpoint an endpoint
     * @return whether a fault of a member shows in the answers to HTTP clients
     */
    static bool HasServers(const PlannedEndpoint& endpoint)
    {
        return IsServed(endpoint) && !endpoint.members.empty();
    }

    /**
     * @param path where
     * @param message what is wrong and what to do
     */
    void Fail(const std::string& path, const std::string& message)
    {
        m_plan.errors.push_back({path, message});
    }

    ScenarioPlan& m_plan;                                      //!< the result
    const DeploymentConfiguration& m_deployment;               //!< what it runs on
    Ptr<RandomVariableStream> m_phase;                         //!< phases of faults
    std::map<std::size_t, ApplicationGatewayEngine> m_engines; //!< by index of the gateway
    Time m_verdicts;          //!< by then every probe has had its verdict
    bool m_ownClients{false}; //!< whether the scenario says nothing of clients
};

void
Planner::Run()
{
    if (m_deployment.loadBalancers.empty() && m_deployment.applicationGateways.empty() &&
        m_deployment.trafficManagers.empty())
    {
        Fail("",
             "the deployment has no regional load balancer, no application gateway and no Traffic "
             "Manager profile, so there is nothing to simulate");
        return;
    }
    PlanEndpoints();
    if (m_plan.errors.empty())
    {
        PlanClients();
        CheckRoom();
        PlanFaults();
    }
    if (m_plan.errors.empty())
    {
        const auto overlaps = FindOverlaps(m_plan.faults);
        m_plan.errors.insert(m_plan.errors.end(), overlaps.begin(), overlaps.end());
        PlanDuration();
    }
    if (m_plan.errors.empty())
    {
        CheckSize();
    }
}

void
Planner::PlanEndpoints()
{
    m_plan.endpoints = FindEndpoints(m_deployment);
    m_plan.internet = FindInternetServers(m_deployment);
    for (const auto& endpoint : m_plan.endpoints)
    {
        if (endpoint.floatingIp && !endpoint.members.empty() &&
            !m_deployment.FindVirtualNetwork(GetServiceNetwork(m_deployment, endpoint)))
        {
            // Only the router of the network can tell instances with the same address apart.
            Fail("",
                 "rule '" + endpoint.rule +
                     "': floating IP needs the virtual network of load balancer '" +
                     GetServiceName(m_deployment, endpoint) + "'");
        }
        for (const auto& member : endpoint.members)
        {
            const auto* machine = m_deployment.FindOwner(member);
            if (!machine)
            {
                Fail("",
                     "rule '" + endpoint.rule + "': no network interface has the address " +
                         ToText(member) + " of a backend");
                continue;
            }
            auto& ports = m_plan.ports[member];
            ports.insert(endpoint.backendPort);
            if (endpoint.settings)
            {
                ports.insert(endpoint.settings->port);
            }
        }
        for (auto& server : m_plan.internet)
        {
            const auto& outside = endpoint.outside;
            if (std::find(outside.begin(), outside.end(), server.address) != outside.end())
            {
                server.ports.insert({endpoint.backendPort, endpoint.settings->port});
            }
        }
        if (endpoint.settings)
        {
            const auto& settings = *endpoint.settings;
            m_verdicts =
                std::max(m_verdicts,
                         settings.interval * static_cast<int64_t>(settings.thresholds.successes));
        }
    }
    TrafficManagerPlan::AddTo(m_deployment, m_plan);
    for (const auto& profile : m_plan.profiles)
    {
        m_verdicts = std::max(m_verdicts, profile.monitorConfig.interval);
    }
    PlanTls(
        m_deployment,
        [this](std::size_t gateway) -> const ApplicationGatewayEngine& {
            return GetEngine(gateway);
        },
        m_plan);
    if (std::none_of(m_plan.endpoints.begin(), m_plan.endpoints.end(), IsServed))
    {
        Fail("",
             "no load balancer has a TCP rule with backends, no application gateway a rule and no "
             "Traffic Manager profile an endpoint that leads somewhere, so there is nothing to "
             "ask");
    }
}

const ApplicationGatewayEngine&
Planner::GetEngine(std::size_t gateway)
{
    auto found = m_engines.find(gateway);
    if (found == m_engines.end())
    {
        const auto& configuration = m_deployment.applicationGateways[gateway].configuration;
        found =
            m_engines
                .emplace(gateway,
                         ApplicationGatewayEngine(std::make_shared<RequestRouter>(configuration),
                                                  nullptr))
                .first;
        found->second.SetAllHealthy(true);
    }
    return found->second;
}

std::vector<std::size_t>
Planner::FindTarget(const std::string& target) const
{
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < m_plan.endpoints.size(); ++i)
    {
        const auto& endpoint = m_plan.endpoints[i];
        const auto& service = GetServiceName(m_deployment, endpoint);
        const auto rule = endpoint.GetRuleName();
        if (IsServed(endpoint) &&
            (target == endpoint.rule || target == service + "/" + endpoint.rule || target == rule ||
             target == service + "/" + rule || IsProfile(endpoint, target) ||
             target == ToText(endpoint.address) + ":" + std::to_string(endpoint.port)))
        {
            found.push_back(i);
        }
    }
    return found;
}

void
Planner::AddClients(std::size_t index, std::size_t endpoint, bool light)
{
    const auto& group = (*m_plan.scenario.clients)[index];
    PlannedClients clients;
    clients.group = index;
    clients.endpoint = endpoint;
    clients.count = light ? 1 : group.count;
    clients.rate = light ? std::min(group.rate, NAT_RATE) : group.rate;
    clients.start = *group.start;
    const auto& asked = m_plan.endpoints[endpoint];
    clients.region = TrafficManagerPlan::FindRegion(m_plan, group, asked);
    const auto target = asked.MakeTarget(index);
    clients.servedTarget = asked.service == ServiceKind::ApplicationGateway
                               ? FindServedRequest(GetEngine(asked.index), asked, target).target
                               : target;
    m_plan.clients.push_back(clients);
}

void
Planner::PlanClients()
{
    auto& groups = m_plan.scenario.clients;
    if (!groups)
    {
        ScenarioClients group;
        group.rate = DEFAULT_RATE;
        for (const auto& gateway : m_deployment.applicationGateways)
        {
            for (const auto& setting : gateway.configuration.backendHttpSettingsCollection)
            {
                // Long enough to see the gateway's own answer after two tries (AG-38).
                group.requestTimeout = std::max<Time>(
                    group.requestTimeout,
                    std::min(setting.requestTimeout, LONGEST_TRY) * int64_t{2} + Seconds(5));
            }
            for (const auto& setting : gateway.configuration.backendSettingsCollection)
            {
                group.requestTimeout =
                    std::max<Time>(group.requestTimeout,
                                   std::min(setting.timeout, LONGEST_TRY) + Seconds(5));
            }
        }
        groups = TrafficManagerPlan::MakeOwnClients(m_plan);
        if (std::any_of(m_plan.endpoints.begin(), m_plan.endpoints.end(), [&](const auto& asked) {
                return asked.service != ServiceKind::TrafficManager && IsAskedByDefault(asked);
            }))
        {
            groups->insert(groups->begin(), group);
        }
        m_ownClients = true;
    }
    for (std::size_t i = 0; i < groups->size(); ++i)
    {
        auto& group = (*groups)[i];
        const auto path = "clients[" + std::to_string(i) + "]";
        group.start = group.start.value_or(m_verdicts + Seconds(1));
        if (group.stop && *group.stop <= *group.start)
        {
            Fail(path + ".stop",
                 "must come after the start, which is when every probe has had "
                 "its verdict: give a later stop or an earlier start");
        }
        for (std::size_t k = 0; k < group.targets.size(); ++k)
        {
            const auto found = FindTarget(group.targets[k]);
            for (const auto endpoint : found)
            {
                AddClients(i, endpoint, false);
            }
            if (found.empty())
            {
                std::string known;
                for (const auto& endpoint : m_plan.endpoints)
                {
                    known += (known.empty() ? "" : ", ") + endpoint.GetRuleName();
                }
                Fail(path + ".targets[" + std::to_string(k) + "]",
                     "no TCP rule or frontend is '" + JsonText::Quote(group.targets[k]) +
                         "'; the rules are: " + known);
            }
        }
        for (std::size_t k = 0; group.targets.empty() && k < m_plan.endpoints.size(); ++k)
        {
            const auto& endpoint = m_plan.endpoints[k];
            // Our own have groups at regions for Traffic Manager.
            if (IsAskedByDefault(endpoint) &&
                !(m_ownClients && endpoint.service == ServiceKind::TrafficManager))
            {
                AddClients(i, k, endpoint.inboundNat || endpoint.members.empty());
            }
        }
    }
}

void
Planner::CheckRoom()
{
    CheckRoom("", "", INTERNET_CLIENTS);
    std::set<std::string> regions;
    for (const auto& clients : m_plan.clients)
    {
        regions.insert(clients.region);
    }
    regions.erase("");
    for (const auto& region : regions)
    {
        CheckRoom("", region, REGION_CLIENTS);
    }
    for (const auto& network : m_deployment.virtualNetworks)
    {
        CheckRoom(network.name, "", m_deployment.CountFreeAddresses(network.name));
    }
}

void
Planner::CheckRoom(const std::string& network, const std::string& region, uint64_t room)
{
    const auto isHere = [&](const PlannedClients& clients) {
        const auto& endpoint = m_plan.endpoints[clients.endpoint];
        return endpoint.isPublic ? network.empty() && region == clients.region
                                 : network == GetServiceNetwork(m_deployment, endpoint);
    };
    std::vector<PlannedClients*> here;
    uint64_t needed = 0;
    for (auto& clients : m_plan.clients)
    {
        if (isHere(clients))
        {
            here.push_back(&clients);
            needed += clients.count;
        }
    }
    const auto name = !network.empty()  ? "virtual network '" + network + "'"
                      : !region.empty() ? "region '" + region + "'"
                                        : "the internet";
    if (m_ownClients && needed > room && room >= here.size())
    {
        // Nobody asked for so many; evenly, and at least one for each endpoint.
        const auto share = static_cast<uint32_t>(room / here.size());
        for (auto* clients : here)
        {
            clients->count = std::min(clients->count, share);
        }
        for (auto& group : *m_plan.scenario.clients)
        {
            group.count = 1;
        }
        for (const auto& clients : m_plan.clients)
        {
            auto& group = (*m_plan.scenario.clients)[clients.group];
            group.count = std::max(group.count, clients.count);
        }
    }
    else if (needed > room)
    {
        Fail(m_ownClients ? "" : "clients",
             name + " has " + std::to_string(room) + " addresses left and " +
                 std::to_string(needed) + " clients need one each: " +
                 (m_ownClients ? "give it a larger subnet"
                               : "lower their `count` or give it a larger subnet"));
    }
}

bool
Planner::FindMachine(PlannedFault& fault, const std::string& path)
{
    auto target = fault.fault.target;
    if (fault.fault.kind == FaultKind::HealthPlane)
    {
        fault.machine = HEALTH_PLANE;
        if (!target.empty())
        {
            Fail(path + ".target", "has no meaning for a fault of kind 'healthPlane'");
        }
        else if (m_plan.profiles.empty())
        {
            Fail(path + ".kind", "the deployment has no Traffic Manager profile");
        }
        return target.empty() && !m_plan.profiles.empty();
    }
    if (target.empty())
    {
        const auto first =
            std::find_if(m_plan.endpoints.begin(), m_plan.endpoints.end(), [](const auto& e) {
                return HasServers(e) && !e.inboundNat;
            });
        const auto any = std::find_if(m_plan.endpoints.begin(), m_plan.endpoints.end(), HasServers);
        if (any == m_plan.endpoints.end())
        {
            Fail(path + ".target", "no rule has backends: name a machine");
            return false;
        }
        const auto& endpoint = first == m_plan.endpoints.end() ? *any : *first;
        const auto runs =
            std::find_if(endpoint.members.begin(), endpoint.members.end(), [&](const auto& member) {
                return m_deployment.FindOwner(member)->running;
            });
        auto server = runs == endpoint.members.end() ? endpoint.members.front() : *runs;
        if (endpoint.service == ServiceKind::TrafficManager)
        {
            const auto asked = TrafficManagerPlan::FindFirstServer(m_plan);
            server = asked.IsSet() ? asked : server;
        }
        target = m_deployment.FindOwner(server)->name;
    }
    for (const auto& nic : m_deployment.networkInterfaces)
    {
        if (nic.name == target || nic.virtualMachine == target)
        {
            fault.machine = nic.virtualMachine;
            fault.interfaces.push_back(nic.name);
            for (const auto& ip : nic.ipConfigurations)
            {
                fault.addresses.push_back(ip.privateIpAddress);
            }
        }
    }
    const auto* machine = m_deployment.FindVirtualMachine(fault.machine);
    if (machine && !machine->running)
    {
        Fail(path + ".target", "'" + fault.machine + "' is stopped, so nothing can happen to it");
        return false;
    }
    const auto hosts = TrafficManagerPlan::FindHosts(m_plan);
    if (fault.interfaces.empty() && std::find(hosts.begin(), hosts.end(), target) != hosts.end())
    {
        const auto kind = fault.fault.kind;
        if (kind != FaultKind::Crash && kind != FaultKind::LinkCut && kind != FaultKind::Loss)
        {
            Fail(path + ".kind",
                 "'" + JsonText::Quote(target) +
                     "' serves names, not requests: it may crash, its link may be cut or lossy");
            return false;
        }
        fault.machine = target;
        fault.interfaces = {target};
    }
    if (!fault.interfaces.empty())
    {
        fault.fault.target = target;
        return true;
    }
    std::string known;
    for (const auto& machine : m_deployment.virtualMachines)
    {
        known += (known.empty() ? "" : ", ") + machine.name;
    }
    for (const auto& host : hosts)
    {
        known += ", " + host;
    }
    Fail(path + ".target",
         "no virtual machine or network interface is '" + JsonText::Quote(target) +
             "'; the machines are: " + known);
    return false;
}

const ProbeSettings*
Planner::FindProbe(const PlannedFault& fault) const
{
    for (const auto& endpoint : m_plan.endpoints)
    {
        for (const auto& address : fault.addresses)
        {
            if (endpoint.settings &&
                std::find(endpoint.members.begin(), endpoint.members.end(), address) !=
                    endpoint.members.end())
            {
                return &*endpoint.settings;
            }
        }
    }
    return nullptr;
}

void
Planner::PlanFaults()
{
    auto& list = m_plan.scenario.faults;
    const bool byDefault = !list;
    if (byDefault && std::none_of(m_plan.endpoints.begin(), m_plan.endpoints.end(), HasServers))
    {
        list.emplace(); // no rule has a machine that could fail
    }
    else if (byDefault)
    {
        ScenarioFault fault;
        fault.phase = FaultPhase::Random;
        list = {fault};
    }
    Time firstClient = m_verdicts;
    for (const auto& clients : m_plan.clients)
    {
        firstClient = &clients == &m_plan.clients.front() ? clients.start
                                                          : std::min(firstClient, clients.start);
    }
    for (std::size_t i = 0; i < list->size(); ++i)
    {
        const auto path = "faults[" + std::to_string(i) + "]";
        PlannedFault planned;
        planned.fault = (*list)[i];
        planned.source = i;
        if (IsOfGateways(planned.fault.kind))
        {
            PlanGatewayFault(planned, firstClient);
            continue;
        }
        if (!FindMachine(planned, path))
        {
            continue;
        }
        CheckPort(planned, path);
        if (byDefault)
        {
            const auto* probe = FindProbe(planned);
            const int64_t failures = probe ? probe->thresholds.timeouts : 0;
            planned.fault.duration =
                std::max({Seconds(30),
                          GetProbeInterval(planned) * (failures + 1) + Seconds(15),
                          TrafficManagerPlan::FindSettlingTimes(m_plan, planned.addresses).first +
                              Seconds(15)});
        }
        SettleTimes(planned, GetProbeInterval(planned), firstClient, m_phase);
        (*list)[i] = planned.fault;
        m_plan.faults.push_back(planned);
    }
}

Time
Planner::GetProbeInterval(const PlannedFault& fault) const
{
    const auto* probe = FindProbe(fault);
    return probe ? probe->interval : Time(0);
}

void
Planner::PlanGatewayFault(const PlannedFault& fault, Time firstClient)
{
    const auto path = "faults[" + std::to_string(fault.source) + "]";
    std::string error;
    for (auto& part : FindGatewayFaults(m_deployment, fault, error))
    {
        if (part.gateway || FindMachine(part, path))
        {
            SettleTimes(part, GetProbeInterval(part), firstClient, m_phase);
            m_plan.faults.push_back(part);
        }
    }
    if (!error.empty())
    {
        Fail(path + ".target", error);
    }
}

void
Planner::PlanDuration()
{
    auto& duration = m_plan.scenario.duration;
    if (!duration)
    {
        Time end = m_verdicts + Seconds(30);
        for (const auto& clients : m_plan.clients)
        {
            end = std::max(end, clients.start + Seconds(30));
        }
        for (const auto& fault : m_plan.faults)
        {
            const auto [left, back] =
                TrafficManagerPlan::FindSettlingTimes(m_plan, fault.addresses);
            end = std::max(end,
                           fault.end.value_or(fault.start) +
                               std::max(m_verdicts, fault.end ? back : left) + Seconds(15));
            if (fault.gateway)
            {
                end = std::max(end, fault.start + GetReplacementTime() + Seconds(15));
            }
        }
        duration = end;
    }
    for (const auto& clients : m_plan.clients)
    {
        if (clients.start >= *duration)
        {
            Fail("duration",
                 "ends before the clients start, at " + ShowSeconds(clients.start) +
                     ": give it a later end or them an earlier start");
            return;
        }
    }
    for (std::size_t i = 0; i < m_plan.faults.size(); ++i)
    {
        const auto& fault = m_plan.faults[i];
        if (fault.latest >= *duration)
        {
            const auto when = ShowSeconds(fault.latest);
            // All runs of a sweep are refused, or none.
            const std::string most = fault.latest > fault.earliest ? " at the latest" : "";
            if (fault.fault.start)
            {
                Fail("faults[" + std::to_string(fault.source) + "].start",
                     "makes it start at " + when + most + ", and the simulation ends at " +
                         ShowSeconds(*duration));
            }
            else
            {
                Fail("duration",
                     "ends before the fault starts, at " + when + most +
                         ": give it a later end or the fault an earlier start");
            }
        }
    }
}

void
Planner::CheckPort(const PlannedFault& fault, const std::string& path)
{
    std::set<uint16_t> served;
    for (const auto& address : fault.addresses)
    {
        if (const auto found = m_plan.ports.find(address); found != m_plan.ports.end())
        {
            served.insert(found->second.begin(), found->second.end());
        }
    }
    if (fault.fault.port == 0 || served.count(fault.fault.port) > 0)
    {
        return;
    }
    std::string known;
    for (const auto port : served)
    {
        known += (known.empty() ? "" : ", ") + std::to_string(port);
    }
    Fail(path + ".port",
         "no server of '" + fault.machine + "' has port " + std::to_string(fault.fault.port) +
             (known.empty() ? "; it serves nobody" : "; it serves: " + known));
}

double
Planner::CountRequests(const PlannedClients& clients) const
{
    const auto& group = (*m_plan.scenario.clients)[clients.group];
    const auto duration = *m_plan.scenario.duration;
    const auto end = std::min(group.stop.value_or(duration), duration);
    double rate = clients.rate;
    if (group.load == LoadModel::Closed)
    {
        const bool isPublic = m_plan.endpoints[clients.endpoint].isPublic;
        rate = group.users / (group.thinkTime.GetSeconds() +
                              (isPublic ? INTERNET_ROUND_TRIP : NETWORK_ROUND_TRIP));
    }
    return rate * clients.count * std::max(0.0, (end - clients.start).GetSeconds());
}

void
Planner::CheckSize()
{
    double requests = 0;
    double bytes = 0;
    for (const auto& clients : m_plan.clients)
    {
        const auto& group = (*m_plan.scenario.clients)[clients.group];
        const auto count = CountRequests(clients);
        requests += count;
        bytes += count * (static_cast<double>(group.requestSize) + group.responseSize);
    }
    double probes = 0;
    for (const auto& endpoint : m_plan.endpoints)
    {
        if (endpoint.settings)
        {
            probes += m_plan.scenario.duration->GetSeconds() /
                      endpoint.settings->interval.GetSeconds() *
                      (endpoint.service == ServiceKind::TrafficManager
                           ? endpoint.targets.size() *
                                 m_plan.scenario.trafficManager.monitorRegions.size()
                           : endpoint.members.size() + endpoint.outside.size());
        }
    }
    if (m_ownClients && requests > OWN_REQUESTS)
    {
        // Nobody asked for so many, nor wants to wait for them.
        const auto part = OWN_REQUESTS / requests;
        for (auto& clients : m_plan.clients)
        {
            clients.rate *= part;
        }
        for (auto& group : *m_plan.scenario.clients)
        {
            group.rate *= part;
        }
        requests *= part;
        bytes *= part;
    }
    const double most =
        m_plan.scenario.measurement.flowMonitor ? LARGEST_MONITORED_RUN : LARGEST_RUN;
    if (requests + bytes / BYTES_OF_REQUEST + probes <= most)
    {
        return;
    }
    std::ostringstream text;
    text << "is too much for one run: about " << requests << " requests of " << bytes
         << " bytes in all, and " << probes << " probes; requests, probes and every "
         << BYTES_OF_REQUEST << " bytes may come to " << LARGEST_RUN << " together, to "
         << LARGEST_MONITORED_RUN << " with `measurement.flowMonitor`";
    Fail(requests > probes && !m_ownClients ? "clients" : "duration", text.str());
}

} // namespace

ScenarioPlan
ScenarioPlan::Make(const Scenario& scenario,
                   const DeploymentConfiguration& deployment,
                   Ptr<RandomVariableStream> phase)
{
    ScenarioPlan plan;
    plan.scenario = scenario;
    Planner(plan, deployment, phase).Run();
    return plan;
}

} // namespace azure
} // namespace ns3
