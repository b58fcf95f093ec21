/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_REDIRECTOR_H
#define AZURE_REDIRECTOR_H

#include "azure-application-gateway-configuration.h"
#include "azure-request-target.h"

#include <cstdint>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Makes the answers of one redirect (AG-18).
 */
class Redirector
{
  public:
    /**
     * @param redirect a redirect without errors
     * @param configuration what it is part of
     */
    Redirector(const RedirectConfiguration& redirect,
               const ApplicationGatewayConfiguration& configuration);

    /**
     * @return status of the answer: 301, 302, 303 or 307
     */
    uint32_t GetStatus() const;

    /**
     * @param target what the client asked for
     * @return value of the Location field
     */
    std::string GetLocation(const RequestTarget& target) const;

  private:
    uint32_t m_status;    //!< status of the answer
    std::string m_url;    //!< another site; empty: another listener
    std::string m_scheme; //!< of the other listener, with `://`
    std::string m_host;   //!< of the other listener; empty: the host that was asked for
    std::string m_port;   //!< of the other listener, with colon; empty: that of the scheme
    bool m_keepPath;      //!< add the path, to another listener alone
    bool m_keepQuery;     //!< add the query
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_REDIRECTOR_H */
