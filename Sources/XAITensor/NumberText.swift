#if canImport(Glibc)
  import Glibc
#endif

/// A number with a fixed number of digits after the point, as tables and plots show it.
/// - Parameters:
///   - number: The number.
///   - digits: Digits after the point, at most 9.
/// - Returns: The text; `nan` and `inf` where there are no digits, and never `-0.00`.
package func fixedPoint(_ number: Double, digits: Int) -> String {
  precondition(0...9 ~= digits, "\(digits) digits after the point")
  let scale = pow(10, Double(digits))
  let scaled = (number * scale).rounded()
  guard scaled.magnitude < 9e15 else { return "\(number)" }
  let (whole, fraction) = Int(scaled.magnitude).quotientAndRemainder(dividingBy: Int(scale))
  let sign = scaled < 0 ? "-" : ""
  guard digits > 0 else { return "\(sign)\(whole)" }
  let tail = "\(fraction)"
  let zeros = String(repeating: "0", count: digits - tail.utf8.count)
  return "\(sign)\(whole).\(zeros)\(tail)"
}
