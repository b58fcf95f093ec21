/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TLS_HANDSHAKE_RECORD_H
#define AZURE_TLS_HANDSHAKE_RECORD_H

#include "azure-tls-engine.h"
#include "azure-tls-types.h"

#include "ns3/nstime.h"

#include <cstdint>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief One handshake, from its beginning to its end.
 */
struct TlsHandshakeRecord
{
    TlsRole role{TlsRole::Client};               //!< side that tells it
    Time start;                                  //!< the TCP connection was there
    Time end;                                    //!< data could flow, or it had failed
    Time processorTime;                          //!< of that, waited for the processor and worked
    TlsOutcome outcome{TlsOutcome::Established}; //!< how it ended
    TlsAlert alert{TlsAlert::CloseNotify};       //!< with TlsOutcome::AlertSent and AlertReceived
    TlsAgreement agreement;                      //!< what was agreed, as far as it came
    uint64_t bytesSent{0};                       //!< records that were made
    uint64_t bytesReceived{0};                   //!< bytes that were read

    /**
     * @return from beginning to end
     */
    Time GetDuration() const
    {
        return end - start;
    }

    /**
     * @return one line: role, outcome, version, cipher, full or resumed, SNI, peer, verification
     */
    std::string ToString() const;

    /**
     * @brief Signature of trace sinks.
     * @param record the handshake
     */
    typedef void (*TracedCallback)(const TlsHandshakeRecord& record);
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TLS_HANDSHAKE_RECORD_H */
