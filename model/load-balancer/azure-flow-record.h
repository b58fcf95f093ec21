/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_FLOW_RECORD_H
#define AZURE_FLOW_RECORD_H

#include "azure-load-balancer-verdict.h"

#include "ns3/azure-ip-address.h"
#include "ns3/nstime.h"

#include <cstdint>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief One flow through a load balancer: its addresses on both sides of the rewrite.
 */
struct FlowRecord
{
    uint64_t id{Verdict::NO_FLOW};   //!< flow identifier, unique among the flows alive
    uint32_t rule{Verdict::NO_RULE}; //!< rule index, see LoadBalancerEngine::GetRuleName()
    uint8_t protocol{0};             //!< PacketView::TCP, UDP or ICMP
    uint16_t clientPort{0};          //!< the client's port, or the ICMP identifier
    uint16_t frontendPort{0};        //!< the port that the client sends to
    uint16_t backendPort{0};         //!< the port that the instance sees
    IpAddress client;                //!< the client's address
    IpAddress frontend;              //!< the address that the client sends to
    IpAddress backend;               //!< the instance
};

/**
 * @ingroup azure-load-balancing
 * @brief Told of every flow that begins or ends in a load balancer.
 */
class FlowListener
{
  public:
    virtual ~FlowListener() = default;

    /**
     * @brief A flow has begun.
     *
     * @param flow the flow
     * @param when arrival time of its first packet
     */
    virtual void FlowCreated(const FlowRecord& flow, Time when) = 0;

    /**
     * @brief A flow has ended.
     *
     * A flow that ends without a packet (idle timeout, stopped instance) is told of when the
     * table next comes across it, which may be later than `when`.
     *
     * @param flow the flow
     * @param reason why it ended
     * @param when the time at which it ended; for a flow whose instance was stopped or cut, the
     *        time at which that was noticed
     */
    virtual void FlowEnded(const FlowRecord& flow, FlowEndReason reason, Time when) = 0;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_FLOW_RECORD_H */
