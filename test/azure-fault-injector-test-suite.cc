/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-built-in-deployment.h"
#include "ns3/azure-fault-injector.h"
#include "ns3/azure-http-client.h"
#include "ns3/azure-http-helper.h"
#include "ns3/azure-http-server.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv4.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/socket.h"
#include "ns3/string.h"
#include "ns3/udp-socket-factory.h"

#include <array>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <vector>

using namespace ns3;
using namespace ns3::azure;

namespace
{

constexpr std::array<uint16_t, 2> PORTS{80, 81}; //!< of the two servers of every interface

/** A datagram on one link: what leaves is lost at the router's end, one before the client. */
const Time LINK = NanoSeconds((100 + 8 + 20 + 2) * 8 / 10) + MicroSeconds(50);

/**
 * @param kind what goes wrong
 * @param machine the machine that is hit, `vm-` and a number
 * @param interfaces names of its network interfaces that are hit
 * @param start when it starts
 * @param end when it ends; nothing: never
 * @return the fault
 */
PlannedFault
Make(FaultKind kind,
     const std::string& machine,
     const std::vector<std::string>& interfaces,
     Time start,
     std::optional<Time> end)
{
    PlannedFault fault;
    fault.fault.kind = kind;
    fault.fault.loss = 0.5;
    fault.machine = machine;
    fault.interfaces = interfaces;
    fault.start = start;
    fault.end = end;
    return fault;
}

/** The built-in deployment, `vm-0` with a second network interface, and its servers. */
class Bed
{
  public:
    Bed()
        : topology(CreateObject<DeploymentTopology>()),
          injector(CreateObject<FaultInjector>())
    {
        auto deployment = MakeBuiltInDeployment();
        auto second = deployment.networkInterfaces[0];
        second.name = "nic-0b";
        second.ipConfigurations[0].privateIpAddress = IpAddress::FromIpv4Bits(0x0a000064);
        deployment.networkInterfaces.push_back(second);
        topology->Build(deployment);
        client = topology->AddNetworkClient("client", "vnet", "10.0.0.4");
        const TcpPresetHelper preset;
        preset.Install(client->node);
        for (const auto& place : topology->GetNetworkInterfaces())
        {
            preset.Install(place.node);
            for (const auto port : PORTS)
            {
                HttpServerHelper helper(port);
                auto applications = helper.Install(place.node);
                applications.Start(Time(0));
                auto server = DynamicCast<HttpServer>(applications.Get(0));
                servers[place.name].push_back(server);
                injector->AddServer(place.name, port, server);
            }
        }
    }

    ~Bed()
    {
        Simulator::Destroy();
        injector->Dispose();
        topology->Dispose();
    }

    /**
     * @param name name of a network interface
     * @return its place
     */
    const EdgeNode& Place(const std::string& name) const
    {
        return *topology->Find(name).at(0);
    }

    /**
     * @param name name of a network interface
     * @return all that can be seen of faults there, in words
     */
    std::string Look(const std::string& name) const
    {
        const auto& place = Place(name);
        auto ipv4 = place.node->GetObject<Ipv4>();
        const auto interface = ipv4->GetInterfaceForDevice(place.device);
        const auto routes = Ipv4StaticRoutingHelper().GetStaticRouting(ipv4)->GetNRoutes();
        std::string text = ipv4->IsUp(interface) && routes > 0 ? "up" : "down";
        for (const auto& server : servers.at(name))
        {
            text += " " + HttpServer::GetStateName(server->GetState());
        }
        for (const auto& device : {place.device, place.gatewayDevice})
        {
            PointerValue model;
            device->GetAttribute("ReceiveErrorModel", model);
            text += model.GetObject() ? " lossy" : " clean";
        }
        return text;
    }

