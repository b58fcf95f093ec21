/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-ipv4-routing-hook.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-global-routing-helper.h"
#include "ns3/ipv4-list-routing-helper.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/output-stream-wrapper.h"
#include "ns3/simple-channel.h"
#include "ns3/simple-net-device.h"
#include "ns3/simulator.h"
#include "ns3/udp-header.h"

#include <functional>
#include <random>
#include <regex>
#include <sstream>
#include <vector>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/** A hook that takes nothing and shows what is otherwise for subclasses alone. */
class PlainHook : public Ipv4RoutingHook
{
  public:
    using Ipv4RoutingHook::GetHooks;
    using Ipv4RoutingHook::GetWrapped;
    using Ipv4RoutingHook::RouteOnward;
};

/** A hook that takes UDP packets to one port out of the node's hands. */
class PortHook : public PlainHook
{
  public:
    /** @param port the port */
    explicit PortHook(uint16_t port)
        : m_port(port)
    {
    }

    bool RouteInput(Ptr<const Packet> p,
                    const Ipv4Header& header,
                    Ptr<const NetDevice> idev,
                    const UnicastForwardCallback& ucb,
                    const MulticastForwardCallback& mcb,
                    const LocalDeliverCallback& lcb,
                    const ErrorCallback& ecb) override
    {
        UdpHeader udp;
        p->PeekHeader(udp);
        asked++;
        if (udp.GetDestinationPort() == m_port)
        {
            taken++;
            return true;
        }
        return PlainHook::RouteInput(p, header, idev, ucb, mcb, lcb, ecb);
    }

    uint32_t asked{0}; //!< packets seen
    uint32_t taken{0}; //!< packets taken

  private:
    uint16_t m_port; //!< the port
};

/** Static routing whose life can be watched. */
class WatchedRouting : public Ipv4StaticRouting
{
  public:
    /** @param lives counts those that are there @param starts counts initialisations */
    WatchedRouting(int& lives, int& starts)
        : m_lives(lives),
          m_starts(starts)
    {
        m_lives++;
    }

    ~WatchedRouting() override
    {
        m_lives--;
    }

  private:
    void DoInitialize() override
    {
        m_starts++;
        Ipv4StaticRouting::DoInitialize();
    }

    int& m_lives;  //!< those that are there
    int& m_starts; //!< initialisations
};

/** What routes a node. */
enum class Kind
{
    Static,      //!< static routing, alone
    List,        //!< a list of static and global routing, as InternetStackHelper makes it
    ListInverted //!< the same with global routing first
};

/** A router with four links that lead nowhere. */
class Router
{
  public:
    /**
     * @param kind what routes
     * @param hooks number of hooks in front of it
     */
    Router(Kind kind, int hooks)
        : node(CreateObject<Node>())
    {
        Ipv4StaticRoutingHelper statics;
        Ipv4GlobalRoutingHelper globals;
        Ipv4ListRoutingHelper list;
        list.Add(statics, kind == Kind::ListInverted ? -20 : 0);
        list.Add(globals, -10);
        InternetStackHelper stack;
        stack.SetIpv6StackInstall(false);
        switch (kind)
        {
        case Kind::Static:
            stack.SetRoutingHelper(statics);
            break;
        case Kind::List:
        case Kind::ListInverted:
            stack.SetRoutingHelper(list);
            break;
        }
        stack.Install(node);
        ipv4 = node->GetObject<Ipv4>();
        for (uint32_t i = 0; i < 4; i++)
        {
            auto device = CreateObject<SimpleNetDevice>();
            device->SetAddress(Mac48Address::Allocate());
            node->AddDevice(device);
            device->SetChannel(CreateObject<SimpleChannel>());
            const auto interface = ipv4->AddInterface(device);
            ipv4->AddAddress(interface,
                             Ipv4InterfaceAddress(Ipv4Address(0x0a000001 + (i << 8)),
                                                  Ipv4Mask("255.255.255.0")));
            ipv4->SetUp(interface);
        }
        for (int i = 0; i < hooks; i++)
        {
            hook = CreateObject<PlainHook>();
            hook->Install(node);
        }
    }

    /**
     * @param route a route
     * @return it in words
     */
    std::string Describe(Ptr<const Ipv4Route> route) const
    {
        std::ostringstream text;
        if (!route)
        {
            return "no route";
        }
        text << route->GetDestination() << " via " << route->GetGateway() << " from "
             << route->GetSource() << " out "
             << ipv4->GetInterfaceForDevice(route->GetOutputDevice());
        return text.str();
    }

