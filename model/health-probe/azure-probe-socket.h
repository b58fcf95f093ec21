/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_PROBE_SOCKET_H
#define AZURE_PROBE_SOCKET_H

#include "ns3/inet-socket-address.h"
#include "ns3/net-device.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/tcp-socket-base.h"

#include <optional>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief A stock TCP socket that can be given up, with settings of its own.
 *
 * ns-3's sockets repeat a FIN without end and have no way to be dropped from outside; a probe
 * of an instance that died after the handshake would stay for ever. They also overlook the RST
 * of a closed port, which carries neither a timestamp nor a SYN. The values that shape a
 * probe are set here, whatever the defaults of the scenario's sockets: one SYN, minimum RTO
 * 0.2 s, segments of 1,460 bytes, TIME_WAIT of 1 s, New Reno.
 */
class ProbeSocket : public TcpSocketBase
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    ProbeSocket() = default;

    /**
     * @brief Copy constructor, for Fork(); probes never accept connections.
     * @param other the socket to copy
     */
    ProbeSocket(const ProbeSocket& other) = default;
    ~ProbeSocket() override = default;

    using TcpSocketBase::Connect;

    /**
     * @brief Creates a socket and sends the SYN.
     *
     * @param node where; with IPv4 and TCP
     * @param device device whose address is the source; null: the routing of the node chooses
     * @param peer address and port of the instance
     * @param patience how long the handshake may take; the caller keeps the time
     * @return the socket; null without a route to the peer or a free port
     */
    static Ptr<ProbeSocket> Connect(Ptr<Node> node,
                                    Ptr<NetDevice> device,
                                    const InetSocketAddress& peer,
                                    Time patience);

    /**
     * @brief Lets go of the connection: no more callbacks, nothing left on the node.
     *
     * A connection that already waits in TIME_WAIT ends by itself, and where no handshake was
     * completed there is nothing to reset: an answer that comes later finds no socket and is
     * refused by the node.
     *
     * @param reset whether the peer is told with a RST, when a connection was under way
     */
    void Abandon(bool reset);

    /**
     * @return whether the peer has sent FIN while this side has not
     */
    bool IsPeerClosed() const;

  protected:
    void DoForwardUp(Ptr<Packet> packet,
                     const Address& fromAddress,
                     const Address& toAddress) override;
    Ptr<TcpSocketBase> Fork() override;

  private:
    bool m_inForwardUp{false};       //!< a segment is being processed
    std::optional<bool> m_abandoned; //!< Abandon() meanwhile, and its argument
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_PROBE_SOCKET_H */
