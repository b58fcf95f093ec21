/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_LOAD_BALANCER_REFERENCE_H
#define AZURE_LOAD_BALANCER_REFERENCE_H

#include "azure-load-balancer-reference-pools.h"

#include <memory>
#include <optional>
#include <set>
#include <tuple>

namespace ns3
{
namespace azure
{

/**
 * @ingroup tests
 * @brief A load balancer written down rule by rule, without a thought of speed.
 *
 * It judges what LoadBalancerEngine says, but for the hash: which instance a new flow gets is
 * checked to be eligible, and the same whenever the same fields decide among the same instances.
 * Time outs take effect when they are due; where the engine may notice late that a flow has
 * ended, each truth about the flow is taken. Segments are assumed to carry the sequence numbers
 * of EngineTestCase.
 */
class ReferenceBalancer : public ReferencePools
{
  public:
    /// How far a connection is.
    enum class Phase
    {
        NONE,        //!< not TCP
        OPENING,     //!< before the client's first ACK
        ESTABLISHED, //!< after it
        CLIENT_FIN,  //!< FIN of the client
        BACKEND_FIN, //!< FIN of the instance
        OVER         //!< FIN of both, or RST
    };

    /// One flow.
    struct Session
    {
        FlowRecord record;                 //!< its names
        IpAddress seen;                    //!< the destination that the instance sees
        Phase phase{Phase::NONE};          //!< how far it is
        bool reopening{false};             //!< SYN since the handshake
        Time last;                         //!< last packet
        std::optional<Time> idleAt;        //!< when it timed out
        bool cutDown{false};               //!< its pool went down in a way that cuts
        bool cutStop{false};               //!< its instance stopped
        std::optional<FlowEndReason> told; //!< the engine has said that it ended

        /// @return whether it ended by itself or was ended
        bool IsDead() const
        {
            return idleAt || cutDown || cutStop;
        }
    };

    /// What a FlowListener heard.
    struct End
    {
        FlowRecord record;    //!< of the flow
        FlowEndReason reason; //!< why
        Time when;            //!< when
    };

    /**
     * @param configuration without errors
     * @param settings lifetimes
     */
    ReferenceBalancer(const LoadBalancerConfiguration& configuration,
                      const LoadBalancerEngineSettings& settings)
        : ReferencePools(configuration),
          m_settings(settings)
    {
    }

    /**
     * @brief Time goes on; what is due happens.
     *
     * @param now the present time
     */
    void Advance(Time now)
    {
        m_now = now;
        for (size_t index = 0; index < m_sessions.size();)
        {
            Session& session = *m_sessions[index];
            const Rule& rule = m_rules[session.record.rule];
            const bool tcp = session.phase != Phase::NONE;
            const Time idle = tcp ? rule.idle : m_settings.udpFlowLifetime;
            const Time silence = now - session.last;
            bool forget = false;
            if (session.phase == Phase::OVER)
            {
                forget = silence >= m_settings.closedFlowLifetime;
            }
            else
            {
                if (!session.IsDead() && silence >= idle)
                {
                    session.idleAt = session.last + idle; // LB-40, LB-45
                }
                // Late packets are known for another idle timeout; UDP has none (LB-40, LB-32).
                forget = session.IsDead() && (!tcp || silence >= 2 * idle);
            }
            if (forget)
            {
                m_sessions.erase(m_sessions.begin() + index);
            }
            else
            {
                ++index;
            }
        }
    }

