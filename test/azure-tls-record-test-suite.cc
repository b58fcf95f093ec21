/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-heap.h"
#include "azure-tls-fixture.h"

#include "ns3/azure-tls-record-writer.h"
#include "ns3/flow-id-tag.h"

#include <algorithm>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/// A direction in the clear, and one of each version.
const std::vector<TlsProtection> g_protections{{TlsVersion::None, 0},
                                               {TlsVersion::Tls12, 0x1234567890abcdefULL},
                                               {TlsVersion::Tls13, 0xfedcba0987654321ULL}};

/**
 * @param random random numbers
 * @param size bytes
 * @return random bytes
 */
std::string
RandomText(Ptr<UniformRandomVariable> random, uint32_t size)
{
    std::string text(size, '\0');
    std::generate(text.begin(), text.end(), [&] {
        return static_cast<char>(random->GetInteger(0, 255));
    });
    return text;
}

/**
 * @param t the test case
 */
void
CheckSizes(FunctionTestCase& t)
{
    struct Row
    {
        uint32_t content;  // bytes
        uint32_t sizes[3]; // on the wire: in the clear, 1.2, 1.3
    };

    for (const Row& row : std::vector<Row>{{0, {5, 29, 22}},
                                           {1, {6, 30, 23}},
                                           {1000, {1005, 1029, 1022}},
                                           {16384, {16389, 16413, 16406}}})
    {
        for (uint32_t i = 0; i < g_protections.size(); ++i)
        {
            TlsRecordWriter writer(TlsRole::Server);
            writer.Protect(g_protections[i]);
            auto record = writer.Seal(TlsContentType::ApplicationData, Create<Packet>(row.content));
            const auto bytes = ToBytes(record);
            t.Equal(bytes.size(), row.sizes[i], "size of a record");
            t.Equal(bytes.substr(0, 3), "\x17\x03\x03", "type and version");
            const auto length =
                static_cast<uint8_t>(bytes[3]) << 8 | static_cast<uint8_t>(bytes[4]);
            t.Equal(length, row.sizes[i] - 5, "length");
        }
    }
    TlsRecordWriter client(TlsRole::Client);
    t.Equal(ToBytes(client.Seal(TlsContentType::Handshake, "x")),
            std::string("\x16\x03\x01\0\1x", 6),
            "a ClientHello says 1.0");
    t.Equal(ToBytes(client.Seal(TlsContentType::Handshake, "x")),
            std::string("\x16\x03\x03\0\1x", 6),
            "what follows says 1.2");
    client.Protect(g_protections[2]);
    t.Equal(ToBytes(client.Seal(TlsContentType::Alert, "xy")).substr(0, 5),
            std::string("\x17\x03\x03\0\x13", 5),
            "1.3 hides the type");
    t.Equal(ToBytes(client.Seal(TlsContentType::ChangeCipherSpec, "\1")),
            std::string("\x14\x03\x03\0\1\1", 6),
            "a dummy is not protected");
}

/**
 * @param t the test case
 */
void
CheckCuts(FunctionTestCase& t)
{
    auto random = MakeRandom(7);
    for (const auto& protection : g_protections)
    {
        for (uint32_t round = 0; round < 60; ++round)
        {
            TlsRecordWriter writer(TlsRole::Server);
            writer.Protect(protection);
            std::vector<std::string> sent;
            std::string stream;
            for (uint32_t i = 0; i < 5; ++i)
            {
                const auto limit = random->GetInteger(0, 3) == 0 ? 16384U : 40U;
                sent.push_back(RandomText(random, random->GetInteger(0, limit)));
                stream += ToBytes(writer.Seal(TlsContentType::ApplicationData, sent.back()));
            }
            TlsRecordReader reader;
            reader.Protect(protection);
            std::vector<std::string> got;
            for (uint64_t at = 0; at < stream.size();)
            {
                // Every byte by itself, as much as the reader wants, or anything.
                const auto step = round == 0   ? 1
                                  : round == 1 ? reader.GetWanted()
                                               : random->GetInteger(1, 1 << (round % 15));
                reader.Push(ToPacket(stream.substr(at, step)));
                at += step;
                while (reader.Next() == TlsRecordEvent::Record)
                {
                    t.Check(reader.GetRecord().type == TlsContentType::ApplicationData, "type");
                    got.push_back(ToBytes(reader.GetRecord().content));
                }
            }
            t.Check(got == sent, "every byte, whatever the cuts");
            t.Equal(reader.GetQueuedBytes(), 0, "nothing is left");
            t.Check(reader.Next() == TlsRecordEvent::NeedInput, "it waits for more");
        }
    }
}

