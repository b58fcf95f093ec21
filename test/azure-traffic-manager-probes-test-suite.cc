/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-probe-test-bed.h"
#include "azure-traffic-manager-network.h"

#include "ns3/azure-tls-certificate.h"
#include "ns3/azure-tls-configuration.h"

#include <set>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @brief What becomes of an endpoint, by the first probe of one place.
 * @param monitor how it is probed
 * @param prepare gets the web server
 * @param [out] probe gets the probe
 * @return the endpoint's status after a minute
 */
std::string
StatusOf(const TrafficManagerMonitorConfig& monitor,
         std::function<void(Ptr<HttpServer>)> prepare,
         ProbeRecord& probe)
{
    TrafficManagerNetwork network;
    auto web = network.AddServer(3);
    prepare(web);
    network.AddPlaces(1);
    auto profile = MakeProfile(TrafficRoutingMethod::Priority, {network.EndpointOf(web)});
    profile.monitorConfig = monitor;
    profile.monitorConfig.toleratedNumberOfFailures = 0;
    network.Install({profile});
    network.RunTo(60);
    probe = network.probes.at(0).probe;
    return ToString(network.manager->GetEngine().GetStates().GetStatus({0, 0}));
}

/**
 * @param status a status code
 * @return makes a server answer with it
 */
std::function<void(Ptr<HttpServer>)>
Answers(uint32_t status)
{
    return [status](Ptr<HttpServer> web) {
        HttpPathResponse response;
        response.status = status;
        web->SetPathResponse("/", response);
    };
}

/** @param t the test case */
void
CheckAnswers(FunctionTestCase& t)
{
    ProbeRecord probe;
    TrafficManagerMonitorConfig monitor;
    t.Equal(StatusOf(monitor, Answers(200), probe), "Online", "200");
    t.Equal(probe.status, 200, "status");
    for (uint32_t status : {201, 302, 401, 404, 503})
    {
        t.Equal(StatusOf(monitor, Answers(status), probe), "Degraded", "only 200 passes");
        t.Check(probe.outcome == ProbeOutcome::BadStatus, "outcome");
        t.Equal(probe.status, status, "a redirect is not followed either");
    }
    monitor.expectedStatusCodeRanges = {{200, 202}, {302, 302}};
    t.Equal(StatusOf(monitor, Answers(302), probe), "Online", "listed");
    t.Equal(StatusOf(monitor, Answers(202), probe), "Online", "end of a range");
    t.Equal(StatusOf(monitor, Answers(203), probe), "Degraded", "not listed");
    // The body does not matter.
    const auto endless = [](Ptr<HttpServer> web) {
        web->SetAttribute("ResponseSize", StringValue("ns3::ConstantRandomVariable[Constant=2e6]"));
    };
    t.Equal(StatusOf(TrafficManagerMonitorConfig(), endless, probe), "Online", "a long body");
    t.Check(probe.end - probe.start < MilliSeconds(100), "not waited for");

    monitor = TrafficManagerMonitorConfig();
    monitor.protocol = ProbeProtocol::Tcp;
    monitor.path.clear();
    t.Equal(StatusOf(monitor, Answers(503), probe), "Online", "a handshake is enough");
    monitor.port = 81;
    t.Equal(StatusOf(monitor, Answers(200), probe), "Degraded", "a closed port");
    t.Check(probe.outcome == ProbeOutcome::Refused, "refused");
}

/** @param t the test case */
void
CheckHttps(FunctionTestCase& t)
{
    // A certificate for another name, which nobody looks at.
    auto tls = std::make_shared<TlsServerConfiguration>();
    tls->certificates = {{IssueTlsCertificate(MakeTlsPublicRoot(), "elsewhere.example")}};
    const auto serve = [tls](uint32_t status) {
        return [tls, status](Ptr<HttpServer> web) {
            web->AddTlsPort(443, tls);
            Answers(status)(web);
        };
    };
    ProbeRecord probe;
    TrafficManagerMonitorConfig monitor;
    monitor.protocol = ProbeProtocol::Https;
    monitor.port = 443;
    t.Equal(StatusOf(monitor, serve(200), probe), "Online", "200");
    t.Equal(probe.status, 200, "status");
    t.Equal(StatusOf(monitor, serve(503), probe), "Degraded", "503");
    t.Equal(probe.status, 503, "status");
    monitor.port = 80;
    t.Equal(StatusOf(monitor, serve(200), probe), "Degraded", "no TLS at that port");
    t.Check(probe.outcome == ProbeOutcome::TlsFailed, "outcome");
    t.Check(!probe.reason.empty(), "with a reason");
}

