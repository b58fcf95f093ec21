/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_BACKEND_HTTP_SETTINGS_H
#define AZURE_BACKEND_HTTP_SETTINGS_H

#include "ns3/azure-ip-address.h"
#include "ns3/azure-tls-trust-store.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What a listener, a backend setting or a probe of an application gateway speaks.
 */
enum class ApplicationGatewayProtocol
{
    Http,  //!< HTTP/1.1 over TCP
    Https, //!< HTTP/1.1 over TLS
    Tcp,   //!< anything over TCP (AG-59)
    Tls    //!< anything over TLS (AG-59)
};

/**
 * @ingroup azure-load-balancing
 * @brief One member of a pool: an address or a domain name.
 */
struct ApplicationGatewayBackendAddress
{
    std::string fqdn;     //!< domain name, resolved by each instance (AG-30); or empty
    IpAddress ipAddress;  //!< address; unset with a domain name
    bool external{false}; //!< reached over the internet, from the public frontend (AG-3)

    /**
     * @return the domain name in lower case, or the text of the address: what the member is
     *         known by in its pool
     */
    std::string GetText() const;
};

/**
 * @ingroup azure-load-balancing
 * @brief A set of servers that rules send requests to.
 */
struct ApplicationGatewayBackendAddressPool
{
    std::string name;                                               //!< unique among the pools
    std::vector<ApplicationGatewayBackendAddress> backendAddresses; //!< the members, in order
};

/**
 * @ingroup azure-load-balancing
 * @brief What happens to the connections of a member that is taken out of its pool (AG-47).
 */
struct ConnectionDraining
{
    bool enabled{false};            //!< whether drainTimeout counts; 30 s if not
    Time drainTimeout{Seconds(30)}; //!< drainTimeoutInSec, 1 to 3600 s
};

/**
 * @ingroup azure-load-balancing
 * @brief How requests are sent to the members of a pool (AG-26).
 */
struct BackendHttpSettings
{
    std::string name;                                                      //!< unique
    uint16_t port{0};                                                      //!< port of the members
    ApplicationGatewayProtocol protocol{ApplicationGatewayProtocol::Http}; //!< AG-43
    bool cookieBasedAffinity{false};            //!< a client stays with its member (AG-22)
    std::string affinityCookieName;             //!< empty: ApplicationGatewayAffinity
    Time requestTimeout{Seconds(20)};           //!< wait for an answer, 1 to 86400 s (AG-26)
    ConnectionDraining connectionDraining;      //!< AG-47
    std::string probe;                          //!< name of a probe; empty: the default one (HP-20)
    std::string hostName;                       //!< Host that members see; empty: the client's
    bool pickHostNameFromBackendAddress{false}; //!< Host is the member's name or address
    std::string path;                           //!< override of the path (AG-27); empty: none
    std::vector<std::string> trustedRootCertificates; //!< names; Https only
    bool dedicatedBackendConnection{false};           //!< one backend connection a client's (AG-24)
    bool validateCertChainAndExpiry{true}; //!< check chain and expiry of certificates (AG-43)
    bool validateSni{true};                //!< check the name in certificates (AG-43)
    std::string sniName; //!< name that members are asked for; empty: the Host that they see

    /**
     * @return what of a member's certificate is looked at (AG-43)
     */
    TlsChecks GetTlsChecks() const;

    /**
     * @return how long a member that is removed may finish what it has begun (AG-47)
     */
    Time GetDrainTimeout() const;

    /**
     * @param member a member of the pool
     * @return how long its answer is waited for: outside at most 4 min (AG-26)
     */
    Time GetRequestTimeout(const ApplicationGatewayBackendAddress& member) const;

    /**
     * @return name of the affinity cookie; the second one has the suffix CORS (AG-22)
     */
    std::string GetAffinityCookieName() const;
};

/**
 * @ingroup azure-load-balancing
 * @brief Which answers pass a probe (HP-21).
 */
struct ApplicationGatewayProbeMatch
{
    std::vector<std::string> statusCodes; //!< codes and ranges such as 200-399; empty: that one
    std::string body;                     //!< text that the body must hold, at most 4090 bytes
};

/**
 * @ingroup azure-load-balancing
 * @brief A custom health probe (HP-21).
 */
struct ApplicationGatewayProbe
{
    std::string name;                                                      //!< unique
    ApplicationGatewayProtocol protocol{ApplicationGatewayProtocol::Http}; //!< what it speaks
    std::string host;               //!< Host header and SNI; empty with the next but one
    std::string path{"/"};          //!< path of the GET
    Time interval{Seconds(30)};     //!< 1 to 86400 s
    Time timeout{Seconds(30)};      //!< 1 to 86400 s
    uint32_t unhealthyThreshold{3}; //!< failures in a row that mark a member down, 1 to 20
    bool pickHostNameFromBackendHttpSettings{false}; //!< Host as the backend setting has it
    bool pickHostNameFromBackendSettings{false};     //!< Tls: SNI as the backend setting has it
    uint16_t port{0};                                //!< 0: that of the backend setting
    uint32_t minServers{0};             //!< members that count as healthy whatever happens
    ApplicationGatewayProbeMatch match; //!< what passes
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_BACKEND_HTTP_SETTINGS_H */
