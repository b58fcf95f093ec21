/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_LOAD_BALANCER_ENGINE_H
#define AZURE_LOAD_BALANCER_ENGINE_H

#include "azure-flow-record.h"
#include "azure-load-balancer-configuration.h"
#include "azure-load-balancer-verdict.h"
#include "azure-packet-view.h"
#include "azure-pool-change.h"

#include "ns3/nstime.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What Azure's resource does not say and a model has to choose.
 */
struct LoadBalancerEngineSettings
{
    uint64_t hashSeed{0};                //!< seed of the distribution hash (LB-13)
    Time udpFlowLifetime{Minutes(4)};    //!< idle time after which a UDP flow is forgotten (LB-45),
                                         //!< and one of ICMP echo (LB-62)
    Time closedFlowLifetime{Minutes(1)}; //!< time a TCP flow is kept after both FINs or a RST
    uint32_t maxFlows{0}; //!< most flows at one time; 0: as many as memory holds (LB-8)
};

/**
 * @ingroup azure-load-balancing
 * @brief Counters of a load balancer since it was made.
 */
struct LoadBalancerStatistics
{
    uint64_t forwarded{0};    //!< packets translated on the way in
    uint64_t returned{0};     //!< packets translated on the way out
    uint64_t flowsCreated{0}; //!< flows that began
    uint64_t resetsSent{0};   //!< RST segments at idle timeouts and in answer to late packets
    std::array<uint64_t, static_cast<size_t>(DropReason::Count)>
        drops{}; //!< packets dropped or answered with a reset, by reason
    std::array<uint64_t, static_cast<size_t>(FlowEndReason::Count)>
        flowsEnded{}; //!< flows that ended, by reason
};

/**
 * @ingroup azure-load-balancing
 * @brief Decides for a load balancer: which instance, which addresses, which answer.
 *
 * Pure: it knows no simulator, no packets and no network; time is an argument and must never
 * go back. Whoever moves packets asks it about each one:
 *
 * - ICMP echo request to a frontend (IsFrontend()): AnswerPing(), which may send it to Forward();
 * - ICMP echo reply from a possible instance (IsBackend()): Return();
 * - ICMP error, whoever it is addressed to: TranslateIcmpError();
 * - TCP, UDP and unknown protocols to a frontend: Forward();
 * - the same from a possible instance: Return().
 *
 * Probes are sent by others; their verdicts come in through SetProbeStatus(). A member whose
 * probe has said nothing yet is down. Instances, probes and pools are named by their index in
 * the configuration and by address. A rule index counts the load balancing rules first, then
 * the inbound NAT rules.
 */
class LoadBalancerEngine
{
  public:
    /**
     * @param configuration a configuration without errors; anything else is a programming error,
     *        see LoadBalancerConfiguration::Validate()
     * @param settings what the configuration does not say
     */
    explicit LoadBalancerEngine(
        const LoadBalancerConfiguration& configuration,
        const LoadBalancerEngineSettings& settings = LoadBalancerEngineSettings());
    ~LoadBalancerEngine();

    LoadBalancerEngine(const LoadBalancerEngine&) = delete;
    LoadBalancerEngine& operator=(const LoadBalancerEngine&) = delete;

    /**
     * @name The data path
     * @{
     */

    /**
     * @param address any address
     * @return whether it is a frontend of this load balancer
     */
    bool IsFrontend(const IpAddress& address) const;

    /**
     * @param address any address
     * @return whether return packets may carry it as their source: an instance that is or was a
     *         member, or a frontend with floating IP
     */
    bool IsBackend(const IpAddress& address) const;

    /**
     * @brief Decide about a packet on its way in, and remember its flow (LB-4).
     *
     * @param packet a packet; of ICMP, an echo request
     * @param now arrival time
     * @return NotOurs when the destination is no frontend; else Translate, Drop or Reset
     */
    Verdict Forward(const PacketView& packet, Time now);

    /**
     * @brief Decide about a packet on its way out (LB-5).
     *
     * @param packet a packet; of ICMP, an echo reply
     * @param now arrival time
     * @return NotOurs when it belongs to no flow; else Translate, Drop or Reset
     */
    Verdict Return(const PacketView& packet, Time now);

    /**
     * @brief What Forward() would say, without doing it: no flow, no counter, no state changes.
     *
     * Only a full flow table is not foreseen, because Forward() looks for room as it goes.
     *
     * @param packet a packet; of ICMP, an echo request
     * @param now arrival time
     * @return the verdict; its flow is Verdict::NO_FLOW when the packet would begin a new one
     */
    Verdict Explain(const PacketView& packet, Time now) const;

    /**
     * @brief Decide about an ICMP error (destination unreachable, time exceeded ...).
     *
     * Two directions: an error sent to a frontend about a packet of an instance, and an error
     * sent to a client about a packet that was translated on the way in. Errors are no
     * activity: they neither begin a flow nor keep one alive (LB-44).
     *
     * @param source source address of the error
     * @param destination destination address of the error
     * @param quoted the packet quoted in it; ports are enough
     * @param now arrival time
     * @return NotOurs, Translate, or Drop when it is sent to a frontend and concerns no flow
     */
    IcmpErrorVerdict TranslateIcmpError(const IpAddress& source,
                                        const IpAddress& destination,
                                        const PacketView& quoted,
                                        Time now);

