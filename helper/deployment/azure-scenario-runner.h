/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_SCENARIO_RUNNER_H
#define AZURE_SCENARIO_RUNNER_H

#include "azure-deployment-topology.h"
#include "azure-fault-injector.h"
#include "azure-scenario-observer.h"
#include "azure-scenario-plan.h"

#include "ns3/azure-application-gateway.h"
#include "ns3/azure-flow-monitor-helper.h"
#include "ns3/azure-load-balancer.h"

#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

class ScenarioNameService;

/**
 * @ingroup azure-load-balancing
 * @brief One run of a scenario, from the plan to the files of results.
 *
 * Owns the simulation: it sets the seed and run number of the random streams and ends with
 * Simulator::Destroy(), so runs follow one another, and all streams are fixed, so each is a
 * function of scenario, seed and run number alone.
 */
class ScenarioRunner
{
  public:
    /**
     * @brief Plan the run.
     * @param scenario what to do; is checked here
     * @param deployment what to do it to; is checked here
     */
    ScenarioRunner(const Scenario& scenario, const DeploymentConfiguration& deployment);
    ~ScenarioRunner();

    ScenarioRunner(const ScenarioRunner&) = delete;
    ScenarioRunner& operator=(const ScenarioRunner&) = delete;

    /**
     * @return what keeps it from running, each on one line with file and path; empty: nothing
     */
    std::vector<std::string> GetErrors() const;

    /**
     * @brief Build, simulate and measure; once, without errors.
     * @param folder where packet traces go, when the scenario asks for them; must exist then
     */
    void Run(const std::string& folder = ".");

    /**
     * @return what was run
     */
    const ScenarioPlan& GetPlan() const;

    /**
     * @return what was seen
     */
    const ScenarioObserver& GetObserver() const;

    /**
     * @return the summary as JSON text; after Run()
     */
    std::string GetSummary() const;

    /**
     * @brief Write the summary and the files that the scenario asks for; after Run().
     * @param folder an existing folder
     * @return whether all could be written
     */
    bool Write(const std::string& folder) const;

  private:
    /** @brief Put the load balancers on their routers. */
    void InstallBalancers();

    /** @brief Put the application gateways on their routers, and their instances behind them. */
    void InstallGateways();

    /** @brief Place servers in the internet, and name servers where gateways know them by name. */
    void InstallInternet();

    /** @brief Let no packet of machines that are stopped get out. */
    void StopMachines();

    /** @brief Put a server on each port of each instance. */
    void InstallServers();

    /** @brief Put Traffic Manager, name servers and resolvers in the internet. */
    void InstallNameService();

    /**
     * @brief Put a server on a port.
     * @param place where
     * @param name its name
     * @param address its address
     * @param port the port
     * @return the server
     */
    Ptr<HttpServer> InstallServer(const EdgeNode& place,
                                  const std::string& name,
                                  const IpAddress& address,
                                  uint16_t port);

    /** @brief Place the clients. */
    void InstallClients();

    /**
     * @param gateway index of an application gateway
     * @return whether it has listeners of layer 4
     */
    bool HasLayer4(std::size_t gateway) const;

    /**
     * @brief Have packets written to files.
     * @param folder where to
     */
    void EnablePcap(const std::string& folder);

    DeploymentConfiguration m_deployment;            //!< what it runs on
    ScenarioPlan m_plan;                             //!< what is run
    std::vector<std::string> m_errors;               //!< why it cannot run
    int64_t m_stream{1};                             //!< next random stream
    std::vector<Ipv4Address> m_resolvers;            //!< whom gateways ask for names
    Ptr<DeploymentTopology> m_topology;              //!< the network
    Ptr<FaultInjector> m_injector;                   //!< makes things go wrong
    std::vector<Ptr<LoadBalancer>> m_balancers;      //!< by index in the deployment
    std::vector<Ptr<ApplicationGateway>> m_gateways; //!< by index in the deployment
    std::unique_ptr<ScenarioNameService> m_names;    //!< Traffic Manager; null: there is none
    std::unique_ptr<ScenarioObserver> m_observer;    //!< listens
    std::unique_ptr<NatFlowMonitorHelper> m_monitor; //!< watches flows; null: not asked for
    std::string m_summary;                           //!< after Run()
    std::string m_flows;                             //!< what the flow monitor says, after Run()
    std::vector<std::string> m_pcaps;                //!< names of packet traces
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_SCENARIO_RUNNER_H */
