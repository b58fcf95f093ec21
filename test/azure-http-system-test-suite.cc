/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-heap.h"
#include "azure-http-test-bed.h"

#include "ns3/boolean.h"
#include "ns3/bulk-send-helper.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/packet-sink-helper.h"
#include "ns3/packet-sink.h"
#include "ns3/test.h"

#include <sstream>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/** One point of the cross product of networks and ways to use HTTP. */
struct SystemSetting
{
    Time delay;     //!< one way
    double loss;    //!< of packets, each way
    uint32_t mtu;   //!< bytes
    bool keepAlive; //!< several requests on a connection
    bool chunked;   //!< framing of responses
};

/** Bodies of all sizes both ways: every byte counted at both ends, whatever the network does. */
class SystemTestCase : public TestCase
{
  public:
    /** @param setting the network and the way to use HTTP */
    explicit SystemTestCase(const SystemSetting& setting)
        : TestCase(MakeName(setting)),
          m_setting(setting)
    {
    }

  private:
    /**
     * @param setting a setting
     * @return its name
     */
    static std::string MakeName(const SystemSetting& setting)
    {
        std::ostringstream name;
        name << "Delay " << setting.delay.GetMilliSeconds() << " ms, loss " << setting.loss
             << ", MTU " << setting.mtu << (setting.keepAlive ? ", keep-alive" : ", close")
             << (setting.chunked ? ", chunked" : ", length");
        return name.str();
    }

    void DoRun() override
    {
        HttpTestBed bed(m_setting.delay, "100Mbps", m_setting.mtu);
        for (uint32_t i = 0; i < 2 && m_setting.loss > 0; ++i)
        {
            auto errors = CreateObject<RateErrorModel>();
            errors->SetAttribute("ErrorUnit", EnumValue(RateErrorModel::ERROR_UNIT_PACKET));
            errors->SetAttribute("ErrorRate", DoubleValue(m_setting.loss));
            errors->AssignStreams(100 + i);
            bed.devices.Get(i)->SetAttribute("ReceiveErrorModel", PointerValue(errors));
        }
        auto size = StringValue("ns3::ParetoRandomVariable[Scale=4000|Shape=1.2|Bound=200000]");
        bed.server->SetAttribute("ResponseSize", size);
        bed.server->SetAttribute("Chunked", BooleanValue(m_setting.chunked));
        bed.server->AssignStreams(10);
        bed.client->SetAttribute("LoadModel", EnumValue(HttpLoadModel::Closed));
        bed.client->SetAttribute("Users", UintegerValue(4));
        bed.client->SetAttribute("ThinkTime",
                                 StringValue("ns3::ConstantRandomVariable[Constant=0.01]"));
        bed.client->SetAttribute("KeepAlive", BooleanValue(m_setting.keepAlive));
        bed.client->SetAttribute("RequestBodySize", size);
        bed.client->SetAttribute("Method", StringValue("POST"));
        bed.client->SetAttribute("ConnectTimeout", TimeValue(Seconds(0)));
        bed.client->SetAttribute("ResponseTimeout", TimeValue(Seconds(0)));
        bed.client->SetAttribute("MaxRequests", UintegerValue(30));
        bed.client->AssignStreams(20);
        bed.Run(Seconds(900));
        NS_TEST_ASSERT_MSG_EQ(bed.requests.size(), 30, "every request ends");
        NS_TEST_ASSERT_MSG_EQ(bed.served.size(), 30, "and is served once");
        std::map<std::string, HttpServedRecord> served;
        for (const auto& record : bed.served)
        {
            served[record.requestId] = record;
        }
        for (const auto& record : bed.requests)
        {
            NS_TEST_EXPECT_MSG_EQ(record.GetOutcomeName(), "ok", "outcome");
            auto id = record.client + "-" + std::to_string(record.request);
            NS_TEST_ASSERT_MSG_EQ(served.count(id), 1, "the server knows it");
            NS_TEST_EXPECT_MSG_EQ(record.bodyBytes, served[id].responseBodyBytes, "answer");
            NS_TEST_EXPECT_MSG_LT(served[id].requestBodyBytes, record.requestBytes, "request");
            NS_TEST_EXPECT_MSG_GT(served[id].requestBodyBytes + 250, record.requestBytes, "head");
            // Never faster than the light: a round trip, two with the handshake.
            auto floor = m_setting.delay * (record.reused ? 2 : 4);
            NS_TEST_EXPECT_MSG_GT(record.GetLatency(), floor, "latency");
        }
    }

    SystemSetting m_setting; //!< the network and the way to use HTTP
};

