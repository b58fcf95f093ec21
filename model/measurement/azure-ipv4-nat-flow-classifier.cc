/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-ipv4-nat-flow-classifier.h"

#include "ns3/log.h"
#include "ns3/packet.h"

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureIpv4NatFlowClassifier");

Ipv4NatFlowClassifier::Key
Ipv4NatFlowClassifier::ReadKey(const Ipv4Header& header, const Ptr<const Packet>& payload)
{
    uint8_t ports[4];
    payload->CopyData(ports, 4);
    Key key;
    key.addresses = uint64_t{header.GetSource().Get()} << 32 | header.GetDestination().Get();
    key.ports = uint32_t{ports[0]} << 24 | uint32_t{ports[1]} << 16 | uint32_t{ports[2]} << 8 |
                uint32_t{ports[3]};
    return key;
}

Ipv4FlowClassifier::FiveTuple
Ipv4NatFlowClassifier::ToTuple(const Key& key, uint8_t protocol)
{
    FiveTuple tuple;
    tuple.sourceAddress = Ipv4Address(static_cast<uint32_t>(key.addresses >> 32));
    tuple.destinationAddress = Ipv4Address(static_cast<uint32_t>(key.addresses));
    tuple.protocol = protocol;
    tuple.sourcePort = static_cast<uint16_t>(key.ports >> 16);
    tuple.destinationPort = static_cast<uint16_t>(key.ports);
    return tuple;
}

bool
Ipv4NatFlowClassifier::Classify(const Ipv4Header& header,
                                Ptr<const Packet> payload,
                                FlowId* flowId,
                                FlowPacketId* packetId)
{
    if (!Ipv4FlowClassifier::Classify(header, payload, flowId, packetId))
    {
        return false;
    }
    if (*flowId > m_flows.size())
    {
        m_flows.resize(*flowId);
        Flow& flow = m_flows.back();
        flow.before = ReadKey(header, payload);
        flow.protocol = header.GetProtocol();
    }
    return true;
}

void
Ipv4NatFlowClassifier::NotifyEnd(FlowId flowId, const Ipv4Header& header, Ptr<const Packet> payload)
{
    NS_ASSERT_MSG(flowId > 0 && flowId <= m_flows.size(), "No flow has the number " << flowId);
    if (payload->GetSize() < 4)
    {
        return;
    }
    Flow& flow = m_flows[flowId - 1];
    const Key after = ReadKey(header, payload);
    if (after == flow.before)
    {
        return;
    }
    if (flow.last >= flow.pairs.size() || !(flow.pairs[flow.last].after == after))
    {
        flow.last = 0;
        while (flow.last < flow.pairs.size() && !(flow.pairs[flow.last].after == after))
        {
            flow.last++;
        }
        if (flow.last == flow.pairs.size())
        {
            NS_LOG_LOGIC("flow " << flowId << " is translated anew");
            flow.pairs.push_back(Pair{after, 0});
        }
    }
    flow.pairs[flow.last].packets++;
}

std::vector<Ipv4NatFlowClassifier::Translation>
Ipv4NatFlowClassifier::GetTranslations(FlowId flowId) const
{
    std::vector<Translation> translations;
    if (flowId == 0 || flowId > m_flows.size())
    {
        return translations;
    }
    const Flow& flow = m_flows[flowId - 1];
    for (const auto& pair : flow.pairs)
    {
        translations.push_back(Translation{ToTuple(flow.before, flow.protocol),
                                           ToTuple(pair.after, flow.protocol),
                                           pair.packets});
    }
    return translations;
}

void
Ipv4NatFlowClassifier::SerializeToXmlStream(std::ostream& os, uint16_t indent) const
{
    Ipv4FlowClassifier::SerializeToXmlStream(os, indent);

    Indent(os, indent);
    os << "<Ipv4FlowTranslations>\n";
    for (FlowId flowId = 1; flowId <= m_flows.size(); flowId++)
    {
        for (const auto& t : GetTranslations(flowId))
        {
            Indent(os, indent + 2);
            os << "<Translation flowId=\"" << flowId << "\""
               << " protocolIdentifier=\"" << +t.before.protocol << "\""
               << " sourceIPv4Address=\"" << t.before.sourceAddress << "\""
               << " destinationIPv4Address=\"" << t.before.destinationAddress << "\""
               << " sourceTransportPort=\"" << t.before.sourcePort << "\""
               << " destinationTransportPort=\"" << t.before.destinationPort << "\""
               << " postNATSourceIPv4Address=\"" << t.after.sourceAddress << "\""
               << " postNATDestinationIPv4Address=\"" << t.after.destinationAddress << "\""
               << " postNAPTSourceTransportPort=\"" << t.after.sourcePort << "\""
               << " postNAPTDestinationTransportPort=\"" << t.after.destinationPort << "\""
               << " packetTotalCount=\"" << t.packets << "\" />\n";
        }
    }
    Indent(os, indent);
    os << "</Ipv4FlowTranslations>\n";
}

} // namespace azure
} // namespace ns3
