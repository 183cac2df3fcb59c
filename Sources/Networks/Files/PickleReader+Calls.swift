internal import Documents

// What would be calls in Python. Here each of the known globals has a meaning, and nothing is called.
extension PickleReader {
  mutating func global(_ module: String, _ name: String) -> PickleValue {
    if let known = PickleGlobal.named(module, name) { return known }
    let full = "\(module).\(name)"
    if !foreign.contains(full), foreign.count < 1000 { foreign.append(full) }
    return .foreign
  }

  /// The meaning of calling `callable(*arguments)`.
  mutating func reduce(isNew: Bool) throws(Complaint) {
    let (arguments, callable) = (try pop(), try pop())
    if callable == .foreign { return stack.append(.foreign) }
    guard !isNew, case .global(let global) = callable, case .tuple(let index) = arguments else {
      throw failure("a call of \(heap.kind(callable))", at - 1)
    }
    let values = heap.tuples[index]
    switch global {
    case .orderedDictionary:
      guard values.isEmpty else {
        throw failure("an OrderedDict with \(values.count) arguments; expected none", at - 1)
      }
      pushDictionary()
    case .rebuildTensor: stack.append(try foreignTuples.contains(index) ? .foreign : tensor(values))
    case .rebuildParameter:
      guard case .tensor? = values.first else { throw failure("a parameter that is not a tensor", at - 1) }
      stack.append(values[0])
    case .size:
      guard values.count == 1, case .tuple = values[0] else {
        throw failure("a torch.Size that is not a tuple", at - 1)
      }
      stack.append(values[0])
    case .device:
      guard case .text(let name)? = values.first else { throw failure("a torch.device without a name", at - 1) }
      stack.append(.name(name))
    case .storage: throw failure("a storage is made", at - 1)
    }
  }

  /// State that is set on an object: an OrderedDict's attributes (`_metadata`), which are no items, are left out.
  mutating func build() throws(Complaint) {
    _ = try pop()
    switch try top() {
    case .dictionary, .foreign: break
    case let other: throw failure("state set on \(heap.kind(other))", at - 1)
    }
  }

  /// A storage: `("storage", type, key, location, count)`.
  mutating func persistentLoad() throws(Complaint) {
    guard case .tuple(let index) = try pop() else { throw failure("a persistent id that is not a tuple", at - 1) }
    let parts = heap.tuples[index]
    if foreignTuples.contains(index) { return stack.append(.foreign) }
    guard parts.count == 5, parts[0] == .text("storage"), case .global(.storage(let type)) = parts[1],
      case .text(let key) = parts[2], key.utf8.count <= Self.longestKey, case .integer(let count) = parts[4],
      let count = Int(exactly: count), count >= 0
    else { throw failure("a persistent id that is not a storage with its type, key, location and size", at - 1) }
    let storage = PickleHeap.Storage(key: key, type: type, count: count)
    if let number = storageNumbers[key] {
      guard heap.storages[number] == storage else {
        throw failure("storage \(quoted(key)) has two types or two sizes", at - 1)
      }
      return stack.append(.storage(number))
    }
    heap.storages.append(storage)
    storageNumbers[key] = heap.storages.count - 1
    stack.append(.storage(heap.storages.count - 1))
  }

  /// `_rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks[, metadata])`
  private mutating func tensor(_ arguments: [PickleValue]) throws(Complaint) -> PickleValue {
    guard 6...7 ~= arguments.count, case .storage(let storage) = arguments[0], case .integer(let offset) = arguments[1],
      let shape = sizes(arguments[2]), let strides = sizes(arguments[3]), let offset = Int(exactly: offset)
    else { throw failure("a tensor without storage, offset, shape and strides", at - 1) }
    let tensor = PickleHeap.Tensor(storage: storage, offset: offset, shape: shape, strides: strides)
    guard shape.count == strides.count, offset >= 0, TensorView.count(of: shape) != nil, isInside(tensor) else {
      let count = heap.storages[storage].count
      throw failure(
        "a tensor \(text(shape)) with strides \(text(strides)) from element \(offset) on is not within its storage of \(count) elements",
        at - 1)
    }
    heap.tensors.append(tensor)
    return .tensor(heap.tensors.count - 1)
  }

  private func sizes(_ value: PickleValue) -> [Int]? {
    // PyTorch's own limit of dimensions; it also keeps the work linear when many tensors share one tuple.
    guard case .tuple(let index) = value, heap.tuples[index].count <= 64 else { return nil }
    var sizes: [Int] = []
    for element in heap.tuples[index] {
      guard case .integer(let size) = element, let size = Int(exactly: size), size >= 0 else { return nil }
      sizes.append(size)
    }
    return sizes
  }

  private func isInside(_ tensor: PickleHeap.Tensor) -> Bool {
    let count = heap.storages[tensor.storage].count
    if tensor.shape.contains(0) { return tensor.offset <= count }
    var last = tensor.offset
    for (size, stride) in zip(tensor.shape, tensor.strides) {
      let (distance, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
      let (next, overflowToo) = last.addingReportingOverflow(distance)
      guard !overflow, !overflowToo else { return false }
      last = next
    }
    return last < count
  }
}