    /**
     * @brief Decide about an ICMP echo request (LB-61, LB-62).
     *
     * @param destination destination address of the request
     * @param icmpBytes length of the ICMP message: 8 bytes of header and the data
     * @param fragment the request is an IP fragment
     * @return what to answer
     */
    PingAnswer AnswerPing(const IpAddress& destination, uint32_t icmpBytes, bool fragment = false);

    /** @} */

    /**
     * @name TCP reset at the idle timeout (LB-40)
     * @{
     */

    /**
     * @brief The next time at which TakeDueResets() should be called.
     *
     * May be earlier than the first reset owed: activity moves deadlines lazily.
     *
     * @return Time::Max() when no flow owes a reset
     */
    Time GetNextResetDeadline() const;

    /**
     * @brief End the flows that have timed out and owe a reset to both ends.
     *
     * @param now the present time
     * @return two segments for each flow, first the client's, then the instance's; in the order of
     *         the timeouts
     */
    std::vector<ResetSegment> TakeDueResets(Time now);

    /** @} */

    /**
     * @name Changes
     * Each returns what it changed; existing flows follow LB-17, LB-30 to LB-35.
     * @{
     */

    /**
     * @brief A probe has reached a verdict on an instance, for every rule that uses it (HP-11).
     *
     * @param probe index of the probe in the configuration
     * @param backend address of the instance
     * @param up the verdict
     * @return what changed
     */
    PoolChange SetProbeStatus(uint32_t probe, const IpAddress& backend, bool up);

    /**
     * @brief An operator overrides the probes of one instance of one pool (LB-35, LB-36).
     *
     * @param pool index of the pool in the configuration
     * @param backend address of the member
     * @param state the override
     * @return what changed; an error when the pool has no such member
     */
    PoolChange SetAdminState(uint32_t pool, const IpAddress& backend, AdminState state);

    /**
     * @brief An instance is stopped or started (LB-28, LB-30).
     *
     * A stopped instance loses its flows and its probe verdicts: it is down until a probe
     * succeeds again.
     *
     * @param backend address of the instance
     * @param running whether it runs from now on
     * @return what changed
     */
    PoolChange SetRunning(const IpAddress& backend, bool running);

    /**
     * @brief Add an instance to a pool (LB-16, LB-28, LB-47).
     *
     * @param pool index of the pool in the configuration
     * @param member the instance
     * @return what changed; an error when it is a member already, is a frontend, or when a NAT
     *         rule of the pool has no port left
     */
    PoolChange AddMember(uint32_t pool, const LoadBalancerBackendAddress& member);

    /**
     * @brief Remove an instance from a pool (LB-16, LB-47); its TCP flows live on (LB-17).
     *
     * @param pool index of the pool in the configuration
     * @param backend address of the member
     * @return what changed; an error when the pool has no such member
     */
    PoolChange RemoveMember(uint32_t pool, const IpAddress& backend);

    /**
     * @brief Change the distribution mode of a rule; existing flows stay (LB-18).
     *
     * @param rule rule index of a load balancing rule
     * @param distribution the mode for new flows
     */
    void SetLoadDistribution(uint32_t rule, LoadDistribution distribution);

    /** @} */

    /**
     * @name Questions
     * @{
     */

    /**
     * @return the configuration as it is now, with all changes
     */
    const LoadBalancerConfiguration& GetConfiguration() const;

    /**
     * @param name name of a probe
     * @return its index in the configuration
     */
    std::optional<uint32_t> FindProbe(const std::string& name) const;

    /**
     * @param name name of a pool
     * @return its index in the configuration
     */
    std::optional<uint32_t> FindPool(const std::string& name) const;

    /**
     * @param name name of a load balancing rule or inbound NAT rule
     * @return its rule index
     */
    std::optional<uint32_t> FindRule(const std::string& name) const;

    /**
     * @return number of load balancing rules and inbound NAT rules
     */
    uint32_t GetNRules() const;

    /**
     * @param rule rule index
     * @return the name of the rule
     */
    std::string GetRuleName(uint32_t rule) const;

    /**
     * @param rule rule index
     * @return whether it is an inbound NAT rule
     */
    bool IsNatRule(uint32_t rule) const;

    /**
     * @param rule rule index of a load balancing rule
     * @return the instances that new flows may reach, in the order of the pool
     */
    std::vector<IpAddress> GetEligible(uint32_t rule) const;

    /**
     * @return every NAT port and its instance, by rule index and port (LB-46, LB-47)
     */
    std::vector<NatMapping> GetNatMappings() const;

    /**
     * @return the counters
     */
    const LoadBalancerStatistics& GetStatistics() const;

    /**
     * @brief The flows in the table that have neither ended nor timed out, as far as is known.
     *
     * A flow that timed out counts until the table comes across it; Sweep() makes it exact.
     *
     * @return their number
     */
    uint32_t GetActiveFlows() const;

    /** @} */

    /**
     * @brief Look through the whole flow table for flows that have timed out.
     *
     * Not needed for correct verdicts; for exact numbers at the end of a run.
     *
     * @param now the present time
     */
    void Sweep(Time now);

    /**
     * @param listener told of flows that begin and end; null for nobody; must outlive its use
     */
    void SetFlowListener(FlowListener* listener);

  private:
    struct Impl;                  //!< the classes that do the work
    std::unique_ptr<Impl> m_impl; //!< hides them from users of this header
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_LOAD_BALANCER_ENGINE_H */
