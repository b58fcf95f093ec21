/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-region-table.h"
#include "ns3/azure-resource-importer.h"
#include "ns3/azure-scenario-runner.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/// Where the inputs are.
const std::string g_worldExamples = std::string(NS_TEST_SOURCEDIR) + "/../examples/azure/";

/// Azure's own templates with Traffic Manager, and how long their answers may be kept, in seconds.
const std::pair<const char*, double> g_worldTemplates[] = {
    {"traffic-manager-external-endpoint", 30},
    {"traffic-manager-minchild", 90},
    {"traffic-manager-vm", 30}};

/**
 * @param file template or resource below examples/azure
 * @return what it holds
 */
DeploymentConfiguration
ReadWorld(const std::string& file)
{
    const auto base = g_worldExamples + file;
    const auto parameters = base.substr(0, base.size() - 5) + ".parameters.json";
    return ResourceImporter().ImportFile(base,
                                         std::filesystem::exists(parameters) ? parameters : "");
}

/**
 * @param name name of a template
 * @return what it holds
 */
DeploymentConfiguration
ReadTemplate(const std::string& name)
{
    return ReadWorld(name + "/azuredeploy.json");
}

/**
 * @param region where they are
 * @param count how many
 * @return clients that ask every profile
 */
ScenarioClients
ClientsAt(const std::string& region, uint32_t count = 2)
{
    ScenarioClients clients;
    clients.name = region;
    clients.region = region;
    clients.count = count;
    clients.rate = 0.5;
    return clients;
}

/**
 * @param groups clients
 * @return a scenario with them and the default fault
 */
Scenario
WithGroups(const std::vector<ScenarioClients>& groups)
{
    Scenario scenario;
    scenario.clients = groups;
    scenario.measurement.flowMonitor = false;
    return scenario;
}

/**
 * @brief Run a scenario on a deployment and look at it.
 * @param scenario what to do
 * @param deployment what to do it to
 * @param t takes the failures
 * @param look looks at the run
 */
void
RunWorld(const Scenario& scenario,
         const DeploymentConfiguration& deployment,
         FunctionTestCase& t,
         const std::function<void(const ScenarioRunner&)>& look)
{
    ScenarioRunner runner(scenario, deployment);
    for (const auto& error : runner.GetErrors())
    {
        t.Equal(error, "", "no error expected");
    }
    if (runner.GetErrors().empty())
    {
        runner.Run();
        look(runner);
    }
}

/**
 * @param runner a run
 * @param group name of a group of clients
 * @param from requests before this do not count
 * @param to requests after this do not count
 * @return the addresses that clients of the group connected to
 */
std::set<std::string>
FindRemotes(const ScenarioRunner& runner, const std::string& group, Time from, Time to)
{
    std::set<std::string> remotes;
    for (const auto& record : runner.GetObserver().GetRequests().GetRecords())
    {
        if (record.client.rfind(group + "-", 0) == 0 && record.connectStart &&
            *record.connectStart >= from && *record.connectStart < to)
        {
            remotes.insert(ToText(IpAddress::From(record.remote.GetIpv4())));
        }
    }
    return remotes;
}

/**
 * @param deployment a deployment
 * @param target a name
 * @return the address that it leads to
 */
std::string
AddressOf(const DeploymentConfiguration& deployment, const std::string& target)
{
    const auto* ip = deployment.FindPublicIpAddress(target);
    return ip ? ToText(ip->address) : "none";
}

/**
 * @brief See that all that theory speaks of is inside, and that the parts of each delay add up.
 * @param runner a run
 * @param t takes the failures
 */
