/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_DNS_EXCHANGE_H
#define AZURE_DNS_EXCHANGE_H

#include "azure-dns-drop-reason.h"
#include "azure-dns-message.h"
#include "azure-dns-stream.h"

#include "ns3/event-id.h"
#include "ns3/node.h"
#include "ns3/random-variable-stream.h"
#include "ns3/socket.h"

namespace ns3
{
namespace azure
{

/// Port of name servers and resolvers.
constexpr uint16_t DNS_PORT = 53;

/**
 * @ingroup azure-load-balancing
 * @brief How a query to one server ended.
 */
enum class DnsOutcome
{
    Answered,    //!< with a response
    TimedOut,    //!< without one in time
    Unreachable, //!< the port is closed, or there is no way to the host
    TcpFailed    //!< truncated, and TCP gave nothing
};

/**
 * @ingroup azure-load-balancing
 * @param outcome an outcome
 * @return its name as above
 */
std::string ToText(DnsOutcome outcome);

/**
 * @ingroup azure-load-balancing
 * @brief One query to one server: over UDP, and again over TCP if the response is truncated.
 *
 * Identifier and source port are random. Responses that do not fit the query are ignored.
 */
class DnsExchange : public SimpleRefCount<DnsExchange>
{
  public:
    /// The exchange is over; called once, from an event of its own.
    typedef Callback<void, DnsOutcome, const DnsMessage&> DoneCallback;
    /// A message is ignored.
    typedef Callback<void, DnsDropReason, const InetSocketAddress&> DropCallback;

    /** @brief Timeouts. */
    struct Limits
    {
        Time udp; //!< from the query to the response
        Time tcp; //!< from the start of the handshake to the response
    };

    /**
     * @param node from where
     * @param query the query; its id is drawn
     * @param server whom to ask
     * @param limits timeouts
     * @param random draws identifier and port
     * @param onDone called at the end
     * @param onDrop called for what is ignored
     */
    DnsExchange(Ptr<Node> node,
                const DnsMessage& query,
                const InetSocketAddress& server,
                const Limits& limits,
                Ptr<UniformRandomVariable> random,
                DoneCallback onDone,
                DropCallback onDrop);
    ~DnsExchange();

    /** @brief Send the query. */
    void Start();

    /** @brief Forget about it; no callback comes any more. */
    void Cancel();

    /**
     * @return whether TCP came into it
     */
    bool HasUsedTcp() const;

  private:
    /**
     * @brief Datagrams have arrived.
     * @param socket the socket
     */
    void OnDatagram(Ptr<Socket> socket);

    /**
     * @brief A message has arrived over TCP.
     * @param message its bytes
     */
    void OnTcpMessage(const std::vector<uint8_t>& message);

    /** @brief The connection has ended. */
    void OnTcpEnd();

    /**
     * @brief ICMP tells of an error.
     * @param source who tells
     * @param ttl its TTL
     * @param type its type
     * @param code its code
     * @param info more
     */
    void OnIcmp(Ipv4Address source, uint8_t ttl, uint8_t type, uint8_t code, uint32_t info);

    /**
     * @brief Look at a message.
     * @param bytes the message
     * @param[out] response what it says
     * @return whether it is the response
     */
    bool Accept(const std::vector<uint8_t>& bytes, DnsMessage& response);

    /** @brief Ask again over TCP. */
    void StartTcp();

    /** @brief The time is over. */
    void OnTimeout();

    /**
     * @brief Come to an end.
     * @param outcome how
     * @param response the response, if any
     */
    void Finish(DnsOutcome outcome, const DnsMessage& response = {});

    Ptr<Node> m_node;                    //!< node
    DnsMessage m_query;                  //!< query
    InetSocketAddress m_server;          //!< server
    Limits m_limits;                     //!< timeouts
    Ptr<UniformRandomVariable> m_random; //!< identifiers and ports
    DoneCallback m_onDone;               //!< see constructor
    DropCallback m_onDrop;               //!< see constructor
    Ptr<Socket> m_socket;                //!< UDP
    Ptr<DnsStream> m_stream;             //!< TCP
    EventId m_timer;                     //!< timeout
    bool m_usedTcp{false};               //!< TCP was used
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_DNS_EXCHANGE_H */
