/// A value of a pickle. Containers are numbers into a `PickleHeap`: they may be shared and may contain themselves.
enum PickleValue: Hashable {
  case none
  case bool(Bool)
  case integer(Int64)
  /// An integer beyond 64 bits; its value is not kept.
  case largeInteger
  case real(Double)
  case text(String)
  /// Bytes; their content is not kept.
  case bytes
  case list(Int)
  case tuple(Int)
  case dictionary(Int)
  case storage(Int)
  case tensor(Int)
  /// A global of the allow-list.
  case global(PickleGlobal)
  /// The name of a torch dtype or device: inert.
  case name(String)
  /// Whatever an unknown global would have made: nothing is made.
  case foreign
}

/// The globals that a pickle may name. None is ever called: the reader knows what each of them means.
enum PickleGlobal: Hashable {
  case orderedDictionary
  case rebuildTensor
  case rebuildParameter
  case size
  case device
  case storage(ElementType)

  /// The meaning of `module name`; nil for one that is not on the list.
  static func named(_ module: String, _ name: String) -> PickleValue? {
    switch (module, name) {
    case ("collections", "OrderedDict"): return .global(.orderedDictionary)
    case ("torch._utils", "_rebuild_tensor_v2"): return .global(.rebuildTensor)
    case ("torch._utils", "_rebuild_parameter"): return .global(.rebuildParameter)
    case ("torch", "Size"): return .global(.size)
    case ("torch", "device"): return .global(.device)
    case ("torch", _):
      if let type = storageTypes[name] { return .global(.storage(type)) }
      return dtypes.contains(name) ? .name("torch.\(name)") : nil
    default: return nil
    }
  }

  private static let storageTypes: [String: ElementType] = [
    "FloatStorage": .float32, "DoubleStorage": .float64, "HalfStorage": .float16, "BFloat16Storage": .bfloat16,
    "LongStorage": .int64, "IntStorage": .int32, "ShortStorage": .int16, "CharStorage": .int8, "ByteStorage": .uint8,
    "BoolStorage": .bool,
  ]

  private static let dtypes: Set<String> = [
    "float32", "float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool",
  ]
}

/// The containers and tensors of a pickle.
struct PickleHeap {
  /// Numbers that a tensor lies in.
  struct Storage: Hashable {
    /// The name of its record.
    let key: String
    let type: ElementType
    let count: Int
  }

  /// A view of a storage; all of its elements are within it.
  struct Tensor: Hashable {
    let storage: Int
    let offset: Int
    let shape: [Int]
    let strides: [Int]
  }

  /// Keys and values in the order of first insertion, as Python keeps them.
  struct Mapping {
    private(set) var entries: [(key: PickleValue, value: PickleValue)] = []
    /// Made when a search through the entries would be long.
    private var places: [PickleValue: Int] = [:]

    subscript(key: PickleValue) -> PickleValue? { place(of: key).map { entries[$0].value } }

    mutating func set(_ key: PickleValue, _ value: PickleValue) {
      if let place = place(of: key) {
        entries[place].value = value
        return
      }
      entries.append((key, value))
      if entries.count == 9 {
        for (place, entry) in entries.enumerated() { places[entry.key] = place }
      } else if entries.count > 9 {
        places[key] = entries.count - 1
      }
    }

    private func place(of key: PickleValue) -> Int? {
      entries.count < 9 ? entries.firstIndex { $0.key == key } : places[key]
    }
  }

  var lists: [[PickleValue]] = []
  var tuples: [[PickleValue]] = []
  var dictionaries: [Mapping] = []
  var storages: [Storage] = []
  var tensors: [Tensor] = []

  /// What a value is, for messages.
  func kind(_ value: PickleValue) -> String {
    switch value {
    case .none: "None"
    case .bool: "a bool"
    case .integer, .largeInteger: "an int"
    case .real: "a float"
    case .text: "a string"
    case .bytes: "bytes"
    case .list(let index): "a list of \(lists[index].count)"
    case .tuple(let index): "a tuple of \(tuples[index].count)"
    case .dictionary(let index): "a dict of \(dictionaries[index].entries.count)"
    case .storage: "a storage"
    case .tensor(let index): "a tensor \(text(tensors[index].shape))"
    case .global, .foreign: "an object"
    case .name(let name): name
    }
  }
}
