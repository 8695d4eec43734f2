import XAIFiles

/// `localisation`: every kind of mask, map, image and measure.
enum LocalizationTensors: TensorFamily {
  static func tensor(_ name: TensorName, _ context: TensorContext) throws -> TensorData? {
    guard name.text == "localisation" || name.text == "localization" else { return nil }
    let catalog = LocalizationCatalog.measures(
      height: context.height, width: context.width,
      tolerance: try context.given.number(name.text, "tolerance"))
    let names = try context.given.texts(name.text, "measures") ?? catalog.map(\.identifier)
    let measures = try names.map { wanted in
      guard let measure = catalog.first(where: { $0.identifier == wanted }) else {
        throw EvaluationFailure(.unknown(wanted, among: catalog.map(\.identifier)), of: name.text)
      }
      return measure
    }
    let masks = try context.given.masks(
      "masks", [nil, context.count, context.height, context.width])
    let kinds = masks.shape[0]
    let objects = masks.rows(kinds * context.count).map { mask in
      ObjectMask(
        PixelMask(count: mask.count) { mask[$0] }, height: context.height, width: context.width)
    }
    var scores: [Double?] = []
    for kind in 0..<kinds {
      for row in context.maps {
        for (image, map) in row.enumerated() {
          scores += measures.map { $0(map, objects[kind * context.count + image]) }
        }
      }
    }
    return .reals([kinds, context.maps.count, context.count, measures.count], scores)
  }
}

/// `sweep.*`: boxes around what maps select.
enum SweepTensors: TensorFamily {
  static func tensor(_ name: TensorName, _ context: TensorContext) throws -> TensorData? {
    guard name[0] == "sweep", name.parts.count == 2 else { return nil }
    let thresholds = try context.given.integer("sweep.boxes", "thresholds") ?? 100
    let sweeps: [[BoxSweep]] = try context.shared("sweeps") {
      try context.maps.map { try $0.map { try BoxSweep($0.map, thresholds: thresholds) } }
    }
    if name[1] == "boxes" {
      return .wholes(
        [context.maps.count, context.count, thresholds, 4],
        sweeps.flatMap { $0.flatMap(\.boxes) }.flatMap { box in
          box.map { [$0.x0, $0.y0, $0.x1, $0.y1] } ?? [-1, -1, -1, -1]
        })
    }
    let boxes = try boxes(context)
    let intersections = sweeps.map { zip($0, boxes).map { $0.intersectionOverUnion($1) } }
    if name[1] == "iou" {
      return .reals(
        [context.maps.count, context.count, thresholds],
        intersections.flatMap { $0.flatMap(\.self) })
    }
    let deltas = try context.given.numbers("sweep.accuracy", "deltas") ?? BoxAccuracy.defaultDeltas
    let accuracies = intersections.flatMap { row in deltas.map { BoxAccuracy(row, delta: $0) } }
    let shape = [context.maps.count, deltas.count]
    switch name[1] {
    case "accuracy": return .reals(shape + [thresholds], accuracies.flatMap(\.accuracies))
    case "maxBoxAcc": return .reals(shape, accuracies.map(\.maximum))
    case "crossFitted": return .reals(shape, accuracies.map(\.crossFitted))
    default: return nil
    }
  }

  private static func boxes(_ context: TensorContext) throws(EvaluationFailure) -> [PixelBox] {
    var boxes: [PixelBox] = []
    for row in try context.given.integers("boxes", [context.count, 4]).rows(context.count) {
      boxes.append(
        try PixelBox(
          x0: row[0], y0: row[1], x1: row[2], y1: row[3], height: context.height,
          width: context.width, subject: "tensor boxes"))
    }
    return boxes
  }
}
