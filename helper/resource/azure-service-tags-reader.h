/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_SERVICE_TAGS_READER_H
#define AZURE_SERVICE_TAGS_READER_H

#include "ns3/azure-service-tags.h"

#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Reads Azure's service tags file, as of any week (ST-1 to ST-3).
 */
class ServiceTagsReader
{
  public:
    /**
     * @param text the file as JSON text
     * @param[out] errors what is wrong, each with the line and the JSON path of the place; empty:
     *             nothing
     * @return the tags; only to be used without errors
     */
    static ServiceTags Read(const std::string& text, std::vector<std::string>& errors);

    /**
     * @param file name of the file
     * @param[out] errors what is wrong, each with the file, the line and the JSON path
     * @return the tags; only to be used without errors
     */
    static ServiceTags ReadFile(const std::string& file, std::vector<std::string>& errors);
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_SERVICE_TAGS_READER_H */
