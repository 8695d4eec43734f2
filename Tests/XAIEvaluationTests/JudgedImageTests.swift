import Testing
import XAIEvaluation
import XAIMetrics
import XAITensor

/// Many maps of an image by many measures.
@Suite struct JudgedImageTests {
  static let world = TestWorld(curvature: 0.5, seed: 21)

  /// Counts the images that a network is shown.
  private final class Counter {
    var images = 0
    var batches: [Int] = []
  }

  private func image(
    _ counter: Counter = Counter(), _ change: (inout JudgedImage.Knowledge) -> Void = { _ in }
  ) throws -> JudgedImage {
    let (world, inner) = (Self.world, Self.world.network)
    let network = JudgedNetwork(input: inner.input, classes: 2) { images in
      counter.images += images.rows
      counter.batches.append(images.rows)
      let logits = try inner.logits(
        of: (0..<images.rows).map {
          images.row($0).reshaped(to: inner.input)
        })
      return Tensor(shape: [images.rows, 2], logits.flatMap(\.self))
    }
    var knowledge = JudgedImage.Knowledge()
    knowledge.baselines = ["black": world.baseline, "gray": Tensor(shape: inner.input)]
    knowledge.object = world.object
    knowledge.others = [world.baseline]
    knowledge.segments = try world.cells(2, 2)
    knowledge.code = try PixelCode(
      mean: Tensor(shape: [2], repeating: 0.5),
      standardDeviation: Tensor(shape: [2], repeating: 0.5),
      shape: inner.input)
    knowledge.disturbances = (0..<2).map {
      EvaluationDraws().neighbor(shape: inner.input, deviations: [1, 1], image: 0, draw: $0)
    }
    change(&knowledge)
    return try JudgedImage(world.image, target: 0, on: network, key: 3, knowledge: knowledge)
  }

  private func measures(_ baselines: [String] = ["black", "gray"]) throws -> [any EvaluationMeasure]
  {
    MeasureCatalog.measures(baselines: baselines, steps: try CurveSteps(6), grid: (2, 2))
      + MeasureCatalog.partCurves(baselines: baselines, hasSegments: true)
  }

  private func maps(_ image: JudgedImage, _ count: Int) -> [JudgedMap] {
    (0..<count).map { index in
      let map = RelevanceMap(height: 6, width: 7, values: Self.world.noise(index))
      return image.judged(map, neighbors: [map, map])
    }
  }

