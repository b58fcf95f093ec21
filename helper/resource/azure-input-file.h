/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_INPUT_FILE_H
#define AZURE_INPUT_FILE_H

#include <cstddef>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Reads a file that the user named.
 */
struct InputFile
{
    /**
     * @brief Read a file as a whole.
     * @param file its name
     * @param most the most bytes that it may have
     * @param[out] text its content
     * @return why it cannot be used, for example "no such file"; empty: it was read
     */
    static std::string Read(const std::string& file, std::size_t most, std::string& text);
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_INPUT_FILE_H */
