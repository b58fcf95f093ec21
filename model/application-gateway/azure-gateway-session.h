/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_SESSION_H
#define AZURE_GATEWAY_SESSION_H

#include "azure-gateway-front-connection.h"
#include "azure-gateway-relay.h"
#include "azure-gateway-session-record.h"
#include "azure-gateway-stream-user.h"
#include "azure-gateway-timer.h"

#include "ns3/azure-tcp-byte-stream.h"
#include "ns3/azure-tls-connection.h"
#include "ns3/inet-socket-address.h"

#include <cstdint>
#include <memory>

namespace ns3
{
namespace azure
{

class ApplicationGatewayInstance;

/**
 * @ingroup azure-load-balancing
 * @brief A client's connection at layer 4, and the one to the member that was chosen for it
 * (AG-59).
 *
 * The member is chosen once: on acceptance, with TLS when the handshake is done. A half that one
 * end closes is closed towards the other; the session is over when both are, when one of the
 * connections fails, or when nothing was said for the timeout of the backend setting (AG-60). Not a
 * public header.
 */
class GatewaySession : public GatewayFrontConnection, private GatewayStreamUser
{
  public:
    /**
     * @param instance whose session it is; outlives this
     * @param key the instance's key of this
     * @param stream the client's connection
     * @param client address and port of the client
     * @param frontend address and port that the client connected to
     * @param secure whether the listener there is one for TLS
     */
    GatewaySession(ApplicationGatewayInstance& instance,
                   uint64_t key,
                   Ptr<TcpByteStream> stream,
                   const InetSocketAddress& client,
                   const InetSocketAddress& frontend,
                   bool secure);
    ~GatewaySession() override;

    // From GatewayFrontConnection
    void Start() override;
    void Stop() override;
    void Vanish() override;
    void Cut() override;
    void Drain(const BackendDrain& drain) override;
    std::optional<uint32_t> GetSetting() const override;
    const TcpByteStream& GetTcp() const override;

  private:
    /// Is told what happens to the member's connection.
    struct BackendUser : public GatewayStreamUser
    {
        /**
         * @param owner the session; outlives this
         */
        explicit BackendUser(GatewaySession& owner)
            : session(owner)
        {
        }

        void StreamReady() override;
        void StreamEnded(ByteStreamEnd end) override;

        /**
         * @brief Be told from now on.
         * @param stream the member's connection
         */
        void Follow(ByteStream& stream)
        {
            Watch(stream);
        }

        GatewaySession& session; //!< the session
    };

    /// What the session is busy with.
    enum class Phase
    {
        Opening,  //!< with the handshake of TLS
        Relaying, //!< with bytes, or with connecting to the member
        Ended     //!< no longer the instance's
    };

    // From GatewayStreamUser, for the client's connection
    void StreamReady() override;
    void StreamEnded(ByteStreamEnd end) override;

    /**
     * @brief The handshake of TLS with the client is over.
     * @param record the handshake
     */
    void HandleHandshake(const TlsHandshakeRecord& record);

    /// Choose the member, and connect to it.
    void Begin();

    /// Move what can be moved, and see whether that was all.
    void Pump();

    /**
     * @brief The member's connection has ended, and not in an orderly way.
     * @param end how
     */
    void HandleBackendLoss(ByteStreamEnd end);

    /// It may have been silent for too long.
    void HandleTimeout();

    /**
     * @return when it has been
     */
    Time GetDeadline() const;

    /**
     * @brief End both connections with a FIN.
     * @param end why
     */
    void Close(GatewaySessionEnd end);

    /**
     * @brief End both connections with a reset.
     * @param end why
     */
    void Cut(GatewaySessionEnd end);

    /**
     * @brief Report, and leave the instance; nothing happens after this.
     * @param end why
     */
    void Leave(GatewaySessionEnd end);

    ApplicationGatewayInstance& m_instance; //!< whose session it is
    Ptr<TcpByteStream> m_tcp;               //!< the client's connection
    Ptr<ByteStream> m_client;               //!< that, or TLS over it
    Ptr<ByteStream> m_backend;              //!< the member's connection; null without
    BackendUser m_backendUser;              //!< is told of that
    std::unique_ptr<GatewayRelay> m_relay;  //!< between the two; null without
    Phase m_phase{Phase::Relaying};         //!< what goes on
    bool m_accepted{true};                  //!< TLS: the client's certificate will do
    Time m_timeout;                         //!< longest silence (AG-60)
    GatewaySessionRecord m_record;          //!< for the trace
    GatewayTimer m_idle;                    //!< end of our patience (AG-60)
    GatewayTimer m_drained;                 //!< end of draining (AG-47)
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_SESSION_H */
