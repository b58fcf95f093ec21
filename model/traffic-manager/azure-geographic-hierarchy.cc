/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-geographic-hierarchy.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace ns3
{
namespace azure
{

namespace
{

/// Groups, and their countries.
const std::pair<const char*, const char*> g_groups[] = {
    {"GEO-AF",
     " DZ AO BJ BW BF BI CV CM CF TD KM CG CD CI DJ EG GQ ER SZ ET GA GM GH GN GW KE LS LR LY MG "
     "MW ML MR MU YT MA MZ NA NE NG RE RW SH ST SN SC SL SO ZA SS SD TZ TG TN UG EH ZM ZW "},
    {"GEO-AP",
     " AS AU CX CC CK FJ PF GU HM KI MH FM NR NC NZ NU NF MP PW PG PN WS SB TK TO TV UM VU WF "},
    {"GEO-AS",
     " AF AM AZ BD BT IO BN KH CN GE HK IN ID JP KZ KP KR KG LA MO MY MV MN MM NP PK PH SG LK TW "
     "TJ TH TL TM UZ VN "},
    {"GEO-EU",
     " AX AL AD AT BY BE BA BG HR CY CZ DK EE FO FI FR DE GI GR GG HU IS IE IM IT JE LV LI LT LU "
     "MT MD MC ME NL MK NO PL PT RO RU SM RS SK SI ES SJ SE CH UA GB VA XK "},
    {"GEO-ME", " BH IR IQ IL JO KW LB OM PS QA SA SY TR AE YE "},
    {"GEO-NA",
     " AI AG AW BS BB BZ BM BQ VG CA KY CR CU CW DM DO SV GL GD GP GT HT HN JM MQ MX MS NI PA PR "
     "BL KN LC MF PM VC SX TT TC US VI "},
    {"GEO-SA", " AR BO BR CL CO EC FK GF GY PY PE GS SR UY VE "},
    {"WORLD", " AQ BV TF "}};

/// States, by country.
const char* const g_states =
    " AU-ACT AU-NSW AU-NT AU-QLD AU-SA AU-TAS AU-VIC AU-WA"
    " CA-AB CA-BC CA-MB CA-NB CA-NL CA-NS CA-NT CA-NU CA-ON CA-PE CA-QC CA-SK CA-YT"
    " GB-ENG GB-NIR GB-SCT GB-WLS"
    " US-AL US-AK US-AZ US-AR US-CA US-CO US-CT US-DC US-DE US-FL US-GA US-HI US-IA US-ID US-IL"
    " US-IN US-KS US-KY US-LA US-MA US-MD US-ME US-MI US-MN US-MO US-MS US-MT US-NC US-ND US-NE"
    " US-NH US-NJ US-NM US-NV US-NY US-OH US-OK US-OR US-PA US-RI US-SC US-SD US-TN US-TX US-UT"
    " US-VA US-VT US-WA US-WI US-WV US-WY ";

/// Letters of the code of a country.
constexpr size_t COUNTRY_LENGTH = 2;

/**
 * @param list codes, each between spaces
 * @param code a code, in upper case
 * @return whether it is one of them
 */
bool
Holds(const std::string& list, const std::string& code)
{
    return code.find(' ') == std::string::npos && list.find(" " + code + " ") != std::string::npos;
}

} // namespace

bool
GeographicHierarchy::IsKnown(const std::string& code)
{
    return Canonical(code) == "WORLD" || GetLevels(code).size() > 1;
}

std::string
GeographicHierarchy::Canonical(const std::string& code)
{
    std::string upper = code;
    std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) {
        return static_cast<char>(std::toupper(c));
    });
    return upper;
}

std::vector<std::string>
GeographicHierarchy::GetLevels(const std::string& code)
{
    std::vector<std::string> levels;
    std::string level = Canonical(code);
    if (level.size() > COUNTRY_LENGTH && Holds(g_states, level))
    {
        levels.push_back(level);
        level.resize(COUNTRY_LENGTH);
    }
    for (const auto& [group, countries] : g_groups)
    {
        const bool isCountry = level.size() == COUNTRY_LENGTH && Holds(countries, level);
        if (isCountry)
        {
            levels.push_back(level);
        }
        if ((isCountry || level == group) && group != std::string("WORLD"))
        {
            levels.emplace_back(group);
        }
    }
    levels.emplace_back("WORLD");
    return levels;
}

} // namespace azure
} // namespace ns3