    /**
     * @param segments what the engine wants sent after Advance(), which must be the flows' own
     *        timeouts
     * @return what is wrong
     */
    std::string CheckResets(const std::vector<ResetSegment>& segments)
    {
        // LB-42: established flows of rules with reset that timed out and were not told yet.
        std::vector<const Session*> owed;
        for (const auto& session : m_untold)
        {
            if (session->phase == Phase::ESTABLISHED && m_rules[session->record.rule].reset &&
                session->idleAt && !session->cutDown && !session->cutStop)
            {
                owed.push_back(session.get());
            }
        }
        if (segments.size() != 2 * owed.size())
        {
            return "resets: " + std::to_string(segments.size()) +
                   ", flows that owe them: " + std::to_string(owed.size());
        }
        for (size_t index = 0; index < segments.size(); index += 2)
        {
            const ResetSegment& client = segments[index];
            const ResetSegment& backend = segments[index + 1];
            const auto found = std::find_if(owed.begin(), owed.end(), [&](const Session* s) {
                return s->record.client == client.destination &&
                       s->record.clientPort == client.destinationPort &&
                       s->record.frontend == client.source &&
                       s->record.frontendPort == client.sourcePort;
            });
            if (found == owed.end())
            {
                return "a reset for a flow that owes none, or a second one";
            }
            const Session& session = **found;
            owed.erase(found);
            const bool good = client.towardClient && client.nextHop == session.record.client &&
                              client.sequence == 5001 && !backend.towardClient &&
                              backend.source == session.record.client &&
                              backend.sourcePort == session.record.clientPort &&
                              backend.destination == session.seen &&
                              backend.destinationPort == session.record.backendPort &&
                              backend.nextHop == session.record.backend && backend.sequence == 1001;
            if (!good || session.idleAt != m_now)
            {
                return "fields or time of resets";
            }
        }
        return "";
    }

    /**
     * @param packet a packet on its way in
     * @param verdict the engine's verdict on it
     * @return what is wrong
     */
    std::string CheckForward(const PacketView& packet, const Verdict& verdict)
    {
        if (!IsFrontend(packet.destination))
        {
            return Expect(verdict, VerdictAction::NotOurs, DropReason::None);
        }
        if (packet.fragment)
        {
            return Expect(verdict, VerdictAction::Drop, DropReason::Fragment); // LB-29
        }
        const bool tcp = packet.protocol == PacketView::TCP;
        if (!tcp && packet.protocol != PacketView::UDP && packet.protocol != PacketView::ICMP)
        {
            return Expect(verdict, VerdictAction::Drop, DropReason::UnsupportedProtocol);
        }
        const bool opens = !tcp || (packet.tcpFlags & 0x16) == PacketView::SYN;
        if (const auto session = FindForward(packet))
        {
            const bool dead = session->phase != Phase::OVER && session->IsDead();
            const bool nat = m_rules[session->record.rule].nat;
            auto eligible = Eligible(session->record.rule);
            if (nat)
            {
                // LB-47: whoever has the port now, if anybody.
                const auto [rule, owner] = Match(packet);
                eligible.assign(rule == Verdict::NO_RULE ? 0 : 1, owner);
            }
            const bool home = Has(eligible, session->record.backend);
            if (!opens && dead)
            {
                return CheckLate(*session, packet, verdict);
            }
            if (!dead && (!opens || (session->phase != Phase::OVER && home)))
            {
                return CheckPass(*session, packet, verdict, true); // LB-14, LB-17, LB-30
            }
            if (!dead && session->phase != Phase::OVER)
            {
                // LB-30, LB-31: a SYN or a datagram is not bound to an instance that is down.
                const bool begun = session->phase > Phase::OPENING;
                if (eligible.empty() && begun)
                {
                    return Expect(verdict,
                                  VerdictAction::Drop,
                                  nat ? DropReason::NoRule : DropReason::NoHealthyBackend);
                }
                m_due.push_back({session->record,
                                 begun              ? FlowEndReason::Replaced
                                 : eligible.empty() ? FlowEndReason::NoHealthyBackend
                                                    : FlowEndReason::Moved,
                                 m_now});
            }
            Forget(session);
        }
        return CheckNew(packet, tcp, opens, verdict);
    }