    /**
     * @param header a packet's header
     * @param oif interface that the socket is bound to, 0 for none
     * @return what the node does to send it
     */
    std::string Output(const Ipv4Header& header, uint32_t oif) const
    {
        auto error = Socket::ERROR_NOTERROR;
        auto route =
            ipv4->GetRoutingProtocol()->RouteOutput(nullptr,
                                                    header,
                                                    oif == 0 ? nullptr : ipv4->GetNetDevice(oif),
                                                    error);
        return Describe(route) + " " + std::to_string(error);
    }

    /**
     * @param header a packet's header
     * @param iif interface where it arrives
     * @param onward whether to ask as a hook does for a packet that is going elsewhere
     * @return what the node does with it
     */
    std::string Input(const Ipv4Header& header, uint32_t iif, bool onward = false) const
    {
        std::ostringstream text;
        Ipv4RoutingProtocol::UnicastForwardCallback forward =
            [&](Ptr<Ipv4Route> route, Ptr<const Packet> packet, const Ipv4Header& seen) {
                text << "forward " << Describe(route) << " " << packet->GetSize() << " "
                     << seen.GetDestination() << "; ";
            };
        Ipv4RoutingProtocol::MulticastForwardCallback multicast =
            [&](Ptr<Ipv4MulticastRoute> route, Ptr<const Packet>, const Ipv4Header&) {
                text << "to " << route->GetOutputTtlMap().size() << " interfaces; ";
            };
        Ipv4RoutingProtocol::LocalDeliverCallback deliver =
            [&](Ptr<const Packet>, const Ipv4Header& seen, uint32_t interface) {
                text << "deliver " << seen.GetDestination() << " at " << interface << "; ";
            };
        Ipv4RoutingProtocol::ErrorCallback fail =
            [&](Ptr<const Packet>, const Ipv4Header&, Socket::SocketErrno error) {
                text << "error " << error << "; ";
            };
        auto packet = Create<Packet>(77);
        auto device = ipv4->GetNetDevice(iif);
        const bool taken =
            onward ? hook->RouteOnward(packet, header, device, forward, multicast, deliver, fail)
                   : ipv4->GetRoutingProtocol()
                         ->RouteInput(packet, header, device, forward, multicast, deliver, fail);
        text << (taken ? "taken" : "left");
        return text.str();
    }

    /** @return the routing tables, without the number of the node */
    std::string Table() const
    {
        std::ostringstream text;
        ipv4->GetRoutingProtocol()->PrintRoutingTable(Create<OutputStreamWrapper>(&text));
        return std::regex_replace(text.str(), std::regex("Node: [0-9]+"), "Node");
    }

    /**
     * @tparam T a routing protocol
     * @return the node's, found as every helper finds it
     */
    template <typename T>
    Ptr<T> Find() const
    {
        return Ipv4RoutingHelper::GetRouting<T>(ipv4->GetRoutingProtocol());
    }

    Ptr<Node> node;      //!< the node
    Ptr<Ipv4> ipv4;      //!< its stack
    Ptr<PlainHook> hook; //!< the hook that is asked first; null without hooks
};

/** An address near those of the router. @param random source @return the address */
Ipv4Address
DrawAddress(std::mt19937& random)
{
    static const std::vector<const char*> special{"255.255.255.255",
                                                  "225.0.0.9",
                                                  "239.1.2.3",
                                                  "127.0.0.1",
                                                  "8.8.8.8"};
    if (random() % 8 == 0)
    {
        return Ipv4Address(special[random() % special.size()]);
    }
    const uint32_t last = random() % 4 == 0 ? 255 : random() % 6;
    return Ipv4Address(0x0a000000 + (random() % 2 << 16) + (random() % 6 << 8) + last);
}

/** One random change, the same for both. @param random source @param routers both */
void
Change(std::mt19937& random, const std::vector<Router*>& routers)
{
    const uint32_t interface = 1 + random() % 4;
    const auto kind = random() % 8;
    const auto address = DrawAddress(random);
    const auto mask = Ipv4Mask(~0U << (random() % 5) * 8 / 2);
    const auto wide = Ipv4Mask(random() % 3 == 0 ? 0U : 0xffffU << 16);
    const Ipv4Address gateway(0x0a000002 + ((interface - 1) << 8));
    const auto metric = random() % 3;
    const auto pick = static_cast<uint32_t>(random());
    const uint32_t output = 1 + pick % 4;
    for (auto* router : routers)
    {
        auto routing = router->Find<Ipv4StaticRouting>();
        auto global = router->Find<Ipv4GlobalRouting>();
        auto& ipv4 = router->ipv4;
        switch (kind)
        {
        case 0:
            ipv4->IsUp(interface) ? ipv4->SetDown(interface) : ipv4->SetUp(interface);
            break;
        case 1:
            if (ipv4->GetNAddresses(interface) > 1)
            {
                ipv4->RemoveAddress(interface, 1);
            }
            else
            {
                ipv4->AddAddress(interface,
                                 {Ipv4Address(0x0a010001 + (interface << 8)), "255.255.255.0"});
            }
            break;
        case 2:
            ipv4->SetForwarding(interface, !ipv4->IsForwarding(interface));
            break;
        case 3:
            if (routing->GetNRoutes() > 3)
            {
                routing->RemoveRoute(pick % routing->GetNRoutes());
            }
            break;
        case 4:
            routing->AddNetworkRouteTo(address.CombineMask(wide), wide, gateway, interface, metric);
            break;
        case 5:
            routing->AddMulticastRoute("10.0.5.5", "239.1.2.3", interface, {output});
            break;
        case 6:
            if (global)
            {
                global->AddHostRouteTo(address, gateway, interface);
            }
            break;
        default:
            routing->AddNetworkRouteTo(address.CombineMask(mask), mask, gateway, interface, metric);
            break;
        }
    }
}

