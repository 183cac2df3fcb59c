internal import CGMP

extension BigInteger {
  /// Zero.
  public init() { self.init(box: levin_integer_make(0)) }

  /// Any integer, exactly.
  public init<T: BinaryInteger>(_ source: T) {
    if let same = source as? BigInteger {
      self = same
    } else if let small = Int(exactly: source) {
      self = Self.computed { __gmpz_set_si($0, small) }
    } else {
      self.init(twosComplement: Array(source.words), isNegative: T.isSigned && source < 0)
    }
  }

  /// Two's complement words, least significant first.
  private init(twosComplement words: [UInt], isNegative: Bool) {
    let magnitude = isNegative ? words.map { ~$0 } : words
    let value = Self.computed { z in
      magnitude.withUnsafeBufferPointer {
        __gmpz_import(z, $0.count, -1, MemoryLayout<UInt>.size, 0, 0, $0.baseAddress)
      }
    }
    self = isNegative ? ~value : value
  }

  /// Any integer, exactly: nothing is truncated, as there is no width.
  public init<T: BinaryInteger>(truncatingIfNeeded source: T) { self.init(source) }
  /// Any integer, exactly: nothing is clamped, as there are no bounds.
  public init<T: BinaryInteger>(clamping source: T) { self.init(source) }
  /// Any integer, exactly; never nil.
  public init?<T: BinaryInteger>(exactly source: T) { self.init(source) }

  /// The integer part of a finite floating-point number, exactly.
  public init<T: BinaryFloatingPoint>(_ source: T) {
    precondition(source.isFinite, "\(source) is not a finite number")
    let whole = source.rounded(.towardZero)
    guard whole != 0 else {
      self.init()
      return
    }
    let bits = T.significandBitCount
    let significand = BigInteger(whole.significandBitPattern) | (BigInteger(1) << bits)
    let value = significand << (Int(whole.exponent) - bits)
    self = whole < 0 ? -value : value
  }

  /// The number as an integer when it is one.
  public init?<T: BinaryFloatingPoint>(exactly source: T) {
    guard source.isFinite, source.rounded(.towardZero) == source else { return nil }
    self.init(source)
  }

  /// The nearest `Double`, ties to even; infinite beyond the range.
  public var nearestDouble: Double {
    let width = bitWidthOfMagnitude
    if width <= 53 { return Double(Int(self)) }
    // 55 bits with the lowest one sticky: one rounding, to nearest even, remains.
    let shift = width - 55
    if shift <= 0 { return Double(Int(self)) }
    let size = magnitude
    let top = size >> shift
    let sticky = (top << shift) == size ? 0 : 1
    guard width <= 1024 else { return sign < 0 ? -.infinity : .infinity }
    let rounded = Double(Int(top) | sticky)
    let value = Double(sign: .plus, exponent: shift, significand: rounded)
    return sign < 0 ? -value : value
  }
}

extension BigInteger: ExpressibleByIntegerLiteral {
  /// A literal of any length.
  public init(integerLiteral value: StaticBigInt) {
    let count = (value.bitWidth + UInt.bitWidth - 1) / UInt.bitWidth
    self.init(twosComplement: (0..<count).map { value[$0] }, isNegative: value.signum() < 0)
  }
}

extension BigInteger: CustomStringConvertible {
  /// Decimal digits.
  public var description: String { description(radix: 10) }

  /// Digits in a radix from 2 to 36, lower case.
  ///
  /// - Complexity: subquadratic in the number of digits (GMP).
  public func description(radix: Int) -> String {
    precondition((2...36).contains(radix), "radix \(radix) is outside 2 ... 36")
    return withExtendedLifetime(self) {
      let capacity = Int(__gmpz_sizeinbase(z, Int32(radix))) + 2
      return withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) { buffer in
        __gmpz_get_str(buffer.baseAddress, Int32(radix), z)
        return String(cString: buffer.baseAddress!)
      }
    }
  }
}

extension BigInteger: LosslessStringConvertible {
  /// Reads an optional sign and decimal digits; nil for anything else.
  public init?(_ description: String) { self.init(description, radix: 10) }

  /// Reads an optional sign and digits of a radix from 2 to 36; nil for anything else.
  public init?<S: StringProtocol>(_ text: S, radix: Int = 10) {
    precondition((2...36).contains(radix), "radix \(radix) is outside 2 ... 36")
    var digits = Array(text.utf8)
    var isNegative = false
    if let first = digits.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      isNegative = first == UInt8(ascii: "-")
      digits.removeFirst()
    }
    func digit(_ byte: UInt8) -> Int? {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte) - 48
      case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(byte) - 87
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(byte) - 55
      default: nil
      }
    }
    guard !digits.isEmpty, digits.allSatisfy({ digit($0).map { $0 < radix } ?? false }) else { return nil }
    let text = String(decoding: digits, as: UTF8.self)
    let value = Self.computed { z in _ = text.withCString { __gmpz_set_str(z, $0, Int32(radix)) } }
    self = isNegative ? -value : value
  }
}
