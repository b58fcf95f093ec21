/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_HTTP_SERVER_CONNECTION_H
#define AZURE_HTTP_SERVER_CONNECTION_H

#include "azure-http-server.h"

#include "ns3/azure-byte-stream.h"
#include "ns3/azure-tls-connection.h"
#include "ns3/event-id.h"
#include "ns3/simple-ref-count.h"

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief One accepted connection of an HttpServer: requests in, responses out, in order.
 *
 * Not a public header.
 */
class HttpServerConnection : public SimpleRefCount<HttpServerConnection>
{
  public:
    /**
     * @param server whose connection it is; outlives this
     * @param key the server's key of this
     * @param socket an established connection
     * @param peer its peer
     */
    HttpServerConnection(HttpServer* server,
                         uint64_t key,
                         Ptr<AbortableTcpSocket> socket,
                         const InetSocketAddress& peer);

    /** @brief Take over the socket and wait for the first request. */
    void Start();

    /** @brief The server is no longer hung: read what has arrived, answer what is due. */
    void Resume();

    /** @brief A place within the bounded concurrency is free. */
    void BeginService();

    /** @brief End with a FIN, without an answer to what is in service. */
    void Close();

    /** @brief End with a reset. */
    void Reset();

    /** @brief End without a word. */
    void Vanish();

    /**
     * @return the server's key of this connection
     */
    uint64_t GetKey() const;

  private:
    /** @brief What the connection is busy with. */
    enum class Phase
    {
        Idle,      //!< waits for the first byte of a request
        Receiving, //!< in the midst of a request
        Waiting,   //!< request complete, no place within the bounded concurrency yet
        Serving,   //!< the service time runs
        Sending,   //!< the response is handed to TCP
        Ended      //!< no longer the server's
    };

    /** @brief Bytes have arrived. */
    void HandleReceive();

    /**
     * @brief The peer closed or reset.
     * @param end how
     */
    void HandleEnd(ByteStreamEnd end);

    /** @brief TCP takes more bytes. */
    void HandleSend();

    /**
     * @brief The handshake of TLS is over.
     * @param record the handshake
     */
    void HandleHandshake(const TlsHandshakeRecord& record);

    /** @brief Pull requests while none is being answered; one after the other, never nested. */
    void Process();

    /**
     * @brief Go on to the parser's next event.
     * @return whether there may be more
     */
    bool ProcessEvent();

    /** @brief A request is complete. */
    void HandleRequest();

    /** @brief The service time is over. */
    void ServiceDone();

    /** @brief Begin the response to the request in service. */
    void Respond();

    /**
     * @brief Answer something that is no request, and close.
     * @param status the status code
     */
    void RespondError(uint32_t status);

    /** @brief Hand to TCP what it takes. */
    void Send();

    /** @brief Write the size line of the next chunk, or the end of the body. */
    void BeginChunk();

    /** @brief The response is handed over. */
    void ResponseDone();

    /** @brief (Re)start the timer of the present phase. */
    void RestartTimer();

    /** @brief A client was too slow, or idle too long. */
    void HandleTimeout();

    /**
     * @brief Report the request, if one is open.
     * @param complete whether it was answered in full
     */
    void Report(bool complete);

    /** @brief Leave the server: no callback or event comes after this. */
    void Detach();

    HttpServer* m_server;       //!< whose connection it is
    uint64_t m_key;             //!< the server's key
    Ptr<ByteStream> m_stream;   //!< the connection
    bool m_started{false};      //!< its handshake may begin
    HttpParser m_parser;        //!< reads requests
    Phase m_phase{Phase::Idle}; //!< what goes on
    bool m_processing{false};   //!< Process() is at work
    bool m_peerClosed{false};   //!< the peer sent a FIN
    bool m_serviceDue{false};   //!< the service time ended while the server was hung
    bool m_keepAlive{true};     //!< whether the connection goes on after this response
    bool m_chunked{false};      //!< framing of the response
    uint64_t m_bodyLeft{0};     //!< bytes of body still to be handed to TCP
    std::string m_text;         //!< head or framing still to be handed to TCP
    uint64_t m_chunkLeft{0};    //!< bytes of the present chunk still to be handed to TCP
    bool m_firstChunk{true};    //!< no chunk was written yet
    bool m_lastChunk{false};    //!< whether the last chunk was written
    HttpServer::Plan m_plan{};  //!< what to do with the request
    HttpServedRecord m_record;  //!< the request in hand
    bool m_recordOpen{false};   //!< whether there is one
    EventId m_timer; //!< idle, request or service time; removed, as a cancelled event would keep
                     //!< the connection until its time
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_HTTP_SERVER_CONNECTION_H */
