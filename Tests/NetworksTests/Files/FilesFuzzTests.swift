import Documents
import Networks
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Damaged files end in tensors or in an `InputError`: no crash, no hang, no memory beyond their size.
@Suite struct FilesFuzzTests {
  private static let count = isLongRun ? 100_000 : 1500

  /// Runs `read` on damaged files and returns how many were still accepted.
  private func accepted(_ seed: UInt64, _ next: (inout Damage) -> [UInt8], _ read: ([UInt8]) throws -> Int) -> Int {
    var damage = Damage(seed: seed)
    var accepted = 0
    for number in 0..<Self.count {
      let bytes = next(&damage)
      do {
        // Files expand at most fourfold into elements: those of one byte.
        let elements = try read(bytes)
        accepted += 1
        if elements > 64 * bytes.count {
          Issue.record("number \(number), seed \(seed): \(elements) elements of \(bytes.count) bytes")
        }
      } catch let error as InputError {
        if !isWellFormed(error) { Issue.record("number \(number), seed \(seed): a malformed error: \(error)") }
      } catch {
        Issue.record("number \(number), seed \(seed): \(error)")
      }
    }
    return accepted
  }

  private func isWellFormed(_ error: InputError) -> Bool {
    error.faults.allSatisfy { fault in
      let text = fault.message + (fault.excerpt ?? "") + (fault.hint ?? "")
      return !fault.message.isEmpty && fault.message.utf8.count < 4000 && (fault.excerpt?.count ?? 0) <= 160
        && fault.length <= 160 && text.unicodeScalars.allSatisfy { $0.value >= 32 }
    } && error.faults.count <= 101
  }

  private func elements(_ tensors: NamedTensors) -> Int { tensors.tensors.reduce(0) { $0 + $1.values.count } }

  @Test(.timeLimit(.minutes(30))) func damagedSafetensorsAreReadOrRefused() {
    let files = ["transformer", "transposed", "types", "mlp", "lstm"].map { Fixture.bytes("\($0).safetensors") }
    let count = accepted(31, { $0.damaged(binary: files) }) { bytes in
      let contents = try Safetensors.read(bytes, file: "f")
      let again = try Safetensors.read(Safetensors.bytes(contents.tensors, metadata: contents.metadata), file: "f")
      #expect(again.metadata == contents.metadata && again.tensors.names.count == contents.tensors.names.count)
      return elements(contents.tensors)
    }
    #expect(count > Self.count / 50 && count < Self.count)
  }

  /// Only the header is damaged, and its length set right: more of them are nearly sound.
  @Test(.timeLimit(.minutes(30))) func damagedHeadersAreReadOrRefused() {
    let file = Fixture.bytes("transformer.safetensors")
    let end = 8 + Int(file[0]) + 256 * Int(file[1])
    let count = accepted(
      32,
      { damage in
        let header = damage.damaged(binary: [Array(file[8..<end])], fields: 0..<200)
        return safetensors("", length: UInt64(header.count)) + header + file[end...]
      }
    ) { bytes in elements(try Safetensors.read(bytes, file: "f").tensors) }
    #expect(count > 0 && count < Self.count)
  }

  private static let archives = [
    "published.pth", "lens.pt", "series.pth", "types.pt", "views.pt", "protocol4.pt", "object.pt", "legacy.pt",
  ]
  .map { Fixture.bytes($0) }

  private func read(_ bytes: [UInt8]) throws -> Int {
    let archive = try TorchArchive(bytes, file: "f")
    _ = archive.json(at: "config")
    var count = 0
    for path in archive.mappings.prefix(3) { count += elements(try archive.tensors(at: path)) }
    _ = try archive.tensors()
    return count
  }

  @Test(.timeLimit(.minutes(30))) func damagedArchivesAreReadOrRefused() {
    let count = accepted(33, { $0.damaged(binary: Self.archives) }, read)
    #expect(count > 0 && count < Self.count)
  }

  /// The pickle alone is damaged, under a right checksum.
  @Test(.timeLimit(.minutes(30))) func damagedPicklesAreReadOrRefused() throws {
    let files = [("published", "pth"), ("series", "pth"), ("views", "pt"), ("protocol4", "pt"), ("object", "pt")]
    let pickles = try files.map { try #require(storedRecord("\($0)/data.pkl", in: Fixture.bytes("\($0).\($1)"))) }
    let storages = (0..<6).map { ("m/data/\($0)", [UInt8](repeating: UInt8($0), count: 96)) }
    let count = accepted(
      34, { damage in zip([("m/data.pkl", damage.damaged(binary: pickles, fields: 0..<120))] + storages) }
    ) { bytes in
      // Sizes of storages are no longer right: what counts is that the structure is read or refused.
      let archive = try TorchArchive(bytes, file: "f")
      _ = archive.json(at: "")
      for path in archive.mappings.prefix(3) { _ = message { _ = try archive.tensors(at: path) } }
      return 0
    }
    #expect(count > Self.count / 50 && count < Self.count)
  }

  @Test(.timeLimit(.minutes(30))) func damagedNetworksAreLoadedOrRefused() {
    let files = [
      "transformer.safetensors", "transposed.safetensors", "lens.pt", "published.pth", "mlp.safetensors",
      "lstm.safetensors",
    ]
    .map { Fixture.bytes($0) }
    let count = accepted(35, { $0.damaged(binary: files) }) { try NetworkFile.read($0, file: "f").parameters.count }
    #expect(count > 0 && count < Self.count)
  }

  @Test func damagedConfigurationsAreReadOrRefused() throws {
    let texts = [
      NetworkConfiguration.transformer(.published()), .embeddingMLP(.init(vocabulary: 7, outputs: 7)),
      .recurrent(.init(cell: .gru, vocabulary: 3, outputs: 3)),
    ]
    .map { Array($0.text.utf8) }
    let count = accepted(36, { $0.damaged(binary: texts, fields: 0..<100) }) { bytes in
      let configuration = try NetworkConfiguration(parsing: bytes, file: "f")
      let again = try NetworkConfiguration(parsing: Array(configuration.text.utf8), file: "f")
      #expect(again == configuration && configuration.layout.count > 0)
      return 0
    }
    #expect(count > 0 && count < Self.count)
  }

  /// The bytes of a stored record, found by its name in its own header.
  private func storedRecord(_ name: String, in bytes: [UInt8]) -> [UInt8]? {
    guard let at = bytes.firstRange(of: Array(name.utf8)), let pickle = bytes[at.upperBound...].firstIndex(of: 0x80)
    else { return nil }
    guard let end = bytes[pickle...].firstRange(of: [0x2E, 0x50, 0x4B, 0x07, 0x08]) else { return nil }
    return Array(bytes[pickle...end.lowerBound])
  }
}
