/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_APPLICATION_GATEWAY_ENGINE_H
#define AZURE_APPLICATION_GATEWAY_ENGINE_H

#include "azure-application-gateway-verdict.h"
#include "azure-backend-chooser.h"
#include "azure-backend-pool-change.h"
#include "azure-gateway-request.h"
#include "azure-gateway-session-verdict.h"
#include "azure-request-router.h"
#include "azure-retry-policy.h"

#include "ns3/nstime.h"
#include "ns3/ptr.h"
#include "ns3/random-variable-stream.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What Azure's resource does not say and a model has to choose.
 */
struct ApplicationGatewayEngineSettings
{
    uint64_t affinitySeed{0}; //!< seed of affinity cookies; the same for all instances (AG-22)
    RetrySettings retry;      //!< second tries (AG-38)
};

/**
 * @ingroup azure-load-balancing
 * @brief Decides for one instance of an application gateway: which member, which answer.
 *
 * Pure: it knows no simulator, no sockets and no network; time is an argument and must never go
 * back. Each instance has an engine of its own, with its own turn of the members (AG-21) and its
 * own view of their health (HP-27); all share one router.
 *
 * For each request: Route(). When a try at a member fails before a response: Retry(). When a
 * response comes: FinishResponse(). Pools and backend settings are named by their index in the
 * configuration, members by ApplicationGatewayBackendAddress::GetText().
 */
class ApplicationGatewayEngine
{
  public:
    /**
     * @param router the configuration, compiled
     * @param traceIds where the identities of requests come from (AG-23)
     * @param settings what the configuration does not say
     */
    ApplicationGatewayEngine(
        std::shared_ptr<const RequestRouter> router,
        Ptr<UniformRandomVariable> traceIds,
        const ApplicationGatewayEngineSettings& settings = ApplicationGatewayEngineSettings());

    /**
     * @brief Decide about a request, and move on to the next member in turn.
     *
     * @param request a request
     * @param now the present time
     * @return what to do
     */
    GatewayVerdict Route(const GatewayRequest& request, Time now);

    /**
     * @brief What Route() would say, without doing it; RequestRoute::steps says why.
     *
     * @param request a request
     * @param now the present time
     * @return the verdict; its trace identity is all zeros
     */
    GatewayVerdict Explain(const GatewayRequest& request, Time now) const;

    /**
     * @brief Decide what follows a failed try (AG-37 to AG-39).
     *
     * @param request the request
     * @param failed the verdict that was followed
     * @param failure how it failed
     * @param now the present time
     * @return another member, or the answer
     */
    GatewayVerdict Retry(const GatewayRequest& request,
                         const GatewayVerdict& failed,
                         BackendFailure failure,
                         Time now);

    /**
     * @brief Make of a backend's response what the client gets: affinity cookies (AG-22), then
     *        rewriting (AG-19).
     *
     * @param request the request
     * @param verdict the verdict that was followed
     * @param response the response
     */
    void FinishResponse(const GatewayRequest& request,
                        const GatewayVerdict& verdict,
                        HttpResponseHead& response) const;

    /**
     * @brief Decide about a connection at layer 4, and move on to the next member in turn (AG-59).
     *
     * Members take turns by connection; there is no second try [assumption].
     *
     * @param request a connection
     * @param now the present time
     * @return what to do
     */
    GatewaySessionVerdict RouteSession(const GatewaySessionRequest& request, Time now);

    /**
     * @brief What RouteSession() would say, without doing it; SessionRoute::steps says why.
     *
     * @param request a connection
     * @return the verdict
     */
    GatewaySessionVerdict ExplainSession(const GatewaySessionRequest& request) const;

    /**
     * @name Changes
     * Each returns what it changed.
     * @{
     */

    /**
     * @brief A probe of this instance has reached a verdict, for one server and setting (HP-26).
     *
     * @param setting index of the backend setting
     * @param member the server
     * @param healthy the verdict
     * @return what changed
     */
    BackendPoolChange SetHealthy(uint32_t setting, const std::string& member, bool healthy);

