/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_SCENARIO_OBSERVER_H
#define AZURE_SCENARIO_OBSERVER_H

#include "azure-scenario-plan.h"
#include "azure-scenario-traffic-manager-observer.h"

#include "ns3/azure-application-gateway.h"
#include "ns3/azure-failover-theory.h"
#include "ns3/azure-failover-timeline.h"
#include "ns3/azure-gateway-exchange-log.h"
#include "ns3/azure-gateway-metrics.h"
#include "ns3/azure-gateway-session-log.h"
#include "ns3/azure-health-prober.h"
#include "ns3/azure-http-client.h"
#include "ns3/azure-load-balancer.h"
#include "ns3/azure-request-log.h"

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What one fault did to one rule.
 */
struct ObservedFailover
{
    std::size_t fault;         //!< index in ScenarioPlan::faults
    std::size_t endpoint;      //!< index in ScenarioPlan::endpoints
    std::string prober;        //!< the probe as traces call it, `balancer/probe`; empty: none
    FailoverTimeline timeline; //!< what happened
    std::optional<uint32_t> instance; //!< of a gateway: index of the one that it happened at
};

/**
 * @ingroup azure-load-balancing
 * @brief What became of the instances of one application gateway.
 */
struct ObservedGateway
{
    /// An instance comes, goes or dies.
    struct StateChange
    {
        Time time;                  //!< when
        uint32_t instance;          //!< index of the instance
        GatewayInstanceState state; //!< what it does from then on
        std::string zone;           //!< where it is; empty when it is not there
    };

    /// A measurement of the load asked for another number of instances than the one before.
    struct Wish
    {
        Time time;            //!< when
        double capacityUnits; //!< what there was to carry (AG-51)
        uint32_t instances;   //!< how many were wanted
    };

    std::vector<StateChange> states;          //!< in order; those at the start at time 0
    std::vector<Wish> wishes;                 //!< in order; none without autoscaling
    std::vector<GatewayMetricSample> samples; //!< once a minute (AG-61)
};

/**
 * @ingroup azure-load-balancing
 * @brief Listens to the trace sources of a running scenario and keeps what reports need.
 */
class ScenarioObserver
{
  public:
    /**
     * @param plan what is run; must outlive this
     * @param deployment what it runs on
     */
    ScenarioObserver(const ScenarioPlan& plan, const DeploymentConfiguration& deployment);

    /**
     * @brief Listen to a load balancer and to its probers.
     * @param loadBalancer the load balancer
     * @param index its index in the deployment
     */
    void Watch(Ptr<LoadBalancer> loadBalancer, std::size_t index);

    /**
     * @brief Listen to an application gateway and to the probers of its instances.
     * @param gateway the gateway
     * @param index its index in the deployment
     */
    void Watch(Ptr<ApplicationGateway> gateway, std::size_t index);

    /**
     * @brief Listen to Traffic Manager and its monitors.
     * @param manager Traffic Manager
     */
    void Watch(Ptr<TrafficManager> manager);

    /**
     * @brief Listen to a client.
     * @param client the client
     */
    void Watch(Ptr<HttpClient> client);

    /**
     * @brief Listen no longer: what ends from now on, ends because the simulation does.
     */
    void Close();

    /**
     * @return the requests so far
     */
    const RequestLog& GetRequests() const;

    /**
     * @param index index of an application gateway
     * @return its exchanges so far
     */
    const GatewayExchangeLog& GetExchanges(std::size_t index) const;

    /**
     * @param index index of an application gateway
     * @return what became of its instances, and its metrics
     */
    const ObservedGateway& GetGateway(std::size_t index) const;

    /**
     * @param index index of an application gateway
     * @return its sessions at layer 4 so far
     */
    const GatewaySessionLog& GetSessions(std::size_t index) const;

    /**
     * @return every pair of a fault and a rule that has its target as a member; of a gateway one
     *         for each instance, as each decides for itself (HP-27); also of a fault of a gateway
     *         and its rules, where verdicts are what the front is told of the instances that it hit
     */
    const std::vector<ObservedFailover>& GetFailovers() const;

    /**
     * @return what is seen of Traffic Manager and resolvers, to tell it of resolvers
     */
    TrafficManagerObserver& GetTrafficManager();

    /**
     * @return what was seen of Traffic Manager and resolvers
     */
    const TrafficManagerObserver& GetTrafficManager() const;

    /**
     * @return probes sent so far
     */
    uint64_t GetProbesSent() const;

    /**
     * @return probes that succeeded so far
     */
    uint64_t GetProbesSucceeded() const;

    /**
     * @return probes that failed so far
     */
    uint64_t GetProbesFailed() const;

    /**
     * @brief Write one row for each probe that has ended, after a header row.
     *
     * Columns: probe, target, source, port, start, end (seconds), outcome, status.
     *
     * @param os where to
     */
    void WriteProbesCsv(std::ostream& os) const;

  private:
    /**
     * @brief A probe was sent.
     * @param record the probe
     */
    void HandleProbeSent(const ProbeRecord& record);

    /**
     * @brief A probe has ended.
     * @param record the probe
     */
    void HandleProbeResult(const ProbeRecord& record);

    /**
     * @brief A verdict has taken effect.
     * @param record the verdict
     */
    void HandleVerdict(const ProbeVerdictRecord& record);

