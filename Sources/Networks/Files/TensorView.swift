internal import Documents

/// A tensor as it lies in the bytes of a file. All of its elements are within those bytes: whoever makes one checks
/// that.
struct TensorView {
  let name: String
  let type: ElementType
  /// Place of the first element.
  let start: Int
  let shape: [Int]
  /// Elements from one to the next along each index.
  let strides: [Int]
  /// Whether the byte order is not that of this machine.
  let isSwapped: Bool

  /// Elements; the shape has been checked.
  var count: Int { Self.count(of: shape) ?? 0 }

  /// Strides of a row-major tensor of that shape; of no meaning where it has no elements.
  static func rowMajor(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for index in stride(from: shape.count - 2, through: 0, by: -1) {
      strides[index] = strides[index + 1] &* max(1, shape[index + 1])
    }
    return strides
  }

  /// The product of the sizes, nil when it overflows or one is negative.
  static func count(of shape: [Int]) -> Int? {
    guard shape.allSatisfy({ $0 >= 0 }) else { return nil }
    if shape.contains(0) { return 0 }
    var product = 1
    for size in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      guard !overflow else { return nil }
      product = next
    }
    return product
  }

  private var isRowMajor: Bool {
    zip(zip(shape, strides), Self.rowMajor(shape)).allSatisfy { $0.0 <= 1 || $0.1 == $1 }
  }

  /// The elements in row-major order.
  func values(in bytes: UnsafeRawBufferPointer) -> [Float] {
    let count = self.count
    guard count > 0, let base = bytes.baseAddress else { return [] }
    let first = base + start
    let size = type.size
    return [Float](unsafeUninitializedCapacity: count) { values, initialized in
      if isRowMajor {
        if type == .float32, !isSwapped {
          UnsafeMutableRawBufferPointer(values).copyMemory(
            from: UnsafeRawBufferPointer(start: first, count: count * size))
        } else {
          for index in 0..<count { values[index] = type.float(at: first + index * size, isSwapped: isSwapped) }
        }
      } else {
        var place = Odometer(shape: shape, strides: strides)
        for index in 0..<count {
          values[index] = type.float(at: first + place.offset * size, isSwapped: isSwapped)
          place.advance()
        }
      }
      initialized = count
    }
  }

  /// What is wrong with the values as parameters; nil when nothing is.
  func complaint(about values: [Float], in bytes: UnsafeRawBufferPointer, _ options: TensorReadingOptions) -> Complaint?
  {
    guard let first = values.firstIndex(where: { !$0.isFinite }) else { return nil }
    var place = Odometer(shape: shape, strides: strides)
    for index in values.indices {
      defer { place.advance() }
      guard !values[index].isFinite else { continue }
      if type == .float64, let base = bytes.baseAddress {
        let bits = (base + start + 8 * place.offset).loadUnaligned(as: UInt64.self)
        let value = Double(bitPattern: isSwapped ? bits.byteSwapped : bits)
        if value.isFinite {
          return Complaint("\(label): element \(at(index)) is \(value), beyond the range of float32")
        }
      }
    }
    guard !options.allowsNonFinite else { return nil }
    let others = values.count { !$0.isFinite } - 1
    let more = others > 0 ? ", and \(others) more \(others == 1 ? "is" : "are") not finite" : ""
    return Complaint(
      "\(label): element \(at(first)) is \(values[first].isNaN ? "nan" : "\(values[first])")\(more); expected finite numbers"
    )
  }

  var label: String { "tensor \(quoted(name))" }

  /// The flat index and, for matrices and more, the index of each dimension.
  private func at(_ index: Int) -> String {
    guard shape.count > 1 else { return "\(index)" }
    var rest = index
    let indices = zip(shape, Self.rowMajor(shape)).map { _, stride in
      defer { rest %= stride }
      return rest / stride
    }
    return "\(index) (\(indices))"
  }
}

/// Walks through the elements of a strided tensor in row-major order.
private struct Odometer {
  private let shape: [Int]
  private let strides: [Int]
  private var index: [Int]
  /// Elements from the first to the current one.
  private(set) var offset = 0

  init(shape: [Int], strides: [Int]) {
    self.shape = shape
    // Nothing lies one stride further where there is one element: a file may say any number there.
    self.strides = zip(shape, strides).map { $0 > 1 ? $1 : 0 }
    index = [Int](repeating: 0, count: shape.count)
  }

  /// To the next element; behind the last one, back to the first.
  mutating func advance() {
    for axis in stride(from: shape.count - 1, through: 0, by: -1) {
      index[axis] += 1
      offset += strides[axis]
      if index[axis] < shape[axis] { return }
      offset -= strides[axis] * shape[axis]
      index[axis] = 0
    }
  }
}

extension [TensorView] {
  /// Reads the tensors that `options` do not ignore, all of the same bytes.
  ///
  /// - Throws: `InputError` with every tensor that holds what is not a finite number.
  func read(_ bytes: [UInt8], file: String, _ options: TensorReadingOptions) throws(InputError) -> NamedTensors {
    var faults = FaultList(file: file)
    var elements = 0
    for view in self where !options.ignores(view.name) {
      let (sum, overflow) = elements.addingReportingOverflow(view.count)
      elements = sum
      guard !overflow, sum <= options.elementLimit else {
        throw InputError(file: file, message: "tensors of more than \(options.elementLimit) elements together")
      }
    }
    var tensors: [NamedTensors.Tensor] = []
    bytes.withUnsafeBytes { bytes in
      for view in self where !options.ignores(view.name) {
        let values = view.values(in: bytes)
        if let complaint = view.complaint(about: values, in: bytes, options) { faults.add(complaint) }
        tensors.append(.init(name: view.name, shape: view.shape, values: values, storedType: view.type))
      }
    }
    if let error = faults.error { throw error }
    return NamedTensors(tensors)
  }
}

/// A shape as messages write it.
func text(_ shape: [Int]) -> String {
  shape.count <= 8 ? "\(shape)" : "[\(shape.prefix(8).map(String.init).joined(separator: ", ")), …]"
}
