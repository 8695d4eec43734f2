// libFuzzer without its main function (compiler-rt's libclang_rt.fuzzer_no_main).
#ifndef FUZZING_DRIVER_H
#define FUZZING_DRIVER_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(
    int *argc, char ***argv, int (*test)(const uint8_t *bytes, size_t count));

#endif
