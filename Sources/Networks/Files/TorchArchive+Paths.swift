internal import Documents

extension TorchArchive {
  /// Paths of the dicts of which every value is a tensor and every key a string, nearest to the root first.
  ///
  /// A path is keys and indices joined with dots; that of the root is empty.
  public var mappings: [String] {
    let findings = findings
    return findings.found.map(findings.path)
  }

  /// One dict of tensors.
  struct Found {
    let dictionary: Int
    /// Steps from the root.
    let depth: Int
    /// The number of the last of them; nil at the root.
    let step: Int?
  }

  /// The dicts of tensors, nearest to the root first, and the steps that lead there.
  ///
  /// A path is made when it is shown: where containers are deep in each other, all paths are much longer than the file.
  struct Findings {
    fileprivate(set) var found: [Found] = []
    /// Names, each with the number of the step before.
    fileprivate var steps: [(name: String, before: Int?)] = []

    func path(to found: Found) -> String {
      var names: [String] = []
      var last = found.step
      while let step = last {
        names.append(steps[step].name)
        last = steps[step].before
      }
      return names.reversed().joined(separator: ".")
    }
  }

  var findings: Findings {
    var findings = Findings()
    var visited: Set<PickleValue> = [root]
    var level: [(step: Int?, value: PickleValue)] = [(nil, root)]
    var depth = 0
    while !level.isEmpty {
      var next: [(step: Int?, value: PickleValue)] = []
      for (step, value) in level {
        if case .dictionary(let index) = value, isMapping(index) {
          findings.found.append(Found(dictionary: index, depth: depth, step: step))
        }
        for (name, child) in containers(in: value) where visited.insert(child).inserted {
          findings.steps.append((name, step))
          next.append((findings.steps.count - 1, child))
        }
      }
      level = next
      depth += 1
    }
    return findings
  }

  private func isMapping(_ dictionary: Int) -> Bool {
    let entries = heap.dictionaries[dictionary].entries
    return !entries.isEmpty && entries.allSatisfy { if case (.text, .tensor) = $0 { true } else { false } }
  }

  /// The containers directly inside of a value, with the last step of their paths.
  private func containers(in value: PickleValue) -> [(String, PickleValue)] {
    func isContainer(_ value: PickleValue) -> Bool {
      switch value {
      case .list, .tuple, .dictionary: true
      default: false
      }
    }
    switch value {
    case .list(let index): return heap.lists[index].enumerated().filter { isContainer($1) }.map { ("\($0)", $1) }
    case .tuple(let index): return heap.tuples[index].enumerated().filter { isContainer($1) }.map { ("\($0)", $1) }
    case .dictionary(let index):
      return heap.dictionaries[index].entries.filter { isContainer($0.value) }.compactMap { entry in
        Self.step(entry.key).map { ($0, entry.value) }
      }
    default: return []
    }
  }

  /// A key as a path writes it.
  static func step(_ key: PickleValue) -> String? {
    switch key {
    case .text(let name): name
    case .integer(let number): "\(number)"
    default: nil
    }
  }

  /// The value at a path. A key may contain dots: the longest one that fits is taken.
  func value(at path: String) throws(Complaint) -> PickleValue {
    var value = root
    var rest = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)[...]
    if path.isEmpty { rest = [] }
    while !rest.isEmpty {
      guard let (next, steps) = child(of: value, along: rest) else {
        let names = names(in: value)
        let step = rest[rest.startIndex]
        let nearest = nearestMatch(to: step, among: names)
        throw Complaint(
          "there is no \(quoted(step)) in \(heap.kind(value))\(names.isEmpty ? "" : " (\(list(names)))")",
          hint: nearest.map { "did you mean '\($0)'?" })
      }
      value = next
      rest = rest.dropFirst(steps)
    }
    return value
  }

  /// The child that the beginning of a path names, and how many of its steps do.
  private func child(of value: PickleValue, along path: ArraySlice<String>) -> (PickleValue, Int)? {
    func element(_ elements: [PickleValue]) -> (PickleValue, Int)? {
      guard let number = path.first.flatMap({ Int($0) }) else { return nil }
      let (place, overflow) = number < 0 ? number.addingReportingOverflow(elements.count) : (number, false)
      return !overflow && elements.indices.contains(place) ? (elements[place], 1) : nil
    }
    switch value {
    case .list(let index): return element(heap.lists[index])
    case .tuple(let index): return element(heap.tuples[index])
    case .dictionary(let index):
      let mapping = heap.dictionaries[index]
      for steps in stride(from: min(path.count, 32), to: 0, by: -1) {
        if let child = mapping[.text(path.prefix(steps).joined(separator: "."))] { return (child, steps) }
      }
      guard let number = path.first.flatMap({ Int64($0) }), let child = mapping[.integer(number)] else { return nil }
      return (child, 1)
    default: return nil
    }
  }

  private func names(in value: PickleValue) -> [String] {
    guard case .dictionary(let index) = value else { return [] }
    return heap.dictionaries[index].entries.prefix(1000).compactMap { Self.step($0.key) }
  }

  /// The first ten names.
  func list(_ names: some Collection<String>) -> String {
    let more = names.count > 10 ? ", and \(names.count - 10) more" : ""
    return names.prefix(10).map { quoted($0) }.joined(separator: ", ") + more
  }

  /// What lies directly in the root, for messages.
  var overview: String {
    guard case .dictionary(let index) = root else { return "it holds \(heap.kind(root))" }
    let entries = heap.dictionaries[index].entries
    guard !entries.isEmpty else { return "it holds an empty dict" }
    let shown = entries.prefix(10).map { entry in
      "\(Self.step(entry.key).map { quoted($0) } ?? heap.kind(entry.key)) (\(heap.kind(entry.value)))"
    }
    return "it holds \(shown.joined(separator: ", "))\(entries.count > 10 ? ", and \(entries.count - 10) more" : "")"
  }
}
