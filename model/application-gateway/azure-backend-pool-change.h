/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_BACKEND_POOL_CHANGE_H
#define AZURE_BACKEND_POOL_CHANGE_H

#include "ns3/nstime.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What a change did to one pool, as one backend setting uses it.
 */
struct BackendChange
{
    uint32_t pool{0};                 //!< index of the pool in the configuration
    uint32_t setting{0};              //!< index of the backend setting in the configuration
    std::vector<std::string> added;   //!< members that new requests may now reach
    std::vector<std::string> removed; //!< members that new requests no longer reach
    uint32_t eligible{0};             //!< members that new requests may reach after the change
};

/**
 * @ingroup azure-load-balancing
 * @brief A member that finishes what it has begun (AG-47).
 */
struct BackendDrain
{
    uint32_t pool{0};    //!< index of the pool in the configuration
    uint32_t setting{0}; //!< index of the backend setting in the configuration
    std::string member;  //!< the member
    Time until;          //!< when what is left of its requests is cut
};

/**
 * @ingroup azure-load-balancing
 * @brief Everything that a change of membership or health changed at one instance.
 */
struct BackendPoolChange
{
    std::string error;                   //!< why the change was refused; empty: it was made
    std::vector<BackendChange> backends; //!< where new requests go elsewhere now
    std::vector<BackendDrain> drains;    //!< who drains from now on

    /**
     * @return whether nothing changed
     */
    bool IsEmpty() const
    {
        return backends.empty() && drains.empty();
    }
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_BACKEND_POOL_CHANGE_H */
