#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// What the learning rate is multiplied by, step for step: a linear rise, then nothing or half a cosine down.
///
///     Schedule.constant.factor(atStep: 1)                                    // 1
///     Schedule(warmUp: 10).factor(atStep: 6)                                 // 0.5
///     Schedule(warmUp: 10, decay: .cosine(steps: 90)).factor(atStep: 101)    // 0
///
/// Steps count from 1. The factor is the product of both parts, and the decay begins when the rise has ended.
public struct Schedule: Hashable, Sendable {
  /// Where the rise begins, at step t = 1.
  public enum Start: Hashable, Sendable {
    /// (t - 1) / steps: the first step changes no parameter, but moments move. That of the published recipe.
    case zero
    /// t / steps.
    case oneStep
  }

  /// What follows the rise.
  public enum Decay: Hashable, Sendable {
    /// The full rate for ever.
    case none
    /// From 1 to `final` along half a cosine in so many steps, then `final` for ever.
    case cosine(steps: Int, final: Double = 0)
  }

  /// Steps of the linear rise; 0: none.
  public var warmUp: Int
  /// Where the rise begins.
  public var start: Start
  /// What follows it.
  public var decay: Decay

  /// The factor 1 at every step.
  public static let constant = Schedule()

  /// - Precondition: no negative rise, and a decay of one step at least.
  public init(warmUp: Int = 0, start: Start = .zero, decay: Decay = .none) {
    precondition(warmUp >= 0, "a warm-up of \(warmUp) steps")
    if case .cosine(let steps, _) = decay { precondition(steps > 0, "a decay in \(steps) steps") }
    (self.warmUp, self.start, self.decay) = (warmUp, start, decay)
  }

  /// The factor at step t = 1, 2, …
  public func factor(atStep step: Int) -> Double {
    precondition(step > 0, "steps count from 1")
    return rise(step) * fall(step - 1 - warmUp)
  }

  private func rise(_ step: Int) -> Double {
    guard warmUp > 0 else { return 1 }
    return min(Double(start == .zero ? step - 1 : step) / Double(warmUp), 1)
  }

  /// - Parameter done: Steps since the end of the rise; negative before it.
  private func fall(_ done: Int) -> Double {
    guard case .cosine(let steps, let final) = decay else { return 1 }
    let share = Double(min(max(done, 0), steps)) / Double(steps)
    return final + (1 - final) * (1 + cos(.pi * share)) / 2
  }
}
