import Grammars

/// What both machines compute of the integers of a list. Nil where a value, or one on the way to it, leaves 64 bits.
extension UnsafeBufferPointer<Int64> {
  @inline(__always)
  func sum() -> Int64? {
    var result: Int64 = 0
    for element in self {
      let (value, overflow) = result.addingReportingOverflow(element)
      if overflow || value == Value.noValueWord { return nil }
      result = value
    }
    return result
  }

  @inline(__always)
  func product() -> Int64? {
    var result: Int64 = 1
    for element in self {
      let (value, overflow) = result.multipliedReportingOverflow(by: element)
      if overflow || value == Value.noValueWord { return nil }
      result = value
    }
    return result
  }

  /// The number with these digits, the lowest first: by Horner's rule from the highest.
  @inline(__always)
  func number(base: Int64) -> Int64? {
    var result: Int64 = 0
    for element in reversed() {
      let (product, first) = result.multipliedReportingOverflow(by: base)
      let (sum, second) = product.addingReportingOverflow(element)
      if first || second || sum == Value.noValueWord || product == Value.noValueWord { return nil }
      result = sum
    }
    return result
  }
}
