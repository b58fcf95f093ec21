/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-resource-view.h"

#include "azure-arm-evaluator.h"
#include "azure-json-text.h"
#include "azure-resource-error.h"

#include <algorithm>
#include <cstdlib>

namespace ns3
{
namespace azure
{

using Type = JsonValue::Type;

ResourceView::ResourceView(const JsonValue* value, const std::string& path)
    : m_value(value && !value->Is(Type::Null) ? value : nullptr),
      m_path(path)
{
}

bool
ResourceView::Exists() const
{
    return m_value;
}

const std::string&
ResourceView::GetPath() const
{
    return m_path;
}

const JsonValue*
ResourceView::GetValue() const
{
    return m_value;
}

ResourceView
ResourceView::Get(const std::string& name) const
{
    if (m_value && !m_value->Is(Type::Object))
    {
        Fail(std::string("must be an object, but is ") + m_value->GetTypeName());
    }
    const auto find = [&](const JsonValue* object, const std::string& path) {
        for (const auto& member : object ? object->AsObject() : JsonValue::Object())
        {
            if (EqualsIgnoringCase(member.name, name))
            {
                return ResourceView(object->Find(name),
                                    ArmEvaluator::MemberPath(path, member.name));
            }
        }
        return ResourceView(nullptr, ArmEvaluator::MemberPath(path, name));
    };
    const auto* properties = m_value ? m_value->Find("properties") : nullptr;
    const auto propertiesPath = ArmEvaluator::MemberPath(m_path, "properties");
    if (properties && !properties->Is(Type::Null) && !properties->Is(Type::Object))
    {
        throw ResourceError(propertiesPath,
                            std::string("must be an object, but is ") + properties->GetTypeName());
    }
    if (properties && !EqualsIgnoringCase(name, "properties"))
    {
        auto found = find(properties, propertiesPath);
        const auto outer = find(m_value, m_path);
        return found.Exists() || !outer.Exists() ? found : outer;
    }
    return find(m_value, m_path);
}

std::vector<ResourceView>
ResourceView::GetElements() const
{
    std::vector<ResourceView> elements;
    if (!m_value)
    {
        return elements;
    }
    if (!m_value->Is(Type::Array))
    {
        Fail(std::string("must be an array, but is ") + m_value->GetTypeName());
    }
    for (std::size_t i = 0; i < m_value->AsArray().size(); ++i)
    {
        const auto& element = m_value->AsArray()[i];
        elements.emplace_back(&element, ArmEvaluator::ElementPath(m_path, i));
    }
    return elements;
}

std::string
ResourceView::GetText(const std::string& fallback) const
{
    if (!m_value)
    {
        return fallback;
    }
    if (!m_value->Is(Type::String))
    {
        Fail(std::string("must be a string, but is ") + m_value->GetTypeName());
    }
    return m_value->AsString();
}

std::string
ResourceView::GetTextOrNumber() const
{
    return m_value && m_value->Is(Type::Integer) ? std::to_string(m_value->AsInteger()) : GetText();
}

int64_t
ResourceView::GetInteger(int64_t fallback, int64_t minimum, int64_t maximum) const
{
    if (!m_value)
    {
        return fallback;
    }
    int64_t value = m_value->AsInteger();
    const auto& text = m_value->AsString();
    const bool isNumber =
        !text.empty() && text.size() < 18 &&
        text.find_first_not_of("0123456789", text[0] == '-' ? 1 : 0) == std::string::npos &&
        text != "-";
    if (isNumber)
    {
        value = std::strtoll(text.c_str(), nullptr, 10);
    }
    else if (!m_value->Is(Type::Integer))
    {
        Fail("must be an integer, but is " + (m_value->Is(Type::String)
                                                  ? "'" + JsonText::Quote(text) + "'"
                                                  : std::string(m_value->GetTypeName())));
    }
    if (value < minimum || value > maximum)
    {
        Fail("must be from " + std::to_string(minimum) + " to " + std::to_string(maximum) +
             ", but is " + std::to_string(value));
    }
    return value;
}

bool
ResourceView::GetBoolean(bool fallback) const
{
    if (!m_value)
    {
        return fallback;
    }
    const auto& text = m_value->AsString();
    const bool isTrue = EqualsIgnoringCase(text, "true");
    if (!m_value->Is(Type::Boolean) && !isTrue && !EqualsIgnoringCase(text, "false"))
    {
        Fail("must be true or false, but is " + (m_value->Is(Type::String)
                                                     ? "'" + JsonText::Quote(text) + "'"
                                                     : std::string(m_value->GetTypeName())));
    }
    return m_value->AsBoolean() || isTrue;
}

uint16_t
ResourceView::GetPort(uint16_t fallback) const
{
    return static_cast<uint16_t>(GetInteger(fallback, 0, 65535));
}

std::string
ResourceView::GetName() const
{
    const auto name = Get("name").GetText();
    if (name.empty())
    {
        throw ResourceError(ArmEvaluator::MemberPath(m_path, "name"), "the name is missing");
    }
    return name.substr(name.rfind('/') + 1);
}

std::optional<std::size_t>
ResourceView::FindText(const std::vector<std::string>& allowed) const
{
    if (!m_value)
    {
        return std::nullopt;
    }
    const auto text = GetText();
    std::string list;
    for (std::size_t i = 0; i < allowed.size(); ++i)
    {
        if (EqualsIgnoringCase(text, allowed[i]))
        {
            return i;
        }
        list += (i == 0 ? "" : ", ") + allowed[i];
    }
    Fail("'" + JsonText::Quote(text) + "' is none of " + list);
}

std::string
ResourceView::GetReference() const
{
    return Exists() ? Get("id").GetText() : "";
}

void
ResourceView::Fail(const std::string& message) const
{
    throw ResourceError(m_path, message);
}

void
ResourcePathMap::Add(const std::string& configurationPath, const std::string& jsonPath)
{
    m_paths[configurationPath] = jsonPath;
}

void
ResourcePathMap::Add(const std::string& configurationPath, const ResourceView& view)
{
    Add(configurationPath, view.GetPath());
    m_views.insert_or_assign(configurationPath, view);
}

std::string
ResourcePathMap::Find(const std::string& configurationPath) const
{
    for (auto length = configurationPath.size(); length > 0; --length)
    {
        auto it = m_paths.find(configurationPath.substr(0, length));
        if (it == m_paths.end())
        {
            continue;
        }
        const auto rest = configurationPath.substr(length);
        const auto view = m_views.find(it->first);
        if (view == m_views.end() || rest.size() < 2 || rest[0] != '.')
        {
            return it->second + rest;
        }
        const auto end = std::min(rest.find_first_of(".[", 1), rest.size());
        return view->second.Get(rest.substr(1, end - 1)).GetPath() + rest.substr(end);
    }
    return configurationPath;
}

} // namespace azure
} // namespace ns3
