/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-service-tags-reader.h"

#include "azure-input-file.h"
#include "azure-json-text.h"
#include "azure-resource-error.h"
#include "azure-resource-limits.h"
#include "azure-resource-view.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

namespace ns3
{
namespace azure
{

namespace
{

/// Largest number that is read.
constexpr int64_t LARGEST_TAG_NUMBER = std::numeric_limits<uint32_t>::max();

/**
 * @param text the file
 * @param value a text value in it
 * @param which which of its occurrences, from 0
 * @return "line 7: "; empty when it is written otherwise, with escapes
 */
std::string
LineOf(const std::string& text, const std::string& value, uint32_t which)
{
    const auto quoted = '"' + value + '"';
    size_t at = text.find(quoted);
    for (uint32_t index = 0; index < which && at != std::string::npos; ++index)
    {
        at = text.find(quoted, at + quoted.size());
    }
    return at == std::string::npos
               ? ""
               : "line " + std::to_string(std::count(text.begin(), text.begin() + at, '\n') + 1) +
                     ": ";
}

/**
 * @param view a member
 * @return it
 * @throws ResourceError when it is missing
 */
ResourceView
Need(const ResourceView& view)
{
    if (!view.Exists())
    {
        view.Fail("this is missing; is it Azure's service tags file?");
    }
    return view;
}

} // namespace

ServiceTags
ServiceTagsReader::Read(const std::string& text, std::vector<std::string>& errors)
{
    ServiceTags tags;
    const auto fail = [&](const std::string& error) {
        if (errors.size() < ResourceLimits::Errors)
        {
            errors.push_back(error);
        }
    };
    std::string problem;
    const auto root = JsonText::Parse(text, problem);
    if (!root)
    {
        fail(problem);
        return tags;
    }
    std::map<std::string, uint32_t> seen; // wrong prefixes so far
    std::set<std::string> names;
    try
    {
        const ResourceView file(&*root, "");
        tags.changeNumber = file.Get("changeNumber").GetInteger(0, 0, LARGEST_TAG_NUMBER);
        tags.cloud = file.Get("cloud").GetText();
        for (const auto& value : Need(file.Get("values")).GetElements())
        {
            ServiceTag tag;
            tag.name = Need(value.Get("name")).GetText();
            if (!names.insert(ToLowerCase(tag.name)).second)
            {
                fail(value.GetPath() + ": tag " + JsonText::Quote(tag.name) +
                     " is there twice; remove one");
            }
            tag.changeNumber = value.Get("changeNumber").GetInteger(0, 0, LARGEST_TAG_NUMBER);
            tag.region = value.Get("region").GetText();
            tag.regionId = value.Get("regionId").GetInteger(0, 0, LARGEST_TAG_NUMBER);
            tag.systemService = value.Get("systemService").GetText();
            for (const auto& prefix : Need(value.Get("addressPrefixes")).GetElements())
            {
                const auto range = IpRange::FromText(prefix.GetText(), problem);
                if (range)
                {
                    tag.addressPrefixes.push_back(*range);
                    continue;
                }
                const auto which = seen[prefix.GetText()]++;
                fail(LineOf(text, prefix.GetText(), which) + prefix.GetPath() + ": '" +
                     JsonText::Quote(prefix.GetText()) + "': " + problem);
            }
            for (const auto& feature : value.Get("networkFeatures").GetElements())
            {
                tag.networkFeatures.push_back(feature.GetText());
            }
            tags.Add(tag);
        }
    }
    catch (const ResourceError& error)
    {
        fail(error.GetPath() + ": " + error.what());
    }
    return tags;
}

ServiceTags
ServiceTagsReader::ReadFile(const std::string& file, std::vector<std::string>& errors)
{
    std::string text;
    const auto error = InputFile::Read(file, ResourceLimits::TextBytes, text);
    if (!error.empty())
    {
        errors.push_back(file + ": " + error);
        return {};
    }
    const auto tags = Read(text, errors);
    for (auto& each : errors)
    {
        each = file + ": " + each;
    }
    return tags;
}

} // namespace azure
} // namespace ns3
