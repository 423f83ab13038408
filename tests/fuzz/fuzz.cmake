# Fuzzers: see tests/README.md.

kasuri_layer(fuzz_graphs tests/fuzz/graphs
             PUBLIC tests_support engine_backend_reference
             PRIVATE passes engine_plan engine_exec engine_backend_cpu)
kasuri_tests(fuzz fuzz_tests fuzz fuzz_graphs passes engine_exec engine_backend_cpu)
add_executable(graph_fuzzer EXCLUDE_FROM_ALL fuzz/programs/graph_fuzzer.cpp)
target_link_libraries(graph_fuzzer PRIVATE fuzz_graphs)

# Readers of foreign bytes: a program that replays and mutates seeds, and with the preset `fuzz`
# (clang) one libFuzzer program per reader.
kasuri_layer(fuzz_inputs tests/fuzz/inputs PRIVATE engine_ir engine_onnx engine_plan)
target_link_libraries(fuzz_inputs PUBLIC engine_base)
add_executable(input_fuzzer fuzz/programs/input_fuzzer.cpp)
target_link_libraries(input_fuzzer PRIVATE fuzz_inputs)
add_test(NAME input_fuzz_smoke COMMAND input_fuzzer --runs 1500)
set_tests_properties(input_fuzz_smoke PROPERTIES LABELS fuzz TIMEOUT 300
                     ENVIRONMENT "KASURI_SOURCE=${PROJECT_SOURCE_DIR}")
if(KASURI_LIBFUZZER)
  foreach(target model text plan)
    add_executable(fuzz_${target} fuzz/programs/libfuzzer_entry.cpp)
    target_compile_definitions(fuzz_${target} PRIVATE KASURI_FUZZ_TARGET="${target}")
    target_link_libraries(fuzz_${target} PRIVATE fuzz_inputs)
    target_link_options(fuzz_${target} PRIVATE -fsanitize=fuzzer)
  endforeach()
endif()
