/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-ipv4-nat-flow-probe.h"

#include "ns3/config.h"
#include "ns3/flow-monitor.h"
#include "ns3/ipv4-flow-probe.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/packet.h"
#include "ns3/tag.h"

#include <string>

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureIpv4NatFlowProbe");
NS_OBJECT_ENSURE_REGISTERED(Ipv4NatFlowProbe);

/**
 * @ingroup azure-load-balancing
 * @brief What a packet carries so that later probes know it again.
 */
class Ipv4NatFlowProbeTag : public Tag
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("ns3::azure::Ipv4NatFlowProbeTag")
                                .SetParent<Tag>()
                                .SetGroupName("AzureLoadBalancing")
                                .AddConstructor<Ipv4NatFlowProbeTag>();
        return tid;
    }

    TypeId GetInstanceTypeId() const override
    {
        return GetTypeId();
    }

    uint32_t GetSerializedSize() const override
    {
        return 15;
    }

    void Serialize(TagBuffer buffer) const override
    {
        buffer.WriteU32(flowId);
        buffer.WriteU32(packetId);
        buffer.WriteU32(size);
        buffer.WriteU16(identification);
        buffer.WriteU8(protocol);
    }

    void Deserialize(TagBuffer buffer) override
    {
        flowId = buffer.ReadU32();
        packetId = buffer.ReadU32();
        size = buffer.ReadU32();
        identification = buffer.ReadU16();
        protocol = buffer.ReadU8();
    }

    void Print(std::ostream& os) const override
    {
        os << "FlowId=" << flowId << " PacketId=" << packetId << " PacketSize=" << size;
    }

    uint32_t flowId{0};         //!< number of the flow
    uint32_t packetId{0};       //!< number of the packet in its flow
    uint32_t size{0};           //!< length of the whole IP packet, in bytes
    uint16_t identification{0}; //!< identification field of the IP header
    uint8_t protocol{0};        //!< protocol field of the IP header
};

NS_OBJECT_ENSURE_REGISTERED(Ipv4NatFlowProbeTag);

namespace
{

/**
 * @param header an IP header
 * @return whether its packet is a fragment of another
 */
bool
IsFragment(const Ipv4Header& header)
{
    return !header.IsLastFragment() || header.GetFragmentOffset() != 0;
}

/**
 * @param reason why the IP layer drops a packet
 * @return the code for FlowMonitor
 */
Ipv4FlowProbe::DropReason
ToFlowProbeReason(Ipv4L3Protocol::DropReason reason)
{
    switch (reason)
    {
    case Ipv4L3Protocol::DROP_TTL_EXPIRED:
        return Ipv4FlowProbe::DROP_TTL_EXPIRE;
    case Ipv4L3Protocol::DROP_NO_ROUTE:
        return Ipv4FlowProbe::DROP_NO_ROUTE;
    case Ipv4L3Protocol::DROP_BAD_CHECKSUM:
        return Ipv4FlowProbe::DROP_BAD_CHECKSUM;
    case Ipv4L3Protocol::DROP_INTERFACE_DOWN:
        return Ipv4FlowProbe::DROP_INTERFACE_DOWN;
    case Ipv4L3Protocol::DROP_ROUTE_ERROR:
        return Ipv4FlowProbe::DROP_ROUTE_ERROR;
    case Ipv4L3Protocol::DROP_FRAGMENT_TIMEOUT:
        return Ipv4FlowProbe::DROP_FRAGMENT_TIMEOUT;
    default:
        return Ipv4FlowProbe::DROP_INVALID_REASON;
    }
}

} // namespace

TypeId
Ipv4NatFlowProbe::GetTypeId()
{
    // No constructor to add: the class has none without arguments.
    static TypeId tid = TypeId("ns3::azure::Ipv4NatFlowProbe")
                            .SetParent<FlowProbe>()
                            .SetGroupName("AzureLoadBalancing");
    return tid;
}

Ipv4NatFlowProbe::Ipv4NatFlowProbe(Ptr<FlowMonitor> monitor,
                                   Ptr<Ipv4NatFlowClassifier> classifier,
                                   Ptr<Node> node)
    : FlowProbe(monitor),
      m_tagType(Ipv4NatFlowProbeTag::GetTypeId()),
      m_classifier(classifier),
      m_ipv4(node->GetObject<Ipv4L3Protocol>())
{
    NS_LOG_FUNCTION(this << node->GetId());
    NS_ASSERT_MSG(m_ipv4, "Node " << node->GetId() << " has no IPv4 stack");

    Ptr<Ipv4NatFlowProbe> self(this);
    bool ok =
        m_ipv4->TraceConnectWithoutContext("SendOutgoing",
                                           MakeCallback(&Ipv4NatFlowProbe::SendOutgoing, self));
    ok &= m_ipv4->TraceConnectWithoutContext("UnicastForward",
                                             MakeCallback(&Ipv4NatFlowProbe::Forward, self));
    ok &= m_ipv4->TraceConnectWithoutContext("LocalDeliver",
                                             MakeCallback(&Ipv4NatFlowProbe::Deliver, self));
    ok &= m_ipv4->TraceConnectWithoutContext("Drop", MakeCallback(&Ipv4NatFlowProbe::Drop, self));
    NS_ASSERT_MSG(ok, "Ipv4L3Protocol lacks a trace source");

    // A node may well have no queue disc, or a device without such a queue.
    const std::string path = "/NodeList/" + std::to_string(node->GetId());
    Config::ConnectWithoutContextFailSafe(path +
                                              "/$ns3::TrafficControlLayer/RootQueueDiscList/*/Drop",
                                          MakeCallback(&Ipv4NatFlowProbe::QueueDiscDrop, self));
    Config::ConnectWithoutContextFailSafe(path + "/DeviceList/*/TxQueue/Drop",
                                          MakeCallback(&Ipv4NatFlowProbe::QueueDrop, self));
}

