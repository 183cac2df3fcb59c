public import Documents

/// A file of `torch.save` (`.pt`, `.pth`), read only: tensors in dicts and lists, and the plain values beside them.
///
///     let archive = try TorchArchive(readFile(path, limit: 1 << 30), file: path)
///     archive.mappings                          // ["model"] or ["state_dicts.0", "state_dicts.1", …]
///     try archive.tensors(at: "state_dicts.-1")
///
/// Reads the zip format of PyTorch 1.6 and later. The pickle inside is read by an interpreter that knows the globals of
/// tensors, storages and ordered dicts and refuses every other by name; nothing is ever executed. Transposed tensors,
/// storages that several tensors share, and files of machines with the other byte order are read. Refused: complex and
/// quantised tensors, compressed records, TorchScript, the older formats.
public struct TorchArchive: Sendable {
  private let bytes: [UInt8]
  private let file: String
  private let zip: ZipArchive
  /// The folder of all records, with its slash.
  private let prefix: String
  private let isSwapped: Bool
  private let root: PickleValue
  private let heap: PickleHeap

  /// Reads the structure; the numbers are read by `tensors(at:)`.
  ///
  /// - Parameter file: The name that messages give it.
  /// - Throws: `InputError` for anything but tensors in dicts, lists and tuples.
  public init(_ bytes: [UInt8], file: String) throws(InputError) {
    do throws(Complaint) {
      if let older = Self.olderFormat(bytes) { throw older }
      let zip = try ZipArchive(bytes)
      let pickles = zip.names.filter { $0.hasSuffix("/data.pkl") }
      guard pickles.count == 1, let pickle = pickles.first, let range = try zip.range(of: pickle) else {
        throw Complaint("a zip archive with \(pickles.count) records named data.pkl; PyTorch writes one")
      }
      prefix = String(pickle.dropLast("data.pkl".count))
      guard !zip.names.contains(prefix + "constants.pkl") else {
        throw Complaint(
          "a TorchScript archive, which holds a program", hint: "save the state dict alone: torch.save(model.state_dict(), …)")
      }
      isSwapped = try Self.isSwapped(zip, bytes, prefix)
      (root, heap) = try PickleReader.read(bytes, in: range)
      self.bytes = bytes
      self.file = file
      self.zip = zip
    } catch {
      throw InputError(file: file, message: error.message, hint: error.hint)
    }
  }

  /// Whether the bytes begin as a file of `torch.save` does, of any version.
  static func isBeginning(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: ZipArchive.signature) || olderFormat(bytes)?.hint != nil
  }

  /// What is wrong with a file that is not a zip archive.
  private static func olderFormat(_ bytes: [UInt8]) -> Complaint? {
    if bytes.starts(with: ZipArchive.signature) { return nil }
    // The pickled number 0x1950A86A20F9469CFC6C.
    let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
    let isLegacy = bytes.count > 14 && bytes[0] == 0x80 && bytes[4..<14].elementsEqual(magic)
    let isTar = bytes.count > 262 && bytes[257..<262].elementsEqual("ustar".utf8)
    guard isLegacy || isTar else { return Complaint("not a zip archive, as torch.save writes them") }
    return Complaint(
      "the format of PyTorch before 1.6, which is not read",
      hint: "load the file and save it again with torch.save of a later version")
  }

  private static func isSwapped(_ zip: ZipArchive, _ bytes: [UInt8], _ prefix: String) throws(Complaint) -> Bool {
    let isLittleMachine = 1.littleEndian == 1
    // Without the record the file is older than 2.1 and of a little-endian machine, as nearly all are.
    guard let range = try zip.range(of: prefix + "byteorder") else { return !isLittleMachine }
    switch String(decoding: bytes[range].prefix(40), as: UTF8.self) {
    case "little": return !isLittleMachine
    case "big": return isLittleMachine
    case let other: throw Complaint("the byte order \(quoted(other)) is neither little nor big")
    }
  }
}

// MARK: - Finding

extension TorchArchive {
  /// Paths of the dicts of which every value is a tensor and every key a string, nearest to the root first.
  ///
  /// A path is keys and indices joined with dots; that of the root is empty.
  public var mappings: [String] { found.map(\.path) }

  /// One dict of tensors.
  private struct Found {
    let path: String
    let dictionary: Int
    /// Steps from the root.
    let depth: Int
  }

  private var found: [Found] {
    var found: [Found] = []
    var visited: Set<PickleValue> = [root]
    var level = [(path: "", value: root)]
    var depth = 0
    while !level.isEmpty {
      var next: [(path: String, value: PickleValue)] = []
      for (path, value) in level {
        if case .dictionary(let index) = value, isMapping(index) {
          found.append(Found(path: path, dictionary: index, depth: depth))
        }
        for (name, child) in containers(in: value) where visited.insert(child).inserted {
          next.append((path.isEmpty ? name : "\(path).\(name)", child))
        }
      }
      level = next
      depth += 1
    }
    return found
  }

