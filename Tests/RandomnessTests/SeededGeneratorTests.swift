import Randomness
import Testing

/// Numbers of an independent program that follows the published definitions of xoshiro256** and SplitMix64.
@Suite struct SeededGeneratorIsPublishedXoshiro {
  @Test(
    arguments: [
      (
        0, [0x99EC_5F36_CB75_F2B4, 0xBF6E_1F78_4956_452A, 0x1A5F_849D_4933_E6E0, 0x6AA5_94F1_262D_2D2C],
        0x7AAC_8C48_3A2E_DD2F
      ),
      (
        1, [0xB3F2_AF6D_0FC7_10C5, 0x853B_5596_4736_4CEA, 0x92F8_9756_082A_4514, 0x642E_1C7B_C266_A3A7],
        0xB851_7C33_C344_D153
      ),
      (
        42, [0x1578_0B2E_0C2E_C716, 0x6104_D986_6D11_3A7E, 0xAE17_5332_39E4_99A1, 0xECB8_AD47_03B3_60A1],
        0x8DE5_848C_61AB_8968
      ),
      (
        .max, [0x8F55_20D5_2A7E_AD08, 0xC476_A018_CAA1_802D, 0x81DE_31C0_D260_469E, 0xBF65_8D7E_065F_3C2F],
        0xC3C9_3EA5_CDE4_34CC
      ),
    ] as [(UInt64, [UInt64], UInt64)])
  func firstNumbersAndTheThousandthAreTheReferences(_ seed: UInt64, _ first: [UInt64], _ thousandth: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let numbers = (0..<1000).map { _ in generator.next() }
    #expect(Array(numbers.prefix(4)) == first)
    #expect(numbers.last == thousandth)
  }

  @Test(
    arguments: [
      (0, "", [0xB957_95AA_F955_5424, 0x853F_68C5_D692_BDC0, 0xF623_93AA_1C87_E4F0]),
      (0, "split/mod-add/113", [0x10DA_3D5B_C4C1_579C, 0xF567_12E1_B495_D342, 0xC222_22CD_A8C0_7DC0]),
      (7, "split", [0xE043_1B8A_91B4_40FC, 0x5054_FBCD_78C1_96A6, 0x10DD_9539_1FF4_26F4]),
      (7, "größe", [0xEBBD_AF7A_7008_CA8C, 0xAC1C_41C0_DD21_271E, 0x6EAA_9C3D_5A30_3A08]),
    ] as [(UInt64, String, [UInt64])])
  func namedGeneratorsMixTheNamesBytes(_ seed: UInt64, _ name: String, _ first: [UInt64]) {
    var generator = SeededGenerator(seed: seed, name: name)
    #expect((0..<3).map { _ in generator.next() } == first)
  }

  @Test func namesAndSeedsGiveDifferentNumbers() {
    var firsts: Set<UInt64> = []
    for seed in UInt64(0)..<20 {
      for name in ["", "a", "b", "ab", "ba", "split"] {
        var generator = SeededGenerator(seed: seed, name: name)
        firsts.insert(generator.next())
      }
    }
    #expect(firsts.count == 120)
  }

  @Test func copiesContinueAlike() {
    var generator = SeededGenerator(seed: 9)
    _ = generator.next()
    var copy = generator
    #expect((0..<5).map { _ in generator.next() } == (0..<5).map { _ in copy.next() })
  }
}

@Suite struct NumbersBelowABound {
  @Test(
    arguments: [
      (2, [0, 1, 1, 1, 1, 1, 1, 1]), (6, [1, 3, 3, 4, 3, 4, 3, 4]), (10, [2, 6, 6, 8, 5, 7, 5, 8]),
      (1 << 32, [1_238_716_792, 2_585_923_930, 2_789_781_964, 3_528_531_488]),
      (
        (1 << 63) + 1,
        [2_660_124_057_020_295_092, 5_553_229_355_294_069_358, 5_991_011_151_194_742_231, 7_458_586_743_318_756_548]
      ),
      (.max, [5_320_248_114_040_590_184, 11_106_458_710_588_138_715, 11_982_022_302_389_484_461]),
    ] as [(UInt64, [UInt64])])
  func agreeWithTheReferenceRejection(_ bound: UInt64, _ expected: [UInt64]) {
    var generator = SeededGenerator(seed: 5)
    #expect(expected.map { _ in generator.below(bound) } == expected)
  }

  @Test func stayBelowIt() {
    var generator = SeededGenerator(seed: 6)
    for bound: UInt64 in [1, 2, 3, 5, 1 << 31, (1 << 63) - 1, 1 << 63, (1 << 63) + 1, .max] {
      #expect((0..<200).allSatisfy { _ in generator.below(bound) < bound })
    }
  }

  @Test(arguments: [2, 3, 7, 10, 64] as [UInt64])
  func areEquallyFrequent(_ bound: UInt64) {
    var generator = SeededGenerator(seed: 7)
    var counts = [Int](repeating: 0, count: Int(bound))
    let draws = 1000 * Int(bound)
    for _ in 0..<draws { counts[Int(generator.below(bound))] += 1 }
    let statistic = counts.reduce(0.0) { $0 + Double(($1 - 1000) * ($1 - 1000)) / 1000 }
    // Mean k - 1, variance 2 (k - 1) for k cells: five standard deviations.
    let freedom = Double(bound - 1)
    #expect(statistic < freedom + 5 * (2 * freedom).squareRoot())
  }

  /// With bound 3·2^62 a plain product without rejection would give every third number twice as often.
  @Test func areUnbiasedForBoundsNearTheWordSize() {
    var generator = SeededGenerator(seed: 8)
    var counts = [0, 0, 0]
    for _ in 0..<6000 { counts[Int(generator.below(3 << 62) % 3)] += 1 }
    #expect(counts.allSatisfy { abs($0 - 2000) < 183 })
  }
}

@Suite struct SeededShuffles {
  @Test func followTheReference() {
    var generator = SeededGenerator(seed: 3)
    var list = Array(0..<20)
    generator.shuffle(&list)
    #expect(list == [10, 1, 17, 8, 0, 4, 7, 14, 15, 18, 19, 11, 16, 2, 5, 6, 9, 3, 12, 13])
  }

  @Test func arePermutationsAndRepeatable() {
    for count in [0, 1, 2, 3, 10, 257] {
      var (first, second) = (SeededGenerator(seed: 11), SeededGenerator(seed: 11))
      var (a, b) = (Array(0..<count), Array(0..<count))
      first.shuffle(&a)
      second.shuffle(&b)
      #expect(a == b && a.sorted() == Array(0..<count))
    }
  }

  @Test func reachEveryOrderEquallyOften() {
    var generator = SeededGenerator(seed: 12)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<6000 {
      var list = [0, 1, 2]
      generator.shuffle(&list)
      counts[list, default: 0] += 1
    }
    #expect(counts.count == 6 && counts.values.allSatisfy { abs($0 - 1000) < 145 })
  }
}
