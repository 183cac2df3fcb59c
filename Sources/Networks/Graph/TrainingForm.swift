/// A network's computation as training runs it: tables computed once per step, and lanes of rows that read them.
///
/// What depends on a token (or a token at a position) alone is the same in every row, so it is computed once per table row
/// and gathered. Tables lie in a flat vector of their own, beside the parameters; the gradients that lanes leave there go
/// back through the graph of the tables.
public struct TrainingForm<Scalar: NetworkScalar> {
  let tableLayout: ParameterLayout
  /// Writes the tables from the parameters; `nil` when there are none.
  let tables: Graph<Scalar>?
  /// A lane's graph, for at most that many rows.
  let lane: (_ rows: Int) -> Graph<Scalar>
}
