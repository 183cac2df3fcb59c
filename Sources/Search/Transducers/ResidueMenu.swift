/// Terms for the states on a block of symbols, and the choices of one for each state, likeliest first. Its owner gives it back.
///
/// Cells are s or s + m·t; the terms of t are kept as m times what they give, so that a cell is a sum of bytes.
struct ResidueMenu {
  /// The number of the term for each state.
  struct Choice {
    let bits: Double
    let first: UInt8
    /// 0 where there is one state.
    let second: UInt8
  }

  /// Symbols of the block, times cells.
  let width: Int
  /// Terms of each state; one that gives 0 stands for the second where there is none.
  let counts: (Int, Int)
  let count: Int
  let choices: UnsafeMutablePointer<Choice>
  /// By terms: the place of a choice, `count` and more for what is not kept.
  private let places: UnsafeMutablePointer<Int32>
  /// Per state, by term, then by symbol of the block, then by cell; and with the term last.
  private let rows: (UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<UInt8>)
  let columns: (UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<UInt8>)

  typealias Terms = [(bits: Double, row: [UInt8])]

  /// - Parameters:
  ///   - terms: of each state, likeliest first, at most 256.
  ///   - most: choices that are kept.
  init(_ terms: [Terms], width: Int, modulus: Int, most: Int) {
    let second = terms.count == 2 ? terms[1] : [(0, Array(repeating: 0, count: width))]
    self.width = width
    counts = (terms[0].count, second.count)
    func table(_ terms: Terms, _ factor: UInt8) -> (UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<UInt8>) {
      let size = max(1, terms.count * width)
      let (rows, columns) = (
        UnsafeMutablePointer<UInt8>.allocate(capacity: size), UnsafeMutablePointer<UInt8>.allocate(capacity: size)
      )
      for (number, term) in terms.enumerated() {
        for (place, value) in term.row.enumerated() {
          let part = value == ResidueTerms.none ? value : value * factor
          rows[number * width + place] = part
          columns[place * terms.count + number] = part
        }
      }
      return (rows, columns)
    }
    let (a, b) = (table(terms[0], 1), table(second, UInt8(modulus)))
    (rows, columns) = ((a.0, b.0), (a.1, b.1))
    // In order of their bits, in steps of 2^-20.
    var keys: [UInt64] = []
    keys.reserveCapacity(counts.0 * counts.1)
    for (i, s) in terms[0].enumerated() {
      for (j, t) in second.enumerated() {
        keys.append(UInt64((s.bits + t.bits) * 1_048_576) << 16 | UInt64(i) << 8 | UInt64(j))
      }
    }
    keys.sort()
    count = min(most, keys.count)
    choices = .allocate(capacity: max(1, count))
    places = .allocate(capacity: max(1, keys.count))
    for (place, key) in keys.enumerated() {
      let (i, j) = (Int(key >> 8 & 255), Int(key & 255))
      places[i * counts.1 + j] = Int32(place)
      if place >= count { continue }
      choices[place] = Choice(bits: terms[0][i].bits + second[j].bits, first: UInt8(i), second: UInt8(j))
    }
  }

  var bytes: Int {
    count * MemoryLayout<Choice>.stride + 4 * counts.0 * counts.1 + 2 * width * (counts.0 + counts.1)
  }

  /// The place of the choice of two terms; `count` or more where it is not kept.
  @inline(__always)
  func place(_ first: Int, _ second: Int) -> Int { Int(places[first * counts.1 + second]) }

  /// Writes the cells to which a choice leads.
  func write(_ choice: Int, to target: UnsafeMutablePointer<UInt8>) {
    let first = rows.0 + Int(choices[choice].first) * width
    let second = rows.1 + Int(choices[choice].second) * width
    for place in 0..<width {
      // A cell is less than `none`: a sum that is not, or leaves a byte, has a part that is `none`.
      let (cell, overflow) = first[place].addingReportingOverflow(second[place])
      target[place] = overflow ? ResidueTerms.none : cell
    }
  }

  func deallocate() {
    choices.deallocate()
    places.deallocate()
    rows.0.deallocate()
    rows.1.deallocate()
    columns.0.deallocate()
    columns.1.deallocate()
  }
}
