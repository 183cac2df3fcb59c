internal import Documents

/// The header of a safetensors file, checked against the file as a whole.
struct SafetensorsHeader {
  /// In the order of their places; those without elements by name.
  private(set) var views: [TensorView] = []
  private(set) var metadata: [String: String] = [:]
  private var reading: Reading

  /// Reads and checks the header; nothing is read from the elements.
  init(_ bytes: [UInt8], file: String) throws(InputError) {
    let header = try Self.range(bytes, file: file)
    reading = Reading(bytes: bytes, header: header, faults: FaultList(file: file))
    let root = try reading.parse()
    guard case .object(let members) = root.content else {
      throw InputError(file: file, message: "the header is not a JSON object")
    }
    var entries: [Entry] = []
    for member in members {
      if member.name == "__metadata__" {
        readMetadata(member.node)
      } else if let entry = reading.entry(member) {
        entries.append(entry)
      }
    }
    // Places are judged together, so only when all of them are known.
    if reading.faults.isEmpty { checkPlaces(&entries) }
    if let error = reading.faults.error { throw error }
    views = entries.map { $0.view(from: header.upperBound) }
  }

  /// The length that the first 8 bytes tell.
  static func length(_ bytes: [UInt8]) -> UInt64 { bytes[..<8].reversed().reduce(0) { $0 << 8 | UInt64($1) } }

  /// Where the header lies.
  private static func range(_ bytes: [UInt8], file: String) throws(InputError) -> Range<Int> {
    guard bytes.count >= 8 else {
      throw InputError(
        file: file,
        message:
          "a file of \(bytes.count) bytes; a safetensors file begins with 8 bytes that tell the length of its header")
    }
    let length = Self.length(bytes)
    let isZip = bytes.starts(with: [0x50, 0x4B, 0x03, 0x04])
    let hint = isZip ? "the file is a zip archive, as PyTorch writes them" : nil
    guard length <= UInt64(Safetensors.longestHeader) else {
      throw InputError(
        file: file, message: "a header of \(length) bytes; at most \(Safetensors.longestHeader) are read", hint: hint)
    }
    let end = 8 + Int(length)
    guard end <= bytes.count else {
      throw InputError(
        file: file, message: "a header of \(length) bytes, of which the file holds \(bytes.count - 8): it is cut off")
    }
    guard length > 0, bytes[8] == UInt8(ascii: "{") else {
      throw InputError(file: file, message: "the header does not begin with '{'")
    }
    return 8..<end
  }
}

// MARK: - Entries

extension SafetensorsHeader {
  /// What the header says about a tensor.
  fileprivate struct Entry {
    let name: String
    let type: ElementType
    let shape: [Int]
    /// Bytes, from the end of the header.
    let place: Range<Int>

    var label: String { "tensor \(quoted(name))" }

    func view(from start: Int) -> TensorView {
      TensorView(
        name: name, type: type, start: start + place.lowerBound, shape: shape, strides: TensorView.rowMajor(shape),
        isSwapped: 1.littleEndian != 1)
    }
  }

  private mutating func readMetadata(_ node: JSONNode) {
    guard case .object(let members) = node.content else {
      return reading.add("'__metadata__' is not an object of strings", at: node)
    }
    for member in members {
      guard case .scalar(.string(let text)) = member.node.content else {
        reading.add("metadata \(quoted(member.name)) is not a string", at: member.node)
        continue
      }
      metadata[member.name] = text
    }
  }

  private func bytes(_ count: Int) -> String { count == 1 ? "1 byte" : "\(count) bytes" }

  /// Sorts the entries by place and finds overlaps, holes and bytes behind the last.
  private mutating func checkPlaces(_ entries: inout [Entry]) {
    entries.sort {
      ($0.place.lowerBound, $0.place.upperBound) != ($1.place.lowerBound, $1.place.upperBound)
        ? ($0.place.lowerBound, $0.place.upperBound) < ($1.place.lowerBound, $1.place.upperBound)
        : $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
    }
    var end = 0
    var last: Entry?
    for entry in entries {
      let start = entry.place.lowerBound
      if start < end, let last {
        reading.faults.add(
          Complaint("\(entry.label) begins at \(start), inside of \(last.label), which ends at \(end)"))
      } else if start > end {
        let before = last.map { "behind \($0.label)" } ?? "before \(entry.label)"
        reading.faults.add(Complaint("a hole of \(bytes(start - end)) \(before), at \(end)"))
      }
      if entry.place.upperBound > end || last == nil { last = entry }
      end = max(end, entry.place.upperBound)
    }
    let rest = reading.bytes.count - reading.header.upperBound - end
    if rest > 0 { reading.faults.add(Complaint("\(bytes(rest)) behind the last tensor")) }
  }
}