    Ptr<DeploymentTopology> topology;                            //!< the network
    Ptr<FaultInjector> injector;                                 //!< what is tested
    const EdgeNode* client;                                      //!< a client inside
    std::map<std::string, std::vector<Ptr<HttpServer>>> servers; //!< by network interface
};

/**
 * @param fault the fault that lasts; null: none
 * @return what Bed::Look() has to say of it
 */
std::string
Expect(const PlannedFault* fault)
{
    if (!fault)
    {
        return "up Serving Serving clean clean";
    }
    const auto port = fault->fault.port;
    const auto states = [port](const std::string& state) {
        return " " + (port == PORTS[1] ? "Serving" : state) + " " +
               (port == PORTS[0] ? "Serving" : state);
    };
    switch (fault->fault.kind)
    {
    case FaultKind::Crash:
        return "down Crashed Crashed clean clean";
    case FaultKind::Hang:
        return "up" + states("Hung") + " clean clean";
    case FaultKind::PortClosed:
        return "up" + states("Refusing") + " clean clean";
    case FaultKind::LinkCut:
    case FaultKind::Loss:
        return "up Serving Serving lossy lossy";
    case FaultKind::ProbeBlocked:
        return "up Serving Serving lossy clean";
    default:
        return "up Serving Serving clean clean";
    }
}

/** Datagrams and answers, as they arrive. */
struct Traffic
{
    std::vector<Time> in;                 //!< arrivals at `nic-1`
    std::vector<Time> out;                //!< arrivals at the client
    std::vector<HttpServedRecord> served; //!< requests of `nic-1`
};

/**
 * @brief 200 datagrams each way, and requests, between the client and `nic-1`, in a second.
 * @param faults what goes wrong meanwhile
 * @param rate how many requests
 * @param seconds how long to go on after that
 * @return what arrived
 */
Traffic
RunTraffic(const std::vector<PlannedFault>& faults, double rate, double seconds = 0)
{
    Bed bed;
    Traffic traffic;
    int64_t stream = 1000;
    for (const auto& fault : faults)
    {
        stream += bed.injector->Schedule(fault, *bed.topology, stream);
    }
    const auto& place = bed.Place("nic-1");
    std::array<Ptr<Socket>, 2> sockets;
    for (int side : {0, 1})
    {
        const auto& here = side == 0 ? *bed.client : place;
        sockets[side] = Socket::CreateSocket(here.node, UdpSocketFactory::GetTypeId());
        sockets[side]->Bind(InetSocketAddress(here.address, 9));
        auto& arrivals = side == 0 ? traffic.out : traffic.in;
        sockets[side]->SetRecvCallback([&arrivals](Ptr<Socket> socket) {
            socket->Recv();
            arrivals.push_back(Simulator::Now());
        });
    }
    for (int i = 0; i < 200; ++i)
    {
        for (int side : {0, 1})
        {
            const auto& there = side == 0 ? place : *bed.client;
            Simulator::Schedule(MilliSeconds(5 * i + 1), [&, side, to = there.address] {
                sockets[side]->SendTo(Create<Packet>(100), 0, InetSocketAddress(to, 9));
            });
        }
    }
    HttpClientHelper helper(InetSocketAddress(place.address, 80));
    helper.SetAttribute("LoadModel", EnumValue(HttpLoadModel::OpenPaced));
    helper.SetAttribute("Rate", DoubleValue(rate));
    auto applications = helper.Install(bed.client->node);
    DynamicCast<HttpClient>(applications.Get(0))->AssignStreams(1);
    applications.Start(Time(0));
    applications.Stop(Seconds(1));
    Callback<void, const HttpServedRecord&> handle(
        [&traffic](const HttpServedRecord& record) { traffic.served.push_back(record); });
    bed.servers["nic-1"][0]->TraceConnectWithoutContext("Served", handle);
    Simulator::Stop(Seconds(1 + seconds));
    Simulator::Run();
    for (auto& socket : sockets)
    {
        socket->Close();
    }
    return traffic;
}

/**
 * @param arrivals times
 * @param start when a gap starts
 * @param end when it ends
 * @return the arrivals outside of it
 */
std::vector<Time>
Outside(const std::vector<Time>& arrivals, Time start, Time end)
{
    std::vector<Time> kept;
    for (const auto& time : arrivals)
    {
        if (time < start || time >= end)
        {
            kept.push_back(time);
        }
    }
    return kept;
}

/**
 * @param source source address
 * @param destination destination address
 * @return a PPP frame with an IPv4 header (RFC 791) and nothing in it
 */
Ptr<Packet>
MakeFrame(uint32_t source, uint32_t destination)
{
    std::vector<uint8_t> bytes{0x00, 0x21, 0x45, 0, 0, 20, 0, 0, 0, 0, 64, 6, 0, 0};
    for (const auto address : {source, destination})
    {
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            bytes.push_back(static_cast<uint8_t>(address >> shift));
        }
    }
    return Create<Packet>(bytes.data(), static_cast<uint32_t>(bytes.size()));
}

