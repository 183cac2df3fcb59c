/// The library of matrix products: which one, with which kernels, and why.
public enum BLASBackend {
  /// One line for `--verbose`.
  public static var description: String { "" }
}
