/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_REQUEST_TARGET_H
#define AZURE_REQUEST_TARGET_H

#include "ns3/azure-http-message.h"

#include <cstddef>
#include <optional>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief The parts of a request's target that an application gateway decides by.
 */
struct RequestTarget
{
    std::string host;                 //!< host asked for: lower case, no port; may be empty
    std::string path;                 //!< as sent, percent-encoded; `*` for a whole server
    std::optional<std::string> query; //!< what follows the first `?`; none without a `?`

    /**
     * @brief Read request line and Host field.
     *
     * A host in the request line goes before the Host field (RFC 9112, section 3.2.2).
     *
     * @param head the head of a request
     * @return its parts
     */
    static RequestTarget Of(const HttpRequestHead& head);

    /**
     * @return path and query as they stand on a request line
     */
    std::string GetPathAndQuery() const;
};

/**
 * @param text some text
 * @return it with ASCII letters in lower case
 */
std::string ToLowerAscii(std::string text);

/**
 * @brief Decode the percent-encoded bytes of a path (AG-17).
 *
 * @param path a path
 * @return it decoded once; what is no valid encoding stays as it is
 */
std::string PercentDecode(const std::string& path);

/**
 * @brief Find the place in an encoded path that belongs to one in the decoded path.
 *
 * @param path a path, percent-encoded
 * @param decoded a number of bytes of the decoded path
 * @return the number of bytes of `path` that encode them
 */
size_t EncodedLength(const std::string& path, size_t decoded);

} // namespace azure
} // namespace ns3

#endif /* AZURE_REQUEST_TARGET_H */