/** Faults begin and end. */
class FaultInjectorTestSuite : public TestSuite
{
  public:
    FaultInjectorTestSuite()
        : TestSuite("azure-fault-injector", Type::SYSTEM)
    {
        Add("Faults begin and end to the nanosecond, one after another and side by side", Follow);
        Add("A fault that never ends lasts", Last);
        Add("A machine that crashes crashes with both of its network interfaces", CrashBoth);
        Add("Of server faults at the same time the gravest shows, and each ends by itself", Stack);
        Add("A cut link loses what arrives meanwhile, both ways, to the nanosecond", CutLink);
        Add("Half of the packets are lost, each way by itself, while a loss of half lasts", Lose);
        Add("Slow: what the server receives meanwhile waits, to the nanosecond", Slow);
        Add("Status: what the server receives meanwhile fails, to the nanosecond", Status);
        Add("HP-9: only what comes from 168.63.129.16 is blocked", BlockProbes);
        Add("Faults of links take two random streams for each network interface", CountStreams);
    }

  private:
    /**
     * @param name name of the case
     * @param body what to do
     */
    void Add(const std::string& name, std::function<void(FunctionTestCase&)> body)
    {
        AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
    }

    /** @param test takes the failures */
    static void Follow(FunctionTestCase& test)
    {
        constexpr std::array KINDS{FaultKind::Crash,
                                   FaultKind::Hang,
                                   FaultKind::PortClosed,
                                   FaultKind::Slow,
                                   FaultKind::Status,
                                   FaultKind::LinkCut,
                                   FaultKind::Loss,
                                   FaultKind::ProbeBlocked};
        std::mt19937 random(1);
        Bed bed;
        std::map<std::string, std::vector<PlannedFault>> faults;
        int64_t stream = 1000;
        for (const std::string number : {"0", "1", "2"})
        {
            Time now = MilliSeconds(10);
            for (int i = 0; i < 60; ++i)
            {
                // Gaps and lengths of a nanosecond, too.
                const Time start = now + NanoSeconds(1 + random() % 3);
                const Time end = start + NanoSeconds(1 + random() % (i % 2 ? 3 : 1000));
                auto fault = Make(KINDS[random() % KINDS.size()],
                                  "vm-" + number,
                                  {"nic-" + number},
                                  start,
                                  end);
                fault.fault.port = random() % 2 ? PORTS[random() % 2] : 0;
                stream += bed.injector->Schedule(fault, *bed.topology, stream);
                faults["nic-" + number].push_back(fault);
                now = end;
            }
        }
        std::size_t looks = 0;
        for (const auto& [nic, list] : faults)
        {
            for (const auto& fault : list)
            {
                for (const auto& time : {fault.start - NanoSeconds(1),
                                         fault.start,
                                         *fault.end - NanoSeconds(1),
                                         *fault.end})
                {
                    const PlannedFault* lasting = nullptr;
                    for (const auto& other : list)
                    {
                        lasting = other.start <= time && time < *other.end ? &other : lasting;
                    }
                    const auto expected = Expect(lasting);
                    Simulator::Schedule(time, [&, time, expected, nic = nic] {
                        ++looks;
                        test.Equal(bed.Look(nic),
                                   expected,
                                   nic + " at " + std::to_string(time.GetNanoSeconds()) + " ns");
                    });
                }
            }
        }
        Simulator::Stop(Seconds(1));
        Simulator::Run();
        test.Equal(looks, 3 * 60 * 4, "looks");
        test.Equal(bed.Look("nic-0b"), Expect(nullptr), "nobody touched the other interface");
    }

    /** @param test takes the failures */
    static void Last(FunctionTestCase& test)
    {
        Bed bed;
        const auto fault = Make(FaultKind::Hang, "vm-2", {"nic-2"}, Seconds(1), std::nullopt);
        bed.injector->Schedule(fault, *bed.topology, 1000);
        Simulator::Stop(Hours(24 * 365));
        Simulator::Run();
        test.Equal(bed.Look("nic-2"), Expect(&fault), "a year later");
        test.Equal(bed.Look("nic-1"), Expect(nullptr), "its neighbour");
    }

    /** @param test takes the failures */
    static void CrashBoth(FunctionTestCase& test)
    {
        Bed bed;
        const auto fault =
            Make(FaultKind::Crash, "vm-0", {"nic-0", "nic-0b"}, Seconds(1), Seconds(2));
        test.Equal(bed.injector->Schedule(fault, *bed.topology, 1000), 0, "no streams");
        for (const auto& [seconds, down] : {std::pair{0.5, false}, {1.5, true}, {2.5, false}})
        {
            Simulator::Stop(Seconds(seconds) - Simulator::Now());
            Simulator::Run();
            for (const std::string nic : {"nic-0", "nic-0b"})
            {
                test.Equal(bed.Look(nic), Expect(down ? &fault : nullptr), nic);
            }
        }
    }

