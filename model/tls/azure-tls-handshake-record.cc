/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-tls-handshake-record.h"

#include <sstream>

namespace ns3
{
namespace azure
{

std::string
TlsHandshakeRecord::ToString() const
{
    std::ostringstream os;
    os << (role == TlsRole::Client ? "client" : "server") << " " << TlsName(outcome);
    if (outcome == TlsOutcome::AlertSent || outcome == TlsOutcome::AlertReceived)
    {
        os << " (" << TlsName(alert) << ")";
    }
    os << " " << TlsName(agreement.version) << " " << TlsName(agreement.cipher)
       << (agreement.resumed ? " resumed" : " full") << " in " << GetDuration().As(Time::MS);
    if (!agreement.serverName.empty())
    {
        os << ", server name " << agreement.serverName;
    }
    if (!agreement.peerChain.empty())
    {
        os << ", peer " << agreement.peerChain.front().subject;
    }
    os << ", " << TlsName(agreement.peerVerification.status);
    return os.str();
}

} // namespace azure
} // namespace ns3
