/// A small reader of XML, as strict as the standard about what pictures use: one root, nested elements, attributes in
/// double quotes without repetition, the five named entities, characters that XML 1.0 allows.
struct WellFormedXML {
  struct Element {
    let name: String
    let attributes: [String: String]
    /// Names of the elements around it, the root first.
    let path: [String]
    /// The characters directly inside.
    var text = ""
  }

  struct Fault: Error, CustomStringConvertible { let description: String }

  private(set) var elements: [Element] = []
  private let scalars: [Unicode.Scalar]
  private var at = 0

  init(_ text: String) throws {
    scalars = Array(text.unicodeScalars)
    for scalar in scalars
    where (scalar.value < 0x20 && scalar != "\n") || scalar.value == 0xFFFE || scalar.value == 0xFFFF {
      throw Fault(description: "U+\(String(scalar.value, radix: 16)) is not allowed")
    }
    try read()
  }

  private mutating func read() throws {
    var open: [Int] = []
    var hasRoot = false
    while at < scalars.count {
      if scalars[at] != "<" {
        let text = try entities(take { $0 != "<" })
        if let last = open.last {
          elements[last].text += text
        } else if text != "\n" {
          throw fault("text outside the root")
        }
        continue
      }
      at += 1
      if scalars[at] == "/" {
        at += 1
        let name = take { $0 != ">" }
        guard let last = open.popLast(), elements[last].name == name else { throw fault("</\(name)> does not match") }
      } else {
        if open.isEmpty, hasRoot { throw fault("a second root") }
        hasRoot = true
        try readTag(&open)
      }
      guard at < scalars.count, scalars[at] == ">" else { throw fault("'>' is missing") }
      at += 1
    }
    if !open.isEmpty || !hasRoot { throw fault("elements are open at the end") }
  }

  private mutating func readTag(_ open: inout [Int]) throws {
    let name = take { $0 != " " && $0 != ">" && $0 != "/" }
    guard !name.isEmpty, name.allSatisfy({ $0.isLetter }) else { throw fault("bad name '\(name)'") }
    var attributes: [String: String] = [:]
    while at < scalars.count, scalars[at] == " " {
      at += 1
      let key = take { $0 != "=" && $0 != " " && $0 != ">" }
      guard at + 1 < scalars.count, scalars[at] == "=", scalars[at + 1] == "\"" else {
        throw fault("bad attribute '\(key)'")
      }
      at += 2
      let value = take { $0 != "\"" && $0 != "<" }
      guard at < scalars.count, scalars[at] == "\"" else { throw fault("'<' in an attribute") }
      at += 1
      guard attributes.updateValue(try entities(value), forKey: key) == nil else { throw fault("'\(key)' twice") }
    }
    elements.append(Element(name: name, attributes: attributes, path: open.map { elements[$0].name }))
    if at < scalars.count, scalars[at] == "/" { at += 1 } else { open.append(elements.count - 1) }
  }

  private mutating func take(while condition: (Unicode.Scalar) -> Bool) -> String {
    var text = String.UnicodeScalarView()
    while at < scalars.count, condition(scalars[at]) {
      text.append(scalars[at])
      at += 1
    }
    return String(text)
  }

  private func entities(_ text: String) throws -> String {
    guard text.contains("&") else { return text }
    let known = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
    var pieces = text.split(separator: "&", omittingEmptySubsequences: false).map(String.init)
    var result = pieces.removeFirst()
    for piece in pieces {
      guard let end = piece.firstIndex(of: ";"), let character = known[String(piece[..<end])] else {
        throw fault("a bare '&'")
      }
      result += character + piece[piece.index(after: end)...]
    }
    return result
  }

  private func fault(_ text: String) -> Fault { Fault(description: "at \(at): \(text)") }
}
