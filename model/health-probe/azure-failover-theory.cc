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
 * @brief A fault that probes do not see.
 * @param settings the probe
 * @return no interval
 */
FailoverInterval
Never(const ProbeSettings& settings)
{
    return {false, Time(0), Time(0), settings.rules.unseen + ": not seen by the probe"};
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
        return Never(settings);
    }
    const bool silent = IsSilence(fault);
    const int64_t k =
        std::max<uint32_t>(1, silent ? settings.thresholds.timeouts : settings.thresholds.failures);
    const auto& rules = settings.rules;
    const Time known = silent ? settings.timeout : Time(0);
    if (settings.rhythm == ProbeRhythm::UntilDown)
    {
        const bool quick = settings.timeout <= settings.interval; // else all is as in v2
        return FromPhase(settings,
                         known + std::min(known, settings.interval) * (k - 1) + reactionDelay,
                         silent ? Time(0) : exchange * k,
                         rules.detection + (!silent ? ": phi"
                                            : quick ? ": phi + N*T"
                                                    : ": phi + (N-1)*I + T"));
    }
    if (!silent)
    {
        return FromPhase(settings,
                         settings.interval * (k - 1) + reactionDelay,
                         exchange,
                         rules.detection + (k == 1 ? ": phi" : ": phi + (N-1)*I"));
    }
    const Time between =
        settings.rhythm == ProbeRhythm::AfterTimeout ? settings.timeout : settings.interval;
    return FromPhase(settings,
                     between * (k - 1) + settings.timeout + reactionDelay,
                     Time(0),
                     settings.timeout == settings.interval
                         ? rules.detection + ": phi + N*I"
                         : rules.timeout + ", " + rules.detection + ": phi + (N-1)*I + T");
}

FailoverInterval
FailoverTheory::FirstFailure(const ProbeSettings& settings, FaultSymptom fault, Time exchange)
{
    if (fault == FaultSymptom::Unseen)
    {
        return Never(settings);
    }
    if (IsSilence(fault))
    {
        return FromPhase(settings, settings.timeout, Time(0), settings.rules.timeout + ": phi + T");
    }
    return FromPhase(settings, Time(0), exchange, settings.rules.detection + ": phi");
}

FailoverInterval
FailoverTheory::Recovery(const ProbeSettings& settings, Time reactionDelay, Time exchange)
{
    const int64_t k = std::max<uint32_t>(1, settings.thresholds.successes);
    return FromPhase(settings,
                     settings.interval * (k - 1) + reactionDelay,
                     exchange,
                     settings.rules.recovery + (k == 1 ? ": phi" : ": phi + (N-1)*I"));
}

FailoverInterval
FailoverTheory::AfterCaches(const FailoverInterval& decision, Time timeToLive)
{
    FailoverInterval interval = decision;
    if (interval.exists)
    {
        interval.upper += timeToLive;
        interval.form += ", then 0 to TTL";
    }
    return interval;
}

uint32_t
FailoverTheory::RoundTrips(const ProbeSettings& settings)
{
    switch (settings.protocol)
    {
    case ProbeProtocol::Https:
        return 3;
    case ProbeProtocol::Http:
        return 2;
    case ProbeProtocol::Tcp:
        break;
    }
    return 1;
}

Time
FailoverTheory::DocumentedBound(const ProbeSettings& settings)
{
    return settings.interval * (int64_t{settings.thresholds.timeouts} + 1);
}

} // namespace azure
} // namespace ns3
