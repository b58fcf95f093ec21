/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-load-balancer-engine.h"

namespace ns3
{
namespace azure
{

struct LoadBalancerEngine::Impl
{
    LoadBalancerConfiguration configuration; //!< as it is now
    LoadBalancerStatistics statistics;       //!< counters
};

LoadBalancerEngine::LoadBalancerEngine(const LoadBalancerConfiguration& configuration,
                                       const LoadBalancerEngineSettings& /* settings */)
    : m_impl(std::make_unique<Impl>())
{
    m_impl->configuration = configuration;
}

LoadBalancerEngine::~LoadBalancerEngine() = default;

bool
LoadBalancerEngine::IsFrontend(const IpAddress& /* address */) const
{
    return false;
}

bool
LoadBalancerEngine::IsBackend(const IpAddress& /* address */) const
{
    return false;
}

Verdict
LoadBalancerEngine::Forward(const PacketView& /* packet */, Time /* now */)
{
    return {};
}

Verdict
LoadBalancerEngine::Return(const PacketView& /* packet */, Time /* now */)
{
    return {};
}

Verdict
LoadBalancerEngine::Explain(const PacketView& /* packet */, Time /* now */) const
{
    return {};
}

IcmpErrorVerdict
LoadBalancerEngine::TranslateIcmpError(const IpAddress& /* source */,
                                       const IpAddress& /* destination */,
                                       const PacketView& /* quoted */,
                                       Time /* now */)
{
    return {};
}

PingAnswer
LoadBalancerEngine::AnswerPing(const IpAddress& /* destination */,
                               uint32_t /* icmpBytes */,
                               bool /* fragment */)
{
    return PingAnswer::NotOurs;
}

Time
LoadBalancerEngine::GetNextResetDeadline() const
{
    return Time::Max();
}

std::vector<ResetSegment>
LoadBalancerEngine::TakeDueResets(Time /* now */)
{
    return {};
}

PoolChange
LoadBalancerEngine::SetProbeStatus(uint32_t /* probe */,
                                   const IpAddress& /* backend */,
                                   bool /* up */)
{
    return {};
}

PoolChange
LoadBalancerEngine::SetAdminState(uint32_t /* pool */,
                                  const IpAddress& /* backend */,
                                  AdminState /* state */)
{
    return {};
}

PoolChange
LoadBalancerEngine::SetRunning(const IpAddress& /* backend */, bool /* running */)
{
    return {};
}

PoolChange
LoadBalancerEngine::AddMember(uint32_t /* pool */, const LoadBalancerBackendAddress& /* member */)
{
    return {};
}

PoolChange
LoadBalancerEngine::RemoveMember(uint32_t /* pool */, const IpAddress& /* backend */)
{
    return {};
}

void
LoadBalancerEngine::SetLoadDistribution(uint32_t /* rule */, LoadDistribution /* distribution */)
{
}

const LoadBalancerConfiguration&
LoadBalancerEngine::GetConfiguration() const
{
    return m_impl->configuration;
}

std::optional<uint32_t>
LoadBalancerEngine::FindProbe(const std::string& /* name */) const
{
    return std::nullopt;
}

std::optional<uint32_t>
LoadBalancerEngine::FindPool(const std::string& /* name */) const
{
    return std::nullopt;
}

std::optional<uint32_t>
LoadBalancerEngine::FindRule(const std::string& /* name */) const
{
    return std::nullopt;
}

uint32_t
LoadBalancerEngine::GetNRules() const
{
    return 0;
}

std::string
LoadBalancerEngine::GetRuleName(uint32_t /* rule */) const
{
    return {};
}

bool
LoadBalancerEngine::IsNatRule(uint32_t /* rule */) const
{
    return false;
}

std::vector<IpAddress>
LoadBalancerEngine::GetEligible(uint32_t /* rule */) const
{
    return {};
}

std::vector<NatMapping>
LoadBalancerEngine::GetNatMappings() const
{
    return {};
}

const LoadBalancerStatistics&
LoadBalancerEngine::GetStatistics() const
{
    return m_impl->statistics;
}

uint32_t
LoadBalancerEngine::GetActiveFlows() const
{
    return 0;
}

void
LoadBalancerEngine::Sweep(Time /* now */)
{
}

void
LoadBalancerEngine::SetFlowListener(FlowListener* /* listener */)
{
}

} // namespace azure
} // namespace ns3