    /**
     * @brief A monitor of Traffic Manager has sent a probe.
     * @param record the probe
     */
    void HandleMonitorSent(const EndpointProbeRecord& record);

    /**
     * @brief A probe of a monitor has ended.
     * @param record the probe
     */
    void HandleMonitorResult(const EndpointProbeRecord& record);

    /**
     * @brief A load balancer has a new flow.
     * @param index index of the load balancer
     * @param flow the flow
     */
    void HandleFlow(std::size_t index, const FlowRecord& flow);

    /**
     * @brief An instance of a gateway has ended an exchange.
     * @param index index of the gateway
     * @param record the exchange
     */
    void HandleExchange(std::size_t index, const GatewayExchangeRecord& record);

    /**
     * @brief An instance of a gateway has ended a session.
     * @param index index of the gateway
     * @param record the session
     */
    void HandleSession(std::size_t index, const GatewaySessionRecord& record);

    /**
     * @brief A gateway has begun to connect to a member, or to send to it, if the record says so.
     *
     * @tparam T type of the record
     * @param index index of the gateway
     * @param record an exchange or a session
     */
    template <typename T>
    void AddGatewayFlow(std::size_t index, const T& record);

    /**
     * @brief An attempt at a request has ended.
     * @param record the attempt
     */
    void HandleRequest(const HttpRequestRecord& record);

    /**
     * @brief An instance of a gateway comes, goes or dies.
     *
     * @param index index of the gateway
     * @param instance index of the instance
     * @param before what it did until now
     * @param after what it does from now on
     */
    void HandleState(std::size_t index,
                     uint32_t instance,
                     GatewayInstanceState before,
                     GatewayInstanceState after);

    /**
     * @brief The front of a gateway was told of an instance.
     *
     * @param index index of the gateway
     * @param instance index of the instance
     * @param action what becomes of it
     */
    void HandleFront(std::size_t index, uint32_t instance, GatewayFrontAction action);

    /**
     * @brief The load of a gateway was measured.
     *
     * @param index index of the gateway
     * @param load the load
     * @param wanted instances that it asks for
     */
    void HandleLoad(std::size_t index, const GatewayLoad& load, uint32_t wanted);

    /**
     * @brief A gateway has published its metrics.
     *
     * @param index index of the gateway
     * @param sample the metrics
     */
    void HandleSample(std::size_t index, const GatewayMetricSample& sample);

    /** @brief Note the pairs of a fault of a gateway and one of its rules. */
    void AddGatewayFaults();

    /**
     * @brief Listen to what becomes of the instances of a gateway, and to its metrics.
     * @param gateway the gateway
     * @param index its index in the deployment
     */
    void WatchInstances(Ptr<ApplicationGateway> gateway, std::size_t index);

    /**
     * @param failover a failover
     * @param index index of a gateway
     * @return whether it is about a fault of that gateway's instances that has begun
     */
    bool ConcernsInstances(const ObservedFailover& failover, std::size_t index) const;

    /**
     * @brief Tell the timelines of a gateway of the requests that their instances took.
     */
    void AddGatewayRequests();

    /**
     * @param failover a failover
     * @param address an address
     * @return whether the fault hits it
     */
    bool IsTarget(const ObservedFailover& failover, const IpAddress& address) const;

    const ScenarioPlan& m_plan;                      //!< what is run
    std::vector<Ptr<LoadBalancer>> m_balancers;      //!< by index in the deployment
    std::vector<ObservedFailover> m_failovers;       //!< faults and the rules they concern
    std::vector<ProbeRecord> m_probes;               //!< probes that ended
    RequestLog m_requests;                           //!< attempts that ended
    std::vector<GatewayExchangeLog> m_exchanges;     //!< by index of the gateway in the deployment
    std::vector<GatewaySessionLog> m_sessions;       //!< the same
    std::vector<Ptr<ApplicationGateway>> m_gateways; //!< by index in the deployment
    std::vector<Ptr<GatewayMetrics>> m_metrics;      //!< theirs
    std::vector<ObservedGateway> m_observed;         //!< theirs
    TrafficManagerObserver m_trafficManager;         //!< sees Traffic Manager and resolvers
    uint64_t m_probesSent{0};                        //!< probes sent
    uint64_t m_probesSucceeded{0};                   //!< probes that succeeded
    bool m_closed{false};                            //!< whether nothing counts any more
};

/**
 * @param record the last attempt at a request
 * @return its end, as timelines know it
 */
RequestOutcome MakeOutcome(const HttpRequestRecord& record);

/**
 * @param fault a fault
 * @param settings a probe
 * @return what the probe sees of it; nothing when that is left to chance
 */
std::optional<FaultSymptom> FindSymptom(const ScenarioFault& fault, const ProbeSettings& settings);

/**
 * @param fault a fault with its times settled
 * @param settings the probe of a rule that its target is a member of
 * @param timeline is told what theory says (HP-13, HP-25); nothing where theory says nothing
 */
void ExpectFailover(const PlannedFault& fault,
                    const ProbeSettings& settings,
                    FailoverTimeline& timeline);

} // namespace azure
} // namespace ns3

#endif /* AZURE_SCENARIO_OBSERVER_H */
