/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_BACKEND_CONNECTION_H
#define AZURE_GATEWAY_BACKEND_CONNECTION_H

#include "azure-gateway-stream-user.h"
#include "azure-gateway-timer.h"

#include "ns3/azure-http-codec.h"
#include "ns3/inet-socket-address.h"
#include "ns3/simple-ref-count.h"

#include <cstdint>
#include <string>
#include <tuple>

namespace ns3
{
namespace azure
{

class GatewayBackendPool;

/**
 * @ingroup azure-load-balancing
 * @brief One connection of an instance to a member: busy with one exchange, or idle in a pool.
 *
 * Not a public header.
 */
class GatewayBackendConnection : public SimpleRefCount<GatewayBackendConnection>,
                                 private GatewayStreamUser
{
  public:
    /// Index of the backend setting, text of the member, name it was asked for with TLS (SNI).
    using Key = std::tuple<uint32_t, std::string, std::string>;

    /**
     * @param key what it can be used for
     * @param stream the connection, perhaps not there yet
     * @param local the instance's address and port
     * @param remote the member's
     * @param headBytes bytes of a response head that are taken
     */
    GatewayBackendConnection(const Key& key,
                             Ptr<ByteStream> stream,
                             const InetSocketAddress& local,
                             const InetSocketAddress& remote,
                             uint32_t headBytes);
    ~GatewayBackendConnection() override;

    /**
     * @return what it can be used for
     */
    const Key& GetKey() const;

    /**
     * @brief Say who is told of it while it is busy.
     * @param user who; null for nobody
     */
    void SetUser(GatewayStreamUser* user);

    /**
     * @return the connection
     */
    Ptr<ByteStream> GetStream() const;

    /**
     * @return reads responses
     */
    HttpParser& GetParser();

    /**
     * @return the instance's address and port
     */
    const InetSocketAddress& GetLocal() const;

    /**
     * @return the member's address and port
     */
    const InetSocketAddress& GetRemote() const;

    /**
     * @return whether an exchange has used it before
     */
    bool IsReused() const;

    /**
     * @brief Wait in a pool for the next exchange.
     *
     * @param pool the pool, which is told when the peer ends it or time is up
     * @param until when time is up
     */
    void Rest(GatewayBackendPool* pool, Time until);

    /// Leave the pool.
    void Wake();

  private:
    // From GatewayStreamUser
    void StreamReady() override;
    void StreamEnded(ByteStreamEnd end) override;

    /// Idle for too long.
    void HandleTimeout();

    Key m_key;                           //!< what it can be used for
    Ptr<ByteStream> m_stream;            //!< the connection
    InetSocketAddress m_local;           //!< the instance
    InetSocketAddress m_remote;          //!< the member
    HttpParser m_parser;                 //!< reads responses
    GatewayStreamUser* m_user{nullptr};  //!< who is told while it is busy
    GatewayBackendPool* m_pool{nullptr}; //!< where it rests
    bool m_reused{false};                //!< an exchange has used it before
    GatewayTimer m_timer;                //!< end of its rest
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_BACKEND_CONNECTION_H */
