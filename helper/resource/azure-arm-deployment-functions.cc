/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-arm-functions.h"
#include "azure-json-text.h"

#include <ctime>

namespace ns3
{
namespace azure
{

namespace
{

using Type = JsonValue::Type;
using Object = JsonValue::Object;

JsonValue
Parameters(ArmCall& call)
{
    return call.context.scope.GetParameter(call.Text(0));
}

JsonValue
Variables(ArmCall& call)
{
    return call.context.scope.GetVariable(call.Text(0));
}

/// Forms: copyIndex(), copyIndex(offset), copyIndex(loop), copyIndex(loop, offset).
JsonValue
CopyIndex(ArmCall& call)
{
    const auto count = call.arguments.size();
    const bool named = count > 0 && call.arguments[0].Is(Type::String);
    if (count == 2 && !named)
    {
        call.FailArgument(0, "the name of a copy loop");
    }
    const auto offset = count > (named ? 1u : 0u) ? call.Integer(count - 1) : 0;
    if (offset < -1000000000 || offset > 1000000000)
    {
        call.Fail("the offset is out of range");
    }
    return call.context.GetCopyIndex(named ? call.Text(0) : "") + offset;
}

JsonValue
ResourceGroup(ArmCall& call)
{
    const auto& environment = call.context.scope.GetEnvironment();
    return Object{{"id",
                   JsonValue("/subscriptions/" + environment.subscriptionId + "/resourceGroups/" +
                             environment.resourceGroup)},
                  {"name", JsonValue(environment.resourceGroup)},
                  {"type", JsonValue("Microsoft.Resources/resourceGroups")},
                  {"location", JsonValue(environment.location)},
                  {"tags", JsonValue(Object())},
                  {"properties", JsonValue(Object{{"provisioningState", JsonValue("Succeeded")}})}};
}

JsonValue
Subscription(ArmCall& call)
{
    const auto& environment = call.context.scope.GetEnvironment();
    return Object{{"id", JsonValue("/subscriptions/" + environment.subscriptionId)},
                  {"subscriptionId", JsonValue(environment.subscriptionId)},
                  {"tenantId", JsonValue(environment.tenantId)},
                  {"displayName", JsonValue("simulation")}};
}

JsonValue
Tenant(ArmCall& call)
{
    const auto& environment = call.context.scope.GetEnvironment();
    return Object{{"id", JsonValue("/tenants/" + environment.tenantId)},
                  {"tenantId", JsonValue(environment.tenantId)},
                  {"displayName", JsonValue("simulation")}};
}

JsonValue
Deployment(ArmCall& call)
{
    return call.context.scope.GetDeployment();
}

/// The public cloud.
JsonValue
Environment(ArmCall&)
{
    return Object{
        {"name", JsonValue("AzureCloud")},
        {"gallery", JsonValue("https://gallery.azure.com/")},
        {"graph", JsonValue("https://graph.windows.net/")},
        {"portal", JsonValue("https://portal.azure.com")},
        {"graphAudience", JsonValue("https://graph.windows.net/")},
        {"activeDirectoryDataLake", JsonValue("https://datalake.azure.net/")},
        {"batch", JsonValue("https://batch.core.windows.net/")},
        {"media", JsonValue("https://rest.media.azure.net")},
        {"sqlManagement", JsonValue("https://management.core.windows.net:8443/")},
        {"resourceManager", JsonValue("https://management.azure.com/")},
        {"authentication",
         JsonValue(
             Object{{"loginEndpoint", JsonValue("https://login.microsoftonline.com/")},
                    {"audiences",
                     JsonValue(JsonValue::Array{JsonValue("https://management.core.windows.net/"),
                                                JsonValue("https://management.azure.com/")})},
                    {"tenant", JsonValue("common")},
                    {"identityProvider", JsonValue("AAD")}})},
        {"suffixes",
         JsonValue(Object{{"storage", JsonValue("core.windows.net")},
                          {"keyvaultDns", JsonValue(".vault.azure.net")},
                          {"sqlServerHostname", JsonValue(".database.windows.net")},
                          {"acrLoginServer", JsonValue(".azurecr.io")}})}};
}

/**
 * @param value a number
 * @param width digits at least
 * @return the number with leading zeros
 */
std::string
Digits(int value, std::size_t width)
{
    auto text = std::to_string(value);
    return text.size() < width ? std::string(width - text.size(), '0') + text : text;
}

/**
 * @param name name of a month or day
 * @param count how often the letter is repeated that asks for it
 * @return the name, or its first three letters
 */
std::string
Name(const std::string& name, std::size_t count)
{
    return count == 3 ? name.substr(0, 3) : name;
}

/**
 * @param call the call of utcNow()
 * @param letter a letter of a .NET date format
 * @param count how often it is repeated
 * @param time the time
 * @return what stands for it
 */
std::string
TimePart(ArmCall& call, char letter, std::size_t count, const std::tm& time)
{
    const char* const months[] = {"January",
                                  "February",
                                  "March",
                                  "April",
                                  "May",
                                  "June",
                                  "July",
                                  "August",
                                  "September",
                                  "October",
                                  "November",
                                  "December"};
    const char* const days[] =
        {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
    const int hour12 = time.tm_hour % 12 == 0 ? 12 : time.tm_hour % 12;
    switch (letter)
    {
    case 'y':
        return count > 2 ? Digits(time.tm_year + 1900, count) : Digits(time.tm_year % 100, count);
    case 'M':
        return count > 2 ? Name(months[time.tm_mon], count) : Digits(time.tm_mon + 1, count);
    case 'd':
        return count > 2 ? Name(days[time.tm_wday], count) : Digits(time.tm_mday, count);
    case 'H':
        return Digits(time.tm_hour, count);
    case 'h':
        return Digits(hour12, count);
    case 'm':
        return Digits(time.tm_min, count);
    case 's':
        return Digits(time.tm_sec, count);
    case 'f':
        return std::string(count, '0');
    case 'F':
        return ""; // digits of a second that are zero are not shown
    case 't':
        return std::string(time.tm_hour < 12 ? "AM" : "PM").substr(0, count);
    case 'K':
        return "Z";
    case 'z':
        return count > 2 ? "+00:00" : count == 2 ? "+00" : "+0";
    case 'g':
        return "A.D.";
    default:
        call.Fail(std::string("format letter '") + letter + "' is not supported");
    }
}

/// The time is an option of the import, so that the result does not change from run to run.
JsonValue
UtcNow(ArmCall& call)
{
    std::string format = call.arguments.empty() ? "yyyyMMddTHHmmssZ" : call.Text(0);
    if (format.size() == 1)
    {
        // Case matters, except for o and r.
        const std::string standard = "dDfFgGmMoOrRstTuUyY";
        const char* formats[] = {"MM/dd/yyyy",
                                 "dddd, dd MMMM yyyy",
                                 "dddd, dd MMMM yyyy HH:mm",
                                 "dddd, dd MMMM yyyy HH:mm:ss",
                                 "MM/dd/yyyy HH:mm",
                                 "MM/dd/yyyy HH:mm:ss",
                                 "MMMM dd",
                                 "MMMM dd",
                                 "yyyy-MM-ddTHH:mm:ss.fffffffK",
                                 "yyyy-MM-ddTHH:mm:ss.fffffffK",
                                 "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
                                 "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
                                 "yyyy-MM-ddTHH:mm:ss",
                                 "HH:mm",
                                 "HH:mm:ss",
                                 "yyyy-MM-dd HH:mm:ss'Z'",
                                 "dddd, dd MMMM yyyy HH:mm:ss",
                                 "yyyy MMMM",
                                 "yyyy MMMM"};
        const auto index = standard.find(format);
        if (index == std::string::npos)
        {
            call.Fail("format '" + JsonText::Quote(format) + "' is not supported");
        }
        format = formats[index];
    }
    std::tm time{};
    const auto seconds = static_cast<std::time_t>(call.context.scope.GetEnvironment().utcNow);
    gmtime_r(&seconds, &time);
    std::string result;
    for (std::size_t i = 0; i < format.size();)
    {
        const char c = format[i];
        if (c == '\\' || c == '%')
        {
            // The next character as it is; or alone, a letter that would name a standard format.
            result += c == '\\' ? format.substr(i + 1, 1) : "";
            i += c == '\\' ? 2 : 1;
            continue;
        }
        if (c == '\'' || c == '"')
        {
            const auto close = format.find(c, i + 1);
            if (close == std::string::npos)
            {
                call.Fail("a quote in the format is not closed");
            }
            result += format.substr(i + 1, close - i - 1);
            i = close + 1;
            continue;
        }
        const auto end = format.find_first_not_of(c, i);
        const auto count = (end == std::string::npos ? format.size() : end) - i;
        const bool isLetter = std::string("yMdHhmsfFtKzg").find(c) != std::string::npos;
        if (isLetter && count <= 7)
        {
            result += TimePart(call, c, count, time);
            i += count;
        }
        else
        {
            result += c;
            ++i;
        }
    }
    return result;
}

} // namespace

std::vector<ArmFunction>
ArmFunctions::GetDeploymentFunctions()
{
    return {{"parameters", 1, 1, Parameters},
            {"variables", 1, 1, Variables},
            {"copyindex", 0, 2, CopyIndex},
            {"resourcegroup", 0, 0, ResourceGroup},
            {"subscription", 0, 0, Subscription},
            {"tenant", 0, 0, Tenant},
            {"deployment", 0, 0, Deployment},
            {"environment", 0, 0, Environment},
            {"utcnow", 0, 1, UtcNow}};
}

} // namespace azure
} // namespace ns3
