/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_DNS_LISTENER_H
#define AZURE_DNS_LISTENER_H

#include "azure-dns-drop-reason.h"
#include "azure-dns-message.h"
#include "azure-dns-stream.h"

#include "ns3/event-id.h"
#include "ns3/node.h"
#include "ns3/socket.h"

#include <map>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Where a query came from and its response has to go.
 */
struct DnsPeer
{
    InetSocketAddress address; //!< the client
    Ipv4Address local;         //!< the address that was asked
    uint64_t connection{0};    //!< the TCP connection; 0 for UDP
};

/**
 * @ingroup azure-load-balancing
 * @brief The port of a server, over UDP and TCP (RFC 7766).
 *
 * Responses come from the address that was asked, also on a node with several. What cannot be read
 * is answered with FORMERR where that is possible.
 */
class DnsListener : public SimpleRefCount<DnsListener>
{
  public:
    /// A query has arrived.
    typedef Callback<void, const DnsPeer&, const DnsMessage&> QueryCallback;
    /// A message is ignored.
    typedef Callback<void, DnsDropReason, const InetSocketAddress&> DropCallback;

    /**
     * @brief Begin to listen.
     * @param node the node
     * @param port the port; ends the program if another application has it
     * @param idleTimeout how long a connection may be idle
     * @param maxConnections most connections at a time
     * @param onQuery called for every query
     * @param onDrop called for what is ignored
     */
    DnsListener(Ptr<Node> node,
                uint16_t port,
                Time idleTimeout,
                uint32_t maxConnections,
                QueryCallback onQuery,
                DropCallback onDrop);
    ~DnsListener();

    /** @brief Close everything. */
    void Stop();

    /**
     * @brief Send a response.
     * @param peer where to
     * @param response the response; it is truncated if it does not fit
     * @param udpLimit bytes that fit, over UDP
     * @return bytes sent; 0: the connection is gone
     */
    size_t Send(const DnsPeer& peer, DnsMessage& response, size_t udpLimit);

  private:
    /** @brief A connection. */
    struct Connection
    {
        Ptr<DnsStream> stream; //!< its messages
        EventId idle;          //!< when it is closed
    };

    /**
     * @brief Open a UDP socket.
     * @param local address to bind to
     * @return the socket
     */
    Ptr<Socket> OpenUdp(Ipv4Address local);

    /**
     * @brief A datagram has arrived.
     * @param socket where
     */
    void OnDatagram(Ptr<Socket> socket);

    /**
     * @brief A connection was opened.
     * @param socket its socket
     * @param from the client
     */
    void OnAccept(Ptr<Socket> socket, const Address& from);

    /**
     * @brief A message has arrived.
     * @param peer from whom
     * @param message its bytes
     */
    void OnMessage(DnsPeer peer, const std::vector<uint8_t>& message);

    /**
     * @brief A connection has ended or was idle for too long.
     * @param key its key
     */
    void CloseConnection(uint64_t key);

    /**
     * @brief Let the idle time of a connection begin anew.
     * @param connection the connection
     * @param key its key
     */
    void RestartIdle(Connection& connection, uint64_t key);

    Ptr<Node> m_node;                             //!< node
    uint16_t m_port;                              //!< port
    Time m_idleTimeout;                           //!< of connections
    uint32_t m_maxConnections;                    //!< bound
    QueryCallback m_onQuery;                      //!< see constructor
    DropCallback m_onDrop;                        //!< see constructor
    std::map<Ipv4Address, Ptr<Socket>> m_udp;     //!< sockets by local address; any takes the rest
    Ptr<Socket> m_tcp;                            //!< listening socket
    std::map<uint64_t, Connection> m_connections; //!< by key
    uint64_t m_nextConnection{1};                 //!< next key
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_DNS_LISTENER_H */
