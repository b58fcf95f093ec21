/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_HTTP_CODEC_H
#define AZURE_HTTP_CODEC_H

#include "azure-http-message.h"

#include "ns3/packet.h"

#include <cstdint>
#include <memory>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Which side of an exchange a parser reads.
 */
enum class HttpRole
{
    Request, //!< what clients send
    Response //!< what servers send
};

/**
 * @ingroup azure-load-balancing
 * @brief What HttpParser::Next() came to.
 */
enum class HttpEvent
{
    NeedInput, //!< nothing more to be had from the bytes pushed so far
    Head,      //!< a head is complete: GetRequest() or GetResponse()
    Body,      //!< GetBodyBytes() more bytes of body, their content in GetBody()
    Complete,  //!< the message has ended; Next() goes on with the one that follows
    Error      //!< the input is not HTTP; GetError() says why; nothing more is read
};

/**
 * @ingroup azure-load-balancing
 * @brief Why a parser gave up.
 */
enum class HttpErrorCode
{
    None,                //!< no error
    BadCharacter,        //!< a control character in the head
    BadLineEnding,       //!< a line does not end with CR LF
    BadMethod,           //!< the method is no token
    BadTarget,           //!< the request target is empty or has a forbidden character
    BadVersion,          //!< neither HTTP/1.0 nor HTTP/1.1
    BadStatus,           //!< the status is not three digits
    BadReason,           //!< the reason phrase has a forbidden character
    BadField,            //!< the name of a header field is no token
    BadValue,            //!< the value of a header field has a forbidden character
    BadContentLength,    //!< Content-Length is no number, too large, given with two values, or
                         //!< after Transfer-Encoding
    BadTransferEncoding, //!< Transfer-Encoding after Content-Length, in HTTP/1.0, or not ending
                         //!< in chunked
    BadChunk,            //!< a chunk's size line or end is malformed
    HeadTooLarge,        //!< more bytes of head than the limit
    BodyTooLarge,        //!< more bytes of body than the limit
    UnexpectedEnd        //!< the peer stopped sending within a message
};

/**
 * @ingroup azure-load-balancing
 * @brief Why and where a parser gave up.
 */
struct HttpError
{
    HttpErrorCode code{HttpErrorCode::None}; //!< the reason
    std::string message;                     //!< the reason in words
    uint64_t offset{0};   //!< bytes of the stream read when it was noticed, whatever their division
                          //!< into packets
    uint32_t status{400}; //!< status that a server answers with
};

/**
 * @ingroup azure-load-balancing
 * @brief Bounds on what a parser takes.
 */
struct HttpLimits
{
    uint32_t headBytes{32768};      //!< bytes of a head, and of the trailer of a chunked body
    uint32_t chunkLineBytes{1024};  //!< bytes of a chunk's size line with its extensions
    uint64_t bodyBytes{UINT64_MAX}; //!< bytes of a body
};

/**
 * @ingroup azure-load-balancing
 * @brief Reads HTTP/1.0 and HTTP/1.1 messages from the bytes of a connection, one after another.
 *
 * Bytes are pushed as ns-3 packets, cut anywhere; results are pulled with Next(). What comes out
 * depends on the bytes alone, never on how they were cut. Heads are parsed as text; bodies are
 * counted and not stored, so a body of zero-filled packets costs no memory. Bytes that follow a
 * message stay queued for the next one (pipelining), until the caller pulls again.
 *
 * No input makes it throw or crash: what is not HTTP ends in HttpEvent::Error.
 *
 * @code
 *   parser.Push(socket->Recv());
 *   for (auto event = parser.Next(); event != HttpEvent::NeedInput; event = parser.Next())
 *   {
 *       if (event == HttpEvent::Head) { ... parser.GetRequest() ... }
 *       if (event == HttpEvent::Error) { ... parser.GetError().status ...; break; }
 *   }
 * @endcode
 */
class HttpParser
{
  public:
    /**
     * @param role what is parsed
     * @param limits bounds on what is taken
     */
    explicit HttpParser(HttpRole role, const HttpLimits& limits = HttpLimits());
    ~HttpParser();
    HttpParser(HttpParser&& other) noexcept;
    HttpParser& operator=(HttpParser&& other) noexcept;
    HttpParser(const HttpParser&) = delete;
    HttpParser& operator=(const HttpParser&) = delete;

    /**
     * @brief Append bytes of the connection. The packet is kept until its bytes were pulled.
     * @param packet the bytes
     */
    void Push(Ptr<const Packet> packet);

    /**
     * @brief The peer will send no more: what ends with its connection ends here.
     */
    void PushEnd();

    /**
     * @brief Go on to the next event.
     * @return the event; after HttpEvent::Error always that again
     */
    HttpEvent Next();

    /**
     * @brief Say what the next response answers, before its head is pulled.
     *
     * Answers to HEAD have no body whatever their fields say; a 2xx answer to CONNECT opens a
     * tunnel (RFC 9112, section 6.3). It holds for one final response; interim 1xx responses
     * before it are events of their own. The default is GET.
     *
     * @param method method of the request
     */
    void SetRequestMethod(const std::string& method);

    /**
     * @return the head, from HttpEvent::Head on until the next head
     */
    const HttpRequestHead& GetRequest() const;

    /**
     * @return the head, from HttpEvent::Head on until the next head
     */
    const HttpResponseHead& GetResponse() const;

    /**
     * @return bytes of body that the last HttpEvent::Body stands for
     */
    uint32_t GetBodyBytes() const;

    /**
     * @brief The content behind the last HttpEvent::Body, without tags, so that it can be sent on.
     * @return a packet of GetBodyBytes() bytes, made on demand
     */
    Ptr<Packet> GetBody() const;

    /**
     * @return bytes of body of the present message so far, chunk framing not counted
     */
    uint64_t GetMessageBodyBytes() const;

    /**
     * @return bytes of the present message so far on the wire: head, framing, body
     */
    uint64_t GetMessageBytes() const;

    /**
     * @return whether a message has begun and not yet ended
     */
    bool InMessage() const;

    /**
     * @return bytes that were pushed and not yet pulled
     */
    uint64_t GetQueuedBytes() const;

    /**
     * @brief Take what was pushed and not yet pulled, for a connection that became a tunnel.
     * @return one packet, empty if nothing was queued
     */
    Ptr<Packet> TakeQueued();

    /**
     * @return why parsing ended
     */
    const HttpError& GetError() const;

  private:
    class Impl;                   //!< keeps the parsing library out of this header
    std::unique_ptr<Impl> m_impl; //!< all state
};

/**
 * @param status a status code
 * @return its registered reason phrase, or "Unknown"
 */
std::string HttpReasonPhrase(uint32_t status);

/**
 * @param code an error code
 * @return what is wrong, in words
 */
std::string HttpErrorText(HttpErrorCode code);

} // namespace azure
} // namespace ns3

#endif /* AZURE_HTTP_CODEC_H */
