/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-http-record.h"

namespace ns3
{
namespace azure
{

std::string
HttpRequestRecord::GetOutcomeName() const
{
    switch (outcome)
    {
    case HttpOutcome::Ok:
        return "ok";
    case HttpOutcome::HttpError:
        return status >= 500 ? "http-5xx" : "http-4xx";
    case HttpOutcome::ConnectTimeout:
        return "connect-timeout";
    case HttpOutcome::Refused:
        return "refused";
    case HttpOutcome::Reset:
        return "reset";
    case HttpOutcome::Timeout:
        return "timeout";
    case HttpOutcome::ClosedEarly:
        return "closed-early";
    case HttpOutcome::BadResponse:
        return "bad-response";
    case HttpOutcome::NoAddress:
        return "no-address";
    case HttpOutcome::NotResolved:
        return "not-resolved";
    case HttpOutcome::Overload:
        return "overload";
    case HttpOutcome::TlsFailed:
        return "tls-failed";
    case HttpOutcome::Aborted:
        return "aborted";
    }
    return "unknown";
}

} // namespace azure
} // namespace ns3
