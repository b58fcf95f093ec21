/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_REQUEST_ROUTER_H
#define AZURE_REQUEST_ROUTER_H

#include "azure-application-gateway-configuration.h"
#include "azure-application-gateway-verdict.h"
#include "azure-gateway-request.h"
#include "azure-listener-matcher.h"
#include "azure-path-map.h"
#include "azure-redirector.h"
#include "azure-rewriter.h"
#include "azure-session-router.h"

#include <cstdint>
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
 * @brief Follows the configuration of a gateway from a request to pool and backend setting.
 *
 * The same for every instance; knows nothing of health or time and never changes.
 */
class RequestRouter
{
  public:
    /**
     * @param configuration a configuration without errors; anything else is a programming error,
     *        see ApplicationGatewayConfiguration::Validate()
     * @param maxReroutes how often a request may go back to the path map (AG-19)
     */
    explicit RequestRouter(const ApplicationGatewayConfiguration& configuration,
                           uint32_t maxReroutes = 10);

    RequestRouter(const RequestRouter&) = delete;
    RequestRouter& operator=(const RequestRouter&) = delete;

    /**
     * @param request a request
     * @param traceId its identity (AG-23)
     * @param explain whether to fill in RequestRoute::steps
     * @return where it goes
     */
    RequestRoute Route(const GatewayRequest& request,
                       const std::string& traceId,
                       bool explain) const;

    /**
     * @brief Rewrite the header fields of a response that a backend made (AG-19).
     *
     * @param request the request
     * @param route where it went
     * @param response the response
     */
    void RewriteResponse(const GatewayRequest& request,
                         const RequestRoute& route,
                         HttpResponseHead& response) const;

    /**
     * @return the configuration
     */
    const ApplicationGatewayConfiguration& GetConfiguration() const;

    /**
     * @return who takes which request
     */
    const ListenerMatcher& GetListeners() const;

    /**
     * @return where connections at layer 4 go
     */
    const SessionRouter& GetSessions() const;

    /**
     * @return pairs of pool and backend setting that rules of both layers bind, each once (HP-22,
     *         HP-26)
     */
    std::vector<std::pair<uint32_t, uint32_t>> GetBackends() const;

  private:
    /**
     * @param request a request
     * @param listener index of its listener
     * @return whether that needs a good client certificate, which the client has not shown (AG-45)
     */
    bool LacksCertificate(const GatewayRequest& request, uint32_t listener) const;

    /// Where a rule, a path rule or the default of a map leads to, by index.
    struct Destination
    {
        std::optional<uint32_t> pool;     //!< pool
        std::optional<uint32_t> setting;  //!< backend setting
        std::optional<uint32_t> redirect; //!< redirect
        std::optional<uint32_t> rewrite;  //!< rewrite set
    };

    /// A routing rule, with names resolved.
    struct Rule
    {
        std::optional<uint32_t> urlPathMap; //!< its URL path map
        Destination destination;            //!< of a basic rule, or default of the map
        std::vector<Destination> pathRules; //!< of the map
        std::optional<PathMap> paths;       //!< which path rule a path belongs to
    };

    /**
     * @param pool name of a pool
     * @param setting name of a backend setting
     * @param redirect name of a redirect
     * @param rewrite name of a rewrite set
     * @return the indices
     */
    Destination Resolve(const std::string& pool,
                        const std::string& setting,
                        const std::string& redirect,
                        const std::string& rewrite) const;

    /**
     * @brief Look a path up and enter what it leads to.
     *
     * @param rule a rule
     * @param path the path
     * @param route gets path rule, redirect, rewrite set, pool and setting
     * @return what matched, if a path rule did
     */
    static std::optional<PathMatch> Enter(const Rule& rule,
                                          const std::string& path,
                                          RequestRoute& route);

    /**
     * @param route where a request goes
     * @return a sentence on the path rule, or on the rule without paths
     */
    std::string Describe(const RequestRoute& route) const;

    ApplicationGatewayConfiguration m_configuration; //!< the configuration
    uint32_t m_maxReroutes;                          //!< most visits to the path map
    ListenerMatcher m_listeners;                     //!< finds listener and rule
    SessionRouter m_sessions;                        //!< the same at layer 4
    std::vector<Rule> m_rules;                       //!< by index
    std::vector<Redirector> m_redirects;             //!< by index
    std::vector<Rewriter> m_rewriters;               //!< by index
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_REQUEST_ROUTER_H */
