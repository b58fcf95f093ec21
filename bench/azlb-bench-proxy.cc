/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * What proxying costs, for `azlb bench`: one run a process, one line of JSON.
 *
 * A client, a middle and a server in a row; the ends are plain ns-3 TCP sockets that write and
 * count bytes. The middle is either one instance of an application gateway, or the least that can
 * stand between two TCP legs: a relay that hands on what it reads as soon as the other leg takes
 * it. The relay, and not two legs that know nothing of each other, because it makes the same
 * segments and acknowledgements at the same times; what is left is what the gateway adds. A short
 * run of the gateway ahead of each measurement tells how long its messages are, so that both
 * carry the same bytes on each leg.
 */

#include "azlb-bench-row.h"

#include "ns3/azure-application-gateway.h"
#include "ns3/command-line.h"
#include "ns3/config.h"
#include "ns3/double.h"
#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-global-routing-helper.h"
#include "ns3/ipv4.h"
#include "ns3/simulator.h"
#include "ns3/tcp-socket-factory.h"
#include "ns3/uinteger.h"

#include <chrono>
#include <iostream>
#include <malloc.h>
#include <memory>
#include <string>
#include <vector>

using namespace ns3;

namespace
{

constexpr uint32_t SEGMENT = 1400;           //!< payload of a segment, bytes
constexpr uint32_t HEAD = 200;               //!< bytes of a head, filled up with a field
constexpr const char* HEAD_END = "\r\n\r\n"; //!< what a request ends with
constexpr int64_t OPENING_GAP = 500;         //!< between connections that stay idle, microseconds

/// What the command line says.
struct Options
{
    std::string path{"plain"}; //!< plain or gateway
    uint32_t requests{1000};   //!< requests, one after another
    uint32_t body{1024};       //!< bytes of a response's body
    uint32_t idle{0};          //!< connections that ask once and then stay open
    uint32_t layer{7};         //!< layer of the gateway's listener, 7 or 4
};

/// Bytes of the four messages of one exchange.
struct Sizes
{
    uint64_t clientRequest{0};  //!< as the client sends it
    uint64_t serverRequest{0};  //!< as the server gets it; 0: not known yet
    uint64_t serverResponse{0}; //!< as the server sends it
    uint64_t clientResponse{0}; //!< as the client gets it; 0: not known yet
};

/**
 * @param start first line and fields of a head
 * @return all of it, HEAD bytes
 */
std::string
MakeHead(const std::string& start)
{
    const std::string field = "X-Filler: ";
    const size_t rest = HEAD - start.size() - field.size() - 4;
    return start + field + std::string(rest, 'x') + HEAD_END;
}

/**
 * @param node where
 * @return a stock TCP socket
 */
Ptr<Socket>
MakeSocket(Ptr<Node> node)
{
    return Socket::CreateSocket(node, TcpSocketFactory::GetTypeId());
}

/**
 * @return bytes that the program holds on the heap
 */
size_t
GetHeap()
{
    const struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

/// Asks over one connection, again and again.
class Asker
{
  public:
    /**
     * @param node where
     * @param remote whom
     * @param requests how often
     * @param sizes bytes of messages
     */
    Asker(Ptr<Node> node, const InetSocketAddress& remote, uint32_t requests, const Sizes& sizes)
        : m_socket(MakeSocket(node)),
          m_left(requests),
          m_response(sizes.clientResponse),
          m_text(MakeHead("GET /file HTTP/1.1\r\nHost: bench.example.com\r\n"))
    {
        m_socket->SetConnectCallback(MakeCallback(&Asker::Ask, this),
                                     MakeNullCallback<void, Ptr<Socket>>());
        m_socket->SetRecvCallback(MakeCallback(&Asker::Receive, this));
        m_socket->Connect(remote);
    }

    /** @return bytes that came back */
    uint64_t GetReceived() const
    {
        return m_received;
    }

    /** @return responses that are still to come */
    uint32_t GetLeft() const
    {
        return m_left;
    }

  private:
    /** @param socket the connection */
    void Ask(Ptr<Socket> socket)
    {
        socket->Send(reinterpret_cast<const uint8_t*>(m_text.data()), m_text.size(), 0);
    }

    /** @param socket the connection */
    void Receive(Ptr<Socket> socket)
    {
        while (auto packet = socket->Recv())
        {
            m_received += packet->GetSize();
            m_pending += packet->GetSize();
        }
        if (m_response > 0 && m_pending >= m_response)
        {
            m_pending -= m_response;
            if (--m_left > 0)
            {
                Ask(socket);
            }
        }
    }

    Ptr<Socket> m_socket;   //!< the connection
    uint32_t m_left;        //!< responses to come
    uint64_t m_response;    //!< bytes of one, 0: not known
    std::string m_text;     //!< a request
    uint64_t m_received{0}; //!< bytes of all responses
    uint64_t m_pending{0};  //!< bytes of the present one
};

/// Answers whoever connects.
class Answerer
{
  public:
    /**
     * @param node where
     * @param body bytes of a response's body
     * @param sizes bytes of messages
     */
    Answerer(Ptr<Node> node, uint32_t body, const Sizes& sizes)
        : m_listener(MakeSocket(node)),
          m_body(body),
          m_request(sizes.serverRequest),
          m_head(MakeHead("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body) + "\r\n"))
    {
        m_listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT));
        m_listener->Listen();
        m_listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                      MakeCallback(&Answerer::Accept, this));
    }

    /** @return bytes that came in */
    uint64_t GetReceived() const
    {
        return m_received;
    }

  private:
    /// A connection and how far it is.
    struct Peer
    {
        uint64_t pending{0}; //!< bytes of the present request
        uint64_t owed{0};    //!< bytes of the present response
    };

    /**
     * @param socket a new connection
     */
    void Accept(Ptr<Socket> socket, const Address& /* from */)
    {
        auto peer = std::make_shared<Peer>();
        socket->SetRecvCallback(
            Callback<void, Ptr<Socket>>([this, peer](Ptr<Socket> from) { Receive(from, *peer); }));
        socket->SetSendCallback(Callback<void, Ptr<Socket>, uint32_t>(
            [this, peer](Ptr<Socket> to, uint32_t) { Send(to, *peer); }));
        m_peers.push_back(socket);
    }

    /**
     * @param socket the connection
     * @param peer how far it is
     */
    void Receive(Ptr<Socket> socket, Peer& peer)
    {
        bool complete = false;
        while (auto packet = socket->Recv())
        {
            m_received += packet->GetSize();
            peer.pending += packet->GetSize();
            if (m_request == 0)
            {
                std::string text(packet->GetSize(), '\0');
                packet->CopyData(reinterpret_cast<uint8_t*>(text.data()), text.size());
                complete = text.find(HEAD_END) != std::string::npos;
            }
        }
        complete |= m_request > 0 && peer.pending >= m_request;
        if (complete)
        {
            peer.pending = 0;
            peer.owed = m_body;
            auto packet =
                Create<Packet>(reinterpret_cast<const uint8_t*>(m_head.data()), m_head.size());
            if (m_body <= SEGMENT)
            {
                packet->AddPaddingAtEnd(m_body);
                peer.owed = 0;
            }
            socket->Send(packet);
            Send(socket, peer);
        }
    }

    /**
     * @param socket the connection
     * @param peer how far it is
     */
    void Send(Ptr<Socket> socket, Peer& peer)
    {
        while (peer.owed > 0)
        {
            const auto size =
                std::min<uint64_t>({peer.owed, socket->GetTxAvailable(), uint64_t{16} * SEGMENT});
            if (size == 0)
            {
                return;
            }
            peer.owed -= size;
            socket->Send(Create<Packet>(static_cast<uint32_t>(size)));
        }
    }

    Ptr<Socket> m_listener;           //!< takes connections
    std::vector<Ptr<Socket>> m_peers; //!< connections
    uint32_t m_body;                  //!< bytes of a body
    uint64_t m_request;               //!< bytes of a request, 0: not known
    std::string m_head;               //!< head of a response
    uint64_t m_received{0};           //!< bytes of all requests
};

/// Hands on what one leg brings to the other one.
class Relay
{
  public:
    /**
     * @param node where
     * @param server where the second leg goes
     * @param sizes bytes of messages
     */
    Relay(Ptr<Node> node, const InetSocketAddress& server, const Sizes& sizes)
        : m_sizes(sizes),
          m_listener(MakeSocket(node)),
          m_back(MakeSocket(node))
    {
        m_listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT));
        m_listener->Listen();
        m_listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                      MakeCallback(&Relay::Accept, this));
        m_back->SetConnectCallback(MakeCallback(&Relay::HandleRequest, this),
                                   MakeNullCallback<void, Ptr<Socket>>());
        m_back->SetRecvCallback(MakeCallback(&Relay::Forward, this));
        m_server = server;
    }

  private:
    /**
     * @param socket the client's connection
     */
    void Accept(Ptr<Socket> socket, const Address& /* from */)
    {
        m_fronts.push_back(socket);
        socket->SetRecvCallback(MakeCallback(&Relay::HandleRequest, this));
        socket->SetSendCallback(MakeCallback(&Relay::HandleRoom, this));
    }

    /** @param socket a connection; a request has come, or the second leg is there */
    void HandleRequest(Ptr<Socket> socket)
    {
        if (socket != m_back)
        {
            m_front = socket;
            while (auto packet = socket->Recv())
            {
                m_pending += packet->GetSize();
            }
        }
        if (m_pending < m_sizes.clientRequest)
        {
            return;
        }
        if (!m_connected)
        {
            m_connected = true;
            m_back->Connect(m_server);
            return;
        }
        if (m_back->GetTxAvailable() >= m_sizes.serverRequest)
        {
            m_pending = 0;
            m_back->Send(Create<Packet>(static_cast<uint32_t>(m_sizes.serverRequest)));
        }
    }

    /** @param socket the client's connection, which takes more */
    void HandleRoom(Ptr<Socket> socket, uint32_t /* available */)
    {
        if (socket == m_front)
        {
            Forward(m_back);
        }
    }

    /** @param socket the server's connection */
    void Forward(Ptr<Socket> socket)
    {
        while (const uint32_t room = m_front ? m_front->GetTxAvailable() : 0)
        {
            auto packet = socket->Recv(room, 0);
            if (!packet || packet->GetSize() == 0)
            {
                return;
            }
            m_front->Send(packet);
        }
    }

    Sizes m_sizes;                                        //!< bytes of messages
    Ptr<Socket> m_listener;                               //!< takes clients
    Ptr<Socket> m_back;                                   //!< to the server
    Ptr<Socket> m_front;                                  //!< the client who asked last
    std::vector<Ptr<Socket>> m_fronts;                    //!< all clients
    InetSocketAddress m_server{Ipv4Address::GetAny(), 0}; //!< where the second leg goes
    uint64_t m_pending{0};                                //!< bytes of the present request
    bool m_connected{false};                              //!< the second leg was begun
};

