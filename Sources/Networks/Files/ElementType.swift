/// How the elements of a stored tensor are written, by the names that safetensors gives.
///
/// Everything is read as float32. Exact: `float32`, `float16`, `bfloat16`, `bool`, integers of at most 16 bits, and any
/// number that float32 has. Rounded to the nearest float32, ties to even: other numbers of `float64` and of wider
/// integers.
public enum ElementType: String, Hashable, Sendable, CaseIterable {
  /// One byte: 0 is read as 0, any other as 1.
  case bool = "BOOL"
  /// An unsigned integer of 8 bits.
  case uint8 = "U8"
  /// A signed integer of 8 bits, as all signed ones in two's complement.
  case int8 = "I8"
  /// A signed integer of 16 bits.
  case int16 = "I16"
  /// An unsigned integer of 16 bits.
  case uint16 = "U16"
  /// IEEE 754 binary16.
  case float16 = "F16"
  /// The upper 16 bits of an IEEE 754 binary32.
  case bfloat16 = "BF16"
  /// A signed integer of 32 bits.
  case int32 = "I32"
  /// An unsigned integer of 32 bits.
  case uint32 = "U32"
  /// IEEE 754 binary32: the type that files are written in.
  case float32 = "F32"
  /// IEEE 754 binary64.
  case float64 = "F64"
  /// A signed integer of 64 bits.
  case int64 = "I64"
  /// An unsigned integer of 64 bits.
  case uint64 = "U64"

  /// Bytes of an element.
  public var size: Int {
    switch self {
    case .bool, .uint8, .int8: 1
    case .int16, .uint16, .float16, .bfloat16: 2
    case .int32, .uint32, .float32: 4
    case .float64, .int64, .uint64: 8
    }
  }
}

// MARK: - Elements as float32

extension ElementType {
  /// The element at an address that need not be aligned.
  ///
  /// - Parameter isSwapped: Whether the bytes are in the order opposite to this machine's.
  @inline(__always)
  func float(at address: UnsafeRawPointer, isSwapped: Bool) -> Float {
    func bits<Bits: FixedWidthInteger & BitwiseCopyable>(_ type: Bits.Type) -> Bits {
      let value = address.loadUnaligned(as: Bits.self)
      return isSwapped ? value.byteSwapped : value
    }
    switch self {
    case .bool: return bits(UInt8.self) == 0 ? 0 : 1
    case .uint8: return Float(bits(UInt8.self))
    case .int8: return Float(bits(Int8.self))
    case .int16: return Float(bits(Int16.self))
    case .uint16: return Float(bits(UInt16.self))
    case .float16: return Self.float(half: bits(UInt16.self))
    case .bfloat16: return Float(bitPattern: UInt32(bits(UInt16.self)) << 16)
    case .int32: return Float(bits(Int32.self))
    case .uint32: return Float(bits(UInt32.self))
    case .float32: return Float(bitPattern: bits(UInt32.self))
    case .float64: return Float(Double(bitPattern: bits(UInt64.self)))
    case .int64: return Float(bits(Int64.self))
    case .uint64: return Float(bits(UInt64.self))
    }
  }

  /// The number of IEEE 754 binary16; exact. (`Float16` does not exist on every platform.)
  static func float(half bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10 & 0x1F)
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0:
      let magnitude = Float(fraction) * 0x1p-24
      return sign == 0 ? magnitude : -magnitude
    case 31: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }
}
