internal import CTensorKernels

#if !canImport(Accelerate)
  internal import COpenBLAS
#endif

/// The library of matrix products: which one, with which kernels, and why.
///
/// OpenBLAS holds kernels for many processors and chooses when it loads. Releases before 0.3.24 fall back to those of 2004
/// (`Prescott`) on processors that they do not know, about ten times slower, so the choice is checked and made again where
/// it is older than the instructions at hand. Products run on the thread that asks for them; lanes make the parallelism.
public enum BLASBackend {
  /// One line for `--verbose`, e.g. `OpenBLAS 0.3.21, kernels Zen (its own choice), 1 thread per product`.
  public static var description: String { prepared }

  /// Chooses the kernels, once in a process, before any product; every graph and executor calls it.
  static func prepare() { _ = prepared }

  #if canImport(Accelerate)
    private static let prepared = "Accelerate"
  #else
    private static let prepared = choose()

    private static func choose() -> String {
      let found = coreName()
      let remark = correction(of: found)
      openblas_set_num_threads(1)
      let version = String(cString: openblas_get_config()).split(separator: " ").prefix(2).joined(separator: " ")
      return "\(version), kernels \(coreName()) (\(remark)), 1 thread per product"
    }

    /// Cores before AVX2, as OpenBLAS names them.
    private static let old: Set<String> = [
      "Katmai", "Coppermine", "Northwood", "Prescott", "Banias", "Atom", "Core2", "Penryn", "Dunnington", "Nehalem",
      "Athlon", "Opteron", "Opteron_SSE3", "Barcelona", "Bobcat", "Bulldozer", "Piledriver", "Steamroller",
      "Sandybridge", "Nano", "Generic",
    ]

    /// Chooses better kernels where the library's choice is older than the processor; says what was done.
    private static func correction(of core: String) -> String {
      if levin_openblas_core_is_requested() != 0 { return "asked for by OPENBLAS_CORETYPE" }
      let level = levin_instruction_set()
      guard old.contains(core), level >= LEVIN_X86_64_V3.rawValue else { return "its own choice" }
      let better = level >= LEVIN_X86_64_V4.rawValue ? "SkylakeX" : "Haswell"
      guard levin_openblas_choose_core(better) != 0 else { return "the only ones of this build" }
      return "in place of its choice \(core), which knows fewer instructions than this processor"
    }

    private static func coreName() -> String { String(cString: openblas_get_corename()) }
  #endif
}