/** @param t the test case */
void
CheckTiming(FunctionTestCase& t)
{
    for (const bool isFast : {false, true})
    {
        TrafficManagerNetwork network;
        auto web = network.AddServer(3);
        network.AddPlaces(1);
        auto profile = MakeProfile(TrafficRoutingMethod::Priority, {network.EndpointOf(web)});
        if (isFast)
        {
            profile.monitorConfig.interval = Seconds(10);
            profile.monitorConfig.timeout = Seconds(5);
            profile.monitorConfig.toleratedNumberOfFailures = 1;
        }
        network.Install({profile});
        const double interval = isFast ? 10 : 30;
        const double timeout = isFast ? 5 : 10;
        Simulator::Schedule(Seconds(100), [web]() {
            web->InjectFault(HttpServerFault{}); // it crashes
        });
        network.RunTo(400);
        double previous = -1;
        uint32_t failures = 0;
        for (const auto& record : network.probes)
        {
            const auto start = record.probe.start.GetSeconds();
            if (previous >= 0)
            {
                t.Near(start - previous, interval, 1e-9, "an interval apart, failed or not");
            }
            previous = start;
            if (record.probe.outcome == ProbeOutcome::Success)
            {
                continue;
            }
            ++failures;
            t.Near(record.probe.end.GetSeconds() - start, timeout, 1e-9, "timeout");
            if (failures == profile.monitorConfig.toleratedNumberOfFailures + 1)
            {
                t.Near(network.FindStatus(EndpointMonitorStatus::Degraded),
                       record.probe.end.GetSeconds(),
                       1e-9,
                       "the failure after those tolerated");
            }
        }
        t.Check(failures > 8, "it is probed on");
    }
}

/** @param t the test case */
void
CheckHeaders(FunctionTestCase& t)
{
    TrafficManagerNetwork network;
    std::vector<Ptr<HttpServer>> servers;
    std::map<std::string, HttpRequestHead> heads;
    for (uint32_t i = 0; i < 3; ++i)
    {
        servers.push_back(network.AddServer(3 + i));
        servers.back()->TraceConnectWithoutContext(
            "RequestReceived",
            Callback<void, const HttpRequestHead&, const InetSocketAddress&>(
                [&heads, i](const HttpRequestHead& head, const InetSocketAddress&) {
                    heads[std::to_string(i)] = head;
                }));
    }
    network.Must(network.contoso->Add(
        DnsRecord::A("web.contoso.com", 60, network.AddressOf(servers[0]->GetNode()))));
    network.Must(network.contoso->Add(
        DnsRecord::A("eu.contoso.com", 60, network.AddressOf(servers[1]->GetNode()))));
    network.Must(network.contoso->Add(
        DnsRecord::A("us.contoso.com", 60, network.AddressOf(servers[2]->GetNode()))));
    network.AddPlaces(1);
    auto profile = MakeProfile(TrafficRoutingMethod::Priority,
                               {MakeEndpoint("web"), MakeEndpoint("eu"), MakeEndpoint("us")});
    profile.monitorConfig.path = "/alive?deep=1";
    profile.monitorConfig.customHeaders = {{"X-Probe", "shop"}, {"X-Two", "2"}};
    profile.endpoints[1].customHeaders = {{"Host", "www.contoso.com"}, {"X-Probe", "eu"}};
    network.Install({profile});
    network.RunTo(40);
    t.Equal(heads.size(), 3, "all are probed");
    const auto field = [&](const char* server, const char* name) {
        return heads[server].fields.Get(name);
    };
    t.Equal(heads["0"].method + " " + heads["0"].target, "GET /alive?deep=1", "request");
    t.Equal(field("0", "Host"), "web.contoso.com", "the endpoint's name");
    t.Equal(field("0", "X-Probe"), "shop", "of the profile");
    t.Equal(field("0", "X-Two"), "2", "of the profile");
    t.Equal(field("1", "Host"), "www.contoso.com", "another host");
    t.Equal(field("1", "X-Probe"), "eu", "of the endpoint");
    t.Equal(field("1", "X-Two"), "", "instead of the profile's");
    t.Equal(field("2", "Host"), "us.contoso.com", "its own name");
}