void
CheckTheory(const ScenarioRunner& runner, FunctionTestCase& t)
{
    const auto& departures = runner.GetObserver().GetTrafficManager().GetDepartures();
    t.Equal(departures.size(), 1, "one endpoint is down");
    for (const auto& departure : departures)
    {
        std::size_t judged = 0;
        std::map<FailoverStep, Time> after;
        for (const auto& milestone : departure.timeline.GetMilestones())
        {
            judged += milestone.expected ? 1 : 0;
            after[milestone.step] = milestone.after.value_or(Seconds(-1));
            std::ostringstream text;
            text << milestone.name << " after "
                 << milestone.after.value_or(Seconds(-1)).GetSeconds() << " s";
            // With weights, nobody may have been sent there.
            const bool isUnseen =
                milestone.step == FailoverStep::LastNewFlowToTarget && departure.clients.empty();
            t.Check(!milestone.expected || milestone.inside.value_or(isUnseen), text.str());
        }
        t.Equal(judged, 4, "first failure, down, last connection, up");
        const auto start = departure.timeline.GetFault().start;
        t.Check(departure.published &&
                    *departure.published - start == after[FailoverStep::VerdictDown],
                "name servers answer by it at once");
        t.Check(departure.probePhase + departure.toleratedFailures + departure.probeTimeout ==
                    after[FailoverStep::VerdictDown],
                "the parts of the verdict");
        t.Check(departure.lastAnswer.value_or(start) <= *departure.published,
                "no answer leads there after the verdict");
        Time last;
        for (const auto& client : departure.clients)
        {
            last = std::max(last, client.lastConnection);
            const auto parts = client.resolverCache + client.staleTail + client.hostCache;
            t.Check(parts == std::max(Time(0), client.lastConnection - *departure.published),
                    "the parts of " + client.client);
            t.Check(client.firstElsewhere.has_value(), client.client + " was served elsewhere");
        }
        t.Check(departure.clients.empty() ||
                    last - start == after[FailoverStep::LastNewFlowToTarget],
                "the last connection");
    }
}

/// Scenarios on deployments with Traffic Manager.
class ScenarioTrafficManagerTestSuite : public TestSuite
{
  public:
    ScenarioTrafficManagerTestSuite()
        : TestSuite("azure-scenario-traffic-manager", Type::SYSTEM)
    {
        AddTemplates();
        AddResources();
        AddPlaces();
        AddCaches();
    }

  private:
    /** As AddTestCase(), for a function. */
    void Add(std::string name,
             const std::function<void(FunctionTestCase&)>& body,
             Duration duration = Duration::QUICK)
    {
        std::replace(name.begin(), name.end(), '/', '_');
        AddTestCase(new FunctionTestCase(name, body), duration);
    }

    void AddTemplates(); //!< Azure's own templates
    void AddResources(); //!< Azure's own REST resources
    void AddPlaces();    //!< where clients and resolvers are
    void AddCaches();    //!< what keeps clients at an endpoint
};

