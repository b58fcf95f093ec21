/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-traffic-manager-validator.h"

#include <algorithm>
#include <cctype>

namespace ns3
{
namespace azure
{

namespace
{

/// Longest time to live, in seconds (TM-6).
constexpr int64_t MAX_TTL = 2147483647;

/// Most records of a MultiValue answer (TM-20).
constexpr uint32_t MAX_RETURN = 10;

/// Most failures that are tolerated (HP-41).
constexpr uint32_t MAX_TOLERATED = 9;

/// Most headers of one's own, and most ranges of statuses (HP-40, HP-42).
constexpr size_t MAX_LIST = 8;

/// Longest label of a name in DNS, and longest name (RFC 1035, section 2.3.4, as text).
constexpr size_t MAX_LABEL = 63;
constexpr size_t MAX_NAME = 253;

/**
 * @param text a part of a name between dots
 * @return whether it is a label
 */
bool
IsLabel(const std::string& text)
{
    return !text.empty() && text.size() <= MAX_LABEL && text.front() != '-' && text.back() != '-' &&
           std::all_of(text.begin(), text.end(), [](unsigned char c) {
               return std::isalnum(c) || c == '-' || c == '_';
           });
}

/**
 * @param text name of a header
 * @return whether it is a token (RFC 9110, section 5.6.2)
 */
bool
IsToken(const std::string& text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isalnum(c) ||
               std::string("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string::npos;
    });
}

} // namespace

TrafficManagerValidator::TrafficManagerValidator(const TrafficManagerConfiguration& configuration,
                                                 std::vector<ConfigurationError>& errors)
    : ConfigurationChecker(errors),
      m_configuration(configuration)
{
}

void
TrafficManagerValidator::Run()
{
    CheckDns();
    CheckMonitor();
    CheckExchange();
    if (m_configuration.trafficRoutingMethod == TrafficRoutingMethod::MultiValue &&
        (m_configuration.maxReturn < 1 || m_configuration.maxReturn > MAX_RETURN))
    {
        Add("maxReturn", "the number of records in an answer must be 1 to 10");
    }
}

bool
TrafficManagerValidator::IsDomainName(const std::string& text)
{
    if (text.empty() || text.size() > MAX_NAME)
    {
        return false;
    }
    size_t begin = 0;
    while (true)
    {
        const auto dot = text.find('.', begin);
        if (!IsLabel(text.substr(begin, dot == std::string::npos ? dot : dot - begin)))
        {
            return false;
        }
        if (dot == std::string::npos)
        {
            return true;
        }
        begin = dot + 1;
    }
}

std::string
TrafficManagerValidator::WhyBadHeaders(const std::vector<TrafficManagerHeader>& headers,
                                       ProbeProtocol protocol)
{
    if (headers.empty())
    {
        return "";
    }
    if (protocol == ProbeProtocol::Tcp)
    {
        return "a TCP probe has no headers; remove them or probe over HTTP or HTTPS";
    }
    if (headers.size() > MAX_LIST)
    {
        return "there are " + std::to_string(headers.size()) + " headers, the limit is 8";
    }
    for (const auto& header : headers)
    {
        if (!IsToken(header.name))
        {
            return "'" + header.name + "' cannot be the name of a header";
        }
        if (header.value.find_first_of("\r\n") != std::string::npos)
        {
            return "the value of " + header.name + " has a line break";
        }
    }
    return "";
}

void
TrafficManagerValidator::CheckDns()
{
    if (m_configuration.name.empty())
    {
        Add("name", "a name is needed");
    }
    const auto& dns = m_configuration.dnsConfig;
    if (!IsLabel(dns.relativeName))
    {
        Add("dnsConfig.relativeName",
            "the name below trafficmanager.net must be 1 to 63 letters, digits and hyphens");
    }
    if (!dns.fqdn.empty() && !IsDomainName(m_configuration.GetFqdn()))
    {
        Add("dnsConfig.fqdn", "this is no name in DNS");
    }
    if (dns.ttl.IsStrictlyNegative() || dns.ttl > Seconds(MAX_TTL) ||
        dns.ttl != Seconds(dns.ttl.ToInteger(Time::S)))
    {
        Add("dnsConfig.ttl", "the time to live must be 0 to 2147483647 whole seconds");
    }
}

void
TrafficManagerValidator::CheckMonitor()
{
    const auto& monitor = m_configuration.monitorConfig;
    const bool isFast = monitor.interval == Seconds(10);
    if (!isFast && monitor.interval != Seconds(30))
    {
        Add("monitorConfig.intervalInSeconds", "the interval must be 30 or 10 seconds");
    }
    const Time longest = isFast ? Seconds(9) : Seconds(10);
    if (monitor.GetTimeout() < Seconds(5) || monitor.GetTimeout() > longest)
    {
        Add("monitorConfig.timeoutInSeconds",
            isFast ? "with an interval of 10 s the timeout must be 5 to 9 seconds"
                   : "the timeout must be 5 to 10 seconds");
    }
    if (monitor.toleratedNumberOfFailures > MAX_TOLERATED)
    {
        Add("monitorConfig.toleratedNumberOfFailures",
            "the number of tolerated failures must be 0 to 9");
    }
    if (monitor.port == 0)
    {
        Add("monitorConfig.port", "the port must be 1 to 65535");
    }
}

void
TrafficManagerValidator::CheckExchange()
{
    const auto& monitor = m_configuration.monitorConfig;
    const bool isTcp = monitor.protocol == ProbeProtocol::Tcp;
    if (isTcp && !monitor.path.empty())
    {
        Add("monitorConfig.path", "a TCP probe asks for no path; remove it");
    }
    if (!isTcp && (monitor.path.empty() || monitor.path[0] != '/' ||
                   monitor.path.find_first_of(" \r\n\t") != std::string::npos))
    {
        Add("monitorConfig.path", "the path must begin with / and have no white space");
    }
    const auto headers = WhyBadHeaders(monitor.customHeaders, monitor.protocol);
    if (!headers.empty())
    {
        Add("monitorConfig.customHeaders", headers);
    }
    const std::string collection = "monitorConfig.expectedStatusCodeRanges";
    const auto& ranges = monitor.expectedStatusCodeRanges;
    if (isTcp && !ranges.empty())
    {
        Add(collection, "a TCP probe gets no status; remove the ranges");
        return;
    }
    if (ranges.size() > MAX_LIST)
    {
        Add(collection,
            "there are " + std::to_string(ranges.size()) + " ranges of statuses, the limit is 8");
    }
    for (size_t index = 0; index < ranges.size(); ++index)
    {
        if (ranges[index].first < 100 || ranges[index].last > 999 ||
            ranges[index].last < ranges[index].first)
        {
            Add(Path(collection, index),
                "statuses must lie between 100 and 999, the least not above the greatest");
        }
    }
}

} // namespace azure
} // namespace ns3
