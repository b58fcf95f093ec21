/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_BACKEND_POOL_H
#define AZURE_GATEWAY_BACKEND_POOL_H

#include "azure-gateway-backend-connection.h"

#include "ns3/nstime.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Idle connections to members, for the next requests (AG-24). Not a public header.
 */
class GatewayBackendPool
{
  public:
    /// What a connection can be used for.
    using Key = GatewayBackendConnection::Key;

    GatewayBackendPool() = default;
    ~GatewayBackendPool();
    GatewayBackendPool(const GatewayBackendPool&) = delete;
    GatewayBackendPool& operator=(const GatewayBackendPool&) = delete;

    /**
     * @param key what a connection is needed for
     * @return the one used last, taken out of the pool; null when there is none
     */
    Ptr<GatewayBackendConnection> Take(const Key& key);

    /**
     * @brief Keep a connection; the one that rests longest goes when there are too many.
     *
     * @param connection an idle connection
     * @param until when it is closed
     * @param most connections of that kind to keep
     */
    void Put(Ptr<GatewayBackendConnection> connection, Time until, uint32_t most);

    /**
     * @param connection a connection that has ended by itself
     */
    void Remove(GatewayBackendConnection* connection);

    /**
     * @brief Close the connections to a member.
     *
     * @param setting index of the backend setting
     * @param member the member
     */
    void Close(uint32_t setting, const std::string& member);

    /**
     * @brief Close all connections.
     * @param vanish without a word, as in a crash
     */
    void CloseAll(bool vanish = false);

    /**
     * @return idle connections
     */
    uint32_t GetSize() const;

  private:
    std::map<Key, std::vector<Ptr<GatewayBackendConnection>>> m_idle; //!< longest rest first
    uint32_t m_size{0};                                               //!< connections
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_BACKEND_POOL_H */
