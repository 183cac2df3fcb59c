import Randomness

/// Arithmetic modulo 5 written with symbols: digits are the symbols 0 ... 4, what follows differs by alphabet.
enum Expression {
  static let modulus = 5

  /// `0 … 4 + - *`, for expressions without brackets.
  static let operators = SymbolAlphabet(["0", "1", "2", "3", "4", "+", "-", "*"])
  /// `0 … 4 + - * ( )`.
  static let brackets = SymbolAlphabet(["0", "1", "2", "3", "4", "+", "-", "*", "(", ")"])
  /// `0 … 4 + - ( ) x =`.
  static let equations = SymbolAlphabet(["0", "1", "2", "3", "4", "+", "-", "(", ")", "x", "="])

  /// Which symbols an expression with brackets is written with.
  enum Form {
    case brackets, equations

    var plus: Int { 5 }
    var minus: Int { 6 }
    /// nil where there is no product.
    var times: Int? { self == .brackets ? 7 : nil }
    var open: Int { self == .brackets ? 8 : 7 }
    var close: Int { open + 1 }
    /// nil where there is no unknown.
    var unknown: Int? { self == .equations ? 9 : nil }
  }

  /// The equality sign of equations.
  static let equals = 10
}

// MARK: - Without brackets

extension Expression {
  /// The value of `d op d op …`, products first, left to right; nil when the symbols do not alternate.
  static func plainValue(_ symbols: [Int]) -> Int? {
    guard symbols.count % 2 == 1 else { return nil }
    var (sum, product, sign) = (0, 1, 1)
    for (index, symbol) in symbols.enumerated() {
      guard (symbol < modulus) == (index % 2 == 0) else { return nil }
      switch symbol {
      case 7: break
      case 5, 6:
        (sum, product, sign) = ((sum + sign * product + modulus) % modulus, 1, symbol == 5 ? 1 : -1)
      default: product = product * symbol % modulus
      }
    }
    return (sum + sign * product + modulus) % modulus
  }
}

// MARK: - With brackets

extension Expression {
  /// `constant + slope · x` modulo 5.
  struct Linear: Hashable {
    var constant: Int
    var slope = 0
  }

  /// Samples an expression of exactly so many symbols, as Delétang et al. 2022 do.
  ///
  /// Up to four symbols: d, -d, (d), (-d). Else (left op right), the length of the left part drawn evenly.
  static func sample(_ length: Int, _ form: Form, _ generator: inout SeededGenerator) -> [Int] {
    var symbols: [Int] = []
    // Parts still to be written, the next one last; a length stands for an expression.
    var rest: [(length: Int, symbol: Int)] = [(length, 0)]
    while let part = rest.popLast() {
      switch part.length {
      case 0: symbols.append(part.symbol)
      case 1: symbols.append(Int(generator.below(5)))
      case 2: symbols += [form.minus, Int(generator.below(5))]
      case 3: symbols += [form.open, Int(generator.below(5)), form.close]
      case 4: symbols += [form.open, form.minus, Int(generator.below(5)), form.close]
      default:
        let left = 1 + Int(generator.below(UInt64(part.length - 4)))
        let operation = [form.plus, form.minus, form.times][Int(generator.below(form.times == nil ? 2 : 3))]!
        symbols.append(form.open)
        rest += [(0, form.close), (part.length - 3 - left, 0), (0, operation), (left, 0)]
      }
    }
    return symbols
  }

  /// An equation: in an expression one digit, the first from a random place on, gives way to x; then = and the value.
  @Sendable static func sampleEquation(_ length: Int, _ generator: inout SeededGenerator) -> [Int] {
    guard length > 2 else { return Array(repeating: 0, count: length) }
    var symbols = sample(length - 2, .equations, &generator)
    guard let value = bracketValue(symbols, .equations) else { preconditionFailure("no value of \(symbols)") }
    var place = Int(generator.below(UInt64(symbols.count)))
    while symbols[place] >= modulus { place = (place + 1) % symbols.count }
    symbols[place] = Form.equations.unknown!
    return symbols + [equals, value.constant]
  }

  /// The x that solves an equation; nil for what is none, or has no or every x as its solution.
  @Sendable static func solution(_ symbols: [Int]) -> [Int]? {
    if symbols.count < 3 { return symbols.allSatisfy { $0 == 0 } ? [0] : nil }
    guard let right = symbols.last, right < modulus, symbols[symbols.count - 2] == equals,
      let left = bracketValue(Array(symbols.dropLast(2)), .equations), left.slope != 0
    else { return nil }
    return (0..<modulus).first { (left.constant + left.slope * $0) % modulus == right }.map { [$0] }
  }

  /// The value of an expression; nil when the symbols are none, or multiply x by x.
  static func bracketValue(_ symbols: [Int], _ form: Form) -> Linear? {
    var reader = Reader(symbols: symbols, form: form)
    guard let value = reader.expression(), reader.at == symbols.count else { return nil }
    return value
  }

  /// Reads by one symbol of lookahead, with a stack of its own: inputs nest deeper than call stacks may.
  private struct Reader {
    let symbols: [Int]
    let form: Form
    var at = 0

    /// A bracket that is open, with the left part and the operation once they are read.
    private struct Open {
      var left: Linear?
      var operation = 0
    }

    mutating func expression() -> Linear? {
      var open: [Open] = []
      while true {
        while take(form.open) { open.append(Open()) }
        guard var value = operand() else { return nil }
        // What follows an expression: nothing, an operation, or brackets that close.
        while let bracket = open.last {
          if take(form.close) {
            guard let closed = combined(bracket, value) else { return nil }
            value = closed
            open.removeLast()
          } else {
            guard bracket.left == nil, let operation = operation() else { return nil }
            open[open.count - 1] = Open(left: value, operation: operation)
            break
          }
        }
        if open.isEmpty { return value }
      }
    }

    private mutating func take(_ symbol: Int) -> Bool {
      guard at < symbols.count, symbols[at] == symbol else { return false }
      at += 1
      return true
    }

    /// d, x, -d or -x.
    private mutating func operand() -> Linear? {
      let isNegative = take(form.minus)
      guard at < symbols.count, symbols[at] < modulus || symbols[at] == form.unknown else { return nil }
      let symbol = symbols[at]
      at += 1
      let value = symbol < modulus ? Linear(constant: symbol) : Linear(constant: 0, slope: 1)
      return isNegative ? Expression.sum(Linear(constant: 0), value, sign: -1) : value
    }

    private mutating func operation() -> Int? {
      for symbol in [form.plus, form.minus, form.times] { if let symbol, take(symbol) { return symbol } }
      return nil
    }

    private func combined(_ bracket: Open, _ value: Linear) -> Linear? {
      guard let left = bracket.left else { return value }
      if bracket.operation == form.times { return Expression.product(left, value) }
      return Expression.sum(left, value, sign: bracket.operation == form.plus ? 1 : -1)
    }
  }

  private static func sum(_ a: Linear, _ b: Linear, sign: Int) -> Linear {
    Linear(
      constant: (a.constant + sign * b.constant + modulus) % modulus,
      slope: (a.slope + sign * b.slope + modulus) % modulus)
  }

  private static func product(_ a: Linear, _ b: Linear) -> Linear? {
    guard a.slope == 0 || b.slope == 0 else { return nil }
    return Linear(
      constant: a.constant * b.constant % modulus, slope: (a.slope * b.constant + b.slope * a.constant) % modulus)
  }
}
