/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-gateway-scale.h"

#include "azure-application-gateway-configuration.h"

#include "ns3/assert.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace azure
{

GatewayScale::GatewayScale(const ApplicationGatewayConfiguration& configuration,
                           Time scaleOutDelay,
                           Time scaleInDelay)
    : m_scaleOutDelay(scaleOutDelay),
      m_scaleInDelay(scaleInDelay),
      m_instances(configuration.GetInitialInstances())
{
    SetBounds(configuration);
}

void
GatewayScale::SetBounds(const ApplicationGatewayConfiguration& configuration)
{
    m_least = configuration.GetInitialInstances();
    m_most = configuration.GetMostInstances();
    m_instances = std::clamp(m_instances, m_least, m_most);
    for (auto& [when, instances] : m_orders)
    {
        instances = std::clamp(instances, m_least, m_most);
    }
    m_tlsPerUnit = 50;
    m_requestsPerUnit = 0;
    if (configuration.sku.tier == ApplicationGatewayTier::Basic)
    {
        m_tlsPerUnit = 10;
    }
    if (configuration.sku.tier == ApplicationGatewayTier::WafV2)
    {
        m_requestsPerUnit = 10;
    }
}

double
GatewayScale::GetComputeUnits(double tlsConnections, double requests) const
{
    return tlsConnections / m_tlsPerUnit +
           (m_requestsPerUnit > 0 ? requests / m_requestsPerUnit : 0);
}

double
GatewayScale::GetCapacityUnits(const GatewayLoad& load)
{
    return std::max({load.connections / CONNECTIONS_PER_UNIT,
                     load.bitsPerSecond / BITS_PER_SECOND_PER_UNIT,
                     load.computeUnits});
}

uint32_t
GatewayScale::GetWanted(const GatewayLoad& load) const
{
    const double wanted = std::ceil(GetCapacityUnits(load) / UNITS_PER_INSTANCE);
    return static_cast<uint32_t>(std::clamp<double>(wanted, m_least, m_most));
}

uint32_t
GatewayScale::Update(const GatewayLoad& load, Time now)
{
    const auto wanted = GetWanted(load);
    if (wanted > (m_orders.empty() ? m_instances : m_orders.back().second))
    {
        m_orders.emplace_back(now + m_scaleOutDelay, wanted);
    }
    Advance(now);
    if (wanted >= m_instances || !m_orders.empty())
    {
        m_fewerSince.reset();
        return m_instances;
    }
    m_enough = m_fewerSince ? std::max(m_enough, wanted) : wanted;
    m_fewerSince = m_fewerSince.value_or(now);
    NS_ASSERT_MSG(*m_fewerSince <= now, "time runs forward");
    if (now - *m_fewerSince >= m_scaleInDelay)
    {
        m_instances = m_enough;
        m_fewerSince.reset();
    }
    return m_instances;
}

uint32_t
GatewayScale::Advance(Time now)
{
    while (!m_orders.empty() && m_orders.front().first <= now)
    {
        m_instances = m_orders.front().second;
        m_orders.pop_front();
    }
    return m_instances;
}

std::optional<Time>
GatewayScale::GetNextArrival() const
{
    return m_orders.empty() ? std::nullopt : std::optional<Time>(m_orders.front().first);
}

uint32_t
GatewayScale::GetInstances() const
{
    return m_instances;
}

uint32_t
GatewayScale::GetLeast() const
{
    return m_least;
}

uint32_t
GatewayScale::GetMost() const
{
    return m_most;
}

} // namespace azure
} // namespace ns3
