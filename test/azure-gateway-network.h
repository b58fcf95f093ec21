/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_NETWORK_H
#define AZURE_GATEWAY_NETWORK_H

#include "azure-application-gateway-fixture.h"

#include "ns3/address.h"
#include "ns3/azure-application-gateway-helper.h"
#include "ns3/azure-http-helper.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-global-routing-helper.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @brief Clients, a router with the front, instances, backends; a link each to the router.
 *
 * Client i is 10.1.i.2, instance i 10.3.i.2, backend i 10.2.i.2; the frontend is 20.0.0.4.
 */
class GatewayNetwork
{
  public:
    /**
     * @param nClients number of clients
     * @param nInstances number of instances
     * @param nBackends number of backends
     * @param links links of each client and of each backend: with 2, what they send is reordered
     * @param preset TCP of all hosts
     */
    GatewayNetwork(uint32_t nClients,
                   uint32_t nInstances,
                   uint32_t nBackends,
                   uint32_t links = 1,
                   const TcpPreset& preset = TcpPreset::Linux())
        : configuration(MakeGateway())
    {
        router = CreateObject<Node>();
        clients.Create(nClients);
        instances.Create(nInstances);
        backends.Create(nBackends);
        NodeContainer all(clients, instances, backends);
        InternetStackHelper stack;
        stack.SetIpv6StackInstall(false);
        stack.Install(router);
        stack.Install(all);
        TcpPresetHelper(preset).Install(all);
        Attach(clients, 1, links);
        Attach(backends, 2, links);
        Attach(instances, 3, 1);
        auto& pool = configuration.backendAddressPools[0];
        pool.backendAddresses.clear();
        for (uint32_t i = 0; i < nBackends; ++i)
        {
            ApplicationGatewayBackendAddress address;
            address.ipAddress = MakeAddress(10, 2, i, 2);
            pool.backendAddresses.push_back(address);
        }
    }

    ~GatewayNetwork()
    {
        Simulator::Destroy();
    }

    GatewayNetwork(const GatewayNetwork&) = delete;
    GatewayNetwork& operator=(const GatewayNetwork&) = delete;

    /**
     * @brief Install the gateway and let routes follow.
     * @param probing whether members are probed; if not, all are healthy
     */
    void Install(bool probing = false)
    {
        helper.SetProbing(probing);
        gateway = helper.Install(router, instances, configuration);
        helper.AssignStreams(gateway, 100);
        if (!probing)
        {
            gateway->SetAllHealthy(true);
        }
        gateway->TraceConnectWithoutContext("Exchange",
                                            MakeCallback(&GatewayNetwork::OnExchange, this));
        Ipv4GlobalRoutingHelper::PopulateRoutingTables();
        // Connections can be opened only once devices are there.
        Run(MicroSeconds(1));
    }

    /**
     * @brief Run.
     * @param until when to stop
     */
    static void Run(Time until)
    {
        Simulator::Stop(until - Simulator::Now());
        Simulator::Run();
    }

    /** @return where clients connect to */
    static InetSocketAddress Frontend()
    {
        return InetSocketAddress(Ipv4Address("20.0.0.4"), 80);
    }

    Ptr<Node> router;                              //!< the front
    NodeContainer clients;                         //!< hosts that ask
    NodeContainer instances;                       //!< hosts of instances
    NodeContainer backends;                        //!< hosts that serve
    NetDeviceContainer routerDevices;              //!< the router's, in order of the links
    NetDeviceContainer hostDevices;                //!< the hosts', in order of the links
    ApplicationGatewayConfiguration configuration; //!< all backends in its first pool
    ApplicationGatewayHelper helper;               //!< makes the gateway
    Ptr<ApplicationGateway> gateway;               //!< the gateway
    std::vector<GatewayExchangeRecord> records;    //!< what it reports

  private:
    /**
     * @brief Connect hosts with the router.
     * @param hosts the hosts
     * @param network second byte of their addresses
     * @param links links of each
     */
    void Attach(const NodeContainer& hosts, uint32_t network, uint32_t links)
    {
        for (uint32_t i = 0; i < hosts.GetN(); ++i)
        {
            for (uint32_t link = 0; link < links; ++link)
            {
                PointToPointHelper helper;
                helper.SetDeviceAttribute("DataRate", StringValue("100Mbps"));
                helper.SetChannelAttribute("Delay", TimeValue(MicroSeconds(1000 + 700 * link)));
                const auto devices = helper.Install(router, hosts.Get(i));
                const uint32_t subnet = 10U << 24 | network << 16 | (i + 100 * link) << 8;
                Ipv4AddressHelper(Ipv4Address(subnet), "255.255.255.0").Assign(devices);
                routerDevices.Add(devices.Get(0));
                hostDevices.Add(devices.Get(1));
            }
        }
    }

    /** @param record a record */
    void OnExchange(const GatewayExchangeRecord& record)
    {
        records.push_back(record);
    }
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_NETWORK_H */
