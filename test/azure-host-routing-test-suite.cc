/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-host-routing.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4.h"
#include "ns3/output-stream-wrapper.h"
#include "ns3/simple-net-device.h"
#include "ns3/simulator.h"

#include <map>
#include <random>
#include <sstream>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/** A node with host routing over three devices, asked directly. */
struct RoutingBed
{
    RoutingBed()
        : node(CreateObject<Node>()),
          routing(CreateObject<HostRouting>())
    {
        InternetStackHelper stack;
        stack.SetIpv6StackInstall(false);
        stack.Install(node);
        ipv4 = node->GetObject<Ipv4>();
        ipv4->SetRoutingProtocol(routing);
        for (uint32_t i = 0; i < 3; ++i)
        {
            devices.push_back(CreateObject<SimpleNetDevice>());
            node->AddDevice(devices.back());
            const auto interface = ipv4->AddInterface(devices.back());
            if (i > 0)
            {
                ipv4->AddAddress(
                    interface,
                    Ipv4InterfaceAddress(Ipv4Address(0x0a000001 + i), Ipv4Mask::GetOnes()));
            }
            ipv4->SetUp(interface);
            interfaces.push_back(interface);
        }
    }

    ~RoutingBed()
    {
        node->Dispose();
        Simulator::Destroy();
    }

    /**
     * @param destination an address
     * @param device the device to leave by; null: any
     * @return the route; null when there is none
     */
    Ptr<Ipv4Route> Route(const char* destination, Ptr<NetDevice> device = nullptr)
    {
        Ipv4Header header;
        header.SetDestination(Ipv4Address(destination));
        return routing->RouteOutput(nullptr, header, device, error);
    }

    /**
     * @brief A packet arrives at the first device.
     * @param destination where it goes
     * @return `forwarded by` index of a device (the loopback device is 0), `error` or `left to
     * others`
     */
    std::string Arrive(const char* destination)
    {
        Ipv4Header header;
        header.SetDestination(Ipv4Address(destination));
        std::string result = "left to others";
        const bool handled = routing->RouteInput(
            Create<Packet>(),
            header,
            devices[0],
            [&](Ptr<Ipv4Route> route, Ptr<const Packet>, const Ipv4Header&) {
                result = "forwarded by " + std::to_string(route->GetOutputDevice()->GetIfIndex());
            },
            Ipv4RoutingProtocol::MulticastForwardCallback(),
            Ipv4RoutingProtocol::LocalDeliverCallback(),
            [&](Ptr<const Packet>, const Ipv4Header&, Socket::SocketErrno errno_) {
                result = errno_ == Socket::ERROR_NOROUTETOHOST ? "error" : "another error";
            });
        return handled == (result != "left to others") ? result : "handled wrongly";
    }

    Ptr<Node> node;                            //!< the node
    Ptr<Ipv4> ipv4;                            //!< its IPv4
    Ptr<HostRouting> routing;                  //!< what is tested
    std::vector<Ptr<SimpleNetDevice>> devices; //!< its devices; the first has no address
    std::vector<uint32_t> interfaces;          //!< their interfaces
    Socket::SocketErrno error;                 //!< of the latest route
};