/** A node with hooks routes as one without, whatever changes while they are there. */
void
SameDecisions(FunctionTestCase& test, Kind kind, int hooks)
{
    std::mt19937 random(static_cast<uint32_t>(kind) * 10 + hooks);
    uint32_t forwarded = 0;
    uint32_t onward = 0;
    for (int round = 0; round < 6; round++)
    {
        Router plain(kind, 0);
        Router hooked(kind, hooks);
        for (int step = 0; step < 40; step++)
        {
            Change(random, {&plain, &hooked});
            test.Equal(hooked.Table(), plain.Table(), "the same tables");
            for (int i = 0; i < 12; i++)
            {
                Ipv4Header header;
                header.SetSource(i % 3 == 0 ? Ipv4Address("10.0.5.5") : DrawAddress(random));
                header.SetDestination(DrawAddress(random));
                header.SetTtl(64);
                const uint32_t interface = 1 + random() % 4;
                std::ostringstream what;
                what << header << " at " << interface << ", step " << step;
                const auto input = plain.Input(header, interface);
                test.Equal(hooked.Input(header, interface), input, "in: " + what.str());
                forwarded += input.rfind("forward", 0) == 0 ? 1 : 0;
                if (!plain.ipv4->IsDestinationAddress(header.GetDestination(), interface))
                {
                    test.Equal(hooked.Input(header, interface, true), input, "on: " + what.str());
                    onward++;
                }
                const auto oif = random() % 3 == 0 ? interface : 0;
                test.Equal(hooked.Output(header, oif),
                           plain.Output(header, oif),
                           "out: " + what.str());
            }
        }
    }
    test.Check(forwarded > 300 && onward > 300, "packets of both sorts");
    Simulator::Destroy();
}

/** A hook speaks for the list behind it. */
void
SpeaksForTheList(FunctionTestCase& test)
{
    Router router(Kind::List, 3);
    const auto hooks = PlainHook::GetHooks(router.ipv4->GetRoutingProtocol());
    test.Equal(hooks.size(), 3, "all hooks are found");
    test.Check(hooks.at(0) == router.hook, "the latest first");
    test.Check(router.hook->GetWrapped() == hooks.at(1), "in front of the one before");
    test.Check(PlainHook::GetHooks(nullptr).empty(), "no routing, no hooks");
    test.Check(PlainHook::GetHooks(router.Find<Ipv4StaticRouting>()).empty(), "none in a table");
    test.Equal(CreateObject<PlainHook>()->GetNRoutingProtocols(), 0, "before it is installed");

    // A protocol that is added later is asked by its priority, also for packets going on.
    test.Equal(router.hook->GetNRoutingProtocols(), 2, "static and global");
    Ipv4Header header;
    header.SetSource(Ipv4Address("10.0.0.9"));
    header.SetDestination(Ipv4Address("192.0.2.1"));
    test.Equal(router.Input(header, 1, true), "left", "no route yet");
    auto first = CreateObject<Ipv4StaticRouting>();
    router.hook->AddRoutingProtocol(first, 7);
    first->AddHostRouteTo("192.0.2.1", "10.0.1.2", 2);
    router.Find<Ipv4StaticRouting>()->AddHostRouteTo("192.0.2.1", "10.0.2.2", 3);
    test.Equal(router.hook->GetNRoutingProtocols(), 3, "one more");
    int16_t priority = 0;
    test.Check(router.hook->GetRoutingProtocol(0, priority) == first && priority == 7, "in front");
    router.hook->GetRoutingProtocol(2, priority);
    test.Equal(priority, -10, "global routing is last");
    for (const bool onward : {false, true})
    {
        const auto text = router.Input(header, 1, onward);
        test.Check(text.rfind("forward 192.0.2.1 via 10.0.1.2 from 10.0.1.1 out 2", 0) == 0, text);
    }

    Router alone(Kind::Static, 1);
    test.Equal(alone.hook->GetNRoutingProtocols(), 1, "what is no list is one protocol");
    test.Check(alone.hook->GetRoutingProtocol(0, priority) == alone.hook->GetWrapped() &&
                   priority == 0,
               "the wrapped one");
    Simulator::Destroy();
}

