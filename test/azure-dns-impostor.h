/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_DNS_IMPOSTOR_H
#define AZURE_DNS_IMPOSTOR_H

#include "azure-dns-network.h"

#include "ns3/azure-dns-codec.h"
#include "ns3/udp-socket-factory.h"

#include <functional>
#include <map>
#include <utility>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @brief Takes the place of the name server of example.com, or of the resolver, and answers with
 *        what a test wants.
 */
class Impostor
{
  public:
    /// Messages, and from which port each; 0: from port 53 of another host.
    typedef std::vector<std::pair<std::vector<uint8_t>, uint16_t>> Messages;
    /// What to answer to a query.
    typedef std::function<Messages(const DnsMessage& query)> Script;

    /**
     * @param net the network
     * @param script what to answer
     * @param host NS1 or RESOLVER
     */
    Impostor(DnsNetwork& net, Script script, DnsNetwork::Host host = DnsNetwork::NS1)
        : m_node(net.nodes.Get(host)),
          m_other(net.nodes.Get(DnsNetwork::STUB2)),
          m_script(script)
    {
        Ptr<Application> place = net.resolver;
        if (host == DnsNetwork::NS1)
        {
            place = net.servers[DnsNetwork::NS1];
        }
        place->SetStopTime(MilliSeconds(1));
        Simulator::Schedule(MilliSeconds(2), &Impostor::Start, this);
    }

    /**
     * @param query a query
     * @param address what to say
     * @return an answer
     */
    static DnsMessage Answer(const DnsMessage& query, const char* address)
    {
        auto answer = query.MakeResponse();
        answer.isAuthoritative = true;
        answer.answers = {DnsRecord::A(query.questions.at(0).name, 60, address)};
        return answer;
    }

  private:
    /** @brief Take the port. */
    void Start()
    {
        for (const uint16_t port : {0, 53, 54})
        {
            const auto node = port == 0 ? m_other : m_node;
            auto socket = node->GetObject<UdpSocketFactory>()->CreateSocket();
            socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), port == 0 ? 53 : port));
            m_sockets[port] = socket;
        }
        m_sockets[53]->SetRecvCallback(MakeCallback(&Impostor::OnQuery, this));
    }

    /** @param socket where a query has arrived */
    void OnQuery(Ptr<Socket> socket)
    {
        Address from;
        while (const auto packet = socket->RecvFrom(from))
        {
            std::vector<uint8_t> bytes(packet->GetSize());
            packet->CopyData(bytes.data(), bytes.size());
            const auto decoded = DnsCodec::Decode(bytes.data(), bytes.size());
            if (!decoded.message)
            {
                continue;
            }
            for (const auto& [answer, port] : m_script(*decoded.message))
            {
                m_sockets[port]->SendTo(Create<Packet>(answer.data(), answer.size()), 0, from);
            }
        }
    }

    Ptr<Node> m_node;                          //!< where
    Ptr<Node> m_other;                         //!< another host
    Script m_script;                           //!< what
    std::map<uint16_t, Ptr<Socket>> m_sockets; //!< by port
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_DNS_IMPOSTOR_H */
