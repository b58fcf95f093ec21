/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_HEALTH_PROBER_SET_H
#define AZURE_HEALTH_PROBER_SET_H

#include "azure-health-prober.h"

#include "ns3/callback.h"
#include "ns3/ipv4-address.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"
#include "ns3/traced-callback.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace azure
{

class ProbeSource;

/**
 * @ingroup azure-load-balancing
 * @brief One prober that a balancer wants to have.
 */
struct ProbeAssignment
{
    std::string probe;                         //!< name of the probe, unique in the balancer
    Ipv4Address member{Ipv4Address::GetAny()}; //!< address of the member's NIC (HP-8)
    ProbeSettings settings;                    //!< the probe
    /// With HealthProberSet::SetNode(): where the probe comes from; 0.0.0.0: the node's own
    /// address.
    Ipv4Address source{Ipv4Address::GetAny()};
};

/**
 * @ingroup azure-load-balancing
 * @brief All probers of one balancer, wherever their hosts are, or of one instance of a gateway.
 *
 * The owner adds a prober for each pair of probe and member and is told of each change.
 * Unless SetNode() names the node that probes (HP-26), the set finds the host of each member
 * (HP-10) and its probe source, so that two balancers in front of one member share the source and
 * each get their own answers (HP-11). Routes must exist when a prober is added; at time zero they
 * do.
 */
class HealthProberSet : public Object
{
  public:
    /**
     * @brief Called when a verdict takes effect.
     *
     * Arguments: name of the probe, address of the member, whether it is up.
     */
    typedef Callback<void, std::string, Ipv4Address, bool> VerdictCallback;

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    HealthProberSet();
    ~HealthProberSet() override;

    /**
     * @param owner name of the balancer; the traces name probes `<owner>/<probe>`; before the
     *        first Add()
     */
    void SetOwner(const std::string& owner);

    /**
     * @brief Makes all probes start at one node, whatever the members are, as an instance of
     *        Application Gateway probes by itself (HP-26); before the first Add().
     *
     * @param node a node with an IPv4 stack and TCP; null: each member's host (HP-10)
     */
    void SetNode(Ptr<Node> node);

    /**
     * @param callback told of each change of a verdict
     */
    void SetVerdictCallback(VerdictCallback callback);

    /**
     * @brief Adds a prober and starts it, unless the member is stopped (HP-7).
     *
     * Without effect when this pair has one already: rules that share a probe share its
     * verdict (HP-11). Without SetNode(), an instance that no host can be found for ends the
     * simulation with a message that says which and what to do; with it, such an instance just
     * never answers.
     *
     * @param probe name of the probe, unique in the balancer
     * @param member address of the member's NIC (HP-8)
     * @param settings the probe
     * @param source with SetNode(): where the probe comes from; 0.0.0.0: the node's own address
     */
    void Add(const std::string& probe,
             Ipv4Address member,
             const ProbeSettings& settings,
             Ipv4Address source = Ipv4Address::GetAny());

    /**
     * @brief Adds and removes probers so that exactly these remain; those that stay go on.
     * @param wanted the probers; repeated ones count once
     */
    void Assign(const std::vector<ProbeAssignment>& wanted);

    /**
     * @brief Stops and removes a prober; without effect when there is none.
     * @param probe name of the probe
     * @param member address of the member
     */
    void Remove(const std::string& probe, Ipv4Address member);

    /**
     * @brief Says that an instance was stopped or runs again (HP-7).
     *
     * The probers of a stopped instance pause; the verdict callback is called for each that
     * was up.
     *
     * @param member address of the member
     * @param running whether it runs
     */
    void SetRunning(Ipv4Address member, bool running);

    /**
     * @param probe name of the probe
     * @param member address of the member
     * @return the verdict in effect; false when there is no such prober
     */
    bool IsUp(const std::string& probe, Ipv4Address member) const;

    /**
     * @param probe name of the probe
     * @param member address of the member
     * @return the prober, or null
     */
    Ptr<HealthProber> Get(const std::string& probe, Ipv4Address member) const;

    /**
     * @return number of probers
     */
    std::size_t GetN() const;

    /**
     * @param outcome an outcome
     * @return how many probes ended so
     */
    uint64_t GetResultCount(ProbeOutcome outcome) const;

    /**
     * @brief Fixes the stream of the phases; random bytes of TLS, which decide nothing, have it,
     * too.
     * @param stream first stream number to use
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream);

  protected:
    void DoDispose() override;

  private:
    /// A probe and a member; an Ipv4Address in host order, so that the order is fixed.
    typedef std::pair<std::string, uint32_t> Key;

    /**
     * @brief Finds where a member is probed from.
     * @param probe name of the probe, for a message
     * @param member address of the member
     * @param source the address wanted, with SetNode()
     * @return the probe source
     */
    Ptr<ProbeSource> FindSource(const std::string& probe, Ipv4Address member, Ipv4Address source);

    /**
     * @brief Passes on the trace of a prober.
     * @param record the probe
     */
    void HandleSent(const ProbeRecord& record);

    /**
     * @brief Passes on the trace of a prober.
     * @param record the probe
     */
    void HandleResult(const ProbeRecord& record);

    /**
     * @brief Tells the balancer of a change.
     * @param record the change
     */
    void HandleVerdict(const ProbeVerdictRecord& record);

    /**
     * @brief Ends the tie to a prober.
     * @param prober the prober
     */
    void Drop(Ptr<HealthProber> prober);

    std::string m_owner;                        //!< name of the balancer
    Ptr<Node> m_node;                           //!< where all probes start; null: each host
    VerdictCallback m_verdictCallback;          //!< told of each change
    Ptr<RandomVariableStream> m_phase;          //!< phases of all probers
    Ptr<UniformRandomVariable> m_tlsRandom;     //!< of all probers by HTTPS; null until needed
    int64_t m_stream{-1};                       //!< stream of both; -1: none was assigned
    Time m_reactionDelay;                       //!< of all probers
    Time m_flapWindow;                          //!< of all probers
    Time m_flapPenalty;                         //!< of all probers
    std::map<Key, Ptr<HealthProber>> m_probers; //!< by probe and member
    std::set<uint32_t> m_stopped;               //!< members that do not run
    std::map<ProbeOutcome, uint64_t> m_results; //!< how many probes ended so

    /// A probe was sent.
    TracedCallback<const ProbeRecord&> m_probeSent;
    /// A probe ended.
    TracedCallback<const ProbeRecord&> m_probeResult;
    /// A change of a verdict took effect.
    TracedCallback<const ProbeVerdictRecord&> m_verdictChanged;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_HEALTH_PROBER_SET_H */
