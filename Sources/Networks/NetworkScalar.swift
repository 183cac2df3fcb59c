/// Numbers that networks compute with: `Float` for use, `Double` for checks of gradients.
public protocol NetworkScalar: BinaryFloatingPoint, BitwiseCopyable, Sendable {}

extension Float: NetworkScalar {}
extension Double: NetworkScalar {}
