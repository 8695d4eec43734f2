/// What walks need that follow a small change through a network.
public protocol PatchKernels: AnyObject {
  /// Cuts equal crops out of maps that differ from one clean map in a rectangle each.
  ///
  /// Crop m shows the clean map, and within `crops[m].changed` what patch m holds there.
  /// - Parameters:
  ///   - clean: `[1, C, H, W]`, blocked.
  ///   - patches: `[M, C, h, w]`, blocked.
  ///   - crops: M places; all crops have the same extent, and lie within the map.
  /// - Returns: `[M, C, rows, columns]`, blocked, with the extent of the crops.
  /// - Throws: Where memory runs out.
  func crops(
    of clean: DeviceTensor, changedBy patches: DeviceTensor, at crops: [PatchCrop]
  ) throws(KernelFailure) -> DeviceTensor
}

/// Where a patch lies in a map, what of it counts, and what is cut out around it.
public struct PatchCrop: Sendable {
  /// The row and column of the map at which the patch begins.
  public var origin: (row: Int, column: Int)
  /// The part of the map that differs from the clean one, inside the patch.
  public var changed: Rectangle
  /// The part of the map that is cut out.
  public var crop: Rectangle

  /// Groups the places.
  /// - Parameters:
  ///   - origin: Where the patch begins.
  ///   - changed: What differs from the clean map.
  ///   - crop: What is cut out.
  public init(origin: (row: Int, column: Int), changed: Rectangle, crop: Rectangle) {
    (self.origin, self.changed, self.crop) = (origin, changed, crop)
  }
}
