/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_SCRIPTED_SERVER_H
#define AZURE_SCRIPTED_SERVER_H

#include "ns3/azure-tcp-preset.h"
#include "ns3/inet-socket-address.h"
#include "ns3/node.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/** How a server ends a connection. */
enum class Ending
{
    Fin,     //!< FIN some time after the last byte
    FinNow,  //!< FIN in the segment of the last byte
    Reset,   //!< RST some time after the last byte
    StayOpen //!< not at all
};

/** What a server does with one connection. */
struct Script
{
    std::vector<std::string> pieces; //!< segments, 1 ms apart, once the request is there
    Ending ending{Ending::Fin};      //!< what follows
    bool early{false};               //!< begins when the connection is there, before any request
    std::string until{"\r\n\r\n"};   //!< the request is there when it has this
    bool once{false};                //!< does nothing more when more arrives
};

/** A server of bytes: one script for each connection, in order; the last one stays. */
class ScriptedServer
{
  public:
    /**
     * @param node where
     * @param port its port
     */
    ScriptedServer(Ptr<Node> node, uint16_t port)
        : m_listener(TcpPresetSocketFactory::CreateOn(node))
    {
        m_listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
        m_listener->Listen();
        m_listener->SetAcceptCallback(
            [](Ptr<Socket>, const Address&) { return true; },
            [this](Ptr<Socket> socket, const Address&) {
                const auto script = scripts[std::min<size_t>(accepted++, scripts.size() - 1)];
                requests.emplace_back();
                socket->SetCloseCallbacks([](Ptr<Socket> s) { s->Close(); }, [](Ptr<Socket>) {});
                socket->SetRecvCallback(
                    [this, script, n = requests.size() - 1](Ptr<Socket> s) { Read(s, script, n); });
                if (script.early)
                {
                    Play(socket, script, 0);
                }
            });
    }

    std::vector<Script> scripts;       //!< what to do
    size_t accepted{0};                //!< connections so far
    std::vector<std::string> requests; //!< what each connection has asked
    std::vector<Time> asked;           //!< when a request was complete
    std::set<size_t> played;           //!< connections that had their script

  private:
    /**
     * @param socket a connection with data
     * @param script what to do with it
     * @param number its number
     */
    void Read(Ptr<Socket> socket, const Script& script, size_t number)
    {
        while (auto packet = socket->Recv())
        {
            if (packet->GetSize() == 0)
            {
                break;
            }
            std::string text(packet->GetSize(), '\0');
            packet->CopyData(reinterpret_cast<uint8_t*>(text.data()), packet->GetSize());
            requests[number] += text;
        }
        const bool done = script.once && played.count(number);
        if (!script.early && !done && requests[number].find(script.until) != std::string::npos)
        {
            played.insert(number);
            asked.push_back(Simulator::Now());
            Play(socket, script, 0);
        }
    }

    /**
     * @brief Do the next thing.
     * @param socket a connection
     * @param script what to do with it
     * @param done pieces sent so far
     */
    static void Play(Ptr<Socket> socket, const Script& script, size_t done)
    {
        const auto send = [&](const std::string& piece) {
            socket->Send(Create<Packet>(reinterpret_cast<const uint8_t*>(piece.data()),
                                        static_cast<uint32_t>(piece.size())));
        };
        if (done < script.pieces.size())
        {
            send(script.pieces[done]);
            done++;
            if (done == script.pieces.size() && script.ending == Ending::FinNow)
            {
                socket->Close();
                return;
            }
            Simulator::Schedule(MilliSeconds(1), [=]() { Play(socket, script, done); });
            return;
        }
        switch (script.ending)
        {
        case Ending::Fin:
        case Ending::FinNow:
            socket->Close();
            break;
        case Ending::Reset:
            DynamicCast<AbortableTcpSocket>(socket)->Abort();
            break;
        case Ending::StayOpen:
            break;
        }
    }

    Ptr<AbortableTcpSocket> m_listener; //!< the port
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_SCRIPTED_SERVER_H */
