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

/// A whole number with commas between groups of three digits.
/// - Parameter number: The number.
/// - Returns: Such as `29,034,248`.
package func grouped(_ number: Int) -> String {
  var groups: [String] = []
  var rest = number.magnitude
  while rest >= 1000 {
    let tail = "\(rest % 1000)"
    groups.append(String(repeating: "0", count: 3 - tail.utf8.count) + tail)
    rest /= 1000
  }
  groups.append("\(rest)")
  return (number < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
}

/// A number of things.
/// - Parameters:
///   - number: The number.
///   - noun: One of them, such as `method`.
/// - Returns: Such as `1 method` or `1,200 methods`.
package func grouped(_ number: Int, _ noun: String) -> String {
  "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
}

/// The next whole number; of what is beyond all counting, the largest that is shown.
/// - Parameter number: A number of things, perhaps an estimate.
/// - Returns: At most 10^18.
package func wholeNumber(_ number: Double) -> Int { Int(min(number.rounded(.up), 1e18)) }