void
ScenarioTrafficManagerTestSuite::AddTemplates()
{
    for (const auto& [name, ttl] : g_worldTemplates)
    {
        Add(std::string("HP-44 HP-47 Runs: ") + name, [name = name](FunctionTestCase& t) {
            auto groups = {ClientsAt("eastus", 1), ClientsAt("westeurope", 1)};
            RunWorld(WithGroups(groups), ReadTemplate(name), t, [&](const ScenarioRunner& runner) {
                CheckTheory(runner, t);
            });
        });
        Add(
            std::string("HP-45 Inside theory in each of ten runs: ") + name,
            [name = name](FunctionTestCase& t) {
                for (uint32_t run = 1; run <= 10; ++run)
                {
                    auto scenario =
                        WithGroups({ClientsAt("eastus", 5), ClientsAt("southeastasia", 5)});
                    scenario.run = run;
                    RunWorld(scenario, ReadTemplate(name), t, [&](const ScenarioRunner& runner) {
                        CheckTheory(runner, t);
                    });
                }
            },
            Duration::EXTENSIVE);
    }
    Add("TM-1 TM-2: Clients resolve an alias of the profile and connect to the endpoint itself",
        [](FunctionTestCase& t) {
            const auto deployment = ReadTemplate("traffic-manager-vm");
            auto scenario = WithGroups({ClientsAt("eastus")});
            scenario.faults.emplace();
            scenario.duration = Seconds(90);
            RunWorld(scenario, deployment, t, [&](const ScenarioRunner& runner) {
                std::ostringstream csv;
                runner.GetObserver().GetTrafficManager().WriteDnsCsv(csv);
                // The resolver's answer has the whole chain, Traffic Manager's the alias alone.
                t.Check(csv.str().find(",www.gen-unique.example,A,Authorities,NOERROR,,"
                                       "gen-unique.trafficmanager.net gen-unique") !=
                            std::string::npos,
                        csv.str().substr(0, 600));
                std::set<std::string> known;
                for (const auto& ip : deployment.publicIpAddresses)
                {
                    known.insert(ToText(ip.address));
                }
                const auto seen = FindRemotes(runner, "eastus", Time(0), Seconds(90));
                t.Check(std::includes(known.begin(), known.end(), seen.begin(), seen.end()),
                        "only endpoints are connected to");
                const auto sums = runner.GetObserver().GetRequests().Summarize();
                t.Check(sums.requests > 30, "there are requests");
                t.Equal(sums.succeeded, sums.requests, "all are served");
            });
        });
    Add("TM-32 TM-35: A child with too few addresses is not used, and the parent's time counts",
        [](FunctionTestCase& t) {
            const auto deployment = ReadTemplate("traffic-manager-minchild");
            auto scenario = WithGroups({ClientsAt("eastus"), ClientsAt("westus2")});
            scenario.faults.emplace();
            scenario.duration = Seconds(90);
            RunWorld(scenario, deployment, t, [&](const ScenarioRunner& runner) {
                t.Check(FindRemotes(runner, "eastus", Time(0), Seconds(90)) ==
                            std::set<std::string>{AddressOf(deployment, "portal.azure.com")},
                        "the nearest of the second child");
                t.Check(FindRemotes(runner, "westus2", Time(0), Seconds(90)) ==
                            std::set<std::string>{AddressOf(deployment, "docs.microsoft.com")},
                        "another one from elsewhere");
                std::ostringstream csv;
                runner.GetObserver().GetTrafficManager().WriteDnsCsv(csv);
                t.Check(csv.str().find(",weighted/endpoint4,portal.azure.com,90\n") !=
                            std::string::npos,
                        "the way and the time to live");
            });
        });
    Add("The same run writes the same answers", [](FunctionTestCase& t) {
        std::string first;
        for (int i = 0; i < 2; ++i)
        {
            auto scenario = WithGroups({ClientsAt("eastus")});
            scenario.duration = Seconds(80);
            scenario.faults.emplace();
            RunWorld(scenario,
                     ReadTemplate("traffic-manager-vm"),
                     t,
                     [&](const ScenarioRunner& runner) {
                         std::ostringstream csv;
                         runner.GetObserver().GetTrafficManager().WriteDnsCsv(csv);
                         t.Check(i == 0 || csv.str() == first, "the same bytes");
                         first = csv.str();
                         t.Equal(
                             std::count(first.begin(), first.end(), ',') %
                                 std::count(first.begin(), first.begin() + first.find('\n'), ','),
                             0,
                             "whole rows");
                     });
        }
        t.Check(first.size() > 300, "there are answers");
    });
}