/** @param t the test case */
void
CheckPlaces(FunctionTestCase& t)
{
    TrafficManagerNetwork network;
    auto web = network.AddServer(3);
    network.AddPlaces(3);
    auto profile = MakeProfile(TrafficRoutingMethod::Priority, {network.EndpointOf(web)});
    profile.monitorConfig.interval = Seconds(10);
    network.Install({profile});
    auto wall = CreateObject<Firewall>();
    wall->Install(web->GetNode());
    std::set<Ipv4Address> blocked;
    wall->drops = [&blocked](const Ipv4Header& header) {
        return blocked.count(header.GetSource()) > 0;
    };
    const auto source = [&](uint32_t place) {
        return network.manager->GetMonitor(place)->GetSource();
    };
    const auto state = [&]() {
        return std::string(ToString(network.manager->GetEngine().GetStates().GetStatus({0, 0})));
    };
    const auto share = [&]() {
        return network.manager->GetShareUp("shop", profile.endpoints[0].name);
    };
    network.RunTo(20);
    t.Equal(state(), "Online", "all see it");
    t.Near(share(), 1, 0, "all");
    blocked.insert(source(0));
    network.RunTo(100);
    t.Equal(state(), "Online", "one of three does not");
    t.Near(share(), 2 / 3., 1e-12, "two of three");
    blocked.insert(source(1));
    network.RunTo(200);
    t.Equal(state(), "Degraded", "two of three do not");
    t.Near(share(), 1 / 3., 1e-12, "one of three");
    blocked.erase(source(0));
    network.RunTo(212);
    t.Equal(state(), "Online", "back at the first success");

    // Where probes come from.
    std::set<Ipv4Address> sources;
    const auto tags = ServiceTags::MakeAzure();
    for (const auto& record : network.probes)
    {
        sources.insert(record.probe.source);
        const auto names = tags.FindTagsOf(IpAddress::From(record.probe.source));
        t.Check(names == std::vector<std::string>{"AzureTrafficManager"}, "an address of the tag");
    }
    t.Equal(sources.size(), 3, "one a place");
    t.Equal(network.probes.size() >= 3 * 20 && network.probes.size() <= 3 * 22,
            true,
            "an endpoint gets as many probes an interval as there are places");
}

/** @param t the test case */
void
CheckSources(FunctionTestCase& t)
{
    // What a network security group that allows the tag alone lets through.
    TrafficManagerNetwork network;
    auto web = network.AddServer(3);
    network.AddPlaces(2);
    network.Install({MakeProfile(TrafficRoutingMethod::Priority, {network.EndpointOf(web)})});
    auto wall = CreateObject<Firewall>();
    wall->Install(web->GetNode());
    const auto tags = ServiceTags::MakeAzure();
    uint32_t dropped = 0;
    wall->drops = [&](const Ipv4Header& header) {
        const auto drops = tags.FindTagsOf(IpAddress::From(header.GetSource())).empty();
        dropped += drops;
        return drops;
    };
    network.RunTo(60);
    t.Equal(std::string(ToString(network.manager->GetEngine().GetStates().GetStatus({0, 0}))),
            "Online",
            "the tag is enough");
    t.Equal(dropped, 0, "nothing came from elsewhere");
}

/** @param t the test case */
void
CheckSourceChoice(FunctionTestCase& t)
{
    TrafficManagerNetwork two;
    two.AddPlaces(2);
    auto profile = MakeProfile(TrafficRoutingMethod::Priority, {MakeEndpoint("a", "192.0.2.1")});
    two.Install({profile});
    const auto again = two.helper.Install(two.nameServers, two.places, {profile}, MakeWorld());
    t.Equal(again->GetMonitor(0)->GetSource(),
            two.manager->GetMonitor(0)->GetSource(),
            "a place keeps its address");
    NodeContainer others;
    others.Add(two.AddHost(5));
    const auto third = two.helper.Install(two.nameServers, others, {profile}, MakeWorld());
    for (uint32_t i = 0; i < 2; ++i)
    {
        t.Check(third->GetMonitor(0)->GetSource() != two.manager->GetMonitor(i)->GetSource(),
                "another place has another");
    }
    two.helper.SetServiceTags(ServiceTags());
    const auto own = two.helper.Install(two.nameServers, others, {profile}, MakeWorld());
    t.Equal(own->GetMonitor(0)->GetSource(), Ipv4Address::GetAny(), "without tag: the node's own");
}

/**
 * @param segments what was seen at the endpoint's device
 * @return letters of the segments, as ProbeTestBed::Wire() has them
 */
