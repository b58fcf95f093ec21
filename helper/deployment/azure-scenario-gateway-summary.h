/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_SCENARIO_GATEWAY_SUMMARY_H
#define AZURE_SCENARIO_GATEWAY_SUMMARY_H

#include "azure-scenario-observer.h"

#include <nlohmann/json_fwd.hpp>

namespace ns3
{
namespace azure
{

/**
 * @brief What became of the instances of a gateway, and its metrics, for the summary.
 *
 * Not a public header.
 *
 * @param observed what was seen
 * @param gateway the gateway
 * @return members `states`, `running`, `wanted` and `metrics` of an object
 */
nlohmann::ordered_json ShowGatewayHistory(const ObservedGateway& observed,
                                          const ApplicationGatewayConfiguration& gateway);

} // namespace azure
} // namespace ns3

#endif /* AZURE_SCENARIO_GATEWAY_SUMMARY_H */
