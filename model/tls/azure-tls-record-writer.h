/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TLS_RECORD_WRITER_H
#define AZURE_TLS_RECORD_WRITER_H

#include "azure-tls-record.h"

#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Makes the records of one direction (RFC 8446, section 5; RFC 5246, section 6).
 *
 * Content that is zero-filled and virtual stays so.
 */
class TlsRecordWriter
{
  public:
    /**
     * @param role whose records
     */
    explicit TlsRecordWriter(TlsRole role);

    /**
     * @brief Protect the records from now on.
     * @param protection how
     */
    void Protect(const TlsProtection& protection);

    /**
     * @return how records are protected now
     */
    const TlsProtection& GetProtection() const;

    /**
     * @brief Make one record.
     * @param type what it carries
     * @param content its content, at most TLS_MAX_FRAGMENT_BYTES; its tags are not taken over
     * @return the record as on the wire
     */
    Ptr<Packet> Seal(TlsContentType type, Ptr<const Packet> content);

    /**
     * @brief Make one record of real bytes.
     * @param type what it carries
     * @param content its content, at most TLS_MAX_FRAGMENT_BYTES
     * @return the record as on the wire
     */
    Ptr<Packet> Seal(TlsContentType type, const std::string& content);

  private:
    TlsProtection m_protection; //!< how records are protected
    uint64_t m_sequence{0};     //!< number of the next record under this protection
    bool m_clientHello;         //!< the next record is a client's first
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TLS_RECORD_WRITER_H */
