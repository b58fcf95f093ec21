/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_CLIENT_CONNECTION_H
#define AZURE_GATEWAY_CLIENT_CONNECTION_H

#include "azure-gateway-backend-pool.h"
#include "azure-gateway-exchange.h"
#include "azure-gateway-front-connection.h"
#include "azure-gateway-message-writer.h"
#include "azure-gateway-request.h"
#include "azure-gateway-stream-user.h"
#include "azure-gateway-timer.h"

#include "ns3/azure-http-codec.h"
#include "ns3/azure-tcp-byte-stream.h"
#include "ns3/azure-tls-connection.h"
#include "ns3/inet-socket-address.h"

#include <cstdint>
#include <optional>

namespace ns3
{
namespace azure
{

class ApplicationGatewayInstance;

/**
 * @ingroup azure-load-balancing
 * @brief A client's connection to an instance: one exchange after another, in order.
 *
 * While an exchange is at work, nothing is read but the body of its request; what the client sends
 * ahead waits in TCP. Not a public header.
 */
class GatewayClientConnection : public GatewayFrontConnection, private GatewayStreamUser
{
  public:
    /**
     * @param instance whose connection it is; outlives this
     * @param key the instance's key of this
     * @param stream the connection
     * @param client address and port of the client
     * @param frontend address and port that the client connected to
     * @param secure whether the listener there is one for HTTPS
     */
    GatewayClientConnection(ApplicationGatewayInstance& instance,
                            uint64_t key,
                            Ptr<TcpByteStream> stream,
                            const InetSocketAddress& client,
                            const InetSocketAddress& frontend,
                            bool secure);
    ~GatewayClientConnection() override;

    // From GatewayFrontConnection
    void Start() override;
    void Stop() override;
    void Vanish() override;
    void Drain(const BackendDrain& drain) override;

    /**
     * @brief Do whatever can be done: read, decide, forward, answer.
     *
     * Whoever changes anything calls it; a call from within itself has it go round once more.
     */
    void Pump();

    void Cut() override;
    std::optional<uint32_t> GetSetting() const override;
    const TcpByteStream& GetTcp() const override;

    /**
     * @return where the response goes
     */
    GatewayMessageWriter& GetWriter();

    /**
     * @return connections to members that serve this client alone (AG-24)
     */
    GatewayBackendPool& GetDedicatedPool();

    /**
     * @return what carries HTTP
     */
    Ptr<ByteStream> GetStream() const;

    /**
     * @return bytes behind the request that were read already; for a tunnel
     */
    Ptr<Packet> TakeQueued();

    /**
     * @brief Enter what the connection knows of an exchange.
     * @param record gets it
     */
    void Complete(GatewayExchangeRecord& record) const;

  private:
    /// What the connection is busy with.
    enum class Phase
    {
        Opening,   //!< HTTPS: waits for the first byte, then for the handshake of TLS
        Idle,      //!< waits for a request
        Receiving, //!< in the midst of a head
        Busy,      //!< an exchange is at work
        Ended      //!< no longer the instance's
    };

    // From GatewayStreamUser
    void StreamReady() override;
    void StreamEnded(ByteStreamEnd end) override;

    /**
     * @brief Find out whether the client speaks TLS, and wait until it has done so.
     * @return whether anything was done
     */
    bool Open();

    /**
     * @brief The handshake of TLS is over.
     * @param record the handshake
     */
    void HandleHandshake(const TlsHandshakeRecord& record);

    /**
     * @brief Do something.
     * @return whether anything was done
     */
    bool Step();

    /**
     * @brief Look for a request.
     * @return whether anything was found
     */
    bool ReadHead();

    /**
     * @brief Read more of the body of a request.
     * @return whether anything was found
     */
    bool ReadBody();

    /**
     * @brief Read bytes for the parser.
     * @return whether there were any
     */
    bool ReadMore();

    /// Begin an exchange.
    void BeginExchange();

    /// The exchange is over: go on with the next request, or close.
    void EndExchange();

    /**
     * @brief The client has closed, and nothing that it sent is left.
     * @return whether it is so
     */
    bool IsClientGone() const;

    /**
     * @return what the instance knows of the client
     */
    GatewayRequest MakeRequest() const;

    /// Set the deadline that belongs to the present state.
    void UpdateTimer();

    /**
     * @return when the present state has lasted too long
     */
    Time GetDeadline() const;

    /// The present state may have lasted too long.
    void HandleTimeout();

    /**
     * @brief End with a FIN.
     * @param end how the exchange in hand ends, if there is one
     */
    void Close(GatewayExchangeEnd end);

    /**
     * @brief End with a reset.
     * @param end how the exchange in hand ends, if there is one
     */
    void Reset(GatewayExchangeEnd end);

    /**
     * @brief Leave the instance; nothing happens after this.
     * @param end how the exchange in hand ends, if there is one
     */
    void Leave(GatewayExchangeEnd end);

    ApplicationGatewayInstance& m_instance; //!< whose connection it is
    Ptr<TcpByteStream> m_tcp;               //!< the connection
    Ptr<ByteStream> m_stream;               //!< what carries HTTP: that, or TLS over it
    InetSocketAddress m_client;             //!< the client
    InetSocketAddress m_frontend;           //!< where it connected to
    GatewayRequest m_origin;                //!< what is the same in all of its requests
    HttpParser m_parser;                    //!< reads requests
    GatewayMessageWriter m_writer;          //!< writes responses
    GatewayBackendPool m_dedicated;         //!< members' connections for this client alone
    Phase m_phase{Phase::Idle};             //!< what goes on
    Ptr<GatewayExchange> m_exchange;        //!< the one at work
    bool m_requestDone{false};              //!< its request was read to its end
    bool m_clientEnded{false};              //!< the client sends no more
    bool m_stopping{false};                 //!< end after the exchange at work
    bool m_pumping{false};                  //!< Pump() is at work
    bool m_again{false};                    //!< Pump() has to go round once more
    Time m_since;                           //!< when the present phase began
    Time m_lastRead;                        //!< when the client last sent something
    Time m_lastWrite;                       //!< when the client last took something
    GatewayTimer m_timer;                   //!< end of the client's patience, and ours
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_CLIENT_CONNECTION_H */
