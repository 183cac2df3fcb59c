public import Documents

/// The safetensors format: a length, a header in JSON, numbers.
///
///     u64 little-endian: bytes of the header
///     {"__metadata__":{"key":"text"},"embed.W_E":{"dtype":"F32","shape":[113,128],"data_offsets":[0,57856]},…}
///     the elements, row-major, little-endian, tensor behind tensor without holes
///
/// The reader accepts what the reference implementation accepts and is stricter in three places: unknown members of a
/// tensor's entry, sizes that are not written as plain integers, and (unless told otherwise) numbers that are not
/// finite.
///
/// - Source: github.com/huggingface/safetensors, README "Format" and `safetensors/src/tensor.rs`.
public enum Safetensors {
  /// The greatest length of a header in bytes, that of the reference implementation.
  public static let longestHeader = 100_000_000

  /// What a file holds.
  public struct Contents: Hashable, Sendable {
    /// In the order of their places; those without elements by name.
    public let tensors: NamedTensors
    /// The texts under `__metadata__` by their keys; empty when there are none.
    public let metadata: [String: String]
  }

  /// Reads a file.
  ///
  /// - Parameter file: The name that messages give it.
  /// - Throws: `InputError` with every fault of the header, or every tensor that holds what is not a finite number.
  /// - Complexity: linear in the file; memory at most the file, four bytes for each element and about 50 bytes for each
  ///   byte of the header.
  public static func read(
    _ bytes: [UInt8], file: String, options: TensorReadingOptions = .init()
  ) throws(InputError) -> Contents {
    let header = try SafetensorsHeader(bytes, file: file)
    return Contents(tensors: try header.views.read(bytes, file: file, options), metadata: header.metadata)
  }
}

// MARK: - Writing

extension Safetensors {
  /// The bytes of a file that holds these tensors as float32.
  ///
  /// They are those that the reference implementation writes for the same float32 tensors: tensors in the order of the
  /// UTF-8 bytes of their names, the header padded with spaces to a multiple of 8. With more than one entry of metadata
  /// that implementation's order varies from run to run; here they are sorted.
  public static func bytes(_ tensors: NamedTensors, metadata: [String: String] = [:]) -> [UInt8] {
    let sorted = tensors.tensors.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    var header = Self.header(sorted, metadata)
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    precondition(header.count <= longestHeader, "a header of \(header.count) bytes")
    let elements = sorted.reduce(0) { $0 + $1.values.count }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + 4 * elements)
    for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: header.count >> shift)) }
    bytes += header
    for tensor in sorted { append(tensor.values, to: &bytes) }
    return bytes
  }

  private static func header(_ tensors: [NamedTensors.Tensor], _ metadata: [String: String]) -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      members.append("\"__metadata__\":\(JSONValue.object(metadata.mapValues(JSONValue.string)))")
    }
    var offset = 0
    for tensor in tensors {
      precondition(tensor.name != "__metadata__", "a tensor cannot be named '__metadata__'")
      let end = offset + 4 * tensor.values.count
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(JSONValue.string(tensor.name)):{\"dtype\":\"F32\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    return Array("{\(members.joined(separator: ","))}".utf8)
  }

  private static func append(_ values: [Float], to bytes: inout [UInt8]) {
    #if _endian(little)
      values.withUnsafeBytes { bytes.append(contentsOf: $0) }
    #else
      for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
    #endif
  }
}
