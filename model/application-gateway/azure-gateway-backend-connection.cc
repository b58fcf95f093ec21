/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-gateway-backend-connection.h"

#include "azure-gateway-backend-pool.h"

namespace ns3
{
namespace azure
{

GatewayBackendConnection::GatewayBackendConnection(const Key& key,
                                                   Ptr<ByteStream> stream,
                                                   const InetSocketAddress& local,
                                                   const InetSocketAddress& remote,
                                                   uint32_t headBytes)
    : m_key(key),
      m_stream(stream),
      m_local(local),
      m_remote(remote),
      m_parser(HttpRole::Response, HttpLimits{headBytes, 1024, UINT64_MAX}),
      m_timer([this] { HandleTimeout(); })
{
    Watch(*m_stream);
}

GatewayBackendConnection::~GatewayBackendConnection()
{
    Unwatch(*m_stream);
}

void
GatewayBackendConnection::SetUser(GatewayStreamUser* user)
{
    m_user = user;
}

const GatewayBackendConnection::Key&
GatewayBackendConnection::GetKey() const
{
    return m_key;
}

Ptr<ByteStream>
GatewayBackendConnection::GetStream() const
{
    return m_stream;
}

HttpParser&
GatewayBackendConnection::GetParser()
{
    return m_parser;
}

const InetSocketAddress&
GatewayBackendConnection::GetLocal() const
{
    return m_local;
}

const InetSocketAddress&
GatewayBackendConnection::GetRemote() const
{
    return m_remote;
}

bool
GatewayBackendConnection::IsReused() const
{
    return m_reused;
}

void
GatewayBackendConnection::Rest(GatewayBackendPool* pool, Time until)
{
    m_pool = pool;
    m_user = nullptr;
    m_timer.Set(until);
}

void
GatewayBackendConnection::Wake()
{
    m_pool = nullptr;
    m_reused = true;
    m_timer.Set(Time::Max());
}

void
GatewayBackendConnection::StreamReady()
{
    if (m_user)
    {
        m_user->StreamReady();
    }
    else if (m_pool && m_stream->HasUnread())
    {
        // Nothing was asked for.
        Ptr<GatewayBackendConnection> self(this);
        m_pool->Remove(this);
        m_stream->Abort();
    }
}

void
GatewayBackendConnection::StreamEnded(ByteStreamEnd end)
{
    if (m_user)
    {
        m_user->StreamEnded(end);
    }
    else if (m_pool)
    {
        Ptr<GatewayBackendConnection> self(this);
        m_pool->Remove(this);
        LetGoOfStream(*m_stream, end);
    }
}

void
GatewayBackendConnection::HandleTimeout()
{
    Ptr<GatewayBackendConnection> self(this);
    m_pool->Remove(this);
    CloseStream(*m_stream);
}

} // namespace azure
} // namespace ns3
