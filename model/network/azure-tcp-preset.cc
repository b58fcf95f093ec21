/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-tcp-preset.h"

#include "ns3/boolean.h"
#include "ns3/config.h"
#include "ns3/double.h"
#include "ns3/rtt-estimator.h"
#include "ns3/tcp-congestion-ops.h"
#include "ns3/tcp-l4-protocol.h"
#include "ns3/tcp-recovery-ops.h"
#include "ns3/type-id.h"
#include "ns3/uinteger.h"

#include <functional>

namespace ns3
{
namespace azure
{

NS_OBJECT_ENSURE_REGISTERED(TcpPresetSocketFactory);

namespace
{

/** Class and name of an attribute, and its value. */
using SetAttributeFunction =
    std::function<void(const char*, const char*, const AttributeValue& value)>;

/**
 * @brief Hand every setting that is given to a function.
 * @param preset the settings
 * @param set takes the class that has the attribute, its name and its value
 */
void
ForEachSetting(const TcpPreset& preset, const SetAttributeFunction& set)
{
    const char* socket = "ns3::TcpSocket";
    const char* base = "ns3::TcpSocketBase";
    auto number = [&](const char* type, const char* name, const std::optional<uint32_t>& value) {
        if (value)
        {
            set(type, name, UintegerValue(*value));
        }
    };
    auto time = [&](const char* type, const char* name, const std::optional<Time>& value) {
        if (value)
        {
            set(type, name, TimeValue(*value));
        }
    };
    auto flag = [&](const char* type, const char* name, const std::optional<bool>& value) {
        if (value)
        {
            set(type, name, BooleanValue(*value));
        }
    };
    number(socket, "SegmentSize", preset.segmentSize);
    number(socket, "InitialCwnd", preset.initialWindow);
    number(socket, "SndBufSize", preset.sendBuffer);
    number(socket, "RcvBufSize", preset.receiveBuffer);
    time(socket, "ConnTimeout", preset.connectTimeout);
    number(socket, "ConnCount", preset.synAttempts);
    number(socket, "DataRetries", preset.dataRetries);
    time(base, "MinRto", preset.minRto);
    time(socket, "DelAckTimeout", preset.delayedAck);
    number(socket, "DelAckCount", preset.delayedAckSegments);
    if (preset.maxSegmentLifetime)
    {
        set(base, "MaxSegLifetime", DoubleValue(preset.maxSegmentLifetime->GetSeconds()));
    }
    flag(base, "Sack", preset.sack);
    flag(base, "Timestamp", preset.timestamps);
    flag(base, "WindowScaling", preset.windowScaling);
    flag(socket, "TcpNoDelay", preset.noDelay);
}

} // namespace

TcpPreset
TcpPreset::Linux()
{
    return LinuxForMtu(1500);
}

TcpPreset
TcpPreset::LinuxForMtu(uint32_t mtu)
{
    TcpPreset preset;
    preset.segmentSize = mtu - 20 - 20 - 12;
    preset.initialWindow = 10;
    preset.sendBuffer = 4 * 1024 * 1024;
    preset.receiveBuffer = 3 * 1024 * 1024;
    preset.connectTimeout = Seconds(1);
    preset.synAttempts = 7;
    preset.dataRetries = 15;
    preset.minRto = MilliSeconds(200);
    preset.delayedAck = MilliSeconds(40);
    preset.delayedAckSegments = 2;
    preset.maxSegmentLifetime = Seconds(30);
    preset.sack = true;
    preset.timestamps = true;
    preset.windowScaling = true;
    preset.noDelay = true;
    return preset;
}

void
TcpPreset::Apply(Ptr<Socket> socket) const
{
    ForEachSetting(*this, [&](const char*, const char* name, const AttributeValue& value) {
        socket->SetAttribute(name, value);
    });
}

void
TcpPreset::SetGlobalDefaults() const
{
    ForEachSetting(*this, [](const char* type, const char* name, const AttributeValue& value) {
        Config::SetDefault(std::string(type) + "::" + name, value);
    });
}

TypeId
TcpPresetSocketFactory::GetTypeId()
{
    // Not a TcpSocketFactory: a node would then have two of that type.
    static TypeId tid = TypeId("ns3::azure::TcpPresetSocketFactory")
                            .SetParent<SocketFactory>()
                            .SetGroupName("Azure")
                            .AddConstructor<TcpPresetSocketFactory>();
    return tid;
}

Ptr<TcpPresetSocketFactory>
TcpPresetSocketFactory::Install(Ptr<Node> node, const TcpPreset& preset)
{
    auto factory = node->GetObject<TcpPresetSocketFactory>();
    if (!factory)
    {
        factory = CreateObject<TcpPresetSocketFactory>();
        node->AggregateObject(factory);
    }
    factory->m_preset = preset;
    return factory;
}

Ptr<AbortableTcpSocket>
TcpPresetSocketFactory::CreateOn(Ptr<Node> node)
{
    auto factory = node->GetObject<TcpPresetSocketFactory>();
    if (!factory)
    {
        factory = Install(node, TcpPreset());
    }
    return DynamicCast<AbortableTcpSocket>(factory->CreateSocket());
}

const TcpPreset&
TcpPresetSocketFactory::GetPreset() const
{
    return m_preset;
}

Ptr<Socket>
TcpPresetSocketFactory::CreateSocket()
{
    auto tcp = GetObject<TcpL4Protocol>();
    NS_ABORT_MSG_UNLESS(tcp, "the node has no TCP: install an InternetStackHelper on it first");
    auto create = [&](const char* attribute) {
        TypeIdValue type;
        tcp->GetAttribute(attribute, type);
        ObjectFactory factory;
        factory.SetTypeId(type.Get());
        return factory.Create();
    };
    // As TcpL4Protocol::CreateSocket, which cannot make sockets of another class.
    auto socket = CreateObject<AbortableTcpSocket>();
    socket->SetNode(GetObject<Node>());
    socket->SetTcp(tcp);
    socket->SetRtt(DynamicCast<RttEstimator>(create("RttEstimatorType")));
    socket->SetCongestionControlAlgorithm(DynamicCast<TcpCongestionOps>(create("SocketType")));
    socket->SetRecoveryAlgorithm(DynamicCast<TcpRecoveryOps>(create("RecoveryType")));
    m_preset.Apply(socket);
    return socket;
}

} // namespace azure
} // namespace ns3
