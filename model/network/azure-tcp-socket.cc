/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-tcp-socket.h"

#include "ns3/inet-socket-address.h"
#include "ns3/log.h"
#include "ns3/rtt-estimator.h"
#include "ns3/simulator.h"
#include "ns3/tcp-l4-protocol.h"
#include "ns3/tcp-rx-buffer.h"
#include "ns3/tcp-tx-buffer.h"

#include <utility>

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AbortableTcpSocket");

NS_OBJECT_ENSURE_REGISTERED(AbortableTcpSocket);

namespace
{

/// Where a TCP header has its flags (RFC 9293, section 3.1), bytes.
constexpr uint32_t TCP_FLAGS_OFFSET = 13;

} // namespace

TypeId
AbortableTcpSocket::GetTypeId()
{
    static TypeId tid = TypeId("ns3::azure::AbortableTcpSocket")
                            .SetParent<TcpSocketBase>()
                            .SetGroupName("Azure")
                            .AddConstructor<AbortableTcpSocket>();
    return tid;
}

AbortableTcpSocket::AbortableTcpSocket(const AbortableTcpSocket& other)
    : TcpSocketBase(other)
{
}

AbortableTcpSocket::~AbortableTcpSocket()
{
    m_linger.Remove();
}

Ptr<TcpSocketBase>
AbortableTcpSocket::Fork()
{
    return CopyObject<AbortableTcpSocket>(this);
}

void
AbortableTcpSocket::DetachApplication()
{
    SetConnectCallback(MakeNullCallback<void, Ptr<Socket>>(),
                       MakeNullCallback<void, Ptr<Socket>>());
    SetCloseCallbacks(MakeNullCallback<void, Ptr<Socket>>(), MakeNullCallback<void, Ptr<Socket>>());
    SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                      MakeNullCallback<void, Ptr<Socket>, const Address&>());
    SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
    SetSendCallback(MakeNullCallback<void, Ptr<Socket>, uint32_t>());
    SetDataSentCallback(MakeNullCallback<void, Ptr<Socket>, uint32_t>());
}

void
AbortableTcpSocket::Abort()
{
    NS_LOG_FUNCTION(this);
    DetachApplication();
    if (m_inForwardUp)
    {
        m_ending = Ending::Abort;
        return;
    }
    // The caller may hold the last reference besides the endpoint's.
    Ptr<AbortableTcpSocket> self(this);
    // RFC 9293, section 3.10.5: a reset only where the peer knows of the connection.
    bool known = m_endPoint && m_state != CLOSED && m_state != LISTEN && m_state != SYN_SENT &&
                 m_state != TIME_WAIT;
    if (known)
    {
        SendEmptyPacket(TcpHeader::RST | TcpHeader::ACK);
    }
    Vanish();
}

void
AbortableTcpSocket::Vanish()
{
    NS_LOG_FUNCTION(this);
    DetachApplication();
    if (m_inForwardUp)
    {
        m_ending = Ending::Vanish;
        return;
    }
    Ptr<AbortableTcpSocket> self(this);
    if (m_endPoint)
    {
        // A timer of the stock socket may be telling of its failure, and goes on when it has.
        Simulator::ScheduleNow([self]() {});
    }
    m_linger.Remove();
    m_state = CLOSED;
    CancelAllTimers();
    DeallocateEndPoint();
}

int
AbortableTcpSocket::Close()
{
    NS_LOG_FUNCTION(this);
    return m_state == CLOSING ? 0 : TcpSocketBase::Close();
}

void
AbortableTcpSocket::CloseWithin(Time limit)
{
    NS_LOG_FUNCTION(this << limit);
    DetachApplication();
    Close();
    if (m_endPoint)
    {
        m_lingerLimit = limit;
        m_lingerLeft = m_txBuffer->Size();
        m_linger = Simulator::Schedule(limit, &AbortableTcpSocket::LingerEnd, this);
    }
}

void
AbortableTcpSocket::FinishSending()
{
    NS_LOG_FUNCTION(this);
    if (m_txBuffer->SizeFromSequence(m_tcb->m_nextTxSequence) > 0)
    {
        m_closeOnEmpty = true; // the last of it gets the FIN
    }
    else if (m_state == ESTABLISHED || m_state == CLOSE_WAIT)
    {
        DoClose();
    }
}

void
AbortableTcpSocket::LingerEnd()
{
    if (m_state == CLOSED || m_state == TIME_WAIT)
    {
        return;
    }
    if (m_txBuffer->Size() > 0 && m_txBuffer->Size() < m_lingerLeft)
    {
        // A slow reader is no dead one.
        m_lingerLeft = m_txBuffer->Size();
        m_linger = Simulator::Schedule(m_lingerLimit, &AbortableTcpSocket::LingerEnd, this);
        return;
    }
    Vanish();
}