  private func isMapping(_ dictionary: Int) -> Bool {
    let entries = heap.dictionaries[dictionary].entries
    return !entries.isEmpty && entries.allSatisfy { if case (.text, .tensor) = $0 { true } else { false } }
  }

  /// The containers directly inside of a value, with the last step of their paths.
  private func containers(in value: PickleValue) -> [(String, PickleValue)] {
    func isContainer(_ value: PickleValue) -> Bool {
      switch value {
      case .list, .tuple, .dictionary: true
      default: false
      }
    }
    switch value {
    case .list(let index): return heap.lists[index].enumerated().filter { isContainer($1) }.map { ("\($0)", $1) }
    case .tuple(let index): return heap.tuples[index].enumerated().filter { isContainer($1) }.map { ("\($0)", $1) }
    case .dictionary(let index):
      return heap.dictionaries[index].entries.filter { isContainer($0.value) }.compactMap { entry in
        Self.step(entry.key).map { ($0, entry.value) }
      }
    default: return []
    }
  }

  /// A key as a path writes it.
  private static func step(_ key: PickleValue) -> String? {
    switch key {
    case .text(let name): name
    case .integer(let number): "\(number)"
    default: nil
    }
  }

  /// The value at a path. A key may contain dots: the longest one that fits is taken.
  private func value(at path: String) throws(Complaint) -> PickleValue {
    var value = root
    var rest = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)[...]
    if path.isEmpty { rest = [] }
    while !rest.isEmpty {
      guard let (next, steps) = child(of: value, along: rest) else {
        let names = names(in: value)
        let step = rest[rest.startIndex]
        let nearest = nearestMatch(to: step, among: names)
        throw Complaint(
          "there is no \(quoted(step)) in \(heap.kind(value))\(names.isEmpty ? "" : " (\(list(names)))")",
          hint: nearest.map { "did you mean '\($0)'?" })
      }
      value = next
      rest = rest.dropFirst(steps)
    }
    return value
  }

  /// The child that the beginning of a path names, and how many of its steps do.
  private func child(of value: PickleValue, along path: ArraySlice<String>) -> (PickleValue, Int)? {
    func element(_ elements: [PickleValue]) -> (PickleValue, Int)? {
      guard let number = path.first.flatMap({ Int($0) }) else { return nil }
      let (place, overflow) = number < 0 ? number.addingReportingOverflow(elements.count) : (number, false)
      return !overflow && elements.indices.contains(place) ? (elements[place], 1) : nil
    }
    switch value {
    case .list(let index): return element(heap.lists[index])
    case .tuple(let index): return element(heap.tuples[index])
    case .dictionary(let index):
      let mapping = heap.dictionaries[index]
      for steps in stride(from: min(path.count, 32), to: 0, by: -1) {
        if let child = mapping[.text(path.prefix(steps).joined(separator: "."))] { return (child, steps) }
      }
      guard let number = path.first.flatMap({ Int64($0) }), let child = mapping[.integer(number)] else { return nil }
      return (child, 1)
    default: return nil
    }
  }

  private func names(in value: PickleValue) -> [String] {
    guard case .dictionary(let index) = value else { return [] }
    return heap.dictionaries[index].entries.prefix(1000).compactMap { Self.step($0.key) }
  }

  /// The first ten names.
  private func list(_ names: [String]) -> String {
    let more = names.count > 10 ? ", and \(names.count - 10) more" : ""
    return names.prefix(10).map { quoted($0) }.joined(separator: ", ") + more
  }

  /// What lies directly in the root, for messages.
  private var overview: String {
    guard case .dictionary(let index) = root else { return "it holds \(heap.kind(root))" }
    let entries = heap.dictionaries[index].entries
    guard !entries.isEmpty else { return "it holds an empty dict" }
    let shown = entries.prefix(10).map { entry in
      "\(Self.step(entry.key).map { quoted($0) } ?? heap.kind(entry.key)) (\(heap.kind(entry.value)))"
    }
    return "it holds \(shown.joined(separator: ", "))\(entries.count > 10 ? ", and \(entries.count - 10) more" : "")"
  }
}

// MARK: - Reading

extension TorchArchive {
  /// The tensors of one dict, in its order.
  ///
  /// - Parameter path: Keys and indices joined with dots, such as `model` or `state_dicts.-1`; negative indices count from
  ///   the end. nil takes the dict of tensors that is nearest to the root, if one is nearer than all others.
  /// - Throws: `InputError` for a path that leads nowhere, when no dict or more than one qualifies (naming them), for
  ///   damaged records, and for numbers that are not finite, of all tensors at once.
  public func tensors(
    at path: String? = nil, options: TensorReadingOptions = .init()
  ) throws(InputError) -> NamedTensors {
    let entries: [(String, PickleHeap.Tensor)]
    do throws(Complaint) {
      let chosen: PickleValue = if let path { try value(at: path) } else { .dictionary(try defaultMapping()) }
      entries = try self.entries(of: chosen)
    } catch {
      throw InputError(file: file, message: error.message, hint: error.hint)
    }
    var faults = FaultList(file: file)
    var views: [TensorView] = []
    var ranges: [Int: Range<Int>] = [:]
    for (name, tensor) in entries where !options.ignores(name) {
      do throws(Complaint) {
        let range = if let known = ranges[tensor.storage] { known } else { try range(of: heap.storages[tensor.storage]) }
        ranges[tensor.storage] = range
        views.append(try view(name, tensor, range))
      } catch {
        faults.add(Complaint("tensor \(quoted(name)): \(error.message)", hint: error.hint))
      }
    }
    if let error = faults.error { throw error }
    return try views.read(bytes, file: file, options)
  }

