/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-deployment-topology.h"
#include "ns3/azure-host-routing.h"
#include "ns3/azure-load-balancer-helper.h"
#include "ns3/data-rate.h"
#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-routing-helper.h"
#include "ns3/ipv4.h"
#include "ns3/node-list.h"
#include "ns3/simulator.h"
#include "ns3/socket.h"
#include "ns3/udp-socket-factory.h"

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::azure;

namespace
{

constexpr uint16_t ECHO_PORT = 9;        //!< what every instance and client echoes on
constexpr uint16_t FRONTEND_PORT = 7000; //!< of every rule

/** The four kinds of link of a topology. */
struct Links
{
    std::map<std::string, Time> delays;    //!< one-way delay by the attributes' first word
    std::map<std::string, DataRate> rates; //!< rate by the same word

    /**
     * @param names links that a packet passes
     * @param bytes size of its frames
     * @return how long that takes
     */
    Time Sum(const std::vector<std::string>& names, uint32_t bytes) const
    {
        Time sum;
        for (const auto& name : names)
        {
            sum += delays.at(name) + rates.at(name).CalculateBytesTxTime(bytes);
        }
        return sum;
    }
};

/**
 * @brief Make a deployment with addresses in sequence and choices at random.
 * @param random source of randomness
 * @return one to three virtual networks in one to three regions, one to four load balancers
 */
DeploymentConfiguration
MakeDeployment(std::mt19937& random)
{
    DeploymentConfiguration deployment;
    deployment.source = "random";
    const auto networks = 1 + random() % 3;
    std::map<std::string, std::vector<IpAddress>> members;
    for (uint32_t n = 0; n < networks; ++n)
    {
        VirtualNetworkConfiguration network;
        network.name = "net-" + std::to_string(n);
        network.region = "region-" + std::to_string(random() % 3);
        const uint32_t base = 0x0a000000 + (n << 16);
        network.addressPrefixes = {{IpAddress::FromIpv4Bits(base), 16}};
        const auto subnets = 1 + random() % 3;
        for (uint32_t s = 0; s < subnets; ++s)
        {
            const uint32_t start = base + 256 * s;
            SubnetConfiguration subnet;
            subnet.name = "subnet-" + std::to_string(s);
            subnet.addressPrefixes = {{IpAddress::FromIpv4Bits(start), 28}};
            network.subnets.push_back(subnet);
            const auto machines = 1 + random() % 3;
            uint32_t next = start + 4;
            for (uint32_t m = 0; m < machines; ++m)
            {
                NetworkInterfaceConfiguration nic;
                nic.name = "nic-" + std::to_string(deployment.networkInterfaces.size());
                nic.region = network.region;
                nic.virtualMachine = "vm-" + std::to_string(deployment.networkInterfaces.size());
                const auto addresses = 1 + random() % 2;
                for (uint32_t a = 0; a < addresses; ++a)
                {
                    NicIpConfiguration ip;
                    ip.name = "ip-" + std::to_string(a);
                    ip.virtualNetwork = network.name;
                    ip.subnet = subnet.name;
                    ip.privateIpAddress = IpAddress::FromIpv4Bits(next++);
                    nic.ipConfigurations.push_back(ip);
                    members[network.name].push_back(ip.privateIpAddress);
                }
                VirtualMachineConfiguration machine;
                machine.name = nic.virtualMachine;
                machine.region = network.region;
                machine.networkInterfaces = {nic.name};
                deployment.virtualMachines.push_back(machine);
                deployment.networkInterfaces.push_back(nic);
            }
        }
        deployment.virtualNetworks.push_back(network);
    }
    const auto balancers = 1 + random() % 4;
    for (uint32_t b = 0; b < balancers; ++b)
    {
        const auto& network = deployment.virtualNetworks[random() % networks];
        const bool isPublic = random() % 2;
        DeployedLoadBalancer balancer;
        balancer.region = network.region;
        balancer.virtualNetwork = network.name;
        auto& configuration = balancer.configuration;
        configuration.name = "lb-" + std::to_string(b);
        FrontendIpConfiguration frontend;
        frontend.name = "f";
        frontend.isPublic = isPublic;
        const auto first = static_cast<uint32_t>(network.subnets[0].addressPrefixes[0].address.low);
        frontend.address = IpAddress::FromIpv4Bits((isPublic ? 0x14000004 : first + 11) + b);
        configuration.frontendIpConfigurations = {frontend};
        BackendAddressPool pool;
        pool.name = "p";
        for (const auto& member : members[network.name])
        {
            if (pool.backendAddresses.empty() || random() % 2)
            {
                pool.backendAddresses.push_back(
                    {"m" + std::to_string(pool.backendAddresses.size()), member});
            }
        }
        configuration.backendAddressPools = {pool};
        LoadBalancingRule rule;
        rule.name = "r";
        rule.frontendIpConfiguration = "f";
        rule.backendAddressPool = "p";
        rule.protocol = TransportProtocol::Udp;
        rule.frontendPort = FRONTEND_PORT;
        rule.backendPort = ECHO_PORT;
        configuration.loadBalancingRules = {rule};
        deployment.loadBalancers.push_back(balancer);
    }
    return deployment;
}

/** A built deployment on which one datagram at a time is sent and echoed. */
class World
{
  public:
    /**
     * @param seed seed of the deployment and of the links
     * @param test takes the failures
     */
    World(uint32_t seed, FunctionTestCase& test)
        : m_random(seed),
          m_test(test),
          m_deployment(MakeDeployment(m_random)),
          m_topology(CreateObject<DeploymentTopology>())
    {
        for (const auto& error : m_deployment.Validate())
        {
            m_test.Equal(error.path + ": " + error.message, "", "the deployment is sound");
        }
        for (const std::string name : {"Internet", "Client", "Network", "Interface"})
        {
            m_links.delays[name] = MicroSeconds(1 + m_random() % 9000);
            m_links.rates[name] = DataRate(uint64_t{1000000} * (1 + m_random() % 1000));
            m_topology->SetAttribute(name + "Delay", TimeValue(m_links.delays[name]));
            m_topology->SetAttribute(name + "Rate", DataRateValue(m_links.rates[name]));
        }
        m_topology->Build(m_deployment);
        InstallBalancers();
        AddPlaces();
    }