std::string
Wire(const std::vector<std::pair<bool, TcpHeader>>& segments)
{
    std::string text;
    for (const auto& [isIn, tcp] : segments)
    {
        const auto flags = tcp.GetFlags();
        text += text.empty() ? "" : " ";
        text += isIn ? ">" : "<";
        text += flags & TcpHeader::SYN ? "S" : "";
        text += flags & TcpHeader::FIN ? "F" : "";
        text += flags & TcpHeader::RST ? "R" : "";
        text += flags & TcpHeader::ACK ? "A" : "";
    }
    return text;
}

/** @param t the test case */
void
CheckTcpEnd(FunctionTestCase& t)
{
    for (const bool isLate : {false, true})
    {
        TrafficManagerNetwork network;
        // With 6 s to and fro, a SYN-ACK comes after the timeout of 5 s; it was repeated twice.
        auto web = network.AddServer(isLate ? 2995 : 10);
        network.AddPlaces(1);
        auto profile = MakeProfile(TrafficRoutingMethod::Priority, {network.EndpointOf(web)});
        profile.monitorConfig.protocol = ProbeProtocol::Tcp;
        profile.monitorConfig.path.clear();
        profile.monitorConfig.timeout = Seconds(5);
        network.Install({profile});
        std::vector<std::pair<bool, TcpHeader>> segments;
        const auto record = [&segments](bool isIn) {
            return Callback<void, Ptr<const Packet>>([&segments, isIn](Ptr<const Packet> packet) {
                auto copy = packet->Copy();
                PppHeader ppp;
                Ipv4Header ip;
                TcpHeader tcp;
                copy->RemoveHeader(ppp);
                copy->RemoveHeader(ip);
                copy->RemoveHeader(tcp);
                segments.emplace_back(isIn, tcp);
            });
        };
        const auto device = network.devices.at(web->GetNode()->GetId());
        device->TraceConnectWithoutContext("MacRx", record(true));
        device->TraceConnectWithoutContext("MacTx", record(false));
        network.RunTo(29.999);
        // The first probe alone: at most one in 30 s.
        network.RunTo(network.probes.at(0).probe.start.GetSeconds() + 29);
        t.Equal(Wire(segments),
                isLate ? ">S <SA <SA <SA >R >R >R" : ">S <SA >A >FA <FA <A >A",
                isLate ? "a reset for each late answer" : "four-way close");
        t.Check(network.probes.at(0).probe.outcome ==
                    (isLate ? ProbeOutcome::Timeout : ProbeOutcome::Success),
                "outcome");
    }
}

/** @param t the test case */
void
CheckNames(FunctionTestCase& t)
{
    TrafficManagerNetwork network;
    auto first = network.AddServer(3);
    auto second = network.AddServer(4);
    const auto add = [&](const std::string& name, Ptr<HttpServer> web) {
        network.Must(
            network.contoso->Add(DnsRecord::A(name, 20, network.AddressOf(web->GetNode()))));
    };
    add("web.contoso.com", first);
    network.AddPlaces(1);
    auto profile =
        MakeProfile(TrafficRoutingMethod::Priority, {MakeEndpoint("web"), MakeEndpoint("gone")});
    profile.monitorConfig.interval = Seconds(10);
    profile.monitorConfig.toleratedNumberOfFailures = 1;
    network.Install({profile});
    Simulator::Schedule(Seconds(60), [&]() {
        network.contoso->Remove("web.contoso.com", DnsType::A);
        add("web.contoso.com", second);
    });
    Simulator::Schedule(Seconds(120),
                        [&]() { network.contoso->Remove("web.contoso.com", DnsType::A); });
    // Nobody answers queries any more.
    Simulator::Schedule(Seconds(500), [&]() {
        add("web.contoso.com", second);
        network.resolverNode->GetObject<Ipv4>()->SetDown(1);
    });
    network.RunTo(600);
    std::string targets;
    std::string gone;
    for (const auto& record : network.probes)
    {
        const auto& probe = record.probe;
        std::ostringstream text;
        text << probe.target << " " << ToString(probe.outcome);
        if (record.endpoint == "gone")
        {
            gone = text.str();
            continue;
        }
        if (targets.find(text.str()) == std::string::npos)
        {
            targets += text.str() + "; ";
        }
        t.Check(probe.end - probe.start <= Seconds(9), "the timeout covers the look-up");
    }
    t.Equal(targets,
            "20.0.5.2 success; 20.0.6.2 success; 0.0.0.0 timeout; ",
            "it follows its name, as caches allow");
    t.Equal(gone, "0.0.0.0 timeout", "a name that does not exist");
    const auto down = network.FindStatus(EndpointMonitorStatus::Degraded, 100);
    t.Check(down >= 130 && down <= 120 + 20 + 20 + 1, "without a name it is down");
}

