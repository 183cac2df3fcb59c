public import Documents
public import Networks

extension Recipe.Method {
  /// The optimiser at its beginning.
  public func optimizer(_ layout: ParameterLayout) -> any Optimizer {
    switch self {
    case .adamW(let settings): AdamW(settings, layout)
    case .perpendicularAdamW(let settings): PerpendicularGradient(AdamW(settings, layout), layout)
    case .muon(let settings):
      Muon(settings, layout) { m, n, k, alpha, a, aStride, aTransposed, b, bStride, bTransposed, beta, c, cStride in
        Float.product(
          m, n, k, alpha: alpha, a, aStride, transposed: aTransposed, b, bStride, transposed: bTransposed, beta: beta,
          c,
          cStride)
      }
    }
  }

  /// The optimisers by their names.
  public enum Kind: String, Hashable, Sendable, CaseIterable { case adamw, perpendicular, muon }

  /// Another optimiser with the rate, decay and schedule of this one: Muon's updates are then of AdamW's size
  /// (`Muon.UpdateScale.matchingAdamW`).
  public func with(_ kind: Kind) -> Recipe.Method {
    let settings =
      switch self {
      case .adamW(let settings), .perpendicularAdamW(let settings): settings
      case .muon(let muon): muon.rest
      }
    switch kind {
    case .adamw: return .adamW(settings)
    case .perpendicular: return .perpendicularAdamW(settings)
    case .muon:
      return .muon(
        Muon.Configuration(
          learningRate: settings.learningRate, weightDecay: settings.weightDecay, updateScale: .matchingAdamW,
          schedule: settings.schedule, rest: settings))
    }
  }

  /// The greatest learning rate, of all parameters.
  public var learningRate: Double {
    get {
      switch self {
      case .adamW(let settings), .perpendicularAdamW(let settings): settings.learningRate
      case .muon(let settings): settings.learningRate
      }
    }
    set {
      change(
        { $0.learningRate = newValue },
        {
          $0.learningRate = newValue
          $0.rest.learningRate = newValue
        })
    }
  }

  /// Decoupled decay, of all parameters.
  public var weightDecay: Double {
    get {
      switch self {
      case .adamW(let settings), .perpendicularAdamW(let settings): settings.weightDecay
      case .muon(let settings): settings.weightDecay
      }
    }
    set {
      change(
        { $0.weightDecay = newValue },
        {
          $0.weightDecay = newValue
          $0.rest.weightDecay = newValue
        })
    }
  }

  private mutating func change(_ adam: (inout AdamW.Configuration) -> Void, _ muon: (inout Muon.Configuration) -> Void)
  {
    switch self {
    case .adamW(var settings):
      adam(&settings)
      self = .adamW(settings)
    case .perpendicularAdamW(var settings):
      adam(&settings)
      self = .perpendicularAdamW(settings)
    case .muon(var settings):
      muon(&settings)
      self = .muon(settings)
    }
  }

  /// The settings as a record holds them.
  public var record: JSONValue {
    switch self {
    case .adamW(let settings): ["name": "adamw", "settings": settings.record]
    case .perpendicularAdamW(let settings): ["name": "perpendicular adamw", "settings": settings.record]
    case .muon(let settings):
      [
        "name": "muon", "learningRate": .real(settings.learningRate), "momentum": .real(settings.momentum),
        "nesterov": .bool(settings.isNesterov), "weightDecay": .real(settings.weightDecay),
        "updateScale": settings.updateScale == .original ? "original" : "matching adamw",
        "schedule": settings.schedule.record, "rest": settings.rest.record,
      ]
    }
  }

  /// The settings in a line.
  public var text: String {
    switch self {
    case .adamW(let settings): settings.text
    case .perpendicularAdamW(let settings): "perpendicular gradient, " + settings.text
    case .muon(let settings):
      "Muon, rate \(settings.learningRate), momentum \(settings.momentum), decay \(settings.weightDecay)\(settings.schedule.text); rest: \(settings.rest.text)"
    }
  }
}

extension AdamW.Configuration {
  var record: JSONValue {
    [
      "learningRate": .real(learningRate), "beta1": .real(meanDecay), "beta2": .real(squareDecay),
      "epsilon": .real(epsilon),
      "weightDecay": .real(weightDecay), "schedule": schedule.record,
    ]
  }

  var text: String {
    "AdamW, rate \(learningRate), betas \(meanDecay) \(squareDecay), decay \(weightDecay)\(schedule.text)"
  }
}

extension Schedule {
  var record: JSONValue {
    var decays: JSONValue = .null
    if case .cosine(let steps, let final) = decay { decays = ["cosineSteps": .integer(steps), "final": .real(final)] }
    return ["warmUp": .integer(warmUp), "startsAtZero": .bool(start == .zero), "decay": decays]
  }

  /// What is not constant, behind a comma; empty when all is.
  var text: String {
    var text = warmUp > 0 ? ", \(warmUp) steps of warm-up" : ""
    if case .cosine(let steps, let final) = decay { text += ", cosine to \(final) in \(steps) steps" }
    return text
  }
}
