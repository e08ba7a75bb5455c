// Where the device and the host enter.
//
// Set by the compiler's command line: TEAMS, networks of one block (1 where a team has several
// warps); BLOCKS, how many of these a multiprocessor must have registers for; SHARED, whether the working memory lies in shared memory, or else in `space`, MATRICES x
// MATRIX numbers for every team of the grid.
//
// `weights` (batch, DEPTH, WIDTH, WIDTH) are trained in place; `target` (WIDTH, WIDTH) for all, or
// one a network, `stride` numbers apart; `square` Sigma11 (WIDTH, WIDTH), not read where WHITE.

static_assert(TEAMS == 1 || THREADS == 32, "several teams of a block have one warp each");

#ifdef __CUDACC__

extern "C" __global__ void __launch_bounds__(THREADS * TEAMS, BLOCKS)
train(Real* weights, const Real* target, long long stride, const Real* square, Real* space,
      int batch, Real step, int steps) {
  extern __shared__ __align__(16) unsigned char shared[];
  const int team = threadIdx.x / THREADS;
  Memory memory;
  if constexpr (SHARED)
    memory = reinterpret_cast<Real*>(shared) + team * (MATRICES * MATRIX);
  else
    memory = space + ((long long)blockIdx.x * TEAMS + team) * (MATRICES * MATRIX);
  // Unsigned: the last sum may pass 2^31.
  for (unsigned one = blockIdx.x * TEAMS + team; one < batch; one += gridDim.x * TEAMS)
    train_network(memory, weights + (long long)one * (DEPTH * WIDTH * WIDTH), target + one * stride,
                  square, step, steps);
}

#else

extern "C" long long memory_of_team() { return (long long)MATRICES * MATRIX; }
extern "C" long long threads_of_team() { return THREADS; }
extern "C" long long bank_conflicts() { return watch.conflicts; }  // of the last run

static Real data[MATRICES * MATRIX];
static Mark marks[MATRICES * MATRIX];

// The same loop over the teams of a grid of `blocks`; returns how many faults the memory saw.
extern "C" long long emulate(int blocks, Real* weights, const Real* target, long long stride,
                             const Real* square, int batch, Real step, int steps) {
  const long long all = (long long)blocks * TEAMS;
  watch = Watch();
  watch.size = MATRICES * MATRIX;
  watch.data = data;
  watch.marks = marks;
  for (long long team = 0; team < all; ++team) {
    for (Mark& mark : marks) mark = Mark();
    for (long long one = team; one < batch; one += all)
      train_network({0}, weights + one * (DEPTH * WIDTH * WIDTH), target + one * stride, square,
                    step, steps);
  }
  return watch.faults;
}

#endif
