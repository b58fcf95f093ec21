/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_PROBE_TRANSACTION_H
#define AZURE_PROBE_TRANSACTION_H

#include "azure-probe-settings.h"
#include "azure-probe-verdict.h"

#include "ns3/callback.h"
#include "ns3/event-id.h"
#include "ns3/ipv4-address.h"
#include "ns3/net-device.h"
#include "ns3/node.h"
#include "ns3/packet.h"
#include "ns3/random-variable-stream.h"
#include "ns3/simple-ref-count.h"
#include "ns3/socket.h"

#include <memory>
#include <optional>
#include <string>

namespace ns3
{
namespace azure
{

class ProbeBodySearch;
class ProbeSocket;
class TlsEngine;

/**
 * @ingroup azure-load-balancing
 * @brief One probe: a real exchange with an instance over the simulated network.
 *
 * - TCP (HP-1): three-way handshake, which is the success, then four-way close.
 * - HTTP (HP-2, HP-21): handshake, GET of the path as HTTP/1.1 with the host of the settings or
 *   the instance's address, the status line of the final answer, where the settings ask for it its
 *   body up to the text they name, close.
 * - HTTPS: as HTTP over TLS, with a full handshake each time (ProbeTls).
 *
 * The exchange has until the timeout of its settings, counted from the first SYN. It sends
 * one SYN and never repeats it: a repeated SYN that an instance answers after it came back
 * would be a success of a probe that was due while it was away, earlier than the recovery
 * that HP-13 gives. So a SYN lost on the way is a failed probe. What comes after the
 * handshake is retransmitted as usual, with timers that the defaults of the scenario's own
 * sockets do not change.
 *
 * Whatever is still open at the timeout is reset, and no socket outlives its transaction by
 * more than its TIME_WAIT of one second, so that an instance that never closes its side
 * costs neither memory nor ports.
 */
class ProbeTransaction : public SimpleRefCount<ProbeTransaction>
{
  public:
    /**
     * @brief Called once with the result.
     *
     * Arguments: when the exchange started; the outcome; the HTTP status, 0 for none.
     */
    typedef Callback<void, Time, ProbeOutcome, uint16_t> ResultCallback;

    /**
     * @brief Called once when nothing of the exchange is left and this object can go.
     */
    typedef Callback<void, Ptr<ProbeTransaction>> DoneCallback;

    /**
     * @brief Constructor
     *
     * @param node where the probe starts
     * @param device device whose address is the source; null: the routing of the node chooses
     * @param target address of the instance
     * @param settings the probe
     * @param random where TLS has its random bytes from; null: a stream of its own
     */
    ProbeTransaction(Ptr<Node> node,
                     Ptr<NetDevice> device,
                     Ipv4Address target,
                     const ProbeSettings& settings,
                     Ptr<UniformRandomVariable> random = nullptr);
    ~ProbeTransaction();

    ProbeTransaction(const ProbeTransaction&) = delete;
    ProbeTransaction& operator=(const ProbeTransaction&) = delete;

    /**
     * @brief Starts the exchange.
     *
     * Without a route to the instance there is nothing to send: silence until the timeout.
     *
     * @param result told how it ended
     * @param done told when the connection is closed, too
     */
    void Start(ResultCallback result, DoneCallback done);

    /**
     * @brief Ends the exchange without a result and without calling back.
     * @param reset whether the instance is sent a RST
     */
    void Abort(bool reset);

    /**
     * @return when the exchange started
     */
    Time GetStartTime() const;

    /**
     * @return why TLS failed, or how far it had come at the end, once there is a result; empty
     *         otherwise
     */
    const std::string& GetReason() const;

  private:
    /// Ends as a time-out, or resets a connection that did not close in time.
    void Expire();

    /**
     * @brief The handshake is complete.
     * @param socket the socket
     */
    void HandleConnected(Ptr<Socket> socket);

    /**
     * @brief The connection ended: refused, reset or closed.
     * @param socket the socket
     */
    void HandleClosed(Ptr<Socket> socket);

    /**
     * @brief Bytes of the answer arrived.
     * @param socket the socket
     */
    void HandleData(Ptr<Socket> socket);

    /// Sends the GET.
    void SendRequest();

    /// Begins with TLS.
    void StartTls();

    /**
     * @brief Reads records of TLS.
     * @param packet bytes that arrived
     */
    void TakeTls(Ptr<Packet> packet);

    /// Hands to TCP what TLS has to say.
    void FlushTls();

    /// @return whether TLS is spoken, and not agreed on
    bool IsInHandshake() const;

    /**
     * @brief Takes bytes of the answer.
     * @param packet the bytes
     */
    void TakeAnswer(Ptr<const Packet> packet);

    /// Closes this side.
    void Close();

    /// Reports that the instance ended the connection before it answered.
    void HandleEndWithoutAnswer();

    /// Reports the result, if the bytes so far are enough for one.
    void Judge();

    /**
     * @brief Reports the result, once.
     * @param outcome how it ended
     * @param status the HTTP status, 0 for none
     */
    void Report(ProbeOutcome outcome, uint16_t status);

    /// Cuts every tie to the socket and reports that this object can go.
    void Finish();

    Ptr<Node> m_node;                    //!< where the probe starts
    Ptr<NetDevice> m_device;             //!< device whose address is the source, or null
    Ipv4Address m_target;                //!< address of the instance
    ProbeSettings m_settings;            //!< the probe
    Ptr<UniformRandomVariable> m_random; //!< random bytes of TLS, or null
    Ptr<ProbeSocket> m_socket;           //!< the connection; null before and after
    ResultCallback m_result;             //!< told how it ended
    DoneCallback m_done;                 //!< told that nothing is left
    EventId m_deadline;                  //!< the timeout
    Time m_start;                        //!< when the exchange started
    bool m_connected{false};             //!< the handshake completed
    bool m_closed{false};                //!< this side is closed
    uint16_t m_interim{0}; //!< status of the interim answer that came last, 0 for none
    std::string m_answer;  //!< bytes of the answer so far, up to the status line
    std::unique_ptr<ProbeBodySearch> m_search; //!< null where any body will do
    std::unique_ptr<TlsEngine> m_tls;          //!< null without TLS, and before the connection
    bool m_tlsHeard{false};                    //!< the instance has answered ClientHello
    bool m_tlsEnded{false};                    //!< the instance sends no more, or TLS has failed
    std::optional<ProbeOutcome> m_tlsFailure;  //!< how TLS failed
    std::string m_reason;                      //!< why, or how far it came
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_PROBE_TRANSACTION_H */
