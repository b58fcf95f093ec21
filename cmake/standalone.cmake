# SPDX-License-Identifier: GPL-2.0-only
#
# Gives build_lib(), build_lib_example() and the lib<module> variables of an ns-3 tree a
# meaning on top of an installed ns-3, so that one CMakeLists.txt serves both.
# Pass -Dns3_DIR=<folder that holds ns3Config.cmake>.

# In a Python environment it is below site-packages.
find_package(ns3 REQUIRED CONFIG PATH_SUFFIXES ns3/lib64/cmake/ns3)

set(CMAKE_CXX_STANDARD 20 CACHE STRING "C++ standard")
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()
# ns-3's own optimized profile keeps asserts and logging as the installed libraries define them.
set(CMAKE_CXX_FLAGS_RELEASE "-O2")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)

# The wheel's include folder also holds an old Boost that would shadow the system's: the
# compiler gets a folder with nothing but a link to the ns-3 headers.
get_target_property(azlb_core_location ns3::core LOCATION)
get_filename_component(azlb_ns3_prefix "${azlb_core_location}" DIRECTORY)
get_filename_component(azlb_ns3_prefix "${azlb_ns3_prefix}" DIRECTORY)
set(azlb_sdk_include ${PROJECT_BINARY_DIR}/ns3-sdk)
file(MAKE_DIRECTORY ${azlb_sdk_include})
file(CREATE_LINK ${azlb_ns3_prefix}/include/ns3 ${azlb_sdk_include}/ns3 SYMBOLIC)

# Imported targets of the wheel name folders and libraries of the machine that built it.
get_property(azlb_imported DIRECTORY PROPERTY IMPORTED_TARGETS)
foreach(target ${azlb_imported})
  if(NOT target MATCHES "^ns3::")
    continue()
  endif()
  set_target_properties(${target} PROPERTIES INTERFACE_INCLUDE_DIRECTORIES ${azlb_sdk_include})
  get_target_property(links ${target} INTERFACE_LINK_LIBRARIES)
  if(links)
    list(FILTER links INCLUDE REGEX "^ns3::")
    set_target_properties(${target} PROPERTIES INTERFACE_LINK_LIBRARIES "${links}")
  endif()
  string(REPLACE "ns3::" "lib" variable ${target})
  set(${variable} ${target})
endforeach()

set(azlb_header_output ${PROJECT_BINARY_DIR}/include/ns3)
file(MAKE_DIRECTORY ${azlb_header_output})

