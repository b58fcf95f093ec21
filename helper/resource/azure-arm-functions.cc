/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-arm-functions.h"

#include "azure-json-text.h"
#include "azure-resource-error.h"

#include <map>

namespace ns3
{
namespace azure
{

const std::string&
ArmCall::Text(std::size_t index) const
{
    return Argument(index, JsonValue::Type::String).AsString();
}

int64_t
ArmCall::Integer(std::size_t index) const
{
    return Argument(index, JsonValue::Type::Integer).AsInteger();
}

bool
ArmCall::Boolean(std::size_t index) const
{
    return Argument(index, JsonValue::Type::Boolean).AsBoolean();
}

const JsonValue&
ArmCall::Argument(std::size_t index, JsonValue::Type type) const
{
    const auto& argument = arguments.at(index);
    if (!argument.Is(type))
    {
        switch (type)
        {
        case JsonValue::Type::String:
            FailArgument(index, "a string");
        case JsonValue::Type::Integer:
            FailArgument(index, "an integer");
        case JsonValue::Type::Boolean:
            FailArgument(index, "a boolean");
        case JsonValue::Type::Array:
            FailArgument(index, "an array");
        default:
            FailArgument(index, "an object");
        }
    }
    return argument;
}

void
ArmCall::Fail(const std::string& message) const
{
    throw ResourceError("function '" + JsonText::Quote(name) + "': " + message);
}

void
ArmCall::FailArgument(std::size_t index, const std::string& expected) const
{
    Fail("argument " + std::to_string(index + 1) + " must be " + expected + " but is " +
         arguments.at(index).GetTypeName());
}

const ArmFunction*
ArmFunctions::Find(const std::string& name)
{
    // Constant after its first use.
    static const std::map<std::string, ArmFunction> all = [] {
        std::map<std::string, ArmFunction> functions;
        for (const auto& group : {GetStringFunctions(),
                                  GetFormatFunctions(),
                                  GetCollectionFunctions(),
                                  GetValueFunctions(),
                                  GetResourceFunctions(),
                                  GetDeploymentFunctions()})
        {
            for (const auto& function : group)
            {
                functions.emplace(function.name, function);
            }
        }
        return functions;
    }();
    auto key = ToLowerCase(name);
    if (key.rfind("sys.", 0) == 0)
    {
        key = key.substr(4);
    }
    auto it = all.find(key);
    return it == all.end() ? nullptr : &it->second;
}

std::string
ArmFunctions::WhyNotSupported(const std::string& name)
{
    const std::pair<const char*, std::vector<const char*>> reasons[] = {
        {"it takes a lambda expression",
         {"filter",
          "groupby",
          "lambda",
          "lambdavariables",
          "map",
          "mapvalues",
          "reduce",
          "sort",
          "toobject"}},
        {"it asks the service, which a simulation does not have",
         {"deployer",
          "externalinput",
          "managementgroup",
          "managementgroupresourceid",
          "pickzones",
          "providers",
          "references"}},
        {"it is beyond what this importer evaluates",
         {"buildurl",
          "cidrhost",
          "cidrsubnet",
          "datauri",
          "datauritostring",
          "datetimeadd",
          "datetimefromepoch",
          "datetimetoepoch",
          "fail",
          "flatten",
          "float",
          "indexfromend",
          "newguid",
          "objectkeys",
          "parsecidr",
          "parseuri",
          "shallowmerge",
          "tryget",
          "tryindexfromend"}}};
    for (const auto& [why, names] : reasons)
    {
        for (const char* known : names)
        {
            if (name == known)
            {
                return why;
            }
        }
    }
    return name.find('.') == std::string::npos ? "" : "templates' own functions are not read";
}

} // namespace azure
} // namespace ns3
