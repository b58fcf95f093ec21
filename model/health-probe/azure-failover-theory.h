/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_FAILOVER_THEORY_H
#define AZURE_FAILOVER_THEORY_H

#include "azure-probe-settings.h"

#include "ns3/nstime.h"

#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What a probe sees of a fault.
 */
enum class FaultSymptom
{
    Silent,    //!< no answer: crash, hang, blocked address
    Refused,   //!< RST: closed port
    BadStatus, //!< HTTP: an answer that does not pass
    Slow,      //!< HTTP: an answer that comes after the timeout; as Silent
    Unseen     //!< the probe still succeeds: a fault that it does not touch (HP-10)
};

/**
 * @ingroup azure-load-balancing
 * @brief The shortest and the longest time that a closed form allows.
 */
struct FailoverInterval
{
    bool exists{true}; //!< false: it never happens, for example an unseen fault is never detected
    Time lower;        //!< shortest, with the fault just before a probe (phi = 0)
    Time upper;        //!< longest, with the fault just after a probe (phi = I)
    std::string form;  //!< the closed form, for example `HP-13: phi + N*I`

    /**
     * @param measured a measured time
     * @return whether it lies inside, bounds included
     */
    bool Contains(Time measured) const;
};

/**
 * @ingroup azure-load-balancing
 * @brief The closed forms of failover times (HP-13, HP-25, HP-45), from a probe's settings.
 *
 * With phi, uniform in [0, I], the wait from the fault to the next probe, k the number of
 * results that the fault takes to flip the verdict, t the time after which a probe knows (T
 * for silence, nothing for an explicit answer), s what lies between two failing probes (I, or
 * t when the next probe follows a failure at once) and d the reaction delay:
 * phi + (k - 1)*s + t + d. For Load Balancer this is HP-13, with one exception that HP-6 asks
 * for: an HTTP probe with I above 30 s times out after T = 30 s, not after I. For Application
 * Gateway v2 it is HP-25; in v1 s = t (HP-23).
 */
class FailoverTheory
{
  public:
    /**
     * @brief From the fault to the verdict of down.
     *
     * @param settings the probe
     * @param fault what the probe sees
     * @param reactionDelay d
     * @param exchange most time that an explicit answer takes on the network, added to the upper
     *        bound
     * @return the interval
     */
    static FailoverInterval Detection(const ProbeSettings& settings,
                                      FaultSymptom fault,
                                      Time reactionDelay = Seconds(0),
                                      Time exchange = Seconds(0));

    /**
     * @brief From the fault to the first failed probe.
     *
     * @param settings the probe
     * @param fault what the probe sees
     * @param exchange most time that an explicit answer takes on the network
     * @return the interval
     */
    static FailoverInterval FirstFailure(const ProbeSettings& settings,
                                         FaultSymptom fault,
                                         Time exchange = Seconds(0));

    /**
     * @brief From the end of the fault to the verdict of up.
     *
     * @param settings the probe
     * @param reactionDelay d
     * @param exchange most time that an answer takes on the network, added to the upper bound
     * @return the interval
     */
    static FailoverInterval Recovery(const ProbeSettings& settings,
                                     Time reactionDelay = Seconds(0),
                                     Time exchange = Seconds(0));

    /**
     * @brief The same time, for clients that keep what a name server said (HP-45, HP-47).
     *
     * @param decision from the fault, or its end, to the verdict
     * @param timeToLive how long answers are kept
     * @return from the fault to the last client that has another answer
     */
    static FailoverInterval AfterCaches(const FailoverInterval& decision, Time timeToLive);

    /**
     * @brief Round trips of an exchange that succeeds, from the SYN to the answer.
     *
     * One for TCP, one for the full handshake of TLS 1.3 (RFC 8446, section 2; a server that speaks
     * TLS 1.2 alone needs one more), one for the GET.
     *
     * @param settings the probe
     * @return how many
     */
    static uint32_t RoundTrips(const ProbeSettings& settings);

    /**
     * @brief The bound on the detection of silence that Azure documents for Application Gateway
     *        v2 (HP-24).
     *
     * The upper end of Detection() where T = I, above it where T is shorter; it does not hold where
     * T is longer.
     *
     * @param settings the probe
     * @return (N + 1)*I
     */
    static Time DocumentedBound(const ProbeSettings& settings);
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_FAILOVER_THEORY_H */
