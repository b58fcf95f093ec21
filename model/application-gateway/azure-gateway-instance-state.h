/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_INSTANCE_STATE_H
#define AZURE_GATEWAY_INSTANCE_STATE_H

#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What an instance of an application gateway is doing.
 */
enum class GatewayInstanceState
{
    Standby,  //!< not there; may be started
    Starting, //!< probes the members, takes no connections yet
    Running,  //!< takes connections
    Draining, //!< gets no new connections and lets the old ones go
    Updating, //!< under maintenance (AG-57); comes back
    Crashed,  //!< dead; may be replaced (AG-56)
    Count     //!< number of states, not a state
};

/**
 * @ingroup azure-load-balancing
 * @param state a state
 * @return its name in traces and reports, for example `running`
 */
std::string ToString(GatewayInstanceState state);

/**
 * @ingroup azure-load-balancing
 * @brief What the front of a gateway, which spreads connections over its instances (AG-8), is told
 *        of one of them.
 */
enum class GatewayFrontAction
{
    Add,    //!< it gets new connections from now on
    Remove, //!< it gets no new ones; the old ones go on
    Cut     //!< it is dead: it gets no new ones, and nothing of the old ones
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_INSTANCE_STATE_H */