void
ScenarioTrafficManagerTestSuite::AddResources()
{
    for (const auto* file : {"rest/Profile-GET-WithEndpoints.json",
                             "rest/cli-shape-derived/tm.json",
                             "rest/recorded/tm-weighted.json"})
    {
        Add(
            std::string("TM-24: The only endpoint is answered whatever its health: ") + file,
            [file](FunctionTestCase& t) {
                RunWorld(WithGroups({ClientsAt("eastus")}),
                         ReadWorld(file),
                         t,
                         [&](const ScenarioRunner& runner) {
                             const auto& observer = runner.GetObserver().GetTrafficManager();
                             t.Equal(observer.GetDepartures().size(), 1, "it is down for a while");
                             const auto& departure = observer.GetDepartures().at(0);
                             t.Check(departure.published && departure.lastAnswer &&
                                         *departure.lastAnswer > *departure.published,
                                     "it is answered all the same");
                             const auto statuses = observer.GetStatuses(0, 0);
                             t.Equal(statuses.size(), 4, "checking, up, down, up");
                         });
            },
            std::string(file).find("recorded") == std::string::npos ? Duration::EXTENSIVE
                                                                    : Duration::QUICK);
    }
    const std::pair<const char*, const char*> refused[] = {
        {"rest/Profile-PUT-MultiValue.json", "no Traffic Manager profile an endpoint"},
        {"rest/Profile-PUT-WithNestedEndpoints.json", "priority"},
        {"rest/Endpoint-GET-External-WithGeoMapping.json", "no Traffic Manager profile"},
        {"rest/Endpoint-GET-External-WithSubnetMapping.json", "no Traffic Manager profile"}};
    for (const auto& [file, why] : refused)
    {
        Add(std::string("Refused with a reason: ") + file,
            [file = file, why = why](FunctionTestCase& t) {
                const ScenarioRunner runner(Scenario(), ReadWorld(file));
                t.Check(!runner.GetErrors().empty() &&
                            runner.GetErrors().at(0).find(why) != std::string::npos,
                        runner.GetErrors().empty() ? "none" : runner.GetErrors().at(0));
            });
    }
    Add("A child that the input does not hold is left out", [](FunctionTestCase& t) {
        auto deployment = ReadTemplate("traffic-manager-minchild");
        deployment.trafficManagers.erase(deployment.trafficManagers.begin());
        auto scenario = WithGroups({ClientsAt("eastus", 1)});
        scenario.faults.emplace();
        scenario.duration = Seconds(60);
        RunWorld(scenario, deployment, t, [&](const ScenarioRunner& runner) {
            t.Check(FindRemotes(runner, "eastus", Time(0), Seconds(60)) ==
                        std::set<std::string>{AddressOf(deployment, "portal.azure.com")},
                    "the other one is used");
        });
    });
}

