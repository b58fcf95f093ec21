/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_LISTENER_MATCHER_H
#define AZURE_LISTENER_MATCHER_H

#include "azure-application-gateway-configuration.h"
#include "azure-host-pattern.h"

#include "ns3/azure-ip-address.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What came of looking for a listener.
 */
enum class ListenerMatchResult
{
    Matched,       //!< a listener with a rule takes the request
    NotListening,  //!< no listener at that address and port
    WrongProtocol, //!< plain HTTP at a listener for HTTPS, or the other way round (AG-40)
    NoHost         //!< no listener there takes that host (AG-13)
};

/**
 * @ingroup azure-load-balancing
 * @brief A listener, and the rule that it belongs to.
 */
struct ListenerMatch
{
    ListenerMatchResult result{ListenerMatchResult::NotListening}; //!< what came of it
    uint32_t listener{0};                                          //!< index; only when matched
    uint32_t rule{0};                                              //!< index; only when matched
};

/**
 * @ingroup azure-load-balancing
 * @brief Finds the listener of a request (AG-9 to AG-13).
 *
 * The rules are looked through by priority, in v1 in the order of listing; the first whose
 * listener takes address, port, protocol and host serves the request. A listener without a rule
 * accepts connections, but takes no request. The same holds for connections at layer 4, where a
 * host is known by SNI alone (AG-59).
 */
class ListenerMatcher
{
  public:
    /**
     * @param configuration a configuration without errors
     */
    explicit ListenerMatcher(const ApplicationGatewayConfiguration& configuration);

    /**
     * @param configuration a configuration without errors
     * @return finds the listeners of layer 4; its listeners and rules are those
     */
    static ListenerMatcher ForLayer4(const ApplicationGatewayConfiguration& configuration);

    /**
     * @param frontend an address
     * @param port a port
     * @return whether there is a listener
     */
    bool IsListening(const IpAddress& frontend, uint16_t port) const;

    /**
     * @param frontend address that the client connected to
     * @param port port that the client connected to
     * @param tls whether the connection is TLS
     * @param host the host asked for, in lower case, without port
     * @return listener and rule, or why there is none
     */
    ListenerMatch Match(const IpAddress& frontend,
                        uint16_t port,
                        bool tls,
                        const std::string& host) const;

    /**
     * @param frontend an address
     * @param port a port
     * @return whether the listeners there are for HTTPS
     */
    bool IsTls(const IpAddress& frontend, uint16_t port) const;

    /**
     * @brief Choose by SNI whose certificate a client gets (AG-44).
     *
     * @param frontend address that it connected to, of listeners for HTTPS
     * @param port port that it connected to
     * @param serverName SNI in lower case; empty: none
     * @return index of the first listener that takes that name, else of the first one there, in the
     *         order of the rules
     */
    uint32_t FindByServerName(const IpAddress& frontend,
                              uint16_t port,
                              const std::string& serverName) const;

  private:
    /// A listener with its rule.
    struct Entry
    {
        uint32_t listener;              //!< index of the listener
        uint32_t rule;                  //!< index of the rule
        std::vector<HostPattern> hosts; //!< none: any host
    };

    /// What is at one address and port.
    struct Socket
    {
        bool tls{false};            //!< HTTPS
        uint32_t any{0};            //!< index of some listener there, where none has a rule
        std::vector<Entry> entries; //!< in the order of evaluation
    };

    ListenerMatcher() = default;

    /**
     * @tparam L type of a listener
     * @tparam R type of a rule
     * @param configuration the configuration
     * @param listeners its listeners
     * @param rules its rules
     * @param listenerOf what of a rule names its listener
     */
    template <typename L, typename R>
    void Fill(const ApplicationGatewayConfiguration& configuration,
              const std::vector<L>& listeners,
              const std::vector<R>& rules,
              std::string R::* listenerOf);

    std::map<std::pair<IpAddress, uint16_t>, Socket> m_sockets; //!< by address and port
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_LISTENER_MATCHER_H */