/**
 * @brief Read a stream to its end or to an error.
 * @param protection how it is protected
 * @param stream the stream
 * @return the alert, CloseNotify if there is no error
 */
TlsAlert
ReadAll(const TlsProtection& protection, const std::string& stream)
{
    TlsRecordReader reader;
    reader.Protect(protection);
    reader.Push(ToPacket(stream));
    auto event = reader.Next();
    while (event == TlsRecordEvent::Record)
    {
        event = reader.Next();
    }
    return event == TlsRecordEvent::Error ? reader.GetAlert() : TlsAlert::CloseNotify;
}

/**
 * @param t the test case
 */
void
CheckErrors(FunctionTestCase& t)
{
    struct Row
    {
        uint32_t protection; // index
        std::string header;  // bytes
        TlsAlert alert;      // what comes of it
    };

    for (const Row& row : std::vector<Row>{
             {0, std::string("\x17\x03\x03\x40\x00", 5), TlsAlert::CloseNotify},
             {0, std::string("\x17\x03\x03\x40\x01", 5), TlsAlert::RecordOverflow},
             {1, std::string("\x17\x03\x03\x40\x18", 5), TlsAlert::CloseNotify},
             {1, std::string("\x17\x03\x03\x40\x19", 5), TlsAlert::RecordOverflow},
             {2, std::string("\x17\x03\x03\x40\x11", 5), TlsAlert::CloseNotify},
             {2, std::string("\x17\x03\x03\x40\x12", 5), TlsAlert::RecordOverflow},
             {0, std::string("\x17\x03\x03\xff\xff", 5), TlsAlert::RecordOverflow},
             {1, std::string("\x17\x03\x03\x00\x17", 5), TlsAlert::BadRecordMac},
             {2, std::string("\x17\x03\x03\x00\x10", 5), TlsAlert::BadRecordMac},
             {0, std::string("\x13\x03\x03\x00\x01", 5), TlsAlert::UnexpectedMessage},
             {0, std::string("\x18\x03\x03\x00\x01", 5), TlsAlert::UnexpectedMessage},
             {0, std::string("\x16\x03\x09\x00\x01", 5), TlsAlert::CloseNotify},
             {0, std::string("\x16\x02\x00\x00\x01", 5), TlsAlert::ProtocolVersion},
             {0, "GET / HTTP/1.1\r\n", TlsAlert::ProtocolVersion},
             {2, std::string("\x16\x03\x03\x00\x20", 5), TlsAlert::UnexpectedMessage},
             {2, std::string("\x14\x03\x03\x00\x02", 5), TlsAlert::UnexpectedMessage},
             {2, std::string("\x14\x03\x03\x00\x01\x01", 6), TlsAlert::CloseNotify},
         })
    {
        t.Check(ReadAll(g_protections[row.protection], row.header) == row.alert,
                TlsName(row.alert) + " after " + std::to_string(row.header[0]));
    }
}

/**
 * @param t the test case
 */
void
CheckTags(FunctionTestCase& t)
{
    for (uint32_t i = 1; i < g_protections.size(); ++i)
    {
        TlsRecordWriter writer(TlsRole::Server);
        writer.Protect(g_protections[i]);
        std::vector<std::string> records;
        for (const char* text : {"one", "two", "three"})
        {
            records.push_back(
                ToBytes(writer.Seal(TlsContentType::ApplicationData, std::string(text))));
        }
        const auto& key = g_protections[i];
        t.Check(ReadAll(key, records[0] + records[1] + records[2]) == TlsAlert::CloseNotify,
                "as sealed");
        t.Check(ReadAll(key, records[0] + records[2]) == TlsAlert::BadRecordMac, "one is lost");
        t.Check(ReadAll(key, records[0] + records[0]) == TlsAlert::BadRecordMac, "one is doubled");
        t.Check(ReadAll(key, records[1] + records[0]) == TlsAlert::BadRecordMac, "two are swapped");
        t.Check(ReadAll({key.version, 1}, records[0]) == TlsAlert::BadRecordMac,
                "a record of another connection");
    }
    // RFC 8446, section 5.4: zeros behind the content type; only zeros are an error.
    const auto tag = std::string(8, '\0') + std::string("\xfe\xdc\xba\x09\x87\x65\x43\x21", 8);
    TlsRecordReader reader;
    reader.Protect(g_protections[2]);
    reader.Push(
        ToPacket(std::string("\x17\x03\x03\0\x17", 5) + std::string("ab\x17\0\0\0\0", 7) + tag));
    t.Check(reader.Next() == TlsRecordEvent::Record, "a padded record");
    t.Equal(ToBytes(reader.GetRecord().content), "ab", "without its padding");
    t.Check(ReadAll(g_protections[2],
                    std::string("\x17\x03\x03\0\x14", 5) + std::string(4, '\0') + tag) ==
                TlsAlert::UnexpectedMessage,
            "nothing but padding");
}

