/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_TOTALS_H
#define AZURE_GATEWAY_TOTALS_H

#include <cstdint>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What clients have asked of an application gateway so far, whether it could keep up or not.
 *
 * What a gateway has to carry (AG-51) is the difference of two of these.
 */
struct GatewayTotals
{
    uint64_t connections{0};   //!< connections accepted
    double handshakes{0};      //!< TLS handshakes begun; a resumed one counts as a tenth
    uint64_t requests{0};      //!< requests whose head was received
    uint64_t bytesReceived{0}; //!< bytes read from clients' TCP connections
    uint64_t bytesSent{0};     //!< bytes handed to them

    /**
     * @brief Add those of another instance.
     * @param other those
     * @return this
     */
    GatewayTotals& operator+=(const GatewayTotals& other)
    {
        connections += other.connections;
        handshakes += other.handshakes;
        requests += other.requests;
        bytesReceived += other.bytesReceived;
        bytesSent += other.bytesSent;
        return *this;
    }

    /**
     * @return bytes both ways
     */
    uint64_t GetBytes() const
    {
        return bytesReceived + bytesSent;
    }
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_TOTALS_H */
