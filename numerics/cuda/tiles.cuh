// Square matrices of WIDTH rows in tiles of 8 x 8, spread over the warps of a team.
//
// Set by the compiler's command line: WIDTH (8, 16, 32, 64); TILES, how many tiles of a matrix one
// warp owns; TENSOR; WIDE, whether the tensor cores take products of 16 x 8 x 8 (compute capability
// 9) where a warp owns two rows of tiles.
//
// A thread owns of every tile of its warp the two elements (row, 2 m) and (row, 2 m + 1), where
// row = lane / 4 and m = lane % 4: the accumulators of mma.m8n8k4.  The sum over the 8 inner
// indices of a tile may run in any order, so step s of two takes the indices 2 m + s in place of
// m + 4 s.  Then the fragments of a row operand are exactly the elements that the thread owns.

constexpr int SIDE = WIDTH / 8;
constexpr int ROWS = TILES >= 4 ? 2 : 1;
constexpr int COLUMNS = TILES / ROWS;
constexpr int ACROSS = SIDE / COLUMNS;
static_assert(SIDE * SIDE == TILES * (THREADS / 32), "the warps of a team own all tiles");
static_assert(ROWS * COLUMNS == TILES && COLUMNS <= SIDE, "a warp owns a rectangle of tiles");

// As many rows as fill the 128 bytes that shared memory serves at a time, then 4 numbers that are
// left free.  The rows that a part of a warp reads or stores, two numbers a thread, lie 8 apart, and
// what it reads of columns lies 4 apart at least: neither meets a bank twice.
constexpr int ROW = 8, TOGETHER = 16 / sizeof(Real), HALVINGS = sizeof(Real) == 8 ? 1 : 2;
constexpr int ROW_GROUP = ROW * TOGETHER + 4;
constexpr int TILE = (8 / TOGETHER - 1) * ROW_GROUP + ROW * TOGETHER;
constexpr int MATRIX = SIDE * SIDE * TILE;

struct Block { Pair tile[ROWS][COLUMNS]; };

struct Thread { Lanes<int> own, turned, first_row, first_column; };

INLINE Lanes<int> place_in_tile(const Lanes<int>& row, const Lanes<int>& column) {
  return (row >> HALVINGS) * ROW_GROUP + (row & (TOGETHER - 1)) * ROW + column;
}

INLINE Lanes<int> row_of(const Lanes<int>& id) { return (id & 31) >> 2; }
INLINE Lanes<int> column_of(const Lanes<int>& id) { return (id & 3) * 2; }

// The first tile of the warp: rectangles of tiles lie ACROSS, a power of two, side by side.
INLINE Lanes<int> first_row_of(const Lanes<int>& id) {
  Lanes<int> down = id >> 5;
  UNROLLED for (int across = ACROSS; across > 1; across /= 2) down = down >> 1;
  return down * ROWS;
}
INLINE Lanes<int> first_column_of(const Lanes<int>& id) {
  return ((id >> 5) & (ACROSS - 1)) * COLUMNS;
}

INLINE Thread this_thread() {
  const Lanes<int> id = thread_of_team(), row = row_of(id), column = column_of(id);
  return {place_in_tile(row, column), place_in_tile(column, row), first_row_of(id),
          first_column_of(id)};
}

// Where the thread's elements of a tile of its warp lie in a matrix in tiles, ...
INLINE Lanes<int> place(const Thread& t, int i, int j) {
  return ((t.first_row + i) * SIDE + t.first_column + j) * TILE + t.own;
}

// ... and where its first element lies in a matrix by rows in the memory of the device; that of
// tile (i, j) lies i * 8 * WIDTH + j * 8 further.
INLINE Lanes<int> first_entry() {
  const Lanes<int> id = thread_of_team();
  return (first_row_of(id) * 8 + row_of(id)) * WIDTH + first_column_of(id) * 8 + column_of(id);
}
INLINE constexpr int further(int i, int j) { return i * 8 * WIDTH + j * 8; }