/**
 * @param t the test case
 */
void
CheckVirtual(FunctionTestCase& t)
{
    for (const auto& protection : g_protections)
    {
        TlsRecordWriter writer(TlsRole::Server);
        writer.Protect(protection);
        TlsRecordReader reader;
        reader.Protect(protection);
        std::vector<Ptr<Packet>> kept;
        const auto before = GetHeap();
        for (uint32_t i = 0; i < 1000; ++i)
        {
            auto body = Create<Packet>(16384U);
            body->AddPacketTag(FlowIdTag(1));
            body->AddByteTag(FlowIdTag(2));
            auto record = writer.Seal(TlsContentType::ApplicationData, body);
            // As TCP does: segments, each a fragment.
            for (uint32_t at = 0; at < record->GetSize(); at += 1448)
            {
                reader.Push(record->CreateFragment(at, std::min(1448U, record->GetSize() - at)));
            }
            t.Check(reader.Next() == TlsRecordEvent::Record, "a record");
            kept.push_back(reader.GetRecord().content);
        }
        const auto each = (GetHeap() - before) / 1000;
        t.Check(each < 2000, "a virtual record of 16 KiB holds " + std::to_string(each) + " bytes");
        FlowIdTag tag;
        t.Equal(kept.back()->GetSize(), 16384, "all of it");
        t.Check(!kept.back()->PeekPacketTag(tag) && !kept.back()->FindFirstMatchingByteTag(tag),
                "without tags");
    }
}

/**
 * @param t the test case
 */
void
CheckFuzz(FunctionTestCase& t)
{
    auto random = MakeRandom(11);
    uint32_t errors = 0;
    for (uint32_t round = 0; round < 20000; ++round)
    {
        const auto& protection = g_protections[round % g_protections.size()];
        TlsRecordWriter writer(TlsRole::Server);
        writer.Protect(protection);
        std::string stream;
        for (uint32_t i = 0; i < 4; ++i)
        {
            stream += ToBytes(writer.Seal(TlsContentType::Handshake,
                                          std::string(random->GetInteger(0, 60), 'x')));
        }
        for (uint32_t i = random->GetInteger(0, 3); i > 0; --i)
        {
            const auto at = random->GetInteger(0, stream.size() - 1);
            switch (random->GetInteger(0, 2))
            {
            case 0:
                stream[at] = static_cast<char>(random->GetInteger(0, 255));
                break;
            case 1:
                stream.erase(at, random->GetInteger(1, 4));
                break;
            default:
                stream.insert(at, random->GetInteger(1, 4), '\x16');
            }
            if (stream.empty())
            {
                stream = "x";
            }
        }
        TlsRecordReader reader;
        reader.Protect(protection);
        uint32_t events = 0;
        uint64_t content = 0;
        auto event = TlsRecordEvent::NeedInput;
        for (uint64_t at = 0; at < stream.size(); at += 16)
        {
            reader.Push(ToPacket(stream.substr(at, 16)));
            for (event = reader.Next(); event == TlsRecordEvent::Record; event = reader.Next())
            {
                content += reader.GetRecord().content->GetSize();
                ++events;
            }
        }
        t.Check(events <= stream.size() / 5 && content <= stream.size(), "bounded");
        errors += event == TlsRecordEvent::Error;
        t.Check(event != TlsRecordEvent::Error || reader.Next() == event, "an error stays");
    }
    t.Check(errors > 5000, "most mutations are noticed: " + std::to_string(errors));
}

/** Records of TLS. */
class TlsRecordTestSuite : public TestSuite
{
  public:
    TlsRecordTestSuite()
        : TestSuite("azure-tls-record", Type::UNIT)
    {
        auto add = [this](const char* name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("Records have the sizes of RFC 8446 5.2 and RFC 5288 3", CheckSizes);
        add("Records come out whole, wherever the stream is cut", CheckCuts);
        add("What is no record is refused with the alert of RFC 8446", CheckErrors);
        add("Lost, doubled, swapped and foreign records are noticed", CheckTags);
        add("Virtual content stays virtual, and loses its tags", CheckVirtual);
        add("Random mutations end in an alert or in records, with bounded work", CheckFuzz);
    }
};

/** Registers the suite. */
TlsRecordTestSuite g_tlsRecordTestSuite;

} // namespace
