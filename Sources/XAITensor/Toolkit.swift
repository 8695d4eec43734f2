/// The toolkit as a whole.
public enum Toolkit {
  /// Its version.
  public static let version = "0.2.0"
}
