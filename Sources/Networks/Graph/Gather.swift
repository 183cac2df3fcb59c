internal import CTensorKernels

/// out[r] = Σ_t table_t[index_t(r)] + bias, then relu on request: embeddings and their sums.
final class Gather<Scalar: NetworkScalar>: Operation<Scalar> {
  private let lists: [IndexList]
  private let terms: Int
  private let isRelu: Bool
  private let hasBias: Bool
  private let tableMemory: UnsafeMutablePointer<UnsafeMutableRawPointer>
  private let indexMemory: UnsafeMutablePointer<UnsafePointer<Int32>>

  init(_ terms: [(table: Matrix, list: IndexList)], bias: Matrix? = nil, isRelu: Bool = false, into out: Matrix) {
    lists = terms.map(\.list)
    self.terms = terms.count
    self.isRelu = isRelu
    hasBias = bias != nil
    tableMemory = .allocate(capacity: terms.count)
    indexMemory = .allocate(capacity: terms.count)
    indexMemory.initialize(from: terms.map { UnsafePointer($0.list.indices) }, count: terms.count)
    for term in terms { term.list.chooses(among: term.table.fixedRows) }
    super.init(inputs: terms.map(\.table) + (bias.map { [$0] } ?? []), outputs: [out])
  }

  deinit {
    tableMemory.deallocate()
    indexMemory.deallocate()
  }

  override func forward(_ run: Run<Scalar>) {
    let out = outputs[0]
    for t in 0..<terms { tableMemory[t] = UnsafeMutableRawPointer(inputs[t].value) }
    tableMemory.withMemoryRebound(to: UnsafeRawPointer.self, capacity: terms) { tables in
      kernels.gather(
        out.rows, out.width, terms, tables, indexMemory, hasBias ? inputs[terms].value : nil, isRelu ? 1 : 0, out.value)
    }
    run.computed(out)
  }

  override func backward(_ run: Run<Scalar>) {
    let out = outputs[0]
    if hasBias && isRelu {
      kernels.activate_back(
        Int32(LEVIN_RELU.rawValue), out.rows, out.width, out.value, out.gradient, out.gradient, 0,
        inputs[terms].gradient, adds[terms] ? 1 : 0)
    } else if hasBias {
      kernels.column_sums(out.rows, out.width, out.gradient, inputs[terms].gradient, adds[terms] ? 1 : 0)
    }
    for t in 0..<terms {
      clearUnlessAdding(t)
      tableMemory[t] = UnsafeMutableRawPointer(inputs[t].gradient)
    }
    kernels.scatter(
      out.rows, out.width, terms, tableMemory, indexMemory, isRelu && !hasBias ? out.value : nil, out.gradient)
  }
}