/**
 * @param row the nodes
 * @param configuration a gateway
 * @return the gateway, with one instance, on the middle
 */
Ptr<azure::ApplicationGateway>
InstallGateway(const Row& row, const azure::ApplicationGatewayConfiguration& configuration)
{
    auto object = CreateObject<azure::ApplicationGateway>();
    for (const auto& error : object->SetConfiguration(configuration))
    {
        std::cerr << "azlb-bench-proxy: " << error.path << ": " << error.message << "\n";
    }
    auto instance = CreateObject<azure::ApplicationGatewayInstance>();
    // Connections that rest are to rest for as long as the run lasts.
    instance->SetAttribute("KeepAliveTimeout", TimeValue(Hours(10)));
    instance->SetAttribute("BackendIdleTimeout", TimeValue(Hours(10)));
    instance->SetAttribute("ConnectionsPerSecond", DoubleValue(0));
    object->AddInstance(row.nodes.Get(1), instance);
    object->SetAllHealthy(true);
    return object;
}

/**
 * @brief Put a gateway of one instance on the middle.
 *
 * @param row the nodes
 * @param frontend address of the middle on the client's side
 * @param layer layer of its listener, 7 or 4
 * @return the gateway
 */
Ptr<azure::ApplicationGateway>
MakeGateway(const Row& row, Ipv4Address frontend, uint32_t layer)
{
    azure::ApplicationGatewayConfiguration gateway;
    gateway.name = "gateway";
    gateway.sku.capacity = 1;
    gateway.frontendIpConfigurations.resize(1);
    gateway.frontendIpConfigurations[0].name = "frontend";
    gateway.frontendIpConfigurations[0].address = azure::IpAddress::From(frontend);
    gateway.frontendPorts.resize(1);
    gateway.frontendPorts[0].name = "http";
    gateway.frontendPorts[0].port = PORT;
    gateway.backendAddressPools.resize(1);
    gateway.backendAddressPools[0].name = "pool";
    gateway.backendAddressPools[0].backendAddresses.resize(1);
    gateway.backendAddressPools[0].backendAddresses[0].ipAddress =
        azure::IpAddress::From(row.server);
    if (layer == 4)
    {
        gateway.backendSettingsCollection.resize(1);
        gateway.backendSettingsCollection[0].name = "setting";
        gateway.backendSettingsCollection[0].port = PORT;
        gateway.backendSettingsCollection[0].timeout = Hours(10);
        gateway.listeners.resize(1);
        gateway.listeners[0].name = "listener";
        gateway.listeners[0].frontendIpConfiguration = "frontend";
        gateway.listeners[0].frontendPort = "http";
        gateway.routingRules = {{"rule", 1, "listener", "pool", "setting"}};
        return InstallGateway(row, gateway);
    }
    gateway.backendHttpSettingsCollection.resize(1);
    gateway.backendHttpSettingsCollection[0].name = "setting";
    gateway.backendHttpSettingsCollection[0].port = PORT;
    gateway.httpListeners.resize(1);
    gateway.httpListeners[0].name = "listener";
    gateway.httpListeners[0].frontendIpConfiguration = "frontend";
    gateway.httpListeners[0].frontendPort = "http";
    gateway.requestRoutingRules.resize(1);
    gateway.requestRoutingRules[0].name = "rule";
    gateway.requestRoutingRules[0].priority = 1;
    gateway.requestRoutingRules[0].httpListener = "listener";
    gateway.requestRoutingRules[0].backendAddressPool = "pool";
    gateway.requestRoutingRules[0].backendHttpSettings = "setting";
    return InstallGateway(row, gateway);
}

