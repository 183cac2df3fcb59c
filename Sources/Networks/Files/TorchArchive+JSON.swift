public import Documents

extension TorchArchive {
  /// The plain values at a path: numbers, strings, booleans, None, lists and dicts with string keys.
  ///
  /// nil when the path leads nowhere or to anything else, to more than 10,000 values, or deeper than 16.
  public func json(at path: String) -> JSONValue? {
    guard let value = try? value(at: path) else { return nil }
    var room = 10_000
    return json(value, depth: 16, &room)
  }

  private func json(_ value: PickleValue, depth: Int, _ room: inout Int) -> JSONValue? {
    room -= 1
    guard room >= 0, depth >= 0 else { return nil }
    switch value {
    case .none: return .null
    case .bool(let value): return .bool(value)
    case .integer(let value): return .integer(value)
    case .real(let value): return .real(value)
    case .text(let text), .name(let text): return .string(text)
    case .list(let index): return json(heap.lists[index], depth: depth, &room)
    case .tuple(let index): return json(heap.tuples[index], depth: depth, &room)
    case .dictionary(let index):
      var members: [String: JSONValue] = [:]
      for entry in heap.dictionaries[index].entries {
        guard case .text(let name) = entry.key, let member = json(entry.value, depth: depth - 1, &room) else {
          return nil
        }
        members[name] = member
      }
      return .object(members)
    case .largeInteger, .bytes, .storage, .tensor, .global, .foreign: return nil
    }
  }

  private func json(_ values: [PickleValue], depth: Int, _ room: inout Int) -> JSONValue? {
    var elements: [JSONValue] = []
    for value in values {
      guard let element = json(value, depth: depth - 1, &room) else { return nil }
      elements.append(element)
    }
    return .array(elements)
  }
}
