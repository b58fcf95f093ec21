/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_RELAY_H
#define AZURE_GATEWAY_RELAY_H

#include "azure-gateway-pipe.h"

#include "ns3/simulator.h"

#include <cstdint>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Carries bytes both ways between a client's connection and a member's, without a look at
 *        them: tunnels of WebSockets (AG-31) and sessions at layer 4 (AG-59).
 *
 * Its owner has the callbacks of both streams and calls Step() whenever one has come. Not a public
 * header.
 */
class GatewayRelay
{
  public:
    /**
     * @param client the client's connection
     * @param backend the member's
     * @param upCapacity bytes to hold at most on their way to the member
     * @param downCapacity bytes to hold at most on their way to the client
     */
    GatewayRelay(Ptr<ByteStream> client,
                 Ptr<ByteStream> backend,
                 uint64_t upCapacity,
                 uint64_t downCapacity)
        : m_up(client, backend, upCapacity),
          m_down(backend, client, downCapacity),
          m_progress(Simulator::Now())
    {
    }

    /**
     * @brief Move what can be moved.
     * @return whether anything was
     */
    bool Step()
    {
        const bool moved = m_up.Step() | m_down.Step();
        if (moved)
        {
            Touch();
        }
        return moved;
    }

    /// Something has happened that counts like a byte.
    void Touch()
    {
        m_progress = Simulator::Now();
    }

    /**
     * @return when something last happened
     */
    Time GetProgress() const
    {
        return m_progress;
    }

    /**
     * @return whether something waits until it can be handed on
     */
    bool IsPending() const
    {
        return m_up.IsPending() || m_down.IsPending();
    }

    /**
     * @return from the client to the member
     */
    GatewayPipe& GetUp()
    {
        return m_up;
    }

    /**
     * @return from the member to the client
     */
    GatewayPipe& GetDown()
    {
        return m_down;
    }

  private:
    GatewayPipe m_up;   //!< to the member
    GatewayPipe m_down; //!< to the client
    Time m_progress;    //!< when something last happened
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_RELAY_H */
