/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_SESSION_BED_H
#define AZURE_SESSION_BED_H

#include "azure-gateway-test-bed.h"
#include "azure-session-peer.h"

#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @param name name of a listener
 * @param port name of its port
 * @param protocol Tcp or Tls; with Tls the certificate has the listener's name
 * @return a listener of layer 4 on the frontend `public`
 */
inline ApplicationGatewayListener
MakeLayer4Listener(const std::string& name,
                   const std::string& port,
                   ApplicationGatewayProtocol protocol = ApplicationGatewayProtocol::Tcp)
{
    ApplicationGatewayListener listener;
    listener.name = name;
    listener.frontendIpConfiguration = "public";
    listener.frontendPort = port;
    listener.protocol = protocol;
    listener.sslCertificate = protocol == ApplicationGatewayProtocol::Tls ? name : "";
    return listener;
}

/**
 * @return MakeGateway() and at layer 4: port 9000 with TCP to pool `web` by setting `raw`, which
 *         has port 8000 and a timeout of 5 s
 */
inline ApplicationGatewayConfiguration
MakeLayer4Gateway()
{
    auto c = MakeGateway();
    c.frontendPorts.push_back({"port9000", 9000});
    c.listeners = {MakeLayer4Listener("tcp", "port9000")};
    ApplicationGatewayBackendSettings raw;
    raw.name = "raw";
    raw.port = 8000;
    raw.timeout = Seconds(5);
    c.backendSettingsCollection = {raw};
    c.routingRules = {{"tcp-rule", 10, "tcp", "web", "raw"}};
    return c;
}

/**
 * @return MakeLayer4Gateway() and port 443 with TLS: `www` for www.contoso.com to pool `web`, and
 * of smaller priority `api` for api.contoso.com to pool `images`
 */
inline ApplicationGatewayConfiguration
MakeTlsLayer4Gateway()
{
    auto c = MakeLayer4Gateway();
    c.backendAddressPools = {MakePool("web", 0, 1), MakePool("images", 1, 1)};
    c.sslCertificates = {{"www", "www.contoso.com"}, {"api", "api.contoso.com"}};
    for (const std::string name : {"www", "api"})
    {
        c.listeners.push_back(MakeLayer4Listener(name, "port443", ApplicationGatewayProtocol::Tls));
        c.listeners.back().hostNames = {name + ".contoso.com"};
    }
    c.routingRules.push_back({"www", 30, "www", "web", "raw"});
    c.routingRules.push_back({"api", 20, "api", "images", "raw"});
    return c;
}

/** @brief A gateway with layer 4, its clients and its servers. */
class SessionBed : public GatewayTestBed
{
  public:
    /**
     * @param c what the gateway is to be
     * @param backends number of backends
     * @param preset TCP of all nodes
     */
    explicit SessionBed(const ApplicationGatewayConfiguration& c = MakeLayer4Gateway(),
                        uint32_t backends = 3,
                        const TcpPreset& preset = TcpPreset::Linux())
        : GatewayTestBed(c, backends, preset)
    {
    }

    ~SessionBed()
    {
        peers.clear();
        ports.clear();
        Simulator::Destroy(); // while there is somebody to hear of it
    }

    SessionBed(const SessionBed&) = delete;
    SessionBed& operator=(const SessionBed&) = delete;

    /** @brief Make the instance and start it. */
    void Start()
    {
        GatewayTestBed::Start();
        instance->TraceConnectWithoutContext("Session", MakeCallback(&SessionBed::OnSession, this));
        instance->TraceConnectWithoutContext("Drop", MakeCallback(&SessionBed::OnDrop, this));
    }

    /**
     * @param index which backend
     * @param told what TLS is told; null: none
     * @return a server on its port 8000
     */
    SessionServer& Serve(uint32_t index,
                         std::shared_ptr<const TlsServerConfiguration> told = nullptr)
    {
        ports.push_back(std::make_unique<SessionServer>(servers.Get(index), 8000, told));
        return *ports.back();
    }

    /**
     * @brief Connect to the frontend.
     * @param port its port
     * @param told what TLS is told; null: none
     * @return the client's end
     */
    SessionPeer& Open(uint16_t port = 9000,
                      std::shared_ptr<const TlsClientConfiguration> told = nullptr)
    {
        auto socket = TcpPresetSocketFactory::CreateOn(client);
        socket->Bind();
        Ptr<ByteStream> stream = Create<TcpByteStream>(socket);
        if (told)
        {
            auto random = CreateObject<UniformRandomVariable>();
            random->SetStream(6000 + static_cast<int64_t>(peers.size()));
            stream = Create<TlsConnection>(stream, told, random);
        }
        peers.push_back(std::make_unique<SessionPeer>(stream));
        socket->Connect(InetSocketAddress(Ipv4Address("20.0.0.4"), port));
        return *peers.back();
    }

    std::vector<std::unique_ptr<SessionServer>> ports; //!< in order
    std::vector<std::unique_ptr<SessionPeer>> peers;   //!< of clients, in order
    std::vector<GatewaySessionRecord> sessions;        //!< what the instance reports
    std::vector<GatewayDropReason> drops;              //!< and what it cuts

  private:
    /** @param record a record */
    void OnSession(const GatewaySessionRecord& record)
    {
        sessions.push_back(record);
    }

    /** @param reason why */
    void OnDrop(const InetSocketAddress&, const InetSocketAddress&, GatewayDropReason reason)
    {
        drops.push_back(reason);
    }
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_SESSION_BED_H */
