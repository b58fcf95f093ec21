/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_FLEET_NETWORK_H
#define AZURE_GATEWAY_FLEET_NETWORK_H

#include "azure-gateway-network.h"

#include "ns3/azure-http-client.h"
#include "ns3/azure-http-server.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/uinteger.h"

#include <functional>
#include <vector>

namespace ns3
{
namespace azure
{

/** @brief A gateway with real clients and servers, whose instances come and go. */
class FleetNetwork : public GatewayNetwork
{
  public:
    /** What an instance does from some time on. */
    struct Change
    {
        Time time;                  //!< when
        uint32_t instance;          //!< which
        GatewayInstanceState state; //!< what
    };

    using GatewayNetwork::GatewayNetwork;

    /**
     * @brief Install the gateway and a server on each backend.
     * @param probing whether members are probed
     */
    void Start(bool probing = false)
    {
        Install(probing);
        gateway->TraceConnectWithoutContext("InstanceState",
                                            MakeCallback(&FleetNetwork::OnState, this));
        for (uint32_t i = 0; i < backends.GetN(); ++i)
        {
            auto server = CreateObject<HttpServer>();
            server->SetAttribute("Port", UintegerValue(8000));
            server->SetAttribute("ServerName", StringValue("server" + std::to_string(i)));
            backends.Get(i)->AddApplication(server);
            servers.push_back(server);
        }
    }

    /**
     * @brief Let each client ask at a steady pace, with a connection for each request.
     * @param rate requests a second of all clients
     * @param from when they begin
     * @param until when they end
     */
    void Ask(double rate, Time from, Time until)
    {
        const double each = rate / clients.GetN();
        for (uint32_t i = 0; i < clients.GetN(); ++i)
        {
            auto client = AddClient(i, from);
            client->SetAttribute("LoadModel", EnumValue(HttpLoadModel::OpenPaced));
            client->SetAttribute("Rate", DoubleValue(each));
            client->SetAttribute(
                "MaxRequests",
                UintegerValue(static_cast<uint32_t>(each * (until - from).GetSeconds())));
        }
    }

    /**
     * @brief Let users ask, rest for a second, and ask again over the same connection.
     * @param users users of each client
     * @param from when they begin
     */
    void Stay(uint32_t users, Time from)
    {
        for (uint32_t i = 0; i < clients.GetN(); ++i)
        {
            auto client = AddClient(i, from);
            client->SetAttribute("LoadModel", EnumValue(HttpLoadModel::Closed));
            client->SetAttribute("Users", UintegerValue(users));
            client->SetAttribute("ThinkTime",
                                 StringValue("ns3::ConstantRandomVariable[Constant=1]"));
            client->SetAttribute("KeepAlive", BooleanValue(true));
            client->SetAttribute("ResponseTimeout", TimeValue(Seconds(2)));
        }
    }

    /**
     * @brief One client asks once.
     * @param index which client
     * @param at when
     * @param path what for
     */
    void AskOnce(uint32_t index, Time at, const std::string& path)
    {
        auto client = AddClient(index, at);
        client->SetAttribute("LoadModel", EnumValue(HttpLoadModel::OpenPaced));
        client->SetAttribute("Rate", DoubleValue(1000));
        client->SetAttribute("MaxRequests", UintegerValue(1));
        client->SetAttribute("Path", StringValue(path));
        client->SetAttribute("ResponseTimeout", TimeValue(Hours(1)));
    }

    /**
     * @brief Do something at some time.
     * @param at when
     * @param what what
     */
    static void At(Time at, const std::function<void()>& what)
    {
        Simulator::Schedule(at - Simulator::Now(), what);
    }

    /**
     * @param instance index of an instance
     * @param state a state
     * @return when it first came to that state; the end of time if it did not
     */
    Time When(uint32_t instance, GatewayInstanceState state) const
    {
        for (const auto& change : changes)
        {
            if (change.instance == instance && change.state == state)
            {
                return change.time;
            }
        }
        return Time::Max();
    }

    /**
     * @return requests that did not get what they asked for
     */
    uint32_t CountFailed() const
    {
        uint32_t failed = 0;
        for (const auto& request : requests)
        {
            failed += request.outcome == HttpOutcome::Ok ? 0 : 1;
        }
        return failed;
    }

    std::vector<Ptr<HttpServer>> servers;    //!< one a backend
    std::vector<HttpRequestRecord> requests; //!< what the clients report
    std::vector<Change> changes;             //!< what the gateway reports

  private:
    /**
     * @param index which host
     * @param from when it begins
     * @return a client there
     */
    Ptr<HttpClient> AddClient(uint32_t index, Time from)
    {
        auto client = CreateObject<HttpClient>();
        client->SetAttribute("Remote", AddressValue(Frontend()));
        client->SetAttribute("ConnectTimeout", TimeValue(Seconds(10)));
        client->AssignStreams(m_stream);
        m_stream += 10;
        client->SetStartTime(from - Simulator::Now());
        clients.Get(index)->AddApplication(client);
        client->TraceConnectWithoutContext("Request", MakeCallback(&FleetNetwork::OnRequest, this));
        return client;
    }

    /** @param record a record */
    void OnRequest(const HttpRequestRecord& record)
    {
        requests.push_back(record);
    }

    /**
     * @param instance index of an instance
     * @param after what it does from now on
     */
    void OnState(uint32_t instance, GatewayInstanceState, GatewayInstanceState after)
    {
        changes.push_back({Simulator::Now(), instance, after});
    }

    int64_t m_stream{1000}; //!< next random variable stream
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_FLEET_NETWORK_H */
