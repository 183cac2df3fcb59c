import Evaluation
import Grammars
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

  @Test func listsAreRefused() throws {
    let text = "(synth-fun f ((a (List Int))) Int ((E Int) (L (List Int))) ((E Int ((sum L))) (L (List Int) (a))))"
    let grammar = try SyGuSReader.problem(Array(text.utf8), file: "lists").grammar
    #expect(throws: FlatMachineError.self) { try FlatMachine(grammar) }
  }
}
