/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_PROBE_SETTINGS_H
#define AZURE_PROBE_SETTINGS_H

#include "ns3/azure-configuration-error.h"
#include "ns3/azure-tls-trust-store.h"
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
    Http, //!< GET of a path
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
 * @brief When the next probe is sent.
 */
enum class ProbeRhythm
{
    Even,         //!< an interval after the one before, whatever comes of it (HP-23, v2)
    AfterTimeout, //!< as Even, but at once after a time-out (HP-6)
    UntilDown //!< as Even, but at once after a failure that is still to be confirmed (HP-23, v1)
};

/**
 * @ingroup azure-load-balancing
 * @brief Statuses from one to another, both included.
 */
struct ProbeStatusRange
{
    uint16_t first{200}; //!< least
    uint16_t last{200};  //!< greatest

    /**
     * @param other the range to compare with
     * @return whether both are the same
     */
    bool operator==(const ProbeStatusRange& other) const
    {
        return first == other.first && last == other.last;
    }
};

/**
 * @ingroup azure-load-balancing
 * @brief A header field of one's own in the requests of a probe (HP-42).
 */
struct ProbeHeader
{
    std::string name;  //!< its name
    std::string value; //!< its value

    /**
     * @param other the field to compare with
     * @return whether both are the same
     */
    bool operator==(const ProbeHeader& other) const
    {
        return name == other.name && value == other.value;
    }
};

/**
 * @ingroup azure-load-balancing
 * @brief The rules behind the closed forms of a probe's times, for reports.
 */
struct ProbeRules
{
    std::string detection{"HP-13"}; //!< from the fault to the verdict of down
    std::string recovery{"HP-13"};  //!< from the repair to the verdict of up
    std::string timeout{"HP-6"};    //!< how long silence is waited for
    std::string unseen{"HP-10"};    //!< why a probe may see nothing of a fault
};

/**
 * @ingroup azure-load-balancing
 * @brief What a probe by Https tells TLS and asks of the instance's certificate.
 *
 * Every probe is a full handshake of TLS 1.2 or 1.3, without a client certificate (HP-2).
 */
struct ProbeTls
{
    /// SNI, and name that the certificate must have; empty: Host, where that is a name.
    std::string serverName;
    TlsChecks checks{TlsChecks::None()}; //!< what is looked at; nothing (HP-40)
    TlsTrustStore trust;                 //!< whose certificates are believed

    /**
     * @param other other settings
     * @return whether every field is equal
     */
    bool operator==(const ProbeTls& other) const = default;
};

/**
 * @ingroup azure-load-balancing
 * @brief Everything that a prober has to know about one probe definition.
 *
 * Independent of the service that probes, with the defaults of Load Balancer. ForLoadBalancer()
 * fills it by the rules of that service; GatewayProbePlan does so for Application Gateway.
 */
struct ProbeSettings
{
    ProbeProtocol protocol{ProbeProtocol::Tcp}; //!< what it speaks
    uint16_t port{0};                           //!< port on the instance, 1 to 65535
    std::string path{"/"};                      //!< path of the GET; Http and Https only
    std::string host; //!< Host of the GET; empty: address of the instance, with any port but 80
    std::string userAgent{"Load Balancer Agent"}; //!< User-Agent of the GET; empty: none
    std::vector<ProbeHeader> headers;             //!< further header fields of the GET (HP-42)
    std::vector<ProbeStatusRange> statuses{{}};   //!< those that pass; 200 alone (HP-2)
    std::string body;                             //!< what the body must hold; empty: anything
    Time interval{Seconds(15)};                   //!< I: from one probe to the next
    Time timeout{Seconds(15)};                    //!< T: without an answer by then it has failed
    ProbeRhythm rhythm{ProbeRhythm::Even};        //!< when the next probe is sent
    bool probeAtStart{false};   //!< a probe at the start, before the rhythm sets in (HP-22)
    ProbeThresholds thresholds; //!< results that flip the verdict
    ProbeRules rules;           //!< rules behind the closed forms
    ProbeTls tls;               //!< Https only

    /**
     * @return name that TLS asks for; empty: none
     */
    std::string GetServerName() const;

    /**
     * @param status status of an answer
     * @return whether it passes
     */
    bool Passes(uint16_t status) const;

    /**
     * @brief Fills the settings by the rules of Load Balancer (HP-2, HP-3, HP-6).
     *
     * Of certificates Https looks at the hash of the signatures alone: no host name can be set that
     * they could be compared with, and no authority is asked for.
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