    ~World()
    {
        for (auto& place : m_places)
        {
            place.asker->Close();
        }
        Simulator::Destroy();
        m_topology->Dispose();
    }

    /** @brief Send a datagram from everywhere to every address, and judge what comes back. */
    void AskAll()
    {
        for (const auto& place : m_places)
        {
            for (const auto& other : m_places)
            {
                for (const auto& address : other.addresses)
                {
                    if (const auto path = FindPath(place, other))
                    {
                        Ask(place, InetSocketAddress(address, ECHO_PORT), *path);
                    }
                }
            }
            for (const auto& balancer : m_deployment.loadBalancers)
            {
                const auto address =
                    balancer.configuration.frontendIpConfigurations[0].address.ToIpv4();
                if (const auto path = FindPath(place, balancer))
                {
                    Ask(place, InetSocketAddress(address, FRONTEND_PORT), *path);
                }
            }
        }
    }

    /** @brief Every address belongs to one node, and clients have usable ones. */
    void CheckAddresses()
    {
        std::map<Ipv4Address, uint32_t> owners;
        for (auto i = NodeList::Begin(); i != NodeList::End(); ++i)
        {
            auto ipv4 = (*i)->GetObject<Ipv4>();
            for (uint32_t k = 1; k < ipv4->GetNInterfaces(); ++k)
            {
                for (uint32_t a = 0; a < ipv4->GetNAddresses(k); ++a)
                {
                    const auto address = ipv4->GetAddress(k, a).GetLocal();
                    const auto owner = owners.emplace(address, (*i)->GetId()).first->second;
                    std::ostringstream text;
                    text << address << " is on one node";
                    m_test.Equal(owner, (*i)->GetId(), text.str());
                }
            }
        }
        for (const auto& place : m_places)
        {
            const auto* network = m_deployment.FindVirtualNetwork(place.network);
            const auto address = IpAddress::From(place.addresses[0]);
            const auto* prefix = network ? network->FindPrefix(address) : nullptr;
            m_test.Check(!network || (prefix && !prefix->IsKept(address)), "in a subnet");
            m_test.Equal(owners.count(place.addresses[0]), 1, "it is on its node");
        }
    }

    /** @brief Routers have one host route for each address behind them. */
    void CheckHostRoutes()
    {
        std::map<std::string, std::size_t> expected;
        for (const auto& place : m_places)
        {
            expected[place.network] += place.addresses.size();
        }
        for (const auto& balancer : m_deployment.loadBalancers)
        {
            expected[""] += balancer.configuration.frontendIpConfigurations[0].isPublic;
        }
        for (const auto& [network, routes] : expected)
        {
            auto router = network.empty() ? m_topology->GetInternetRouter()
                                          : m_topology->GetNetworkRouter(network);
            auto routing = Ipv4RoutingHelper::GetRouting<HostRouting>(
                router->GetObject<Ipv4>()->GetRoutingProtocol());
            m_test.Check(routing != nullptr, "a router has host routes");
            m_test.Equal(routing ? routing->GetNHostRoutes() : 0, routes, "behind " + network);
        }
    }

