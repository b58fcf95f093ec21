/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TLS_FIXTURE_H
#define AZURE_TLS_FIXTURE_H

#include "ns3/azure-tls-configuration.h"
#include "ns3/azure-tls-engine.h"
#include "ns3/azure-tls-record-reader.h"
#include "ns3/random-variable-stream.h"

#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @param packet a packet
 * @return its bytes
 */
inline std::string
ToBytes(Ptr<const Packet> packet)
{
    std::string bytes(packet ? packet->GetSize() : 0, '\0');
    if (packet)
    {
        packet->CopyData(reinterpret_cast<uint8_t*>(bytes.data()), packet->GetSize());
    }
    return bytes;
}

/**
 * @param bytes bytes
 * @return a packet of them
 */
inline Ptr<Packet>
ToPacket(const std::string& bytes)
{
    return Create<Packet>(reinterpret_cast<const uint8_t*>(bytes.data()),
                          static_cast<uint32_t>(bytes.size()));
}

/**
 * @param stream number of the random stream
 * @return random numbers that depend on nothing else
 */
inline Ptr<UniformRandomVariable>
MakeRandom(int64_t stream)
{
    auto random = CreateObject<UniformRandomVariable>();
    random->SetStream(stream);
    return random;
}

/** @brief An authority with what it has issued. */
struct TlsPki
{
    TlsPki()
    {
        server = {IssueTlsCertificate(intermediate, "www.contoso.com"), intermediate};
        other = {IssueTlsCertificate(intermediate, "api.contoso.com"), intermediate};
        client = {IssueTlsCertificate(intermediate, "device-7"), intermediate};
    }

    TlsCertificate root{MakeTlsRoot("Root")};                                     //!< trusted
    TlsCertificate intermediate{IssueTlsCertificate(root, "Intermediate", true)}; //!< issues
    TlsCertificateChain server; //!< of www.contoso.com
    TlsCertificateChain other;  //!< of api.contoso.com
    TlsCertificateChain client; //!< of a client
};

/** @brief Two configurations that get along with each other. */
struct TlsTellings
{
    TlsTellings()
    {
        client->serverName = "www.contoso.com";
        client->trust.Add(pki.root);
        server->trust.Add(pki.root);
        server->certificates = {pki.server, pki.other};
    }

    /** @param version the one version that both speak */
    void SetVersion(TlsVersion version)
    {
        client->minimumVersion = client->maximumVersion = version;
    }

    /** @brief Let both keep sessions. */
    void AddSessions()
    {
        client->sessions = std::make_shared<TlsSessionCache>();
        server->sessions = std::make_shared<TlsSessionCache>();
    }

    TlsPki pki; //!< certificates
    std::shared_ptr<TlsClientConfiguration> client{
        std::make_shared<TlsClientConfiguration>()}; //!< the client's
    std::shared_ptr<TlsServerConfiguration> server{
        std::make_shared<TlsServerConfiguration>()}; //!< the server's
};

/** @brief A client and a server without a network between them. */
class TlsPair
{
  public:
    /** @brief Bytes of one side without an answer of the other. */
    struct Flight
    {
        TlsRole from;      //!< who sent it
        std::string bytes; //!< what was sent
    };

    /**
     * @param tellings what they are told
     * @param stream number of the random stream
     */
    explicit TlsPair(const TlsTellings& tellings, int64_t stream = 1)
        : client(std::shared_ptr<const TlsClientConfiguration>(tellings.client),
                 MakeRandom(2 * stream)),
          server(std::shared_ptr<const TlsServerConfiguration>(tellings.server),
                 MakeRandom(2 * stream + 1))
    {
    }

    /**
     * @brief Let them speak until neither has more to say.
     * @param cut bytes that are pushed at a time, 0: all
     */
    void Run(uint32_t cut = 0)
    {
        if (!m_started)
        {
            m_started = true;
            client.Start(now);
            server.Start(now);
        }
        for (uint32_t i = 0; i < 20; ++i)
        {
            const bool a = Move(TlsRole::Client, client, server, serverEvents, serverData, cut);
            const bool b = Move(TlsRole::Server, server, client, clientEvents, clientData, cut);
            if (!a && !b)
            {
                return;
            }
        }
    }

    /**
     * @param from a side
     * @return bytes that it sent
     */
    uint64_t GetBytes(TlsRole from) const
    {
        uint64_t bytes = 0;
        for (const auto& flight : flights)
        {
            bytes += flight.from == from ? flight.bytes.size() : 0;
        }
        return bytes;
    }

    /**
     * @brief Take events until there are no more.
     * @param engine a side
     * @param events gets them
     * @param data gets data
     * @return how many there were
     */
    uint32_t Drain(TlsEngine& engine, std::vector<TlsEvent>& events, std::string& data)
    {
        uint32_t count = 0;
        for (auto event = engine.Next(now); event != TlsEvent::NeedInput; event = engine.Next(now))
        {
            ++count;
            events.push_back(event);
            if (event == TlsEvent::Work)
            {
                engine.Continue(now);
            }
            if (event == TlsEvent::Data)
            {
                data += ToBytes(engine.GetData());
            }
            if (event == TlsEvent::Failed)
            {
                break;
            }
        }
        return count;
    }

    TlsEngine client;                   //!< the client
    TlsEngine server;                   //!< the server
    Time now;                           //!< the time
    std::vector<Flight> flights;        //!< what was sent
    std::vector<TlsEvent> clientEvents; //!< what the client came to
    std::vector<TlsEvent> serverEvents; //!< what the server came to
    std::string clientData;             //!< data that the client got
    std::string serverData;             //!< data that the server got

  private:
    /**
     * @brief Carry bytes from one side to the other.
     * @return whether there were some
     */
    bool Move(TlsRole role,
              TlsEngine& from,
              TlsEngine& to,
              std::vector<TlsEvent>& events,
              std::string& data,
              uint32_t cut)
    {
        std::string bytes;
        for (const auto& record : from.TakeOutput())
        {
            bytes += ToBytes(record);
        }
        if (bytes.empty())
        {
            return false;
        }
        flights.push_back({role, bytes});
        const auto step = cut == 0 ? bytes.size() : cut;
        for (uint64_t at = 0; at < bytes.size(); at += step)
        {
            to.Push(ToPacket(bytes.substr(at, step)));
            Drain(to, events, data);
        }
        return true;
    }

    bool m_started{false}; //!< Start() was called
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TLS_FIXTURE_H */
