/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_EXCHANGE_H
#define AZURE_GATEWAY_EXCHANGE_H

#include "azure-application-gateway-verdict.h"
#include "azure-gateway-backend-connection.h"
#include "azure-gateway-exchange-record.h"
#include "azure-gateway-message-writer.h"
#include "azure-gateway-relay.h"
#include "azure-gateway-request.h"
#include "azure-gateway-timer.h"
#include "azure-retry-policy.h"

#include "ns3/simple-ref-count.h"

#include <cstdint>
#include <memory>
#include <optional>

namespace ns3
{
namespace azure
{

class ApplicationGatewayInstance;
class GatewayBackendPool;
class GatewayClientConnection;
struct BackendDrain;

/**
 * @ingroup azure-load-balancing
 * @brief One request of a client: routed, sent to a member, perhaps to a second one, answered.
 *
 * The request's bytes come in through TakeBody(); the response goes out through the writer of the
 * client's connection. Nothing goes to the client before all that has arrived from the member was
 * looked at, so that as many failures as possible end in a second try or in a 502. Once part of
 * the head has gone, a failure can only cut the client's connection.
 *
 * Not a public header.
 */
class GatewayExchange : public SimpleRefCount<GatewayExchange>, private GatewayStreamUser
{
  public:
    /**
     * @param instance whose exchange it is; outlives this
     * @param client whose request it is; outlives this
     * @param start when the first byte of the request arrived
     */
    GatewayExchange(ApplicationGatewayInstance& instance,
                    GatewayClientConnection& client,
                    Time start);
    ~GatewayExchange() override;

    /**
     * @brief The head is there.
     *
     * @param head the head
     * @param request where the request came from
     */
    void Begin(const HttpRequestHead& head, const GatewayRequest& request);

    /**
     * @brief Answer with an error, and let the connection end; or cut it, if it is too late.
     *
     * @param status the status
     * @param end why
     */
    void Refuse(uint32_t status, GatewayExchangeEnd end);

    /**
     * @return bytes of the request's body that are welcome now
     */
    uint64_t GetRequestRoom() const;

    /**
     * @param body more of the request's body
     */
    void TakeBody(Ptr<Packet> body);

    /// The request is complete.
    void CompleteRequest();

    /// The client sends no more; concerns a tunnel alone.
    void EndClient();

    /**
     * @brief Move bytes between the member and the buffers.
     * @return whether anything moved
     */
    bool Step();

    /**
     * @brief A member drains from now on; cut the exchange at the end of that (AG-47).
     * @param drain who drains
     */
    void Drain(const BackendDrain& drain);

    /**
     * @brief No more: let go of the member, and report.
     * @param end why
     */
    void Finish(GatewayExchangeEnd end);

    /**
     * @return whether all is done, but for what the client's connection has not taken yet
     */
    bool IsOver() const;

    /**
     * @return why the client's connection must be cut, if it must
     */
    std::optional<GatewayExchangeEnd> GetLoss() const;

    /**
     * @return how it ends if nothing happens any more
     */
    GatewayExchangeEnd GetEnd() const;

    /**
     * @return whether the client's connection may go on afterwards
     */
    bool IsKeepAlive() const;

    /**
     * @return index of the backend setting it goes by; none where there is none, or not yet
     */
    std::optional<uint32_t> GetSetting() const;

    /**
     * @return whether bytes go both ways without a meaning (AG-31)
     */
    bool IsTunnel() const;

  private:
    // From GatewayStreamUser, for the member's connection
    void StreamReady() override;
    void StreamEnded(ByteStreamEnd end) override;

    /// The processor has looked at the request: decide about it.
    void Decide();

    /// It is this request's turn at the processor.
    void HandleTurn();

    /// Do what the verdict says.
    void Follow();

    /// Take a connection to the verdict's member, and begin to send.
    void Connect();

    /**
     * @brief Enter the verdict into the record.
     */
    void Note();

    /**
     * @brief Send to the member what is there.
     * @return whether anything moved
     */
    bool SendRequest();

    /**
     * @brief Read what the member says.
     * @return whether anything moved
     */
    bool ReadResponse();

    /// The member has agreed to a tunnel: carry bytes both ways from now on (AG-31).
    void BeginTunnel();

    /**
     * @brief Move bytes of a tunnel.
     * @return whether anything moved
     */
    bool StepTunnel();

    /**
     * @brief A head has arrived from the member.
     * @return whether to read on
     */
    bool HandleHead();

    /// Make the response to the client of the head that has arrived.
    void BeginResponse();

    /// The response is complete.
    void HandleResponseEnd();

    /**
     * @brief The try has failed.
     * @param failure how
     */
    void Fail(BackendFailure failure);

    /**
     * @brief Answer as the gateway.
     *
     * @param head status and fields, without those of the body
     * @param reason why
     */
    void Answer(HttpResponseHead head, GatewayAnswerReason reason);

    /**
     * @brief The client's connection must be cut.
     * @param end why
     */
    void Lose(GatewayExchangeEnd end);

    /**
     * @brief Let go of the member's connection.
     * @param reusable whether another exchange may use it
     */
    void Release(bool reusable);

    /// @return where connections to the member rest
    GatewayBackendPool& GetPool();

    /// The member may have been silent for too long.
    void HandleSilence();

    /// The member's draining is over.
    void HandleDrained();

    ApplicationGatewayInstance& m_instance;  //!< whose exchange it is
    GatewayClientConnection& m_client;       //!< whose request it is
    GatewayRequest m_request;                //!< the request
    GatewayVerdict m_verdict;                //!< the last one
    GatewayExchangeRecord m_record;          //!< for the trace
    GatewayMessageWriter m_toBackend;        //!< the request on its way
    Ptr<GatewayBackendConnection> m_backend; //!< connection to the member; null without
    uint64_t m_turn{0};                      //!< waits for the processor; 0: does not
    bool m_requestComplete{false};           //!< all of the request is there
    bool m_buffering{false};                 //!< the member gets nothing yet (AG-28)
    bool m_begun{false};                     //!< a try has begun to send
    bool m_discarding{false};                //!< what is left of the request is not wanted
    bool m_continued{false};                 //!< 100 (Continue) was sent
    bool m_keepAlive{true};                  //!< the client's connection may go on
    bool m_responseComplete{false};          //!< the writer of the response has all of it
    std::unique_ptr<GatewayRelay> m_tunnel;  //!< since 101 was received; null: none
    bool m_fresh{false};                     //!< the next try needs a new connection
    bool m_backendEnded{false};              //!< the member sends no more
    bool m_backendEndPushed{false};          //!< and the parser knows
    bool m_backendReceived{false};           //!< something came from the member in this try
    bool m_clientBlocked{false};             //!< nothing is read, as the client does not read
    bool m_finished{false};                  //!< Finish() was called
    uint32_t m_interims{0};                  //!< interim responses of this try
    Time m_progress;                         //!< when the member last did something
    GatewayExchangeEnd m_end{GatewayExchangeEnd::Complete}; //!< how it ends
    std::optional<GatewayExchangeEnd> m_loss; //!< why the client's connection must be cut
    GatewayTimer m_silence;                   //!< request timeout (AG-26)
    GatewayTimer m_drained;                   //!< end of draining (AG-47)
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_EXCHANGE_H */
