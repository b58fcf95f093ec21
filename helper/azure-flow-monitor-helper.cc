/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-flow-monitor-helper.h"

#include "ns3/azure-ipv4-nat-flow-probe.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv6-flow-classifier.h"
#include "ns3/ipv6-flow-probe.h"
#include "ns3/ipv6-l3-protocol.h"
#include "ns3/node.h"

namespace ns3
{
namespace azure
{

NatFlowMonitorHelper::NatFlowMonitorHelper()
{
    m_monitorFactory.SetTypeId("ns3::FlowMonitor");
}

NatFlowMonitorHelper::~NatFlowMonitorHelper()
{
    if (m_monitor)
    {
        m_monitor->Dispose();
    }
}

void
NatFlowMonitorHelper::SetMonitorAttribute(std::string name, const AttributeValue& value)
{
    m_monitorFactory.Set(name, value);
}

Ptr<FlowMonitor>
NatFlowMonitorHelper::GetMonitor()
{
    if (!m_monitor)
    {
        m_monitor = m_monitorFactory.Create<FlowMonitor>();
        m_classifier4 = Create<Ipv4NatFlowClassifier>();
        m_monitor->AddFlowClassifier(m_classifier4);
        m_classifier6 = Create<Ipv6FlowClassifier>();
        m_monitor->AddFlowClassifier(m_classifier6);
    }
    return m_monitor;
}

Ptr<Ipv4NatFlowClassifier>
NatFlowMonitorHelper::GetClassifier()
{
    GetMonitor();
    return m_classifier4;
}

Ptr<FlowClassifier>
NatFlowMonitorHelper::GetClassifier6()
{
    GetMonitor();
    return m_classifier6;
}

Ptr<FlowMonitor>
NatFlowMonitorHelper::Install(Ptr<Node> node)
{
    auto monitor = GetMonitor();
    const bool ipv4 = bool(node->GetObject<Ipv4L3Protocol>());
    const bool ipv6 = bool(node->GetObject<Ipv6L3Protocol>());
    if ((!ipv4 && !ipv6) || !m_nodes.insert(node->GetId()).second)
    {
        return monitor;
    }
    // The monitor and the trace sources keep the probes alive.
    if (ipv4)
    {
        CreateObject<Ipv4NatFlowProbe>(monitor, m_classifier4, node);
    }
    if (ipv6)
    {
        CreateObject<Ipv6FlowProbe>(monitor, m_classifier6, node);
    }
    return monitor;
}

Ptr<FlowMonitor>
NatFlowMonitorHelper::Install(NodeContainer nodes)
{
    for (auto node = nodes.Begin(); node != nodes.End(); ++node)
    {
        Install(*node);
    }
    return GetMonitor();
}

Ptr<FlowMonitor>
NatFlowMonitorHelper::InstallAll()
{
    return Install(NodeContainer::GetGlobal());
}

void
NatFlowMonitorHelper::SerializeToXmlStream(std::ostream& os,
                                           uint16_t indent,
                                           bool enableHistograms,
                                           bool enableProbes)
{
    GetMonitor()->SerializeToXmlStream(os, indent, enableHistograms, enableProbes);
}

std::string
NatFlowMonitorHelper::SerializeToXmlString(uint16_t indent,
                                           bool enableHistograms,
                                           bool enableProbes)
{
    return GetMonitor()->SerializeToXmlString(indent, enableHistograms, enableProbes);
}

void
NatFlowMonitorHelper::SerializeToXmlFile(std::string fileName,
                                         bool enableHistograms,
                                         bool enableProbes)
{
    GetMonitor()->SerializeToXmlFile(fileName, enableHistograms, enableProbes);
}

} // namespace azure
} // namespace ns3