    /**
     * @brief Take all members as healthy or not, where there are no probes.
     *
     * @param healthy the verdict on all of them
     * @return what changed
     */
    BackendPoolChange SetAllHealthy(bool healthy);

    /**
     * @brief Add a server to a pool; it is unhealthy until a probe with the same setting succeeds.
     *
     * @param pool index of the pool
     * @param address the server
     * @return what changed; an error when it is a member already
     */
    BackendPoolChange AddMember(uint32_t pool, const ApplicationGatewayBackendAddress& address);

    /**
     * @brief Remove a server from a pool; it drains (AG-47).
     *
     * @param pool index of the pool
     * @param member the server
     * @param now the present time
     * @return what changed; an error when the pool has no such member
     */
    BackendPoolChange RemoveMember(uint32_t pool, const std::string& member, Time now);

    /** @} */

    /**
     * @param pool index of the pool
     * @param setting index of the backend setting
     * @return the members that new requests may go to, in the order of the pool
     */
    std::vector<std::string> GetEligible(uint32_t pool, uint32_t setting) const;

    /**
     * @return index of the pool and of the backend setting, for each two that a rule brings
     *         together
     */
    std::vector<std::pair<uint32_t, uint32_t>> GetBackends() const;

    /**
     * @param pool index of the pool
     * @return its members, by their texts; without those that drain
     */
    std::vector<std::string> GetMembers(uint32_t pool) const;

    /**
     * @param setting index of a backend setting
     * @param member a server
     * @return the verdict on it; false where no rule brings the two together
     */
    bool IsHealthy(uint32_t setting, const std::string& member) const;

    /**
     * @return the configuration, compiled; without the changes of pools
     */
    const RequestRouter& GetRouter() const;

    /**
     * @return the same, to be kept
     */
    std::shared_ptr<const RequestRouter> ShareRouter() const;

  private:
    /// Pool and backend setting.
    using Key = std::pair<uint32_t, uint32_t>;

    /// A server that is or was a member of a pool.
    struct Member
    {
        ApplicationGatewayBackendAddress address; //!< where it is
        bool present{false};                      //!< whether it is a member now
    };

    /// How a member is found: the next one in turn, or a look at it.
    using Chooser =
        std::function<std::optional<std::string>(const Key&, const std::vector<std::string>&)>;

    /**
     * @brief Decide about a request.
     *
     * @param request a request
     * @param traceId its identity
     * @param explain whether to say why
     * @param now the present time
     * @param choose finds the member in turn
     * @return what to do
     */
    GatewayVerdict Decide(const GatewayRequest& request,
                          const std::string& traceId,
                          bool explain,
                          Time now,
                          const Chooser& choose) const;

    /**
     * @brief Decide about a connection at layer 4.
     *
     * @param request a connection
     * @param explain whether to say why
     * @param choose finds the member in turn
     * @return what to do
     */
    GatewaySessionVerdict DecideSession(const GatewaySessionRequest& request,
                                        bool explain,
                                        const Chooser& choose) const;

    /**
     * @brief Enter a member into a verdict.
     *
     * @param member the member
     * @param verdict what to complete
     */
    void Use(const std::string& member, GatewayVerdict& verdict) const;

    /**
     * @brief Do something to the pools and see what it changed.
     *
     * @param change what to do
     * @return what it changed
     */
    BackendPoolChange Change(const std::function<void()>& change);

    std::shared_ptr<const RequestRouter> m_router;        //!< the configuration, compiled
    Ptr<UniformRandomVariable> m_traceIds;                //!< identities of requests
    ApplicationGatewayEngineSettings m_settings;          //!< what the configuration does not say
    RetryPolicy m_retry;                                  //!< second tries
    std::vector<std::map<std::string, Member>> m_members; //!< by pool: who is or was a member
    std::map<Key, BackendChooser> m_backends;             //!< by pool and setting
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_APPLICATION_GATEWAY_ENGINE_H */
