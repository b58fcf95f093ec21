/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_HTTP_TEST_BED_H
#define AZURE_HTTP_TEST_BED_H

#include "ns3/address.h"
#include "ns3/azure-http-client.h"
#include "ns3/azure-http-helper.h"
#include "ns3/azure-http-server.h"
#include "ns3/double.h"
#include "ns3/error-model.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-interface-container.h"
#include "ns3/node-container.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/tcp-header.h"
#include "ns3/uinteger.h"

#include <vector>

namespace ns3
{
namespace azure
{

/** @brief One client and one server on one link, and all their records. */
class HttpTestBed
{
  public:
    /**
     * @param delay one-way delay of the link
     * @param rate data rate of the link
     * @param mtu MTU of the link, bytes
     */
    explicit HttpTestBed(Time delay = MilliSeconds(10),
                         const std::string& rate = "1Gbps",
                         uint32_t mtu = 1500)
        : nodes(2)
    {
        PointToPointHelper link;
        link.SetDeviceAttribute("DataRate", StringValue(rate));
        link.SetDeviceAttribute("Mtu", UintegerValue(mtu));
        link.SetChannelAttribute("Delay", TimeValue(delay));
        devices = link.Install(nodes);
        InternetStackHelper stack;
        stack.SetIpv6StackInstall(false);
        stack.Install(nodes);
        Ipv4AddressHelper address("10.0.0.0", "255.255.255.0");
        interfaces = address.Assign(devices);
        TcpPresetHelper(TcpPreset::LinuxForMtu(mtu)).Install(nodes);
        server = CreateObject<HttpServer>();
        nodes.Get(1)->AddApplication(server);
        server->SetAttribute("ServerName", StringValue("web"));
        server->TraceConnectWithoutContext("Served", MakeCallback(&HttpTestBed::OnServed, this));
        server->TraceConnectWithoutContext("StateTransition",
                                           MakeCallback(&HttpTestBed::OnState, this));
        client = AddClient();
        client->SetAttribute("Rate", DoubleValue(0));
    }

    ~HttpTestBed()
    {
        Simulator::Destroy();
    }

    /** @return a further client application on the client's node */
    Ptr<HttpClient> AddClient()
    {
        auto added = CreateObject<HttpClient>();
        nodes.Get(0)->AddApplication(added);
        added->SetAttribute("Remote",
                            AddressValue(InetSocketAddress(interfaces.GetAddress(1), 80)));
        added->TraceConnectWithoutContext("Request", MakeCallback(&HttpTestBed::OnRequest, this));
        return added;
    }

    /**
     * @brief Ask for something.
     * @param at when
     */
    void RequestAt(Time at)
    {
        Simulator::Schedule(at, &HttpClient::SendRequest, client);
    }

    /**
     * @brief Show a fault.
     * @param at when
     * @param fault the fault
     */
    void FaultAt(Time at, HttpServerFault fault)
    {
        Simulator::Schedule(at, &HttpServer::InjectFault, server, fault);
    }

    /**
     * @param kind kind of a fault
     * @return a fault of that kind
     */
    static HttpServerFault Fault(HttpServerFaultKind kind)
    {
        HttpServerFault fault;
        fault.kind = kind;
        return fault;
    }

    /**
     * @brief Run.
     * @param until when to stop
     */
    void Run(Time until)
    {
        Simulator::Stop(until);
        Simulator::Run();
    }

    NodeContainer nodes;                     //!< client, server
    NetDeviceContainer devices;              //!< their devices
    Ipv4InterfaceContainer interfaces;       //!< their interfaces
    Ptr<HttpServer> server;                  //!< the server
    Ptr<HttpClient> client;                  //!< the client, without a load model
    std::vector<HttpRequestRecord> requests; //!< what the clients report
    std::vector<HttpServedRecord> served;    //!< what the server reports
    std::vector<std::string> states;         //!< states the server went to

  private:
    /** @param record a record */
    void OnRequest(const HttpRequestRecord& record)
    {
        requests.push_back(record);
    }

    /** @param record a record */
    void OnServed(const HttpServedRecord& record)
    {
        served.push_back(record);
    }

    /** @param state the new state */
    void OnState(const std::string& /* old */, const std::string& state)
    {
        states.push_back(state);
    }
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_HTTP_TEST_BED_H */
