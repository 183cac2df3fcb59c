import Documents
import Foundation
import Networks
import Testing

/// Files go to Python's `safetensors` and come back, bit for bit. Skipped where no Python with it is found.
///
/// `LEVIN_PYTHON` names the interpreter; else it is `python3`.
@Suite struct PythonTests {
  private static let interpreter = ProcessInfo.processInfo.environment["LEVIN_PYTHON"] ?? "python3"

  /// Exit code and output of a script.
  private static func run(_ script: String, _ arguments: [String]) -> (code: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [interpreter, "-c", script] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    guard (try? process.run()) != nil else { return (127, "no \(interpreter)") }
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  private static let hasSafetensors = run("import numpy, safetensors.numpy", []).code == 0
  private static let hasTorch = run("import torch", []).code == 0

  /// Numbers of every kind, under names that need escapes.
  private static let tensors: NamedTensors = {
    let numbers: [Float] = [
      0, -0.0, 1, -1.5, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, .pi,
    ]
    return NamedTensors([
      .init(name: "w", shape: [2, 4], values: numbers),
      .init(name: "a \"quoted\" \\ name\n", shape: [8, 1], values: numbers),
      .init(name: "é.日本", shape: [], values: [3]), .init(name: "empty", shape: [0, 5], values: []),
      .init(name: "\u{7F}\u{1}", shape: [1, 1, 1, 1], values: [7]),
    ])
  }()

  private func withFiles(_ body: (_ ours: String, _ theirs: String) throws -> Void) throws {
    let base = FileManager.default.temporaryDirectory.appendingPathComponent("levin-\(UUID().uuidString)").path
    defer { for end in ["a", "b"] { try? FileManager.default.removeItem(atPath: base + end) } }
    try body(base + "a", base + "b")
  }

  @Test(.enabled(if: hasSafetensors, "no Python with safetensors and numpy; set LEVIN_PYTHON"))
  func pythonReadsWhatIsWrittenAndWritesTheSameBytes() throws {
    try withFiles { ours, theirs in
      let bytes = Safetensors.bytes(Self.tensors, metadata: ["step": "7 \"é\""])
      try replaceFile(ours, with: bytes)
      let script = """
        import sys
        from safetensors import safe_open
        from safetensors.numpy import load_file, save_file
        with safe_open(sys.argv[1], 'np') as f: metadata = f.metadata()
        save_file(load_file(sys.argv[1]), sys.argv[2], metadata)
        """
      let (code, output) = Self.run(script, [ours, theirs])
      #expect(code == 0, "\(output)")
      #expect(try readFile(theirs, limit: 1 << 20) == bytes)
    }
  }

  @Test(.enabled(if: hasSafetensors, "no Python with safetensors and numpy; set LEVIN_PYTHON"))
  func filesOfPythonAreReadAndWrittenBack() throws {
    try withFiles { _, theirs in
      let script = """
        import sys
        import numpy as np
        from safetensors.numpy import save_file
        random = np.random.default_rng(5)
        shapes = [(), (1,), (0,), (3, 4), (2, 3, 4), (7, 1, 2)]
        save_file({f'block.{i}.é"{i}': random.normal(size=s).astype(np.float32) for i, s in enumerate(shapes)}, sys.argv[1])
        """
      let (code, output) = Self.run(script, [theirs])
      #expect(code == 0, "\(output)")
      let bytes = try readFile(theirs, limit: 1 << 20)
      let contents = try Safetensors.read(bytes, file: theirs)
      #expect(contents.tensors.names.count == 6)
      #expect(Safetensors.bytes(contents.tensors) == bytes)
    }
  }

  @Test(.enabled(if: hasTorch && hasSafetensors, "no Python with torch and safetensors; set LEVIN_PYTHON"))
  func archivesAreReadAsPyTorchReadsThem() throws {
    for name in ["published.pth", "types.pt", "views.pt", "lens.pt"] {
      try withFiles { _, theirs in
        let script = """
          import sys, torch
          from safetensors.torch import save_file
          d = torch.load(sys.argv[1], weights_only=True)
          d = d.get('model', d)
          save_file({k: v.float().contiguous().clone() for k, v in d.items() if not k.endswith('IGNORE')}, sys.argv[2])
          """
        let (code, output) = Self.run(script, [Fixture.path(name), theirs])
        #expect(code == 0, "\(output)")
        var options = TensorReadingOptions()
        options.ignoredNames = ["IGNORE"]
        let tensors = try Fixture.torch(name).tensors(options: options)
        #expect(try Safetensors.bytes(tensors) == readFile(theirs, limit: 1 << 20), "\(name)")
      }
    }
  }
}
