public import Documents
public import ExactArithmetic
internal import Grammars
public import Tasks

/// One unit of a comparison: a method asked one question about one task with one seed.
public struct Cell: Hashable, Sendable {
  /// What a method is asked about a task: to learn it, or to code its labels.
  public enum Question: Hashable, Sendable {
    /// Learn from this share of the examples and answer the others; of all training examples where they are drawn.
    case learn(Rational?)
    /// Code all labels in their order with the method's code of that name.
    case code(String)
  }

  /// The task with its modulus and variant.
  public let task: TaskReference
  /// What the method is asked.
  public let question: Question
  /// Seed of the split and of everything random in the method.
  public let seed: UInt64
  /// The method's word in plans, `ComparedMethod.name`.
  public let method: String

  /// A cell; `method` is the method's word in plans.
  public init(task: TaskReference, question: Question, seed: UInt64, method: String) {
    self.task = task
    self.question = question
    self.seed = seed
    self.method = method
  }

  /// The cell's name in records, such as `mod-add@113 learn 3/10 seed 0 mlp`; different cells have different names.
  public var name: String {
    Self.name(task: task.text, question: "\(question)", seed: seed, method: method)
  }

  /// The name that these words of a record make.
  static func name(task: String, question: String, seed: UInt64, method: String) -> String {
    "\(task) \(question) seed \(seed) \(method)"
  }

  /// The name as that of a folder; different cells have different ones.
  public var folderName: String {
    let rest = "\(question) seed \(seed) \(method)"
    return "\(task.fileName)-" + String(rest.map { $0 == " " || $0 == "/" ? "-" : $0 })
  }
}

extension Cell.Question: CustomStringConvertible {
  public var description: String {
    switch self {
    case .learn(let share): share.map { "learn \($0)" } ?? "learn"
    case .code(let name): "code \(name)"
    }
  }
}

/// A task as plans name it: a built-in name or a file, a modulus, and a variant that serves as a control.
///
///     mod-add    mod-add@97    mod-add@97:random    pairs.csv    parity-check    A000045
public struct TaskReference: Hashable, Sendable {
  /// A built-in name or the path of a file, without modulus and variant.
  public let base: String
  /// The number behind `@`, above 1; nil where none is said.
  public let modulus: Int64?
  /// The control behind `:`; nil for the task itself.
  public let variant: TaskVariant?
  /// Whether it is a file of sequences of symbols; false until `resolved(modulus:sequence:)` has looked.
  private var holdsSymbols = false
  /// The integer sequence, of the suite or of a file that holds one; nil until `resolved(modulus:sequence:)` has looked.
  public private(set) var sequence: SequenceTask?

  /// - Throws: `InputError` naming the text, what is wrong with it, and the nearest variant.
  public init(_ text: String) throws(InputError) {
    var rest = text[...]
    var variant: TaskVariant?
    // A path may have these characters too: what ends as a file does is one.
    func suffix(_ mark: Character) -> String.Index? {
      guard !TaskData.hasFileEnding(String(rest)), !SyGuSTask.isFile(String(rest)) else { return nil }
      return rest.lastIndex(of: mark).flatMap { rest[$0...].contains("/") ? nil : $0 }
    }
    if let colon = suffix(":") {
      let word = String(rest[rest.index(after: colon)...])
      guard let found = TaskVariant(rawValue: word) else {
        let names = TaskVariant.allCases.map(\.rawValue)
        throw InputError(
          file: text, message: "unknown variant '\(word)'; expected \(names.joined(separator: ", "))",
          hint: nearestMatch(to: word, among: names).map { "did you mean '\($0)'?" })
      }
      variant = found
      rest = rest[..<colon]
    }
    var modulus: Int64?
    if let at = suffix("@") {
      guard let number = Int64(rest[rest.index(after: at)...]), number > 1 else {
        throw InputError(file: text, message: "'\(rest[at...].dropFirst())' is no modulus; expected a number above 1")
      }
      modulus = number
      rest = rest[..<at]
    }
    guard !rest.isEmpty else { throw InputError(file: text, message: "the name of a task is missing") }
    base = String(rest)
    self.modulus = modulus
    self.variant = variant
  }

  init(base: String, modulus: Int64?, variant: TaskVariant?) {
    (self.base, self.modulus, self.variant) = (base, modulus, variant)
  }

  /// The reference as plans write it, such as `mod-add@97:random`; read back it is equal.
  public var text: String {
    base + (modulus.map { "@\($0)" } ?? "") + (variant.map { ":\($0.rawValue)" } ?? "")
  }