/// What a run came to.
struct Result
{
    double seconds{0};    //!< wall time
    uint64_t events{0};   //!< simulator events
    size_t bytes{0};      //!< heap that idle connections took
    uint64_t toServer{0}; //!< bytes that the server got
    uint64_t toClient{0}; //!< bytes that the clients got
    uint32_t missing{0};  //!< responses that did not come
};

/**
 * @brief Build the row, ask and measure.
 *
 * @param options what to run
 * @param sizes bytes of messages
 * @return what it came to
 */
Result
Measure(const Options& options, const Sizes& sizes)
{
    const Row row;
    const auto frontend = row.nodes.Get(1)->GetObject<Ipv4>()->GetAddress(1, 0).GetLocal();
    const InetSocketAddress remote(frontend, PORT);
    Ipv4GlobalRoutingHelper::PopulateRoutingTables();
    Answerer server(row.nodes.Get(2), options.body, sizes);
    std::unique_ptr<Relay> relay;
    Ptr<azure::ApplicationGateway> gateway;
    if (options.path == "gateway")
    {
        gateway = MakeGateway(row, frontend, options.layer);
    }
    else
    {
        relay =
            std::make_unique<Relay>(row.nodes.Get(1), InetSocketAddress(row.server, PORT), sizes);
    }
    std::vector<std::unique_ptr<Asker>> clients;
    const auto open = [&](uint32_t requests) {
        clients.push_back(std::make_unique<Asker>(row.nodes.Get(0), remote, requests, sizes));
    };
    Result result;
    Simulator::Schedule(MilliSeconds(1), [&] { open(options.requests); });
    size_t before = 0;
    const Time opened = MilliSeconds(100) + MicroSeconds(OPENING_GAP) * (options.idle + 1);
    if (options.idle > 0)
    {
        clients.reserve(options.idle + 1);
        // The first connection has brought what all others share.
        Simulator::Schedule(MilliSeconds(100), [&] { before = GetHeap(); });
        for (uint32_t i = 0; i < options.idle; ++i)
        {
            Simulator::Schedule(MilliSeconds(100) + MicroSeconds(OPENING_GAP) * (i + 1),
                                [&] { open(1); });
        }
        Simulator::Schedule(opened + Seconds(10), [&] { result.bytes = GetHeap() - before; });
    }
    Simulator::Stop(opened + Seconds(100));
    const auto begin = std::chrono::steady_clock::now();
    Simulator::Run();
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
    result.seconds = wall.count();
    result.events = Simulator::GetEventCount();
    result.toServer = server.GetReceived();
    for (const auto& client : clients)
    {
        result.toClient += client->GetReceived();
        result.missing += client->GetLeft();
    }
    Simulator::Destroy();
    return result;
}

