/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_APPLICATION_GATEWAY_READER_H
#define AZURE_APPLICATION_GATEWAY_READER_H

#include "ns3/azure-application-gateway-configuration.h"
#include "ns3/azure-service-reader.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Reads one application gateway resource into a configuration.
 *
 * What the service fills in when the input leaves it out: at most 20 instances with autoscaling
 * (AG-50), a request timeout of 20 s (AG-26) and the same for layer 4, probes every 30 s that fail
 * after 30 s and three times (HP-20), both kinds of buffering (AG-28), rewrite rules in sequence
 * 100.
 *
 * A certificate is taken as an identity: its content is not read, so that its subject stays
 * empty, save that of a client's CA whose issuer the service shows.
 */
class ApplicationGatewayReader : public ServiceReader
{
  public:
    using ServiceReader::ServiceReader;

    /**
     * @brief Reads the resource.
     * @throws ResourceError when it is wrong
     */
    void Read();

    /**
     * @brief Adds a network interface to a pool.
     * @param reference reference to the pool
     * @param address its address
     * @return name of the pool
     * @throws ResourceError when there is no such pool
     */
    std::string AddMember(const ResourceView& reference, const IpAddress& address);

    /**
     * @return whether there are frontends, but all of them are IPv6
     */
    bool IsWholeIpv6() const;

    DeployedApplicationGateway m_result; //!< what was read

  private:
    void ReadScale(const ResourceView& view);          //!< @param view the gateway
    void ReadSubnet(const ResourceView& view);         //!< @param view the gateway
    void ReadFrontend(const ResourceView& view);       //!< @param view a frontend
    void ReadPort(const ResourceView& view);           //!< @param view a frontend port
    void ReadCertificates(const ResourceView& view);   //!< @param view the gateway
    void ReadSslProfile(const ResourceView& view);     //!< @param view an SSL profile
    void ReadGlobal(const ResourceView& view);         //!< @param view the gateway
    void ReadPool(const ResourceView& view);           //!< @param view a pool
    void ReadSettings(const ResourceView& view);       //!< @param view a backend setting
    void ReadProbe(const ResourceView& view);          //!< @param view a probe
    void ReadListener(const ResourceView& view);       //!< @param view a listener
    void ReadRedirect(const ResourceView& view);       //!< @param view a redirect
    void ReadRewriteSet(const ResourceView& view);     //!< @param view a rewrite set
    void ReadPathMap(const ResourceView& view);        //!< @param view a URL path map
    void ReadRule(const ResourceView& view);           //!< @param view a request routing rule
    void ReadLayer4Settings(const ResourceView& view); //!< @param view a setting of layer 4
    void ReadLayer4Listener(const ResourceView& view); //!< @param view a listener of layer 4
    void ReadLayer4Rule(const ResourceView& view);     //!< @param view a routing rule of layer 4

    /**
     * @brief Reads the members that a pool lists by address or domain name.
     * @param view the pool
     * @param[out] pool receives them
     */
    void ReadMembers(const ResourceView& view, ApplicationGatewayBackendAddressPool& pool);

    /**
     * @brief Reads a rule of a rewrite set.
     * @param view the rule
     * @param path where it goes in the configuration
     * @return the rule
     */
    RewriteRule ReadRewriteRule(const ResourceView& view, const std::string& path);

    /**
     * @param view an action set
     * @param name which list of headers
     * @return the headers
     */
    std::vector<HeaderConfiguration> ReadHeaders(const ResourceView& view, const std::string& name);

    /// Where requests go: names of parts, empty where the input names none.
    struct Destination
    {
        std::string pool;     //!< backendAddressPool
        std::string settings; //!< backendHttpSettings
        std::string redirect; //!< redirectConfiguration
        std::string rewrite;  //!< rewriteRuleSet
    };

    /**
     * @brief Reads where requests go, which rules, path rules and path maps have in common.
     * @param view the rule, path rule or path map
     * @param isDefault whether it is a path map, whose members begin with "default"
     * @return where they go
     */
    Destination ReadDestination(const ResourceView& view, bool isDefault);

