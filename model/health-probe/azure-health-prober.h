/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_HEALTH_PROBER_H
#define AZURE_HEALTH_PROBER_H

#include "azure-probe-settings.h"
#include "azure-probe-transaction.h"
#include "azure-probe-verdict.h"

#include "ns3/event-id.h"
#include "ns3/ipv4-address.h"
#include "ns3/net-device.h"
#include "ns3/node.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"
#include "ns3/traced-callback.h"

#include <list>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What the traces of a prober say of one probe.
 */
struct ProbeRecord
{
    std::string probe;                           //!< name of the prober: `<balancer>/<probe>`
    Ipv4Address target{Ipv4Address::GetAny()};   //!< address of the instance
    uint16_t port{0};                            //!< probed port
    Ipv4Address source{Ipv4Address::GetAny()};   //!< address the probe comes from (HP-9)
    Time start;                                  //!< when the exchange started
    Time end;                                    //!< when it ended; when sent: equal to start
    ProbeOutcome outcome{ProbeOutcome::Timeout}; //!< how it ended; meaningless when sent
    uint16_t status{0};                          //!< HTTP status of the answer, 0 for none
    std::string reason; //!< why TLS failed, or how far it had come at the end; else empty
};

/**
 * @ingroup azure-load-balancing
 * @brief A change of a prober's verdict.
 */
struct ProbeVerdictRecord
{
    std::string probe;                         //!< name of the prober: `<balancer>/<probe>`
    Ipv4Address target{Ipv4Address::GetAny()}; //!< address of the instance
    bool up{false};                            //!< the new verdict
    Time decided;                              //!< when the deciding probe ended
    Time effective;                            //!< when the change takes effect (HP-13, d)
};

/**
 * @ingroup azure-load-balancing
 * @brief Probes one instance by one probe definition and keeps the verdict (HP-11).
 *
 * The first probe goes out after a share of the interval that the attribute `Phase` draws, or at
 * the start and the second one after that share (HP-22); each further one an interval after the
 * one before, or at once after a failure where the settings say so (HP-6, HP-23). Where T is above
 * I, a result that comes after that of a later probe is traced and does not count. A change of the
 * verdict takes effect after the attribute `ReactionDelay` (HP-13). A prober of a stopped instance
 * pauses and starts anew, undecided and with a new phase, when the instance runs again (HP-7).
 */
class HealthProber : public Object
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    HealthProber();
    ~HealthProber() override;

    /**
     * @brief Says what to probe and from where; before Start().
     *
     * @param name name of the probe in the traces, `<balancer>/<probe>`
     * @param node where the probes start
     * @param device device whose address is the source; null: the routing of the node chooses
     * @param source address that the traces name as source
     * @param target address of the instance
     * @param settings the probe
     */
    void Configure(const std::string& name,
                   Ptr<Node> node,
                   Ptr<NetDevice> device,
                   Ipv4Address source,
                   Ipv4Address target,
                   const ProbeSettings& settings);

    /**
     * @brief Says where TLS has its random bytes from; before Start().
     * @param random random bytes, which may be shared; without, the prober has a stream of its own
     */
    void SetTlsRandom(Ptr<UniformRandomVariable> random);

    /**
     * @brief Starts probing, undecided; the first probe follows after the drawn phase.
     *
     * Without effect when it already probes.
     */
    void Start();

    /**
     * @brief Stops probing and forgets the verdict, without a trace of the change.
     *
     * A probe under way is reset. Start() starts anew.
     */
    void Stop();

    /**
     * @return whether it probes
     */
    bool IsRunning() const;

    /**
     * @return the verdict in effect
     */
    bool IsUp() const;

    /**
     * @return address of the instance
     */
    Ipv4Address GetTarget() const;

    /**
     * @return name of the probe in the traces
     */
    const std::string& GetName() const;

    /**
     * @return the probe
     */
    const ProbeSettings& GetSettings() const;

    /**
     * @return where the probes start
     */
    Ptr<Node> GetNode() const;

    /**
     * @brief Fixes the stream of the phase; random bytes of TLS, which decide nothing, have it,
     * too.
     * @param stream first stream number to use
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream);

    /**
     * TracedCallback signature for a probe that was sent or that ended.
     *
     * @param [in] record the probe
     */
    typedef void (*ProbeTracedCallback)(const ProbeRecord& record);

    /**
     * TracedCallback signature for a change of the verdict, when it takes effect.
     *
     * @param [in] record the change
     */
    typedef void (*VerdictTracedCallback)(const ProbeVerdictRecord& record);

  protected:
    void DoDispose() override;

  private:
    /// Sends a probe and schedules the next.
    void SendProbe();

    /**
     * @brief A probe ended.
     * @param transaction the probe
     * @param outcome how it ended
     * @param status HTTP status, 0 for none
     */
    void HandleResult(const ProbeTransaction& transaction, ProbeOutcome outcome, uint16_t status);

    /**
     * @param outcome how a probe ended
     * @return whether the next one is sent at once
     */
    bool IsNextAtOnce(ProbeOutcome outcome) const;

    /**
     * @brief Nothing is left of a probe.
     * @param transaction the probe
     */
    void HandleDone(Ptr<ProbeTransaction> transaction);

    /**
     * @brief A change takes effect.
     * @param record the change
     */
    void Apply(ProbeVerdictRecord record);

    /// @return a record with what is the same for every probe
    ProbeRecord MakeRecord() const;

    std::string m_name;                      //!< name in the traces
    Ptr<Node> m_node;                        //!< where the probes start
    Ptr<NetDevice> m_device;                 //!< device of the source address, or null
    Ipv4Address m_source;                    //!< source address
    Ipv4Address m_target;                    //!< address of the instance
    ProbeSettings m_settings;                //!< the probe
    Ptr<RandomVariableStream> m_phase;       //!< first probe, as a share of the interval
    Ptr<UniformRandomVariable> m_tlsRandom;  //!< random bytes of TLS; null until needed
    int64_t m_stream{-1};                    //!< stream of both; -1: none was assigned
    Time m_reactionDelay;                    //!< from the decision to its effect (HP-13)
    Time m_flapWindow;                       //!< how long a mark of down counts (HP-7)
    Time m_flapPenalty;                      //!< extra wait for each further mark (HP-7)
    ProbeVerdict m_verdict;                  //!< decides
    Time m_gap;                              //!< from the next probe to the one after it
    Time m_latest;                           //!< when the latest probe that counted was sent
    uint32_t m_waiting{0};                   //!< probes without a result yet
    bool m_running{false};                   //!< whether it probes
    bool m_up{false};                        //!< the verdict in effect
    EventId m_next;                          //!< the next probe
    std::list<EventId> m_pending;            //!< changes that are decided but not in effect
    std::list<Ptr<ProbeTransaction>> m_open; //!< probes under way or closing

    /// A probe was sent.
    TracedCallback<const ProbeRecord&> m_probeSent;
    /// A probe ended.
    TracedCallback<const ProbeRecord&> m_probeResult;
    /// A change of the verdict took effect.
    TracedCallback<const ProbeVerdictRecord&> m_verdictChanged;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_HEALTH_PROBER_H */
