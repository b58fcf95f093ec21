/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_ENDPOINT_MONITOR_VERDICT_H
#define AZURE_ENDPOINT_MONITOR_VERDICT_H

#include "azure-endpoint-monitor-status.h"
#include "azure-traffic-manager-configuration.h"

#include "ns3/azure-probe-settings.h"
#include "ns3/azure-probe-verdict.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Decides from the results of probes at several places whether an endpoint is up (HP-41,
 *        HP-43).
 *
 * Pure: it knows neither sockets nor a clock. Each place counts its own consecutive failures; it
 * says down when they exceed the tolerated number, and up at its first success (TM-31). The
 * endpoint is down while more than half of the places say so, that is while the metric of HP-43
 * is below 0.5; otherwise up, as soon as one place says so.
 */
class EndpointMonitorVerdict
{
  public:
    /**
     * @param places how many places probe; 0 counts as 1
     * @param toleratedNumberOfFailures failures in a row that change nothing, 0 to 9
     */
    EndpointMonitorVerdict(uint32_t places, uint32_t toleratedNumberOfFailures);

    /**
     * @brief Take the result of one probe.
     * @param place index of the place
     * @param outcome how the exchange ended
     * @return whether the verdict changed
     */
    bool Update(uint32_t place, ProbeOutcome outcome);

    /**
     * @brief Forget everything.
     */
    void Reset();

    /**
     * @return the verdict
     */
    EndpointHealth GetHealth() const;

    /**
     * @return the share of places that say up, of those that say anything (TM-38); 0 when none
     *         does
     */
    double GetShareUp() const;

    /**
     * @brief How the monitors of an endpoint probe (HP-40 to HP-42).
     *
     * @param configuration a profile
     * @param endpoint one of its endpoints
     * @return the settings; Host is the target, unless a custom header names another one
     */
    static ProbeSettings MakeSettings(const TrafficManagerConfiguration& configuration,
                                      const TrafficManagerEndpoint& endpoint);

    /**
     * @param configuration a profile
     * @param endpoint one of its endpoints
     * @return the headers of its probes, without Host; the endpoint's own override those of the
     *         profile
     */
    static std::vector<TrafficManagerHeader> MakeHeaders(
        const TrafficManagerConfiguration& configuration,
        const TrafficManagerEndpoint& endpoint);

  private:
    /// What one place knows.
    struct Place
    {
        EndpointHealth health{EndpointHealth::Unknown}; //!< what it says
        uint32_t failures{0};                           //!< in a row
    };

    uint32_t m_tolerated;        //!< failures in a row that change nothing
    std::vector<Place> m_places; //!< by index
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_ENDPOINT_MONITOR_VERDICT_H */
