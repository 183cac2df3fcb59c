import Documents
import Networks
import TestSupport
import Testing

@Suite struct TorchArchiveTests {
  @Test func stateDictsAreRead() throws {
    let archive = try Fixture.torch("published.pth")
    #expect(archive.mappings == ["model", "optimizer.state.0"])
    let tensors = try archive.tensors()
    #expect(tensors == (try archive.tensors(at: "model")))
    #expect(tensors.names.count == 12 && tensors.names[0] == "embed.W_E")
    #expect(tensors["embed.W_E"]?.shape == [4, 7])
    #expect(tensors["embed.W_E"]?.values[1] == Fixture.element("embed.W_E", 4))
    #expect(tensors["blocks.0.mlp.b_in"]?.values == Fixture.values("blocks.0.mlp.b_in", 5))
  }

  @Test func plainValuesAreRead() throws {
    let archive = try Fixture.torch("published.pth")
    #expect(archive.json(at: "config")?.description == #"{"dtype":"torch.float32","fn_name":"add","lr":0.001,"p":113}"#)
    #expect(archive.json(at: "train_losses.-1")?.double == 0.25)
    #expect(archive.json(at: "betas") == [.real(0.9), .real(0.98)])
    #expect(
      archive.json(at: "none") == JSONValue.null && archive.json(at: "yes") == true && archive.json(at: "epoch") == 4999
    )
    #expect(archive.json(at: "big") == nil && archive.json(at: "model") == nil && archive.json(at: "nothing") == nil)
  }

  @Test func oneOfSeveralIsChosenByPath() throws {
    let archive = try Fixture.torch("series.pth")
    #expect(archive.mappings == ["state_dicts.0", "state_dicts.1"])
    let last = try archive.tensors(at: "state_dicts.-1")
    #expect(last == (try archive.tensors(at: "state_dicts.1")))
    #expect(last["unembed.W_U"]?.values == Fixture.values("unembed.W_U", 24).map { 2 * $0 })
  }

  @Test func everyElementTypeIsRead() throws {
    let tensors = try Fixture.torch("types.pt").tensors()
    for type in ["I64", "I32", "I16", "I8", "U8"] {
      #expect(tensors[type]?.values == [0, 1, 2, 3, 4, 5])
      #expect(tensors[type]?.storedType.rawValue == type)
    }
    for type in ["F64", "F32", "F16", "BF16"] { #expect(tensors[type]?.values == Fixture.values(type, 6)) }
    #expect(tensors["BOOL"]?.values == [0, 1, 0, 1, 0, 1])
    #expect(tensors["scalar"]?.values == [2.5] && tensors["empty"]?.shape == [0, 3])
  }

  @Test func viewsFollowTheirStrides() throws {
    let tensors = try Fixture.torch("views.pt").tensors()
    let base: [Float] = Fixture.values("base", 24)
    #expect(tensors["base"]?.values == base)
    var transposed: [Float] = []
    for column in 0..<6 {
      for row in 0..<4 { transposed.append(base[row * 6 + column]) }
    }
    #expect(tensors["transposed"]?.shape == [6, 4])
    #expect(tensors["transposed"]?.values == transposed)
    let slice: [Float] = [6, 8, 10, 12, 14, 16].map { (index: Int) -> Float in base[index] }
    #expect(tensors["slice"]?.shape == [2, 3])
    #expect(tensors["slice"]?.values == slice)
    // permuted[i, j, k] = base[j, k, i] over [2, 2, 6]
    var permuted: [Float] = []
    for last in 0..<6 {
      for first in 0..<2 {
        for middle in 0..<2 { permuted.append(base[first * 12 + middle * 6 + last]) }
      }
    }
    #expect(tensors["permuted"]?.shape == [6, 2, 2])
    #expect(tensors["permuted"]?.values == permuted)
    #expect(tensors["weight"]?.values == Fixture.values("weight", 6))
    #expect(tensors["bias"]?.values == Fixture.values("bias", 2))
  }

  @Test func laterProtocolsAreRead() throws {
    let tensors = try Fixture.torch("protocol4.pt").tensors()
    #expect(tensors.names == ["a", "b"] && tensors["a"]?.values == Fixture.values("base", 24))
  }

  private static func text(_ text: String) -> [UInt8] { [0x8C, UInt8(text.utf8.count)] + Array(text.utf8) }

  /// A pickle's beginning: a dict with a tensor by this name, up to the size of its storage "0".
  private static func opening(_ name: String, storage: String) -> [UInt8] {
    [0x80, 2, 0x7D] + text(name) + Array("ctorch._utils\n_rebuild_tensor_v2\n((".utf8) + text("storage")
      + Array("ctorch\n\(storage)\n".utf8) + text("0") + text("cpu")
  }

  /// A pickle of one float32 tensor `w` of 4 elements in storage "0", transposed.
  private static let pickle: [UInt8] = {
    var file = ByteWriter()
    file.write(opening("w", storage: "FloatStorage"))
    // Four elements; offset 0, shape (2, 2), strides (1, 2).
    file.write([0x4B, 4, 0x74, 0x51])
    file.write([0x4B, 0, 0x4B, 2, 0x4B, 2, 0x86, 0x4B, 1, 0x4B, 2, 0x86, 0x89])
    file.write(Array("ccollections\nOrderedDict\n)RtRs.".utf8))
    return file.bytes
  }()

  private func archive(_ pickle: [UInt8], _ others: [(String, [UInt8])] = []) -> [UInt8] {
    zip(
      [("m/data.pkl", pickle), ("m/data/0", [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40, 0, 0, 0x80, 0x40])]
        + others)
  }

  @Test func theOtherByteOrderIsRead() throws {
    #expect(try TorchArchive(archive(Self.pickle), file: "m").tensors()["w"]?.values == [1, 3, 2, 4])
    let big = zip([
      ("m/data.pkl", Self.pickle), ("m/byteorder", Array("big".utf8)),
      ("m/data/0", [0x3F, 0x80, 0, 0, 0x40, 0, 0, 0, 0x40, 0x40, 0, 0, 0x40, 0x80, 0, 0]),
    ])
    #expect(try TorchArchive(big, file: "m").tensors()["w"]?.values == [1, 3, 2, 4])
  }

  @Test func cyclesAndDepthAreNoHang() throws {
    // A list that holds itself; lists of lists of lists, each twice in the next; 200,000 lists in each other.
    let cycle: [UInt8] = [0x80, 2, 0x5D, 0x71, 0, 0x68, 0, 0x61, 0x2E]
    var doubling: [UInt8] = [0x80, 2, 0x28, 0x5D]
    for number in 0..<UInt8(60) { doubling += [0x71, number, 0x5D, 0x68, number, 0x61, 0x68, number, 0x61] as [UInt8] }
    doubling += [0x74, 0x2E]
    var nested = [UInt8](repeating: 0x5D, count: 200_002)
    nested.replaceSubrange(0..<2, with: [0x80, 2])
    nested += [UInt8](repeating: 0x61, count: 199_999)
    nested.append(0x2E)
    for pickle in [cycle, doubling, nested] {
      let archive = try TorchArchive(archive(pickle), file: "m")
      #expect(archive.mappings == [] && archive.json(at: "") == nil)
      #expect(throws: InputError.self) { try archive.tensors() }
    }
  }

  /// Where there is one element its stride says nothing.
  @Test func strideOfOneElementMayBeAnyNumber() throws {
    let bytes = replaced(
      [0x4B, 2, 0x4B, 2, 0x86, 0x4B, 1, 0x4B, 2, 0x86],
      [0x4B, 2, 0x4B, 2, 0x4B, 1, 0x87, 0x4B, 1, 0x4B, 2, 0x8A, 8, 255, 255, 255, 255, 255, 255, 255, 127, 0x87])
    let tensor = try TorchArchive(bytes, file: "m").tensors()["w"]
    #expect(tensor?.shape == [2, 2, 1] && tensor?.values == [1, 3, 2, 4])
  }

  @Test func pathsLeadThroughDeepContainers() throws {
    var pickle: [UInt8] = [0x80, 2]
    pickle += [UInt8](repeating: 0x5D, count: 100)
    pickle += Self.pickle[2..<Self.pickle.count - 1]
    pickle += [UInt8](repeating: 0x61, count: 100)
    pickle.append(0x2E)
    let archive = try TorchArchive(archive(pickle), file: "m")
    let path = [String](repeating: "0", count: 100).joined(separator: ".")
    #expect(archive.mappings == [path])
    #expect(try archive.tensors()["w"]?.values == [1, 3, 2, 4])
    #expect(try archive.tensors(at: path)["w"]?.values == [1, 3, 2, 4])
  }

  /// One tuple of 100,000 values, the last of them foreign, is a persistent id 100,000 times.
  @Test(.timeLimit(.minutes(10))) func longForeignTuplesAreNoHang() {
    var pickle: [UInt8] = [0x80, 2, 0x28]
    pickle += [UInt8](repeating: 0x4E, count: 99_999)
    pickle += Array("cos\nsystem\n".utf8)
    pickle += [0x74, 0x71, 0, 0x30, 0x4E]
    for _ in 0..<100_000 { pickle += [0x68, 0, 0x51, 0x30] }
    pickle.append(0x2E)
    #expect(message { _ = try TorchArchive(archive(pickle), file: "m") }.contains("the pickle needs 'os.system'"))
  }

  @Test func longKeysAreRefused() {
    var pickle: [UInt8] = [0x80, 2, 0x7D, 0x58, 0x88, 0x13, 0, 0]
    pickle += [UInt8](repeating: UInt8(ascii: "k"), count: 5000)
    pickle += [0x4E, 0x73, 0x2E]
    #expect(
      message { _ = try TorchArchive(archive(pickle), file: "m") }.contains(
        "a key of 5000 bytes; at most 4096 are read"))
  }

  /// 10,000 elements of one byte, under so many names.
  private func shared(_ names: Int) -> [UInt8] {
    let size: [UInt8] = [0x4A, 0x10, 0x27, 0, 0]
    var file = ByteWriter()
    file.write(Self.opening("w0", storage: "BoolStorage"))
    file.write(size)
    file.write([0x74, 0x51, 0x4B, 0])
    file.write(size)
    file.write([0x85, 0x4B, 1, 0x85, 0x89])
    file.write(Array("ccollections\nOrderedDict\n)RtR".utf8))
    file.write([0x71, 0, 0x73])
    for number in 1..<names {
      file.write(Self.text("w\(number)"))
      file.write([0x68, 0, 0x73])
    }
    file.write([0x2E])
    return zip([("m/data.pkl", file.bytes), ("m/data/0", [UInt8](repeating: 1, count: 10_000))])
  }

  @Test func sharedStoragesAreReadUnlessTheyWouldFillTheMemory() throws {
    let tied = try TorchArchive(shared(10), file: "m").tensors()
    #expect(tied.names.count == 10 && tied.tensors.allSatisfy { $0.values == [Float](repeating: 1, count: 10_000) })
    let text = message { _ = try TorchArchive(shared(100), file: "m").tensors() }
    #expect(text.contains("tensors of 1000000 elements share the storages of a file of"), "\(text)")
  }

  // MARK: Whole messages, kept in `Faults/torch.txt`

  private func broken(_ change: (inout [UInt8]) -> Void) -> [UInt8] {
    var pickle = Self.pickle
    change(&pickle)
    return archive(pickle)
  }

  private func replaced(_ old: [UInt8], _ new: [UInt8]) -> [UInt8] {
    broken { pickle in
      guard let at = pickle.indices.first(where: { pickle[$0...].starts(with: old) }) else { return }
      pickle.replaceSubrange(at..<at + old.count, with: new)
    }
  }

  private func global(_ text: String, _ rest: [UInt8]) -> [UInt8] {
    archive([0x80, 2] + Array("c\(text)\n".utf8) + rest)
  }

  private typealias Case = (name: String, bytes: [UInt8], path: String?)

  private var files: [Case] {
    var cases: [Case] = []
    for name in [
      "object.pt", "legacy.pt", "script.pt", "complex.pt", "expanded.pt", "nan.pt", "no-tensors.pt", "series.pth",
    ] {
      cases.append((name, Fixture.bytes(name), nil))
    }
    let published = Fixture.bytes("published.pth")
    for path in ["modle", "state_dicts.0", "config", "train_losses.2", "betas.-3", "model.embed.W_E", "epoch.x", ""] {
      cases.append(("published.pth at '\(path)'", published, path))
    }
    var damaged = published
    damaged[(damaged.firstRange(of: Array("data/0".utf8))?.upperBound ?? 0) + 100] ^= 1
    cases.append(("damaged data", damaged, nil))
    cases.append(("cut off", Array(published.prefix(2000)), nil))
    return cases
  }

  private var archives: [Case] {
    let pickle = Self.pickle
    return [
      ("nothing", [], nil),
      ("not an archive", Array("{\"a\":1}".utf8), nil),
      ("compressed", zip([("m/data.pkl", pickle)], method: 8), nil),
      ("checksum", zip([("m/data.pkl", pickle)], damagesChecksums: true), nil),
      ("two records of a name", zip([("m/data.pkl", pickle), ("m/data.pkl", [])]), nil),
      ("no pickle", zip([("a.txt", [])]), nil),
      ("no storage", zip([("m/data.pkl", pickle)]), nil),
      ("storage of another size", zip([("m/data.pkl", pickle), ("m/data/0", [1, 2])]), nil),
      ("byte order", archive(pickle, [("m/byteorder", Array("middle".utf8))]), nil),
    ]
  }

  private var pickles: [Case] {
    let short: [(String, [UInt8])] = [
      ("protocol 0", Array("(lp0\n.".utf8)),
      ("protocol 9", [0x80, 9, 0x4E, 0x2E]),
      ("empty pickle", []),
      ("no end", [0x80, 2, 0x4E]),
      ("left over", [0x80, 2, 0x4E, 0x4E, 0x2E]),
      ("empty stack", [0x80, 2, 0x61, 0x2E]),
      ("no mark", [0x80, 2, 0x74, 0x2E]),
      ("unknown opcode", [0x80, 2, 0x69, 0x2E]),
      ("memo", [0x80, 2, 0x68, 7, 0x2E]),
      ("text longer than the pickle", [0x80, 2, 0x58, 0xFF, 0xFF, 0xFF, 0xFF, 0x2E]),
      ("text of 64 bits", [0x80, 2, 0x8D, 255, 255, 255, 255, 255, 255, 255, 255, 0x2E]),
      ("not UTF-8", [0x80, 2, 0x8C, 1, 0xFF, 0x2E]),
      ("key without value", [0x80, 2, 0x7D, 0x28, 0x4E, 0x75, 0x2E]),
      ("append to a dict", [0x80, 2, 0x7D, 0x4E, 0x61, 0x2E]),
      ("a called number", [0x80, 2, 0x4B, 1, 0x29, 0x52, 0x2E]),
      ("state of a number", [0x80, 2, 0x4B, 1, 0x4E, 0x62, 0x2E]),
    ]
    return short.map { ($0, archive($1), nil) }
  }

  private var calls: [Case] {
    [
      ("a call of the system", global("os\nsystem", [0x8C, 2, 0x6C, 0x73, 0x85, 0x52, 0x2E]), nil),
      ("a made object", global("collections\nOrderedDict", [0x29, 0x81, 0x2E]), nil),
      ("an OrderedDict of something", global("collections\nOrderedDict", [0x4E, 0x85, 0x52, 0x2E]), nil),
      ("shape beyond the storage", replaced([0x4B, 0, 0x4B, 2], [0x4B, 0, 0x4B, 3]), nil),
      ("offset beyond the storage", replaced([0x4B, 0, 0x4B, 2], [0x4B, 1, 0x4B, 2]), nil),
      ("negative shape", replaced([0x4B, 0, 0x4B, 2], [0x4B, 0, 0x4A, 255, 255, 255, 255]), nil),
      ("storage without type", replaced(Array("ctorch\nFloatStorage\n".utf8), [0x4E]), nil),
      (
        "huge storage",
        replaced([0x4B, 4, 0x74, 0x51], [0x8A, 8, 255, 255, 255, 255, 255, 255, 255, 127, 0x74, 0x51]), nil
      ),
    ]
  }

  @Test func messagesAreThoseOnRecord() {
    var text = ""
    for (name, bytes, path) in files + archives + pickles + calls {
      text += "# \(name)\n\(message { _ = try TorchArchive(bytes, file: "model.pt").tensors(at: path) })\n\n"
    }
    if let difference = Golden.difference(text, "Tests/NetworksTests/Faults/torch.txt") {
      Issue.record("\(difference)")
    }
  }
}