    /** @param test takes the failures */
    static void Stack(FunctionTestCase& test)
    {
        Bed bed;
        // The gravest first: crash, closed port, hang; every order of beginnings and ends.
        const std::array kinds{FaultKind::Crash, FaultKind::PortClosed, FaultKind::Hang};
        const std::array<std::string, 3> states{"Crashed", "Refusing", "Hung"};
        std::mt19937 random(2);
        std::vector<PlannedFault> faults;
        for (int i = 0; i < 60; ++i)
        {
            // The same kind never twice at a time.
            const auto start = MilliSeconds(1000 * (i / 3) + 100 + random() % 400);
            faults.push_back(Make(kinds[i % 3],
                                  "vm-1",
                                  {"nic-1"},
                                  start,
                                  start + MilliSeconds(1 + random() % 490)));
            bed.injector->Schedule(faults.back(), *bed.topology, 1000);
        }
        for (int ms = 0; ms < 20000; ms += 7)
        {
            // Off the edges, which are whole milliseconds.
            const auto time = MilliSeconds(ms) + MicroSeconds(500);
            std::size_t gravest = 3;
            for (std::size_t i = 0; i < faults.size(); ++i)
            {
                if (faults[i].start <= time && time < *faults[i].end)
                {
                    gravest = std::min(gravest, i % 3);
                }
            }
            const auto expected = gravest < 3 ? states[gravest] : "Serving";
            Simulator::Schedule(time, [&, expected, ms] {
                for (const auto& server : bed.servers["nic-1"])
                {
                    test.Equal(HttpServer::GetStateName(server->GetState()),
                               expected,
                               "after " + std::to_string(ms) + " ms");
                }
            });
        }
        Simulator::Stop(Seconds(21));
        Simulator::Run();
        test.Equal(bed.Look("nic-1"), Expect(nullptr), "all is well in the end");
    }

    /** @param test takes the failures */
    static void CutLink(FunctionTestCase& test)
    {
        const auto sound = RunTraffic({}, 0);
        test.Equal(sound.in.size(), 200, "all arrive when nothing is wrong");
        test.Equal(sound.out.size(), 200, "both ways");
        for (const auto& [first, last] : {std::pair{0, 0}, {10, 11}, {50, 150}, {199, 199}})
        {
            const Time start = sound.in[first];
            const Time end = sound.in[last] + NanoSeconds(1);
            for (const auto& [from, to] : {std::pair{start, end},
                                           {start + NanoSeconds(1), end},
                                           {start, end - NanoSeconds(1)}})
            {
                if (from >= to)
                {
                    continue;
                }
                const auto cut =
                    RunTraffic({Make(FaultKind::LinkCut, "vm-1", {"nic-1"}, from, to)}, 0);
                test.Check(cut.in == Outside(sound.in, from, to), "what arrived there");
                test.Check(cut.out == Outside(sound.out, from + LINK, to + LINK),
                           "what arrived at the client");
            }
        }
    }

    /** @param test takes the failures */
    static void Lose(FunctionTestCase& test)
    {
        const auto sound = RunTraffic({}, 0);
        // Counts of datagrams that arrive, out of 160, have a deviation of 6.3.
        const Time start = sound.in[20];
        const Time end = sound.in[180];
        const auto lossy = RunTraffic({Make(FaultKind::Loss, "vm-1", {"nic-1"}, start, end)}, 0);
        for (const auto& [arrivals, all, shift] :
             {std::tuple{&lossy.in, &sound.in, Time(0)}, {&lossy.out, &sound.out, LINK}})
        {
            const auto outside = Outside(*arrivals, start + shift, end + shift);
            test.Check(outside == Outside(*all, start + shift, end + shift),
                       "none is lost before or after");
            test.Near(arrivals->size() - outside.size(), 80, 25, "half is lost meanwhile");
        }
        std::vector<int64_t> in;
        std::vector<int64_t> out;
        for (const auto& [arrivals, sent] : {std::pair{&lossy.in, &in}, {&lossy.out, &out}})
        {
            for (const auto& time : *arrivals)
            {
                sent->push_back(time.GetMilliSeconds() / 5);
            }
        }
        test.Check(in != out, "other datagrams each way");
    }

