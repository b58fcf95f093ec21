/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_RESOURCE_ERROR_H
#define AZURE_RESOURCE_ERROR_H

#include <stdexcept>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Something wrong in the input, thrown inside the importer and caught by its public API.
 */
class ResourceError : public std::runtime_error
{
  public:
    /// What follows from the error.
    enum class Kind
    {
        Invalid,     //!< the input cannot be used
        Unresolved,  //!< it refers to something outside; harmless where that is not modelled
        Consequence, //!< it follows from another error, which is reported already
        NotModelled  //!< a part of a resource has no effect; it is noted, and read no further
    };

    /**
     * @param message what is wrong and what to do
     * @param kind what follows
     */
    explicit ResourceError(const std::string& message, Kind kind = Kind::Invalid)
        : std::runtime_error(message),
          m_kind(kind)
    {
    }

    /**
     * @param path JSON path of the place
     * @param message what is wrong and what to do
     * @param kind what follows
     */
    ResourceError(const std::string& path, const std::string& message, Kind kind = Kind::Invalid)
        : std::runtime_error(message),
          m_path(path),
          m_hasPath(true),
          m_kind(kind)
    {
    }

    /**
     * @return JSON path of the place; empty when unknown, or the input as a whole
     */
    const std::string& GetPath() const
    {
        return m_path;
    }

    /**
     * @return whether the place is known
     */
    bool HasPath() const
    {
        return m_hasPath;
    }

    /**
     * @return what follows
     */
    Kind GetKind() const
    {
        return m_kind;
    }

  private:
    std::string m_path;         //!< JSON path
    bool m_hasPath{false};      //!< whether the place is known
    Kind m_kind{Kind::Invalid}; //!< what follows
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_RESOURCE_ERROR_H */
