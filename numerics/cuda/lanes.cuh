// One program for the device and for its emulation on the host.
//
// On the device a Lanes<T> is the one value of a thread.  On the host it is the array of the values
// of all THREADS threads of a team, and every operation runs over all of them before the next one
// begins.  That order hides a missing barrier, so the memory of the host watches: it counts as
// faults what one thread reads or writes between two barriers although another thread wrote it, or
// writes although another read it; what is read before it was written; and what lies outside.  It
// also counts bank conflicts: shared memory serves 128 bytes at a time, 32 banks of 4 bytes, so a
// warp's access of more is served by parts, and words of one bank cost a turn each.
//
// Set by the compiler's command line: REAL; THREADS (a power of two, at least 32); TENSOR, whether
// products run on the tensor cores, which then needs REAL=double.

typedef REAL Real;

#ifdef __CUDACC__

#define INLINE __device__ __forceinline__
#define UNROLLED _Pragma("unroll")
#define ROLLED _Pragma("unroll 1")
#define LAYERS _Pragma("unroll LAYERS_AT_ONCE")

template <class T> using Lanes = T;
typedef Real* Memory;

struct alignas(2 * sizeof(Real)) Two { Real first, second; };
struct Pair { Real at[2]; };

// Volatile: read again in place of kept, with all that follows from it, where registers are few.
INLINE int thread_of_team() {
  int id;
  asm volatile("mov.u32 %0, %%tid.x;" : "=r"(id));
  return id & (THREADS - 1);
}

INLINE void barrier() {
  // A team of one warp shares its block with other teams; a larger one is the block.
  if (THREADS == 32) __syncwarp(); else __syncthreads();
}

INLINE Real load(const Real* from, int place) { return from[place]; }

INLINE Pair load_pair(const Real* from, int place) {
  const Two two = *reinterpret_cast<const Two*>(from + place);
  return {{two.first, two.second}};
}

INLINE void store_pair(Real* to, int place, const Pair& pair) {
  *reinterpret_cast<Two*>(to + place) = {pair.at[0], pair.at[1]};
}

INLINE Real thread_zero() { return 0; }

INLINE Real add_product(Real c, Real a, Real b) { return fma(a, b, c); }

#if TENSOR

// c += a b, 8 x 8 x 4.
INLINE void add_matrix_product(Pair& c, double a, double b) {
  asm volatile("mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64 {%0,%1}, {%2}, {%3}, {%0,%1};"
               : "+d"(c.at[0]), "+d"(c.at[1]) : "d"(a), "d"(b));
}

// (c; d) += (a; b) m, 16 x 8 x 8: the 8 upper rows in a and c, the 8 lower in b and d.
INLINE void add_matrix_product(Pair& c, Pair& d, const Pair& a, const Pair& b, const Pair& m) {
  asm volatile("mma.sync.aligned.m16n8k8.row.col.f64.f64.f64.f64 "
               "{%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
               : "+d"(c.at[0]), "+d"(c.at[1]), "+d"(d.at[0]), "+d"(d.at[1])
               : "d"(a.at[0]), "d"(b.at[0]), "d"(a.at[1]), "d"(b.at[1]),
                 "d"(m.at[0]), "d"(m.at[1]));
}

#endif  // TENSOR

#else  // the host

#define INLINE static inline
#define UNROLLED
#define ROLLED
#define LAYERS

template <class T> struct Lanes { T at[THREADS]; };
struct Pair { Lanes<Real> at[2]; };

#define EACH for (int t = 0; t < THREADS; ++t)
#define BINARY(sign)                                                                              \
  template <class T> inline Lanes<T> operator sign(const Lanes<T>& a, const Lanes<T>& b) {        \
    Lanes<T> c; EACH c.at[t] = a.at[t] sign b.at[t]; return c; }                                  \
  template <class T> inline Lanes<T> operator sign(const Lanes<T>& a, T b) {                      \
    Lanes<T> c; EACH c.at[t] = a.at[t] sign b; return c; }                                        \
  template <class T> inline Lanes<T> operator sign(T a, const Lanes<T>& b) {                      \
    Lanes<T> c; EACH c.at[t] = a sign b.at[t]; return c; }
BINARY(+) BINARY(-) BINARY(*) BINARY(>>) BINARY(&)
#undef BINARY

struct Mark { long written_at = -1, read_at = -1; int writer = -1, reader = -1; };
struct Watch {
  long period = 0, faults = 0, conflicts = 0, size = 0;
  Real* data = nullptr;
  Mark* marks = nullptr;
};
static Watch watch;

struct Memory {
  long start;
  Memory operator+(long more) const { return {start + more}; }
};

INLINE Lanes<int> thread_of_team() { Lanes<int> id; EACH id.at[t] = t; return id; }

INLINE void barrier() { ++watch.period; }

INLINE Real read(Memory from, long place, int thread) {
  const long where = from.start + place;
  if (where < 0 || where >= watch.size) { ++watch.faults; return 0; }
  Mark& mark = watch.marks[where];
  const bool raced = mark.written_at == watch.period && mark.writer != thread;
  watch.faults += mark.writer < 0 || raced;
  // Two readers of one period: any writer but the only reader races with one of them.
  const bool shared = mark.read_at == watch.period && mark.reader != thread;
  mark.reader = shared ? -2 : thread;
  mark.read_at = watch.period;
  return watch.data[where];
}

