/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_APPLICATION_GATEWAY_CONFIGURATION_H
#define AZURE_APPLICATION_GATEWAY_CONFIGURATION_H

#include "azure-application-gateway-layer4.h"
#include "azure-backend-http-settings.h"
#include "azure-rewrite-rule-set.h"

#include "ns3/azure-configuration-error.h"
#include "ns3/azure-http-message.h"
#include "ns3/azure-ip-address.h"
#include "ns3/azure-tls-trust-store.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief The product variant of an application gateway (AG-4).
 */
enum class ApplicationGatewayTier
{
    StandardV2, //!< Standard_v2, the default of this model
    WafV2,      //!< WAF_v2; the firewall itself is not modelled
    Basic,      //!< Basic, a small v2
    Standard,   //!< v1, retired on 2026-04-28
    Waf         //!< v1 with firewall, retired on 2026-04-28
};

/**
 * @ingroup azure-load-balancing
 * @brief Variant and fixed size (AG-4, AG-50).
 */
struct ApplicationGatewaySku
{
    std::string name;                                                //!< for reports
    ApplicationGatewayTier tier{ApplicationGatewayTier::StandardV2}; //!< AG-4
    std::optional<uint32_t> capacity; //!< instances; none with autoscaling
};

/**
 * @ingroup azure-load-balancing
 * @brief Bounds of the number of instances (AG-50).
 */
struct AutoscaleConfiguration
{
    uint32_t minCapacity{0};  //!< 0 to 125
    uint32_t maxCapacity{20}; //!< 0 to 125, not below the least
};

/**
 * @ingroup azure-load-balancing
 * @brief An address at which clients reach the gateway (AG-6).
 */
struct ApplicationGatewayFrontendIpConfiguration
{
    std::string name;    //!< unique among the frontends
    IpAddress address;   //!< the address clients connect to
    bool isPublic{true}; //!< public IP, as opposed to an address of the gateway's subnet
    std::optional<Time> idleTimeout; //!< of the public IP, 4 to 30 min; unset: 4 min (AG-33)

    /**
     * @return how long a client's connection may be idle: a private frontend's is 5 min (AG-33)
     */
    Time GetIdleTimeout() const;
};

/**
 * @ingroup azure-load-balancing
 * @brief A port that listeners refer to (AG-9).
 */
struct FrontendPort
{
    std::string name; //!< unique among the ports
    uint16_t port{0}; //!< 1 to 65199, v1: to 65502
};

/**
 * @ingroup azure-load-balancing
 * @brief A certificate, as an identity (AG-43 to AG-45).
 *
 * Server certificates, trusted roots and CAs of client certificates alike.
 */
struct ApplicationGatewayCertificate
{
    std::string name;            //!< unique in its collection
    std::string subject;         //!< whom it names, for example `*.contoso.com`
    TlsCertificateChain chain{}; //!< the certificate itself, then its issuers; empty: see below

    /**
     * @brief As the certificate of a server; without a chain, one for its subject that
     *        MakeTlsPublicRoot() has issued.
     *
     * @param hosts hosts of its listener, which take the place of an empty subject
     * @return the chain to show
     */
    TlsCertificateChain GetServerChain(const std::vector<std::string>& hosts) const;

    /**
     * @return as an authority; without a chain, the root of the name of its subject, or of its own
     *         name where that is empty
     */
    TlsCertificate GetAuthority() const;
};

/**
 * @ingroup azure-load-balancing
 * @brief How strictly client certificates are looked at (AG-45).
 */
enum class ClientAuthMode
{
    Strict,     //!< the handshake needs a certificate that chains to an uploaded CA
    Passthrough //!< a certificate is asked for and never blocks
};

/**
 * @ingroup azure-load-balancing
 * @brief Mutual authentication for the listeners that name it (AG-45).
 */
struct SslProfile
{
    std::string name;                                            //!< unique among the profiles
    std::vector<std::string> trustedClientCertificates;          //!< names of CAs of clients
    ClientAuthMode verifyClientAuthMode{ClientAuthMode::Strict}; //!< AG-45
    bool verifyClientCertIssuerDn{false}; //!< the issuer's name must match too

    /**
     * @return whether clients are asked for certificates
     */
    bool AsksForCertificates() const;

    /**
     * @return whether requests without a good one are refused
     */
    bool NeedsGoodCertificates() const;
};

/**
 * @ingroup azure-load-balancing
 * @brief Where the gateway takes requests: address, port, protocol and host (AG-9).
 */