Ptr<Packet>
AbortableTcpSocket::Recv(uint32_t maxSize, uint32_t flags)
{
    auto packet = TcpSocketBase::Recv(maxSize, flags);
    const auto& buffer = m_tcb->m_rxBuffer;
    const bool open = m_endPoint && !buffer->GotFin() &&
                      (m_state == ESTABLISHED || m_state == FIN_WAIT_1 || m_state == FIN_WAIT_2);
    if (open && packet && packet->GetSize() > 0)
    {
        // As Linux does: when half of the buffer was in use and the window has doubled.
        const uint32_t told = m_advWnd;
        const auto window =
            static_cast<uint32_t>(buffer->MaxRxSequence() - buffer->NextRxSequence());
        if (told <= buffer->MaxBufferSize() / 2 && window / 2 >= told &&
            window >= told + m_tcb->m_segmentSize)
        {
            SendEmptyPacket(TcpHeader::ACK);
        }
    }
    return packet;
}

Time
AbortableTcpSocket::GetSmoothedRtt() const
{
    return m_rtt->GetNSamples() > 0 ? m_rtt->GetEstimate() : Time(0);
}

void
AbortableTcpSocket::SetDeaf(bool deaf)
{
    m_deaf = deaf;
}

bool
AbortableTcpSocket::WasReset() const
{
    return m_wasReset;
}

TcpSocket::TcpStates_t
AbortableTcpSocket::GetState() const
{
    return m_state;
}

void
AbortableTcpSocket::DoForwardUp(Ptr<Packet> packet,
                                const Address& fromAddress,
                                const Address& toAddress)
{
    if (m_deaf)
    {
        return;
    }
    // To read the whole header takes long, and is seldom needed.
    uint8_t start[TCP_FLAGS_OFFSET + 1] = {};
    packet->CopyData(start, sizeof(start));
    const uint8_t flags = start[TCP_FLAGS_OFFSET];
    TcpHeader tcpHeader;
    const bool waits = m_state == FIN_WAIT_1 || m_state == FIN_WAIT_2;
    const bool ends = m_state == LAST_ACK || m_state == CLOSING;
    if (m_state == LISTEN || ends || (flags & TcpHeader::RST))
    {
        packet->PeekHeader(tcpHeader);
    }
    if (m_state == LISTEN &&
        ((flags & (TcpHeader::ACK | TcpHeader::RST)) || !(flags & TcpHeader::SYN)))
    {
        // RFC 9293, section 3.10.7.2: only an ACK is answered, and none of them opens anything.
        if ((flags & TcpHeader::ACK) && !(flags & TcpHeader::RST))
        {
            RefuseStray(tcpHeader, fromAddress, toAddress);
        }
        return;
    }
    const bool answers = (flags & TcpHeader::SYN) && (flags & TcpHeader::ACK);
    if (answers && (m_state == ESTABLISHED || m_state == CLOSE_WAIT || waits))
    {
        SendEmptyPacket(TcpHeader::ACK); // the one that came before got lost
        return;
    }
    if (flags & TcpHeader::RST)
    {
        if (m_state == SYN_SENT)
        {
            HandleRefusal(tcpHeader);
            return;
        }
        m_wasReset = true;
    }
    const bool acknowledges =
        (flags & TcpHeader::ACK) && !(flags & (TcpHeader::RST | TcpHeader::SYN));
    Ptr<AbortableTcpSocket> self(this);
    m_inForwardUp = true;
    if (waits && (flags & TcpHeader::FIN) && !(flags & TcpHeader::RST))
    {
        TakeApart(packet, fromAddress, toAddress);
    }
    else if (ends && acknowledges && tcpHeader.GetAckNumber() <= m_tcb->m_highTxMark)
    {
        TakeBeforeLastAck(packet, flags & TcpHeader::FIN, fromAddress, toAddress);
    }
    else if (ends && acknowledges && (flags & TcpHeader::FIN))
    {
        // The FIN again, with the last acknowledgement: the stock socket would reset.
        SendEmptyPacket(TcpHeader::ACK);
        tcpHeader.SetFlags(TcpHeader::ACK);
        tcpHeader.SetSequenceNumber(m_tcb->m_rxBuffer->NextRxSequence());
        auto last = Create<Packet>();
        last->AddHeader(tcpHeader);
        TcpSocketBase::DoForwardUp(last, fromAddress, toAddress);
    }
    else
    {
        TcpSocketBase::DoForwardUp(packet, fromAddress, toAddress);
    }
    m_inForwardUp = false;
    switch (std::exchange(m_ending, Ending::None))
    {
    case Ending::Abort:
        Abort();
        break;
    case Ending::Vanish:
        Vanish();
        break;
    case Ending::None:
        break;
    }
}

