/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-arm-context.h"

#include "azure-json-text.h"
#include "azure-resource-error.h"
#include "azure-resource-limits.h"

namespace ns3
{
namespace azure
{

void
ArmBudget::Charge(std::size_t steps)
{
    m_steps += steps;
    if (m_steps > ResourceLimits::Steps)
    {
        throw ResourceError("the template needs more than " +
                            std::to_string(ResourceLimits::Steps) +
                            " evaluation steps; make its loops and values smaller");
    }
}

void
ArmBudget::Enter()
{
    if (m_depth >= ResourceLimits::EvaluationDepth)
    {
        throw ResourceError("more than " + std::to_string(ResourceLimits::EvaluationDepth) +
                            " evaluations are nested; variables or references lead too far");
    }
    ++m_depth;
}

void
ArmBudget::Leave()
{
    --m_depth;
}

int64_t
ArmContext::GetCopyIndex(const std::string& loop) const
{
    for (auto it = loops.rbegin(); it != loops.rend(); ++it)
    {
        if (loop.empty() ? !it->isInner : EqualsIgnoringCase(it->name, loop))
        {
            return it->index;
        }
    }
    throw ResourceError(loop.empty() ? "copyIndex() is not inside a copy loop"
                                     : "copyIndex() names the copy loop '" + JsonText::Quote(loop) +
                                           "', which it is not inside");
}

} // namespace azure
} // namespace ns3
