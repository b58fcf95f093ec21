# SPDX-License-Identifier: GPL-2.0-only
#
# libFuzzer harnesses (apt-get install clang libclang-rt-dev). Each is built from the sources under
# test alone, so that they are instrumented; ns-3 itself is not. To build and run one for a while,
# with what it learns in build-fuzz/corpus:
#
#   cmake -S . -B build-fuzz -G Ninja -Dns3_DIR=... -DAZLB_FUZZ=ON -DCMAKE_CXX_COMPILER=clang++
#   ninja -C build-fuzz azlb-fuzzers
#   mkdir -p build-fuzz/corpus
#   build-fuzz/bin/azure-arm-expression-fuzzer -max_total_time=600 -timeout=20 -max_len=2048 \
#       -dict=test/fuzz/azure-arm-expression.dict build-fuzz/corpus test/fuzz/corpus/azure-arm-expression
#
# The others take -max_len=16384 and -dict=test/fuzz/azure-json.dict, the HTTP and DNS codecs -max_len=4096
# and no dictionary. ./azlb test replays the corpora and changes of them without Clang.

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

# What the harnesses of input files share.
add_library(azlb-fuzz-readers STATIC EXCLUDE_FROM_ALL
  ${resource_sources}
  helper/deployment/azure-deployment-configuration.cc
  helper/deployment/azure-deployment-validator.cc
  helper/deployment/azure-scenario-reader.cc
  helper/deployment/azure-scenario.cc
  model/load-balancer/azure-load-balancer-configuration.cc
  model/load-balancer/azure-load-balancer-rule-validator.cc
  model/load-balancer/azure-load-balancer-validator.cc
  test/fuzz/azure-fuzz-targets.cc
)
azlb_fuzz_settings(azlb-fuzz-readers)
target_link_libraries(azlb-fuzz-readers PUBLIC ${libnetwork} ${libcore})

function(azlb_fuzzer name)
  cmake_parse_arguments(FUZZ "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(${name} EXCLUDE_FROM_ALL ${FUZZ_SOURCES})
  azlb_fuzz_settings(${name})
  target_link_options(${name} PRIVATE ${azlb_fuzz_flags} -fsanitize=fuzzer)
  target_link_libraries(${name} PRIVATE ${FUZZ_LIBRARIES} ${libnetwork} ${libcore})
  add_dependencies(azlb-fuzzers ${name})
endfunction()

azlb_fuzzer(
  azure-http-codec-fuzzer
  SOURCES test/fuzz/azure-http-codec-fuzzer.cc model/http/azure-http-codec.cc
          model/http/azure-http-message.cc
)
azlb_fuzzer(
  azure-dns-codec-fuzzer
  SOURCES test/fuzz/azure-dns-codec-fuzzer.cc model/dns/azure-dns-authority.cc
          model/dns/azure-dns-codec.cc model/dns/azure-dns-message.cc model/dns/azure-dns-name.cc
          model/dns/azure-dns-record.cc model/dns/azure-dns-static-zone.cc
          model/network/azure-ip-address.cc
  LIBRARIES ${AZLB_LDNS_LIBRARY}
)
azlb_fuzzer(
  azure-arm-expression-fuzzer
  SOURCES test/fuzz/azure-arm-expression-fuzzer.cc
  LIBRARIES azlb-fuzz-readers
)
azlb_fuzzer(
  azure-resource-import-fuzzer
  SOURCES test/fuzz/azure-resource-import-fuzzer.cc
  LIBRARIES azlb-fuzz-readers
)
azlb_fuzzer(
  azure-scenario-fuzzer
  SOURCES test/fuzz/azure-scenario-fuzzer.cc
  LIBRARIES azlb-fuzz-readers
)