    /**
     * @brief Reads a list of parts; one that has no effect is noted.
     * @param owner what holds the list
     * @param list name of the list
     * @param what what one part is called
     * @param read reads one part
     */
    void ReadParts(const ResourceView& owner,
                   const std::string& list,
                   const std::string& what,
                   const std::function<void(const ResourceView&)>& read);

    /**
     * @brief Takes a part into the configuration, and remembers where it was read.
     * @tparam T type of the part
     * @param view where it was read
     * @param list name of the list, or the path to it
     * @param parts the parts of that kind
     * @param part the part
     */
    template <typename T>
    void Take(const ResourceView& view,
              const std::string& list,
              std::vector<T>& parts,
              const T& part)
    {
        m_paths.Add(list + "[" + std::to_string(parts.size()) + "]", view);
        parts.push_back(part);
    }

    /**
     * @tparam T a struct with a `name`
     * @param reference reference to a part of this gateway
     * @param list name of the list that the part is in
     * @param parts the parts of that list
     * @param what what the part is called, for errors
     * @return name of the part; empty: there is no reference
     * @throws ResourceError when there is no such part, or it has no effect
     */
    template <typename T>
    std::string Refer(const ResourceView& reference,
                      const std::string& list,
                      const std::vector<T>& parts,
                      const std::string& what) const
    {
        if (!reference.Exists())
        {
            return "";
        }
        CheckReference(reference, list, what);
        return ResolvePart(reference, parts, what);
    }

    /**
     * @brief Checks which list a reference leads to, and that its part has an effect.
     * @param reference reference to a part of this gateway
     * @param list name of the list that the part has to be in
     * @param what what the part is called, for errors
     * @throws ResourceError when it is in another list, or has no effect
     */
    void CheckReference(const ResourceView& reference,
                        const std::string& list,
                        const std::string& what) const;

    /**
     * @brief Reads what listeners of both layers have in common.
     * @tparam T HttpListener or ApplicationGatewayListener
     * @param view the listener
     * @param[out] listener gets it
     */
    template <typename T>
    void ReadListenerParts(const ResourceView& view, T& listener)
    {
        listener.name = view.GetName();
        listener.frontendIpConfiguration = Refer(view.Get("frontendIPConfiguration"),
                                                 "frontendIPConfigurations",
                                                 Get().frontendIpConfigurations,
                                                 "frontend");
        listener.frontendPort =
            Refer(view.Get("frontendPort"), "frontendPorts", Get().frontendPorts, "frontend port");
        for (const auto& host : view.Get("hostNames").GetElements())
        {
            listener.hostNames.push_back(host.GetText());
        }
        listener.sslCertificate = Refer(view.Get("sslCertificate"),
                                        "sslCertificates",
                                        Get().sslCertificates,
                                        "certificate");
        listener.sslProfile =
            Refer(view.Get("sslProfile"), "sslProfiles", Get().sslProfiles, "SSL profile");
    }

    /**
     * @param view a backend setting of either layer
     * @return names of the root certificates that it trusts
     */
    std::vector<std::string> ReadTrustedRoots(const ResourceView& view);

    /**
     * @param view a number of seconds
     * @param fallback what absence means, seconds
     * @return the time
     */
    static Time ReadSeconds(const ResourceView& view, int64_t fallback);

    /// Which protocols a part can have.
    enum class Protocols
    {
        Requests, //!< Http and Https
        Layer4,   //!< Tcp and Tls
        Any       //!< all of them
    };

    /**
     * @param view something with a `protocol`
     * @param which which ones are good
     * @return the protocol
     * @throws ResourceError when it is missing, or not one of them
     */
    ApplicationGatewayProtocol ReadProtocol(const ResourceView& view,
                                            Protocols which = Protocols::Requests) const;

    /// @return the configuration
    ApplicationGatewayConfiguration& Get();

    std::set<std::string> m_skipped; //!< parts without effect, "list/name" in lower case
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_APPLICATION_GATEWAY_READER_H */