void
AbortableTcpSocket::TakeApart(Ptr<Packet> packet,
                              const Address& fromAddress,
                              const Address& toAddress)
{
    TcpHeader header;
    auto data = packet->Copy();
    data->RemoveHeader(header);
    const auto size = data->GetSize();
    if (size == 0)
    {
        TcpSocketBase::DoForwardUp(packet, fromAddress, toAddress);
        return;
    }
    TcpHeader first = header;
    first.SetFlags(header.GetFlags() & ~TcpHeader::FIN);
    data->AddHeader(first);
    TcpSocketBase::DoForwardUp(data, fromAddress, toAddress);
    if (m_ending == Ending::None)
    {
        header.SetSequenceNumber(header.GetSequenceNumber() + SequenceNumber32(size));
        auto end = Create<Packet>();
        end->AddHeader(header);
        TcpSocketBase::DoForwardUp(end, fromAddress, toAddress);
    }
}

void
AbortableTcpSocket::TakeBeforeLastAck(Ptr<Packet> packet,
                                      bool hasFin,
                                      const Address& fromAddress,
                                      const Address& toAddress)
{
    // What the stock socket should do with such a segment it does in this state.
    const auto state = m_state.Get();
    m_state = CLOSE_WAIT;
    TcpSocketBase::DoForwardUp(packet, fromAddress, toAddress);
    if (m_state != CLOSE_WAIT && m_state != LAST_ACK)
    {
        return;
    }
    m_state = state;
    if (hasFin)
    {
        SendEmptyPacket(TcpHeader::ACK);
    }
    if (m_txBuffer->Size() == 0 && !m_retxEvent.IsPending())
    {
        // Only the FIN is left to be repeated, which the stock socket does not do.
        const Time wait = m_rto.Get();
        m_retxEvent = Simulator::Schedule(wait,
                                          &AbortableTcpSocket::RepeatFin,
                                          this,
                                          static_cast<uint8_t>(TcpHeader::FIN | TcpHeader::ACK),
                                          wait);
    }
}

void
AbortableTcpSocket::HandleRefusal(const TcpHeader& tcpHeader)
{
    bool acceptable = (tcpHeader.GetFlags() & TcpHeader::ACK) &&
                      tcpHeader.GetAckNumber() == m_tcb->m_nextTxSequence + SequenceNumber32(1);
    if (!acceptable)
    {
        return;
    }
    Ptr<AbortableTcpSocket> self(this);
    m_wasReset = true;
    m_state = CLOSED;
    CancelAllTimers();
    NotifyConnectionFailed();
    DeallocateEndPoint();
}

void
AbortableTcpSocket::RefuseStray(const TcpHeader& tcpHeader,
                                const Address& fromAddress,
                                const Address& toAddress)
{
    if (!InetSocketAddress::IsMatchingType(fromAddress))
    {
        return;
    }
    TcpHeader reset;
    reset.SetFlags(TcpHeader::RST);
    reset.SetSequenceNumber(SequenceNumber32(tcpHeader.GetAckNumber().GetValue()));
    reset.SetSourcePort(tcpHeader.GetDestinationPort());
    reset.SetDestinationPort(tcpHeader.GetSourcePort());
    m_tcp->SendPacket(Create<Packet>(),
                      reset,
                      InetSocketAddress::ConvertFrom(toAddress).GetIpv4(),
                      InetSocketAddress::ConvertFrom(fromAddress).GetIpv4(),
                      m_boundnetdevice);
}

void
AbortableTcpSocket::ReTxTimeout()
{
    if ((m_state == FIN_WAIT_1 || m_state == CLOSING) && m_txBuffer->Size() == 0)
    {
        RepeatFin(TcpHeader::FIN, m_rto.Get());
        return;
    }
    TcpSocketBase::ReTxTimeout();
}

void
AbortableTcpSocket::SendEmptyPacket(uint8_t flags)
{
    const bool waits = m_retxEvent.IsPending();
    TcpSocketBase::SendEmptyPacket(flags);
    if ((flags & TcpHeader::FIN) && !waits && m_retxEvent.IsPending())
    {
        // The stock socket would repeat itself, past ReTxTimeout().
        m_retxEvent.Remove();
        const Time wait = Max(m_rto.Get(), m_finWait);
        m_retxEvent = Simulator::Schedule(wait, &AbortableTcpSocket::RepeatFin, this, flags, wait);
    }
}

void
AbortableTcpSocket::RepeatFin(uint8_t flags, Time wait)
{
    if (m_state != FIN_WAIT_1 && m_state != CLOSING && m_state != LAST_ACK)
    {
        return;
    }
    if (m_dataRetrCount == 0)
    {
        Ptr<AbortableTcpSocket> self(this);
        NotifyErrorClose();
        Vanish();
        return;
    }
    --m_dataRetrCount;
    m_finWait = Min(2 * wait, Seconds(60));
    SendEmptyPacket(flags);
}

} // namespace azure
} // namespace ns3
