internal import CTensorKernels

/// A recurrent cell over time, position-major: `[position, batch, …]`.
///
/// x holds each position's W_ih · input + biases and is replaced by the gates. Position t then costs one product with
/// W_hh; the gradient of W_hh is one product over all positions. Hidden states (and an LSTM's cells) of each position are
/// nodes of their own, so that an intervention at one is seen by all that follows: at a cell by its own hidden state too. At
/// all positions together (`rnn.hook_hidden`) it is seen when the last one is done, so by the readout alone.
final class Recurrence<Scalar: NetworkScalar>: Operation<Scalar> {
  private let cell: RecurrentNetwork.Cell
  private let positions: Int
  /// Whether hidden states before the last have no reader but the next position.
  private let readsLast: Bool
  private let hiddenSteps: [Matrix]
  private let cells: Matrix?
  private let cellSteps: [Matrix]
  /// GRU: W_hh · h + b_hh of every position. LSTM: none, its sum is made in x.
  private let state: Matrix?
  /// One position's zeros, and room for one position's gradient: of a GRU's previous state, of what an LSTM's first cell was.
  private let zeros: Matrix
  private let direct: Matrix

  struct Memory {
    var hidden: Matrix
    var hiddenSteps: [Matrix]
    var cells: Matrix?
    var cellSteps: [Matrix] = []
    var state: Matrix?
    var zeros: Matrix
    var direct: Matrix
  }

  /// A GRU needs its state bias b_hh here; an LSTM may have it in x already.
  init(
    _ cell: RecurrentNetwork.Cell, x: Matrix, weight: Matrix, stateBias: Matrix?, positions: Int, readsLast: Bool,
    _ memory: Memory
  ) {
    self.cell = cell
    self.positions = positions
    self.readsLast = readsLast
    hiddenSteps = memory.hiddenSteps
    cells = memory.cells
    cellSteps = memory.cellSteps
    state = memory.state
    zeros = memory.zeros
    direct = memory.direct
    super.init(
      inputs: [x, weight] + (stateBias.map { [$0] } ?? []), outputs: [memory.hidden, memory.hiddenSteps[positions - 1]])
  }

  private var hidden: Int { outputs[0].width }
  private func offset(_ position: Int, _ width: Int, _ run: Run<Scalar>) -> Int { position * run.sequences * width }

  override func forward(_ run: Run<Scalar>) {
    let (x, weight) = (inputs[0], inputs[1])
    for t in 0..<positions {
      let gates = x.value + offset(t, x.width, run)
      let previous = t == 0 ? zeros.value : hiddenSteps[t - 1].value
      let rows = run.sequences
      switch cell {
      case .gru:
        let sum = state!.value + offset(t, x.width, run)
        kernels.repeat(rows, x.width, inputs[2].value, sum)
        if t > 0 { multiply(previous, weight, into: sum, rows) }
        kernels.gru(rows, hidden, gates, sum, previous, hiddenSteps[t].value)
      case .lstm:
        if inputs.count > 2 { kernels.add_row(rows, x.width, gates, inputs[2].value, gates) }
        if t > 0 { multiply(previous, weight, into: gates, rows) }
        kernels.lstm(rows, hidden, gates, t == 0 ? zeros.value : cellSteps[t - 1].value, cellSteps[t].value)
        run.computed(cellSteps[t])
        kernels.lstm_output(rows, hidden, gates, cellSteps[t].value, hiddenSteps[t].value)
      }
      run.computed(hiddenSteps[t])
    }
    run.computed(outputs[0])
    if let cells { run.computed(cells) }
  }

  /// sum += h · W_hhᵀ
  private func multiply(_ h: Pointer, _ weight: Matrix, into sum: Pointer, _ rows: Int) {
    Scalar.product(
      rows, weight.rows, hidden, alpha: 1, h, hidden, transposed: false, weight.value, hidden, transposed: true,
      beta: 1, sum, weight.rows)
  }

  override func backward(_ run: Run<Scalar>) {
    precondition(!adds[0], "gate inputs have one reader")
    let (x, weight, rows) = (inputs[0], inputs[1], run.sequences)
    if let last = cellSteps.last { clear(last.gradient, last.count) }
    for t in stride(from: positions - 1, through: 0, by: -1) {
      let place = offset(t, x.width, run)
      let previous = t == 0 ? zeros.value : hiddenSteps[t - 1].value
      let dnext = hiddenSteps[t].gradient
      let dgates: Pointer
      switch cell {
      case .gru:
        dgates = state!.gradient + place
        kernels.gru_back(
          rows, hidden, x.value + place, state!.value + place, previous, dnext, x.gradient + place, dgates,
          direct.gradient)
      case .lstm:
        dgates = x.gradient + place
        kernels.lstm_back(
          rows, hidden, x.value + place, t == 0 ? zeros.value : cellSteps[t - 1].value, cellSteps[t].value, dnext,
          cellSteps[t].gradient, t == 0 ? direct.gradient : cellSteps[t - 1].gradient, dgates)
      }
      guard t > 0 else { continue }
      let dprevious = hiddenSteps[t - 1].gradient
      if cell == .gru { kernels.copy(1, direct.count, direct.gradient, 0, dprevious, 0, readsLast ? 0 : 1) }
      Scalar.product(
        rows, hidden, x.width, alpha: 1, dgates, x.width, transposed: false, weight.value, hidden, transposed: false,
        beta: readsLast && cell == .lstm ? 0 : 1, dprevious, hidden)
    }
    weightGradients(run)
  }

  /// dW_hh = Σ_t dgates(t)ᵀ · h(t − 1), in one product.
  private func weightGradients(_ run: Run<Scalar>) {
    let (x, weight) = (inputs[0], inputs[1])
    let dgates = (state ?? x).gradient
    if positions > 1 {
      Scalar.product(
        x.width, hidden, (positions - 1) * run.sequences, alpha: 1, dgates + offset(1, x.width, run), x.width,
        transposed: true, outputs[0].value, hidden, transposed: false, beta: beta(1), weight.gradient, hidden)
    } else {
      clearUnlessAdding(1)
    }
    if inputs.count > 2 {
      kernels.column_sums(x.rows, x.width, dgates, inputs[2].gradient, adds[2] ? 1 : 0)
    }
  }
}