// The fragments of one tile for its 8 inner indices: of rows as owned, or of columns, where the
// elements (2 m, row) and (2 m + 1, row) lie in neighbouring rows.
template <bool BY_COLUMNS>
INLINE Pair fragments(const Thread& t, Memory matrix, const Lanes<int>& tile) {
  if constexpr (BY_COLUMNS)
    return {{load(matrix, tile * TILE + t.turned), load(matrix, tile * TILE + t.turned + ROW)}};
  else
    return load_pair(matrix, tile * TILE + t.own);
}

// One warp owns whole matrices: then it holds its elements of all of them in registers, and the
// tensor cores take their row operands from there.
constexpr bool HELD = WIDTH == 8 && TENSOR;

// c += A B, where A and B are turned on request, and `own_a`, `own_b` are given where HELD.
#if TENSOR

template <bool TURN_A, bool TURN_B>
INLINE void add_matrices(const Thread& t, Block& c, Memory a, Memory b, const Pair& own_a,
                         const Pair& own_b) {
  ROLLED for (int k = 0; k < SIDE; ++k) {
    Pair left[ROWS], right[COLUMNS];
    UNROLLED for (int i = 0; i < ROWS; ++i) {
      const Lanes<int> tile = TURN_A ? t.first_row + (k * SIDE + i) : (t.first_row + i) * SIDE + k;
      left[i] = HELD && !TURN_A ? own_a : fragments<TURN_A>(t, a, tile);
    }
    UNROLLED for (int j = 0; j < COLUMNS; ++j) {
      const Lanes<int> tile =
          TURN_B ? (t.first_column + j) * SIDE + k : t.first_column + (k * SIDE + j);
      right[j] = HELD && TURN_B ? own_b : fragments<!TURN_B>(t, b, tile);
    }
    if constexpr (WIDE && ROWS == 2) {
      UNROLLED for (int j = 0; j < COLUMNS; ++j)
        add_matrix_product(c.tile[0][j], c.tile[1][j], left[0], left[1], right[j]);
    } else {
      UNROLLED for (int s = 0; s < 2; ++s)
        UNROLLED for (int i = 0; i < ROWS; ++i)
          UNROLLED for (int j = 0; j < COLUMNS; ++j)
            add_matrix_product(c.tile[i][j], left[i].at[s], right[j].at[s]);
    }
  }
}

#else  // plain multiplications and additions in the precision of Real

template <bool TURN_A, bool TURN_B>
INLINE void add_matrices(const Thread& t, Block& c, Memory a, Memory b, const Pair&, const Pair&) {
  const Lanes<int> id = thread_of_team(), row = row_of(id), column = column_of(id), none = id * 0;
  ROLLED for (int k = 0; k < SIDE; ++k)
    UNROLLED for (int inner = 0; inner < 8; inner += 2) {
      Pair left[ROWS], right[COLUMNS][2];
      UNROLLED for (int i = 0; i < ROWS; ++i) {
        const Lanes<int> tile =
            (TURN_A ? t.first_row + (k * SIDE + i) : (t.first_row + i) * SIDE + k) * TILE;
        if constexpr (TURN_A) {
          left[i].at[0] = load(a, tile + place_in_tile(none + inner, row));
          left[i].at[1] = load(a, tile + place_in_tile(none + (inner + 1), row));
        } else {
          left[i] = load_pair(a, tile + place_in_tile(row, none + inner));
        }
      }
      UNROLLED for (int j = 0; j < COLUMNS; ++j) {
        const Lanes<int> tile =
            (TURN_B ? (t.first_column + j) * SIDE + k : t.first_column + (k * SIDE + j)) * TILE;
        UNROLLED for (int s = 0; s < 2; ++s)
          right[j][s] = TURN_B ? load_pair(b, tile + place_in_tile(column + s, none + inner))
                               : load_pair(b, tile + place_in_tile(none + (inner + s), column));
      }
      UNROLLED for (int s = 0; s < 2; ++s)
        UNROLLED for (int i = 0; i < ROWS; ++i)
          UNROLLED for (int j = 0; j < COLUMNS; ++j)
            UNROLLED for (int q = 0; q < 2; ++q)
              c.tile[i][j].at[q] =
                  add_product(c.tile[i][j].at[q], left[i].at[s],
                              TURN_B ? right[j][q].at[s] : right[j][s].at[q]);
    }
}

#endif