/** @param t the test case */
void
CheckResolveFunction(FunctionTestCase& t)
{
    auto profile =
        MakeProfile(TrafficRoutingMethod::Priority, {MakeEndpoint("web"), MakeEndpoint("gone")});
    profile.monitorConfig.interval = Seconds(10);
    profile.monitorConfig.toleratedNumberOfFailures = 1;
    TrafficManagerNetwork other;
    auto web = other.AddServer(3);
    other.AddPlaces(1);
    other.helper.SetResolve([&](const std::string& name) {
        return name == "web.contoso.com" ? other.AddressOf(web->GetNode()) : Ipv4Address::GetAny();
    });
    other.Install({profile});
    other.RunTo(60);
    t.Equal(std::string(ToString(other.manager->GetEngine().GetStates().GetStatus({0, 0}))),
            "Online",
            "found");
    t.Equal(std::string(ToString(other.manager->GetEngine().GetStates().GetStatus({0, 1}))),
            "Degraded",
            "not found");
}

/** @param t the test case */
void
CheckUnprobed(FunctionTestCase& t)
{
    TrafficManagerNetwork network;
    network.helper.SetAttribute("ProfileChangeDelay", TimeValue(Seconds(0)));
    auto web = network.AddServer(3);
    network.AddPlaces(1);
    auto endpoint = [&](const char* name) {
        auto result = network.EndpointOf(web);
        result.name = name;
        return result;
    };
    auto always = MakeEndpoint("always", "192.0.2.1");
    always.alwaysServe = true;
    auto disabled = MakeEndpoint("disabled", "192.0.2.2");
    disabled.endpointStatus = false;
    auto parent =
        MakeProfile(TrafficRoutingMethod::Priority,
                    {MakeNested("child"), always, disabled, MakeEndpoint("v6", "2001:db8::1")});
    parent.endpoints.pop_back();
    auto child = MakeProfile(TrafficRoutingMethod::Priority, {endpoint("web")}, "child");
    network.Install({parent, child});
    network.RunTo(61);
    std::set<std::string> probed;
    for (const auto& record : network.probes)
    {
        probed.insert(record.profile + "/" + record.endpoint);
    }
    t.Check(probed == std::set<std::string>{"child/web"},
            "neither nested, nor always, nor disabled");
    // Disabled while it is probed: nothing more comes.
    network.Must(network.manager->SetProfileStatus("child", false));
    network.RunTo(62);
    const auto before = network.probes.size();
    network.RunTo(200);
    t.Equal(network.probes.size(), before, "nothing of a disabled profile");
    network.Must(network.manager->SetProfileStatus("child", true));
    network.Must(network.manager->SetEndpointStatus("shop", "disabled", true));
    network.RunTo(201);
    t.Equal(network.manager->GetMonitor(0)->GetN(), 2, "probed again");
    network.RunTo(300);
    t.Check(network.probes.size() > before + 4, "both");
    network.Must(network.manager->SetStopped("shop", "disabled", true));
    network.RunTo(301);
    t.Equal(network.manager->GetMonitor(0)->GetN(), 1, "not while it is stopped");
}

} // namespace

/** Probes of Traffic Manager in a simulated network. */
class TrafficManagerProbesTestSuite : public TestSuite
{
  public:
    TrafficManagerProbesTestSuite()
        : TestSuite("azure-traffic-manager-probes", Type::SYSTEM)
    {
        const auto add = [this](const char* name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("HP-40 which answers pass, over HTTP and TCP", CheckAnswers);
        add("HP-40 over HTTPS no certificate is validated", CheckHttps);
        add("HP-41 interval, timeout and tolerated failures on the wire", CheckTiming);
        add("HP-42 Host and headers on the wire", CheckHeaders);
        add("HP-43 TM-38 firewalls between some places and the endpoint", CheckPlaces);
        add("HP-48 FIN after success, RST after a late answer", CheckTcpEnd);
        add("HP-49 sources pass a firewall that allows the tag alone", CheckSources);
        add("each place has an address of the tag to itself", CheckSourceChoice);
        add("targets by name are resolved for each probe", CheckNames);
        add("targets by name are resolved by a function", CheckResolveFunction);
        add("TM-26 TM-27 TM-32 what is not probed", CheckUnprobed);
    }
};

/// The instance that registers the suite.
static TrafficManagerProbesTestSuite g_trafficManagerProbesTestSuite;