    std::size_t answered{0};   //!< datagrams that were echoed, as they had to be
    std::size_t unanswered{0}; //!< datagrams that were not, as they had to be

  private:
    /** A node that sends datagrams and echoes others'. */
    struct Place
    {
        std::string name;                   //!< for messages
        std::string network;                //!< virtual network; empty: the internet
        std::string region;                 //!< its region; empty: the internet
        std::vector<Ipv4Address> addresses; //!< all of its addresses
        Ptr<Socket> asker;                  //!< sends from the first one
    };

    /// Links to the one who echoes; empty: there is no echo.
    using Path = std::vector<std::string>;

    /** @brief Put the load balancers where they belong. */
    void InstallBalancers()
    {
        const LoadBalancerHelper helper;
        for (const auto& balancer : m_deployment.loadBalancers)
        {
            const auto& frontend = balancer.configuration.frontendIpConfigurations[0];
            helper.Install(frontend.isPublic
                               ? m_topology->GetEdgeRouter(balancer.region)
                               : m_topology->GetNetworkRouter(balancer.virtualNetwork),
                           balancer.configuration);
            if (frontend.isPublic)
            {
                m_topology->AddPublicRoute(frontend.address.ToIpv4(), balancer.region);
            }
            else
            {
                m_topology->Reserve(frontend.address.ToIpv4());
            }
        }
    }

    /** @brief Two clients in the internet, one in every network, and all network interfaces. */
    void AddPlaces()
    {
        for (const std::string name : {"c0", "c1"})
        {
            const auto& client = m_topology->AddInternetClient(name);
            Add(client, "", "", {client.address});
        }
        for (const auto& network : m_deployment.virtualNetworks)
        {
            const auto near = network.subnets.back().addressPrefixes[0].address.ToIpv4();
            const auto* client =
                m_topology->AddNetworkClient("in-" + network.name, network.name, near);
            m_test.Check(client, "there is a free address");
            m_test.Check(network.subnets.back().addressPrefixes[0].Contains(
                             IpAddress::From(client->address)),
                         "in the subnet that was asked for");
            Add(*client, network.name, network.region, {client->address});
        }
        for (std::size_t i = 0; i < m_deployment.networkInterfaces.size(); ++i)
        {
            const auto& nic = m_deployment.networkInterfaces[i];
            std::vector<Ipv4Address> addresses;
            for (const auto& ip : nic.ipConfigurations)
            {
                addresses.push_back(ip.privateIpAddress.ToIpv4());
            }
            Add(m_topology->GetNetworkInterfaces()[i],
                nic.ipConfigurations[0].virtualNetwork,
                nic.region,
                addresses);
        }
    }

    /**
     * @brief Have a node send and echo.
     * @param edge the node
     * @param network its virtual network
     * @param region its region
     * @param addresses its addresses
     */
    void Add(const EdgeNode& edge,
             const std::string& network,
             const std::string& region,
             const std::vector<Ipv4Address>& addresses)
    {
        for (const auto& address : addresses)
        {
            auto socket = Socket::CreateSocket(edge.node, UdpSocketFactory::GetTypeId());
            socket->Bind(InetSocketAddress(address, ECHO_PORT));
            socket->SetRecvCallback([](Ptr<Socket> receiver) {
                Address from;
                auto packet = receiver->RecvFrom(from);
                receiver->SendTo(packet, 0, from);
            });
        }
        auto asker = Socket::CreateSocket(edge.node, UdpSocketFactory::GetTypeId());
        asker->Bind(InetSocketAddress(addresses[0], 0));
        asker->SetRecvCallback([this](Ptr<Socket> receiver) {
            Address from;
            m_echo = receiver->RecvFrom(from)->GetSize();
            m_from = InetSocketAddress::ConvertFrom(from);
            m_echoAt = Simulator::Now();
            ++m_echoes;
        });
        m_places.push_back({edge.name, network, region, addresses, asker});
    }

    /**
     * @param from who asks
     * @param to who is asked, by an address of its own
     * @return the links between; nothing: not judged
     */
    std::optional<Path> FindPath(const Place& from, const Place& to) const
    {
        if (&from == &to)
        {
            return std::nullopt;
        }
        if (from.network.empty() && to.network.empty())
        {
            return Path{"Client", "Client"};
        }
        if (from.network == to.network)
        {
            return Path{"Interface", "Interface"};
        }
        // Private addresses mean nothing in the internet: no way there, or none back.
        return from.region == to.region ? std::nullopt : std::optional<Path>(Path{});
    }

