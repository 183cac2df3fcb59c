import Evaluation

/// Counting candidates, and asking whether to go on.
extension ClassBank {
  /// Adds `replayed` candidates to the count.
  func count(replayed: Int) -> Stored {
    counted.replayed += replayed
    return count(isFilling: false)
  }

  /// Brings `candidates` up to the whole blocks so far and polls where it comes past `nextPoll`: at the same candidates whether
  /// repeats are replayed or evaluated.
  func count(isFilling: Bool) -> Stored {
    let size = CandidateBlock.greatestSize
    let sum = counted.inserted + counted.replayed + ring.filling.state.count
    let end = counted.before + UInt64(sum / size * size)
    while candidates < end {
      let blocks = nextPoll > candidates ? (Int(nextPoll - candidates) + size - 1) / size : 1
      candidates = min(end, candidates + UInt64(blocks * size))
      if candidates >= nextPoll, poll() { return .stopped }
    }
    if checksMachine, isFilling {
      checksMachine = false
      if let machine = kernelTables.machine, machine.bytes + meter.used > meter.limit {
        if !numbers.drop() || machine.bytes + meter.used > meter.limit { return .memory }
      }
    }
    return .level
  }

  /// Whether to stop.
  func poll() -> Bool {
    nextPoll = candidates + (kernelTables.machine == nil ? 1 << 16 : 1 << 12)
    checksMachine = true
    return shouldStop(self)
  }
}
