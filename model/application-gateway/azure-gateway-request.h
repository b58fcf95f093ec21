/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_REQUEST_H
#define AZURE_GATEWAY_REQUEST_H

#include "ns3/azure-http-message.h"
#include "ns3/azure-ip-address.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <optional>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What a gateway knows of a client's certificate (AG-46).
 */
struct ClientCertificate
{
    std::string pem;                  //!< the certificate itself
    std::string subject;              //!< subject DN
    std::string issuer;               //!< issuer DN
    std::string serial;               //!< serial number
    std::string fingerprint;          //!< SHA-1 fingerprint
    std::string startDate;            //!< valid from
    std::string endDate;              //!< valid to
    std::string verification{"NONE"}; //!< SUCCESS, FAILED:reason, or NONE without a certificate
};

/**
 * @ingroup azure-load-balancing
 * @brief A request as it reached an instance of an application gateway.
 */
struct GatewayRequest
{
    IpAddress frontend;                  //!< address that the client connected to
    uint16_t frontendPort{0};            //!< port that the client connected to
    bool tls{false};                     //!< the connection is TLS
    IpAddress client;                    //!< address of the client
    uint16_t clientPort{0};              //!< port of the client
    HttpRequestHead head;                //!< request line and header fields
    uint64_t receivedBytes{0};           //!< length of the request, as far as is known
    Time clientRtt;                      //!< round-trip time of the client's connection
    std::string tlsProtocol;             //!< for example TLSv1.3; empty without TLS
    std::string ciphersUsed;             //!< cipher suite of the connection
    std::string ciphersSupported;        //!< cipher suites that the client offered
    ClientCertificate certificate;       //!< what the client showed of itself
    std::optional<uint32_t> tlsListener; //!< listener that its certificate was looked at for
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_REQUEST_H */
