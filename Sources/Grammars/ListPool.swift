import Synchronization

/// The lists that occur as values of tasks and programs, each once: a list's word is its number here.
///
/// Searches keep the many lists that they meet in tables of their own and give them back when they end; what comes here
/// stays for the life of the process.
final class ListPool: Sendable {
  static let shared = ListPool()

  private struct Lists {
    var numbers: [[Int64]: Int64] = [[]: 0]
    var lists: [[Int64]] = [[]]
  }
  private let lists = Mutex(Lists())

  /// The number of a list; the empty one is 0.
  func number(of elements: [Int64]) -> Int64 {
    lists.withLock { pool in
      if let known = pool.numbers[elements] { return known }
      let number = Int64(pool.lists.count)
      pool.numbers[elements] = number
      pool.lists.append(elements)
      return number
    }
  }

  func elements(_ number: Int64) -> [Int64] { lists.withLock { $0.lists[Int(number)] } }
}
