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
                                                   Ptr<GatewayStream> stream,
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
}

GatewayBackendConnection::~GatewayBackendConnection()
{
    m_stream->SetUser(nullptr);
}

const GatewayBackendConnection::Key&
GatewayBackendConnection::GetKey() const
{
    return m_key;
}

Ptr<GatewayStream>
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
    m_stream->SetUser(this);
    m_timer.Set(until);
}

void
GatewayBackendConnection::Wake()
{
    m_pool = nullptr;
    m_reused = true;
    m_stream->SetUser(nullptr);
    m_timer.Set(Time::Max());
}

void
GatewayBackendConnection::StreamReady(GatewayStream& /* stream */)
{
    if (m_stream->HasUnread())
    {
        // Nothing was asked for.
        Ptr<GatewayBackendConnection> self(this);
        m_pool->Remove(this);
        m_stream->Abort();
    }
}

void
GatewayBackendConnection::StreamEnded(GatewayStream& /* stream */, bool orderly)
{
    Ptr<GatewayBackendConnection> self(this);
    m_pool->Remove(this);
    orderly ? m_stream->Close() : m_stream->Vanish();
}

void
GatewayBackendConnection::HandleTimeout()
{
    Ptr<GatewayBackendConnection> self(this);
    m_pool->Remove(this);
    m_stream->Close();
}

} // namespace azure
} // namespace ns3
