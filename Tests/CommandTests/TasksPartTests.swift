import Foundation
import TestSupport
import Testing

/// `levin tasks --part`.
@Suite struct TasksPartTests {
  @Test func anUnseenPartWithoutExamplesIsSaidToBeEmpty() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try "a:Int,=:Int\n1,2\n2,3\n".write(
      to: folder.appendingPathComponent("sp.csv"), atomically: true, encoding: .utf8)
    let unseen = ["tasks", "sp.csv", "--part", "unseen", "--format", "csv"]
    for split in [[], ["--train-fraction", "1"], ["--train-count", "2"]] {
      let refused = try Command.run(unseen + split, in: folder)
      #expect(refused.code == 2 && refused.output.isEmpty)
      #expect(
        refused.error
          == "levin: task 'sp' has no unseen examples: all are for training (--train-fraction and --train-count say how "
          + "many are)\n")
    }
    let written = try Command.run(unseen + ["--train-count", "1"], in: folder)
    #expect(written.code == 0 && written.output.split(separator: "\n").count == 2)
  }
}
