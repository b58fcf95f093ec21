/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_LOAD_BALANCER_H
#define AZURE_LOAD_BALANCER_H

#include "azure-load-balancer-engine.h"

#include "ns3/azure-health-prober-set.h"
#include "ns3/event-id.h"
#include "ns3/ipv4-header.h"
#include "ns3/node.h"
#include "ns3/object.h"
#include "ns3/packet.h"
#include "ns3/traced-callback.h"
#include "ns3/traced-value.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

class LoadBalancerRouting;

/**
 * @ingroup azure-load-balancing
 * @brief One Azure Load Balancer on one node: control plane, counters and trace sources.
 *
 * Holds the decision engine; the LoadBalancerRouting of its node moves the packets. Usually made
 * by LoadBalancerHelper. By hand: set attributes, SetConfiguration(), give the frontend addresses
 * to the node, Install().
 *
 * Members of a rule with a probe are down until the first success. SetProbers() has them
 * probed; without it, verdicts come in through SetProbeStatus() alone.
 */
class LoadBalancer : public Object, private FlowListener
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    LoadBalancer();
    ~LoadBalancer() override;

    /**
     * @name Set-up
     * @{
     */

    /**
     * @brief Take a configuration; once, after the attributes and before Install().
     *
     * @param configuration what to be
     * @return every error found; empty when the configuration was taken
     */
    std::vector<ConfigurationError> SetConfiguration(
        const LoadBalancerConfiguration& configuration);

    /**
     * @return the configuration as it is now, with all changes of the control plane
     */
    const LoadBalancerConfiguration& GetConfiguration() const;

    /**
     * @brief Start to see the packets of a node; once, after SetConfiguration().
     *
     * Gives the node no addresses; LoadBalancerHelper does.
     *
     * @param node a node with an Ipv4 stack and a routing protocol
     */
    void Install(Ptr<Node> node);

    /**
     * @brief Have the members probed as the configuration says, from now on (HP-1 to HP-14).
     *
     * One prober for each pair of probe and member that a rule brings together (HP-11). They
     * start in an event of the present time, so that routes may still be set up.
     *
     * @param probers an empty set; once, after SetConfiguration()
     */
    void SetProbers(Ptr<HealthProberSet> probers);

    /**
     * @return the probers, null without
     */
    Ptr<HealthProberSet> GetProbers() const;

    /**
     * @return the node, null before Install()
     */
    Ptr<Node> GetNode() const;

    /** @} */

    /**
     * @name Control plane
     *
     * Each call takes effect at once and returns what changed. A name that does not exist, or a
     * change that Azure would refuse, changes nothing and says why in PoolChange::error.
     * @{
     */

    /**
     * @brief Add an instance to a pool (LB-16, LB-28, LB-47).
     *
     * @param pool name of the pool
     * @param member the instance
     * @return what changed
     */
    PoolChange AddBackend(const std::string& pool, const LoadBalancerBackendAddress& member);

    /**
     * @brief Remove an instance from a pool (LB-16, LB-47).
     *
     * @param pool name of the pool
     * @param address address of the instance
     * @return what changed
     */
    PoolChange RemoveBackend(const std::string& pool, Ipv4Address address);

    /**
     * @brief Override the probes of one instance of one pool (LB-35, LB-36).
     *
     * @param pool name of the pool
     * @param address address of the instance
     * @param state the override
     * @return what changed
     */
    PoolChange SetAdminState(const std::string& pool, Ipv4Address address, AdminState state);

    /**
     * @brief Tell that an instance was stopped or started (LB-28, LB-30).
     *
     * @param address address of the instance
     * @param running whether it runs from now on
     * @return what changed
     */
    PoolChange SetInstanceRunning(Ipv4Address address, bool running);

    /**
     * @brief Change the distribution mode of a rule without downtime (LB-18).
     *
     * @param rule name of a load balancing rule
     * @param distribution the mode for new flows
     * @return what changed: nothing but, perhaps, an error
     */
    PoolChange SetLoadDistribution(const std::string& rule, LoadDistribution distribution);

    /**
     * @brief Tell the verdict of a probe on an instance, for every rule that uses it (HP-11).
     *
     * @param probe name of the probe
     * @param address address of the instance
     * @param up the verdict
     * @return what changed
     */
    PoolChange SetProbeStatus(const std::string& probe, Ipv4Address address, bool up);

    /** @} */

    /**
     * @name Counters
     * @{
     */

    /**
     * @param reason a drop reason
     * @return packets dropped, or answered with a reset, for this reason so far
     */
    uint64_t GetDropCount(DropReason reason) const;

    /**
     * @return packets dropped, or answered with a reset, so far, for all reasons
     */
    uint64_t GetTotalDropCount() const;

    /**
     * @return packets that came by and were none of this load balancer's, so far
     */
    uint64_t GetPassedCount() const;

    /**
     * @return echo requests answered so far, with a reply or an error (LB-61)
     */
    uint64_t GetPingsAnsweredCount() const;

    /**
     * @return ICMP errors translated so far, both directions
     */
    uint64_t GetIcmpErrorsTranslatedCount() const;

    /**
     * @return TCP connection attempts that reached a frontend so far, repetitions included (LB-71)
     */
    uint64_t GetSynCount() const;

    /**
     * @return the engine's counters: packets translated, flows created and ended, resets
     */
    const LoadBalancerStatistics& GetStatistics() const;

    /**
     * @return the decision engine, for questions and for the data path
     */
    LoadBalancerEngine& GetEngine();

    /** @} */

    /**
     * @brief Callback of `FlowCreated`.
     * @param flow the flow; the rule's name is GetEngine().GetRuleName(flow.rule)
     */
    typedef void (*FlowCreatedCallback)(const FlowRecord& flow);

    /**
     * @brief Callback of `FlowEnded`.
     * @param flow the flow
     * @param reason why it ended
     * @param when the time at which it ended, which may be earlier than now: a flow that dies
     *        of idleness is noticed later
     */
    typedef void (*FlowEndedCallback)(const FlowRecord& flow, FlowEndReason reason, Time when);

    /**
     * @brief Callback of `Translate`.
     * @param packet the packet as it goes on, without IP header
     * @param before the IP header as it arrived
     * @param after the IP header as it goes on
     * @param verdict ports, flow and rule
     */
    typedef void (*TranslateCallback)(Ptr<const Packet> packet,
                                      const Ipv4Header& before,
                                      const Ipv4Header& after,
                                      const Verdict& verdict);

    /**
     * @brief Callback of `Drop`.
     * @param header the IP header as it arrived
     * @param packet the packet as it arrived, without IP header
     * @param reason why; ToString() names it
     */
    typedef void (*DropCallback)(const Ipv4Header& header,
                                 Ptr<const Packet> packet,
                                 DropReason reason);

    /**
     * @brief Callback of `ProbeStatus`.
     * @param probe name of the probe
     * @param address address of the instance
     * @param up the verdict
     */
    typedef void (*ProbeStatusCallback)(const std::string& probe, Ipv4Address address, bool up);

    /**
     * @brief Callback of `PoolChange`.
     * @param change what changed, for every rule: instances that new flows may now reach or no
     *        longer reach, NAT mappings, disruption
     */
    typedef void (*PoolChangeCallback)(const PoolChange& change);

    /**
     * @brief Callback of `ResetSent`.
     * @param segment the segment
     */
    typedef void (*ResetSentCallback)(const ResetSegment& segment);

  protected:
    void DoDispose() override;

  private:
    friend class LoadBalancerRouting;

    // From FlowListener
    void FlowCreated(const FlowRecord& flow, Time when) override;
    void FlowEnded(const FlowRecord& flow, FlowEndReason reason, Time when) override;

    /**
     * @brief Report a packet that is not going any further.
     *
     * @param header the IP header as it arrived
     * @param packet the packet without it
     * @param reason why
     */
    void ReportDrop(const Ipv4Header& header, Ptr<const Packet> packet, DropReason reason);

    /**
     * @brief Report a change and what follows from it.
     *
     * @param change what changed
     * @return the same
     */
    PoolChange ReportChange(PoolChange change);

    /**
     * @brief Match the probers with the configuration as it is now.
     */
    void UpdateProbers();

    /**
     * @brief A verdict has come to effect.
     *
     * @param probe name of the probe
     * @param address address of the instance
     * @param up the verdict
     */
    void HandleVerdict(std::string probe, Ipv4Address address, bool up);

    /**
     * @brief Have the one timer run when the next reset is due (LB-40).
     *
     * Called after every packet; does nothing in nearly all cases.
     */
    void UpdateResetTimer();

    /**
     * @brief The timer: send the resets that are due.
     */
    void SendDueResets();

    std::unique_ptr<LoadBalancerEngine> m_engine; //!< decides; null before SetConfiguration()
    LoadBalancerConfiguration m_empty;            //!< answer before SetConfiguration()
    Ptr<Node> m_node;                             //!< null before Install()
    LoadBalancerRouting* m_routing{nullptr};      //!< moves the packets of m_node, and owns this
    Ptr<HealthProberSet> m_probers;               //!< null without probing
    EventId m_probersStart;                       //!< the first UpdateProbers()
    EventId m_resetTimer;                         //!< for flows that owe a reset
    Time m_resetTimerAt{Time::Max()};             //!< when it runs, Time::Max() when it does not

    Time m_forwardingDelay;    //!< see attribute ForwardingDelay
    uint64_t m_hashSeed{0};    //!< see attribute HashSeed
    Time m_udpFlowLifetime;    //!< see attribute UdpFlowLifetime
    Time m_closedFlowLifetime; //!< see attribute ClosedFlowLifetime
    uint32_t m_maxFlows{0};    //!< see attribute MaxFlows

    uint64_t m_passed{0};               //!< packets of others
    uint64_t m_pingsAnswered{0};        //!< echo requests answered
    uint64_t m_icmpErrorsTranslated{0}; //!< ICMP errors translated
    TracedValue<uint64_t> m_synCount;   //!< see trace source SynCount
    std::array<uint64_t, static_cast<size_t>(DropReason::Count)>
        m_drops{}; //!< drops that the engine did not decide, by reason

    /// See trace source FlowCreated.
    TracedCallback<const FlowRecord&> m_flowCreatedTrace;
    /// See trace source FlowEnded.
    TracedCallback<const FlowRecord&, FlowEndReason, Time> m_flowEndedTrace;
    /// See trace source Translate.
    TracedCallback<Ptr<const Packet>, const Ipv4Header&, const Ipv4Header&, const Verdict&>
        m_translateTrace;
    /// See trace source Drop.
    TracedCallback<const Ipv4Header&, Ptr<const Packet>, DropReason> m_dropTrace;
    /// See trace source ProbeStatus.
    TracedCallback<const std::string&, Ipv4Address, bool> m_probeStatusTrace;
    /// See trace source PoolChange.
    TracedCallback<const PoolChange&> m_poolChangeTrace;
    /// See trace source ResetSent.
    TracedCallback<const ResetSegment&> m_resetSentTrace;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_LOAD_BALANCER_H */
