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
  let bytes: [UInt8]
  let file: String
  let zip: ZipArchive
  /// The folder of all records, with its slash.
  let prefix: String
  let isSwapped: Bool
  let root: PickleValue
  let heap: PickleHeap

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
          "a TorchScript archive, which holds a program",
          hint: "save the state dict alone: torch.save(model.state_dict(), …)")
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

// MARK: - Reading

extension TorchArchive {
  /// The tensors of one dict, in its order.
  ///
  /// - Parameter path: Keys and indices joined with dots, such as `model` or `state_dicts.-1`; negative indices count
  ///   from the end. nil takes the dict of tensors that is nearest to the root, if one is nearer than all others.
  /// - Throws: `InputError` for a path that leads nowhere, when no dict or more than one qualifies (naming them), for
  ///   damaged records, for tensors that share storages so often that they have more than 64 elements for each byte of the
  ///   file, and for numbers that are not finite, of all tensors at once.
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
        let range =
          if let known = ranges[tensor.storage] { known } else { try range(of: heap.storages[tensor.storage]) }
        ranges[tensor.storage] = range
        views.append(try view(name, tensor, range))
      } catch {
        faults.add(Complaint("tensor \(quoted(name)): \(error.message)", hint: error.hint))
      }
    }
    if let error = faults.error { throw error }
    let elements = views.reduce(0) { $0 + $1.count }
    guard elements <= Self.mostElementsPerByte * bytes.count else {
      throw InputError(
        file: file,
        message:
          "tensors of \(elements) elements share the storages of a file of \(bytes.count) bytes; at most \(Self.mostElementsPerByte) elements a byte are read"
      )
    }
    return try views.read(bytes, file: file, options)
  }

  /// Tensors may share a storage, as tied weights do: so often that no small file becomes a large network.
  private static let mostElementsPerByte = 64

  private func defaultMapping() throws(Complaint) -> Int {
    let findings = findings
    guard let first = findings.found.first else {
      throw Complaint("the file has no dict of names and tensors; \(overview)")
    }
    let nearest = findings.found.prefix { $0.depth == first.depth }
    guard nearest.count == 1 else {
      throw Complaint(
        "the file has \(nearest.count) dicts of names and tensors; choose one of \(list(nearest.lazy.map(findings.path)))"
      )
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
        let findings = findings
        let others = findings.found.filter { $0.step != nil }
        throw Complaint(
          "the chosen dict has \(heap.kind(entry.value)) under \(name); expected tensors under strings",
          hint: others.isEmpty ? nil : "dicts of tensors are \(list(others.lazy.map(findings.path)))")
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
      throw Complaint(
        "\(text(tensor.shape)) is more than its storage of \(storage.count) elements; save a contiguous copy")
    }
    return TensorView(
      name: name, type: storage.type, start: range.lowerBound + tensor.offset * storage.type.size, shape: tensor.shape,
      strides: tensor.strides, isSwapped: isSwapped)
  }
}