void
Ipv4NatFlowProbe::DoDispose()
{
    m_ipv4 = nullptr;
    m_classifier = nullptr;
    FlowProbe::DoDispose();
}

bool
Ipv4NatFlowProbe::FindTag(const Ipv4Header& header,
                          const Ptr<const Packet>& payload,
                          uint32_t size,
                          Ipv4NatFlowProbeTag& tag) const
{
    bool found = false;
    const bool fragment = IsFragment(header);
    // Newer tags come later.
    for (auto i = payload->GetByteTagIterator(); i.HasNext();)
    {
        auto item = i.Next();
        if (item.GetTypeId() != m_tagType)
        {
            continue;
        }
        Ipv4NatFlowProbeTag candidate;
        item.GetTag(candidate);
        if (candidate.identification == header.GetIdentification() &&
            candidate.protocol == header.GetProtocol() && (fragment || candidate.size == size))
        {
            tag = candidate;
            found = true;
        }
    }
    return found;
}

bool
Ipv4NatFlowProbe::FindTag(const Ptr<const Packet>& packet,
                          uint32_t limit,
                          Ipv4NatFlowProbeTag& tag) const
{
    bool found = false;
    bool fits = false;
    for (auto i = packet->GetByteTagIterator(); i.HasNext();)
    {
        auto item = i.Next();
        if (item.GetTypeId() != m_tagType)
        {
            continue;
        }
        Ipv4NatFlowProbeTag candidate;
        item.GetTag(candidate);
        if (candidate.size <= limit || !fits)
        {
            tag = candidate;
            found = true;
            fits = fits || candidate.size <= limit;
        }
    }
    return found;
}

void
Ipv4NatFlowProbe::SendOutgoing(const Ipv4Header& header,
                               Ptr<const Packet> payload,
                               uint32_t /* interface */)
{
    if (!m_ipv4->IsUnicast(header.GetDestination()))
    {
        return;
    }
    // Tags that are there already belong to what this packet carries, not to the packet.
    Ipv4NatFlowProbeTag tag;
    if (!m_classifier->Classify(header, payload, &tag.flowId, &tag.packetId))
    {
        return;
    }
    tag.size = payload->GetSize() + header.GetSerializedSize();
    tag.identification = header.GetIdentification();
    tag.protocol = header.GetProtocol();
    m_flowMonitor->ReportFirstTx(this, tag.flowId, tag.packetId, tag.size);
    payload->AddByteTag(tag);
}

void
Ipv4NatFlowProbe::Forward(const Ipv4Header& header,
                          Ptr<const Packet> payload,
                          uint32_t /* interface */)
{
    if (IsFragment(header))
    {
        NS_LOG_LOGIC("fragments are not counted on their way");
        return;
    }
    const uint32_t size = payload->GetSize() + header.GetSerializedSize();
    Ipv4NatFlowProbeTag tag;
    if (FindTag(header, payload, size, tag))
    {
        m_flowMonitor->ReportForwarding(this, tag.flowId, tag.packetId, size);
    }
}

void
Ipv4NatFlowProbe::Deliver(const Ipv4Header& header,
                          Ptr<const Packet> payload,
                          uint32_t /* interface */)
{
    const uint32_t size = payload->GetSize() + header.GetSerializedSize();
    Ipv4NatFlowProbeTag tag;
    if (FindTag(header, payload, size, tag))
    {
        m_classifier->NotifyEnd(tag.flowId, header, payload);
        m_flowMonitor->ReportLastRx(this, tag.flowId, tag.packetId, size);
    }
}

void
Ipv4NatFlowProbe::Drop(const Ipv4Header& header,
                       Ptr<const Packet> payload,
                       Ipv4L3Protocol::DropReason reason,
                       Ptr<Ipv4> /* ipv4 */,
                       uint32_t /* interface */)
{
    const uint32_t size = payload->GetSize() + header.GetSerializedSize();
    Ipv4NatFlowProbeTag tag;
    if (FindTag(header, payload, size, tag))
    {
        if (header.GetFragmentOffset() == 0)
        {
            m_classifier->NotifyEnd(tag.flowId, header, payload);
        }
    }
    else if (!FindTag(payload, size, tag))
    {
        return;
    }
    m_flowMonitor->ReportDrop(this, tag.flowId, tag.packetId, size, ToFlowProbeReason(reason));
}

void
Ipv4NatFlowProbe::QueueDrop(Ptr<const Packet> packet)
{
    Ipv4NatFlowProbeTag tag;
    if (FindTag(packet, packet->GetSize(), tag))
    {
        m_flowMonitor->ReportDrop(this,
                                  tag.flowId,
                                  tag.packetId,
                                  tag.size,
                                  Ipv4FlowProbe::DROP_QUEUE);
    }
}

void
Ipv4NatFlowProbe::QueueDiscDrop(Ptr<const QueueDiscItem> item)
{
    Ipv4NatFlowProbeTag tag;
    if (FindTag(item->GetPacket(), item->GetSize(), tag))
    {
        m_flowMonitor->ReportDrop(this,
                                  tag.flowId,
                                  tag.packetId,
                                  tag.size,
                                  Ipv4FlowProbe::DROP_QUEUE_DISC);
    }
}

} // namespace azure
} // namespace ns3
