import Documents

// What the readers of JSON Lines share: a line is one object with members that a format knows.

extension TaskFileReading {
  /// The JSON value on a line; nil after reporting why there is none.
  mutating func parse(_ line: TextLines.Line) -> JSONNode? {
    do throws(JSONParser.Failure) {
      return try JSONParser.parse(lines.bytes[line.range])
    } catch {
      add(error.complaint, on: line, at: error.range)
      return nil
    }
  }

  /// Reports names that the format does not know, and returns the members that it needs.
  ///
  /// - Parameter form: What the object should be, for messages: `an example such as {"inputs":[1,2],"output":3}`.
  mutating func members(
    of node: JSONNode, needed: [String], allowed: [String] = [], form: String, _ line: TextLines.Line
  ) -> [JSONNode]? {
    guard case .object(let members) = node.content else {
      add(Complaint("not an object; expected \(form)"), on: line, at: node.range)
      return nil
    }
    let known = needed + allowed
    let foreign = members.filter { !known.contains($0.name) }
    for member in foreign {
      let nearest = nearestMatch(to: String(member.name.prefix(65)), among: known)
      add(
        Complaint(
          "unknown member \(quoted(member.name)); expected \(form)", hint: nearest.map { "did you mean '\($0)'?" }),
        on: line, at: member.nameRange)
    }
    let found = needed.compactMap { node.member($0) }
    if foreign.isEmpty, let missing = needed.first(where: { node.member($0) == nil }) {
      add(Complaint("no member '\(missing)'; expected \(form)"), on: line, at: node.range)
    }
    return foreign.isEmpty && found.count == needed.count ? found : nil
  }

  /// The text of a member that has to be a string that is not empty; nil after reporting that it is none.
  mutating func text(_ node: JSONNode, _ name: String, on line: TextLines.Line) -> String? {
    if let text = node.value.string, !text.isEmpty { return text }
    add(Complaint("'\(name)' is not a string, or an empty one"), on: line, at: node.range)
    return nil
  }

  /// The numbers of a member that has to be an array of integers; nil after reporting the first that is none.
  ///
  /// - Parameter name: The member's name, for messages.
  mutating func integers(_ node: JSONNode, _ name: String, on line: TextLines.Line) -> [Int64]? {
    guard case .array(let nodes) = node.content else {
      add(Complaint("'\(name)' is not an array of integers"), on: line, at: node.range)
      return nil
    }
    var numbers: [Int64] = []
    numbers.reserveCapacity(nodes.count)
    for node in nodes {
      guard let number = node.value.int64, number != .min else {
        add(
          Complaint("\(quoted(node.value.description)) in '\(name)' is not an integer in the range of Int"), on: line,
          at: node.range)
        return nil
      }
      numbers.append(number)
    }
    return numbers
  }
}
