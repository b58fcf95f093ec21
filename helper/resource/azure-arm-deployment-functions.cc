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
 * @param call the call of utcNow()
 * @param letter a letter of a .NET date format
 * @param count how often it is repeated
 * @param time the time
 * @return what stands for it
 */
std::string
TimePart(ArmCall& call, char letter, std::size_t count, const std::tm& time)
{
    const int hour12 = time.tm_hour % 12 == 0 ? 12 : time.tm_hour % 12;
    switch (letter)
    {
    case 'y':
        return count > 2 ? Digits(time.tm_year + 1900, count) : Digits(time.tm_year % 100, count);
    case 'M':
        return Digits(time.tm_mon + 1, count);
    case 'd':
        return Digits(time.tm_mday, count);
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
    case 't':
        return std::string(time.tm_hour < 12 ? "AM" : "PM").substr(0, count);
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
        const std::string standard = "dgosu";
        const char* formats[] = {"MM/dd/yyyy",
                                 "MM/dd/yyyy HH:mm",
                                 "yyyy-MM-ddTHH:mm:ss.fffffffZ",
                                 "yyyy-MM-ddTHH:mm:ss",
                                 "yyyy-MM-dd HH:mm:ssZ"};
        const auto index = standard.find(ToLowerCase(format));
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
        const auto end = format.find_first_not_of(c, i);
        const auto count = (end == std::string::npos ? format.size() : end) - i;
        const bool isLetter = std::string("yMdHhmsft").find(c) != std::string::npos;
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
