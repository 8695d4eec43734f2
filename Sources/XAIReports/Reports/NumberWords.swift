#if canImport(Glibc)
  import Glibc
#endif
import XAITensor

/// A number with three significant digits for people: as 0.0123 or, where that would be long, 1.23e-5.
/// - Parameter number: Any number.
/// - Returns: Its text.
func fixedOrScientific(_ number: Double) -> String {
  guard number.isFinite else { return number.isNaN ? "NaN" : number < 0 ? "-infinity" : "infinity" }
  guard number != 0 else { return "0" }
  let exponent = Int(log10(abs(number)).rounded(.down))
  if -3...4 ~= exponent { return fixedPoint(number, digits: max(0, 2 - exponent)) }
  // Through the exponent's two halves, which exist even where 10 to its power does not.
  let half = exponent / 2
  let mantissa = number / pow(10, Double(half)) / pow(10, Double(exponent - half))
  return "\(fixedPoint(mantissa, digits: 2))e\(exponent)"
}