/** Hooks are asked in turn, and what one has taken no other sees. */
void
Order(FunctionTestCase& test)
{
    Router router(Kind::List, 0);
    std::vector<Ptr<PortHook>> hooks;
    for (const uint16_t port : {1000, 2000, 3000, 2000})
    {
        hooks.push_back(CreateObject<PortHook>(port));
        hooks.back()->Install(router.node);
    }
    uint32_t left = 0;
    for (uint32_t i = 0; i < 400; i++)
    {
        UdpHeader udp;
        udp.SetDestinationPort(static_cast<uint16_t>(i % 4 * 1000)); // 0, 1000, 2000, 3000
        auto packet = Create<Packet>(10);
        packet->AddHeader(udp);
        Ipv4Header header;
        header.SetSource(Ipv4Address("10.0.0.9"));
        header.SetDestination(Ipv4Address("10.0.1.9"));
        router.ipv4->GetRoutingProtocol()->RouteInput(
            packet,
            header,
            router.ipv4->GetNetDevice(1),
            [&](Ptr<Ipv4Route>, Ptr<const Packet>, const Ipv4Header&) { left++; },
            [](Ptr<Ipv4MulticastRoute>, Ptr<const Packet>, const Ipv4Header&) {},
            [](Ptr<const Packet>, const Ipv4Header&, uint32_t) {},
            [](Ptr<const Packet>, const Ipv4Header&, Socket::SocketErrno) {});
    }
    const uint32_t asked[] = {200, 200, 300, 400}; // the last one is asked first
    const uint32_t taken[] = {100, 0, 100, 100};
    for (int i = 0; i < 4; i++)
    {
        test.Equal(hooks[i]->asked, asked[i], "asked " + std::to_string(i));
        test.Equal(hooks[i]->taken, taken[i], "taken " + std::to_string(i));
    }
    test.Equal(left, 100, "the node's own routing forwards the rest");
    Simulator::Destroy();
}

/** What is behind a hook starts once and goes with the node. */
void
Lifetime(FunctionTestCase& test)
{
    for (const int hooks : {0, 1, 3})
    {
        int lives = 0;
        int starts = 0;
        {
            auto node = CreateObject<Node>();
            InternetStackHelper stack;
            stack.SetIpv6StackInstall(false);
            stack.Install(node);
            auto ipv4 = node->GetObject<Ipv4>();
            Ptr<Ipv4StaticRouting> routing = CreateObject<WatchedRouting>(lives, starts);
            DynamicCast<Ipv4ListRouting>(ipv4->GetRoutingProtocol())
                ->AddRoutingProtocol(routing, 9);
            for (int i = 0; i < hooks; i++)
            {
                CreateObject<PlainHook>()->Install(node);
            }
            for (int twice = 0; twice < 2; twice++)
            {
                ipv4->GetRoutingProtocol()->Initialize();
            }
        }
        Simulator::Stop(Seconds(1));
        Simulator::Run();
        test.Equal(starts, 1, "it starts once, behind hooks: " + std::to_string(hooks));
        test.Equal(lives, 1, "it is there");
        Simulator::Destroy();
        test.Equal(lives, 0, "it goes with its node, behind hooks: " + std::to_string(hooks));
    }
}

/** Hooks in front of a node's routing. */
class RoutingHookTestSuite : public TestSuite
{
  public:
    RoutingHookTestSuite()
        : TestSuite("azure-routing-hook", Type::UNIT)
    {
        const std::vector<std::pair<Kind, std::string>> kinds{
            {Kind::Static, "static routing"},
            {Kind::List, "a list"},
            {Kind::ListInverted, "a list with global routing first"}};
        for (const auto& [kind, name] : kinds)
        {
            for (const int hooks : {1, 3})
            {
                Add("Random routes and changes, " + name + ", " + std::to_string(hooks) + " hooks",
                    [kind = kind, hooks](FunctionTestCase& test) {
                        SameDecisions(test, kind, hooks);
                    });
            }
        }
        Add("A hook speaks for the list that it wraps", SpeaksForTheList);
        Add("The hook installed last is asked first", Order);
        Add("What a hook wraps starts once and goes with its node", Lifetime);
    }

  private:
    /**
     * @param name name of the case
     * @param body what to do
     */
    void Add(const std::string& name, const std::function<void(FunctionTestCase&)>& body)
    {
        AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
    }
};

/** Registers the suite. */
RoutingHookTestSuite g_routingHookTestSuite;

} // namespace
