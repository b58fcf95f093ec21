/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-endpoint-monitor.h"

#include "ns3/abort.h"
#include "ns3/azure-ip-range.h"
#include "ns3/azure-probe-source.h"
#include "ns3/azure-probe-transaction.h"
#include "ns3/azure-stub-resolver.h"
#include "ns3/log.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <algorithm>
#include <list>
#include <set>

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureEndpointMonitor");
NS_OBJECT_ENSURE_REGISTERED(EndpointMonitor);

/// An endpoint that is probed, and what is under way.
struct EndpointMonitor::Watch
{
    MonitoredEndpoint what;                //!< the endpoint
    EventId next;                          //!< its next probe
    EventId deadline;                      //!< end of the search for its address
    Ptr<StubResolver> stub;                //!< who is searching; null: nobody
    uint64_t lookup{0};                    //!< what for
    Time start;                            //!< when the probe began
    Ipv4Address address;                   //!< where it went
    std::list<Ptr<ProbeTransaction>> open; //!< exchanges that are not closed
};

TypeId
EndpointMonitor::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::azure::EndpointMonitor")
            .SetParent<Object>()
            .SetGroupName("Azure")
            .AddConstructor<EndpointMonitor>()
            .AddAttribute("Phase",
                          "Wait before the first probe of an endpoint, as a fraction of the "
                          "interval, from 0 to 1.",
                          StringValue("ns3::UniformRandomVariable[Min=0|Max=1]"),
                          MakePointerAccessor(&EndpointMonitor::m_phase),
                          MakePointerChecker<RandomVariableStream>())
            .AddTraceSource("ProbeSent",
                            "A probe was sent.",
                            MakeTraceSourceAccessor(&EndpointMonitor::m_sentTrace),
                            "ns3::azure::EndpointMonitor::ProbeCallback")
            .AddTraceSource("ProbeResult",
                            "A probe ended.",
                            MakeTraceSourceAccessor(&EndpointMonitor::m_resultTrace),
                            "ns3::azure::EndpointMonitor::ProbeCallback");
    return tid;
}

EndpointMonitor::EndpointMonitor()
    : m_tlsRandom(CreateObject<UniformRandomVariable>())
{
}

EndpointMonitor::~EndpointMonitor()
{
    for (const auto& [key, watch] : m_watches)
    {
        Abort(*watch, false); // not disposed of
    }
}

void
EndpointMonitor::DoDispose()
{
    for (const auto& [key, watch] : m_watches)
    {
        Abort(*watch, false); // nothing is sent any more: the node may be gone already
    }
    m_watches.clear();
    m_result = ResultCallback();
    m_resolve = nullptr;
    m_source = nullptr;
    m_node = nullptr;
    m_phase = nullptr;
    m_tlsRandom = nullptr;
    Object::DoDispose();
}

void
EndpointMonitor::Install(Ptr<Node> node, Ipv4Address source, const std::string& place)
{
    NS_LOG_FUNCTION(this << node << source << place);
    NS_ASSERT_MSG(!m_node, "one place, once");
    m_node = node;
    m_source = ProbeSource::GetOrCreate(node, source);
    m_place = place;
}

void
EndpointMonitor::SetResolve(ResolveFunction resolve)
{
    m_resolve = std::move(resolve);
}

void
EndpointMonitor::SetResultCallback(ResultCallback callback)
{
    m_result = callback;
}

void
EndpointMonitor::Assign(const std::vector<MonitoredEndpoint>& wanted)
{
    NS_ASSERT_MSG(m_node, "Install() first");
    std::set<Key> keep;
    for (const auto& endpoint : wanted)
    {
        const Key key{endpoint.profile, endpoint.endpoint};
        const auto it = m_watches.find(key);
        if (it != m_watches.end() && it->second->what.target == endpoint.target &&
            it->second->what.settings.Equals(endpoint.settings))
        {
            keep.insert(key);
        }
    }
    for (auto it = m_watches.begin(); it != m_watches.end();)
    {
        if (keep.count(it->first) > 0)
        {
            ++it;
            continue;
        }
        Abort(*it->second, true);
        it = m_watches.erase(it);
    }
    for (const auto& endpoint : wanted)
    {
        const Key key{endpoint.profile, endpoint.endpoint};
        if (m_watches.count(key) > 0)
        {
            continue;
        }
        auto watch = std::make_unique<Watch>();
        watch->what = endpoint;
        watch->next = Simulator::Schedule(endpoint.settings.interval * m_phase->GetValue(),
                                          &EndpointMonitor::Probe,
                                          this,
                                          key);
        m_watches[key] = std::move(watch);
    }
}

void
EndpointMonitor::Abort(Watch& watch, bool isReset)
{
    watch.next.Cancel();
    watch.deadline.Cancel();
    if (watch.stub)
    {
        watch.stub->Cancel(watch.lookup);
        watch.stub = nullptr;
    }
    for (const auto& transaction : watch.open)
    {
        transaction->Abort(isReset);
    }
    watch.open.clear();
}