    /**
     * @param packet a packet on its way out
     * @param verdict the engine's verdict on it
     * @return what is wrong
     */
    std::string CheckReturn(const PacketView& packet, const Verdict& verdict)
    {
        const auto session = FindReverse(packet);
        if (session && session->phase != Phase::OVER && session->IsDead())
        {
            return CheckLate(*session, packet, verdict);
        }
        if (session)
        {
            return CheckPass(*session, packet, verdict, false);
        }
        // A flow that has just been forgotten may still be in a table.
        const bool once = m_history.count({packet.destination,
                                           packet.destinationPort,
                                           packet.source,
                                           packet.sourcePort,
                                           packet.protocol});
        return once && verdict.action == VerdictAction::Drop
                   ? ""
                   : Expect(verdict, VerdictAction::NotOurs, DropReason::None);
    }

    /**
     * @param quoted a packet that the client or the instance has sent
     * @param in about a packet of the instance, sent to the frontend
     * @param verdict the engine's verdict on the ICMP error
     * @return what is wrong
     */
    std::string CheckIcmpError(const PacketView& quoted, bool in, const IcmpErrorVerdict& verdict)
    {
        PacketView mirrored = quoted;
        std::swap(mirrored.source, mirrored.destination);
        std::swap(mirrored.sourcePort, mirrored.destinationPort);
        const auto session = in ? FindForward(mirrored) : FindReverse(mirrored);
        const bool lives = session && (session->phase == Phase::OVER || !session->IsDead());
        const auto action = lives ? VerdictAction::Translate
                            : in  ? VerdictAction::Drop
                                  : VerdictAction::NotOurs;
        if (verdict.action != action)
        {
            return "ICMP error: " + ToString(verdict.action);
        }
        if (!lives)
        {
            return "";
        }
        const auto& record = session->record;
        const bool good =
            in ? verdict.quotedSource == session->seen &&
                     verdict.quotedSourcePort == record.backendPort &&
                     verdict.destination == session->seen && verdict.nextHop == record.backend
               : verdict.quotedDestination == record.frontend &&
                     verdict.quotedDestinationPort == record.frontendPort &&
                     verdict.destination == record.client && verdict.nextHop == record.client;
        return good ? "" : "fields of an ICMP error";
    }

    /**
     * @param ends what the listener has heard since the last call
     * @return what is wrong
     */
    std::string CheckEnds(const std::vector<End>& ends)
    {
        for (const auto& end : ends)
        {
            const auto found =
                std::find_if(m_untold.begin(), m_untold.end(), [&](const auto& session) {
                    return session->record.id == end.record.id;
                });
            if (found == m_untold.end())
            {
                return "the end of an unknown flow, or a second end: " + ToString(end.reason);
            }
            const Session& session = **found;
            const auto due = std::find_if(m_due.begin(), m_due.end(), [&](const End& d) {
                return d.record.id == end.record.id;
            });
            bool good = false;
            if (due != m_due.end())
            {
                good = due->reason == end.reason && due->when == end.when;
                m_due.erase(due);
            }
            else
            {
                good = (end.reason == FlowEndReason::IdleTimeout && session.idleAt == end.when) ||
                       (end.reason == FlowEndReason::InstanceDown && session.cutDown) ||
                       (end.reason == FlowEndReason::InstanceStopped && session.cutStop);
            }
            good = good && session.record.client == end.record.client &&
                   session.record.clientPort == end.record.clientPort &&
                   session.record.backend == end.record.backend &&
                   session.record.backendPort == end.record.backendPort &&
                   session.record.rule == end.record.rule;
            if (!good)
            {
                return "a flow must not end by " + ToString(end.reason);
            }
            (*found)->told = end.reason;
            m_untold.erase(found);
        }
        return m_due.empty() ? "" : "no word of the end by " + ToString(m_due[0].reason);
    }

    /// @return flows that have begun and not ended
    uint32_t CountAlive() const
    {
        return std::count_if(m_untold.begin(), m_untold.end(), [](const auto& session) {
            return !session->IsDead();
        });
    }