  private func defaultMapping() throws(Complaint) -> Int {
    let found = found
    guard let first = found.first else {
      throw Complaint("the file has no dict of names and tensors; \(overview)")
    }
    let nearest = found.prefix { $0.depth == first.depth }
    guard nearest.count == 1 else {
      throw Complaint("the file has \(nearest.count) dicts of names and tensors; choose one of \(list(nearest.map(\.path)))")
    }
    return first.dictionary
  }

  /// The tensors of a dict that has nothing else.
  private func entries(of value: PickleValue) throws(Complaint) -> [(String, PickleHeap.Tensor)] {
    guard case .dictionary(let index) = value else {
      throw Complaint("\(heap.kind(value)) where a dict of names and tensors was chosen")
    }
    var entries: [(String, PickleHeap.Tensor)] = []
    for entry in heap.dictionaries[index].entries {
      guard case (.text(let name), .tensor(let tensor)) = entry else {
        let name = Self.step(entry.key).map { quoted($0) } ?? heap.kind(entry.key)
        let others = list(mappings.filter { !$0.isEmpty })
        throw Complaint(
          "the chosen dict has \(heap.kind(entry.value)) under \(name); expected tensors under strings",
          hint: others.isEmpty ? nil : "dicts of tensors are \(others)")
      }
      entries.append((name, heap.tensors[tensor]))
    }
    return entries
  }

  /// The bytes of a storage.
  private func range(of storage: PickleHeap.Storage) throws(Complaint) -> Range<Int> {
    guard let range = try zip.range(of: "\(prefix)data/\(storage.key)") else {
      throw Complaint("the file has no record 'data/\(storage.key)' with its elements")
    }
    let (size, overflow) = storage.count.multipliedReportingOverflow(by: storage.type.size)
    guard !overflow, size == range.count else {
      throw Complaint(
        "its storage of \(storage.count) \(storage.type.rawValue) elements has \(range.count) bytes in the file")
    }
    return range
  }

  private func view(_ name: String, _ tensor: PickleHeap.Tensor, _ range: Range<Int>) throws(Complaint) -> TensorView {
    let storage = heap.storages[tensor.storage]
    // A stride of zero can make any number of elements out of one.
    guard let count = TensorView.count(of: tensor.shape), count <= storage.count else {
      throw Complaint("\(text(tensor.shape)) is more than its storage of \(storage.count) elements; save a contiguous copy")
    }
    return TensorView(
      name: name, type: storage.type, start: range.lowerBound + tensor.offset * storage.type.size, shape: tensor.shape,
      strides: tensor.strides, isSwapped: isSwapped)
  }

  /// The plain values at a path: numbers, strings, booleans, None, lists and dicts with string keys.
  ///
  /// nil when the path leads nowhere or to anything else, to more than 10,000 values, or deeper than 16.
  public func json(at path: String) -> JSONValue? {
    guard let value = try? value(at: path) else { return nil }
    var room = 10_000
    return json(value, depth: 16, &room)
  }

  private func json(_ value: PickleValue, depth: Int, _ room: inout Int) -> JSONValue? {
    room -= 1
    guard room >= 0, depth >= 0 else { return nil }
    switch value {
    case .none: return .null
    case .bool(let value): return .bool(value)
    case .integer(let value): return .integer(value)
    case .real(let value): return .real(value)
    case .text(let text), .name(let text): return .string(text)
    case .list(let index): return json(heap.lists[index], depth: depth, &room)
    case .tuple(let index): return json(heap.tuples[index], depth: depth, &room)
    case .dictionary(let index):
      var members: [String: JSONValue] = [:]
      for entry in heap.dictionaries[index].entries {
        guard case .text(let name) = entry.key, let member = json(entry.value, depth: depth - 1, &room) else { return nil }
        members[name] = member
      }
      return .object(members)
    case .largeInteger, .bytes, .storage, .tensor, .global, .foreign: return nil
    }
  }

  private func json(_ values: [PickleValue], depth: Int, _ room: inout Int) -> JSONValue? {
    var elements: [JSONValue] = []
    for value in values {
      guard let element = json(value, depth: depth - 1, &room) else { return nil }
      elements.append(element)
    }
    return .array(elements)
  }
}
