/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_CONFIGURATION_ERROR_H
#define AZURE_CONFIGURATION_ERROR_H

#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief One thing that is wrong with a configuration, and where.
 */
struct ConfigurationError
{
    std::string path;    //!< path of the field, for example `probes[0].port`
    std::string message; //!< what is wrong and what to do, one sentence
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_CONFIGURATION_ERROR_H */