    /// @return the flows that packets may find, dead ones too
    const std::vector<std::shared_ptr<Session>>& GetSessions() const
    {
        return m_sessions;
    }

  private:
    /// What decides about an instance (LB-12), and the instances.
    using Choice = std::tuple<LoadDistribution,
                              IpAddress,
                              IpAddress,
                              uint16_t,
                              uint16_t,
                              uint8_t,
                              std::vector<IpAddress>>;

    /// Client, its port, source of the answers, its port, protocol.
    using Way = std::tuple<IpAddress, uint16_t, IpAddress, uint16_t, uint8_t>;

    void HandleCut(uint32_t rule) override
    {
        // LB-31, LB-33: flows to instances that have left the pool are the rule's, too.
        ForOpen([&](Session& session) {
            session.cutDown = session.cutDown || session.record.rule == rule;
        });
        Advance(m_now);
    }

    void HandleStop(const IpAddress& instance) override
    {
        ForOpen([&](Session& session) {
            session.cutStop = session.cutStop || session.record.backend == instance; // LB-30
        });
        Advance(m_now);
    }

    /**
     * @param visit told of every flow that is not over, forgotten ones too
     */
    void ForOpen(const std::function<void(Session&)>& visit)
    {
        for (const auto* list : {&m_sessions, &m_untold})
        {
            for (const auto& session : *list)
            {
                if (session->phase != Phase::OVER)
                {
                    visit(*session);
                }
            }
        }
    }

    /**
     * @param packet a packet on its way in
     * @return its flow, or null
     */
    std::shared_ptr<Session> FindForward(const PacketView& packet) const
    {
        for (const auto& session : m_sessions)
        {
            const auto& record = session->record;
            if (record.client == packet.source && record.clientPort == packet.sourcePort &&
                record.frontend == packet.destination &&
                record.frontendPort == packet.destinationPort && record.protocol == packet.protocol)
            {
                return session;
            }
        }
        return nullptr;
    }

    /**
     * @param packet a packet on its way out
     * @return its flow, or null
     */
    std::shared_ptr<Session> FindReverse(const PacketView& packet) const
    {
        for (const auto& session : m_sessions)
        {
            const auto& record = session->record;
            if (record.client == packet.destination &&
                record.clientPort == packet.destinationPort && session->seen == packet.source &&
                record.backendPort == packet.sourcePort && record.protocol == packet.protocol)
            {
                return session;
            }
        }
        return nullptr;
    }

    /**
     * @param session a flow that packets no longer find
     */
    void Forget(const std::shared_ptr<Session>& session)
    {
        m_sessions.erase(std::find(m_sessions.begin(), m_sessions.end(), session));
    }

    /**
     * @param verdict a verdict
     * @param action what it must say
     * @param reason and why
     * @return what is wrong
     */
    static std::string Expect(const Verdict& verdict, VerdictAction action, DropReason reason)
    {
        const bool good = verdict.action == action && verdict.reason == reason;
        return good ? ""
                    : ToString(verdict.action) + " " + ToString(verdict.reason) + " instead of " +
                          ToString(action) + " " + ToString(reason);
    }

    /**
     * @param session a flow that has ended and is remembered
     * @param packet a packet of it that opens nothing
     * @param verdict the verdict on it
     * @return what is wrong (LB-30, LB-31, LB-33, LB-40)
     */
    std::string CheckLate(const Session& session,
                          const PacketView& packet,
                          const Verdict& verdict) const
    {
        const bool idle = !session.told || session.told == FlowEndReason::IdleTimeout;
        const bool cut = !session.told || session.told != FlowEndReason::IdleTimeout;
        if (idle && session.idleAt && verdict.reason == DropReason::IdleTimeout)
        {
            const bool answer =
                m_rules[session.record.rule].reset && !(packet.tcpFlags & PacketView::RST);
            return Expect(verdict,
                          answer ? VerdictAction::Reset : VerdictAction::Drop,
                          DropReason::IdleTimeout);
        }
        if (cut && session.cutStop && verdict.reason == DropReason::InstanceStopped)
        {
            return Expect(verdict, VerdictAction::Drop, DropReason::InstanceStopped);
        }
        return cut && session.cutDown
                   ? Expect(verdict, VerdictAction::Drop, DropReason::InstanceDown)
                   : "a late packet: " + ToString(verdict.reason);
    }

