extension RGBImage {
  /// Reads a JPEG or PNG file; the content decides which, not the name.
  /// - Parameter path: The file.
  /// - Throws: `.missingInput` where it does not exist or may not be read, `.badData` where it is
  ///   empty, no image, damaged, truncated or claims absurd extents.
  public init(contentsOf path: String) throws(ImageFailure) {
    self = try DecodedImage(contentsOf: path).image
  }

  /// Decodes the bytes of a JPEG or PNG file; the content decides which.
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - name: What to call it in messages, usually its path.
  /// - Throws: `.badData` where they are empty, no image, damaged or truncated.
  public init(bytes: [UInt8], name: String) throws(ImageFailure) {
    self = try DecodedImage(bytes: bytes, name: name).image
  }
}
