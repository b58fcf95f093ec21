/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_APPLICATION_GATEWAY_LAYER4_H
#define AZURE_APPLICATION_GATEWAY_LAYER4_H

#include "azure-backend-http-settings.h"

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
 * @brief Where the gateway takes connections whose content it does not look at (AG-59).
 */
struct ApplicationGatewayListener
{
    std::string name;                                                     //!< unique
    std::string frontendIpConfiguration;                                  //!< name of a frontend
    std::string frontendPort;                                             //!< name of a port
    ApplicationGatewayProtocol protocol{ApplicationGatewayProtocol::Tcp}; //!< Tcp or Tls
    std::vector<std::string> hostNames; //!< Tls: up to 5 names that SNI must match; none: any
    std::string sslCertificate;         //!< name of a certificate; Tls only
    std::string sslProfile;             //!< name of a profile; empty: no client certificates

    /**
     * @return all hosts; none for a listener that takes any
     */
    const std::vector<std::string>& GetHosts() const;
};

/**
 * @ingroup azure-load-balancing
 * @brief How connections are made to the members of a pool (AG-60).
 */
struct ApplicationGatewayBackendSettings
{
    std::string name;                                                     //!< unique
    uint16_t port{0};                                                     //!< port of the members
    ApplicationGatewayProtocol protocol{ApplicationGatewayProtocol::Tcp}; //!< Tcp or Tls
    Time timeout{Seconds(20)}; //!< both connections end after it without a byte, 1 to 86400 s
    std::string probe;         //!< name of a probe; empty: the default one
    std::vector<std::string> trustedRootCertificates; //!< names; Tls only
    std::string hostName;                             //!< SNI, and name in the certificate
    bool pickHostNameFromBackendAddress{false};       //!< that is the member's domain name
    bool enableL4ClientIpPreservation{false}; //!< a PROXY line, version 1, goes ahead of the bytes

    /**
     * @param member a member of the pool
     * @param asked name that the client asked for by SNI; empty: none
     * @return name that the member is asked for; empty: none
     */
    std::string GetServerName(const ApplicationGatewayBackendAddress& member,
                              const std::string& asked) const;

    /**
     * @return how long the connections of a member that is removed may go on; cannot be set (AG-60)
     */
    static Time GetDrainTimeout();
};

/**
 * @ingroup azure-load-balancing
 * @brief Ties a listener of layer 4 to where its connections go (AG-59).
 */
struct ApplicationGatewayRoutingRule
{
    std::string name;                 //!< unique among the rules of layer 4
    std::optional<uint32_t> priority; //!< 1 (first) to 20000 (last)
    std::string listener;             //!< name of the listener
    std::string backendAddressPool;   //!< name of a pool
    std::string backendSettings;      //!< name of a backend setting of layer 4
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_APPLICATION_GATEWAY_LAYER4_H */
