/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_ENDPOINT_MONITOR_H
#define AZURE_ENDPOINT_MONITOR_H

#include "ns3/azure-health-prober.h"
#include "ns3/callback.h"
#include "ns3/ipv4-address.h"
#include "ns3/node.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"
#include "ns3/traced-callback.h"

#include <functional>
#include <map>
#include <memory>
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
 * @brief An endpoint that monitors are to probe.
 */
struct MonitoredEndpoint
{
    std::string profile;    //!< name of its profile
    std::string endpoint;   //!< its name
    std::string target;     //!< DNS name or IPv4 address
    ProbeSettings settings; //!< how to probe it (HP-40 to HP-42)
};

/**
 * @ingroup azure-load-balancing
 * @brief What the traces of monitors say of one probe.
 */
struct EndpointProbeRecord
{
    std::string place;    //!< name of the place that probes
    std::string profile;  //!< name of the profile
    std::string endpoint; //!< name of the endpoint
    ProbeRecord probe;    //!< its name there is `<place>/<profile>/<endpoint>`; its target is
                          //!< 0.0.0.0 while the name cannot be resolved
};

/**
 * @ingroup azure-load-balancing
 * @brief One of the places from which Traffic Manager probes endpoints (HP-43).
 *
 * Each endpoint is probed once an interval, the first time after a random share of it. A target
 * that is a name is resolved anew for every probe, by the function of SetResolve() or else by the
 * StubResolver of the node, and the time that this takes is part of the probe's timeout. A name
 * that cannot be resolved is a probe that failed. It decides nothing: EndpointMonitorVerdict does.
 */
class EndpointMonitor : public Object
{
  public:
    /// Finds the address of a name; 0.0.0.0: there is none.
    typedef std::function<Ipv4Address(const std::string& name)> ResolveFunction;

    /// Called with the result of each probe.
    typedef Callback<void, const EndpointProbeRecord&> ResultCallback;

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    EndpointMonitor();
    ~EndpointMonitor() override;

    /**
     * @brief Says where it is; once, before Assign().
     *
     * @param node a node with an IPv4 stack and TCP
     * @param source where probes come from (HP-49): an address that the network brings answers for
     *        to this node; 0.0.0.0: the node's own
     * @param place name of the place, in traces
     */
    void Install(Ptr<Node> node, Ipv4Address source, const std::string& place);

    /**
     * @param resolve finds addresses of targets, in no time; without it the node's StubResolver
     *        does
     */
    void SetResolve(ResolveFunction resolve);

    /**
     * @param callback told of each result
     */
    void SetResultCallback(ResultCallback callback);

    /**
     * @brief Probe exactly these endpoints from now on; those that stay the same go on.
     * @param wanted the endpoints
     */
    void Assign(const std::vector<MonitoredEndpoint>& wanted);

    /**
     * @return how many endpoints it probes
     */
    size_t GetN() const;

    /**
     * @return the node
     */
    Ptr<Node> GetNode() const;

    /**
     * @return where probes come from; 0.0.0.0 for the node's own address
     */
    Ipv4Address GetSource() const;

    /**
     * @return name of the place
     */
    const std::string& GetPlace() const;

    /**
     * @brief Fixes the streams of the phases and of TLS.
     * @param stream first stream number to use
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream);

    /**
     * @brief Signature of the trace sources ProbeSent and ProbeResult.
     * @param record the probe
     */
    typedef void (*ProbeCallback)(const EndpointProbeRecord& record);

  protected:
    void DoDispose() override;

  private:
    struct Watch;

    typedef std::pair<std::string, std::string> Key; //!< names of profile and endpoint

    /**
     * @brief An endpoint is due.
     * @param key which one
     */
    void Probe(Key key);

    /**
     * @brief Send a probe, now that the address is known.
     * @param key of which endpoint
     * @param address its address; 0.0.0.0: there is none
     */
    void Send(Key key, Ipv4Address address);

    /**
     * @brief A probe has ended.
     * @param key of which endpoint
     * @param outcome how
     * @param status HTTP status, 0 for none
     * @param reason why it failed, if there is more to say
     */
    void HandleResult(Key key, ProbeOutcome outcome, uint16_t status, const std::string& reason);

    /**
     * @param key an endpoint that is probed
     * @return a record of the probe under way
     */
    EndpointProbeRecord MakeRecord(const Key& key) const;

    /**
     * @brief Give up what is under way for an endpoint.
     * @param watch the endpoint
     * @param isReset whether a connection is reset
     */
    void Abort(Watch& watch, bool isReset);

    Ptr<Node> m_node;                                //!< where it is
    Ptr<ProbeSource> m_source;                       //!< where probes come from
    std::string m_place;                             //!< name of the place
    ResolveFunction m_resolve;                       //!< finds addresses; empty: StubResolver
    ResultCallback m_result;                         //!< told of results
    Ptr<RandomVariableStream> m_phase;               //!< attribute Phase
    Ptr<UniformRandomVariable> m_tlsRandom;          //!< random bytes of TLS
    std::map<Key, std::unique_ptr<Watch>> m_watches; //!< what is probed

    /// A probe was sent.
    TracedCallback<const EndpointProbeRecord&> m_sentTrace;
    /// A probe ended.
    TracedCallback<const EndpointProbeRecord&> m_resultTrace;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_ENDPOINT_MONITOR_H */
