/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-failover-theory.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @brief phi + a fixed part.
 * @param settings the probe
 * @param fixed what comes after phi
 * @param exchange slack of the upper bound
 * @param form the closed form
 * @return the interval
 */
FailoverInterval
FromPhase(const ProbeSettings& settings, Time fixed, Time exchange, const std::string& form)
{
    FailoverInterval interval;
    interval.lower = fixed;
    interval.upper = settings.interval + fixed + exchange;
    interval.form = form;
    return interval;
}

/**
 * @param fault a kind of fault
 * @return whether probes end by time-out
 */
bool
IsSilence(FaultSymptom fault)
{
    return fault == FaultSymptom::Silent || fault == FaultSymptom::Slow;
}

} // namespace

bool
FailoverInterval::Contains(Time measured) const
{
    return exists && measured >= lower && measured <= upper;
}

FailoverInterval
FailoverTheory::Detection(const ProbeSettings& settings,
                          FaultSymptom fault,
                          Time reactionDelay,
                          Time exchange)
{
    if (fault == FaultSymptom::Unseen)
    {
        return {false, Time(0), Time(0), "HP-10: not seen by the probe"};
    }
    const bool silent = IsSilence(fault);
    const int64_t k =
        std::max<uint32_t>(1, silent ? settings.thresholds.timeouts : settings.thresholds.failures);
    if (!silent)
    {
        return FromPhase(settings,
                         settings.interval * (k - 1) + reactionDelay,
                         exchange,
                         k == 1 ? "HP-13: phi" : "HP-13: phi + (N-1)*I");
    }
    const bool whole = settings.timeout == settings.interval;
    const Time between = settings.reprobeAfterTimeout ? settings.timeout : settings.interval;
    return FromPhase(settings,
                     between * (k - 1) + settings.timeout + reactionDelay,
                     Time(0),
                     whole ? "HP-13: phi + N*I" : "HP-6, HP-13: phi + (N-1)*I + T");
}

FailoverInterval
FailoverTheory::FirstFailure(const ProbeSettings& settings, FaultSymptom fault, Time exchange)
{
    if (fault == FaultSymptom::Unseen)
    {
        return {false, Time(0), Time(0), "HP-10: not seen by the probe"};
    }
    if (IsSilence(fault))
    {
        return FromPhase(settings, settings.timeout, Time(0), "HP-6: phi + T");
    }
    return FromPhase(settings, Time(0), exchange, "HP-13: phi");
}

FailoverInterval
FailoverTheory::Recovery(const ProbeSettings& settings, Time reactionDelay, Time exchange)
{
    const int64_t k = std::max<uint32_t>(1, settings.thresholds.successes);
    return FromPhase(settings,
                     settings.interval * (k - 1) + reactionDelay,
                     exchange,
                     k == 1 ? "HP-13: phi" : "HP-13: phi + (N-1)*I");
}

} // namespace azure
} // namespace ns3