void
ScenarioTrafficManagerTestSuite::AddPlaces()
{
    Add("TM-16: Clients of each region are sent to the endpoint with the shorter round trip",
        [](FunctionTestCase& t) {
            const auto deployment = ReadTemplate("traffic-manager-external-endpoint");
            const auto regions = RegionTable::MakeAzure();
            const char* places[] = {"brazilsouth", "japaneast", "southafricanorth", "uaenorth"};
            std::vector<ScenarioClients> groups;
            for (const auto* place : places)
            {
                groups.push_back(ClientsAt(place, 1));
            }
            auto scenario = WithGroups(groups);
            scenario.faults.emplace();
            scenario.duration = Seconds(60);
            RunWorld(scenario, deployment, t, [&](const ScenarioRunner& runner) {
                for (const auto* place : places)
                {
                    const auto far = [&](const char* other) {
                        return *regions.GetRoundTripTime(*regions.Find(place),
                                                         *regions.Find(other));
                    };
                    const auto nearest = far("northeurope") < far("southcentralus")
                                             ? "www.microsoft.com"
                                             : "docs.microsoft.com";
                    t.Check(FindRemotes(runner, place, Time(0), Seconds(60)) ==
                                std::set<std::string>{AddressOf(deployment, nearest)},
                            place);
                }
                for (const auto& record : runner.GetObserver().GetRequests().GetRecords())
                {
                    // Handshake: a round trip between regions, and 10.5 ms of links at both ends.
                    const std::string place = record.client.substr(0, record.client.find('-'));
                    const auto* machine = deployment.FindVirtualMachine(record.servedBy);
                    if (!machine || !record.GetConnectTime())
                    {
                        continue;
                    }
                    const auto delay =
                        *regions.GetDelay(*regions.Find(place), *regions.Find(machine->region));
                    t.Near(record.GetConnectTime()->GetSeconds(),
                           2 * delay.GetSeconds() + 0.0105,
                           0.0005,
                           place + " to " + machine->region);
                }
            });
        });
    Add("TM-12: The place of the resolver decides, or that of the client if it is told",
        [](FunctionTestCase& t) {
            const auto deployment = ReadTemplate("traffic-manager-external-endpoint");
            auto blind = ClientsAt("westeurope", 1);
            blind.name = "blind";
            blind.resolver.region = "westus";
            auto seen = blind;
            seen.name = "seen";
            seen.resolver.sendClientSubnet = true;
            auto scenario = WithGroups({blind, seen});
            scenario.faults.emplace();
            scenario.duration = Seconds(60);
            RunWorld(scenario, deployment, t, [&](const ScenarioRunner& runner) {
                t.Check(FindRemotes(runner, "blind", Time(0), Seconds(60)) ==
                            std::set<std::string>{AddressOf(deployment, "docs.microsoft.com")},
                        "near the resolver");
                t.Check(FindRemotes(runner, "seen", Time(0), Seconds(60)) ==
                            std::set<std::string>{AddressOf(deployment, "www.microsoft.com")},
                        "near the client");
            });
        });
    Add("TM-8 TM-10: A first look-up goes all the way, later ones to a cache",
        [](FunctionTestCase& t) {
            auto scenario = WithGroups({ClientsAt("eastus", 1)});
            scenario.clients->at(0).rate = 2;
            scenario.faults.emplace();
            scenario.duration = Seconds(90);
            RunWorld(scenario,
                     ReadTemplate("traffic-manager-external-endpoint"),
                     t,
                     [&](const ScenarioRunner& runner) {
                         std::vector<double> took;
                         for (const auto& record : runner.GetObserver().GetRequests().GetRecords())
                         {
                             if (record.dnsStart && record.dnsEnd)
                             {
                                 took.push_back((*record.dnsEnd - *record.dnsStart).GetSeconds());
                             }
                         }
                         t.Check(took.size() > 50, "there are look-ups");
                         // Name servers of every kind are in the same region: root, two top-level
                         // domains and two domains, Traffic Manager, within 1 ms each.
                         t.Check(took.front() > 0.0104 && took.front() < 0.020, "the first one");
                         std::sort(took.begin(), took.end());
                         t.Check(took[took.size() / 2] < 1e-6, "most are in the own cache");
                         // Within 30 s the resolver has it; to ask it takes 10.4 ms.
                         t.Check(took.back() < 0.020, "the others are with the resolver");
                     });
        });
    Add("HP-49 HP-43: Probes come from addresses of the tag, from each region in turn",
        [](FunctionTestCase& t) {
            auto scenario = WithGroups({ClientsAt("eastus", 1)});
            scenario.trafficManager.monitorRegions = {"japaneast", "westus", "uaenorth"};
            scenario.faults.emplace();
            scenario.duration = Seconds(100);
            const auto deployment = ReadTemplate("traffic-manager-vm");
            RunWorld(scenario, deployment, t, [&](const ScenarioRunner& runner) {
                const auto probes = runner.GetObserver().GetTrafficManager().GetProbes(0, 1);
                t.Equal(probes.size(), 3, "places");
                for (const auto& [place, count] : probes)
                {
                    t.Check(count.succeeded >= 3 && count.succeeded <= 4, place);
                    t.Equal(count.failed, 0, place);
                }
                std::ostringstream csv;
                runner.GetObserver().WriteProbesCsv(csv);
                t.Check(csv.str().find("japaneast/UbuntuVM-tm/endpoint1,") != std::string::npos,
                        "they are in the list of probes");
            });
        });
}

