/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_PROBE_SETTINGS_H
#define AZURE_PROBE_SETTINGS_H

#include "ns3/azure-configuration-error.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What a probe speaks (HP-1, HP-2).
 */
enum class ProbeProtocol
{
    Tcp,  //!< three-way handshake, then close
    Http, //!< GET of a path, exactly 200 passes
    Https //!< as Http over TLS
};

/**
 * @ingroup azure-load-balancing
 * @brief How many consecutive results of a kind flip a verdict.
 *
 * The three services differ in these numbers alone, so one ProbeVerdict serves them all.
 */
struct ProbeThresholds
{
    uint32_t successes{1}; //!< consecutive successes that mark an instance up; at least 1
    uint32_t failures{1};  //!< consecutive failures that mark it down at an explicit failure
    uint32_t timeouts{1};  //!< consecutive failures that mark it down at a silent time-out
};

/**
 * @ingroup azure-load-balancing
 * @brief Everything that a prober has to know about one probe definition.
 *
 * Independent of the service that probes; ForLoadBalancer() fills it by the rules of
 * Load Balancer.
 */
struct ProbeSettings
{
    ProbeProtocol protocol{ProbeProtocol::Tcp}; //!< what it speaks
    uint16_t port{0};                           //!< port on the instance, 1 to 65535
    std::string path{"/"};                      //!< path of the GET; Http and Https only
    Time interval{Seconds(15)};                 //!< I: from one probe to the next
    Time timeout{Seconds(15)};       //!< T: an exchange without an answer by then has failed
    bool reprobeAfterTimeout{false}; //!< the next probe follows a time-out at once (HP-6)
    ProbeThresholds thresholds;      //!< results that flip the verdict

    /**
     * @brief Fills the settings by the rules of Load Balancer (HP-3, HP-6).
     *
     * @param protocol what the probe speaks
     * @param port port on the instance
     * @param path path of the GET; ignored for Tcp
     * @param interval I, at least 5 s (HP-5)
     * @param threshold N, Azure's `probeThreshold`, at least 1 (HP-3); the older
     *        `numberOfProbes` has no effect and no place here (HP-4)
     * @return the settings
     */
    static ProbeSettings ForLoadBalancer(ProbeProtocol protocol,
                                         uint16_t port,
                                         const std::string& path,
                                         Time interval,
                                         uint32_t threshold);

    /**
     * @brief Checks what Load Balancer would refuse (HP-2, HP-5).
     *
     * Paths name the field of the REST resource, relative to the probe: `port`,
     * `intervalInSeconds`, `requestPath`, `probeThreshold`.
     *
     * @return every error found; empty when Load Balancer would take the probe
     */
    std::vector<ConfigurationError> ValidateForLoadBalancer() const;

    /**
     * @param other the settings to compare with
     * @return whether every field is equal
     */
    bool Equals(const ProbeSettings& other) const;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_PROBE_SETTINGS_H */
