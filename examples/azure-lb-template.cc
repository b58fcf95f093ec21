/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * An Azure template, deployed into the simulator, with an instance of it cut off.
 *
 * The template is read, its network built, every rule given web clients, and the network
 * interface of the first backend cut for 20 seconds. Printed are the requests of each client group
 * and the steps of the failover, each beside what theory allows. Without arguments, the template
 * is 2-vms-loadbalancer-lbrules: two virtual machines behind a public Load Balancer.
 */

#include "ns3/azure-load-balancing-module.h"
#include "ns3/core-module.h"

#include <filesystem>
#include <iomanip>
#include <iostream>

using namespace ns3;
using namespace ns3::azure;

int
main(int argc, char* argv[])
{
    const auto folder =
        std::filesystem::path(AZLB_EXAMPLES) / "azure" / "2-vms-loadbalancer-lbrules";
    std::string file;
    std::string parameters;
    uint32_t run = 1;
    CommandLine command(__FILE__);
    command.AddValue("template", "Deployment template or REST resource", file);
    command.AddValue("parameters", "Parameter file of the template", parameters);
    command.AddValue("run", "Run number of the random streams, above 0", run);
    command.Parse(argc, argv);
    if (file.empty())
    {
        file = folder / "azuredeploy.json";
        parameters = folder / "azuredeploy.parameters.json";
    }

    const auto deployment = ResourceImporter().ImportFile(file, parameters);

    Scenario scenario;
    scenario.templateFile = file;
    scenario.parametersFile = parameters;
    scenario.run = run;
    ScenarioClients clients;
    clients.name = "browsers";
    clients.count = 5;
    clients.rate = 4;
    scenario.clients = {clients};
    ScenarioFault fault;
    fault.kind = FaultKind::LinkCut;
    fault.phase = FaultPhase::Random;
    fault.duration = Seconds(20);
    scenario.faults = {fault};
    scenario.measurement.flowMonitor = false;

    ScenarioRunner runner(scenario, deployment);
    if (const auto errors = runner.GetErrors(); !errors.empty())
    {
        for (const auto& error : errors)
        {
            std::cerr << error << "\n";
        }
        return 2;
    }
    runner.Run();

    std::cout << std::fixed << std::setprecision(3);
    const auto& plan = runner.GetPlan();
    const auto& observer = runner.GetObserver();
    for (const auto& endpoint : plan.endpoints)
    {
        const auto requests = observer.GetRequests().Summarize(
            InetSocketAddress(endpoint.address.ToIpv4(), endpoint.port));
        std::cout << endpoint.rule << " " << endpoint.address.ToIpv4() << ":" << endpoint.port
                  << ": " << requests.requests << " requests, " << requests.failed << " failed\n";
    }
    for (const auto& failover : observer.GetFailovers())
    {
        const auto& injected = failover.timeline.GetFault();
        std::cout << "\n"
                  << injected.kind << " of " << injected.target << ", seen by "
                  << plan.endpoints[failover.endpoint].rule << ":\n";
        for (const auto& milestone : failover.timeline.GetMilestones())
        {
            std::cout << "  " << std::left << std::setw(32) << milestone.name << std::right;
            if (!milestone.after)
            {
                std::cout << "    never";
            }
            else
            {
                std::cout << std::setw(8) << milestone.after->GetSeconds() << "s";
            }
            if (milestone.expected)
            {
                std::cout << "  expected " << milestone.expected->low.GetSeconds() << "s to "
                          << milestone.expected->high.GetSeconds() << "s, "
                          << milestone.expected->theory;
            }
            std::cout << "\n";
        }
    }
    return 0;
}
