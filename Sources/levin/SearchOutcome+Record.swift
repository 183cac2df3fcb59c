import Documents
import ExactArithmetic
import Grammars
import Search
import Tasks

extension SearchOutcome {
  /// The outcome for machines. All fields but `seconds`, `secondsBeyondLevels` and `cpuSeconds` are functions of the inputs and the seed.
  var record: JSONValue {
    var record: [String: JSONValue] = [
      "type": "search",
      "version": .string(Levin.version),
      "task": run.assignment.record,
      "grammar": ["file": .string(run.assignment.grammarName), "sha256": .string(run.grammarHash)],
      "limits": limits,
      "stop": .string(report.stop.description),
      "solutions": .array(report.solutions.indices.map(solution)),
      "isShortest": .bool(!report.solutions.isEmpty && report.isShortest),
      "completeLevels": .integer(report.completeLevels),
      "programs": .string(report.programs.description),
      "resolvedMass": Self.exact(report.resolvedMass),
      "candidates": .integer(report.candidates),
      "lookups": .integer(report.lookups),
      "filtered": .integer(report.filtered),
      "classes": .integer(report.classes),
      "storedLevels": .integer(report.storedLevels),
      "classBytes": .integer(report.classBytes),
      "signature": [
        "examples": .array(report.signature.map { .integer($0) }), "probes": .integer(report.probes),
      ],
      "seconds": .real(seconds),
      "secondsBeyondLevels": .real(report.timeBeyondLevels.seconds),
      "cpuSeconds": .real(cpuSeconds),
    ]
    if let probability = report.completeProbability { record["completeProbability"] = Self.exact(probability) }
    if let mass = report.consistentMass { record["consistentMass"] = Self.exact(mass) }
    if let audited = report.auditedLevels { record["auditedLevels"] = .integer(audited) }
    return .object(record)
  }

  private var limits: JSONValue {
    let configuration = run.configuration
    return [
      "top": .integer(configuration.top), "maxPrograms": configuration.maxPrograms.map { .integer($0) } ?? .null,
      "maxSteps": configuration.maxSteps.map { .integer($0) } ?? .null,
      "maxBits": configuration.maxBits.map { .integer($0) } ?? .null,
      "timeLimit": configuration.timeLimit.map { .real($0.seconds) } ?? .null,
      "tableBytes": .integer(configuration.memoryLimit), "extraWork": .real(configuration.extraWork),
      "unproven": .bool(configuration.looksFurther ?? run.assignment.grammar.isStructured),
      "stepLimit": run.assignment.grammar.isStructured ? .integer(configuration.stepLimit) : .null,
    ]
  }

  private func solution(_ index: Int) -> JSONValue {
    let solution = report.solutions[index]
    var record = measures[index].members(solution.program, solution.probability, run.assignment.grammar)
    if let mass = solution.mass { record["mass"] = Self.exact(mass) }
    if let posterior = solution.posterior {
      record["posterior"] = ["lower": Self.exact(posterior.lower), "upper": Self.exact(posterior.upper)]
    }
    return .object(record)
  }

  /// `{"exact":"p/q","log2":…}`.
  static func exact(_ value: Rational) -> JSONValue {
    ["exact": .exact(value), "log2": value > 0 ? .real(value.log2) : .null]
  }
}
