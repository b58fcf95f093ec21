/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-host-resolver.h"

namespace ns3
{
namespace azure
{

NS_OBJECT_ENSURE_REGISTERED(HostResolver);

TypeId
HostResolver::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::azure::HostResolver").SetParent<Object>().SetGroupName("Azure");
    return tid;
}

} // namespace azure
} // namespace ns3
