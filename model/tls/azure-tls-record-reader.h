/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TLS_RECORD_READER_H
#define AZURE_TLS_RECORD_READER_H

#include "azure-tls-record.h"

#include "ns3/packet.h"

#include <cstdint>
#include <deque>
#include <memory>

namespace ns3
{
namespace azure
{

class TlsRecordFrame;

/**
 * @ingroup azure-load-balancing
 * @brief What TlsRecordReader::Next() came to.
 */
enum class TlsRecordEvent
{
    NeedInput, //!< nothing more to be had from the bytes pushed so far
    Record,    //!< a record is complete: GetRecord()
    Error      //!< the input is not what the peer could have sent: GetAlert()
};

/**
 * @ingroup azure-load-balancing
 * @brief Reads the records of one direction from the bytes of a connection.
 *
 * Bytes are pushed as ns-3 packets, cut anywhere; records are pulled with Next(). What comes out
 * depends on the bytes alone, never on how they were cut. No input makes it throw or crash. The
 * content of records is passed on and not looked at, so virtual content stays virtual where
 * the caller pushes no more than GetWanted() at a time.
 *
 * A record that is too long is refused when its header is there, before its content.
 */
class TlsRecordReader
{
  public:
    TlsRecordReader();
    ~TlsRecordReader();
    TlsRecordReader(TlsRecordReader&& other) noexcept;
    TlsRecordReader& operator=(TlsRecordReader&& other) noexcept;

    /**
     * @brief Expect records to be protected from the next one on.
     * @param protection how
     */
    void Protect(const TlsProtection& protection);

    /**
     * @brief Append bytes of the connection. The packet is kept until its bytes were pulled.
     * @param packet the bytes
     */
    void Push(Ptr<const Packet> packet);

    /**
     * @return bytes up to the next border within the stream: the end of a header, of content, or
     *         of a record; never 0
     */
    uint32_t GetWanted() const;

    /**
     * @brief Go on to the next event.
     * @return the event; after TlsRecordEvent::Error always that again
     */
    TlsRecordEvent Next();

    /**
     * @return the record of the last TlsRecordEvent::Record
     */
    const TlsRecord& GetRecord() const;

    /**
     * @return what is wrong, after TlsRecordEvent::Error
     */
    TlsAlert GetAlert() const;

    /**
     * @return bytes that were pushed and of which no record was pulled
     */
    uint64_t GetQueuedBytes() const;

  private:
    /** @brief Part of a record. */
    enum class Part
    {
        Header,  //!< type, version, length, and the nonce of TLS 1.2
        Content, //!< content
        Trailer, //!< what follows it
        Failed   //!< no more is read
    };

    /**
     * @param count bytes
     * @return the next bytes pushed, at most that many
     */
    Ptr<Packet> Take(uint32_t count);

    /** @return TlsRecordEvent::Error if the header cannot be, else TlsRecordEvent::Record */
    TlsRecordEvent ReadHeader();

    /** @return the record, or TlsRecordEvent::Error if it was not sealed by the peer */
    TlsRecordEvent Open();

    /**
     * @brief Find the type of a TLS 1.3 record behind its padding (RFC 8446, section 5.4).
     * @param type the last byte of the plaintext
     * @return whether there is one
     */
    bool Unpad(uint64_t type);

    /**
     * @param alert what is wrong
     * @return TlsRecordEvent::Error
     */
    TlsRecordEvent Fail(TlsAlert alert);

    /** @return bytes of the part that is being read, before its end is known */
    uint32_t GetPartBytes() const;

    TlsProtection m_protection;             //!< how records are protected
    uint64_t m_sequence{0};                 //!< number of the next record under this protection
    std::deque<Ptr<const Packet>> m_input;  //!< what was pushed
    uint32_t m_offset{0};                   //!< bytes of the first packet already used
    uint64_t m_queued{0};                   //!< bytes not used yet
    Part m_part{Part::Header};              //!< what is being read
    std::unique_ptr<TlsRecordFrame> m_head; //!< header so far
    std::unique_ptr<TlsRecordFrame> m_tail; //!< trailer so far
    TlsContentType m_type{TlsContentType::Alert}; //!< outer type
    uint32_t m_contentBytes{0};                   //!< size of the content
    uint32_t m_tailBytes{0};                      //!< size of what follows it
    Ptr<Packet> m_content;                        //!< content so far
    TlsRecord m_record;                           //!< the last one complete
    TlsAlert m_alert{TlsAlert::CloseNotify};      //!< what is wrong
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TLS_RECORD_READER_H */
