/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_DNS_SERVER_H
#define AZURE_DNS_SERVER_H

#include "azure-dns-authority.h"
#include "azure-dns-drop-reason.h"

#include "ns3/application.h"
#include "ns3/inet-socket-address.h"
#include "ns3/random-variable-stream.h"
#include "ns3/traced-callback.h"

#include <array>

namespace ns3
{
namespace azure
{

class DnsListener;
struct DnsPeer;

/**
 * @ingroup azure-load-balancing
 * @brief A query that a server answered.
 */
struct DnsServedRecord
{
    Time received;                         //!< when the query came
    Time answered;                         //!< when the response was sent
    InetSocketAddress client{uint16_t{0}}; //!< who asked
    Ipv4Address local;                     //!< which address was asked
    bool isTcp{false};                     //!< over TCP
    DnsMessage query;                      //!< the query
    DnsMessage response;                   //!< the response as it was sent
    uint32_t bytes{0};                     //!< its size; 0: the connection was gone
};

/**
 * @ingroup azure-load-balancing
 * @brief An authoritative name server over UDP and TCP.
 *
 * On a node with several addresses each response comes from the address that was asked, so that one
 * address can be on several nodes (anycast).
 */
class DnsServer : public Application
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    DnsServer();
    ~DnsServer() override;

    /**
     * @brief Serve a zone, at any time.
     * @param zone the zone; it takes the place of one with the same origin
     */
    void AddZone(std::shared_ptr<DnsZone> zone);

    /**
     * @return the zones
     */
    DnsAuthority& GetAuthority();

    /**
     * @param reason a reason
     * @return messages ignored for it so far
     */
    uint64_t GetDropCount(DnsDropReason reason) const;

    int64_t AssignStreams(int64_t stream) override;

    /**
     * @brief Signature of the trace source Served.
     * @param record a query and its response
     */
    typedef void (*ServedCallback)(const DnsServedRecord& record);

    /**
     * @brief Signature of the trace source Drop.
     * @param reason why a message is ignored
     * @param from its source
     */
    typedef void (*DropCallback)(DnsDropReason reason, const InetSocketAddress& from);

  protected:
    void DoDispose() override;

  private:
    void StartApplication() override;
    void StopApplication() override;

    /**
     * @brief A query has arrived.
     * @param peer from where
     * @param query the query
     */
    void OnQuery(const DnsPeer& peer, const DnsMessage& query);

    /**
     * @brief Answer a query.
     * @param peer from where
     * @param query the query
     * @param received when it came
     */
    void Respond(DnsPeer peer, DnsMessage query, Time received);

    /**
     * @brief A message is ignored.
     * @param reason why
     * @param from its source
     */
    void OnDrop(DnsDropReason reason, const InetSocketAddress& from);

    uint16_t m_port;                         //!< attribute Port
    uint16_t m_udpPayloadSize;               //!< attribute UdpPayloadSize
    Time m_idleTimeout;                      //!< attribute TcpIdleTimeout
    uint32_t m_maxConnections;               //!< attribute MaxTcpConnections
    bool m_silent;                           //!< attribute Silent
    Ptr<RandomVariableStream> m_serviceTime; //!< attribute ServiceTime
    DnsAuthority m_authority;                //!< zones
    Ptr<DnsListener> m_listener;             //!< the port
    std::array<uint64_t, 10> m_drops{};      //!< by reason

    /// Queries answered.
    TracedCallback<const DnsServedRecord&> m_servedTrace;
    /// Messages ignored.
    TracedCallback<DnsDropReason, const InetSocketAddress&> m_dropTrace;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_DNS_SERVER_H */