  /// The reference as part of a file's name; different references have different ones.
  ///
  /// A built-in name has letters, digits and `-` alone, so the `:` of a variant becomes a `-`; a path is escaped.
  var fileName: String {
    let isBuiltIn = isSampled || isSequenceNumber || TaskFamily.all.contains { $0.name == base }
    return isBuiltIn ? String(text.map { $0 == ":" ? "-" : $0 }) : Self.escaped(text)
  }

  /// A text with `_` and two hexadecimal digits for each byte of what is no letter, number, `-` or point: `a/b_c.csv` is
  /// `a_2Fb_5Fc.csv`.
  /// Of more than 100 bytes the first 60 and, behind `-`, 16 digits of the SHA-256: names of files have a greatest length.
  static func escaped(_ text: String) -> String {
    let name = text.map { character -> String in
      if character.isLetter || character.isNumber || character == "-" || character == "." { return String(character) }
      return character.utf8.map { ($0 < 16 ? "_0" : "_") + String($0, radix: 16, uppercase: true) }.joined()
    }.joined()
    guard name.utf8.count > 100 else { return name }
    return String(decoding: name.utf8.prefix(60), as: UTF8.self).filter { $0 != "\u{FFFD}" } + "-"
      + SHA256.hexadecimalDigest(of: Array(text.utf8)).prefix(16)
  }

  private var isFile: Bool { TaskData.isFile(base) || grammarFile != nil }

  /// The file itself where it is one of SyGuS, which has a grammar beside its examples.
  public var grammarFile: String? { SyGuSTask.isFile(base) ? base : nil }

  /// The same reference with its modulus said where the task has one.
  ///
  /// - Parameter sequence: the integer sequence of a number such as `A000045`.
  /// - Throws: what is wrong with the name, the modulus or the file.
  public func resolved(
    modulus standard: Int64?, sequence: (String) throws -> SequenceTask
  ) throws -> TaskReference {
    var found = self
    (found.holdsSymbols, found.sequence) = (false, nil)
    if grammarFile != nil {
      let sort = try SyGuSTask(path: base).task.outputSort
      if sort == .list || sort == .pair {
        throw InputError(
          file: base, message: "outputs of sort \(sort): functions are compared on outputs of one value",
          hint: "levin search takes the file; sequences of symbols are compared as JSON Lines")
      }
    } else if isFile {
      switch try TaskFile.read(path: base) {
      case .function: break
      case .symbols: found.holdsSymbols = true
      case .integerSequences(let suite, _): found.sequence = try .only(of: suite, file: base)
      }
    } else if isSequenceNumber {
      found.sequence = try sequence(base)
    }
    if modulus != nil, isSampled || isFile || isSequenceNumber {
      throw TaskError.quantityNotUsed(task: base, quantity: "modulus")
    }
    if found.kind != .function, let variant {
      throw InputError(file: text, message: "a task on sequences has no control '\(variant.rawValue)'")
    }
    if found.kind != .function || isFile { return found }
    let family = try TaskFamily.named(base)
    if case .modulus(let usual, _) = family.size {
      found = TaskReference(base: base, modulus: modulus ?? standard ?? usual, variant: variant)
    }
    _ = try family.exampleCount(modulus: found.modulus)
    return found
  }

  /// Whether it is a built-in task on sequences of symbols, whose examples are drawn.
  public var isSampled: Bool { SymbolTask.all.contains { $0.name == base } }

  /// Whether it is a task on sequences of symbols: a built-in one, or a file of them that
  /// `resolved(modulus:sequence:)` looked at.
  public var isSequences: Bool { isSampled || holdsSymbols }

  /// Whether it is written as the number of an integer sequence.
  private var isSequenceNumber: Bool { SequenceTask.isNumber(base) }

  /// What the task maps; no file is read.
  public var kind: TaskKind { isSequences ? .sequences : sequence != nil || isSequenceNumber ? .terms : .function }

  /// The task's table, its variant applied, and its formula where the labels follow one; for tasks on functions.
  public func table() throws -> (task: TaskData, formula: String?) {
    if isFile {
      let task = try grammarFile.map { try SyGuSTask(path: $0).task } ?? TaskData.read(path: base)
      return (try variant?.applied(to: task) ?? task, nil)
    }
    let family = try TaskFamily.named(base)
    let task = try family.table(modulus: modulus)
    return (try variant?.applied(to: task) ?? task, variant?.keepsFormula == false ? nil : family.formula)
  }
}
