/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-probe-body-search.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/// Another protocol follows its head, and no body.
constexpr uint32_t SWITCHING_PROTOCOLS = 101;

/// Least status of an answer that is final whatever was asked.
constexpr uint32_t FIRST_FINAL = 200;

} // namespace

ProbeBodySearch::ProbeBodySearch(const std::string& text, uint64_t limit)
    : m_text(text),
      m_left(limit),
      m_parser(HttpRole::Response)
{
}

void
ProbeBodySearch::Push(Ptr<const Packet> packet)
{
    if (m_state == State::Undecided)
    {
        m_parser.Push(packet);
        Read();
    }
}

void
ProbeBodySearch::PushEnd()
{
    if (m_state == State::Undecided)
    {
        m_parser.PushEnd();
        Read();
    }
    if (m_state == State::Undecided)
    {
        m_state = State::Missing;
    }
}

ProbeBodySearch::State
ProbeBodySearch::GetState() const
{
    return m_state;
}

void
ProbeBodySearch::Read()
{
    while (m_state == State::Undecided)
    {
        switch (m_parser.Next())
        {
        case HttpEvent::NeedInput:
            return;
        case HttpEvent::Head:
            m_final = m_parser.GetResponse().status >= FIRST_FINAL;
            if (m_parser.GetResponse().status == SWITCHING_PROTOCOLS)
            {
                m_state = State::Missing;
            }
            break;
        case HttpEvent::Body:
            Look(m_parser.GetBody());
            break;
        case HttpEvent::Complete:
            m_state = m_final ? State::Missing : State::Undecided;
            break;
        case HttpEvent::Error:
            m_state = State::Missing;
            break;
        }
    }
}

void
ProbeBodySearch::Look(Ptr<const Packet> piece)
{
    const auto size = static_cast<uint32_t>(std::min<uint64_t>(piece->GetSize(), m_left));
    const auto known = m_tail.size();
    m_tail.resize(known + size);
    piece->CopyData(reinterpret_cast<uint8_t*>(m_tail.data()) + known, size);
    m_left -= size;
    if (m_tail.find(m_text) != std::string::npos)
    {
        m_state = State::Found;
    }
    else if (m_left == 0)
    {
        m_state = State::Missing;
    }
    else if (m_tail.size() >= m_text.size())
    {
        m_tail.erase(0, m_tail.size() - m_text.size() + 1);
    }
}

} // namespace azure
} // namespace ns3
