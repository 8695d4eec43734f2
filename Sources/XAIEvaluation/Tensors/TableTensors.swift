import XAIFiles

/// `table.*`: all that follows from every set of cells that may be gone.
enum TableTensors: TensorFamily {
  /// The table of an image with what all maps share.
  private struct Entry {
    let table: CoalitionTable
    let bounds: [OrderBounds]
    let shapley: [Double]
  }

  static func tensor(_ name: TensorName, _ context: TensorContext) throws -> TensorData? {
    guard name[0] == "table", name.text != "table.cells", name.text != "table.orders" else {
      return nil
    }
    let cells = try cells(context)
    switch name.text {
    case "table.order":
      return .wholes(
        [context.maps.count, context.count, cells.count],
        context.maps.flatMap { $0.flatMap { cells.order(of: $0.values, ties: $0.ties) } })
    case "table.values", "table.bounds", "table.bestOrder", "table.shapley":
      return perImage(name.text, cells, try entries(context), context)
    case "table.percentile": return try percentiles(cells, context)
    default: return try perMap(name, cells, context)
    }
  }

  private static func cells(_ context: TensorContext) throws -> ImageParts {
    try context.shared("table/cells") {
      if context.given.has("table.cells") { return try PartTensors.given("table.cells", context) }
      return try ImageParts(height: context.height, width: context.width)
    }
  }

  private static func entries(_ context: TensorContext) throws -> [Entry] {
    let baseline = try context.given.text("table.values", "baseline") ?? "black"
    return try context.shared("table") {
      let cells = try cells(context)
      return try context.images.indices.map {
        let table = try CoalitionTable(cells: cells, try context.removal(baseline, $0))
        return Entry(
          table: table, bounds: TargetQuantity.allCases.map(table.bounds),
          shapley: table.shapleyValues())
      }
    }
  }

  private static func perImage(
    _ name: String, _ cells: ImageParts, _ entries: [Entry], _ context: TensorContext
  ) -> TensorData {
    switch name {
    case "table.values":
      .reals(
        [context.count, 1 << cells.count, 2],
        entries.flatMap { CurveTensors.values($0.table.values) })
    case "table.bounds":
      .reals(
        [context.count, 2, 4],
        entries.flatMap { entry in
          entry.bounds.flatMap { [$0.least, $0.greatest, $0.expected, $0.greatestGain] }
        })
    case "table.bestOrder":
      .wholes(
        [context.count, 2, cells.count], entries.flatMap { $0.bounds.flatMap(\.bestOrder) })
    default: .reals([context.count, cells.count], entries.flatMap(\.shapley))
    }
  }

  private static func percentiles(
    _ cells: ImageParts, _ context: TensorContext
  ) throws -> TensorData {
    let orders = try orders(cells, context)
    let entries = try entries(context)
    // The gains of random orders are the same for every map.
    let gains = zip(entries, orders).map { entry, orders in
      TargetQuantity.allCases.map { quantity in orders.map { entry.table.gain(of: $0, quantity) } }
    }
    return try context.perMap([2]) { map, image in
      let judged = context.maps[map][image]
      let order = cells.order(of: judged.values, ties: judged.ties)
      return zip(TargetQuantity.allCases, gains[image]).map { quantity, gains in
        entries[image].table.percentile(of: order, amongGains: gains, quantity)
      }
    }
  }

  /// Random orders of the cells for each image: given, or 2,000 drawn.
  private static func orders(_ cells: ImageParts, _ context: TensorContext) throws -> [[[Int]]] {
    guard context.given.has("table.orders") else {
      return context.images.indices.map { image in
        (0..<2_000).map { context.draws.randomOrder(of: cells.count, image: image, $0) }
      }
    }
    let orders = try context.given.integers("table.orders", [context.count, nil, cells.count])
    return try orders.rows(context.count).map { row in
      try Numbers(shape: [], values: row).rows(orders.shape[1]).map {
        try PixelOrder($0, subject: "tensor table.orders").pixels
      }
    }
  }

  private static func perMap(
    _ name: TensorName, _ cells: ImageParts, _ context: TensorContext
  ) throws -> TensorData? {
    let lengths = ["scores": [2, 5], "sensitivityN": [cells.count], "shapleyCorrelation": [2]]
    let isInfidelity = name[1] == "infidelity" && name.parts.count == 3
    guard isInfidelity || name.parts.count == 2, isInfidelity || lengths[name[1]] != nil else {
      return nil
    }
    let entries = try entries(context)
    return try context.perMap(lengths[name[1]] ?? []) { map, image in
      let (judged, entry) = (context.maps[map][image], entries[image])
      let relevance = cells.sums(judged.values)
      switch name[1] {
      case "scores":
        let order = cells.order(of: judged.values, ties: judged.ties)
        return zip(TargetQuantity.allCases, entry.bounds).flatMap { quantity, bounds in
          let scores = entry.table.scores(of: order, quantity, within: bounds)
          return [
            scores.deletion, scores.insertion, scores.gain, scores.share, scores.deletionShare,
          ]
        }
      case "sensitivityN":
        let sizes = entry.table.sensitivity(relevance)
        return sizes + [mean(sizes.compactMap(\.self))]
      case "shapleyCorrelation":
        return Correlation.allCases.map { $0.of(relevance, entry.shapley) }
      default:
        return [InfidelityTensors.number(name[2], entry.table.infidelity(relevance))]
      }
    }
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
