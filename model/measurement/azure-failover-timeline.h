/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_FAILOVER_TIMELINE_H
#define AZURE_FAILOVER_TIMELINE_H

#include "ns3/nstime.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief A fault that a scenario injects.
 */
struct InjectedFault
{
    std::string kind;        //!< as the scenario calls it, for example `crash`
    std::string target;      //!< what is hit, for example the name of an instance
    Time start;              //!< when it begins
    std::optional<Time> end; //!< when it is repaired; nothing: never
};

/**
 * @ingroup azure-load-balancing
 * @brief An interval of time that theory allows for a milestone, both ends included.
 */
struct ExpectedInterval
{
    Time low;           //!< earliest, counted from the milestone's reference
    Time high;          //!< latest, counted from the milestone's reference
    std::string theory; //!< where it comes from, for example `HP-13: phi + N*I`
};

/**
 * @ingroup azure-load-balancing
 * @brief The steps of a failover and of the recovery after it, in the order of a report.
 */
enum class FailoverStep : uint8_t
{
    FirstFailedProbe,     //!< the first probe of the target that is known to have failed
    VerdictDown,          //!< the target is judged down
    LastNewFlowToTarget,  //!< the last new flow sent to the target before it is up again
    FirstClientRecovered, //!< the first client with a success after its first failure
    LastClientRecovered,  //!< the last client to have a success after its first failure
    LastFailedRequest,    //!< the last request that failed because of the fault
    VerdictUp,            //!< the target, repaired, is judged up again
    FirstNewFlowToTarget  //!< the first new flow sent to the target after that
};

/**
 * @ingroup azure-load-balancing
 * @brief One line of a failover report.
 */
struct FailoverMilestone
{
    FailoverStep step; //!< which step
    std::string name;  //!< its name in reports, for example `verdict down`
    /**
     * When it happened; nothing: it did not.
     */
    std::optional<Time> time;
    /**
     * How long after its reference: the start of the fault, or, for VerdictUp and
     * FirstNewFlowToTarget, its repair.
     */
    std::optional<Time> after;
    std::optional<ExpectedInterval> expected; //!< what theory says of `after`; nothing: nothing
    /**
     * Whether `after` lies in the expected interval; nothing when either is missing.
     */
    std::optional<bool> inside;
};

/**
 * @ingroup azure-load-balancing
 * @brief How one client fared.
 */
struct ClientOutage
{
    std::string client;               //!< who
    Time firstFailure;                //!< end of its first failed request
    Time lastFailure;                 //!< end of its last failed request
    std::optional<Time> firstSuccess; //!< end of its first success after the first failure
    uint64_t failed{0};               //!< requests that failed
};

/**
 * @ingroup azure-load-balancing
 * @brief The end of one request, as a timeline needs to know it.
 */
struct RequestOutcome
{
    std::string client;    //!< who asked
    Time start;            //!< when it was asked
    Time end;              //!< when the answer was complete, or the request given up
    bool succeeded{false}; //!< whether the answer was the wanted one
    bool connected{false}; //!< whether its connection was established
    bool answered{false};  //!< whether a complete answer came, wanted or not
    uint32_t retries{0};   //!< further attempts that this request took
};

/**
 * @ingroup azure-load-balancing
 * @brief What one fault did to one rule of one service, step by step.
 *
 * A plain collector: something else listens to trace sources and calls the Add methods, in the
 * order of time. It is told of the probe results, verdicts and new flows of
 * the fault's target alone, and of all requests to the rule.
 *
 * A request counts as a victim of the fault when it fails after the start of the fault and was
 * asked before the end of the outage. The outage ends with the verdict that the target is up
 * again or, if no verdict ever said that it was down, with the repair.
 */
class FailoverTimeline
{
  public:
    /**
     * @param fault the fault
     */
    explicit FailoverTimeline(InjectedFault fault);

    /**
     * @return the fault
     */
    const InjectedFault& GetFault() const;

    /**
     * @brief State when a step should happen.
     *
     * @param step the step
     * @param interval the interval, counted from the reference of the step
     */
    void Expect(FailoverStep step, ExpectedInterval interval);

    /**
     * @brief The result of a probe of the target is known.
     *
     * @param now the time of the result
     * @param succeeded the result
     */
    void AddProbe(Time now, bool succeeded);

    /**
     * @brief The target is judged anew.
     *
     * @param now the time of the verdict
     * @param up the verdict
     */
    void AddVerdict(Time now, bool up);

    /**
     * @brief A new flow is sent to the target.
     *
     * @param now the time of its first packet
     */
    void AddFlow(Time now);

    /**
     * @brief A request to the rule has ended.
     *
     * @param outcome how
     */
    void AddRequest(const RequestOutcome& outcome);

    /**
     * @return every step, in the order of FailoverStep
     */
    std::vector<FailoverMilestone> GetMilestones() const;

    /**
     * @return the clients that had a failure, in the order of their names
     */
    std::vector<ClientOutage> GetClients() const;

    /**
     * @return requests that failed
     */
    uint64_t GetRequestsFailed() const;

    /**
     * @return requests that succeeded only after a retry
     */
    uint64_t GetRequestsRetried() const;

    /**
     * @return established connections that ended without the answer
     */
    uint64_t GetConnectionsBroken() const;

    /**
     * @param step a step
     * @return its name in reports
     */
    static std::string GetName(FailoverStep step);

  private:
    /// How many steps there are.
    static constexpr std::size_t N_STEPS = 8;

    /**
     * @param start when a request was asked
     * @return whether the outage lasted then, as far as is known
     */
    bool InOutage(Time start) const;

    /**
     * @brief Note the time of a step that counts the first time only.
     * @param step the step
     * @param now the time
     */
    void SetFirst(FailoverStep step, Time now);

    /**
     * @param step a step
     * @return where its time is kept
     */
    std::optional<Time>& At(FailoverStep step);

    /**
     * @param step a step
     * @return its time
     */
    const std::optional<Time>& At(FailoverStep step) const;

    InjectedFault m_fault;                                              //!< the fault
    std::array<std::optional<Time>, N_STEPS> m_times;                   //!< of each step
    std::array<std::optional<ExpectedInterval>, N_STEPS> m_expectation; //!< of each step
    std::map<std::string, ClientOutage> m_clients;                      //!< by name
    uint64_t m_requestsFailed{0};                                       //!< victims
    uint64_t m_requestsRetried{0};   //!< successes that took a retry
    uint64_t m_connectionsBroken{0}; //!< established connections lost
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_FAILOVER_TIMELINE_H */