struct HttpListener
{
    std::string name;                                                      //!< unique
    std::string frontendIpConfiguration;                                   //!< name of a frontend
    std::string frontendPort;                                              //!< name of a port
    ApplicationGatewayProtocol protocol{ApplicationGatewayProtocol::Http}; //!< Http or Https
    std::string hostName;               //!< one host; empty with hostNames or for a basic listener
    std::vector<std::string> hostNames; //!< up to 5 hosts with wildcards (AG-10)
    std::string sslCertificate;         //!< name of a certificate; Https only
    std::string sslProfile;             //!< name of a profile; empty: no client certificates
    bool requireServerNameIndication{false}; //!< v1: reset without SNI (AG-44)

    /**
     * @return all hosts; none for a basic listener, which takes any
     */
    std::vector<std::string> GetHosts() const;
};

/**
 * @ingroup azure-load-balancing
 * @brief The status of a redirect (AG-18).
 */
enum class RedirectType
{
    Permanent, //!< 301
    Found,     //!< 302
    SeeOther,  //!< 303
    Temporary  //!< 307
};

/**
 * @ingroup azure-load-balancing
 * @brief Sends clients to another listener or another site (AG-18).
 */
struct RedirectConfiguration
{
    std::string name;                                   //!< unique among the redirects
    RedirectType redirectType{RedirectType::Permanent}; //!< status of the answer
    std::string targetListener;                         //!< name of a listener; or empty
    std::string targetUrl;                              //!< another site; or empty
    bool includePath{false};                            //!< keep the path; to another listener only
    bool includeQueryString{false};                     //!< keep the query
};

/**
 * @ingroup azure-load-balancing
 * @brief Paths of a URL path map and where their requests go (AG-14).
 */
struct PathRule
{
    std::string name;                  //!< unique in its map
    std::vector<std::string> paths;    //!< patterns (AG-15)
    std::string backendAddressPool;    //!< name of a pool; empty with a redirect
    std::string backendHttpSettings;   //!< name of a backend setting; empty with a redirect
    std::string redirectConfiguration; //!< name of a redirect; or empty
    std::string rewriteRuleSet;        //!< name of a rewrite set; or empty
};

/**
 * @ingroup azure-load-balancing
 * @brief Routes requests by their path (AG-14 to AG-17).
 */
struct UrlPathMap
{
    std::string name;                         //!< unique among the maps
    std::vector<PathRule> pathRules;          //!< the first that matches is taken (AG-16)
    std::string defaultBackendAddressPool;    //!< for all other paths
    std::string defaultBackendHttpSettings;   //!< for all other paths
    std::string defaultRedirectConfiguration; //!< instead of pool and setting
    std::string defaultRewriteRuleSet;        //!< for all other paths
};

/**
 * @ingroup azure-load-balancing
 * @brief Whether a rule looks at the path (AG-14).
 */
enum class RequestRoutingRuleType
{
    Basic,           //!< one pool and setting, or a redirect
    PathBasedRouting //!< a URL path map
};

/**
 * @ingroup azure-load-balancing
 * @brief Ties a listener to where its requests go (AG-11, AG-14).
 */
struct RequestRoutingRule
{
    std::string name;                                               //!< unique among the rules
    RequestRoutingRuleType ruleType{RequestRoutingRuleType::Basic}; //!< AG-14
    std::optional<uint32_t> priority;  //!< 1 (first) to 20000 (last); v1 has none (AG-11)
    std::string httpListener;          //!< name of the listener
    std::string backendAddressPool;    //!< Basic: name of a pool
    std::string backendHttpSettings;   //!< Basic: name of a backend setting
    std::string redirectConfiguration; //!< Basic: a redirect instead of pool and setting
    std::string rewriteRuleSet;        //!< Basic: name of a rewrite set; or empty
    std::string urlPathMap;            //!< PathBasedRouting: name of a map
};

/**
 * @ingroup azure-load-balancing
 * @brief What holds for the whole gateway (AG-28).
 */
struct ApplicationGatewayGlobalConfiguration
{
    bool enableRequestBuffering{true};  //!< the backend gets a request when all of it is there
    bool enableResponseBuffering{true}; //!< the backend is free when all of its response is there
};

/**
 * @ingroup azure-load-balancing
 * @brief Everything that describes one application gateway, with the names of Azure's REST
 *        resource.
 *
 * Parts refer to one another by name, without regard to case, as Azure's resource ids do.
 */
