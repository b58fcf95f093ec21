/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_PROBE_BODY_SEARCH_H
#define AZURE_PROBE_BODY_SEARCH_H

#include "ns3/azure-http-codec.h"
#include "ns3/packet.h"

#include <cstdint>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Looks for a text in the body of the answer to a probe (HP-21).
 *
 * The text is compared byte by byte, without any framing in between, and has to lie within the
 * first bytes of the body, up to a limit. Interim answers are passed over. Memory is that of the
 * text, whatever the size of the body.
 */
class ProbeBodySearch
{
  public:
    /**
     * @brief What is known so far.
     */
    enum class State
    {
        Undecided, //!< more bytes are needed
        Found,     //!< the body holds the text
        Missing    //!< it does not, or the answer is not HTTP
    };

    /// No figure is documented: bytes of body that are looked at.
    static constexpr uint64_t DEFAULT_LIMIT = 1048576;

    /**
     * @param text what to look for
     * @param limit bytes of body that are looked at
     */
    explicit ProbeBodySearch(const std::string& text, uint64_t limit = DEFAULT_LIMIT);

    /**
     * @brief More bytes of the answer.
     * @param packet the bytes
     */
    void Push(Ptr<const Packet> packet);

    /**
     * @brief There are no more bytes.
     */
    void PushEnd();

    /**
     * @return what is known so far
     */
    State GetState() const;

  private:
    /// Takes what the parser has to say.
    void Read();

    /**
     * @brief Looks at a piece of the body.
     * @param piece the piece
     */
    void Look(Ptr<const Packet> piece);

    std::string m_text;              //!< what to look for
    uint64_t m_left;                 //!< bytes of body still looked at
    HttpParser m_parser;             //!< takes the framing off
    bool m_final{false};             //!< whether the head read last is of the final answer
    std::string m_tail;              //!< end of the body so far, where the text may begin
    State m_state{State::Undecided}; //!< what is known
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_PROBE_BODY_SEARCH_H */
