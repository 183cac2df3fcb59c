internal import CTensorKernels

#if !canImport(Accelerate)
  internal import COpenBLAS
#endif

/// The library of matrix products: which one, with which kernels, and why.
///
/// OpenBLAS is loaded by the first network of a process (a search never needs it). It holds kernels for many processors and
/// chooses when it loads. Releases before 0.3.24 fall back to those of 2004 (`Prescott`) on processors that they do not
/// know, about ten times slower, so the choice is checked and made again where it is older than the instructions at hand.
/// Products run on the thread that asks for them; lanes make the parallelism.
public enum BLASBackend {
  /// The library cannot be had: why, and what to install.
  public struct Unavailable: Error, CustomStringConvertible {
    /// The reason and the package to install, in one line.
    public let description: String
  }

  /// One line for `--verbose`, e.g. `OpenBLAS 0.3.21, kernels Zen (its own choice), 1 thread per product`.
  public static var description: String {
    do { return try load() } catch { return error.description }
  }

  /// Loads the library and chooses its kernels, once in a process, and describes them.
  ///
  /// Graphs do so by themselves, but can only stop the process when it fails: call this first to have the reason as an error.
  @discardableResult
  public static func load() throws(Unavailable) -> String {
    #if canImport(Accelerate)
      return "Accelerate"
    #else
      return try loaded.get().description
    #endif
  }

  /// Chooses the kernels before any product; every graph and executor calls it.
  static func prepare() {
    #if !canImport(Accelerate)
      _ = library
    #endif
  }

  #if !canImport(Accelerate)
    /// The functions of the library, which must be there.
    static var library: levin_openblas {
      switch loaded {
      case .success(let loaded): loaded.library
      case .failure(let reason): fatalError(reason.description)
      }
    }

    private struct Loaded: @unchecked Sendable {
      var library: levin_openblas
      var description: String
    }

    private static let loaded = choose()

    private static func choose() -> Result<Loaded, Unavailable> {
      var library = levin_openblas()
      if let reason = levin_openblas_load(&library) {
        return .failure(
          Unavailable(
            description: "networks need OpenBLAS: \(String(cString: reason)); install libopenblas0 (Debian, Ubuntu)"))
      }
      let remark = correction(of: coreName(library), library)
      library.set_num_threads(1)
      let version = String(cString: library.get_config()!).split(separator: " ").prefix(2).joined(separator: " ")
      return .success(
        Loaded(
          library: library,
          description: "\(version), kernels \(coreName(library)) (\(remark)), 1 thread per product"))
    }

    /// Cores before AVX2, as OpenBLAS names them.
    private static let old: Set<String> = [
      "Katmai", "Coppermine", "Northwood", "Prescott", "Banias", "Atom", "Core2", "Penryn", "Dunnington", "Nehalem",
      "Athlon", "Opteron", "Opteron_SSE3", "Barcelona", "Bobcat", "Bulldozer", "Piledriver", "Steamroller",
      "Sandybridge", "Nano", "Generic",
    ]

    /// Chooses better kernels where the library's choice is older than the processor; says what was done.
    private static func correction(of core: String, _ library: levin_openblas) -> String {
      if levin_openblas_core_is_requested() != 0 { return "asked for by OPENBLAS_CORETYPE" }
      let level = levin_instruction_set()
      guard old.contains(core), level >= LEVIN_X86_64_V3.rawValue else { return "its own choice" }
      let better = level >= LEVIN_X86_64_V4.rawValue ? "SkylakeX" : "Haswell"
      guard withUnsafePointer(to: library, { levin_openblas_choose_core($0, better) }) != 0 else {
        return "the only ones of this build"
      }
      return "in place of its choice \(core), which knows fewer instructions than this processor"
    }

    private static func coreName(_ library: levin_openblas) -> String { String(cString: library.get_corename()!) }
  #endif
}