struct ApplicationGatewayConfiguration
{
    std::string name;               //!< resource name
    ApplicationGatewaySku sku;      //!< sku
    std::vector<std::string> zones; //!< zones of the instances; empty: 1, 2 and 3 (AG-56)
    std::optional<AutoscaleConfiguration> autoscaleConfiguration; //!< autoscaleConfiguration
    std::vector<ApplicationGatewayFrontendIpConfiguration>
        frontendIpConfigurations;                              //!< frontendIPConfigurations
    std::vector<FrontendPort> frontendPorts;                   //!< frontendPorts
    std::vector<HttpListener> httpListeners;                   //!< httpListeners
    std::vector<RequestRoutingRule> requestRoutingRules;       //!< requestRoutingRules
    std::vector<ApplicationGatewayListener> listeners;         //!< listeners, of layer 4
    std::vector<ApplicationGatewayRoutingRule> routingRules;   //!< routingRules, of layer 4
    std::vector<UrlPathMap> urlPathMaps;                       //!< urlPathMaps
    std::vector<RedirectConfiguration> redirectConfigurations; //!< redirectConfigurations
    std::vector<RewriteRuleSet> rewriteRuleSets;               //!< rewriteRuleSets
    std::vector<ApplicationGatewayBackendAddressPool> backendAddressPools; //!< backendAddressPools
    std::vector<BackendHttpSettings> backendHttpSettingsCollection;        //!< the backend settings
    std::vector<ApplicationGatewayBackendSettings> backendSettingsCollection; //!< those of layer 4
    std::vector<ApplicationGatewayProbe> probes;                              //!< probes
    std::vector<ApplicationGatewayCertificate> sslCertificates;               //!< sslCertificates
    std::vector<ApplicationGatewayCertificate> trustedRootCertificates; //!< trustedRootCertificates
    std::vector<ApplicationGatewayCertificate>
        trustedClientCertificates;                             //!< trustedClientCertificates
    std::vector<SslProfile> sslProfiles;                       //!< sslProfiles
    ApplicationGatewayGlobalConfiguration globalConfiguration; //!< globalConfiguration
    bool enableHttp2{false};                                   //!< accepted, not modelled (AG-25)

    /**
     * @return whether this is a v1 gateway, which has neither priorities nor wildcards
     */
    bool IsV1() const;

    /**
     * @return the instances that run at the start: the fixed number, or the least of autoscaling,
     *         in v2 at least 2 (AG-7)
     */
    uint32_t GetInitialInstances() const;

    /**
     * @return the most instances that there can be: the fixed number, or the most of autoscaling,
     *         not below those at the start
     */
    uint32_t GetMostInstances() const;

    /**
     * @name Backend settings of both layers
     * They are counted in one row: those of backendHttpSettingsCollection, then those of
     * backendSettingsCollection.
     * @{
     */

    /**
     * @param setting index of a backend setting
     * @return the setting, if it is one of layer 4; else null
     */
    const ApplicationGatewayBackendSettings* FindLayer4Setting(uint32_t setting) const;

    /**
     * @param name name of a backend setting of layer 4
     * @return its index in the row
     */
    std::optional<uint32_t> FindLayer4Setting(const std::string& name) const;

    /**
     * @param setting index of a backend setting
     * @return its name for traces and reports, with `/layer-4` behind it where a setting of the
     *         other collection has the same
     */
    std::string GetSettingName(uint32_t setting) const;

    /**
     * @param setting index of a backend setting
     * @return name of its probe; empty: the default one
     */
    const std::string& GetSettingProbe(uint32_t setting) const;

    /**
     * @param setting index of a backend setting
     * @return what its members speak
     */
    ApplicationGatewayProtocol GetSettingProtocol(uint32_t setting) const;

    /**
     * @param setting index of a backend setting
     * @return port of its members
     */
    uint16_t GetSettingPort(uint32_t setting) const;

    /**
     * @param setting index of a backend setting
     * @return how long a member that is removed may finish what it has begun (AG-47, AG-60)
     */
    Time GetDrainTimeout(uint32_t setting) const;

    /**
     * @param setting index of a backend setting
     * @return whose certificates its members may have: its trusted roots, without any those that
     *         are trusted everywhere (AG-43)
     */
    TlsTrustStore GetBackendTrust(uint32_t setting) const;

    /** @} */

    /**
     * @brief Give priorities to rules where no rule has one, as in resources of before 2021.
     *
     * By the older texts (AG-12): single hosts first, then wildcards, then basic listeners, each
     * in the order of listing. Does nothing for v1 and where any rule has a priority.
     *
     * @return whether priorities were given
     */
    bool CompletePriorities();

    /**
     * @brief Checks everything that Azure would refuse.
     *
     * Paths name the REST field, for example `httpListeners[0].frontendPort`.
     *
     * @return every error found; empty when the configuration can be used
     */
    std::vector<ConfigurationError> Validate() const;
};

/**
 * @ingroup azure-load-balancing
 * @brief Find a part of a gateway by its name.
 *
 * @param items a collection
 * @param name a name; compared without regard to case
 * @return index of the item of that name
 */
template <typename T>
std::optional<uint32_t>
FindByName(const std::vector<T>& items, const std::string& name)
{
    for (uint32_t index = 0; index < items.size(); ++index)
    {
        if (HttpTokensEqual(items[index].name, name))
        {
            return index;
        }
    }
    return std::nullopt;
}

} // namespace azure
} // namespace ns3

#endif /* AZURE_APPLICATION_GATEWAY_CONFIGURATION_H */
