/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_APPLICATION_GATEWAY_H
#define AZURE_APPLICATION_GATEWAY_H

#include "azure-application-gateway-instance.h"
#include "azure-gateway-instance-state.h"
#include "azure-gateway-scale.h"
#include "azure-gateway-totals.h"

#include "ns3/azure-configuration-error.h"
#include "ns3/callback.h"
#include "ns3/node.h"
#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace azure
{

class GatewayFleet;

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
 *
 * With an autoscaleConfiguration the instances that were added are as many as there may be: the
 * least number runs from the start, the others stand by. Every MeasurementInterval the load is
 * measured (AG-51); instances that are wanted take connections ScaleOutDelay later (AG-52), and go,
 * with draining, when fewer were enough all through ScaleInDelay. Otherwise all of them run.
 *
 * Running instances are spread over the zones of the configuration (AG-56). When one dies, the
 * front goes on sending to it for FailureDetection; ScaleOutDelay after its death another one takes
 * connections in its place, in a zone that works.
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

    /// Told of instances that connections may be sent to, and of those that they may not.
    using FrontCallback = Callback<void, uint32_t, GatewayFrontAction>;

    /**
     * @brief Have whoever spreads connections told of the instances that come and go.
     *
     * @param front told of the index of an instance and what becomes of it; those that run from
     *        the start are not told of
     */
    void SetFront(const FrontCallback& front);

    /**
     * @name Questions
     * @{
     */

    /**
     * @param index index of an instance
     * @return what it is doing
     */
    GatewayInstanceState GetState(uint32_t index) const;

    /**
     * @param index index of an instance
     * @return its zone (AG-56); empty for one that is not there
     */
    std::string GetZone(uint32_t index) const;

    /**
     * @return instances that take connections
     */
    uint32_t GetRunningCount() const;

    /**
     * @return what clients have asked of all instances so far
     */
    GatewayTotals GetTotals() const;

    /**
     * @return clients' connections that are open
     */
    uint32_t GetConnectionCount() const;

    /**
     * @return what turns a load into capacity units and instances (AG-51)
     */
    const GatewayScale& GetScale() const;

    /** @} */

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

    /**
     * @brief Take another configuration (AG-49): new connections follow it at once; those that are
     *        open end after what they are just doing, or after the draining timeout.
     *
     * Changes of pools that were made with AddMember() and RemoveMember() are forgotten. The
     * frontend addresses and ports of the listeners must remain, as the front knows them alone.
     *
     * @param configuration what to be
     * @return every error found; empty when the configuration was taken
     */
    std::vector<ConfigurationError> Update(const ApplicationGatewayConfiguration& configuration);

    /** @} */

    /**
     * @name Faults and maintenance
     * @{
     */

    /**
     * @brief An instance dies without a word (AG-56).
     *
     * @param index index of the instance
     * @return whether it was there
     */
    bool CrashInstance(uint32_t index);

    /**
     * @brief A zone fails: its instances die, and no new ones come there (AG-56).
     *
     * @param zone name of the zone
     * @return whether it is one of the gateway's zones
     */
    bool FailZone(const std::string& zone);

    /**
     * @brief A zone works again. Instances that could be nowhere else begin at once.
     *
     * @param zone name of the zone
     * @return whether it is one of the gateway's zones
     */
    bool RestoreZone(const std::string& zone);

    /**
     * @brief Update all instances, one update domain after the other (AG-57).
     *
     * Instance i is in domain i modulo UpdateDomains. Those of a domain drain for at most
     * MaintenanceDrain, are away for MaintenanceTime, and take connections again before the next
     * domain begins.
     *
     * @return whether it begins: it does not while one is under way
     */
    bool Maintain();

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

    /**
     * @brief Callback of `InstanceState`.
     * @param instance index of the instance
     * @param before what it did until now
     * @param after what it does from now on
     */
    typedef void (*InstanceStateCallback)(uint32_t instance,
                                          GatewayInstanceState before,
                                          GatewayInstanceState after);

    /**
     * @brief Callback of `Front`.
     * @param instance index of the instance
     * @param action what the front was told of it
     */
    typedef void (*FrontTraceCallback)(uint32_t instance, GatewayFrontAction action);

    /**
     * @brief Callback of `Load`.
     * @param load what there is to carry
     * @param wanted instances that it asks for, within the bounds of the configuration
     */
    typedef void (*LoadCallback)(const GatewayLoad& load, uint32_t wanted);

  protected:
    void DoDispose() override;

  private:
    friend class GatewayFleet;

    /**
     * @brief Give an instance its engine and listen to it.
     *
     * @param instance an instance
     * @param index its index
     */
    void SetUp(Ptr<ApplicationGatewayInstance> instance, uint32_t index);

    /**
     * @param configuration a valid configuration
     * @return address and port of all its listeners
     */
    static std::set<std::pair<IpAddress, uint16_t>> GetFrontends(
        const ApplicationGatewayConfiguration& configuration);

    /**
     * @param instance index of an instance
     * @param before what it did until now
     * @param after what it does from now on
     */
    void ReportState(uint32_t instance, GatewayInstanceState before, GatewayInstanceState after);

    /**
     * @param instance index of an instance
     * @param action what becomes of it for the front
     */
    void ReportFront(uint32_t instance, GatewayFrontAction action);

    /**
     * @param load what was measured
     * @param wanted instances that it asks for
     */
    void ReportLoad(const GatewayLoad& load, uint32_t wanted);

    uint64_t m_affinitySeed{0};      //!< attribute AffinitySeed
    bool m_retry{true};              //!< attribute Retry
    bool m_retryNonIdempotent{true}; //!< attribute RetryNonIdempotent
    uint32_t m_maxReroutes{0};       //!< attribute MaxReroutes
    Time m_scaleOutDelay;            //!< attribute ScaleOutDelay
    Time m_scaleInDelay;             //!< attribute ScaleInDelay
    Time m_measurementInterval;      //!< attribute MeasurementInterval
    Time m_failureDetection;         //!< attribute FailureDetection
    Time m_warmUp;                   //!< attribute WarmUp
    Time m_maintenanceDrain;         //!< attribute MaintenanceDrain
    Time m_maintenanceTime;          //!< attribute MaintenanceTime
    uint32_t m_updateDomains{0};     //!< attribute UpdateDomains

    ApplicationGatewayConfiguration m_empty;            //!< answer before SetConfiguration()
    std::shared_ptr<const RequestRouter> m_router;      //!< the configuration, compiled
    std::unique_ptr<GatewayFleet> m_fleet;              //!< the instances
    FrontCallback m_front;                              //!< told of those that come and go
    std::vector<Ptr<UniformRandomVariable>> m_traceIds; //!< identities, by instance

    /// See trace source InstanceState.
    TracedCallback<uint32_t, GatewayInstanceState, GatewayInstanceState> m_stateTrace;
    /// See trace source Front.
    TracedCallback<uint32_t, GatewayFrontAction> m_frontTrace;
    /// See trace source Load.
    TracedCallback<const GatewayLoad&, uint32_t> m_loadTrace;

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
