/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_FRONT_CONNECTION_H
#define AZURE_GATEWAY_FRONT_CONNECTION_H

#include "ns3/simple-ref-count.h"

#include <cstdint>
#include <optional>

namespace ns3
{
namespace azure
{

struct BackendDrain;
class TcpByteStream;

/**
 * @ingroup azure-load-balancing
 * @brief A client's connection to an instance, whatever it carries. Not a public header.
 */
class GatewayFrontConnection : public SimpleRefCount<GatewayFrontConnection>
{
  public:
    /**
     * @param key the instance's key of this
     */
    explicit GatewayFrontConnection(uint64_t key)
        : m_key(key)
    {
    }

    virtual ~GatewayFrontConnection() = default;

    /// Begin.
    virtual void Start() = 0;

    /// The instance stops: end, after what is being done.
    virtual void Stop() = 0;

    /// The instance has crashed.
    virtual void Vanish() = 0;

    /// The time to finish is over: cut what is at work, close what rests.
    virtual void Cut() = 0;

    /**
     * @return index of the backend setting that is at work; none where nothing is
     */
    virtual std::optional<uint32_t> GetSetting() const = 0;

    /**
     * @return the connection, below any TLS
     */
    virtual const TcpByteStream& GetTcp() const = 0;

    /**
     * @param drain a member that drains from now on (AG-47)
     */
    virtual void Drain(const BackendDrain& drain) = 0;

    /**
     * @return the instance's key of this connection
     */
    uint64_t GetKey() const
    {
        return m_key;
    }

  private:
    uint64_t m_key; //!< the instance's key
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_FRONT_CONNECTION_H */
