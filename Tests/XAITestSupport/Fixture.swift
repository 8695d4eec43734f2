/// Finds the files that lie beside the tests.
public enum Fixture {
  /// The folder `Fixtures` beside a source file.
  /// - Parameter sourceFile: The source file of the test.
  /// - Returns: The folder's path.
  public static func folder(_ sourceFile: String = #filePath) -> String {
    String(sourceFile[..<(sourceFile.lastIndex(of: "/") ?? sourceFile.endIndex)]) + "/Fixtures"
  }

  /// A file in the folder `Fixtures` beside a source file.
  /// - Parameters:
  ///   - name: The file's name.
  ///   - sourceFile: The source file of the test.
  /// - Returns: The file's path.
  public static func path(_ name: String, _ sourceFile: String = #filePath) -> String {
    folder(sourceFile) + "/" + name
  }
}
