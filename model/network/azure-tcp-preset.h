/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TCP_PRESET_H
#define AZURE_TCP_PRESET_H

#include "azure-tcp-socket.h"

#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/socket-factory.h"

#include <cstdint>
#include <optional>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Settings of TCP sockets that decide latency and failover times.
 *
 * A default one changes nothing: every empty member leaves the socket's own attribute alone.
 * Linux() gives the settings of a current Linux kernel.
 */
struct TcpPreset
{
    std::optional<uint32_t> segmentSize;        //!< payload bytes of a full segment
    std::optional<uint32_t> initialWindow;      //!< initial congestion window, segments
    std::optional<uint32_t> sendBuffer;         //!< bytes
    std::optional<uint32_t> receiveBuffer;      //!< bytes
    std::optional<Time> connectTimeout;         //!< time to the first retransmission of a SYN
    std::optional<uint32_t> synAttempts;        //!< how often a SYN is sent before giving up
    std::optional<uint32_t> dataRetries;        //!< retransmissions of a segment before giving up
    std::optional<Time> minRto;                 //!< floor of the retransmission timeout
    std::optional<Time> delayedAck;             //!< longest delay of an acknowledgement
    std::optional<uint32_t> delayedAckSegments; //!< full segments that force an acknowledgement
    std::optional<Time> maxSegmentLifetime;     //!< half of TIME_WAIT
    std::optional<bool> sack;                   //!< selective acknowledgements
    std::optional<bool> timestamps;             //!< timestamp option
    std::optional<bool> windowScaling;          //!< window scale option
    std::optional<bool> noDelay;                //!< Nagle's algorithm off

    /**
     * @brief The settings of a Linux kernel (5.x and 6.x defaults).
     *
     * | setting | Linux | ns-3 | source |
     * | --- | --- | --- | --- |
     * | segment | 1448 B: MTU 1500 - 40 - 12 of timestamps | 536 B | RFC 9293 3.7.1, RFC 7323 |
     * | initial window | 10 segments | 10 | RFC 6928 |
     * | SYN timeout | 1 s, doubled each time | 3 s | RFC 6298 (2.1), TCP_TIMEOUT_INIT |
     * | SYN attempts | 7 (tcp_syn_retries 6), up after 127 s | 6 | tcp(7) |
     * | data retries | 15 (tcp_retries2) | 6 | tcp(7), RFC 1122 4.2.3.5 |
     * | minimum RTO | 200 ms | 1 s | TCP_RTO_MIN; RFC 6298 (2.4) has 1 s |
     * | delayed ACK | 40 ms, every second segment | 200 ms | TCP_DELACK_MIN; RFC 9293 3.8.6.3 |
     * | TIME_WAIT | 60 s | 240 s | TCP_TIMEWAIT_LEN; RFC 9293 3.4.2 has 2 MSL |
     * | send buffer | up to 4 MiB (tcp_wmem) | 128 KiB | tcp(7) |
     * | receive window | up to 3 MiB (half of tcp_rmem's 6 MiB) | 128 KiB | tcp(7) |
     * | SACK, timestamps, window scale | on | on | RFC 2018, RFC 7323 |
     *
     * Not in ns-3 and so not imitated: the MSS option (both ends must be told the segment size),
     * automatic buffer growth (the limits are set at once), quick-ack mode, SYN-ACK retries of
     * their own (the SYN's are used).
     *
     * @return the settings
     */
    static TcpPreset Linux();

    /**
     * @brief As Linux(), with the segment size that fits an MTU other than 1500.
     * @param mtu smallest MTU of the paths, bytes, 100 or more
     * @return the settings
     */
    static TcpPreset LinuxForMtu(uint32_t mtu);

    /**
     * @brief Set the attributes of one socket, before it connects or listens.
     * @param socket a TCP socket
     */
    void Apply(Ptr<Socket> socket) const;

    /**
     * @brief Make these the defaults of every TCP socket that is created from now on.
     *
     * For a program that owns the whole simulation and runs stock applications: it changes
     * ns-3's global defaults. TcpPresetSocketFactory touches one node only.
     */
    void SetGlobalDefaults() const;
};

/**
 * @ingroup azure-load-balancing
 * @brief Makes the TCP sockets of one node with one preset, next to the node's stock factory.
 *
 * The HTTP applications and the probes of this module take their sockets from it. A stock
 * application does so too when its Protocol attribute is this class's TypeId:
 *
 * @code
 *   TcpPresetSocketFactory::Install(node, TcpPreset::Linux());
 *   BulkSendHelper bulk("ns3::azure::TcpPresetSocketFactory", remote);
 * @endcode
 *
 * Other applications and other nodes are not affected.
 */
class TcpPresetSocketFactory : public SocketFactory
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * @brief Set the preset of a node, for sockets created from now on.
     * @param node a node with an internet stack
     * @param preset the settings
     * @return the node's factory
     */
    static Ptr<TcpPresetSocketFactory> Install(Ptr<Node> node, const TcpPreset& preset);

    /**
     * @brief Create a socket on a node, with the node's preset if it has one.
     * @param node a node with an internet stack
     * @return the socket
     */
    static Ptr<AbortableTcpSocket> CreateOn(Ptr<Node> node);

    /**
     * @return the settings
     */
    const TcpPreset& GetPreset() const;

    // From SocketFactory
    Ptr<Socket> CreateSocket() override;

  private:
    TcpPreset m_preset; //!< settings of every socket
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TCP_PRESET_H */
