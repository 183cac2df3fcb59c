/// A network's computation as training runs it: tables computed once per step, and lanes of rows that read them.
public struct TrainingForm<Scalar: NetworkScalar> {
}
