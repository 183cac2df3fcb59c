package import CKernels

/// A symbol compiled to batch kernels: a short straight-line program over rows.
///
/// A *row* holds one word per example, padded to a multiple of eight lanes. Sources are numbered: arguments first, then
/// the results of earlier instructions; the last instruction's result is the symbol's value. Agrees with
/// `Interpreter` on every value (tested): `Value.noValueWord` stands for *no value* and spreads through strict operators.
/// One exception: a bit vector has no word to spare, so where an Int condition of an `ite` between bit vectors has no value
/// the row holds one of the branches; the search refuses grammars that mix the two.
///
/// A class, though nothing in it changes: a value of four references would be counted four times for every block of rows.
public final class RowProgram: Sendable {
  /// One kernel call. Its parameters point into `tables`, which never change.
  package struct Instruction: @unchecked Sendable {
    package let code: Int32
    package let parameters: levin_parameters
    /// Sources, of which the kernel reads as many as it takes.
    package let sources: (Int, Int, Int)
  }

  /// How many rows it takes.
  public let argumentCount: Int
  package let instructions: [Instruction]
  /// Rows broadcast as constants; sources numbered after the arguments.
  package let constants: [Int64]
  /// Keeps what the parameters point to.
  package let tables: KernelTables
  /// What runs instead of kernels, for a symbol of a language with binders or lists.
  package let structure: StructuredSymbol?

  init(
    argumentCount: Int, instructions: [Instruction], constants: [Int64], tables: KernelTables,
    structure: StructuredSymbol? = nil
  ) {
    self.argumentCount = argumentCount
    self.instructions = instructions
    self.constants = constants
    self.tables = tables
    self.structure = structure
  }

  /// Most rows that one call handles.
  public static let blockSize = 64
}

/// Memory for the intermediate rows of a `RowProgram`; one per thread.
public final class RowScratch {
  package let temporaries: UnsafeMutablePointer<Int64>
  package let constants: UnsafeMutablePointer<Int64>
  package let lanes: Int
  package static let slots = 64

  /// Scratch for rows of `lanes` words.
  public init(lanes: Int) {
    self.lanes = lanes
    temporaries = .allocateLines(capacity: lanes * RowProgram.blockSize * Self.slots)
    constants = .allocateLines(capacity: lanes * Self.slots)
  }

  deinit {
    temporaries.deallocateLines()
    constants.deallocateLines()
  }
}

/// Rows read at a step in words, in order or through a list of their numbers; step 0 repeats the first row.
public struct RowSource {
  package let base: UnsafePointer<Int64>
  package let step: Int
  package let indices: UnsafePointer<UInt32>?
  /// Rows at `base`, `base + step`, …
  public init(_ base: UnsafePointer<Int64>, step: Int) {
    self.base = base
    self.step = step
    indices = nil
  }
  /// Rows at `base + indices[0] · step`, `base + indices[1] · step`, …
  package init(_ base: UnsafePointer<Int64>, step: Int, indices: UnsafePointer<UInt32>) {
    self.base = base
    self.step = step
    self.indices = indices
  }

  fileprivate var source: levin_source { levin_source(base: base, step: step, index: indices) }
}

/// Where the hashes of computed rows go.
package struct RowHashing {
  let keys: UnsafePointer<UInt32>
  let hashes: UnsafeMutablePointer<UInt32>
  package init(_ keys: UnsafePointer<UInt32>, into hashes: UnsafeMutablePointer<UInt32>) {
    self.keys = keys
    self.hashes = hashes
  }
}

extension RowProgram {
  /// Computes `count ≤ blockSize` rows: `out[r · outStep ..< + lanes] = symbol(arguments…[r])`, and their hashes.
  package func run(
    _ arguments: (RowSource, RowSource, RowSource), into out: UnsafeMutablePointer<Int64>, step outStep: Int,
    count: Int, lanes: Int, scratch: RowScratch, hashing: RowHashing? = nil
  ) {
    if let structure {
      structure.run(arguments, into: out, step: outStep, count: count, lanes: lanes)
      if let hashing { levin_hash(out, outStep, count, lanes, hashing.keys, hashing.hashes) }
      return
    }
    if instructions.count == 1, constants.isEmpty {
      let only = instructions[0]
      withUnsafePointer(to: only.parameters) { parameters in
        let (a, b, c) = (
          pick(only.sources.0, arguments), pick(only.sources.1, arguments), pick(only.sources.2, arguments)
        )
        levin_kernel(
          only.code, parameters, a.source, b.source, c.source, out, outStep, count, lanes, hashing?.keys,
          hashing?.hashes)
      }
      return
    }
    runAll(arguments, into: out, step: outStep, count: count, lanes: lanes, scratch: scratch, hashing: hashing)
  }

  @inline(__always)
  private func pick(_ source: Int, _ arguments: (RowSource, RowSource, RowSource)) -> RowSource {
    source == 0 ? arguments.0 : source == 1 ? arguments.1 : arguments.2
  }

  private func runAll(
    _ arguments: (RowSource, RowSource, RowSource), into out: UnsafeMutablePointer<Int64>, step outStep: Int,
    count: Int, lanes: Int, scratch: RowScratch, hashing: RowHashing?
  ) {
    for (index, word) in constants.enumerated() {
      (scratch.constants + index * scratch.lanes).update(repeating: word, count: lanes)
    }
    let firstConstant = argumentCount
    let firstResult = argumentCount + constants.count
    func source(_ number: Int) -> RowSource {
      if number < firstConstant { return pick(number, arguments) }
      if number < firstResult {
        return RowSource(scratch.constants + (number - firstConstant) * scratch.lanes, step: 0)
      }
      return RowSource(
        scratch.temporaries + (number - firstResult) * scratch.lanes * Self.blockSize, step: lanes)
    }
    for (index, instruction) in instructions.enumerated() {
      let isLast = index == instructions.count - 1
      let target = isLast ? out : scratch.temporaries + index * scratch.lanes * Self.blockSize
      let (a, b, c) = (
        source(instruction.sources.0), source(instruction.sources.1), source(instruction.sources.2)
      )
      withUnsafePointer(to: instruction.parameters) { parameters in
        levin_kernel(
          instruction.code, parameters, a.source, b.source, c.source, target, isLast ? outStep : lanes, count, lanes,
          isLast ? hashing?.keys : nil, isLast ? hashing?.hashes : nil)
      }
    }
  }
}

extension RowProgram {
  /// Whether it is one kernel call without constants.
  package var isSingle: Bool { instructions.count == 1 && constants.isEmpty && structure == nil }
  /// The one kernel call.
  package var single: Instruction { instructions[0] }
}
