/// Comma-separated values as RFC 4180 defines them, safe to open in a spreadsheet program.
public enum CSV {
  /// A field that holds text: class names, file names.
  ///
  /// Commas, quotes and line breaks make it a quoted field. A leading `=`, `+`, `@`, tab or
  /// carriage return, which spreadsheet programs take for a formula, gets an apostrophe before it;
  /// all else stays as it is, so that the names of other files are found again.
  /// - Parameter text: The text.
  /// - Returns: The field. Numbers need no protection: write them with `"\(number)"`.
  public static func field(_ text: String) -> String {
    var field = text
    if let first = text.unicodeScalars.first, "=+@\t\r".unicodeScalars.contains(first) {
      field = "'" + text
    }
    let needsQuotes = field.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
    guard needsQuotes else { return field }
    // By scalar: "\r\n" is one Character, and a quote with a combining mark is no "\"".
    var quoted = "\""
    for scalar in field.unicodeScalars {
      if scalar == "\"" { quoted += "\"" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }

  /// A row of fields that are ready.
  /// - Parameter fields: The fields: text from `field`, numbers as they are.
  /// - Returns: The row with its line feed.
  public static func row(_ fields: [String]) -> String { fields.joined(separator: ",") + "\n" }
}
