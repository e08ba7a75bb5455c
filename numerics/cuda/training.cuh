// Gradient flow and descent of linear networks, one network a team, all steps in one launch.
//
// Set by the compiler's command line: DEPTH, how many layers; WHITE, whether Sigma11 = 1; STAGES,
// 4 for a Runge-Kutta step of order 4 and 1 for a step of descent.
//
// Networks narrower than WIDTH are filled up with zeros, and these stay zeros: an entry of a
// product in a row (column) that is filled up is a sum of products with a factor from that row of
// the left (column of the right) operand, exactly 0; so W_{>l}^T E W_{<l}^T is 0 in every row that
// is filled up in W_{l+1}^T or E and in every column filled up in E or W_l^T, and so the weights
// there move by multiples of 0, and 0 - c 0 = 0.  (Weights that overflow are refused by the host.)
//
// With P_l = W_l ... W_1, a stage takes
//     E = P_D Sigma11 - Sigma31,  B_D = E,  G_l = B_l P_{l-1}^T,  B_{l-1} = W_l^T B_l,  G_1 = B_1,
// so -G_l is the velocity of W_l.  All matrices that whole teams read lie in tiles in `memory`; the
// start of the step and the sum so far are needed by their owners alone.

// The start of the step and the sum so far in registers: at most 32 registers of each.
constexpr bool IN_REGISTERS = DEPTH * TILES * sizeof(Real) <= 64;
constexpr int LAYERS_AT_ONCE = IN_REGISTERS ? DEPTH : 1;
// G_1 waits in memory until G_2 is dealt with: registers are few.
constexpr bool PARKED = TILES >= 4;

// Numbers of the matrices in memory.
// P_{layer + 1}.
INLINE constexpr int below(int layer) { return layer == 0 ? 0 : DEPTH + layer - 1; }
constexpr int BACK = DEPTH + (DEPTH > 2 ? DEPTH - 2 : 0);
constexpr int BACKS = DEPTH == 1 ? 0 : PARKED || DEPTH > 2 || !WHITE ? 2 : 1;
constexpr int INPUTS = BACK + BACKS;
constexpr int START = INPUTS + !WHITE;
constexpr int SUM = START + (IN_REGISTERS ? 0 : DEPTH);
constexpr int MATRICES = SUM + (IN_REGISTERS ? 0 : DEPTH);

struct Team {
  Thread thread;
  Memory memory;
  const Real* target;
  Pair own[HELD ? MATRICES : 1];
  Block held_target;
  Block start[IN_REGISTERS ? DEPTH : 1], sum[IN_REGISTERS ? DEPTH : 1];
};

INLINE Memory matrix(const Team& team, int number) { return team.memory + number * MATRIX; }

INLINE Pair owned(const Team& team, int number, int i, int j) {
  if constexpr (HELD) return team.own[number];
  else return load_pair(matrix(team, number), place(team.thread, i, j));
}

INLINE Block owned(const Team& team, int number) {
  Block block;
  UNROLLED for (int i = 0; i < ROWS; ++i)
    UNROLLED for (int j = 0; j < COLUMNS; ++j) block.tile[i][j] = owned(team, number, i, j);
  return block;
}

INLINE void keep(Team& team, int number, int i, int j, const Pair& pair) {
  store_pair(matrix(team, number), place(team.thread, i, j), pair);
  if constexpr (HELD) team.own[number] = pair;
}

INLINE void keep(Team& team, int number, const Block& block) {
  UNROLLED for (int i = 0; i < ROWS; ++i)
    UNROLLED for (int j = 0; j < COLUMNS; ++j) keep(team, number, i, j, block.tile[i][j]);
}

INLINE Block nothing() {
  Block block;
  const Lanes<Real> zero = thread_zero();
  UNROLLED for (int i = 0; i < ROWS; ++i)
    UNROLLED for (int j = 0; j < COLUMNS; ++j) block.tile[i][j] = {{zero, zero}};
  return block;
}

template <bool TURN_A, bool TURN_B>
INLINE Block product(const Team& team, int a, int b) {
  Block c = nothing();
  add_matrices<TURN_A, TURN_B>(team.thread, c, matrix(team, a), matrix(team, b),
                               team.own[HELD ? a : 0], team.own[HELD ? b : 0]);
  return c;
}

INLINE Block read_block(const Real* from) {
  const Lanes<int> first = first_entry();
  Block block;
  UNROLLED for (int i = 0; i < ROWS; ++i)
    UNROLLED for (int j = 0; j < COLUMNS; ++j)
      block.tile[i][j] = load_pair(from, first + further(i, j));
  return block;
}

INLINE void write_block(Real* to, const Block& block) {
  const Lanes<int> first = first_entry();
  UNROLLED for (int i = 0; i < ROWS; ++i)
    UNROLLED for (int j = 0; j < COLUMNS; ++j)
      store_pair(to, first + further(i, j), block.tile[i][j]);
}

INLINE void subtract(Block& block, const Block& other) {
  UNROLLED for (int i = 0; i < ROWS; ++i)
    UNROLLED for (int j = 0; j < COLUMNS; ++j)
      UNROLLED for (int s = 0; s < 2; ++s)
        block.tile[i][j].at[s] = block.tile[i][j].at[s] - other.tile[i][j].at[s];
}

