/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_SCALE_H
#define AZURE_GATEWAY_SCALE_H

#include "ns3/nstime.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

namespace ns3
{
namespace azure
{

struct ApplicationGatewayConfiguration;

/**
 * @ingroup azure-load-balancing
 * @brief What a gateway has to carry, over all its instances.
 */
struct GatewayLoad
{
    double connections{0};   //!< persistent connections of clients
    double bitsPerSecond{0}; //!< throughput
    double computeUnits{0};  //!< see GatewayScale::GetComputeUnits()
};

/**
 * @ingroup azure-load-balancing
 * @brief How many instances a gateway has, and wants (AG-7, AG-50 to AG-52).
 *
 * Without a simulator: give it what was measured, it says how many instances take traffic from
 * then on. A fixed number stays. With autoscaling, instances that are wanted join after the
 * scale-out delay; Azure gives no time for scaling in, so fewer are only taken once the load has
 * asked for fewer all through the scale-in delay [assumption].
 */
class GatewayScale
{
  public:
    static constexpr double CONNECTIONS_PER_UNIT = 2500;       //!< of a capacity unit (AG-51)
    static constexpr double BITS_PER_SECOND_PER_UNIT = 2.22e6; //!< of a capacity unit (AG-51)
    static constexpr double UNITS_PER_INSTANCE = 10;           //!< capacity units, at least (AG-51)
    static constexpr uint32_t LEAST_INSTANCES = 2;             //!< of a v2 gateway (AG-7)

    /**
     * @param configuration a valid configuration
     * @param scaleOutDelay until an instance that is wanted takes traffic (AG-52), 0 or more
     * @param scaleInDelay how long fewer must have been enough, 0 or more
     */
    GatewayScale(const ApplicationGatewayConfiguration& configuration,
                 Time scaleOutDelay,
                 Time scaleInDelay);

    /**
     * @param tlsConnections new TLS connections a second, with RSA 2048 keys
     * @param requests requests a second, which count with a firewall alone
     * @return compute units that they take (AG-51)
     */
    double GetComputeUnits(double tlsConnections, double requests) const;

    /**
     * @param load what there is to carry
     * @return capacity units that it takes: the greatest of the three needs (AG-51)
     */
    static double GetCapacityUnits(const GatewayLoad& load);

    /**
     * @param load what there is to carry
     * @return instances that it asks for, within the bounds of the configuration
     */
    uint32_t GetWanted(const GatewayLoad& load) const;

    /**
     * @brief Take a measurement.
     *
     * @param load what there is to carry
     * @param now time of the measurement, not before that of the last one
     * @return instances that take traffic now
     */
    uint32_t Update(const GatewayLoad& load, Time now);

    /**
     * @brief Take a measurement that is not new: see what has come of earlier ones.
     *
     * @param now the present time
     * @return instances that take traffic now
     */
    uint32_t Advance(Time now);

    /**
     * @return when instances that are wanted take traffic next; none while no more are wanted
     */
    std::optional<Time> GetNextArrival() const;

    /**
     * @brief Follow a change of the configuration (AG-49): other bounds, at once.
     * @param configuration a valid configuration
     */
    void SetBounds(const ApplicationGatewayConfiguration& configuration);

    /**
     * @return instances that take traffic
     */
    uint32_t GetInstances() const;

    /**
     * @return least instances that there can be
     */
    uint32_t GetLeast() const;

    /**
     * @return most instances that there can be
     */
    uint32_t GetMost() const;

  private:
    uint32_t m_least{LEAST_INSTANCES};     //!< least instances
    uint32_t m_most{LEAST_INSTANCES};      //!< most instances
    double m_tlsPerUnit{50};               //!< new TLS connections a second of a compute unit
    double m_requestsPerUnit{0};           //!< requests a second of a compute unit; 0: free
    Time m_scaleOutDelay;                  //!< see the constructor
    Time m_scaleInDelay;                   //!< see the constructor
    uint32_t m_instances{LEAST_INSTANCES}; //!< that take traffic
    std::deque<std::pair<Time, uint32_t>> m_orders; //!< when there will be how many, in order
    std::optional<Time> m_fewerSince;               //!< since when fewer have been enough
    uint32_t m_enough{0};                           //!< most that were wanted since then
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_SCALE_H */
