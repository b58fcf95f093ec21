/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TLS_RECORD_H
#define AZURE_TLS_RECORD_H

#include "azure-tls-types.h"

#include "ns3/packet.h"

#include <cstdint>

namespace ns3
{
namespace azure
{

constexpr uint32_t TLS_RECORD_HEADER_BYTES{5};    //!< type, version, length
constexpr uint32_t TLS_MAX_FRAGMENT_BYTES{16384}; //!< content of a record at most

/**
 * @ingroup azure-load-balancing
 * @brief How records of one direction are protected: in the place of keys.
 *
 * A protected record ends with a tag of 16 bytes: its number (8 bytes) and the key. So a record
 * that was lost, doubled, reordered, or taken from another connection is noticed, as with AEAD.
 */
struct TlsProtection
{
    TlsVersion version{TlsVersion::None}; //!< None: records are in the clear
    uint64_t key{0};                      //!< what both ends must have in common

    /**
     * @return bytes of a record besides its content: header of 5, and
     *         1.2: 8 of explicit nonce and 16 of tag (RFC 5288, section 3);
     *         1.3: 1 of content type and 16 of tag (RFC 8446, section 5.2)
     */
    uint32_t GetOverhead() const;
};

/**
 * @ingroup azure-load-balancing
 * @brief One record, after protection was taken off.
 */
struct TlsRecord
{
    TlsContentType type{TlsContentType::Handshake}; //!< what it carries
    Ptr<Packet> content;                            //!< its content, without tags
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TLS_RECORD_H */
