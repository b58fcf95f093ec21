/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_METRICS_H
#define AZURE_GATEWAY_METRICS_H

#include "azure-application-gateway.h"
#include "azure-gateway-metric-sample.h"

#include "ns3/event-id.h"
#include "ns3/object.h"
#include "ns3/traced-callback.h"

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Publishes the metrics of an application gateway once a minute, as Azure does (AG-61).
 *
 * @code
 *   auto metrics = CreateObject<GatewayMetrics>();
 *   metrics->TraceConnectWithoutContext("Sample", MakeCallback(&HandleSample));
 *   metrics->Watch(gateway);
 * @endcode
 *
 * An interval without traffic is not published.
 */
class GatewayMetrics : public Object
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    GatewayMetrics() = default;
    ~GatewayMetrics() override;

    /**
     * @brief Publish what a gateway does, from now on; once.
     * @param gateway a gateway with its configuration
     */
    void Watch(Ptr<ApplicationGateway> gateway);

    /**
     * @return the interval that is under way, up to now
     */
    GatewayMetricSample GetCurrent() const;

    /**
     * @brief Publish the interval that is under way now, and begin the next one.
     */
    void Publish();

    /**
     * @brief Callback of `Sample`.
     * @param sample the metrics of an interval
     */
    typedef void (*SampleCallback)(const GatewayMetricSample& sample);

  protected:
    void DoDispose() override;

  private:
    /**
     * @brief A request is over.
     * @param record the request
     */
    void HandleExchange(const GatewayExchangeRecord& record);

    /// Publish, and go on.
    void Tick();

    /// Let go of the gateway.
    void Leave();

    /**
     * @param sample gets the numbers of healthy servers
     */
    void CountHosts(GatewayMetricSample& sample) const;

    Time m_interval;                   //!< attribute Interval
    Ptr<ApplicationGateway> m_gateway; //!< whose metrics these are
    GatewayMetricSample m_sample;      //!< what has ended in this interval
    GatewayTotals m_before;            //!< at its beginning
    EventId m_event;                   //!< its end

    /// See trace source Sample.
    TracedCallback<const GatewayMetricSample&> m_sampleTrace;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_METRICS_H */
