internal import CTensorKernels

/// Runs `body` with numbers nearer to 0 than 2^-126 (float64: 2^-1022) as 0 on this thread.
///
/// Attention and answers that are nearly certain have such probabilities, and arithmetic with them takes many times as
/// long; beside numbers of any other size they count for nothing.
package func withoutSubnormals<Result>(_ body: () throws -> Result) rethrows -> Result {
  let state = levin_flush_subnormals()
  defer { levin_restore_subnormals(state) }
  return try body()
}
