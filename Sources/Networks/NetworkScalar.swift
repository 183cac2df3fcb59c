public import CTensorKernels

#if canImport(Accelerate)
  internal import Accelerate
#else
  internal import COpenBLAS

  private let cblas_sgemm = BLASBackend.library.sgemm!
  private let cblas_dgemm = BLASBackend.library.dgemm!
  private typealias CBLAS_TRANSPOSE = Int32
  private let CblasRowMajor = Int32(LEVIN_ROW_MAJOR)
  private let CblasNoTrans = Int32(LEVIN_NO_TRANSPOSE)
  private let CblasTrans = Int32(LEVIN_TRANSPOSE)
#endif

/// Numbers that networks compute with: `Float` for use, `Double` for checks of gradients.
public protocol NetworkScalar: BinaryFloatingPoint, BitwiseCopyable, Sendable {
  /// The elementwise loops for this type on this processor.
  static var kernels: levin_tensor_kernels { get }

  /// C = alpha · op(A) · op(B) + beta · C, where op transposes on request, C is `[m, n]` and the inner size is `k`.
  ///
  /// Row-major; `aStride`, `bStride`, `cStride` are distances between rows as stored. With `beta` 0, C is not read.
  static func product(
    _ m: Int, _ n: Int, _ k: Int, alpha: Self, _ a: UnsafePointer<Self>, _ aStride: Int, transposed aTransposed: Bool,
    _ b: UnsafePointer<Self>, _ bStride: Int, transposed bTransposed: Bool,
    beta: Self, _ c: UnsafeMutablePointer<Self>, _ cStride: Int)
}

private let floatKernels = levin_tensor_kernels_float().pointee
private let doubleKernels = levin_tensor_kernels_double().pointee

private func flag(_ transposed: Bool) -> CBLAS_TRANSPOSE { transposed ? CblasTrans : CblasNoTrans }

extension Float: NetworkScalar {
  /// The float32 loops, chosen for this processor when they are first used.
  public static var kernels: levin_tensor_kernels { floatKernels }

  /// `cblas_sgemm` on the calling thread; the product is counted in `NetworkWork`.
  public static func product(
    _ m: Int, _ n: Int, _ k: Int, alpha: Self, _ a: UnsafePointer<Self>, _ aStride: Int, transposed aTransposed: Bool,
    _ b: UnsafePointer<Self>, _ bStride: Int, transposed bTransposed: Bool,
    beta: Self, _ c: UnsafeMutablePointer<Self>, _ cStride: Int
  ) {
    levin_count_product(m, n, k)
    cblas_sgemm(
      CblasRowMajor, flag(aTransposed), flag(bTransposed), Int32(m), Int32(n), Int32(k), alpha, a, Int32(aStride),
      b, Int32(bStride), beta, c, Int32(cStride))
  }
}

extension Double: NetworkScalar {
  /// The float64 loops, chosen for this processor when they are first used.
  public static var kernels: levin_tensor_kernels { doubleKernels }

  /// `cblas_dgemm` on the calling thread; the product is counted in `NetworkWork`.
  public static func product(
    _ m: Int, _ n: Int, _ k: Int, alpha: Self, _ a: UnsafePointer<Self>, _ aStride: Int, transposed aTransposed: Bool,
    _ b: UnsafePointer<Self>, _ bStride: Int, transposed bTransposed: Bool,
    beta: Self, _ c: UnsafeMutablePointer<Self>, _ cStride: Int
  ) {
    levin_count_product(m, n, k)
    cblas_dgemm(
      CblasRowMajor, flag(aTransposed), flag(bTransposed), Int32(m), Int32(n), Int32(k), alpha, a, Int32(aStride),
      b, Int32(bStride), beta, c, Int32(cStride))
  }
}

/// Counts of the work that networks make.
public enum NetworkWork {
  /// Floating-point operations of the matrix products made on the calling thread so far, two for each multiplication with
  /// its addition. Elementwise work and the optimiser's are not in it.
  public static var productOperations: UInt64 { levin_product_operations() }
}
