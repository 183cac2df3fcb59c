import ExactArithmetic
import Testing

@Suite struct RationalTexts {
  @Test(arguments: [
    ("3/10", 3, 10), ("0.3", 3, 10), ("-0.25", -1, 4), ("6/4", 3, 2), ("-6/4", -3, 2), ("7", 7, 1), ("-7", -7, 1),
    ("0", 0, 1), ("0/5", 0, 1), ("+1/2", 1, 2), ("10.00", 10, 1), ("-0.0", 0, 1), ("0.001", 1, 1000),
    ("007/021", 1, 3), ("1.5", 3, 2),
  ])
  func fractionsAndDecimalsAreReadExactly(_ text: String, _ numerator: Int, _ denominator: Int) {
    #expect(Rational(text) == Rational(BigInteger(numerator), BigInteger(denominator)))
  }

  @Test(arguments: [
    "", "1/0", "1/ 2", "abc", "1/-2", "1/+2", "/2", "1/", "/", ".", "1.", "-", "1/2/3", "1.5/2", "1/1.5", "1.2.3",
    "1.-5", "1e3", " 1", "1 /2", "0x1", "nan", "inf", "1.+5", "--1/2", "1,5", "½",
  ])
  func otherTextIsRejected(_ text: String) { #expect(Rational(text) == nil) }

  @Test func readingUndoesPrinting() {
    for a in Samples.rationals {
      check(Rational("\(a)") == a, "\(a)")
      check("\(a)".contains("/") != a.isInteger, "\(a)")
    }
    #expect("\(Rational("3/10")! + Rational(1) / 5)" == "1/2")
    #expect("\(Rational(-6, 4))" == "-3/2")
  }

  @Test func decimalTextReadsBackWithinHalfAUnit() {
    for a in Samples.rationals {
      for digits in [0, 1, 3, 20] {
        let unit = Rational(1, BigInteger(10).power(digits))
        let text = a.decimalString(digits: digits)
        guard let back = Rational(text) else {
          Issue.record("'\(text)' is not a number")
          continue
        }
        check((back - a).magnitude * 2 <= unit, "\(a) with \(digits) digits: \(text)")
        check(text.drop { $0 != "." }.count == (digits == 0 ? 0 : digits + 1), "\(a): \(text)")
      }
    }
  }

  @Test func decimalTiesGoToEven() {
    let cases: [(Rational, Int, String)] = [
      (Rational(1, 2), 0, "0"), (Rational(3, 2), 0, "2"), (Rational(5, 2), 0, "2"), (Rational(-1, 2), 0, "0"),
      (Rational(-3, 2), 0, "-2"), (Rational(1, 8), 2, "0.12"), (Rational(3, 8), 2, "0.38"),
      (Rational(1, 3), 4, "0.3333"),
      (Rational(2, 3), 4, "0.6667"), (Rational(-1, 1000), 2, "0.00"), (Rational(999, 1000), 2, "1.00"), (0, 3, "0.000"),
      (Rational(-1, 3), 1, "-0.3"), (12, 1, "12.0"),
    ]
    for (number, digits, text) in cases { #expect(number.decimalString(digits: digits) == text) }
  }
}
