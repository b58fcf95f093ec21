/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_PROBE_BED_H
#define AZURE_GATEWAY_PROBE_BED_H

#include "azure-application-gateway-fixture.h"
#include "azure-probe-test-bed.h"

#include "ns3/azure-gateway-probes.h"

#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/** What an instance was told of a server. */
struct ToldVerdict
{
    Time when;           //!< when
    uint32_t instance;   //!< which instance
    uint32_t setting;    //!< index of the backend setting
    std::string member;  //!< the server
    bool healthy{false}; //!< the verdict
};

/** Instances of a gateway at a router, 10.1.<i>.2, and servers behind it, 10.0.<j>.2. */
class GatewayProbeBed
{
  public:
    /// The gateway's public address.
    static constexpr const char* PUBLIC = "20.0.0.4";

    ProbeTestBed network;                          //!< the router, the servers, their firewalls
    NodeContainer instances;                       //!< the instances
    std::vector<Ptr<GatewayProbes>> probes;        //!< their probes
    std::vector<std::vector<ProbeRecord>> sent;    //!< from the traces, by instance
    std::vector<std::vector<ProbeRecord>> results; //!< from the traces, by instance
    std::vector<ToldVerdict> told;                 //!< by the callbacks

    /**
     * @param servers number of servers
     * @param count number of instances
     */
    explicit GatewayProbeBed(uint32_t servers = 1, uint32_t count = 1)
        : network(servers),
          sent(count),
          results(count)
    {
        InternetStackHelper stack;
        Ipv4StaticRoutingHelper routing;
        stack.SetRoutingHelper(routing);
        stack.SetIpv6StackInstall(false);
        PointToPointHelper link;
        link.SetDeviceAttribute("DataRate", StringValue("10Gbps"));
        link.SetChannelAttribute("Delay", StringValue("10us"));
        for (uint32_t i = 0; i < count; i++)
        {
            auto instance = CreateObject<Node>();
            stack.Install(instance);
            instances.Add(instance);
            auto pair = link.Install(network.host, instance);
            Assign(pair.Get(0), Ipv4Address(Address(i).Get() - 1));
            const auto interface = Assign(pair.Get(1), Address(i));
            routing.GetStaticRouting(instance->GetObject<Ipv4>())
                ->SetDefaultRoute(Ipv4Address(Address(i).Get() - 1), interface);
            probes.push_back(CreateObject<GatewayProbes>());
            probes[i]->SetVerdictCallback([this, i](uint32_t setting, std::string member, bool up) {
                told.push_back({Simulator::Now(), i, setting, member, up});
            });
            probes[i]->GetProbers()->TraceConnectWithoutContext(
                "ProbeSent",
                Callback<void, const ProbeRecord&>(
                    [this, i](const ProbeRecord& r) { sent[i].push_back(r); }));
            probes[i]->GetProbers()->TraceConnectWithoutContext(
                "ProbeResult",
                Callback<void, const ProbeRecord&>(
                    [this, i](const ProbeRecord& r) { results[i].push_back(r); }));
        }
    }

    GatewayProbeBed(const GatewayProbeBed&) = delete;
    GatewayProbeBed& operator=(const GatewayProbeBed&) = delete;

    ~GatewayProbeBed()
    {
        for (const auto& each : probes)
        {
            each->Dispose();
        }
    }

    /**
     * @param i index of an instance
     * @return its address
     */
    static Ipv4Address Address(uint32_t i)
    {
        return Ipv4Address(0x0a010002 + (i << 8));
    }

    /**
     * @param j index of a server
     * @return it as a member
     */
    static ApplicationGatewayBackendAddress Member(uint32_t j)
    {
        ApplicationGatewayBackendAddress member;
        member.ipAddress = IpAddress::From(ProbeTestBed::Address(j));
        return member;
    }

    /** @return a gateway with all servers in its pool `web`, port 80, the default probe */
    ApplicationGatewayConfiguration Configuration() const
    {
        auto configuration = MakeGateway();
        configuration.backendHttpSettingsCollection[0].port = 80;
        auto& members = configuration.backendAddressPools[0].backendAddresses;
        members.clear();
        for (uint32_t j = 0; j < network.backends.GetN(); j++)
        {
            members.push_back(Member(j));
        }
        return configuration;
    }

    /**
     * @param probe a custom probe; its name is set
     * @return Configuration() with it
     */
    ApplicationGatewayConfiguration Configuration(ApplicationGatewayProbe probe) const
    {
        auto configuration = Configuration();
        probe.name = "custom";
        configuration.probes = {probe};
        configuration.backendHttpSettingsCollection[0].probe = "custom";
        return configuration;
    }

    /** @brief Open port 80 of all servers. */
    void OpenAll()
    {
        for (uint32_t j = 0; j < network.backends.GetN(); j++)
        {
            network.targets[j].Open(network.backends.Get(j), 80);
        }
    }

    /**
     * @brief Let all instances probe.
     * @param configuration the gateway
     * @param publicSource where probes of servers on the internet come from
     */
    void Start(const ApplicationGatewayConfiguration& configuration,
               Ipv4Address publicSource = Ipv4Address::GetAny())
    {
        auto router = std::make_shared<const RequestRouter>(configuration);
        for (uint32_t i = 0; i < probes.size(); i++)
        {
            probes[i]->Start(instances.Get(i), router, "gw/" + std::to_string(i), publicSource);
        }
    }

    /**
     * @brief Make the rhythm of all probes set in after a fixed share of the interval.
     * @param share 0 to 1
     * @param i index of the instance
     */
    void SetPhase(double share, uint32_t i = 0)
    {
        auto constant = CreateObject<ConstantRandomVariable>();
        constant->SetAttribute("Constant", DoubleValue(share));
        probes[i]->GetProbers()->SetAttribute("Phase", PointerValue(constant));
    }

    /**
     * @param healthy the verdict to look for
     * @param from not before this time, in seconds
     * @param i index of the instance
     * @return when it was told, in seconds; -1 for never
     */
    double FindTold(bool healthy, double from = 0, uint32_t i = 0) const
    {
        for (const auto& each : told)
        {
            if (each.instance == i && each.healthy == healthy && each.when >= Seconds(from))
            {
                return each.when.GetSeconds();
            }
        }
        return -1;
    }

  private:
    /**
     * @param device a device
     * @param address its address
     * @return its interface
     */
    static uint32_t Assign(Ptr<NetDevice> device, Ipv4Address address)
    {
        auto ipv4 = device->GetNode()->GetObject<Ipv4>();
        const auto interface = ipv4->AddInterface(device);
        ipv4->AddAddress(interface, Ipv4InterfaceAddress(address, Ipv4Mask("255.255.255.0")));
        ipv4->SetUp(interface);
        return interface;
    }
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_PROBE_BED_H */
