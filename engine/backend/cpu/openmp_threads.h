#pragma once

extern "C" void omp_set_num_threads(int);

namespace kasuri::cpu {

/// oneDNN takes the team size from the calling thread's OpenMP setting, both when a primitive is
/// made (it cuts the work for so many) and when it runs.
inline void use_openmp_threads(int threads) { omp_set_num_threads(threads > 0 ? threads : 1); }

}  // namespace kasuri::cpu