    /**
     * @param session a living flow
     * @param packet a packet of it
     * @param verdict the verdict on it
     * @param in on its way in
     * @return what is wrong (LB-4, LB-5, LB-26)
     */
    std::string CheckPass(Session& session,
                          const PacketView& packet,
                          const Verdict& verdict,
                          bool in)
    {
        const auto& record = session.record;
        const bool good =
            in ? verdict.source == packet.source && verdict.sourcePort == packet.sourcePort &&
                     verdict.destination == session.seen &&
                     verdict.destinationPort == record.backendPort
               : verdict.source == record.frontend && verdict.sourcePort == record.frontendPort &&
                     verdict.destination == packet.destination &&
                     verdict.destinationPort == packet.destinationPort;
        const auto expected = Expect(verdict, VerdictAction::Translate, DropReason::None);
        if (!expected.empty() || !good || !(verdict.backend == record.backend) ||
            verdict.fromBackend == in || verdict.newFlow || verdict.flow != record.id ||
            verdict.rule != record.rule)
        {
            return expected.empty() ? "fields of a packet of a known flow" : expected;
        }
        session.last = m_now; // LB-44
        Watch(session, packet.tcpFlags, in);
        return "";
    }

    /**
     * @param session a flow
     * @param flags TCP flags of a packet of it
     * @param in on its way in
     */
    void Watch(Session& session, uint8_t flags, bool in)
    {
        if (session.phase == Phase::NONE || session.phase == Phase::OVER)
        {
            return;
        }
        const bool ack = flags & PacketView::ACK;
        if (flags & PacketView::RST)
        {
            session.phase = Phase::OVER;
            m_due.push_back({session.record, FlowEndReason::Reset, m_now});
        }
        else if (flags & PacketView::SYN)
        {
            if (in)
            {
                session.reopening = session.reopening || session.phase != Phase::OPENING;
            }
            else if (session.reopening && ack)
            {
                session.phase = Phase::OPENING;
                session.reopening = false;
            }
        }
        else
        {
            if (in && ack && session.phase == Phase::OPENING)
            {
                session.phase = Phase::ESTABLISHED;
            }
            if ((flags & PacketView::FIN) == 0)
            {
                return;
            }
            if (session.phase == (in ? Phase::BACKEND_FIN : Phase::CLIENT_FIN))
            {
                session.phase = Phase::OVER;
                m_due.push_back({session.record, FlowEndReason::Closed, m_now});
            }
            else
            {
                session.phase = in ? Phase::CLIENT_FIN : Phase::BACKEND_FIN;
            }
        }
    }

