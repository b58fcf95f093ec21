# SPDX-License-Identifier: GPL-2.0-only
#
# libFuzzer harnesses (apt-get install clang libclang-rt-dev). Module and harnesses are instrumented;
# ns-3 itself is not. To build and run one for a while, with what it learns in build-fuzz/corpus:
#
#   cmake -S . -B build-fuzz -G Ninja -Dns3_DIR=... -DAZLB_FUZZ=ON -DCMAKE_CXX_COMPILER=clang++
#   ninja -C build-fuzz azlb-fuzzers
#   mkdir -p build-fuzz/corpus
#   build-fuzz/bin/azure-arm-expression-fuzzer -max_total_time=600 -timeout=20 -max_len=2048 \
#       -dict=test/fuzz/azure-arm-expression.dict build-fuzz/corpus test/fuzz/corpus/azure-arm-expression
#
# The gateway takes -max_len=4096 and its own dictionary, the HTTP and DNS codecs -max_len=4096 and no
# dictionary, the others -max_len=16384 and -dict=test/fuzz/azure-json.dict. ./azlb test replays the
# corpora and changes of them without Clang.

if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  message(FATAL_ERROR "AZLB_FUZZ needs -DCMAKE_CXX_COMPILER=clang++ and libclang-rt-dev")
endif()

set(azlb_fuzz_flags -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize=vptr
                    -fno-sanitize-recover=undefined
)
add_custom_target(azlb-fuzzers)

function(azlb_fuzz_settings name)
  target_compile_options(${name} PRIVATE ${azlb_fuzz_flags} -g -O1)
  target_include_directories(${name} PRIVATE ${PROJECT_BINARY_DIR}/include)
endfunction()

# What the harnesses share: the module, instrumented.
add_library(azlb-fuzz-readers STATIC EXCLUDE_FROM_ALL
  ${load_balancer_sources}
  ${application_gateway_sources}
  ${dns_sources}
  ${health_probe_sources}
  ${http_sources}
  ${tls_sources}
  ${traffic_manager_sources}
  ${network_sources}
  ${measurement_sources}
  ${helper_sources}
  ${resource_sources}
  ${deployment_sources}
  test/fuzz/azure-fuzz-targets.cc
  test/fuzz/azure-gateway-fuzz-target.cc
)
azlb_fuzz_settings(azlb-fuzz-readers)
target_link_libraries(azlb-fuzz-readers PUBLIC
  ${libinternet} ${libapplications} ${libinternet-apps} ${libflow-monitor} ${libpoint-to-point}
  ${libcsma} ${libvirtual-net-device} ${libnetwork} ${libcore}
  ${AZLB_LDNS_LIBRARY} ${AZLB_RE2_LIBRARY}
)

function(azlb_fuzzer name)
  cmake_parse_arguments(FUZZ "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(${name} EXCLUDE_FROM_ALL ${FUZZ_SOURCES})
  azlb_fuzz_settings(${name})
  target_link_options(${name} PRIVATE ${azlb_fuzz_flags} -fsanitize=fuzzer)
  target_link_libraries(${name} PRIVATE ${FUZZ_LIBRARIES} ${libnetwork} ${libcore})
  add_dependencies(azlb-fuzzers ${name})
endfunction()

foreach(source
    test/fuzz/azure-arm-expression-fuzzer.cc
    test/fuzz/azure-dns-codec-fuzzer.cc
    test/fuzz/azure-gateway-fuzzer.cc
    test/fuzz/azure-http-codec-fuzzer.cc
    test/fuzz/azure-resource-import-fuzzer.cc
    test/fuzz/azure-scenario-fuzzer.cc
)
  get_filename_component(harness ${source} NAME_WE)
  azlb_fuzzer(${harness} SOURCES ${source} LIBRARIES azlb-fuzz-readers)
endforeach()
