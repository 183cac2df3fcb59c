import Grammars
import Reference
import Search

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// CPU seconds that this thread spends in `body` outside the kernel, and its result.
func timed<T, E: Error>(_ body: () throws(E) -> T) throws(E) -> (seconds: Double, result: T) {
  let start = reference_user_seconds()
  let result = try body()
  return (reference_user_seconds() - start, result)
}

/// The middle of an odd number of figures, the mean of the two in the middle of an even number.
func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  let half = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
}

/// The same pseudorandom pairs below 113 each time.
func pairs(_ count: Int) -> (a: [Int64], b: [Int64]) {
  var state: UInt64 = 1
  func next() -> Int64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int64((state >> 33) % 113)
  }
  var (a, b): ([Int64], [Int64]) = ([], [])
  for _ in 0..<count {
    a.append(next())
    b.append(next())
  }
  return (a, b)
}

/// The problem in a file; a fault ends the program.
func problem(_ path: String) -> SyGuSProblem {
  guard let file = fopen(path, "rb") else { fatalError("cannot open \(path)") }
  defer { fclose(file) }
  var all: [UInt8] = []
  var part = [UInt8](repeating: 0, count: 1 << 16)
  while case let count = fread(&part, 1, part.count, file), count > 0 { all += part[..<count] }
  return problem(text: all, file: path)
}

/// The problem in some bytes; a fault ends the program.
func problem(text: [UInt8], file: String) -> SyGuSProblem {
  do { return try SyGuSReader.problem(text, file: file) } catch { fatalError("\(error)") }
}

/// `value` with `digits` places.
func fixed(_ value: Double, _ digits: Int = 2) -> String {
  let scale = pow(10, Double(digits))
  let scaled = (value.magnitude * scale).rounded()
  guard scaled < 1e15 else { return scientific(value) }
  let whole = Int(scaled)
  var text = String(whole)
  while text.count <= digits { text = "0" + text }
  let point = text.index(text.endIndex, offsetBy: -digits)
  return (value < 0 ? "-" : "") + text[..<point] + (digits > 0 ? "." + text[point...] : "")
}

/// Two digits and a power of ten: `1.7e14`.
func scientific(_ value: Double) -> String {
  guard value > 0, value.isFinite else { return "\(value)" }
  var exponent = Int(log10(value).rounded(.down))
  var digits = fixed(value / pow(10, Double(exponent)), 1)
  if digits == "10.0" {
    digits = "1.0"
    exponent += 1
  }
  return "\(digits)e\(exponent)"
}

/// With commas: `23,606,660`.
func grouped(_ value: some BinaryInteger) -> String {
  var text = ""
  for (index, digit) in String(value).reversed().enumerated() {
    if index > 0, index % 3 == 0 { text = "," + text }
    text = String(digit) + text
  }
  return text
}

func column(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }

/// Prints as it goes, also into a pipe.
func say(_ line: String = "") {
  print(line)
  fflush(nil)
}

/// Ends the program.
func stop(_ status: Int32) -> Never { exit(status) }

/// The lines with limits, printed together at the end.
struct Limits {
  private(set) var lines: [String] = []

  enum Bound {
    case atMost(Double)
    case atLeast(Double)
  }

  mutating func add(_ name: String, _ figure: Double, _ bound: Bound, _ shown: (Double) -> String) {
    let (met, sign, limit) =
      switch bound {
      case .atMost(let limit): (figure <= limit, "<=", limit)
      case .atLeast(let limit): (figure >= limit, ">=", limit)
      }
    let label = name + String(repeating: " ", count: max(1, 58 - name.count))
    lines.append("\(label)\(sign) \(column(shown(limit), 7))   \(column(shown(figure), 8))   \(met ? "met" : "MISSED")")
  }
}
