/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_SCENARIO_SUMMARY_PARTS_H
#define AZURE_SCENARIO_SUMMARY_PARTS_H

#include "azure-scenario-plan.h"
#include "azure-scenario-traffic-manager-observer.h"

#include "ns3/azure-failover-timeline.h"
#include "ns3/azure-request-log.h"

#include <nlohmann/json.hpp>
#include <optional>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Parts of a summary; MakeSummary() for everybody else.
 */
struct SummaryParts
{
    using Json = nlohmann::ordered_json; //!< members stay in their order

    /**
     * @param time a time, or nothing
     * @return seconds, or null
     */
    static Json ToSeconds(const std::optional<Time>& time);

    /**
     * @param percentiles times
     * @return the same
     */
    static Json ShowPercentiles(const RequestLog::Percentiles& percentiles);

    /**
     * @param timeline what a fault did
     * @return its steps
     */
    static Json ShowMilestones(const FailoverTimeline& timeline);

    /**
     * @param fault a fault
     * @return the same
     */
    static Json ShowFault(const InjectedFault& fault);

    /**
     * @param departure what a fault did to an endpoint of a profile
     * @param plan what was run
     * @return the same as of other services, and why clients left when they did
     */
    static Json ShowDeparture(const ObservedDeparture& departure, const ScenarioPlan& plan);

    /**
     * @param plan what was run
     * @param observer what was seen
     * @return what became of each profile and its endpoints
     */
    static Json ShowTrafficManagers(const ScenarioPlan& plan,
                                    const TrafficManagerObserver& observer);
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_SCENARIO_SUMMARY_PARTS_H */
