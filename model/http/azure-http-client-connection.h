/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_HTTP_CLIENT_CONNECTION_H
#define AZURE_HTTP_CLIENT_CONNECTION_H

#include "azure-http-client.h"

#include "ns3/azure-host-resolver.h"
#include "ns3/azure-tcp-byte-stream.h"
#include "ns3/azure-tls-connection.h"
#include "ns3/simple-ref-count.h"

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief One connection of an HttpClient: one exchange after another.
 *
 * Not a public header.
 */
class HttpClientConnection : public SimpleRefCount<HttpClientConnection>
{
  public:
    /**
     * @param client whose connection it is; outlives this
     * @param key the client's key of this
     * @param user user of the closed loop
     */
    HttpClientConnection(HttpClient* client, uint64_t key, uint32_t user);

    /**
     * @brief Look the host up if it is given by name, connect, then send the request.
     * @param record the attempt
     */
    void Open(const HttpRequestRecord& record);

    /**
     * @brief Send a further request on an idle connection.
     * @param record the attempt
     */
    void Reuse(const HttpRequestRecord& record);

    /** @brief The client stops: report what is open, and close. */
    void Stop();

    /**
     * @return the client's key of this connection
     */
    uint64_t GetKey() const;

    /**
     * @return user of the closed loop
     */
    uint32_t GetUser() const;

  private:
    /** @brief What the connection is busy with. */
    enum class Phase
    {
        Resolving,  //!< name asked for
        Connecting, //!< SYN sent
        Securing,   //!< TLS: handshake under way
        Waiting,    //!< request sent, response not complete
        Idle,       //!< nothing to do
        Ended       //!< no longer the client's
    };

    /**
     * @brief The look-up has ended.
     * @param lookup what came out
     */
    void HandleResolved(const HostLookup& lookup);

    /** @brief Connect to remote. */
    void Connect();

    /**
     * @brief Connecting has failed: turn to the host's next address.
     * @return whether there is one
     */
    bool ConnectNext();

    /** @brief TCP is connected. */
    void HandleConnected();

    /** @brief Bytes have arrived. */
    void HandleReceive();

    /**
     * @brief The peer closed or reset, or the connection failed.
     * @param end how
     */
    void HandleEnd(ByteStreamEnd end);

    /** @brief TCP takes more bytes. */
    void HandleSend();

    /** @brief TLS is there. */
    void HandleOpen();

    /**
     * @brief Set the callbacks of m_stream.
     * @param open what is called when it is open
     */
    void Watch(ByteStream::EventCallback open);

    /** @brief Send the request's head and begin with its body. */
    void SendRequest();

    /** @brief Hand to TCP what it takes of the body. */
    void SendBody();

    /** @brief Pull events of the response. */
    void Process();

    /** @brief The response is complete. */
    void ResponseDone();

    /** @brief A timeout of the present phase. */
    void HandleTimeout();

    /**
     * @brief The attempt has failed: end the connection, report.
     * @param outcome why
     */
    void Fail(HttpOutcome outcome);

    /** @brief No callback of m_stream comes after this. */
    void Ignore();

    /** @brief Leave the client: no callback or event comes after this. */
    void Detach();

    HttpClient* m_client;             //!< whose connection it is
    uint64_t m_key;                   //!< the client's key
    uint32_t m_user;                  //!< user of the closed loop
    Ptr<HostResolver> m_resolver;     //!< looks the host up; null without a name
    uint64_t m_lookup{0};             //!< its key of the look-up
    std::vector<Ipv4Address> m_hosts; //!< addresses of the name, in their order
    Ptr<TcpByteStream> m_tcp;         //!< the connection; null as long as there is no address
    Ptr<ByteStream> m_stream;         //!< what carries HTTP: that, or TLS over it
    HttpParser m_parser;              //!< reads responses
    Phase m_phase{Phase::Connecting}; //!< what goes on
    HttpRequestRecord m_record;       //!< the exchange in hand
    std::string m_text;               //!< head of the request still to be handed to TCP
    uint64_t m_bodyLeft{0};           //!< bytes of request body still to be handed to TCP
    bool m_keepAlive{false};          //!< whether the response lets the connection go on
    EventId m_timer; //!< connect, response or idle timeout; removed, as a cancelled event would
                     //!< keep the connection until its time
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_HTTP_CLIENT_CONNECTION_H */
