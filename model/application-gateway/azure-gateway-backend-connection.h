/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_BACKEND_CONNECTION_H
#define AZURE_GATEWAY_BACKEND_CONNECTION_H

#include "azure-gateway-stream.h"
#include "azure-gateway-timer.h"

#include "ns3/azure-http-codec.h"
#include "ns3/inet-socket-address.h"
#include "ns3/simple-ref-count.h"

#include <cstdint>
#include <string>
#include <utility>

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
    /// Index of the backend setting, text of the member.
    using Key = std::pair<uint32_t, std::string>;

    /**
     * @param key what it can be used for
     * @param stream the connection, perhaps not there yet
     * @param local the instance's address and port
     * @param remote the member's
     * @param headBytes bytes of a response head that are taken
     */
    GatewayBackendConnection(const Key& key,
                             Ptr<GatewayStream> stream,
                             const InetSocketAddress& local,
                             const InetSocketAddress& remote,
                             uint32_t headBytes);
    ~GatewayBackendConnection() override;

    /**
     * @return what it can be used for
     */
    const Key& GetKey() const;

    /**
     * @return the connection
     */
    Ptr<GatewayStream> GetStream() const;

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
    // From GatewayStreamUser, while idle
    void StreamReady(GatewayStream& stream) override;
    void StreamEnded(GatewayStream& stream, bool orderly) override;

    /// Idle for too long.
    void HandleTimeout();

    Key m_key;                           //!< what it can be used for
    Ptr<GatewayStream> m_stream;         //!< the connection
    InetSocketAddress m_local;           //!< the instance
    InetSocketAddress m_remote;          //!< the member
    HttpParser m_parser;                 //!< reads responses
    GatewayBackendPool* m_pool{nullptr}; //!< where it rests
    bool m_reused{false};                //!< an exchange has used it before
    GatewayTimer m_timer;                //!< end of its rest
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_BACKEND_CONNECTION_H */