add_library(azlb_flags INTERFACE)
target_compile_options(azlb_flags INTERFACE -Wall -Wextra -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
  # False alarms on std::string (GCC bugs 105329, 105651).
  target_compile_options(azlb_flags INTERFACE -Wno-restrict -Wno-array-bounds -Wno-stringop-overflow)
endif()
option(AZLB_SANITIZE "Build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
if(AZLB_SANITIZE)
  target_compile_options(
    azlb_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined -g
  )
  target_link_options(azlb_flags INTERFACE -fsanitize=address,undefined)
endif()

# Compiles up to UNITY_BATCH files of a folder as one: each header is read once for all, and small
# functions are inlined across files. Files with a log component stay alone, because all name it
# g_log; in an ns-3 tree every file is compiled by itself.
set(UNITY_BATCH 9)
function(azlb_unite target)
  foreach(source ${ARGN})
    file(STRINGS ${source} log LIMIT_COUNT 1 REGEX "^NS_LOG_COMPONENT_DEFINE")
    if(log)
      continue()
    endif()
    get_filename_component(folder ${source} DIRECTORY)
    string(MAKE_C_IDENTIFIER ${folder} folder)
    math(EXPR count_${folder} "0${count_${folder}} + 1")
    math(EXPR batch "(${count_${folder}} - 1) / ${UNITY_BATCH}")
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${folder}_${batch})
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()

# How a part of the library is compiled.
function(azlb_compile target)
  azlb_unite(${target} ${ARGN})
  # No export macro: tests and examples reuse a precompiled header.
  set_target_properties(${target} PROPERTIES DEFINE_SYMBOL "")
  target_include_directories(${target} PUBLIC ${PROJECT_BINARY_DIR}/include)
  target_link_libraries(${target} PRIVATE azlb_flags)
  # Nobody replaces functions of this library, so its own calls go straight to them, and those to
  # ns-3 leave out the detour over the linkage table: it shows in the time of a packet.
  target_compile_options(${target} PRIVATE -fno-plt -fno-semantic-interposition)
  target_precompile_headers(${target} PRIVATE <ns3/internet-module.h> <map> <string> <vector>)
endfunction()

# Same arguments as ns-3's own build_lib; only those that this project uses are read.
function(build_lib)
  cmake_parse_arguments(
    BLIB "" "LIBNAME" "SOURCE_FILES;HEADER_FILES;LIBRARIES_TO_LINK;TEST_SOURCES" ${ARGN}
  )
  set(module_header "#pragma once\n")
  foreach(header ${BLIB_HEADER_FILES})
    get_filename_component(name ${header} NAME)
    file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR}/${header} ${azlb_header_output}/${name} SYMBOLIC)
    string(APPEND module_header "#include \"ns3/${name}\"\n")
  endforeach()
  file(CONFIGURE OUTPUT ${azlb_header_output}/${BLIB_LIBNAME}-module.h CONTENT "${module_header}")

  # What reads files and builds networks is compiled in two thirds of the time with -O1, which no
  # packet of a simulation notices.
  set(helpers ${BLIB_SOURCE_FILES})
  list(FILTER helpers INCLUDE REGEX "^helper/")
  set(models ${BLIB_SOURCE_FILES})
  list(REMOVE_ITEM models ${helpers})
  add_library(${BLIB_LIBNAME}-helper OBJECT ${helpers})
  azlb_compile(${BLIB_LIBNAME}-helper ${helpers})
  target_compile_options(${BLIB_LIBNAME}-helper PRIVATE -O1 -fPIC)
  target_link_libraries(${BLIB_LIBNAME}-helper PRIVATE ${BLIB_LIBRARIES_TO_LINK})

  add_library(${BLIB_LIBNAME} SHARED ${models} $<TARGET_OBJECTS:${BLIB_LIBNAME}-helper>)
  azlb_compile(${BLIB_LIBNAME} ${models})
  target_link_libraries(${BLIB_LIBNAME} PUBLIC ${BLIB_LIBRARIES_TO_LINK})
  target_link_options(${BLIB_LIBNAME} PRIVATE -Wl,-Bsymbolic-functions)
  set(lib${BLIB_LIBNAME} ${BLIB_LIBNAME} PARENT_SCOPE)
  # What pyproject.toml makes a Python package of.
  install(
    TARGETS ${BLIB_LIBNAME}
    LIBRARY DESTINATION azlb/native/lib
    COMPONENT python
  )
  install(
    FILES ${BLIB_HEADER_FILES} ${azlb_header_output}/${BLIB_LIBNAME}-module.h
    DESTINATION azlb/native/include/ns3
    COMPONENT python
  )
  install(
    FILES python/azlb/__init__.py python/azlb/bindings.py
    DESTINATION azlb
    COMPONENT python
  )

  if(BLIB_TEST_SOURCES)
    add_executable(azlb-tests EXCLUDE_FROM_ALL ${BLIB_TEST_SOURCES} cmake/test-main.cc)
    target_link_libraries(azlb-tests PRIVATE ${BLIB_LIBNAME} azlb_flags)
    target_compile_definitions(
      azlb-tests PRIVATE NS_TEST_SOURCEDIR="${CMAKE_CURRENT_SOURCE_DIR}/test"
    )
    # What the tests measure is in the library; they themselves are compiled in half the time.
    target_compile_options(azlb-tests PRIVATE -O0)
    target_precompile_headers(azlb-tests PRIVATE <ns3/internet-module.h> <map> <string> <vector>)
  endif()
endfunction()

# Everything that build_lib_example names.
add_custom_target(azlb-examples)

# An example or tool: built by `cmake --build . --target <NAME>`, never by default.
function(build_lib_example)
  cmake_parse_arguments(EX "" "NAME" "SOURCE_FILES;LIBRARIES_TO_LINK" ${ARGN})
  add_executable(${EX_NAME} EXCLUDE_FROM_ALL ${EX_SOURCE_FILES})
  target_link_libraries(
    ${EX_NAME} PRIVATE azure-load-balancing ${EX_LIBRARIES_TO_LINK} azlb_flags
  )
  target_compile_options(${EX_NAME} PRIVATE -fPIC)
  target_precompile_headers(${EX_NAME} REUSE_FROM azure-load-balancing)
  add_dependencies(azlb-examples ${EX_NAME})
endfunction()
