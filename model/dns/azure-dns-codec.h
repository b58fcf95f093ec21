/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_DNS_CODEC_H
#define AZURE_DNS_CODEC_H

#include "azure-dns-message.h"

#include <cstddef>
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
 * @brief What came out of bytes.
 */
struct DnsDecoded
{
    std::optional<DnsMessage> message; //!< the message; nothing if there is an error
    std::string error;                 //!< what is wrong
    /// With an error: a FORMERR to send back, if the bytes begin with the header of a query.
    std::optional<DnsMessage> formatError;
};

/**
 * @ingroup azure-load-balancing
 * @brief DNS messages as bytes (RFC 1035, section 4; RFC 6891; RFC 7871).
 *
 * The only file that knows ldns, the library that does the work.
 */
struct DnsCodec
{
    /// Bytes of a UDP message without EDNS (RFC 1035, section 2.3.4).
    static constexpr size_t ClassicUdpSize = 512;
    /// Bytes of a message over TCP.
    static constexpr size_t MaxSize = 65535;

    /**
     * @brief Read a message.
     *
     * Bytes behind the last record are ignored. Records of other classes and of unknown types are
     * kept. A TTL above DNS_MAX_TTL is read as 0 (RFC 2181, section 8).
     *
     * @param data the bytes
     * @param size how many
     * @return the message or what is wrong; never an exception
     */
    static DnsDecoded Decode(const uint8_t* data, size_t size);

    /**
     * @brief Write a message, with compressed names.
     * @param message the message, with records that pass DnsRecord::Check()
     * @return the bytes, nothing if they are more than MaxSize
     */
    static std::vector<uint8_t> Encode(const DnsMessage& message);

    /**
     * @brief Write a message that may not be larger than something.
     *
     * Additional records are left out first; where that is not enough, or where they are the
     * addresses of a referral (RFC 9471), TC is set, and answer and authority sections are left out
     * if they do not fit.
     *
     * @param message the message; TC is set in it if it had to be cut
     * @param limit bytes at most, at least ClassicUdpSize
     * @return the bytes
     */
    static std::vector<uint8_t> EncodeWithin(DnsMessage& message, size_t limit);

    /**
     * @param message a message
     * @return it as text of several lines, as drill and dig write it
     */
    static std::string ToText(const DnsMessage& message);
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_DNS_CODEC_H */
