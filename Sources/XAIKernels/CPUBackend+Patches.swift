extension CPUBackend {
  /// Cuts equal crops out of maps that differ from one clean map in a rectangle each.
  public func crops(
    of clean: DeviceTensor, changedBy patches: DeviceTensor, at crops: [PatchCrop]
  ) throws(KernelFailure) -> DeviceTensor {
    precondition(
      clean.shape[0] == 1 && clean.channels == patches.channels && patches.batch == crops.count,
      "\(patches.shape) at \(crops.count) places does not fit \(clean.shape)")
    let extent = crops.first.map { [$0.crop.rows.count, $0.crop.columns.count] } ?? [0, 0]
    for place in crops {
      precondition(
        [place.crop.rows.count, place.crop.columns.count] == extent
          && place.crop.lies(within: 0..<clean.shape[2], 0..<clean.shape[3])
          && place.changed.lies(
            within: place.origin.row..<place.origin.row + patches.shape[2],
            place.origin.column..<place.origin.column + patches.shape[3]),
        "\(place) fits neither \(clean.shape) nor patches of \(patches.shape)")
    }
    let result = try empty([crops.count, clean.channels] + extent, .blocked)
    let (blocks, block) = (blocks(clean.channels), block)
    try measured("patches") { () throws(KernelFailure) in
      ThreadTeam.forEach(crops.count * blocks) { index in
        let place = crops[index / blocks]
        Self.copy(
          place.crop, at: (0, 0),
          of: clean.floats + index % blocks * clean.plane * block, width: clean.shape[3],
          into: place.crop, of: result.floats + index * result.plane * block, block)
        Self.copy(
          place.changed.intersection(place.crop), at: place.origin,
          of: patches.floats + index * patches.plane * block, width: patches.shape[3],
          into: place.crop, of: result.floats + index * result.plane * block, block)
      }
    }
    return result
  }

  /// Copies a rectangle of one channel block; `origin` is the place of the source's first element.
  private static func copy(
    _ rectangle: Rectangle, at origin: (row: Int, column: Int),
    of source: UnsafeMutablePointer<Float>, width: Int, into crop: Rectangle,
    of target: UnsafeMutablePointer<Float>, _ block: Int
  ) {
    for row in rectangle.rows {
      let from = (row - origin.row) * width + rectangle.columns.lowerBound - origin.column
      let to =
        (row - crop.rows.lowerBound) * crop.columns.count
        + rectangle.columns.lowerBound - crop.columns.lowerBound
      (target + to * block).update(
        from: source + from * block, count: rectangle.columns.count * block)
    }
  }
}

extension Rectangle {
  /// Whether it lies within rows and columns.
  fileprivate func lies(within rows: Range<Int>, _ columns: Range<Int>) -> Bool {
    rows.contains(self.rows) && columns.contains(self.columns)
  }

  /// What two rectangles share.
  fileprivate func intersection(_ other: Rectangle) -> Rectangle {
    Rectangle(
      rows: rows.clamped(to: other.rows), columns: columns.clamped(to: other.columns))
  }
}