void
ScenarioTrafficManagerTestSuite::AddCaches()
{
    const auto makeScenario = [] { return WithGroups({ClientsAt("westeurope", 2)}); };
    const auto run = [](const Scenario& scenario, FunctionTestCase& t, const auto& look) {
        RunWorld(scenario,
                 ReadTemplate("traffic-manager-external-endpoint"),
                 t,
                 [&](const ScenarioRunner& runner) {
                     const auto& departures =
                         runner.GetObserver().GetTrafficManager().GetDepartures();
                     t.Check(departures.size() == 1 && departures.at(0).published, "it is down");
                     look(departures.at(0));
                 });
    };
    Add("TM-6 TM-10: Honest caches let go of an endpoint within the time to live",
        [=](FunctionTestCase& t) {
            run(makeScenario(), t, [&](const ObservedDeparture& departure) {
                t.Equal(departure.clients.size(), 2, "all clients were there");
                for (const auto& client : departure.clients)
                {
                    t.Check(client.lastConnection - *departure.published <= Seconds(31),
                            client.client);
                    t.Check(client.staleTail <= Seconds(1), "nothing is kept too long");
                }
            });
        });
    Add(
        "TM-6: Without a time to live clients leave with the verdict",
        [=](FunctionTestCase& t) {
            auto deployment = ReadTemplate("traffic-manager-external-endpoint");
            deployment.trafficManagers.at(0).dnsConfig.ttl = Time(0);
            RunWorld(makeScenario(), deployment, t, [&](const ScenarioRunner& runner) {
                const auto& departure =
                    runner.GetObserver().GetTrafficManager().GetDepartures().at(0);
                for (const auto& client : departure.clients)
                {
                    t.Check(client.lastConnection - *departure.published <= Seconds(1),
                            client.client);
                }
            });
        },
        Duration::EXTENSIVE);
    Add("A resolver that raises times to live keeps clients at a dead endpoint",
        [=](FunctionTestCase& t) {
            auto scenario = makeScenario();
            scenario.clients->at(0).resolver.cache.ttlFloor = Seconds(150);
            scenario.faults = {ScenarioFault()};
            scenario.faults->at(0).duration = Seconds(300);
            run(scenario, t, [&](const ObservedDeparture& departure) {
                for (const auto& milestone : departure.timeline.GetMilestones())
                {
                    t.Check(milestone.step != FailoverStep::LastNewFlowToTarget ||
                                !milestone.expected,
                            "theory does not speak of that");
                }
                Time longest;
                for (const auto& client : departure.clients)
                {
                    longest = std::max(longest, client.staleTail);
                    t.Check(client.resolverCache <= Seconds(30), "the rest is told apart");
                }
                t.Check(longest > Seconds(0) && longest <= Seconds(120), "a stale tail");
            });
        });
    Add(
        "A client that keeps what it once heard stays to the end",
        [=](FunctionTestCase& t) {
            auto scenario = makeScenario();
            scenario.clients->at(0).hostCache.keepUntilRestart = true;
            scenario.faults = {ScenarioFault()};
            scenario.faults->at(0).duration = Seconds(250);
            run(scenario, t, [&](const ObservedDeparture& departure) {
                for (const auto& client : departure.clients)
                {
                    t.Check(client.staleTail > Seconds(100), client.client);
                    t.Check(!client.firstElsewhere, "it is served nowhere else");
                }
            });
        },
        Duration::EXTENSIVE);
    Add("A resolver that is down keeps its clients from what is not in their own caches",
        [=](FunctionTestCase& t) {
            auto scenario = makeScenario();
            scenario.duration = Seconds(150);
            scenario.faults = {ScenarioFault()};
            auto& fault = scenario.faults->at(0);
            fault.target = "westeurope-resolver-0";
            fault.start = Seconds(50);
            fault.duration = Seconds(60);
            RunWorld(scenario,
                     ReadTemplate("traffic-manager-external-endpoint"),
                     t,
                     [&](const ScenarioRunner& runner) {
                         const auto& records = runner.GetObserver().GetRequests().GetRecords();
                         const auto count = [&](int from, int to, HttpOutcome outcome) {
                             return std::count_if(records.begin(),
                                                  records.end(),
                                                  [&](const auto& record) {
                                                      return record.scheduled >= Seconds(from) &&
                                                             record.scheduled < Seconds(to) &&
                                                             record.outcome == outcome;
                                                  });
                         };
                         // Its last answer before was at most 30 s old, after that nobody knows.
                         t.Check(count(0, 50, HttpOutcome::Ok) > 8, "before");
                         t.Equal(count(85, 100, HttpOutcome::Ok), 0, "meanwhile");
                         t.Check(count(125, 145, HttpOutcome::Ok) > 8, "afterwards");
                     });
            fault.kind = FaultKind::Slow;
            const ScenarioRunner slow(scenario, ReadTemplate("traffic-manager-external-endpoint"));
            t.Check(!slow.GetErrors().empty() &&
                        slow.GetErrors().at(0).find("serves names, not requests") !=
                            std::string::npos,
                    "not every fault makes sense");
        });
    Add("TM-9: While the health plane fails, a dead endpoint is answered on",
        [=](FunctionTestCase& t) {
            auto scenario = makeScenario();
            scenario.duration = Seconds(260);
            scenario.faults = {ScenarioFault(), ScenarioFault()};
            auto& plane = scenario.faults->at(1);
            plane.kind = FaultKind::HealthPlane;
            plane.start = Seconds(40);
            plane.duration = Seconds(190);
            run(scenario, t, [&](const ObservedDeparture& departure) {
                t.Check(*departure.published == Seconds(230), "name servers know when it is over");
                const auto found =
                    departure.probePhase + departure.toleratedFailures + departure.probeTimeout;
                t.Check(found <= Seconds(130), "the plane knows before");
                t.Check(departure.lastAnswer && *departure.lastAnswer > Seconds(195),
                        "it is answered to the end");
            });
            plane.target = "www.microsoft.com";
            const ScenarioRunner aimed(scenario, ReadTemplate("traffic-manager-external-endpoint"));
            t.Check(!aimed.GetErrors().empty() &&
                        aimed.GetErrors().at(0).find("faults[1].target: has no meaning") !=
                            std::string::npos,
                    "it has no target");
        });
    Add(
        "RFC 8767: Stale answers help while name servers are down",
        [](FunctionTestCase& t) {
            auto plain = ClientsAt("westeurope");
            auto stale = plain;
            stale.name = "stale";
            stale.resolver.serveStale = true;
            auto scenario = WithGroups({plain, stale});
            scenario.duration = Seconds(140);
            scenario.trafficManager.nameServerRegions = {"eastus"};
            scenario.faults = {ScenarioFault()};
            auto& fault = scenario.faults->at(0);
            fault.kind = FaultKind::LinkCut;
            fault.target = "traffic-manager-eastus";
            fault.start = Seconds(50);
            RunWorld(scenario,
                     ReadTemplate("traffic-manager-external-endpoint"),
                     t,
                     [&](const ScenarioRunner& runner) {
                         std::map<std::string, int> served;
                         for (const auto& record : runner.GetObserver().GetRequests().GetRecords())
                         {
                             const bool counts = record.scheduled >= Seconds(85) &&
                                                 record.scheduled < Seconds(130) &&
                                                 record.outcome == HttpOutcome::Ok;
                             served[record.client.substr(0, record.client.find('-'))] += counts;
                         }
                         t.Equal(served["westeurope"], 0, "without");
                         t.Check(served["stale"] > 25, "with");
                     });
        },
        Duration::EXTENSIVE);
    Add(
        "TM-15: One resolver sends all its clients to one endpoint at a time",
        [](FunctionTestCase& t) {
            auto group = ClientsAt("eastus", 6);
            group.hostCacheEnabled = false;
            auto many = group;
            many.name = "many";
            many.resolver.count = 6;
            auto scenario = WithGroups({group, many});
            scenario.faults.emplace();
            scenario.duration = Seconds(240);
            RunWorld(scenario,
                     ReadTemplate("traffic-manager-vm"),
                     t,
                     [&](const ScenarioRunner& runner) {
                         std::size_t alone = 0;
                         std::size_t together = 0;
                         for (int second = 40; second < 240; second += 10)
                         {
                             const auto at = Seconds(second);
                             const auto to = at + Seconds(10);
                             alone += FindRemotes(runner, "eastus", at, to).size();
                             together += FindRemotes(runner, "many", at, to).size();
                         }
                         // Six draws among three machines meet 2.7 of them on average; one draw
                         // meets one, or another one, too, when the time to live ends within
                         // the 10 s, which makes 1.2.
                         t.Check(alone <= 20 * 1.5, "one resolver: " + std::to_string(alone));
                         t.Check(together >= 20 * 2.2, "six: " + std::to_string(together));
                     });
        },
        Duration::EXTENSIVE);
}

ScenarioTrafficManagerTestSuite g_scenarioTrafficManagerTestSuite; //!< registers the suite

} // namespace
