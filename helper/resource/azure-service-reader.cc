/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-service-reader.h"

#include "azure-address-plan.h"
#include "azure-json-text.h"
#include "azure-resource-error.h"
#include "azure-resource-properties.h"

namespace ns3
{
namespace azure
{

ServiceReader::ServiceReader(const ImportedResource& resource,
                             const ResourceCompletion& completion,
                             std::vector<ResourceNotice>& notModelled)
    : m_resource(resource),
      m_completion(completion),
      m_notModelled(notModelled)
{
}

ResourceView
ServiceReader::FindPublicAddress(const ResourceView& reference)
{
    const auto& found = m_completion.Resolve(reference, "public IP address");
    m_publicAddresses.push_back(found.id.ToKey());
    return {&found.body, found.path};
}

std::optional<IpAddress>
ServiceReader::ReadFrontendAddress(const ResourceView& frontend, const ResourceView& text)
{
    const auto address = AddressPlan::ParseAddress(text.GetText());
    if (!address)
    {
        Note(frontend, "frontend '" + frontend.GetName() + "'", "IPv6 is not modelled yet");
        m_ipv6Frontends.insert(ToLowerCase(frontend.GetName()));
    }
    return address;
}

std::string
ServiceReader::GetPartName(const ResourceView& reference, const std::string& what) const
{
    if (!reference.Exists())
    {
        reference.Fail("the reference to a " + what + " is missing");
    }
    const auto id = ResourceId::FromText(reference.GetReference());
    const auto owner = id.GetNameOf(m_resource.id.types.back());
    return id.IsValid() && EqualsIgnoringCase(owner, m_resource.id.names.back()) ? id.names.back()
                                                                                 : "";
}

void
ServiceReader::FailPart(const ResourceView& reference, const std::string& what) const
{
    const auto text = reference.GetReference();
    const auto id = ResourceId::FromText(text);
    const bool isGateway = EqualsIgnoringCase(m_resource.id.types.back(), "applicationGateways");
    reference.Get("id").Fail((isGateway ? "application gateway '" : "load balancer '") +
                             m_resource.id.names.back() + "' has no " + what + " '" +
                             JsonText::Quote(id.IsValid() ? id.names.back() : text) + "'");
}

void
ServiceReader::Note(const ResourceView& view, const std::string& what, const std::string& why)
{
    m_notModelled.push_back(
        {view.GetPath(), m_resource.id.GetType(), m_resource.id.GetName(), what, why});
}

void
ServiceReader::NoteUnknown(const ResourceView& view, const std::string& kind)
{
    for (const auto& property : ResourceProperties::FindUnknown(view, kind))
    {
        Note(property, "property " + property.GetPath(), ResourceProperties::Why(property));
    }
}

} // namespace azure
} // namespace ns3
