/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/azure-flow-state.h"
#include "ns3/test.h"

#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::azure;

namespace
{

constexpr uint8_t SYN = PacketView::SYN; //!< short form
constexpr uint8_t ACK = PacketView::ACK; //!< short form
constexpr uint8_t FIN = PacketView::FIN; //!< short form
constexpr uint8_t RST = PacketView::RST; //!< short form

/// One segment of a connection and the phase that it must lead to.
struct Step
{
    bool fromClient;         //!< who sends it
    uint8_t flags;           //!< TCP flags
    uint32_t sequence;       //!< sequence number
    uint32_t acknowledgment; //!< acknowledgment number
    uint32_t length;         //!< bytes of data
    FlowPhase phase;         //!< the phase after it
};

/** Follows connections segment by segment. */
class StoryTestCase : public TestCase
{
  public:
    /**
     * @param name name of the case
     * @param steps the segments after a SYN with sequence number `isn`
     * @param isn initial sequence number of the client
     * @param clientExpects what the client must expect in the end
     * @param backendExpects what the instance must expect in the end
     */
    StoryTestCase(const std::string& name,
                  const std::vector<Step>& steps,
                  uint32_t isn,
                  uint32_t clientExpects,
                  uint32_t backendExpects)
        : TestCase(name),
          m_steps(steps),
          m_isn(isn),
          m_clientExpects(clientExpects),
          m_backendExpects(backendExpects)
    {
    }

  private:
    void DoRun() override
    {
        PacketView syn;
        syn.tcpFlags = SYN;
        syn.sequence = m_isn;
        FlowState state = FlowState::Begin(syn);
        NS_TEST_EXPECT_MSG_EQ((state.phase == FlowPhase::Opening), true, "a SYN opens");
        for (size_t index = 0; index < m_steps.size(); ++index)
        {
            const Step& step = m_steps[index];
            PacketView packet;
            packet.tcpFlags = step.flags;
            packet.sequence = step.sequence;
            packet.acknowledgment = step.acknowledgment;
            packet.payloadLength = step.length;
            if (step.fromClient)
            {
                state.FromClient(packet);
            }
            else
            {
                state.FromBackend(packet);
            }
            NS_TEST_EXPECT_MSG_EQ(static_cast<int>(state.phase),
                                  static_cast<int>(step.phase),
                                  "phase after segment " << index);
        }
        NS_TEST_EXPECT_MSG_EQ(state.clientExpects, m_clientExpects, "next for the client");
        NS_TEST_EXPECT_MSG_EQ(state.backendExpects, m_backendExpects, "next for the instance");
    }

    std::vector<Step> m_steps; //!< the segments
    uint32_t m_isn;            //!< initial sequence number of the client
    uint32_t m_clientExpects;  //!< expected in the end
    uint32_t m_backendExpects; //!< expected in the end
};

/** A UDP flow has no phases. */
class DatagramTestCase : public TestCase
{
  public:
    DatagramTestCase()
        : TestCase("A datagram begins a flow without phases")
    {
    }

