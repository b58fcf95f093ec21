/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_PROBES_H
#define AZURE_GATEWAY_PROBES_H

#include "azure-gateway-probe-plan.h"

#include "ns3/azure-health-prober-set.h"
#include "ns3/callback.h"
#include "ns3/ipv4-address.h"
#include "ns3/node.h"
#include "ns3/object.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief The probes of one instance of an application gateway (HP-26, HP-27).
 *
 * Each instance has its own, with phases of its own, so that instances probe and decide
 * independently. The verdicts are those that ApplicationGatewayEngine::SetHealthy() takes:
 *
 * @code
 *   probes->SetVerdictCallback(MakeCallback(&Instance::HandleVerdict, this));
 *   probes->Start(node, router, "gateway/0", publicAddress);
 * @endcode
 *
 * Members with a domain name are probed once SetResolved() has given their address, members with
 * an IPv6 address never. How often and with which phase: see GetProbers().
 */
class GatewayProbes : public Object
{
  public:
    /**
     * @brief Called when the verdict on a server changes, for one backend setting.
     *
     * Arguments: index of the backend setting; the server, as
     * ApplicationGatewayBackendAddress::GetText() has it; whether it is healthy.
     */
    typedef Callback<void, uint32_t, std::string, bool> VerdictCallback;

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    GatewayProbes();
    ~GatewayProbes() override;

    /**
     * @param callback told of each change of a verdict
     */
    void SetVerdictCallback(VerdictCallback callback);

    /**
     * @brief Starts probing; without effect when it probes already.
     *
     * The callback says of each server at once that it is unhealthy, as it is until its first
     * success (HP-22). Routes must exist.
     *
     * @param instance the node of the instance, with an IPv4 stack and TCP
     * @param router the configuration, compiled
     * @param name name of the instance; the traces name probes `<name>/<backend setting>`, with
     *        `/<domain name>` behind it where the server has one
     * @param publicSource where probes of servers on the internet come from (HP-28): the gateway's
     *        public address, for which the network must bring the answers to this node; 0.0.0.0:
     *        from the instance's own address, as all others
     */
    void Start(Ptr<Node> instance,
               std::shared_ptr<const RequestRouter> router,
               const std::string& name,
               Ipv4Address publicSource = Ipv4Address::GetAny());

    /**
     * @brief Goes on with another configuration; without effect before the start.
     *
     * What is probed as before keeps its probes and its verdict; see IsHealthy().
     *
     * @param router the configuration, compiled
     */
    void Change(std::shared_ptr<const RequestRouter> router);

    /**
     * @brief Stops probing and forgets everything, without calling back.
     *
     * Probes under way are reset. Start() starts anew.
     */
    void Stop();

    /**
     * @brief Probe a server that was added to a pool as well, if rules bind that pool.
     *
     * The callback says that it is unhealthy, unless it is probed already as a member of another
     * pool with the same backend setting.
     *
     * @param pool index of the pool
     * @param address the server
     */
    void AddMember(uint32_t pool, const ApplicationGatewayBackendAddress& address);

    /**
     * @brief No longer probe a server that was removed from a pool, without calling back.
     *
     * @param pool index of the pool
     * @param member the server, as ApplicationGatewayBackendAddress::GetText() has it
     */
    void RemoveMember(uint32_t pool, const std::string& member);

    /**
     * @brief Says what this instance has resolved a domain name to (AG-30).
     *
     * With a new address the server is unhealthy until its first success.
     *
     * @param fqdn the name; upper and lower case are the same
     * @param address its address; 0.0.0.0: it has none
     */
    void SetResolved(const std::string& fqdn, Ipv4Address address);

    /**
     * @param setting index of a backend setting
     * @param member a server, as ApplicationGatewayBackendAddress::GetText() has it
     * @return the verdict in effect; false where it is not probed
     */
    bool IsHealthy(uint32_t setting, const std::string& member) const;

    /**
     * @brief The probers, with their attributes and traces.
     *
     * @return the probers; the same object from the beginning to disposal
     */
    Ptr<HealthProberSet> GetProbers() const;

    /**
     * @brief Fixes the stream of the phases.
     * @param stream first stream number to use
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream);

  protected:
    void DoDispose() override;

  private:
    /// A backend setting and a server.
    typedef std::pair<uint32_t, std::string> Pair;

    /// What a prober is found by: name of the probe and address.
    typedef std::pair<std::string, Ipv4Address> Key;

    /// Brings the probers in line with the plan and the resolved names.
    void Update();

    /**
     * @brief A prober has a new verdict.
     * @param probe name of the probe
     * @param address address of the server
     * @param up the verdict
     */
    void HandleVerdict(std::string probe, Ipv4Address address, bool up);

    /**
     * @param pair a backend setting and a server
     * @param healthy what to tell of them
     */
    void Tell(const Pair& pair, bool healthy);

    VerdictCallback m_verdict;                     //!< told of each change
    Ptr<HealthProberSet> m_probers;                //!< the probers
    std::unique_ptr<GatewayProbePlan> m_plan;      //!< what is probed; null before the start
    Ipv4Address m_publicSource;                    //!< source for servers on the internet
    std::map<std::string, Ipv4Address> m_resolved; //!< by domain name, in lower case
    std::map<Pair, Key> m_keys;                    //!< the prober of each pair
    std::map<Key, Pair> m_pairs;                   //!< the pair of each prober
    std::map<Key, ProbeSettings> m_settings;       //!< how each prober probes
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_PROBES_H */
