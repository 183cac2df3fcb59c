import Randomness
import Testing

/// Fixtures printed by CPython 3.11: `random.seed(s); l = list(range(n)); random.shuffle(l); print(l)`.
@Suite struct PythonRandomIsCPythons {
  @Test(
    arguments: [
      (0, [0, 1]),
      (0, [0, 2, 1]),
      (0, [10, 18, 16, 14, 0, 17, 11, 2, 3, 9, 5, 7, 4, 19, 6, 15, 8, 1, 13, 12]),
      (1, [1, 0]),
      (1, [1, 2, 0]),
      (1, [11, 5, 17, 19, 9, 0, 16, 1, 15, 6, 10, 13, 14, 12, 7, 3, 8, 2, 18, 4]),
      (42, [1, 0]),
      (42, [1, 0, 2]),
      (42, [19, 5, 14, 4, 9, 13, 15, 18, 6, 12, 17, 10, 1, 11, 2, 16, 7, 8, 0, 3]),
      (598, [1, 0]),
      (598, [2, 1, 0]),
      (598, [17, 10, 2, 1, 8, 4, 6, 9, 7, 11, 0, 12, 15, 5, 13, 18, 19, 16, 14, 3]),
      (4_294_967_301, [1, 0]),
      (4_294_967_301, [2, 1, 0]),
      (4_294_967_301, [16, 13, 8, 4, 1, 6, 18, 17, 3, 19, 7, 14, 12, 2, 10, 11, 0, 9, 15, 5]),
    ] as [(UInt64, [Int])])
  func shufflesAreCPythons(_ seed: UInt64, _ expected: [Int]) {
    var generator = PythonRandom(seed: seed)
    var list = Array(0..<expected.count)
    generator.shuffle(&list)
    #expect(list == expected)
  }

  /// The order of the 113 · 113 pairs of modular addition, as published splits draw it.
  @Test func shuffleOfAll12769PairsIsCPythons() {
    var generator = PythonRandom(seed: 0)
    var list = Array(0..<12_769)
    generator.shuffle(&list)
    #expect(
      list.prefix(20) == [
        2068, 1213, 6243, 2876, 7184, 1686, 3107, 4032, 4705, 2032,
        10_442, 11_534, 4911, 1657, 5311, 7027, 6148, 1740, 9443, 5816,
      ])
    #expect(
      list.suffix(20) == [
        10_131, 1553, 12_383, 2289, 4617, 2281, 8268, 3578, 9558, 5866,
        7808, 4969, 6634, 7961, 8376, 4242, 663, 6890, 12_418, 6311,
      ])
    #expect(list.sorted() == Array(0..<12_769))
  }

  /// The whole list, by the FNV-1a hash taken over its numbers.
  @Test(
    arguments: [
      (0, 0xF5C5_62DD_42D3_DF05),
      (1, 0x9468_E94B_C2E0_139B),
      (42, 0x8390_5935_9839_1921),
      (598, 0xD88E_B5A6_476D_186F),
      (4_294_967_301, 0x7A72_D151_BF5A_0CE3),
    ] as [(UInt64, UInt64)])
  func everyPlaceOfLongShufflesIsCPythons(_ seed: UInt64, _ expected: UInt64) {
    var generator = PythonRandom(seed: seed)
    var list = Array(0..<12_769)
    generator.shuffle(&list)
    #expect(list.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 } == expected)
  }

  /// `[random.getrandbits(k) for k in (32, 1, 7, 31, 16, 32)]`.
  @Test(
    arguments: [
      (0, [3_626_764_237, 0, 97, 1_911_784_257, 27_562, 173_879_092]),
      (1, [577_090_037, 1, 108, 1_722_851_096, 50_054, 271_041_745]),
      (42, [2_746_317_213, 0, 3, 1_592_467_581, 18_024, 1_051_802_512]),
      (598, [3_656_830_775, 1, 12, 1_429_347_116, 48_056, 1_945_014_887]),
      (4_294_967_301, [675_479_763, 0, 36, 1_911_101_237, 39_613, 3_587_694_693]),
      (18_446_744_073_709_551_615, [93_740_670, 0, 43, 1_328_758_153, 13_891, 1_958_779_474]),
    ] as [(UInt64, [UInt32])])
  func bitsAreCPythons(_ seed: UInt64, _ expected: [UInt32]) {
    var generator = PythonRandom(seed: seed)
    #expect([32, 1, 7, 31, 16, 32].map { generator.bits($0) } == expected)
  }

  /// `[random._inst._randbelow(k) for k in (1, 2, 3, 1000, 2**31 + 1, 2**32 - 1)]`.
  @Test(
    arguments: [
      (0, [0, 1, 0, 265, 2_087_043_557, 1_739_178_872]),
      (1, [0, 0, 1, 120, 2_127_877_499, 3_268_308_804]),
      (42, [0, 0, 2, 281, 1_051_802_512, 958_682_846]),
      (598, [0, 1, 2, 961, 417_906_445, 1_999_092_644]),
      (4_294_967_301, [0, 1, 1, 911, 62_377_729, 1_524_997_693]),
      (18_446_744_073_709_551_615, [0, 0, 1, 633, 910_393_425, 1_958_779_474]),
    ] as [(UInt64, [Int])])
  func numbersBelowABoundAreCPythons(_ seed: UInt64, _ expected: [Int]) {
    var generator = PythonRandom(seed: seed)
    #expect([1, 2, 3, 1000, (1 << 31) + 1, (1 << 32) - 1].map { generator.below($0) } == expected)
  }

  @Test func shortListsDrawNothing() {
    var (used, fresh) = (PythonRandom(seed: 3), PythonRandom(seed: 3))
    var (empty, single): ([Int], [Int]) = ([], [7])
    used.shuffle(&empty)
    used.shuffle(&single)
    #expect(empty.isEmpty && single == [7] && used.bits(32) == fresh.bits(32))
  }
}