/// The text of the header, and what is wrong with it.
private struct Reading {
  let bytes: [UInt8]
  let header: Range<Int>
  var faults: FaultList

  /// Bytes behind the header.
  private var room: Int { bytes.count - header.upperBound }

  func parse() throws(InputError) -> JSONNode {
    var failed = self
    if let place = firstInvalidUTF8(in: bytes[header]) {
      failed.add(Complaint("a byte of the header is not UTF-8"), at: place..<place + 1)
    } else {
      do throws(JSONParser.Failure) {
        return try JSONParser.parse(bytes[header])
      } catch {
        failed.add(Complaint("in the header: \(error.complaint.message)", hint: error.complaint.hint), at: error.range)
      }
    }
    throw failed.faults.error ?? InputError(file: faults.file, message: "the header is not JSON")
  }

  /// Adds a fault with its place in the header.
  mutating func add(_ complaint: Complaint, at range: Range<Int>) {
    faults.add(complaint, at: range, of: header, in: bytes)
  }

  mutating func add(_ message: String, hint: String? = nil, at node: JSONNode) {
    add(Complaint(message, hint: hint), at: node.range)
  }

  /// The entry of a tensor; nil when it has faults, which are added.
  mutating func entry(_ member: JSONNode.Member) -> SafetensorsHeader.Entry? {
    let label = "tensor \(quoted(member.name))"
    guard case .object(let parts) = member.node.content else {
      add("\(label) is not an object with dtype, shape and data_offsets", at: member.node)
      return nil
    }
    let keys = ["dtype", "shape", "data_offsets"]
    for part in parts where !keys.contains(part.name) {
      let nearest = nearestMatch(to: part.name, among: keys)
      add(
        Complaint("\(label): unknown member \(quoted(part.name))", hint: nearest.map { "did you mean '\($0)'?" }),
        at: part.nameRange)
    }
    var nodes: [JSONNode] = []
    for key in keys {
      guard let node = member.node.member(key) else {
        add("\(label) has no '\(key)'", at: member.node)
        continue
      }
      nodes.append(node)
    }
    guard nodes.count == 3 else { return nil }
    let type = elementType(nodes[0], label)
    let shape = sizes(nodes[1], "\(label): the shape is not an array of sizes")
    let offsets = sizes(nodes[2], "\(label): the data_offsets are not two numbers of bytes", count: 2)
    guard let type, let shape, let offsets, let place = place(offsets, of: shape, type, label, nodes) else {
      return nil
    }
    return SafetensorsHeader.Entry(name: member.name, type: type, shape: shape, place: place)
  }

  private mutating func elementType(_ node: JSONNode, _ label: String) -> ElementType? {
    let names = ElementType.allCases.map(\.rawValue)
    if case .scalar(.string(let name)) = node.content {
      if let type = ElementType(rawValue: name) { return type }
      let nearest = nearestMatch(to: name, among: names)
      add(
        "\(label): elements of type \(quoted(name)) are not read; expected one of \(names.joined(separator: ", "))",
        hint: nearest.map { "did you mean '\($0)'?" }, at: node)
    } else {
      add("\(label): the dtype is not a string", at: node)
    }
    return nil
  }

  /// An array of numbers that are written as plain integers from 0 on.
  private mutating func sizes(_ node: JSONNode, _ message: String, count: Int? = nil) -> [Int]? {
    var sizes: [Int] = []
    if case .array(let elements) = node.content {
      for element in elements {
        guard case .scalar(.number(let digits)) = element.content, digits.utf8.allSatisfy({ 48...57 ~= $0 }),
          let size = Int(digits)
        else {
          add(message, at: element)
          return nil
        }
        sizes.append(size)
      }
      if count == nil || count == sizes.count { return sizes }
    }
    add(message, at: node)
    return nil
  }

  private mutating func place(
    _ offsets: [Int], of shape: [Int], _ type: ElementType, _ label: String, _ nodes: [JSONNode]
  ) -> Range<Int>? {
    guard offsets[0] <= offsets[1] else {
      add("\(label) ends at \(offsets[1]), before it begins at \(offsets[0])", at: nodes[2])
      return nil
    }
    let place = offsets[0]..<offsets[1]
    guard let count = TensorView.count(of: shape),
      case (let size, let overflow) = count.multipliedReportingOverflow(by: type.size),
      !overflow
    else {
      add("\(label): the shape \(text(shape)) has more elements than can be counted", at: nodes[1])
      return nil
    }
    guard size == place.count else {
      add(
        "\(label): \(text(shape)) elements of \(type.rawValue) are \(size) bytes; the data_offsets leave \(place.count)",
        at: nodes[2])
      return nil
    }
    guard place.upperBound <= room else {
      add(
        "\(label) ends at \(place.upperBound), but the file has \(room) bytes behind its header: it is cut off",
        at: nodes[2])
      return nil
    }
    return place
  }
}
