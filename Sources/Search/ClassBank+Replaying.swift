import CKernels
import Grammars

/// Entries of a level whose classes have one first level.
struct EntryGroup {
  /// The first level of the classes, and its first class and number of classes.
  let firstLevel: Int
  let firstClass: Int
  let width: Int
  let entries: Entries

  var isFresh: Bool { entries.indices == nil }
}

/// Candidates with a repeat among their arguments: their classes are known, their weights are added up.
///
/// None of them makes a class, so it does not matter when in its level they come.
extension ClassBank {
  /// Adds up all candidates of a batch but those of fresh arguments alone. The class numbers must be kept.
  ///
  /// - Complexity: per candidate one number read, mostly in order, and one accumulator, fetched before.
  func replay(
    _ batch: Ladder.Batch, _ symmetry: Symmetry, in nonterminal: Int
  ) -> Stored {
    if symmetry.skip { return .level }
    let arguments = grammar.productions[batch.production].arguments
    let groups = arguments.indices.map { self.groups(arguments[$0], batch.childLevels[$0]) }
    guard groups.contains(where: { $0.count > 1 }) else { return .level }
    switch numbers.list(nonterminal).width {
    case 1:
      var replay = Replay<UInt8>(self, batch.production, nonterminal)
      return replay.run(groups, symmetry)
    case 2:
      var replay = Replay<UInt16>(self, batch.production, nonterminal)
      return replay.run(groups, symmetry)
    default:
      var replay = Replay<UInt32>(self, batch.production, nonterminal)
      return replay.run(groups, symmetry)
    }
  }

  /// The entries of a stored level by the first levels of their classes, the fresh ones first.
  private func groups(_ nonterminal: Int, _ ordinal: Int) -> [EntryGroup] {
    let table = tables + nonterminal
    func group(_ level: Int, _ entries: Entries) -> EntryGroup {
      let first = table.pointee.classStart[level]
      return EntryGroup(
        firstLevel: level, firstClass: first, width: table.pointee.classStart[level + 1] - first, entries: entries)
    }
    let parts = entries(nonterminal, ordinal)
    var groups = [group(ordinal, parts[0])]
    guard parts.count > 1, let indices = parts[1].indices else { return groups }
    var start = 0
    while start < parts[1].count {
      let level = table.pointee.level(of: Int(indices[start]))
      let next = table.pointee.classStart[level + 1]
      var (low, high) = (start + 1, parts[1].count)
      while low < high {
        let middle = (low + high) / 2
        if Int(indices[middle]) < next { low = middle + 1 } else { high = middle }
      }
      groups.append(
        group(level, parts[1].part(from: start, count: low - start)))
      start = low
    }
    return groups
  }
}
