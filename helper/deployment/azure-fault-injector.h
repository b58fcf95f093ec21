/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_FAULT_INJECTOR_H
#define AZURE_FAULT_INJECTOR_H

#include "azure-deployment-topology.h"
#include "azure-scenario-plan.h"

#include "ns3/azure-application-gateway.h"
#include "ns3/azure-http-server.h"
#include "ns3/error-model.h"
#include "ns3/object.h"

#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Makes things go wrong, and right again, at the times of a plan.
 */
class FaultInjector : public Object
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    FaultInjector() = default;
    ~FaultInjector() override = default;

    /**
     * @brief Say which server a fault of its network interface reaches.
     * @param interface name of the network interface
     * @param port the port that it serves
     * @param server the server
     */
    void AddServer(const std::string& interface, uint16_t port, Ptr<HttpServer> server);

    /**
     * @brief Say which application gateway faults of its instances reach.
     * @param index its index in the deployment
     * @param gateway the gateway
     */
    void AddGateway(std::size_t index, Ptr<ApplicationGateway> gateway);

    /**
     * @brief Have a fault begin and end when the plan says so; once for each fault.
     * @param fault the fault
     * @param topology where its target is; must outlive the simulation
     * @param stream first random variable stream to use
     * @return number of streams used
     */
    int64_t Schedule(const PlannedFault& fault, const DeploymentTopology& topology, int64_t stream);

  protected:
    void DoDispose() override;

  private:
    /** A server and its port. */
    struct Server
    {
        uint16_t port;          //!< the port
        Ptr<HttpServer> server; //!< the server
    };

    /** A fault on one network interface. */
    struct Site
    {
        ScenarioFault fault;          //!< what goes wrong
        EdgeNode place;               //!< where
        std::vector<Server> servers;  //!< whose server faults are shown
        Ptr<ErrorModel> toInstance;   //!< drops what arrives; null: nothing
        Ptr<ErrorModel> fromInstance; //!< drops what leaves; null: nothing
    };

    /**
     * @brief A fault begins.
     * @param index index of the site
     */
    void Begin(std::size_t index);

    /**
     * @brief A fault is repaired.
     * @param index index of the site
     */
    void End(std::size_t index);

    /**
     * @brief A fault of a gateway begins.
     * @param fault the fault
     */
    void BeginAtGateway(PlannedFault fault);

    /**
     * @brief A zone of a gateway is repaired.
     * @param fault the fault
     */
    void EndAtGateway(PlannedFault fault);

    std::map<std::string, std::vector<Server>> m_servers;      //!< by network interface
    std::map<std::size_t, Ptr<ApplicationGateway>> m_gateways; //!< by index in the deployment
    std::vector<Site> m_sites;                                 //!< all faults, by network interface
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_FAULT_INJECTOR_H */
