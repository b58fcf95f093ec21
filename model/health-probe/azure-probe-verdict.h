/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_PROBE_VERDICT_H
#define AZURE_PROBE_VERDICT_H

#include "azure-probe-settings.h"

#include <deque>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief How one probe exchange ended.
 */
enum class ProbeOutcome
{
    Success,            //!< TCP: handshake completed; HTTP: a status that passes
    BadStatus,          //!< HTTP: an answer that does not pass, or one that is not HTTP
    Refused,            //!< the connection was refused or reset
    Timeout,            //!< no answer in time
    TlsFailed,          //!< HTTPS: the instance speaks no TLS, or they agreed on nothing
    CertificateRejected //!< HTTPS: the instance's certificate does not pass
};

/**
 * @ingroup azure-load-balancing
 * @brief The name of an outcome as files and tables show it.
 *
 * @param outcome the outcome
 * @return `success`, `bad-status`, `refused`, `timeout`, `tls-failed` or `certificate-rejected`
 */
const char* ToString(ProbeOutcome outcome);

/**
 * @ingroup azure-load-balancing
 * @brief Makes an instance that flaps wait longer before it is marked up again (HP-7).
 *
 * No figure is documented, so the default adds no wait. With k marks of down inside the
 * window, the instance stays down for at least (k - 1) times the penalty after the last.
 */
struct FlapPolicy
{
    Time window{Minutes(5)};  //!< marks of down older than this are forgotten
    Time penalty{Seconds(0)}; //!< extra wait for each further mark of down; 0 turns it off
};

/**
 * @ingroup azure-load-balancing
 * @brief Decides from the results of its probes whether an instance is healthy.
 *
 * Pure: it knows neither sockets nor a clock, and time is an argument. It starts undecided,
 * which counts as down, until the first success marks the instance up; a threshold above one
 * counts only from the first mark on. Consecutive failures of any kind are counted together
 * and compared with the threshold of the kind that came last, consecutive successes with
 * theirs; a result of the other sort starts the count anew (HP-3).
 */
class ProbeVerdict
{
  public:
    /**
     * @brief Constructor
     * @param thresholds consecutive results that flip the verdict; 0 counts as 1
     * @param flapping extra wait of an instance that flaps
     */
    explicit ProbeVerdict(const ProbeThresholds& thresholds = ProbeThresholds(),
                          const FlapPolicy& flapping = FlapPolicy());

    /**
     * @brief Takes the result of one probe.
     *
     * @param outcome how the exchange ended
     * @param now when; never earlier than in the call before
     * @return whether the verdict changed
     */
    bool Update(ProbeOutcome outcome, Time now);

    /**
     * @brief Forgets everything, as when an instance was stopped and runs again (HP-7).
     * @return whether the verdict changed, that is whether the instance was up
     */
    bool Reset();

    /**
     * @return whether the instance is healthy
     */
    bool IsUp() const;

    /**
     * @return whether any result has been taken as a mark of up or down yet
     */
    bool IsDecided() const;

    /**
     * @return how many results of the latest sort came in a row since the last change
     */
    uint32_t GetCount() const;

  private:
    /**
     * @param now current time
     * @return whether the instance has flapped and still has to wait
     */
    bool IsHeldDown(Time now);

    ProbeThresholds m_thresholds;   //!< results that flip the verdict
    FlapPolicy m_flapping;          //!< extra wait of an instance that flaps
    bool m_up{false};               //!< the verdict
    bool m_decided{false};          //!< false until the first mark
    bool m_lastWasSuccess{false};   //!< sort of the latest result
    uint32_t m_count{0};            //!< results of that sort in a row
    std::deque<Time> m_marksOfDown; //!< when it was marked down, inside the window
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_PROBE_VERDICT_H */
