/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZLB_BENCH_ROW_H
#define AZLB_BENCH_ROW_H

#include "ns3/azure-load-balancer-helper.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/node-container.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/string.h"

constexpr uint16_t PORT = 80;                        //!< the server's port
constexpr const char* FRONTEND_ADDRESS = "20.0.0.4"; //!< where a load balancer is

/// What every measurement runs on: a client, a router and a server, 10 Gb/s and 10 us a link.
struct Row
{
    ns3::NodeContainer nodes{3}; //!< client, router, server
    ns3::Ipv4Address server;     //!< the server's address

    Row()
    {
        ns3::PointToPointHelper link;
        link.SetDeviceAttribute("DataRate", ns3::StringValue("10Gbps"));
        link.SetChannelAttribute("Delay", ns3::StringValue("10us"));
        auto left = link.Install(nodes.Get(0), nodes.Get(1));
        auto right = link.Install(nodes.Get(1), nodes.Get(2));
        ns3::InternetStackHelper().Install(nodes);
        ns3::Ipv4AddressHelper addresses("10.0.1.0", "255.255.255.0");
        addresses.Assign(left);
        addresses.SetBase("10.0.2.0", "255.255.255.0");
        server = addresses.Assign(right).GetAddress(1);
    }

    /**
     * @brief Put a load balancer on the router, in front of the server.
     *
     * @param tcp whether its rule is for TCP; otherwise UDP
     * @param frontendPort where clients send to
     * @param tcpReset whether flows owe a reset at their idle timeout
     * @return the load balancer
     */
    ns3::Ptr<ns3::azure::LoadBalancer> Balance(bool tcp, uint16_t frontendPort, bool tcpReset) const
    {
        namespace azure = ns3::azure;
        azure::LoadBalancerConfiguration lb;
        lb.name = "lb";
        lb.frontendIpConfigurations.resize(1);
        lb.frontendIpConfigurations[0].name = "frontend";
        lb.frontendIpConfigurations[0].address = azure::IpAddress::From(FRONTEND_ADDRESS);
        lb.backendAddressPools.resize(1);
        lb.backendAddressPools[0].name = "pool";
        lb.backendAddressPools[0].backendAddresses.push_back(
            {"server", azure::IpAddress::From(server)});
        lb.loadBalancingRules.resize(1);
        azure::LoadBalancingRule& rule = lb.loadBalancingRules[0];
        rule.name = "rule";
        rule.frontendIpConfiguration = "frontend";
        rule.backendAddressPool = "pool";
        rule.protocol = tcp ? azure::TransportProtocol::Tcp : azure::TransportProtocol::Udp;
        rule.frontendPort = frontendPort;
        rule.backendPort = PORT;
        rule.enableTcpReset = tcpReset;
        return azure::LoadBalancerHelper().Install(nodes.Get(1), lb);
    }
};

#endif /* AZLB_BENCH_ROW_H */