    /**
     * @param packet a packet without a flow
     * @param tcp whether it is TCP
     * @param opens whether it may begin a flow
     * @param verdict the verdict on it
     * @return what is wrong
     */
    std::string CheckNew(const PacketView& packet, bool tcp, bool opens, const Verdict& verdict)
    {
        const auto [rule, single] = Match(packet);
        if (rule == Verdict::NO_RULE)
        {
            return Expect(verdict, VerdictAction::Drop, DropReason::NoRule); // LB-21
        }
        const Rule& entry = m_rules[rule];
        if (verdict.rule != rule)
        {
            return "the wrong rule";
        }
        if (!opens)
        {
            const bool answer = entry.reset && !(packet.tcpFlags & PacketView::RST);
            return Expect(verdict,
                          answer ? VerdictAction::Reset : VerdictAction::Drop,
                          DropReason::NoFlow);
        }
        const auto eligible = entry.nat ? std::vector<IpAddress>{single} : Eligible(rule);
        if (entry.nat && !IsRunning(single))
        {
            return Expect(verdict, VerdictAction::Drop, DropReason::InstanceStopped);
        }
        if (eligible.empty())
        {
            return Expect(verdict,
                          VerdictAction::Drop,
                          !HasMembers(entry.pool) ? DropReason::NoBackend
                                                  : DropReason::NoHealthyBackend); // LB-31
        }
        if (!Has(eligible, verdict.backend))
        {
            return "an instance that is not eligible: " + ToText(verdict.backend);
        }
        if (!entry.nat && !IsStable(entry.mode, packet, eligible, verdict.backend))
        {
            return "LB-14: the same fields, another instance";
        }
        if (verdict.backend == packet.source)
        {
            return Expect(verdict, VerdictAction::Drop, DropReason::HairpinToSelf); // LB-60
        }
        auto session = std::make_shared<Session>();
        session->seen = entry.floating ? packet.destination : verdict.backend;
        session->phase = tcp ? Phase::OPENING : Phase::NONE;
        session->record.id = verdict.flow;
        session->record.rule = rule;
        session->record.protocol = packet.protocol;
        session->record.client = packet.source;
        session->record.clientPort = packet.sourcePort;
        session->record.frontend = packet.destination;
        session->record.frontendPort = packet.destinationPort;
        session->record.backend = verdict.backend;
        session->record.backendPort =
            entry.backendPort == 0 ? packet.destinationPort : entry.backendPort;
        PacketView answer;
        answer.source = session->seen;
        answer.sourcePort = session->record.backendPort;
        answer.destination = packet.source;
        answer.destinationPort = packet.sourcePort;
        answer.protocol = packet.protocol;
        if (const auto other = FindReverse(answer))
        {
            if (other->phase != Phase::OVER && !other->IsDead())
            {
                return Expect(verdict, VerdictAction::Drop, DropReason::FlowCollision); // LB-26
            }
            Forget(other);
        }
        const bool fresh = std::none_of(m_untold.begin(), m_untold.end(), [&](const auto& s) {
            return s->record.id == verdict.flow && !s->IsDead();
        });
        if (!verdict.newFlow || !fresh)
        {
            return "a flow identifier that is in use";
        }
        Verdict known = verdict;
        known.newFlow = false;
        m_sessions.push_back(session);
        m_untold.push_back(session);
        m_history.insert({answer.destination,
                          answer.destinationPort,
                          answer.source,
                          answer.sourcePort,
                          answer.protocol});
        return CheckPass(*session, packet, known, true);
    }

    /**
     * @param mode which fields decide (LB-12)
     * @param packet a packet that begins a flow
     * @param eligible the instances
     * @param instance the one chosen
     * @return whether it is the one that was always chosen
     */
    bool IsStable(LoadDistribution mode,
                  const PacketView& packet,
                  const std::vector<IpAddress>& eligible,
                  const IpAddress& instance)
    {
        const bool ports = mode == LoadDistribution::Default;
        const Choice choice{mode,
                            packet.source,
                            packet.destination,
                            ports ? packet.sourcePort : 0,
                            ports ? packet.destinationPort : 0,
                            mode == LoadDistribution::SourceIp ? 0 : packet.protocol,
                            eligible};
        return m_choices.emplace(choice, instance).first->second == instance;
    }

    LoadBalancerEngineSettings m_settings;            //!< lifetimes
    Time m_now;                                       //!< the present time
    std::vector<std::shared_ptr<Session>> m_sessions; //!< flows that packets find
    std::vector<std::shared_ptr<Session>> m_untold;   //!< flows without an end yet
    std::vector<End> m_due;                           //!< ends to be told at once
    std::map<Choice, IpAddress> m_choices;            //!< instances chosen so far
    std::set<Way> m_history;                          //!< answers of flows that were
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_LOAD_BALANCER_REFERENCE_H */
