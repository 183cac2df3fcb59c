internal import Documents

/// The records of a zip archive whose records are stored, as PyTorch writes them; compressed ones are refused.
///
/// - Source: PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16 and 4.5.3.
struct ZipArchive {
  /// A record of the central directory.
  private struct Record {
    let method: UInt16
    let flags: UInt16
    let checksum: UInt32
    let storedSize: UInt64
    let size: UInt64
    let header: UInt64
  }

  private let bytes: [UInt8]
  private let records: [String: Record]
  /// In the order of the directory.
  let names: [String]

  static let signature: [UInt8] = [0x50, 0x4B, 0x03, 0x04]

  /// Reads the directory.
  init(_ bytes: [UInt8]) throws(Complaint) {
    self.bytes = bytes
    let reader = ByteReader(bytes)
    let directory = try Self.directory(reader)
    var records: [String: Record] = [:]
    var names: [String] = []
    var at = directory.start
    for _ in 0..<directory.count {
      guard reader.has(46, at: at), reader.uint32(at) == 0x0201_4B50 else {
        throw Complaint("the zip directory is damaged at byte \(at)")
      }
      let lengths = [28, 30, 32].map { Int(reader.uint16(at + $0)) }
      let end = at + 46 + lengths.reduce(0, +)
      guard end <= bytes.count else { throw Complaint("the zip directory is cut off") }
      let nameBytes = bytes[at + 46..<at + 46 + lengths[0]]
      guard firstInvalidUTF8(in: nameBytes) == nil else {
        throw Complaint("the zip directory names a record that is not UTF-8, at byte \(at)")
      }
      let name = String(decoding: nameBytes, as: UTF8.self)
      let record = try Self.record(reader, at, name, extra: at + 46 + lengths[0]..<at + 46 + lengths[0] + lengths[1])
      guard records.updateValue(record, forKey: name) == nil else {
        throw Complaint("the zip archive has two records named \(quoted(name))")
      }
      names.append(name)
      at = end
    }
    self.records = records
    self.names = names
  }

  /// Where the bytes of a record lie; nil when there is no such record.
  ///
  /// The record's checksum has been compared.
  func range(of name: String) throws(Complaint) -> Range<Int>? {
    guard let record = records[name] else { return nil }
    let label = "record \(quoted(name))"
    guard record.flags & 1 == 0 else { throw Complaint("\(label) is encrypted") }
    guard record.method == 0, record.size == record.storedSize else {
      throw Complaint(
        "\(label) is compressed (zip method \(record.method)); PyTorch stores its records without compression",
        hint: "load the file and save it again with torch.save")
    }
    let reader = ByteReader(bytes)
    let cutOff = Complaint("\(label) is cut off")
    guard let header = Int(exactly: record.header), let size = Int(exactly: record.size), reader.has(30, at: header)
    else {
      throw cutOff
    }
    guard reader.uint32(header) == 0x0403_4B50 else { throw Complaint("\(label) does not begin with its zip header") }
    let nameLength = Int(reader.uint16(header + 26))
    let start = header + 30 + nameLength + Int(reader.uint16(header + 28))
    guard reader.has(size, at: start) else { throw cutOff }
    guard bytes[header + 30..<header + 30 + nameLength].elementsEqual(name.utf8) else {
      throw Complaint("\(label) has another name in its own zip header")
    }
    let range = start..<start + size
    guard CRC32.checksum(of: bytes, in: range) == record.checksum else {
      throw Complaint(
        "\(label) is damaged: its checksum is not the one in the zip directory",
        hint: "torch.serialization.set_crc32_options(False) also writes such files")
    }
    return range
  }
}

// MARK: - Directory

extension ZipArchive {
  /// Where the directory begins and how many records it lists.
  private static func directory(_ reader: ByteReader) throws(Complaint) -> (start: Int, count: Int) {
    // The end record is followed by a comment of at most 65,535 bytes.
    var end = reader.count - 22
    let first = max(0, end - 0xFFFF)
    while end >= first {
      if reader.uint32(end) == 0x0605_4B50, end + 22 + Int(reader.uint16(end + 20)) == reader.count { break }
      end -= 1
    }
    guard end >= first, end >= 0 else { throw Complaint("the zip archive has no directory: it is cut off") }
    var count = UInt64(reader.uint16(end + 10))
    var start = UInt64(reader.uint32(end + 16))
    if count == 0xFFFF || start == 0xFFFF_FFFF {
      guard end >= 20, reader.uint32(end - 20) == 0x0706_4B50,
        let place = Int(exactly: reader.uint64(end - 12)), reader.has(56, at: place),
        reader.uint32(place) == 0x0606_4B50
      else { throw Complaint("the end of the zip archive is damaged") }
      count = reader.uint64(place + 32)
      start = reader.uint64(place + 48)
    }
    guard let place = Int(exactly: start), place <= end, count <= UInt64(end - place) / 46 else {
      throw Complaint("the zip directory does not lie within the file")
    }
    return (place, Int(count))
  }

  /// The record at a place of the directory, with the 64-bit numbers of its extra field.
  private static func record(
    _ reader: ByteReader, _ at: Int, _ name: String, extra: Range<Int>
  ) throws(Complaint) -> Record {
    var numbers = [24, 20, 42].map { UInt64(reader.uint32(at + $0)) }
    if numbers.contains(0xFFFF_FFFF) {
      var place = extra.lowerBound
      while place + 4 <= extra.upperBound, reader.uint16(place) != 1 { place += 4 + Int(reader.uint16(place + 2)) }
      place += 4
      for index in numbers.indices where numbers[index] == 0xFFFF_FFFF {
        guard place + 8 <= extra.upperBound else { throw Complaint("record \(quoted(name)) has no 64-bit size") }
        numbers[index] = reader.uint64(place)
        place += 8
      }
    }
    return Record(
      method: reader.uint16(at + 10), flags: reader.uint16(at + 8), checksum: reader.uint32(at + 16),
      storedSize: numbers[1], size: numbers[0], header: numbers[2])
  }
}

/// Little-endian numbers at places of a byte array; the caller has checked the places.
struct ByteReader {
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var count: Int { bytes.count }

  func has(_ length: Int, at place: Int) -> Bool {
    place >= 0 && length >= 0 && length <= count && place <= count - length
  }

  func uint16(_ at: Int) -> UInt16 { UInt16(truncatingIfNeeded: number(at, 2)) }
  func uint32(_ at: Int) -> UInt32 { UInt32(truncatingIfNeeded: number(at, 4)) }
  func uint64(_ at: Int) -> UInt64 { number(at, 8) }

  private func number(_ at: Int, _ length: Int) -> UInt64 {
    var value: UInt64 = 0
    for index in (at..<at + length).reversed() { value = value << 8 | UInt64(bytes[index]) }
    return value
  }
}

/// The checksum of zip archives (polynomial EDB88320, reflected).
enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 0 ? value >> 1 : value >> 1 ^ 0xEDB8_8320 }
  }

  static func checksum(of bytes: [UInt8], in range: Range<Int>) -> UInt32 {
    bytes.withUnsafeBufferPointer { bytes in
      table.withUnsafeBufferPointer { table in
        var value = ~UInt32(0)
        for index in range { value = table[Int((value ^ UInt32(bytes[index])) & 0xFF)] ^ value >> 8 }
        return ~value
      }
    }
  }
}