void
EndpointMonitor::Probe(Key key)
{
    auto& watch = *m_watches.at(key);
    watch.next =
        Simulator::Schedule(watch.what.settings.interval, &EndpointMonitor::Probe, this, key);
    if (watch.stub)
    {
        watch.deadline.Cancel(); // a timeout above the interval
        watch.stub->Cancel(watch.lookup);
    }
    watch.start = Simulator::Now();
    watch.address = Ipv4Address::GetAny();
    if (const auto address = IpRange::ParseAddress(watch.what.target))
    {
        Send(key, address->IsIpv4() ? address->ToIpv4() : Ipv4Address::GetAny());
        return;
    }
    if (m_resolve)
    {
        Send(key, m_resolve(watch.what.target));
        return;
    }
    watch.stub = m_node->GetObject<StubResolver>();
    NS_ABORT_MSG_UNLESS(watch.stub,
                        "Place " << m_place << " is to probe " << watch.what.target
                                 << " and cannot resolve names: give node " << m_node->GetId()
                                 << " a StubResolver, or the helper a function that resolves them");
    watch.deadline = Simulator::Schedule(watch.what.settings.timeout, [this, key]() {
        auto& late = *m_watches.at(key);
        late.stub->Cancel(late.lookup);
        late.stub = nullptr;
        Send(key, Ipv4Address::GetAny());
    });
    watch.lookup =
        watch.stub->Resolve(DnsName::Parse(watch.what.target).value_or(DnsName()),
                            DnsType::A,
                            StubResolver::ResultCallback([this, key](const DnsLookup& lookup) {
                                auto& found = *m_watches.at(key);
                                found.deadline.Cancel();
                                found.stub = nullptr;
                                Send(key, lookup.GetAddress());
                            }));
}

void
EndpointMonitor::Send(Key key, Ipv4Address address)
{
    m_watches.at(key)->address = address;
    m_sentTrace(MakeRecord(key));
    const auto it = m_watches.find(key);
    if (it == m_watches.end())
    {
        return; // a listener changed what is probed
    }
    auto& watch = *it->second;
    if (address == Ipv4Address::GetAny())
    {
        HandleResult(key, ProbeOutcome::Timeout, 0, "the name has no address");
        return;
    }
    auto settings = watch.what.settings;
    settings.timeout = settings.timeout - (Simulator::Now() - watch.start);
    auto transaction =
        Create<ProbeTransaction>(m_node, m_source->GetDevice(), address, settings, m_tlsRandom);
    watch.open.push_back(transaction);
    transaction->Start(
        [this, key, probe = PeekPointer(transaction)](Time, ProbeOutcome outcome, uint16_t status) {
            HandleResult(key, outcome, status, probe->GetReason());
        },
        ProbeTransaction::DoneCallback([this, key](Ptr<ProbeTransaction> done) {
            const auto it = m_watches.find(key);
            if (it != m_watches.end())
            {
                it->second->open.remove(done);
            }
        }));
}

void
EndpointMonitor::HandleResult(Key key,
                              ProbeOutcome outcome,
                              uint16_t status,
                              const std::string& reason)
{
    Ptr<EndpointMonitor> self(this); // a listener may let go of it
    auto record = MakeRecord(key);
    record.probe.end = Simulator::Now();
    record.probe.outcome = outcome;
    record.probe.status = status;
    record.probe.reason = reason;
    NS_LOG_LOGIC(record.probe.probe << ": " << ToString(outcome) << " " << status);
    m_resultTrace(record);
    if (!m_result.IsNull())
    {
        m_result(record);
    }
}

EndpointProbeRecord
EndpointMonitor::MakeRecord(const Key& key) const
{
    const auto& watch = *m_watches.at(key);
    EndpointProbeRecord record;
    record.place = m_place;
    record.profile = key.first;
    record.endpoint = key.second;
    record.probe.probe = m_place + "/" + key.first + "/" + key.second;
    record.probe.target = watch.address;
    record.probe.port = watch.what.settings.port;
    record.probe.source = m_source->GetAddress();
    record.probe.start = watch.start;
    record.probe.end = Simulator::Now();
    return record;
}

size_t
EndpointMonitor::GetN() const
{
    return m_watches.size();
}

Ptr<Node>
EndpointMonitor::GetNode() const
{
    return m_node;
}

Ipv4Address
EndpointMonitor::GetSource() const
{
    return m_source ? m_source->GetAddress() : Ipv4Address::GetAny();
}

const std::string&
EndpointMonitor::GetPlace() const
{
    return m_place;
}

int64_t
EndpointMonitor::AssignStreams(int64_t stream)
{
    m_phase->SetStream(stream);
    m_tlsRandom->SetStream(stream + 1);
    return 2;
}

} // namespace azure
} // namespace ns3
