import Documents
import Networks
import Randomness
import Testing

@Suite struct SafetensorsTests {
  @Test func filesOfPythonAreRead() throws {
    let contents = try Safetensors.read(Fixture.bytes("transformer.safetensors"), file: "t")
    #expect(contents.metadata.isEmpty)
    #expect(contents.tensors.names.sorted() == contents.tensors.names)
    #expect(contents.tensors.names.count == 11)
    for tensor in contents.tensors.tensors {
      #expect(tensor.values == Fixture.values(tensor.name, tensor.values.count))
      #expect(tensor.storedType == .float32)
    }
    #expect(contents.tensors["blocks.0.attn.W_O"]?.shape == [2, 3, 4])
    #expect(try Safetensors.read(Fixture.bytes("transposed.safetensors"), file: "t").metadata == ["format": "np"])
  }

  @Test(arguments: ["transformer", "transposed", "mlp", "lstm"])
  func writingGivesTheBytesOfPython(_ name: String) throws {
    let bytes = Fixture.bytes("\(name).safetensors")
    let contents = try Safetensors.read(bytes, file: name)
    #expect(Safetensors.bytes(contents.tensors, metadata: contents.metadata) == bytes)
  }

  @Test func everyElementTypeIsRead() throws {
    let tensors = try Safetensors.read(Fixture.bytes("types.safetensors"), file: "t").tensors
    for type in ["I64", "I32", "I16", "I8", "U8", "U16", "U32", "U64"] {
      #expect(tensors[type]?.values == [0, 1, 2, 3, 4, 5])
      #expect(tensors[type]?.storedType.rawValue == type)
    }
    for type in ["F64", "F32", "F16"] { #expect(tensors[type]?.values == Fixture.values(type, 6)) }
    #expect(tensors["BOOL"]?.values == [0, 1, 0, 1, 0, 1])
    #expect(tensors["scalar"]?.shape == [] && tensors["scalar"]?.values == [2.5])
    #expect(tensors["empty"]?.shape == [0, 3] && tensors["empty"]?.values == [])
  }

  /// A file with one tensor of these bytes.
  private func single(_ type: String, _ data: [UInt8], count: Int) -> [UInt8] {
    safetensors(#"{"w":{"dtype":"\#(type)","shape":[\#(count)],"data_offsets":[0,\#(data.count)]}}"#) + data
  }

  #if !(os(macOS) && arch(x86_64))
    @Test func everyHalfIsReadExactly() throws {
      var options = TensorReadingOptions()
      options.allowsNonFinite = true
      var halves = ByteWriter()
      for bits in 0...UInt64(UInt16.max) { halves.write(bits, 2) }
      let values = try Safetensors.read(single("F16", halves.bytes, count: 65536), file: "t", options: options).tensors
        .tensors[0].values
      for bits in 0...UInt16.max {
        let (expected, value) = (Float(Float16(bitPattern: bits)), values[Int(bits)])
        #expect(expected.isNaN ? value.isNaN : expected.bitPattern == value.bitPattern)
      }
    }
  #endif

  @Test func wideNumbersAreRoundedOnceToTheNearest() throws {
    func bytes(_ words: [UInt64]) -> [UInt8] {
      var writer = ByteWriter()
      for word in words { writer.write(word, 8) }
      return writer.bytes
    }
    var generator = SeededGenerator(seed: 3, name: "files/rounding")
    var integers: [Int64] = [.max, .min, 16_777_217, -16_777_219]
    for shift in 0..<200 { integers.append(Int64(bitPattern: generator.next()) >> Int64(shift % 64)) }
    let words = integers.map { UInt64(bitPattern: $0) }
    let read = try Safetensors.read(single("I64", bytes(words), count: words.count), file: "t")
    #expect(read.tensors.tensors[0].values == integers.map { Float($0) })
    let doubles: [Double] = [1.0 / 3, 0.1, 1e-46, 1e-45, -3e38, 1.000_000_059_604_644_8, 1.000_000_178_813_934_3]
    let other = try Safetensors.read(single("F64", bytes(doubles.map(\.bitPattern)), count: doubles.count), file: "t")
    #expect(other.tensors.tensors[0].values == doubles.map { Float($0) })
  }

  @Test func bfloatIsTheUpperHalfOfAFloat() throws {
    let values = try Safetensors.read(single("BF16", [0x80, 0x3F, 0x49, 0xC0], count: 2), file: "t").tensors.tensors[0]
      .values
    #expect(values == [1, -3.140625])
  }

  @Test func anythingWrittenIsReadBack() throws {
    var generator = SeededGenerator(seed: 4, name: "files/round-trip")
    for round in 0..<50 {
      let names = ["w", "é", "a\"b\\c", "\n", "x.y", "", "日本", "_"].prefix(Int(generator.below(9)))
      let tensors = names.map { name in
        let shape = (0..<Int(generator.below(4))).map { _ in Int(generator.below(5)) }
        var values: [Float] = []
        for _ in 0..<shape.reduce(1, *) { values.append(Float(Int64(bitPattern: generator.next()))) }
        return NamedTensors.Tensor(name: name, shape: shape, values: values)
      }
      let metadata = round % 2 == 0 ? [:] : ["b": "\u{1}\"", "a": "é"]
      let bytes = Safetensors.bytes(NamedTensors(tensors), metadata: metadata)
      let read = try Safetensors.read(bytes, file: "t")
      #expect(read.metadata == metadata)
      #expect(Set(read.tensors.tensors) == Set(tensors))
      #expect(Safetensors.bytes(read.tensors, metadata: metadata) == bytes)
      #expect(Int(bytes[0]) % 8 == 0)
    }
  }

  @Test func sizesWhoseProductOverflowsAreNoCrash() throws {
    let huge = "9223372036854775807"
    let empty = try Safetensors.read(
      safetensors(#"{"w":{"dtype":"F32","shape":[\#(huge),\#(huge),0],"data_offsets":[0,0]}}"#), file: "t")
    #expect(empty.tensors["w"]?.values == [])
    #expect(Safetensors.bytes(empty.tensors).count > 8)
  }

  @Test func nonFiniteNumbersAreReadOnRequest() throws {
    let bytes = single("F32", [0, 0, 0x80, 0x7F, 0, 0, 0xC0, 0x7F], count: 2)
    var options = TensorReadingOptions()
    options.allowsNonFinite = true
    let values = try Safetensors.read(bytes, file: "t", options: options).tensors.tensors[0].values
    #expect(values[0] == .infinity && values[1].isNaN)
    options = TensorReadingOptions()
    options.ignoredNames = ["w"]
    #expect(try Safetensors.read(bytes, file: "t", options: options).tensors.names == [])
  }
}