INLINE void write(Memory to, long place, int thread, Real value) {
  const long where = to.start + place;
  if (where < 0 || where >= watch.size) { ++watch.faults; return; }
  Mark& mark = watch.marks[where];
  watch.faults += mark.written_at == watch.period && mark.writer != thread;
  watch.faults += mark.read_at == watch.period && mark.reader != thread;
  mark.writer = thread;
  mark.written_at = watch.period;
  watch.data[where] = value;
}

// Each thread of a warp uses `numbers` numbers from its place on.
INLINE void count_conflicts(Memory memory, const Lanes<int>& place, int numbers) {
  const int words = numbers * (int)sizeof(Real) / 4, part = 32 / words;
  for (int first = 0; first < THREADS; first += part) {
    long banks[32];
    for (long& bank : banks) bank = -1;
    bool conflict = false;
    for (int t = first; t < first + part; ++t)
      for (int w = 0; w < words; ++w) {
        const long word = (memory.start + place.at[t]) * (long)sizeof(Real) / 4 + w;
        long& bank = banks[(word % 32 + 32) % 32];
        conflict |= bank >= 0 && bank != word;
        bank = word;
      }
    watch.conflicts += conflict;
  }
}

INLINE Lanes<Real> load(Memory from, const Lanes<int>& place) {
  count_conflicts(from, place, 1);
  Lanes<Real> got;
  EACH got.at[t] = read(from, place.at[t], t);
  return got;
}

INLINE Pair load_pair(Memory from, const Lanes<int>& place) {
  count_conflicts(from, place, 2);
  Pair got;
  EACH watch.faults += (from.start + place.at[t]) & 1;  // two at once must be aligned
  for (int s = 0; s < 2; ++s) EACH got.at[s].at[t] = read(from, place.at[t] + s, t);
  return got;
}

INLINE Pair load_pair(const Real* from, const Lanes<int>& place) {
  Pair got;
  EACH watch.faults += place.at[t] & 1;
  for (int s = 0; s < 2; ++s) EACH got.at[s].at[t] = from[place.at[t] + s];
  return got;
}

INLINE void store_pair(Memory to, const Lanes<int>& place, const Pair& pair) {
  count_conflicts(to, place, 2);
  EACH watch.faults += (to.start + place.at[t]) & 1;
  for (int s = 0; s < 2; ++s) EACH write(to, place.at[t] + s, t, pair.at[s].at[t]);
}

INLINE void store_pair(Real* to, const Lanes<int>& place, const Pair& pair) {
  EACH watch.faults += place.at[t] & 1;
  for (int s = 0; s < 2; ++s) EACH to[place.at[t] + s] = pair.at[s].at[t];
}

INLINE Lanes<Real> thread_zero() { return {}; }


template <class A, class B>
INLINE Lanes<Real> add_product(const Lanes<Real>& c, const A& a, const B& b) { return c + a * b; }

// The layout of fragments is that of the PTX manual, "Matrix Fragments for mma.m8n8k4": with
// group = lane >> 2 and member = lane % 4, a lane holds of A row `group`, column `member`; of B row
// `member`, column `group`; of C row `group`, columns 2 `member` and 2 `member` + 1.
INLINE void add_matrix_product(Pair& c, const Lanes<Real>& a, const Lanes<Real>& b) {
  for (int warp = 0; warp < THREADS; warp += 32) {
    Real left[8][4], right[4][8];
    for (int lane = 0; lane < 32; ++lane) {
      left[lane >> 2][lane % 4] = a.at[warp + lane];
      right[lane % 4][lane >> 2] = b.at[warp + lane];
    }
    for (int lane = 0; lane < 32; ++lane)
      for (int s = 0; s < 2; ++s)
        for (int k = 0; k < 4; ++k)
          c.at[s].at[warp + lane] += left[lane >> 2][k] * right[k][2 * (lane % 4) + s];
  }
}

// "Matrix Fragments for mma.m16n8k8", type .f64: of A the elements 0 to 3 lie in rows `group`,
// `group` + 8, `group`, `group` + 8 and columns `member`, `member`, `member` + 4, `member` + 4; of B
// in rows `member`, `member` + 4, column `group`; of C elements 2 and 3 lie 8 rows below 0 and 1.
INLINE void add_matrix_product(Pair& c, Pair& d, const Pair& a, const Pair& b, const Pair& m) {
  for (int warp = 0; warp < THREADS; warp += 32) {
    Real left[16][8], right[8][8];
    for (int lane = 0; lane < 32; ++lane)
      for (int s = 0; s < 2; ++s) {
        left[lane >> 2][lane % 4 + 4 * s] = a.at[s].at[warp + lane];
        left[(lane >> 2) + 8][lane % 4 + 4 * s] = b.at[s].at[warp + lane];
        right[lane % 4 + 4 * s][lane >> 2] = m.at[s].at[warp + lane];
      }
    for (int lane = 0; lane < 32; ++lane)
      for (int s = 0; s < 2; ++s)
        for (int k = 0; k < 8; ++k) {
          c.at[s].at[warp + lane] += left[lane >> 2][k] * right[k][2 * (lane % 4) + s];
          d.at[s].at[warp + lane] += left[(lane >> 2) + 8][k] * right[k][2 * (lane % 4) + s];
        }
  }
}

#endif
