/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-engine.h"

#include "azure-affinity-cookie.h"
#include "azure-backend-overrides.h"
#include "azure-forwarded-headers.h"

#include "ns3/assert.h"

#include <algorithm>
#include <iterator>

namespace ns3
{
namespace azure
{

namespace
{

/// Digits of the identity of a request.
constexpr int TRACE_ID_LENGTH = 32;

/**
 * @param in members
 * @param out members
 * @return those that are in the first alone
 */
std::vector<std::string>
Without(const std::vector<std::string>& in, const std::vector<std::string>& out)
{
    std::vector<std::string> result;
    std::copy_if(in.begin(), in.end(), std::back_inserter(result), [&](const auto& member) {
        return std::find(out.begin(), out.end(), member) == out.end();
    });
    return result;
}

} // namespace

ApplicationGatewayEngine::ApplicationGatewayEngine(std::shared_ptr<const RequestRouter> router,
                                                   Ptr<UniformRandomVariable> traceIds,
                                                   const ApplicationGatewayEngineSettings& settings)
    : m_router(std::move(router)),
      m_traceIds(traceIds),
      m_settings(settings),
      m_retry(settings.retry, m_router->GetConfiguration().IsV1())
{
    const auto& configuration = m_router->GetConfiguration();
    m_members.resize(configuration.backendAddressPools.size());
    for (const auto& key : m_router->GetBackends())
    {
        const auto custom =
            FindByName(configuration.probes, configuration.GetSettingProbe(key.second));
        m_backends.emplace(key,
                           BackendChooser(m_settings.affinitySeed,
                                          custom ? configuration.probes[*custom].minServers : 0));
    }
    for (uint32_t pool = 0; pool < m_members.size(); ++pool)
    {
        for (const auto& address : configuration.backendAddressPools[pool].backendAddresses)
        {
            AddMember(pool, address);
        }
    }
}

GatewayVerdict
ApplicationGatewayEngine::Route(const GatewayRequest& request, Time now)
{
    const auto next = [&](const Key& key, const std::vector<std::string>& tried) {
        BackendChooser& backend = m_backends.at(key);
        backend.Sweep(now);
        return backend.Next(tried);
    };
    return Decide(request, MakeTraceId(m_traceIds), false, now, next);
}

GatewayVerdict
ApplicationGatewayEngine::Explain(const GatewayRequest& request, Time now) const
{
    const auto peek = [&](const Key& key, const std::vector<std::string>& tried) {
        return m_backends.at(key).Peek(tried);
    };
    return Decide(request, std::string(TRACE_ID_LENGTH, '0'), true, now, peek);
}

GatewayVerdict
ApplicationGatewayEngine::Decide(const GatewayRequest& request,
                                 const std::string& traceId,
                                 bool explain,
                                 Time now,
                                 const Chooser& choose) const
{
    GatewayVerdict verdict;
    verdict.traceId = traceId;
    verdict.route = m_router->Route(request, traceId, explain);
    verdict.action = verdict.route.action;
    verdict.reason = verdict.route.reason;
    verdict.status = verdict.route.status;
    if (verdict.action != GatewayAction::Forward)
    {
        return verdict;
    }
    const Key key{*verdict.route.pool, *verdict.route.setting};
    const BackendChooser& backend = m_backends.at(key);
    const auto& settings = m_router->GetConfiguration().backendHttpSettingsCollection[key.second];
    std::optional<std::string> member;
    if (settings.cookieBasedAffinity)
    {
        const auto cookie =
            AffinityCookie(settings.GetAffinityCookieName()).Find(request.head.fields);
        member = cookie ? backend.FindByCookie(*cookie, now) : std::nullopt;
        verdict.byCookie = member.has_value();
    }
    if (!member)
    {
        member = choose(key, {});
    }
    if (member)
    {
        Use(*member, verdict);
        if (explain)
        {
            verdict.route.steps.push_back(
                "member " + *member +
                (verdict.byCookie ? ", by its affinity cookie" : ", the next in turn"));
        }
        return verdict;
    }
    verdict.action = GatewayAction::Answer;
    verdict.status = 502;
    verdict.reason =
        backend.IsEmpty() ? GatewayAnswerReason::EmptyPool : GatewayAnswerReason::NoHealthyMember;
    if (explain)
    {
        verdict.route.steps.push_back(backend.IsEmpty() ? "the pool has no member"
                                                        : "no member of the pool is healthy");
    }
    return verdict;
}

void
ApplicationGatewayEngine::Use(const std::string& member, GatewayVerdict& verdict) const
{
    const Key key{*verdict.route.pool, *verdict.route.setting};
    const auto& settings = m_router->GetConfiguration().backendHttpSettingsCollection[key.second];
    const BackendChooser& backend = m_backends.at(key);
    verdict.action = GatewayAction::Forward;
    verdict.member = m_members[key.first].at(member).address;
    verdict.backendPort = settings.port;
    verdict.backendProtocol = settings.protocol;
    verdict.requestTimeout = settings.GetRequestTimeout(verdict.member);
    verdict.backendRequest = verdict.route.head;
    if (const auto host = OverrideHost(settings, verdict.member))
    {
        verdict.backendRequest.fields.Set("Host", *host);
    }
    verdict.affinityCookie =
        settings.cookieBasedAffinity && !verdict.byCookie ? backend.GetCookie(member) : "";
    verdict.drainEnd = backend.GetDrainEnd(member);
    verdict.tried.push_back(member);
}

GatewayVerdict
ApplicationGatewayEngine::Retry(const GatewayRequest& request,
                                const GatewayVerdict& failed,
                                BackendFailure failure,
                                Time now)
{
    NS_ASSERT_MSG(failed.action == GatewayAction::Forward, "there was no try");
    GatewayVerdict verdict = failed;
    const auto decision = m_retry.Decide(request.head.method,
                                         static_cast<uint32_t>(failed.tried.size()),
                                         failure,
                                         failed.timedOut);
    verdict.timedOut = failed.timedOut || failure == BackendFailure::Timeout;
    verdict.byCookie = false;
    if (decision.tryAnother)
    {
        BackendChooser& backend = m_backends.at({*failed.route.pool, *failed.route.setting});
        backend.Sweep(now);
        if (const auto member = backend.Next(failed.tried))
        {
            Use(*member, verdict);
            return verdict;
        }
    }
    verdict.action = GatewayAction::Answer;
    verdict.status = decision.status;
    verdict.reason =
        verdict.timedOut ? GatewayAnswerReason::BackendTimeout : GatewayAnswerReason::BackendFailed;
    return verdict;
}

void
ApplicationGatewayEngine::FinishResponse(const GatewayRequest& request,
                                         const GatewayVerdict& verdict,
                                         HttpResponseHead& response) const
{
    if (verdict.action != GatewayAction::Forward)
    {
        return;
    }
    if (!verdict.affinityCookie.empty())
    {
        const auto& settings =
            m_router->GetConfiguration().backendHttpSettingsCollection[*verdict.route.setting];
        AffinityCookie(settings.GetAffinityCookieName())
            .Set(verdict.affinityCookie, response.fields);
    }
    m_router->RewriteResponse(request, verdict.route, response);
}

GatewaySessionVerdict
ApplicationGatewayEngine::RouteSession(const GatewaySessionRequest& request, Time now)
{
    return DecideSession(request,
                         false,
                         [&](const Key& key, const std::vector<std::string>& tried) {
                             BackendChooser& backend = m_backends.at(key);
                             backend.Sweep(now);
                             return backend.Next(tried);
                         });
}

GatewaySessionVerdict
ApplicationGatewayEngine::ExplainSession(const GatewaySessionRequest& request) const
{
    return DecideSession(request, true, [&](const Key& key, const std::vector<std::string>& tried) {
        return m_backends.at(key).Peek(tried);
    });
}

GatewaySessionVerdict
ApplicationGatewayEngine::DecideSession(const GatewaySessionRequest& request,
                                        bool explain,
                                        const Chooser& choose) const
{
    GatewaySessionVerdict verdict;
    verdict.route = m_router->GetSessions().Route(request, explain);
    if (!verdict.route.rule)
    {
        verdict.refusal = GatewaySessionEnd::NoListener;
        return verdict;
    }
    const Key key{*verdict.route.pool, *verdict.route.setting};
    const auto& settings = *m_router->GetConfiguration().FindLayer4Setting(key.second);
    const auto member = choose(key, {});
    if (!member)
    {
        const bool empty = m_backends.at(key).IsEmpty();
        verdict.refusal = empty ? GatewaySessionEnd::EmptyPool : GatewaySessionEnd::NoHealthyMember;
        if (explain)
        {
            verdict.route.steps.push_back(empty ? "the pool has no member"
                                                : "no member of the pool is healthy");
        }
        return verdict;
    }
    verdict.member = m_members[key.first].at(*member).address;
    verdict.memberText = *member;
    verdict.backendPort = settings.port;
    verdict.backendTls = settings.protocol == ApplicationGatewayProtocol::Tls;
    verdict.serverName =
        verdict.backendTls ? settings.GetServerName(verdict.member, request.serverName) : "";
    verdict.timeout = settings.timeout;
    verdict.preservesClientIp = settings.enableL4ClientIpPreservation;
    if (explain)
    {
        verdict.route.steps.push_back("member " + *member + ", the next in turn");
    }
    return verdict;
}

BackendPoolChange
ApplicationGatewayEngine::Change(const std::function<void()>& change)
{
    std::map<Key, std::vector<std::string>> before;
    for (const auto& [key, backend] : m_backends)
    {
        before[key] = backend.GetEligible();
    }
    change();
    BackendPoolChange result;
    for (const auto& [key, backend] : m_backends)
    {
        const auto after = backend.GetEligible();
        BackendChange entry;
        entry.pool = key.first;
        entry.setting = key.second;
        entry.added = Without(after, before[key]);
        entry.removed = Without(before[key], after);
        entry.eligible = static_cast<uint32_t>(after.size());
        if (!entry.added.empty() || !entry.removed.empty())
        {
            result.backends.push_back(entry);
        }
    }
    return result;
}

BackendPoolChange
ApplicationGatewayEngine::SetHealthy(uint32_t setting, const std::string& member, bool healthy)
{
    return Change([&] {
        for (auto& [key, backend] : m_backends)
        {
            if (key.second == setting)
            {
                backend.SetHealthy(member, healthy);
            }
        }
    });
}

BackendPoolChange
ApplicationGatewayEngine::SetAllHealthy(bool healthy)
{
    return Change([&] {
        for (auto& [key, backend] : m_backends)
        {
            for (const auto& member : m_members[key.first])
            {
                backend.SetHealthy(member.first, healthy);
            }
        }
    });
}

BackendPoolChange
ApplicationGatewayEngine::AddMember(uint32_t pool, const ApplicationGatewayBackendAddress& address)
{
    NS_ASSERT_MSG(pool < m_members.size(), "there is no such pool");
    const std::string member = address.GetText();
    if (m_members[pool][member].present)
    {
        BackendPoolChange refused;
        refused.error = member + " is a member of the pool already";
        return refused;
    }
    m_members[pool][member] = {address, true};
    return Change([&] {
        for (auto& [key, backend] : m_backends)
        {
            // Another pool may have the same server with the same setting: one verdict (HP-26).
            bool healthy = false;
            for (const auto& [other, neighbour] : m_backends)
            {
                healthy |= other.second == key.second && neighbour.IsHealthy(member) == true;
            }
            if (key.first == pool)
            {
                backend.Add(member, healthy);
            }
        }
    });
}

BackendPoolChange
ApplicationGatewayEngine::RemoveMember(uint32_t pool, const std::string& member, Time now)
{
    NS_ASSERT_MSG(pool < m_members.size(), "there is no such pool");
    const auto known = m_members[pool].find(member);
    if (known == m_members[pool].end() || !known->second.present)
    {
        BackendPoolChange refused;
        refused.error = member + " is no member of the pool";
        return refused;
    }
    known->second.present = false;
    std::vector<BackendDrain> drains;
    auto change = Change([&] {
        for (auto& [key, backend] : m_backends)
        {
            const Time until = now + m_router->GetConfiguration().GetDrainTimeout(key.second);
            if (key.first == pool && backend.Remove(member, until))
            {
                drains.push_back({pool, key.second, member, until});
            }
        }
    });
    change.drains = drains;
    return change;
}

std::vector<std::string>
ApplicationGatewayEngine::GetEligible(uint32_t pool, uint32_t setting) const
{
    const auto found = m_backends.find({pool, setting});
    return found == m_backends.end() ? std::vector<std::string>() : found->second.GetEligible();
}

std::vector<std::pair<uint32_t, uint32_t>>
ApplicationGatewayEngine::GetBackends() const
{
    std::vector<Key> keys;
    for (const auto& [key, backend] : m_backends)
    {
        keys.push_back(key);
    }
    return keys;
}

std::vector<std::string>
ApplicationGatewayEngine::GetMembers(uint32_t pool) const
{
    std::vector<std::string> members;
    for (const auto& [text, member] : m_members.at(pool))
    {
        if (member.present)
        {
            members.push_back(text);
        }
    }
    return members;
}

bool
ApplicationGatewayEngine::IsHealthy(uint32_t setting, const std::string& member) const
{
    return std::any_of(m_backends.begin(), m_backends.end(), [&](const auto& backend) {
        return backend.first.second == setting && backend.second.IsHealthy(member).value_or(false);
    });
}

const RequestRouter&
ApplicationGatewayEngine::GetRouter() const
{
    return *m_router;
}

std::shared_ptr<const RequestRouter>
ApplicationGatewayEngine::ShareRouter() const
{
    return m_router;
}

} // namespace azure
} // namespace ns3
