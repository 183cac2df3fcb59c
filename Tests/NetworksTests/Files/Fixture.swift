import Documents
import Networks
import TestSupport

/// Files that `Fixtures/make_fixtures.py` wrote with PyTorch and safetensors.
enum Fixture {
  static func path(_ name: String) -> String { Repository.root + "/Tests/NetworksTests/Fixtures/\(name)" }
  static func bytes(_ name: String) -> [UInt8] { Repository.bytes(path(name)) }

  /// Element `index` of the tensor with that name, as the script makes it.
  static func element(_ name: String, _ index: Int) -> Float { Float((index + name.utf8.count) % 17) / 8 - 1 }

  static func values(_ name: String, _ count: Int) -> [Float] { (0..<count).map { element(name, $0) } }

  static func torch(_ name: String) throws -> TorchArchive { try TorchArchive(bytes(name), file: name) }

  /// The transformer of the files: 7 tokens, 6 outputs, 3 positions, width 4, 2 heads of 3, 5 hidden units.
  static var transformer: DecoderTransformer.Configuration {
    var configuration = DecoderTransformer.Configuration(vocabulary: 7, outputs: 6, context: 3)
    (configuration.width, configuration.heads, configuration.headWidth, configuration.hidden) = (4, 2, 3, 5)
    return configuration
  }

  static func parameters(_ layout: ParameterLayout) -> [Float] {
    layout.entries.flatMap { values($0.name, $0.count) }
  }
}

/// A safetensors file of a header and some bytes behind it.
func safetensors(_ header: String, dataBytes: Int = 0, length: UInt64? = nil) -> [UInt8] {
  let text = Array(header.utf8)
  var file = ByteWriter()
  file.write(length ?? UInt64(text.count), 8)
  file.write(text)
  file.write([UInt8](repeating: 0, count: dataBytes))
  return file.bytes
}

/// Little-endian bytes of numbers, for files made by hand.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ value: UInt64, _ size: Int) {
    for index in 0..<size { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
  }

  mutating func write(_ value: Int, _ size: Int) { write(UInt64(value), size) }
  mutating func write(_ text: [UInt8]) { bytes += text }
}

/// A zip archive of stored records, with or without right checksums.
func zip(_ records: [(name: String, bytes: [UInt8])], method: Int = 0, damagesChecksums: Bool = false) -> [UInt8] {
  var file = ByteWriter()
  var directory = ByteWriter()
  for record in records {
    let name = Array(record.name.utf8)
    var head = ByteWriter()
    head.write(0, 2)
    head.write(method, 2)
    head.write(0, 4)
    head.write(UInt64(checksum(record.bytes) ^ (damagesChecksums ? 1 : 0)), 4)
    head.write(record.bytes.count, 4)
    head.write(record.bytes.count, 4)
    head.write(name.count, 2)
    head.write(0, 2)
    directory.write(0x0201_4B50, 4)
    directory.write(0, 4)
    directory.write(head.bytes)
    directory.write(0, 10)
    directory.write(file.bytes.count, 4)
    directory.write(name)
    file.write(0x0403_4B50, 4)
    file.write(0, 2)
    file.write(head.bytes)
    file.write(name)
    file.write(record.bytes)
  }
  let start = file.bytes.count
  file.write(directory.bytes)
  file.write(0x0605_4B50, 4)
  file.write(0, 4)
  file.write(records.count, 2)
  file.write(records.count, 2)
  file.write(directory.bytes.count, 4)
  file.write(start, 4)
  file.write(0, 2)
  return file.bytes
}

/// CRC-32, bit by bit.
private func checksum(_ bytes: [UInt8]) -> UInt32 {
  var value = ~UInt32(0)
  for byte in bytes {
    value ^= UInt32(byte)
    for _ in 0..<8 { value = value & 1 == 0 ? value >> 1 : (value >> 1) ^ 0xEDB8_8320 }
  }
  return ~value
}

/// The message of the `InputError` that `body` throws.
func message(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "no error"
  } catch let error as InputError {
    return error.description
  } catch {
    return "another error: \(error)"
  }
}