    /** @param test takes the failures */
    static void Slow(FunctionTestCase& test)
    {
        const auto sound = RunTraffic({}, 80);
        const std::size_t first = 20;
        const std::size_t last = 60;
        auto fault = Make(FaultKind::Slow,
                          "vm-1",
                          {"nic-1"},
                          sound.served[first].received,
                          sound.served[last].received);
        fault.fault.delay = NanoSeconds(123456789);
        for (const uint16_t port : {0, 80, 81})
        {
            fault.fault.port = port;
            const auto slow = RunTraffic({fault}, 80, 1);
            std::size_t delayed = 0;
            for (const auto& record : slow.served)
            {
                const bool hit =
                    port != 81 && record.received >= fault.start && record.received < *fault.end;
                test.Equal((record.end - record.received).GetNanoSeconds(),
                           hit ? fault.fault.delay.GetNanoSeconds() : 0,
                           "time of service");
                test.Equal(record.status, 200, "and a good answer");
                delayed += hit;
            }
            test.Equal(delayed, port == 81 ? 0 : last - first, "those in between");
        }
    }

    /** @param test takes the failures */
    static void Status(FunctionTestCase& test)
    {
        const auto sound = RunTraffic({}, 80);
        const Time first = sound.served[30].received;
        const Time last = sound.served[33].received;
        for (const auto& [start, end, hits] : {std::tuple{first, last, 3},
                                               {first + NanoSeconds(1), last, 2},
                                               {first, last + NanoSeconds(1), 4},
                                               {first, first + NanoSeconds(1), 1}})
        {
            auto fault = Make(FaultKind::Status, "vm-1", {"nic-1"}, start, end);
            fault.fault.status = 418;
            const auto bad = RunTraffic({fault}, 80);
            test.Equal(bad.served.size(), sound.served.size(), "all are answered");
            int failed = 0;
            for (const auto& record : bad.served)
            {
                const bool hit = record.received >= start && record.received < end;
                test.Equal(record.status, hit ? 418 : 200, "status");
                failed += hit;
            }
            test.Equal(failed, hits, "those in between");
        }
    }

    /** @param test takes the failures */
    static void BlockProbes(FunctionTestCase& test)
    {
        Bed bed;
        const auto fault = Make(FaultKind::ProbeBlocked, "vm-1", {"nic-1"}, Seconds(1), Seconds(2));
        bed.injector->Schedule(fault, *bed.topology, 1000);
        Simulator::Stop(Seconds(1.5));
        Simulator::Run();
        PointerValue value;
        bed.Place("nic-1").device->GetAttribute("ReceiveErrorModel", value);
        auto model = value.Get<ErrorModel>();
        test.Check(model != nullptr, "there is a filter");
        if (!model)
        {
            return;
        }
        constexpr uint32_t PLATFORM = 0xa83f8110; // 168.63.129.16
        constexpr uint32_t MACHINE = 0x0a000005;
        test.Check(model->IsCorrupt(MakeFrame(PLATFORM, MACHINE)), "from the platform");
        test.Check(!model->IsCorrupt(MakeFrame(MACHINE, PLATFORM)), "to the platform");
        for (int bit = 0; bit < 32; ++bit)
        {
            test.Check(!model->IsCorrupt(MakeFrame(PLATFORM ^ (1U << bit), MACHINE)),
                       "from one that differs in bit " + std::to_string(bit));
        }
        auto frame = MakeFrame(PLATFORM, MACHINE);
        frame->AddPaddingAtEnd(1000);
        test.Check(model->IsCorrupt(frame), "whatever comes after the header");
        for (uint32_t size = 0; size < 18; ++size)
        {
            test.Check(!model->IsCorrupt(MakeFrame(PLATFORM, MACHINE)->CreateFragment(0, size)),
                       "a frame too short to tell");
        }
    }

    /** @param test takes the failures */
    static void CountStreams(FunctionTestCase& test)
    {
        Bed bed;
        const std::vector<std::string> both{"nic-0", "nic-0b"};
        for (const auto& [kind, streams] : {std::pair{FaultKind::LinkCut, 2},
                                            {FaultKind::Loss, 2},
                                            {FaultKind::ProbeBlocked, 0},
                                            {FaultKind::Slow, 0}})
        {
            const auto one = Make(kind, "vm-1", {"nic-1"}, Seconds(1), Seconds(2));
            const auto two = Make(kind, "vm-0", both, Seconds(1), Seconds(2));
            test.Equal(bed.injector->Schedule(one, *bed.topology, 5), streams, "one interface");
            test.Equal(bed.injector->Schedule(two, *bed.topology, 5), 2 * streams, "two");
        }
    }
};

/** Registers the suite. */
FaultInjectorTestSuite g_faultInjectorTestSuite;

} // namespace
