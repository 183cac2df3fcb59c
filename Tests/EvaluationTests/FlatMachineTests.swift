import Evaluation
import Grammars
import Randomness
import TestSupport
import Testing

/// The machine of Levin search against the interpreter.
@Suite struct FlatMachineTests {
  /// Values, reasons where they are certain, and steps, of all short programs with loops.
  @Test func flatCodeEqualsInterpreter() throws {
    let grammar = try StructuredLanguage.sequences.grammar()
    let machine = try FlatMachine(grammar)
    let interpreter = Interpreter(grammar)
    let limit: UInt64 = 2000
    for (program, _) in BruteForce(grammar, bits: 17).programs {
      let term = grammar.term(of: program)
      let start = machine.compile(program)
      for n in [0, 1, 2, 5, 40] as [Int64] {
        let (word, reason, steps) = machine.run(start, on: [n], stepLimit: limit)
        let outcome = interpreter.run(term, on: [.int(n)], stepLimit: limit)
        switch outcome.answer {
        case .value(let value):
          #expect(word == value.word && steps == outcome.steps, "\(term) at \(n)")
        case .none(let expected):
          #expect(word == nil, "\(term) at \(n)")
          // Charged ahead, a run may reach its limit before it meets another end.
          #expect(reason == expected || reason == .stepLimit, "\(term) at \(n)")
          #expect(steps >= outcome.steps)
        }
      }
    }
  }