    /**
     * @param from who asks
     * @param to a load balancer, asked at its frontend
     * @return the links to its instances; nothing: not judged
     */
    std::optional<Path> FindPath(const Place& from, const DeployedLoadBalancer& to) const
    {
        const auto& configuration = to.configuration;
        const bool isPublic = configuration.frontendIpConfigurations[0].isPublic;
        if (from.network.empty())
        {
            return isPublic ? Path{"Client", "Internet", "Network", "Interface"} : Path{};
        }
        const auto& pool = configuration.backendAddressPools[0].backendAddresses;
        const bool own = std::any_of(pool.begin(), pool.end(), [&](const auto& member) {
            return std::count(from.addresses.begin(),
                              from.addresses.end(),
                              member.address.ToIpv4()) > 0;
        });
        // A member that asks its own frontend is another matter (LB-60).
        if (isPublic || own || (from.network != to.virtualNetwork && from.region == to.region))
        {
            return std::nullopt;
        }
        return from.network == to.virtualNetwork ? Path{"Interface", "Interface"} : Path{};
    }

    /**
     * @brief Send one datagram.
     * @param from who asks
     * @param to where to
     * @param path links to the one who echoes
     */
    void Ask(const Place& from, const InetSocketAddress& to, const Path& path)
    {
        std::ostringstream what;
        what << from.name << " to " << to.GetIpv4() << " port " << to.GetPort();
        const uint32_t size = 1 + m_random() % 1400;
        const auto start = Simulator::Now();
        m_echoes = 0;
        auto asker = from.asker;
        Simulator::ScheduleNow([asker, to, size] { asker->SendTo(Create<Packet>(size), 0, to); });
        Simulator::Stop(Seconds(1));
        Simulator::Run();
        m_test.Equal(m_echoes, path.empty() ? 0 : 1, what.str() + ": echoes");
        if (path.empty())
        {
            ++unanswered;
            return;
        }
        ++answered;
        m_test.Equal(m_echo, size, what.str() + ": size");
        m_test.Check(m_from.GetIpv4() == to.GetIpv4() && m_from.GetPort() == to.GetPort(),
                     what.str() + ": from whom it was sent to");
        // UDP, IPv4 and PPP headers on every link.
        const auto expected = m_links.Sum(path, size + 8 + 20 + 2) * 2;
        m_test.Equal((m_echoAt - start).GetNanoSeconds(),
                     expected.GetNanoSeconds(),
                     what.str() + ": round trip");
    }

    std::mt19937 m_random;                              //!< source of randomness
    FunctionTestCase& m_test;                           //!< takes the failures
    DeploymentConfiguration m_deployment;               //!< what is built
    Ptr<DeploymentTopology> m_topology;                 //!< the network
    Links m_links;                                      //!< its links
    std::vector<Place> m_places;                        //!< everybody
    uint32_t m_echoes{0};                               //!< echoes of the latest datagram
    uint32_t m_echo{0};                                 //!< size of the latest echo
    Time m_echoAt;                                      //!< when it came
    InetSocketAddress m_from{Ipv4Address::GetAny(), 0}; //!< where from
};

/** The network of a deployment, asked from everywhere. */
class DeploymentReachTestSuite : public TestSuite
{
  public:
    DeploymentReachTestSuite()
        : TestSuite("azure-deployment-reach", Type::SYSTEM)
    {
        for (uint32_t seed = 1; seed <= 20; ++seed)
        {
            AddWorld(seed, Duration::QUICK);
        }
        for (uint32_t seed = 21; seed <= 120; ++seed)
        {
            AddWorld(seed, Duration::EXTENSIVE);
        }
    }

  private:
    /**
     * @param seed seed of the deployment
     * @param duration how long it takes
     */
    void AddWorld(uint32_t seed, Duration duration)
    {
        const auto body = [seed](FunctionTestCase& test) {
            World world(seed, test);
            world.CheckAddresses();
            world.CheckHostRoutes();
            world.AskAll();
            test.Check(world.answered > 3, "some are reached");
            test.Check(world.unanswered > 3, "some are not");
        };
        AddTestCase(new FunctionTestCase("LB-4 LB-5: everybody is reached as deployment " +
                                             std::to_string(seed) +
                                             " says, in the time of the links between",
                                         body),
                    duration);
    }
};

/** Registers the suite. */
DeploymentReachTestSuite g_deploymentReachTestSuite;

} // namespace
