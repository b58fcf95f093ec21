/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-input-file.h"

#include "azure-resource-limits.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

namespace ns3
{
namespace azure
{

std::string
InputFile::Read(const std::string& file, std::size_t most, std::string& text)
{
    std::error_code error;
    const auto status = std::filesystem::status(file, error);
    if (status.type() == std::filesystem::file_type::not_found)
    {
        return "no such file";
    }
    if (std::filesystem::is_directory(status))
    {
        return "is a folder, not a file";
    }
    if (error)
    {
        return error.message();
    }
    if (!std::filesystem::is_regular_file(status))
    {
        // A pipe or device might never end.
        return "is no regular file";
    }
    const auto size = std::filesystem::file_size(file, error);
    if (!error && size == 0)
    {
        return "is empty";
    }
    if (!error && size > most)
    {
        return ResourceLimits::WhyTooLarge(most);
    }
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream content;
    if (error || !stream || !(content << stream.rdbuf()))
    {
        return "cannot be read; is it allowed?";
    }
    text = content.str();
    return "";
}

} // namespace azure
} // namespace ns3
