/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_APPLICATION_GATEWAY_H
#define AZURE_APPLICATION_GATEWAY_H

#include "azure-application-gateway-instance.h"

#include "ns3/azure-configuration-error.h"
#include "ns3/node.h"
#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief One Azure Application Gateway: its instances, their engines, and what they report.
 *
 * Usually made by ApplicationGatewayHelper, which also spreads connections over the instances.
 * By hand: set attributes, SetConfiguration(), AddInstance() for each one.
 *
 * The instances share the configuration; each has its own turn of the members (AG-21) and its own
 * view of their health (HP-27). Members are unhealthy until a probe of the instance succeeds
 * (HP-22) or, where nothing probes, until SetHealthy() or SetAllHealthy() says otherwise.
 */
class ApplicationGateway : public Object
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    ApplicationGateway();
    ~ApplicationGateway() override;

    /**
     * @brief Take a configuration; once, after the attributes and before AddInstance().
     *
     * @param configuration what to be
     * @return every error found; empty when the configuration was taken
     */
    std::vector<ConfigurationError> SetConfiguration(
        const ApplicationGatewayConfiguration& configuration);

    /**
     * @return the configuration, without the changes of pools
     */
    const ApplicationGatewayConfiguration& GetConfiguration() const;

    /**
     * @brief Take over an instance: give it an engine, and install it on a node.
     *
     * @param node a node that has the frontend addresses
     * @param instance an instance without engine
     * @param probes probes the members for it (HP-26); null: nothing does
     * @return its index
     */
    uint32_t AddInstance(Ptr<Node> node,
                         Ptr<ApplicationGatewayInstance> instance,
                         Ptr<GatewayProbes> probes = nullptr);

    /**
     * @return number of instances
     */
    uint32_t GetInstanceCount() const;

    /**
     * @param index index of an instance
     * @return the instance
     */
    Ptr<ApplicationGatewayInstance> GetInstance(uint32_t index) const;

    /**
     * @name Control
     * Names that do not exist change nothing.
     * @{
     */

    /**
     * @brief A probe of an instance has reached a verdict (HP-26, HP-27).
     *
     * @param instance index of the instance
     * @param setting index of the backend setting
     * @param member the server, by its text
     * @param healthy the verdict
     * @return what changed at that instance
     */
    BackendPoolChange SetHealthy(uint32_t instance,
                                 uint32_t setting,
                                 const std::string& member,
                                 bool healthy);

    /**
     * @brief Take all members as healthy or not at all instances, where there are no probes.
     * @param healthy the verdict on all of them
     */
    void SetAllHealthy(bool healthy);

    /**
     * @brief Add a server to a pool, at all instances.
     *
     * @param pool name of the pool
     * @param address the server
     * @return what changed, one an instance
     */
    std::vector<BackendPoolChange> AddMember(const std::string& pool,
                                             const ApplicationGatewayBackendAddress& address);

    /**
     * @brief Remove a server from a pool, at all instances; it drains (AG-47).
     *
     * @param pool name of the pool
     * @param member the server, by its text
     * @return what changed, one an instance
     */
    std::vector<BackendPoolChange> RemoveMember(const std::string& pool, const std::string& member);

    /** @} */

    /**
     * @brief Fix the random variable streams of all instances.
     *
     * @param stream first stream to use
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream);

    /**
     * @brief Callback of `PoolChange`.
     * @param instance index of the instance
     * @param change what a change of membership or health changed there
     */
    typedef void (*PoolChangeCallback)(uint32_t instance, const BackendPoolChange& change);

    /**
     * @brief Callback of `Connections`.
     * @param instance index of the instance
     * @param before its clients' connections until now
     * @param after its clients' connections from now on
     */
    typedef void (*ConnectionsCallback)(uint32_t instance, uint32_t before, uint32_t after);

    /**
     * @brief Callback of `Drop`.
     * @param instance index of the instance
     * @param frontend the address and port it was accepted on
     * @param client the address and port of the client
     * @param reason why it was cut
     */
    typedef void (*DropCallback)(uint32_t instance,
                                 const InetSocketAddress& frontend,
                                 const InetSocketAddress& client,
                                 GatewayDropReason reason);

  protected:
    void DoDispose() override;

  private:
    uint64_t m_affinitySeed{0};      //!< attribute AffinitySeed
    bool m_retry{true};              //!< attribute Retry
    bool m_retryNonIdempotent{true}; //!< attribute RetryNonIdempotent
    uint32_t m_maxReroutes{0};       //!< attribute MaxReroutes

    ApplicationGatewayConfiguration m_empty;                  //!< answer before SetConfiguration()
    std::shared_ptr<const RequestRouter> m_router;            //!< the configuration, compiled
    std::vector<Ptr<ApplicationGatewayInstance>> m_instances; //!< in order
    std::vector<Ptr<UniformRandomVariable>> m_traceIds;       //!< identities, by instance

    /// See trace source Exchange.
    TracedCallback<const GatewayExchangeRecord&> m_exchangeTrace;
    /// See trace source Session.
    TracedCallback<const GatewaySessionRecord&> m_sessionTrace;
    /// See trace source PoolChange.
    TracedCallback<uint32_t, const BackendPoolChange&> m_poolChangeTrace;
    /// See trace source Connections.
    TracedCallback<uint32_t, uint32_t, uint32_t> m_connectionsTrace;
    /// See trace source Drop.
    TracedCallback<uint32_t, const InetSocketAddress&, const InetSocketAddress&, GatewayDropReason>
        m_dropTrace;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_APPLICATION_GATEWAY_H */
