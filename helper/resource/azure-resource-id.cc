/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-resource-id.h"

#include "azure-json-value.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

std::vector<std::string>
SplitText(const std::string& text, char separator)
{
    std::vector<std::string> parts;
    std::size_t start = 0;
    while (start < text.size())
    {
        auto end = std::min(text.find(separator, start), text.size());
        if (end > start)
        {
            parts.push_back(text.substr(start, end - start));
        }
        start = end + 1;
    }
    return parts;
}

ResourceId
ResourceId::FromText(const std::string& text)
{
    ResourceId id;
    const auto parts = SplitText(text, '/');
    std::size_t providers = parts.size();
    for (std::size_t i = 0; i < parts.size(); ++i)
    {
        if (EqualsIgnoringCase(parts[i], "providers"))
        {
            providers = i;
        }
    }
    if (providers + 3 >= parts.size() || (parts.size() - providers) % 2 != 0)
    {
        return id;
    }
    for (std::size_t i = 0; i < providers; ++i)
    {
        id.scope += "/" + parts[i];
    }
    id.resourceNamespace = parts[providers + 1];
    for (std::size_t i = providers + 2; i + 1 < parts.size(); i += 2)
    {
        id.types.push_back(parts[i]);
        id.names.push_back(parts[i + 1]);
    }
    return id;
}

ResourceId
ResourceId::FromTypeAndName(const std::string& type,
                            const std::string& name,
                            const std::string& scope)
{
    ResourceId id;
    auto types = SplitText(type, '/');
    auto names = SplitText(name, '/');
    if (types.size() != names.size() + 1 || names.empty())
    {
        return id;
    }
    id.scope = scope;
    id.resourceNamespace = types.front();
    id.types.assign(types.begin() + 1, types.end());
    id.names = std::move(names);
    return id;
}

bool
ResourceId::IsValid() const
{
    return !types.empty() && types.size() == names.size();
}

std::string
ResourceId::ToText() const
{
    auto text = scope + "/providers/" + resourceNamespace;
    for (std::size_t i = 0; i < types.size(); ++i)
    {
        text += "/" + types[i] + "/" + names[i];
    }
    return text;
}

std::string
ResourceId::ToKey() const
{
    return ToLowerCase(ToText());
}

std::string
ResourceId::GetType() const
{
    auto text = resourceNamespace;
    for (const auto& type : types)
    {
        text += "/" + type;
    }
    return text;
}

std::string
ResourceId::GetName() const
{
    std::string text;
    for (const auto& name : names)
    {
        text += (text.empty() ? "" : "/") + name;
    }
    return text;
}

std::string
ResourceId::GetNameOf(const std::string& type) const
{
    for (std::size_t i = 0; i < types.size(); ++i)
    {
        if (EqualsIgnoringCase(types[i], type))
        {
            return names[i];
        }
    }
    return "";
}

ResourceId
ResourceId::GetParent(std::size_t count) const
{
    auto parent = *this;
    parent.types.resize(std::min(count, types.size()));
    parent.names.resize(std::min(count, names.size()));
    return parent;
}

} // namespace azure
} // namespace ns3
