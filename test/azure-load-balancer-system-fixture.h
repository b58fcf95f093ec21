/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_LOAD_BALANCER_SYSTEM_FIXTURE_H
#define AZURE_LOAD_BALANCER_SYSTEM_FIXTURE_H

#include "ns3/applications-module.h"
#include "ns3/azure-load-balancer-helper.h"
#include "ns3/boolean.h"
#include "ns3/csma-helper.h"
#include "ns3/global-value.h"
#include "ns3/internet-module.h"
#include "ns3/node-container.h"
#include "ns3/packet-metadata.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/string.h"
#include "ns3/test.h"

#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * A packet of bytes whose first ones pass for a header, as real ones do in the packet's metadata.
 * @param bytes all bytes
 * @param header TypeId of the header
 * @param size bytes of the header; no header when there are not so many
 * @return the packet
 */
Ptr<Packet> MakeRawPacket(const std::vector<uint8_t>& bytes, TypeId header, uint32_t size);

/** Real checksums for as long as it lives. */
class Checksums
{
  public:
    /** @param on whether packets carry real checksums */
    explicit Checksums(bool on = true)
    {
        GlobalValue::Bind("ChecksumEnabled", BooleanValue(on));
    }

    ~Checksums()
    {
        GlobalValue::Bind("ChecksumEnabled", BooleanValue(false));
    }
};

/** The links of a SystemNetwork. */
enum class SystemLinks
{
    PointToPoint, //!< one link per client and backend
    Csma          //!< one LAN of clients, one LAN of backends
};

/** The routing of a SystemNetwork. */
enum class SystemRouting
{
    Static, //!< default routes to the balancer's node
    Global  //!< as global routing finds them
};

/**
 * Clients, a router with a load balancer, backends; 1 ms and 100 Mb/s each link.
 *
 * Client i is 10.1.0.(i+1) on the LAN, 10.1.(i+1).2 on a link of its own; backends alike in
 * 10.2.0.0/16; the router is .254 or .1.
 */
class SystemNetwork
{
  public:
    /**
     * @param nClients number of clients
     * @param nBackends number of backends
     * @param links what the links are
     * @param routing who routes
     */
    SystemNetwork(uint32_t nClients,
                  uint32_t nBackends,
                  SystemLinks links = SystemLinks::PointToPoint,
                  SystemRouting routing = SystemRouting::Global);
    ~SystemNetwork();

    SystemNetwork(const SystemNetwork&) = delete;
    SystemNetwork& operator=(const SystemNetwork&) = delete;

    /** The frontend's address in Configuration(). */
    static Ipv4Address Frontend();

    /**
     * One frontend, all backends in pool `pool`, no rules, no probes.
     * @return the configuration
     */
    LoadBalancerConfiguration Configuration() const;

    /**
     * @param protocol its protocol
     * @param frontendPort where clients send to
     * @param backendPort where the servers are
     * @return a rule from the frontend to the pool, named after the frontend port
     */
    static LoadBalancingRule Rule(TransportProtocol protocol,
                                  uint16_t frontendPort,
                                  uint16_t backendPort);

    /**
     * Install the balancer under test and let routes follow.
     * @param configuration its configuration
     * @return it
     */
    Ptr<LoadBalancer> Install(const LoadBalancerConfiguration& configuration);

    /**
     * A UDP socket that counts what it gets and, if told, sends it back.
     * @param node where
     * @param port its port
     * @param echo whether it answers
     */
    void UdpServer(Ptr<Node> node, uint16_t port, bool echo = true);

    /**
     * A TCP server that counts connections and bytes, and sends everything back.
     * @param node where
     * @param port its port
     */
    void TcpServer(Ptr<Node> node, uint16_t port);

    /**
     * @param time run the simulation up to here
     */
    static void RunUntil(Time time);

    NodeContainer clients;                     //!< hosts that ask
    NodeContainer backends;                    //!< hosts that serve
    Ptr<Node> router;                          //!< node of the balancer
    std::vector<Ipv4Address> clientAddresses;  //!< one a client
    std::vector<Ipv4Address> backendAddresses; //!< one a backend
    std::map<uint32_t, uint32_t> served;       //!< packets or connections, by node
    std::map<uint32_t, std::string> received;  //!< payload in order, by node
    std::vector<Address> peers;                //!< who the servers saw, in order of arrival
    std::vector<Ptr<Socket>> connections;      //!< accepted, in order

    LoadBalancerHelper helper; //!< used by Install()

  private:
    /** A server's socket has data. @param socket it */
    void HandleUdp(Ptr<Socket> socket, bool echo);
    /** A server has a connection. @param socket it @param peer from whom */
    void HandleAccept(Ptr<Socket> socket, const Address& peer);
    /** A connection has data. @param socket it */
    void HandleTcp(Ptr<Socket> socket);

    std::vector<Ptr<Socket>> m_sockets; //!< servers, kept alive
    SystemRouting m_routing;            //!< who routes
    bool m_routed{false};               //!< global routing has filled its tables
};

/** A client connection that remembers how it went. */
class TestConnection : public SimpleRefCount<TestConnection>
{
  public:
    /**
     * @param node where
     * @param local local address and port, or any
     * @param remote whom to connect to
     */
    TestConnection(Ptr<Node> node, const InetSocketAddress& local, const InetSocketAddress& remote);
    ~TestConnection();

    /** @param data bytes to send now */
    void Send(const std::string& data);

    Ptr<Socket> socket;    //!< the connection
    bool connected{false}; //!< the handshake has ended well
    bool failed{false};    //!< the handshake has ended badly
    bool closed{false};    //!< ended by FIN
    bool reset{false};     //!< ended by an error
    std::string received;  //!< bytes in order

  private:
    /** Connected. @param s it */
    void HandleConnected(Ptr<Socket> s);
    /** Not connected. @param s it */
    void HandleFailed(Ptr<Socket> s);
    /** Closed. @param s it */
    void HandleClosed(Ptr<Socket> s);
    /** Error. @param s it */
    void HandleReset(Ptr<Socket> s);
    /** Data. @param s it */
    void HandleRead(Ptr<Socket> s);
};

/** A client UDP socket that remembers what comes back. */
class TestDatagrams : public SimpleRefCount<TestDatagrams>
{
  public:
    /**
     * @param node where
     * @param port local port
     * @param local local address; any by default
     */
    TestDatagrams(Ptr<Node> node, uint16_t port, Ipv4Address local = Ipv4Address::GetAny());
    ~TestDatagrams();

    /**
     * @param data payload
     * @param to whom
     */
    void Send(const std::string& data, const InetSocketAddress& to);

    Ptr<Socket> socket;                //!< the socket
    std::vector<std::string> received; //!< payloads in order
    std::vector<Address> from;         //!< their senders
    std::vector<uint8_t> icmpTypes;    //!< types of ICMP errors that reached the socket
    std::vector<Ipv4Address> icmpFrom; //!< who sent them

  private:
    /** Data. @param s it */
    void HandleRead(Ptr<Socket> s);
    /** An ICMP error. @param from sender @param ttl left @param type type @param code code @param
     * info more */
    void HandleIcmp(Ipv4Address from, uint8_t ttl, uint8_t type, uint8_t code, uint32_t info);
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_LOAD_BALANCER_SYSTEM_FIXTURE_H */