// E = P_D Sigma11 - Sigma31; on the way all P_l.
INLINE Block residual(Team& team) {
  Block error;
  LAYERS for (int layer = 1; layer < DEPTH; ++layer) {
    error = product<false, false>(team, layer, below(layer - 1));
    if (layer < DEPTH - 1) keep(team, below(layer), error);
    else if (!WHITE) keep(team, BACK + BACKS - 1, error);
    if (layer < DEPTH - 1 || !WHITE) barrier();
  }
  if constexpr (!WHITE) {
    error = product<false, false>(team, DEPTH == 1 ? 0 : BACK + BACKS - 1, INPUTS);
  } else if constexpr (DEPTH == 1) {
    error = owned(team, 0);
  }
  subtract(error, HELD ? team.held_target : read_block(team.target));
  return error;
}

// With G the negative velocity: sum -= beta G, and W_l = start - alpha G, or the sum at the last
// stage, where the next step starts.
INLINE void move(Team& team, int layer, const Block& gradient, Real alpha, Real beta, bool last) {
  UNROLLED for (int i = 0; i < ROWS; ++i)
    UNROLLED for (int j = 0; j < COLUMNS; ++j) {
      const Pair& g = gradient.tile[i][j];
      Pair start, sum, moved;
      if constexpr (IN_REGISTERS) {
        start = team.start[layer].tile[i][j];
        sum = team.sum[layer].tile[i][j];
      } else {
        start = owned(team, START + layer, i, j);
        sum = owned(team, SUM + layer, i, j);
      }
      UNROLLED for (int s = 0; s < 2; ++s) {
        sum.at[s] = add_product(sum.at[s], -beta, g.at[s]);
        moved.at[s] = last ? sum.at[s] : add_product(start.at[s], -alpha, g.at[s]);
      }
      keep(team, layer, i, j, moved);
      if constexpr (IN_REGISTERS) {
        if (last) team.start[layer].tile[i][j] = sum;
        team.sum[layer].tile[i][j] = sum;
      } else {
        if (last) keep(team, START + layer, i, j, sum);
        keep(team, SUM + layer, i, j, sum);
      }
    }
}

INLINE void stage(Team& team, Real alpha, Real beta, bool last) {
  Block error = residual(team);
  if constexpr (DEPTH == 1) {
    if (!WHITE) barrier();
    move(team, 0, error, alpha, beta, last);
  } else {
    keep(team, BACK, error);
    barrier();
    LAYERS for (int layer = DEPTH - 1; layer > 0; --layer) {
      const int from = BACK + (DEPTH - 1 - layer) % 2, to = BACK + (DEPTH - layer) % 2;
      Block carried = product<true, false>(team, layer, from);
      if (layer > 1 || PARKED) keep(team, to, carried);
      const Block gradient = product<false, true>(team, from, below(layer - 1));
      // W_layer may be moved only after the whole team has read it.
      barrier();
      move(team, layer, gradient, alpha, beta, last);
      if (layer == 1) {
        if (PARKED) carried = owned(team, to);
        move(team, 0, carried, alpha, beta, last);
      }
    }
  }
  barrier();
}

INLINE void step_once(Team& team, Real step) {
  if constexpr (STAGES == 1) {
    stage(team, step, step, true);
  } else {
    // A quotient would be a call, and calls need registers.
    const Real half = step * Real(0.5), sixth = step * Real(1.0 / 6);
    if constexpr (HELD) {
      stage(team, half, sixth, false);
      stage(team, half, 2 * sixth, false);
      stage(team, step, 2 * sixth, false);
      stage(team, step, sixth, true);
    } else {
      // Rolled up: four copies of wide products are more code than the caches hold.
      ROLLED for (int number = 0; number < STAGES; ++number) {
        const Real beta = number == 0 || number == 3 ? sixth : 2 * sixth;
        stage(team, number < 2 ? half : step, beta, number == 3);
      }
    }
  }
}

// `weights`: DEPTH matrices of WIDTH x WIDTH by rows, trained in place.
INLINE void train_network(Memory memory, Real* weights, const Real* target, const Real* square,
                          Real step, int steps) {
  constexpr int ENTRIES = WIDTH * WIDTH;
  Team team;
  team.thread = this_thread();
  team.memory = memory;
  team.target = target;
  if constexpr (HELD) team.held_target = read_block(target);
  LAYERS for (int layer = 0; layer < DEPTH; ++layer) {
    const Block block = read_block(weights + layer * ENTRIES);
    keep(team, layer, block);
    if constexpr (IN_REGISTERS) {
      team.start[layer] = block;
      team.sum[layer] = block;
    } else {
      keep(team, START + layer, block);
      keep(team, SUM + layer, block);
    }
  }
  if constexpr (!WHITE) keep(team, INPUTS, read_block(square));
  barrier();
  ROLLED for (int taken = 0; taken < steps; ++taken) step_once(team, step);
  LAYERS for (int layer = 0; layer < DEPTH; ++layer)
    write_block(weights + layer * ENTRIES, owned(team, layer));
}