/** Routes to single addresses. */
class HostRoutingTestSuite : public TestSuite
{
  public:
    HostRoutingTestSuite()
        : TestSuite("azure-host-routing", Type::UNIT)
    {
        Add("A host route leads to its interface while that is up", FollowInterface);
        Add("A later host route replaces the one to the same address", Replace);
        Add("What goes to an unknown address of an own prefix ends here", KeepPrefix);
        Add("Host routes are printed in the order of addresses", Print);
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
    static void FollowInterface(FunctionTestCase& test)
    {
        RoutingBed bed;
        bed.routing->AddHostRoute("10.0.0.9", bed.interfaces[1], "10.0.0.8");
        bed.routing->AddHostRoute("10.0.0.10", bed.interfaces[0], "10.0.0.10");
        auto route = bed.Route("10.0.0.9");
        test.Check(route && route->GetOutputDevice() == bed.devices[1], "its device");
        test.Check(route && route->GetGateway() == Ipv4Address("10.0.0.8"), "its gateway");
        test.Check(route && route->GetSource() == Ipv4Address("10.0.0.2"), "its source");
        test.Equal(bed.error, Socket::ERROR_NOTERROR, "no error");
        test.Check(bed.Route("10.0.0.9", bed.devices[1]) != nullptr,
                   "by the device that is asked for");
        test.Check(!bed.Route("10.0.0.9", bed.devices[2]), "not by another one");
        test.Equal(bed.error, Socket::ERROR_NOROUTETOHOST, "an error");
        route = bed.Route("10.0.0.10");
        test.Check(route && route->GetSource() == Ipv4Address::GetAny(),
                   "an interface without an address");
        test.Equal(bed.Arrive("10.0.0.9"), "forwarded by 2", "a packet");
        test.Equal(bed.Arrive("10.0.0.11"), "left to others", "a packet to someone else");
        bed.ipv4->SetDown(bed.interfaces[1]);
        test.Check(!bed.Route("10.0.0.9"), "no route while it is down");
        test.Equal(bed.Arrive("10.0.0.9"), "left to others", "nor a way for a packet");
        bed.ipv4->SetUp(bed.interfaces[1]);
        test.Equal(bed.Arrive("10.0.0.9"), "forwarded by 2", "up again");
        bed.ipv4->SetForwarding(bed.interfaces[0], false);
        test.Equal(bed.Arrive("10.0.0.9"), "error", "what may not be forwarded");
        test.Equal(bed.Arrive("10.0.0.11"), "left to others", "others may know better");
    }

    /** @param test takes the failures */
    static void Replace(FunctionTestCase& test)
    {
        RoutingBed bed;
        std::map<uint32_t, uint32_t> model;
        std::mt19937 random(1);
        for (int i = 0; i < 2000; ++i)
        {
            const uint32_t address = 0x0a000000 + random() % 500;
            const auto index = random() % 3;
            model[address] = index;
            bed.routing->AddHostRoute(Ipv4Address(address),
                                      bed.interfaces[index],
                                      Ipv4Address(address));
            test.Equal(bed.routing->GetNHostRoutes(), model.size(), "routes");
        }
        Ipv4Header header;
        for (uint32_t address = 0x0a000000 - 5; address < 0x0a000000 + 505; ++address)
        {
            header.SetDestination(Ipv4Address(address));
            const auto route = bed.routing->RouteOutput(nullptr, header, nullptr, bed.error);
            const auto found = model.find(address);
            test.Equal(route != nullptr, found != model.end(), "whether there is a route");
            test.Check(!route || route->GetOutputDevice() == bed.devices[found->second],
                       "the latest one");
        }
    }

    /** @param test takes the failures */
    static void KeepPrefix(FunctionTestCase& test)
    {
        RoutingBed bed;
        bed.routing->AddHostRoute("10.0.0.9", bed.interfaces[1], "10.0.0.9");
        test.Equal(bed.Arrive("10.0.0.11"), "left to others", "no own prefix yet");
        bed.routing->AddOwnPrefix("10.0.0.0", Ipv4Mask("/25"));
        bed.routing->AddOwnPrefix("10.7.0.0", Ipv4Mask("/16"));
        test.Equal(bed.Arrive("10.0.0.9"), "forwarded by 2", "a known address");
        for (const auto* own : {"10.0.0.0", "10.0.0.11", "10.0.0.127", "10.7.255.255"})
        {
            test.Equal(bed.Arrive(own), "error", own);
        }
        for (const auto* other : {"10.0.0.128", "9.255.255.255", "10.6.255.255", "10.8.0.0"})
        {
            test.Equal(bed.Arrive(other), "left to others", other);
        }
        test.Check(!bed.Route("10.0.0.11"), "the router itself has no route either");
        test.Equal(bed.routing->GetNHostRoutes(), 1, "a prefix is no host route");
        bed.ipv4->SetDown(bed.interfaces[1]);
        test.Equal(bed.Arrive("10.0.0.9"), "error", "a known address behind a link that is down");
    }

    /** @param test takes the failures */
    static void Print(FunctionTestCase& test)
    {
        RoutingBed bed;
        bed.routing->AddHostRoute("10.0.0.200", 1, "10.0.0.200");
        bed.routing->AddHostRoute("9.255.0.1", 2, "9.255.0.2");
        bed.routing->AddHostRoute("10.0.0.30", 3, "10.0.0.30");
        std::ostringstream text;
        bed.routing->PrintRoutingTable(Create<OutputStreamWrapper>(&text));
        test.Equal(text.str(),
                   "Host routes\n"
                   "9.255.0.1 via 9.255.0.2 interface 2\n"
                   "10.0.0.30 via 10.0.0.30 interface 3\n"
                   "10.0.0.200 via 10.0.0.200 interface 1\n",
                   "the table");
    }
};

/** Registers the suite. */
HostRoutingTestSuite g_hostRoutingTestSuite;

} // namespace