  @Test func `every column has a name of its own and a number`() throws {
    let (image, measures) = (try image(), try measures())
    let columns = measures.flatMap(\.columns)
    #expect(Set(columns.map(\.identifier)).count == columns.count && columns.count > 100)
    let scores = try image.scores(of: maps(image, 2), by: measures)
    #expect(
      scores.allSatisfy { $0.count == columns.count && $0.allSatisfy { $0?.isFinite != false } })
    // Information curves may have nothing to gain here, and one cell is no correlation.
    let mayBeUndefined = ["sic", "aic", "pic.clipped", "faithfulnessEstimate", "monotonicity"]
    for (column, score) in zip(columns, scores[0]) where score == nil {
      let isKnown = mayBeUndefined.contains { column.identifier.hasPrefix($0) }
      #expect(isKnown, "\(column.identifier)")
    }
  }

  @Test func `a map's scores know no other method`() throws {
    let measures = try measures()
    let (alone, beside) = (try image(), try image())
    let one = try alone.scores(of: maps(alone, 1), by: measures)[0]
    #expect(try beside.scores(of: maps(beside, 5), by: measures)[0] == one)
  }

  @Test func `methods share passes, which run in full batches`() throws {
    let counter = Counter()
    let image = try image(counter)
    let measures =
      [TableMeasure("black", grid: (2, 3)), SubsetMeasure("black", samples: 40)]
      as [any EvaluationMeasure]
    _ = try image.scores(of: maps(image, 1), by: measures)
    let first = counter.images
    // Sets of cells, subsets, and the image: no set is asked for twice.
    #expect(first <= 64 + 120 && image.passes == first)
    #expect(counter.batches.count == 3)
    _ = try image.scores(of: maps(image, 6), by: measures)
    #expect(counter.images == first)
  }

  @Test func `columns are called without baseline and quantity in tables about one of each`() throws
  {
    let columns = try measures().flatMap(\.columns)
    let known = Dictionary(uniqueKeysWithValues: columns.map { ($0.identifier, $0) })
    for (identifier, name, baseline, quantity) in [
      ("share.gray.probability", "share", "gray", TargetQuantity.probability),
      ("deletion.cells.black.logit", "deletion.cells", "black", .logit),
      ("completeness.black.difference", "completeness.difference", "black", nil),
      ("road.logit", "road", nil, .logit), ("energy.gain", "energy.gain", nil, nil),
    ] {
      let column = try #require(known[identifier])
      #expect(column.name == name && column.baseline == baseline && column.quantity == quantity)
    }
  }

  /// Keeps answers in memory, and counts what is asked.
  private final class Archive: RemovalArchive {
    var known: [PixelMask: RemovalAnswer] = [:]
    func answers(to masks: [PixelMask]) -> [RemovalAnswer?] { masks.map { known[$0] } }
    func keep(_ answers: [RemovalAnswer], to masks: [PixelMask]) {
      for (answer, mask) in zip(answers, masks) { known[mask] = answer }
    }
  }

  @Test func `what an archive knows is not asked of the network`() throws {
    let (first, second) = (Counter(), Counter())
    var archives: [String: Archive] = [:]
    let measures = [TableMeasure("black", grid: (2, 2))]
    func scores(_ counter: Counter) throws -> [[Double?]] {
      let image = try image(counter)
      image.keepAnswers { filling in
        let archive = archives[filling] ?? Archive()
        archives[filling] = archive
        return archive
      }
      return try image.scores(of: maps(image, 2), by: measures)
    }
    let found = try scores(first)
    #expect(first.images == 16 && archives["black"]?.known.count == 16)
    #expect(try scores(second) == found)
    #expect(second.images == 0)
  }

  @Test func `passes are counted before they are made`() throws {
    let counter = Counter()
    let image = try image(counter)
    let table = TableMeasure("black", grid: (2, 2))
    let curve = CurveMeasure("black", steps: try CurveSteps(6))
    #expect(try table.passes(of: 5, on: image) == (16, 0))
    let (shared, own) = try curve.passes(of: 5, on: image)
    // Both ends belong to both curves of a map.
    #expect(shared == 0 && own == 5 * 12)
    #expect(counter.images == 0)
  }

  @Test func `what is not known of an image is undefined`() throws {
    let image = try image {
      ($0.object, $0.code) = (nil, nil)
      ($0.others, $0.disturbances) = ([], [])
    }
    let measures: [any EvaluationMeasure] = [
      ObjectMeasure(), InformationMeasure(), VarianceMeasure(), StabilityMeasure(),
    ]
    let scores = try image.scores(of: maps(image, 1), by: measures)[0]
    #expect(scores.count == 12 + 3 + 1 + 8 && scores.allSatisfy { $0 == nil })
  }

  @Test func `a baseline that is not there is told`() throws {
    let image = try image()
    #expect(
      throws: EvaluationFailure(
        .unknown("blur", among: ["black", "gray", "imputed"]), of: "a measure")
    ) {
      try image.scores(of: maps(image, 1), by: [ErasureMeasure("blur")])
    }
  }

  @Test func `controls are what they say`() throws {
    let image = try image()
    let measure = TableMeasure("black", grid: (2, 3), orders: 50)
    let table = try CoalitionTable(cells: try Self.world.cells(), try image.removal("black"))
    let maps = [
      ControlMaps.oracle(table), ControlMaps.center(height: 6, width: 7),
      ControlMaps.constant(height: 6, width: 7), ControlMaps.random(image, 0),
    ].map { image.judged($0) }
    let shares = try image.scores(of: maps, by: [measure]).map { $0[0] }
    #expect(shares[0].isClose(to: 1, within: 1e-9))
    #expect(shares.allSatisfy { ($0 ?? 9) <= 1 })
    let center = ControlMaps.center(height: 6, width: 7)
    #expect(center.extremes.least == 0 && center.values[2 * 7 + 3] == center.extremes.greatest)
    #expect(Set(maps[3].values).count == 42 && maps[2].tiedShare == 1 && maps[3].tiedShare == 0)
  }

  /// A measure that is not built in.
  private struct Brightness: EvaluationMeasure {
    let columns = [MeasureColumn("brightness", .complexity, .describes, "greatest value")]

    func scores(of map: JudgedMap, on image: JudgedImage) throws -> [Double?] {
      [map.map.extremes.greatest]
    }
  }

  @Test func `a measure of one's own stands beside the others`() throws {
    let image = try image()
    let scores = try image.scores(
      of: maps(image, 1), by: [Brightness(), ComplexityMeasure()])[0]
    #expect(scores.count == 6 && scores[0] == Self.world.noise(0).max())
  }
}