  private:
    void DoRun() override
    {
        PacketView packet;
        packet.protocol = PacketView::UDP;
        const FlowState state = FlowState::Begin(packet);
        NS_TEST_EXPECT_MSG_EQ((state.phase == FlowPhase::Datagram), true, "phase");
        NS_TEST_EXPECT_MSG_EQ(state.IsOpen(), true, "open");
        NS_TEST_EXPECT_MSG_EQ(state.IsOver(), false, "not over");
        NS_TEST_EXPECT_MSG_EQ(state.IsTombstone(), false, "not remembered only");
    }
};

/** Watching TCP. */
class FlowStateTestSuite : public TestSuite
{
  public:
    FlowStateTestSuite()
        : TestSuite("azure-flow-state", Type::UNIT)
    {
        const auto opening = FlowPhase::Opening;
        const auto established = FlowPhase::Established;
        AddTestCase(new DatagramTestCase, Duration::QUICK);
        AddTestCase(new StoryTestCase("LB-42 a handshake, data both ways, and an orderly close",
                                      {{false, SYN | ACK, 500, 101, 0, opening},
                                       {true, ACK, 101, 501, 0, established},
                                       {true, ACK, 101, 501, 50, established},
                                       {false, ACK, 501, 151, 1000, established},
                                       {true, ACK, 151, 1501, 0, established},
                                       {true, FIN | ACK, 151, 1501, 0, FlowPhase::ClientFin},
                                       {false, ACK, 1501, 152, 0, FlowPhase::ClientFin},
                                       {false, FIN | ACK, 1501, 152, 0, FlowPhase::Closed},
                                       {true, ACK, 152, 1502, 0, FlowPhase::Closed}},
                                      100,
                                      1502,
                                      152),
                    Duration::QUICK);
        AddTestCase(new StoryTestCase("The instance closes first; FINs repeat",
                                      {{false, SYN | ACK, 500, 101, 0, opening},
                                       {true, ACK, 101, 501, 0, established},
                                       {false, FIN | ACK, 501, 101, 0, FlowPhase::BackendFin},
                                       {false, FIN | ACK, 501, 101, 0, FlowPhase::BackendFin},
                                       {true, FIN | ACK, 101, 502, 0, FlowPhase::Closed},
                                       {true, FIN | ACK, 101, 502, 0, FlowPhase::Closed}},
                                      100,
                                      502,
                                      101),
                    Duration::QUICK);
        AddTestCase(new StoryTestCase("Sequence numbers wrap, and late segments change nothing",
                                      {{false, SYN | ACK, 0xfffffff0, 0, 0, opening},
                                       {true, ACK, 0, 0xfffffff1, 0, established},
                                       {false, ACK, 0xfffffff1, 0, 100, established},
                                       {true, ACK, 0, 0x55, 0, established},
                                       {true, ACK, 0, 0xfffffff1, 0, established}},
                                      0xffffffff,
                                      0x55,
                                      0),
                    Duration::QUICK);
        AddTestCase(new StoryTestCase("A client's RST counts inside the window only",
                                      {{false, SYN | ACK, 500, 101, 0, opening},
                                       {true, ACK, 101, 501, 0, established},
                                       {true, RST, 100, 0, 0, established},
                                       {true, RST, 101 + (1U << 24), 0, 0, established},
                                       {true, RST, 101, 0, 0, FlowPhase::Reset}},
                                      100,
                                      501,
                                      101),
                    Duration::QUICK);
        AddTestCase(new StoryTestCase("An instance's RST counts inside the window only",
                                      {{false, SYN | ACK, 500, 101, 0, opening},
                                       {true, ACK, 101, 501, 0, established},
                                       {false, RST, 499, 0, 0, established},
                                       {false, RST | ACK, 700, 101, 0, FlowPhase::Reset}},
                                      100,
                                      501,
                                      101),
                    Duration::QUICK);
        AddTestCase(new StoryTestCase("A refused SYN: the RST acknowledges it",
                                      {{false, RST | ACK, 0, 100, 0, opening},
                                       {false, RST | ACK, 0, 101, 0, FlowPhase::Reset}},
                                      100,
                                      0,
                                      101),
                    Duration::QUICK);
        AddTestCase(
            new StoryTestCase("LB-42 both ends have forgotten the connection and begin anew",
                              {{false, SYN | ACK, 500, 101, 0, opening},
                               {true, ACK, 101, 501, 9000, established},
                               {false, ACK, 501, 9101, 9000, established},
                               {true, ACK, 9101, 9501, 0, established},
                               {true, SYN, 100, 0, 0, established},
                               {false, SYN | ACK, 500, 101, 0, opening},
                               {true, ACK, 101, 501, 0, established}},
                              100,
                              501,
                              101),
            Duration::QUICK);
        AddTestCase(new StoryTestCase("A repeated SYN-ACK begins nothing",
                                      {{false, SYN | ACK, 500, 101, 0, opening},
                                       {true, ACK, 101, 501, 9000, established},
                                       {false, ACK, 501, 9101, 0, established},
                                       {false, SYN | ACK, 500, 101, 0, established}},
                                      100,
                                      501,
                                      9101),
                    Duration::QUICK);
        AddTestCase(new StoryTestCase("A second attempt from the same port replaces the first",
                                      {{true, SYN, 9000, 0, 0, opening},
                                       {false, SYN | ACK, 500, 9001, 0, opening},
                                       {true, ACK, 9001, 501, 0, established}},
                                      100,
                                      501,
                                      9001),
                    Duration::QUICK);
    }
};

/** Registers the suite. */
FlowStateTestSuite g_flowStateTestSuite;

} // namespace
