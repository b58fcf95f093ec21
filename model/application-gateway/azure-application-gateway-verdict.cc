/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-verdict.h"

namespace ns3
{
namespace azure
{

std::string
ToString(GatewayAction action)
{
    switch (action)
    {
    case GatewayAction::Forward:
        return "forward";
    case GatewayAction::Answer:
        return "answer";
    case GatewayAction::Refuse:
        return "refuse";
    }
    return "unknown";
}

std::string
ToString(GatewayAnswerReason reason)
{
    switch (reason)
    {
    case GatewayAnswerReason::None:
        return "none";
    case GatewayAnswerReason::Redirect:
        return "redirect";
    case GatewayAnswerReason::NoListener:
        return "no-listener";
    case GatewayAnswerReason::WrongProtocol:
        return "wrong-protocol";
    case GatewayAnswerReason::NoClientCertificate:
        return "no-client-certificate";
    case GatewayAnswerReason::RewriteLoop:
        return "rewrite-loop";
    case GatewayAnswerReason::EmptyPool:
        return "empty-pool";
    case GatewayAnswerReason::NoHealthyMember:
        return "no-healthy-member";
    case GatewayAnswerReason::BackendTimeout:
        return "backend-timeout";
    case GatewayAnswerReason::BackendFailed:
        return "backend-failed";
    case GatewayAnswerReason::Count:
        break;
    }
    return "unknown";
}

HttpResponseHead
GatewayVerdict::MakeAnswer() const
{
    HttpResponseHead head;
    head.status = status;
    head.fields.Add("Server", "Microsoft-Azure-Application-Gateway/v2");
    if (reason == GatewayAnswerReason::Redirect)
    {
        head.fields.Add("Location", route.location);
    }
    return head;
}

} // namespace azure
} // namespace ns3
