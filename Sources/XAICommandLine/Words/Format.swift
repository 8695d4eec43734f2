import XAITensor

/// Numbers as people read them on a screen.
public enum Format {
  /// A number with a fixed number of digits after the point.
  /// - Parameters:
  ///   - number: The number.
  ///   - digits: Digits after the point, at most 9.
  /// - Returns: Such as `2.310`; `nan` and `inf` where there are no digits.
  public static func fixed(_ number: Double, digits: Int) -> String {
    fixedPoint(number, digits: digits)
  }

  /// The next whole number; of what is beyond all counting, the largest that is shown.
  /// - Parameter number: A number of things, perhaps an estimate.
  /// - Returns: At most 10^18.
  public static func whole(_ number: Double) -> Int { wholeNumber(number) }

  /// A whole number with commas between groups of three digits.
  /// - Parameter number: The number.
  /// - Returns: Such as `29,034,248`.
  public static func count(_ number: Int) -> String { grouped(number) }

  /// A number of things.
  /// - Parameters:
  ///   - number: The number.
  ///   - noun: One of them, such as `method`.
  /// - Returns: Such as `1 method` or `1,200 methods`.
  public static func count(_ number: Int, _ noun: String) -> String { grouped(number, noun) }

  /// A fraction in hundredths.
  /// - Parameters:
  ///   - fraction: The fraction, 1 for all.
  ///   - digits: Digits after the point.
  /// - Returns: Such as `52.1 %`.
  public static func percent(_ fraction: Double, digits: Int = 1) -> String {
    fixed(100 * fraction, digits: digits) + " %"
  }

  /// A length of time, in the two units that matter.
  /// - Parameter seconds: Its seconds, not negative.
  /// - Returns: Such as `4.2 s`, `38 s`, `1 min 05 s`, `2 h 03 min` or `3 d 04 h`; `?` where it is
  ///   not known.
  public static func duration(_ seconds: Double) -> String {
    guard seconds >= 0, seconds < 1e15 else { return "?" }
    if seconds < 9.95 { return fixed(seconds, digits: 1) + " s" }
    let whole = Int(seconds.rounded())
    let (minutes, hours, days) = (whole / 60, whole / 3600, whole / 86400)
    if minutes == 0 { return "\(whole) s" }
    if hours == 0 { return "\(minutes) min \(padded(whole % 60, to: 2)) s" }
    if days == 0 { return "\(hours) h \(padded(minutes % 60, to: 2)) min" }
    return "\(days) d \(padded(hours % 24, to: 2)) h"
  }

  /// A number of bytes, in the largest decimal unit that leaves at least 1 before the point.
  /// - Parameter bytes: The number.
  /// - Returns: Such as `512 B`, `1.5 MB` or `3.20 GB`.
  public static func bytes(_ bytes: Int) -> String {
    let number = Double(bytes)
    switch bytes.magnitude {
    case ..<1000: return "\(bytes) B"
    case ..<999_950: return fixed(number / 1e3, digits: 1) + " kB"
    case ..<999_950_000: return fixed(number / 1e6, digits: 1) + " MB"
    default: return fixed(number / 1e9, digits: 2) + " GB"
    }
  }

  /// An argument as a shell takes it.
  /// - Parameter argument: Any text.
  /// - Returns: The text, in quotes where it holds more than plain letters.
  public static func shellWord(_ argument: String) -> String {
    let isPlain = argument.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || "0123456789/._-+:,=@%".unicodeScalars.contains($0)
    }
    if isPlain && !argument.isEmpty { return argument }
    return "'"
      + argument.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
  }

  private static func padded(_ number: Int, to digits: Int) -> String {
    let text = "\(number)"
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }
}