/** The preset changes one node, not the others; stock applications can use it. */
class PresetTestCase : public TestCase
{
  public:
    PresetTestCase()
        : TestCase("The TCP preset holds on its nodes only, and serves stock applications")
    {
    }

  private:
    void DoRun() override
    {
        HttpTestBed bed;
        NodeContainer other(1);
        InternetStackHelper().Install(other);
        auto mine = TcpPresetSocketFactory::CreateOn(bed.nodes.Get(0));
        auto stock = Socket::CreateSocket(bed.nodes.Get(0), TcpSocketFactory::GetTypeId());
        auto foreign = TcpPresetSocketFactory::CreateOn(other.Get(0));
        auto read = [](Ptr<Socket> socket, const char* name) {
            UintegerValue value;
            socket->GetAttribute(name, value);
            return value.Get();
        };
        NS_TEST_EXPECT_MSG_EQ(read(mine, "SegmentSize"), 1448, "Linux");
        NS_TEST_EXPECT_MSG_EQ(read(stock, "SegmentSize"), 536, "a stock socket on the same node");
        NS_TEST_EXPECT_MSG_EQ(read(foreign, "SegmentSize"), 536, "another node");
        NS_TEST_EXPECT_MSG_EQ(read(mine, "ConnCount"), 7, "Linux");
        TimeValue time;
        mine->GetAttribute("MinRto", time);
        NS_TEST_EXPECT_MSG_EQ(time.Get(), MilliSeconds(200), "Linux");
        BulkSendHelper bulk("ns3::azure::TcpPresetSocketFactory",
                            InetSocketAddress(bed.interfaces.GetAddress(1), 5001));
        bulk.SetAttribute("MaxBytes", UintegerValue(1000000));
        bulk.Install(bed.nodes.Get(0)).Start(Seconds(1));
        PacketSinkHelper sink("ns3::azure::TcpPresetSocketFactory",
                              InetSocketAddress(Ipv4Address::GetAny(), 5001));
        auto sinks = sink.Install(bed.nodes.Get(1));
        bed.devices.Get(0)->TraceConnectWithoutContext("MacTx",
                                                       MakeCallback(&PresetTestCase::OnSend, this));
        bed.Run(Seconds(10));
        auto received = DynamicCast<PacketSink>(sinks.Get(0))->GetTotalRx();
        NS_TEST_EXPECT_MSG_EQ(received, 1000000, "all arrived");
        NS_TEST_EXPECT_MSG_EQ(m_largest, 1500, "full segments fill the MTU");
    }

    /** A packet leaves the client's node. */
    void OnSend(Ptr<const Packet> packet)
    {
        m_largest = std::max(m_largest, packet->GetSize() - 2);
    }

    uint32_t m_largest{0}; //!< largest IP packet
};

/** What a connection took is given back when it is over. */
class MemoryTestCase : public TestCase
{
  public:
    MemoryTestCase()
        : TestCase("Connections that are over take no memory")
    {
    }

  private:
    void DoRun() override
    {
        HttpTestBed bed;
        bed.client->SetAttribute("LoadModel", EnumValue(HttpLoadModel::OpenPaced));
        bed.client->SetAttribute("Rate", DoubleValue(5));
        // All that was opened before has left TIME_WAIT, and as many connections are in it later.
        bed.Run(Seconds(200));
        const size_t heap = GetHeap();
        const size_t requests = bed.requests.size();
        bed.Run(Seconds(200));
        const auto more = bed.requests.size() - requests;
        NS_TEST_ASSERT_MSG_GT(more, 900, "five a second");
        // A pair of sockets takes some 20 kB, the records that the test keeps about 1 kB.
        const auto each = (static_cast<double>(GetHeap()) - heap) / more;
        NS_TEST_EXPECT_MSG_LT(each, 4000, "bytes that a request leaves behind");
    }
};

/** HTTP server and client over networks of all kinds. */
class HttpSystemTestSuite : public TestSuite
{
  public:
    HttpSystemTestSuite()
        : TestSuite("azure-http-system", Type::SYSTEM)
    {
        for (auto delay : {MilliSeconds(1), MilliSeconds(60)})
        {
            for (auto loss : {0.0, 0.02})
            {
                for (auto mtu : {600U, 1500U})
                {
                    for (auto keepAlive : {false, true})
                    {
                        AddTestCase(new SystemTestCase({delay, loss, mtu, keepAlive, mtu == 1500U}),
                                    Duration::QUICK);
                    }
                }
            }
        }
        AddTestCase(new PresetTestCase, Duration::QUICK);
        AddTestCase(new MemoryTestCase, Duration::QUICK);
    }
};

/** Registers the suite. */
HttpSystemTestSuite g_httpSystemTestSuite;

} // namespace