  /// Operators, definitions and choices of languages without loops.
  @Test func flatCodeEqualsInterpreterOnDefinitions() throws {
    let text = """
      (define-fun madd ((x Int) (y Int)) Int (mod (+ x y) 5))
      (define-fun pick ((x Int) (y Int)) Int (ite (< x y) (madd x 1) (abs (- y))))
      (define-fun modulus () Int 7)
      (synth-fun f ((a Int) (b Int)) Int ((E Int) (B Bool))
        ((E Int (a b 2 (madd E E) (pick E E) (ff.div E E) (gcd E E) (isqrt E) (ite B E E)))
         (B Bool ((even E) (xor B B) (=> B B) (>= E E) (not B) (distinct E E)))))
      """
    let grammar = try SyGuSReader.problem(Array(text.utf8), file: "definitions").grammar
    let machine = try FlatMachine(grammar)
    let interpreter = Interpreter(grammar)
    let programs = BruteForce(grammar, bits: 14).programs
    #expect(programs.count > 150)
    for (program, _) in programs {
      let start = machine.compile(program)
      for input in [[0, 0], [3, 5], [6, 2], [-4, 9]] as [[Int64]] {
        let (word, _, steps) = machine.run(start, on: input)
        let outcome = interpreter.run(grammar.term(of: program), on: input.map { .int($0) })
        #expect(word == outcome.value?.word)
        if outcome.value != nil { #expect(steps == outcome.steps) }
      }
    }
  }

  /// Lists, folds and streams: all short programs and long ones drawn from the prior. What a run makes is given back.
  @Test(arguments: [StructuredLanguage.lists, .transducers, .nested])
  func flatCodeEqualsInterpreterOnLists(_ language: StructuredLanguage) throws {
    let grammar = try language.grammar()
    let machine = try FlatMachine(grammar)
    var generator = SeededGenerator(seed: 7, name: "flat/\(language)")
    let sampler = PriorSampler(grammar)
    let long = (0..<(isThorough ? 1500 : 600)).compactMap { _ in sampler.sample(maximumSize: 40, using: &generator) }
    let programs = BruteForce(grammar, bits: language == .nested ? 18 : 13).programs.map(\.program) + long
    #expect(programs.count > 700)
    let marks = (machine.mark, machine.listMark)
    var (values, reasons): (Int, Set<NoValue>) = (0, [])
    for program in programs {
      let start = machine.compile(program)
      for limit in [UInt64(5), 900] {
        let list = (0..<Int(generator.below(7))).map { _ in Int64(generator.below(11)) }
        try Self.compare(machine, start, program, grammar, .list(list), limit, &values, &reasons)
        machine.listMark = marks.1
      }
      machine.mark = marks.0
    }
    #expect(values > 500 && reasons.count > 1)
    #expect(machine.bytes < 1 << 18)
  }

  private static func compare(
    _ machine: FlatMachine, _ start: Int, _ program: Program, _ grammar: Grammar, _ input: Value, _ limit: UInt64,
    _ values: inout Int, _ reasons: inout Set<NoValue>
  ) throws {
    let term = grammar.term(of: program)
    let (word, reason, steps) = machine.run(start, on: [machine.word(input)], stepLimit: limit)
    let outcome = Interpreter(grammar).run(term, on: [input], stepLimit: limit)
    let text = "\(SyGuSPrinter(grammar).text(term)) on \(input)"
    switch outcome.answer {
    case .value(let value):
      #expect(word.map { machine.value($0, grammar.resultSort) } == value, "\(text)")
      #expect(steps == outcome.steps, "\(text)")
      values += 1
    case .none(let expected):
      #expect(word == nil && (reason == expected || reason == .stepLimit), "\(text)")
      #expect(steps >= outcome.steps, "\(text)")
      reasons.insert(reason)
    }
  }

  /// Lists as states of loops, as constants, compared, in definitions, and made inside of bodies.
  @Test func listsOccurWhereverValuesDo() throws {
    let text = """
      (define-fun twice ((l (List Int)) (k Int)) (List Int) (append (drop k l) (drop k l)))
      (define-fun pick ((a (List Int)) (b (List Int))) (List Int) (ite (= a b) (cons 7 nil) (sort (twice a 1))))
      (synth-fun f ((xs (List Int))) (List Int) ((L (List Int)) (I Int) (B (List Int)) (E Int) (P Bool))
        ((L (List Int) (xs nil (twice L I) (pick L L) (loop (lambda ((x (List Int)) (i Int)) B) I L)
           (scan (lambda ((a Int) (i Int)) E) I L) (filter (lambda ((i Int)) P) L) (unique L) (stride I L)))
         (I Int (2 3 (length L) (index I L) (product L)))
         (B (List Int) (x (cons i B) (append x x) (drop 1 x) (ite (distinct x nil) B xs)))
         (E Int (i (sum (digits 2 i)) (number 3 xs))) (P Bool ((= (last xs) i) (= (digits 2 i) xs)))))
      """
    let grammar = try SyGuSReader.problem(Array(text.utf8), file: "lists").grammar
    let machine = try FlatMachine(grammar)
    let programs = BruteForce(grammar, bits: 17).programs
    #expect(programs.count > 1000)
    let marks = (machine.mark, machine.listMark)
    var (values, reasons): (Int, Set<NoValue>) = (0, [])
    for (program, _) in programs {
      let start = machine.compile(program)
      for input in [[], [2], [3, 1, 2, 2]] as [[Int64]] {
        try Self.compare(machine, start, program, grammar, .list(input), 500, &values, &reasons)
        machine.listMark = marks.1
      }
      machine.mark = marks.0
    }
    #expect(values > 1000 && reasons.contains(.outOfRange))
  }

  /// A state that is made anew a thousand times takes the room of one.
  @Test func statesOfFoldsAreGivenBack() throws {
    let grammar = try StructuredLanguage.lists.grammar()
    let machine = try FlatMachine(grammar)
    let text = "(fold (lambda ((s (List Int)) (e Int)) (cons e (drop 1 (cons e s)))) nil (fit (* 9 (* 10 10)) xs))"
    let term = try SyGuSReader.term(text, in: grammar)
    let program = try #require(grammar.derivation(of: term))
    let before = machine.bytes
    let (word, _, steps) = machine.run(machine.compile(program), on: [machine.word(.list([1]))])
    #expect(word.map { machine.value($0, .list) } == .list([Int64](repeating: 0, count: 899) + [1]))
    #expect(steps > 400_000)
    #expect(machine.bytes - before < 8 * 8192)
  }

  /// Every word of 64 bits is a value, the one that stands for no value elsewhere too.
  static let vectors = """
    (define-fun top ((x (_ BitVec 64)) (y (_ BitVec 64))) (_ BitVec 64)
      (ite (bvslt x y) (bvor x #x8000000000000000) (bvshl y (bvnot (bvsub x x)))))
    (define-fun fold ((x (_ BitVec 64))) (_ BitVec 4) (bvxor ((_ extract 63 60) x) ((_ extract 3 0) (top x x))))
    (synth-fun f ((a (_ BitVec 64)) (b (_ BitVec 64))) (_ BitVec 64)
      ((W (_ BitVec 64)) (H (_ BitVec 32)) (Q (_ BitVec 4)) (B Bool))
      ((W (_ BitVec 64) (a b #x8000000000000000 #x0000000000000001 (bvneg W) (bvadd W W) (bvsub W W) (bvmul W W)
         (bvudiv W W) (bvurem W W) (bvsdiv W W) (bvsrem W W) (bvsmod W W) (bvshl W W) (bvlshr W W) (bvashr W W)
         (top W W) (concat H H) ((_ rotate_left 63) W) ((_ rotate_right 5) W) ((_ sign_extend 60) Q)
         ((_ repeat 16) Q) (ite B W W)))
       (H (_ BitVec 32) (((_ extract 63 32) W) ((_ zero_extend 28) Q) (bvnand H H)))
       (Q (_ BitVec 4) (#x9 (fold W) (bvxnor Q Q) ((_ zero_extend 3) (bvcomp W W))))
       (B Bool ((bvslt W W) (bvuge W W) (= W W) (distinct Q Q) (and B B)))))
    """

  @Test(arguments: ["vectors", "bitvectors", "permutations"])
  func flatCodeEqualsInterpreterOnWords(_ name: String) throws {
    let grammar =
      try Language(rawValue: name)?.grammar()
      ?? SyGuSReader.problem(Array(Self.vectors.utf8), file: "vectors").grammar
    let machine = try FlatMachine(grammar)
    let interpreter = Interpreter(grammar)
    var generator = SeededGenerator(seed: 3, name: "flat/\(name)")
    let sampler = PriorSampler(grammar)
    let programs =
      BruteForce(grammar, bits: name == "permutations" ? 10 : 12).programs.map(\.program)
      + (0..<3000).compactMap { _ in sampler.sample(maximumSize: 40, using: &generator) }
    let corners: [UInt64] = [0, 1, 1 << 63, .max, 63, 1 << 63 - 1]
    func word(_ sort: Sort) -> Value {
      switch sort {
      case .bitVector(let width):
        let isCorner = generator.below(2) == 0
        return .bitVector(isCorner ? corners[Int(generator.below(6))] : generator.next(), width: width)
      case .permutation(let degree): return .permutation((0..<degree).shuffled(using: &generator))!
      default: preconditionFailure("\(sort)")
      }
    }
    let mark = machine.mark
    var lowest = 0
    for program in programs {
      let start = machine.compile(program)
      let inputs = grammar.parameters.map { word($0.sort) }
      let outcome = interpreter.run(grammar.term(of: program), on: inputs)
      let (value, _, steps) = machine.run(start, on: inputs.map(\.word))
      #expect(value == outcome.value?.word && value != nil && steps == outcome.steps, "\(grammar.term(of: program))")
      if value == Value.noValueWord { lowest += 1 }
      // A run that is over its limit is told from one that gives the word.
      #expect(machine.run(start, on: inputs.map(\.word), stepLimit: steps - 1).word == nil)
      machine.mark = mark
    }
    #expect(programs.count > 900)
    #expect(name != "vectors" || lowest > 100)
  }

  /// A stream is the first parameter, a list.
  @Test func streamsOfOtherParametersAreRefused() throws {
    let text = """
      (synth-fun f ((n Int)) Int ((S Int))
        ((S Int (n (transduce S (lambda ((s Int) (x Int)) S) (lambda ((s Int) (x Int)) S))))))
      """
    #expect(throws: (any Error).self) {
      try FlatMachine(SyGuSReader.problem(Array(text.utf8), file: "streams").grammar)
    }
  }
}