/**
 * @param options what to run
 * @return bytes of the messages that a gateway makes of its client's and server's
 */
Sizes
LearnSizes(Options options)
{
    options.path = "gateway";
    options.requests = 1;
    options.idle = 0;
    Sizes sizes;
    sizes.clientRequest = HEAD;
    sizes.serverResponse = HEAD + options.body;
    const auto result = Measure(options, sizes);
    sizes.serverRequest = result.toServer;
    sizes.clientResponse = result.toClient;
    return sizes;
}

/**
 * @param options what to run
 * @return exit code
 */
int
Run(const Options& options)
{
    const auto sizes = LearnSizes(options);
    const auto result = Measure(options, sizes);
    std::cout << "{\"seconds\": " << result.seconds << ", \"events\": " << result.events
              << ", \"bytes\": " << result.bytes << ", \"toServer\": " << result.toServer
              << ", \"toClient\": " << result.toClient << "}\n";
    const uint64_t exchanges = uint64_t{options.requests} + options.idle;
    if (result.missing > 0 || sizes.clientResponse < sizes.serverResponse ||
        result.toServer != exchanges * sizes.serverRequest ||
        result.toClient != exchanges * sizes.clientResponse)
    {
        std::cerr << "azlb-bench-proxy: " << result.missing << " responses are missing; "
                  << result.toServer << " bytes came to the server and " << result.toClient
                  << " to clients, instead of " << exchanges * sizes.serverRequest << " and "
                  << exchanges * sizes.clientResponse << "\n";
        return 1;
    }
    return 0;
}

} // namespace

/**
 * @brief Run one measurement.
 * @param argc number of arguments
 * @param argv arguments
 * @return 0; 1 when traffic got lost; 2 for wrong arguments
 */
int
main(int argc, char* argv[])
{
    Options options;
    CommandLine cmd(__FILE__);
    cmd.AddValue("path", "plain (a relay) or gateway", options.path);
    cmd.AddValue("requests", "requests over one connection, one after another", options.requests);
    cmd.AddValue("body", "bytes of a response's body", options.body);
    cmd.AddValue("layer", "layer of the gateway's listener, 7 or 4", options.layer);
    cmd.AddValue("idle", "further connections that ask once and stay, up to 15000", options.idle);
    cmd.Parse(argc, argv);
    if ((options.path != "plain" && options.path != "gateway") || options.requests == 0 ||
        options.idle > 15000 || (options.layer != 7 && options.layer != 4))
    {
        std::cerr << "azlb-bench-proxy: --path is plain or gateway, --requests is above 0, --idle "
                     "is at most 15000, --layer is 7 or 4\n";
        return 2;
    }
    Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(SEGMENT));
    return Run(options);
}
