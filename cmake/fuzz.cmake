# SPDX-License-Identifier: GPL-2.0-only
#
# libFuzzer harnesses, with -DAZLB_FUZZ=ON -DCMAKE_CXX_COMPILER=clang++. Each is built from the
# sources under test alone, so that they are instrumented; ns-3 itself is not.

if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  message(FATAL_ERROR "AZLB_FUZZ needs -DCMAKE_CXX_COMPILER=clang++ and libclang-rt-dev")
endif()

function(azlb_fuzzer name)
  add_executable(${name} EXCLUDE_FROM_ALL ${ARGN})
  set(flags -fsanitize=fuzzer,address,undefined -fno-sanitize=vptr -fno-sanitize-recover=undefined)
  target_compile_options(${name} PRIVATE ${flags} -g -O1)
  target_link_options(${name} PRIVATE ${flags})
  target_include_directories(${name} PRIVATE ${PROJECT_BINARY_DIR}/include)
  target_link_libraries(${name} PRIVATE ${libnetwork} ${libcore})
endfunction()

azlb_fuzzer(
  azure-http-codec-fuzzer
  test/fuzz/azure-http-codec-fuzzer.cc
  model/http/azure-http-codec.cc
  model/http/azure-http-message.cc
)
