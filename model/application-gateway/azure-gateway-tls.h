/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_TLS_H
#define AZURE_GATEWAY_TLS_H

#include "azure-gateway-request.h"
#include "azure-request-router.h"

#include "ns3/azure-tls-configuration.h"
#include "ns3/azure-tls-engine.h"

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
 * @brief What one instance of a gateway tells TLS: which certificate a client gets, whose
 *        certificates are believed, what a client's certificate is worth (AG-43 to AG-46).
 *
 * Pure. Sessions for resumption are the instance's own. Not a public header.
 */
class GatewayTls
{
  public:
    /**
     * @param router the configuration, compiled
     */
    explicit GatewayTls(std::shared_ptr<const RequestRouter> router);

    /**
     * @param configuration a gateway
     * @return whether any of its listeners or backend settings is for HTTPS or TLS
     */
    static bool IsNeeded(const ApplicationGatewayConfiguration& configuration);

    /**
     * @param frontend an address
     * @param port a port
     * @return whether listeners for HTTPS or TLS are there
     */
    bool IsSecure(const IpAddress& frontend, uint16_t port) const;

    /**
     * @brief What to tell TLS about a client: the listener's certificate is chosen by SNI, without
     *        a match it is that of the first listener there in the order of the rules (AG-44).
     *
     * @param frontend address that the client connected to, of listeners for HTTPS or TLS
     * @param port port that it connected to
     * @return the configuration
     */
    std::shared_ptr<const TlsServerConfiguration> MakeServer(const IpAddress& frontend,
                                                             uint16_t port) const;

    /**
     * @brief What to tell TLS about a member: a session of its own, the chain, expiry and name are
     *        checked as the backend setting says (AG-43).
     *
     * @param setting index of the backend setting
     * @param member text of the member
     * @param serverName SNI, and name that the certificate must have; empty: none
     * @return the configuration
     */
    std::shared_ptr<const TlsClientConfiguration> MakeClient(uint32_t setting,
                                                             const std::string& member,
                                                             const std::string& serverName) const;

    /**
     * @brief The name that a member is asked for: that of the backend setting, else the Host that
     *        it sees; none where that is an address.
     *
     * @param setting a backend setting
     * @param host the Host field, perhaps with a port
     * @return the name; empty for none
     */
    static std::string GetServerName(const BackendHttpSettings& setting, const std::string& host);

    /**
     * @brief Enter what the handshake says into a request (AG-46).
     *
     * @param agreement what the handshake came to
     * @param request frontend and port are given; gets the rest
     */
    void Complete(const TlsAgreement& agreement, GatewayRequest& request) const;

    /**
     * @brief What the handshake itself does not look at: the issuer of a client's certificate.
     *
     * @param agreement what the handshake came to
     * @param frontend address that the client connected to, of listeners for TLS
     * @param port port that it connected to
     * @return whether the listener takes the client (AG-45)
     */
    bool AcceptsCertificate(const TlsAgreement& agreement,
                            const IpAddress& frontend,
                            uint16_t port) const;

  private:
    /**
     * @param name name of a profile
     * @param shown a client's certificate
     * @return whether its issuer is as the profile wants it
     */
    bool IsIssuerKnown(const std::string& name, const TlsCertificate& shown) const;

    /**
     * @param frontend an address
     * @param port a port
     * @param serverName SNI; empty: none
     * @return index of the listener whose certificate is shown
     */
    uint32_t FindListener(const IpAddress& frontend,
                          uint16_t port,
                          const std::string& serverName) const;

    /**
     * @tparam L type of a listener
     * @param listener a listener for HTTPS or TLS
     * @param answers a client without a good certificate gets an answer, and no alert
     * @return what to tell TLS of its clients
     */
    template <typename L>
    std::shared_ptr<const TlsServerConfiguration> MakeListener(const L& listener,
                                                               bool answers) const;

    /**
     * @param layer4 which layer
     * @return who takes which request, or connection
     */
    const ListenerMatcher& GetMatcher(bool layer4) const;

    std::shared_ptr<const RequestRouter> m_router;      //!< the configuration
    std::shared_ptr<TlsSessionCache> m_clientSessions;  //!< with clients
    std::shared_ptr<TlsSessionCache> m_backendSessions; //!< with members
    std::vector<std::shared_ptr<const TlsServerConfiguration>>
        m_listeners; //!< by listener; null for HTTP
    std::vector<std::shared_ptr<const TlsServerConfiguration>>
        m_layer4; //!< by listener of layer 4; null for TCP
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_TLS_H */
