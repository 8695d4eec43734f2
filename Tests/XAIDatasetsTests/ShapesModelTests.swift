import Testing
import XAIDatasets
import XAIFiles
import XAIImages

@Suite struct ShapesModelTests {
  static let dataset = ShapesDataset(seed: 7, trainCount: 4000)

  /// Digests of images and masks of the program before scenes could be changed, in the order of their numbers.
  static let digests: [(seed: UInt64, split: Split, digest: String)] = [
    (0, .train, "04ef91931cfa13f8bf5012b55cab523ba94e9fc679a6033533d55a1163ca8a92"),
    (0, .validation, "ec99e61c7f0db30cb0eb50e16abda226c937fa50d2485526ab94e3b7b0f7416b"),
    (0, .test, "0fa5c9ae5a53ea09ceb918d76a29a1f44c1db569b8911a9e0be6bb71a575bcd8"),
    (7, .train, "984849536fb25fe13cfaf524bd415e8b2d6148674541436f9fc2ae5e51fc1cde"),
    (7, .validation, "875c2beab2759e7ff90c75b2776d9db827f31c3f618b059fbd16fc4c647e53bc"),
    (7, .test, "11e849504a4c5b886eae0a68af22dac2a14e6168752d2b2f7ef8d775a6bca1ca"),
  ]

  @Test(arguments: digests)
  func `not one byte of 11,024 images and their masks has changed`(
    _ known: (seed: UInt64, split: Split, digest: String)
  ) throws {
    let dataset = ShapesDataset(seed: known.seed, trainCount: 4000)
    var bytes: [UInt8] = []
    for index in 0..<dataset.count(of: known.split) {
      bytes += try render(dataset, index, known.split)
      bytes += dataset.mask(at: index, of: known.split).coverage
    }
    #expect(SHA256.of(bytes) == known.digest)
  }

  @Test(arguments: [
    (0, "3fa6b66bccde8f27fbda18268acdc4aa0515ccc07810bf7c1077b41c9c17e7f1"),
    (7, "590bcfdc0c92b2c637ce8781b2fdb3ee7107b0f23fcfe3fb4ea3e5485f01dfaf"),
  ])
  func `nor has one byte of the pairs`(_ known: (seed: UInt64, digest: String)) {
    let dataset = ShapesDataset(seed: known.seed)
    var bytes: [UInt8] = []
    for index in 0..<200 {
      let pair = dataset.pair(at: index)
      bytes += pair.pixels
      for mask in pair.masks { bytes += mask.coverage }
    }
    #expect(SHA256.of(bytes) == known.digest)
  }

  @Test func `what a scene drew paints its picture and mask`() throws {
    for index in 0..<200 {
      let picture = ShapesModel.picture(of: Self.dataset.latents(at: index, of: .train))
      #expect(picture.pixels == (try render(Self.dataset, index, .train)))
      #expect(picture.mask == Self.dataset.mask(at: index, of: .train))
    }
  }

  @Test func `no change is the scene itself, and a change twice is a change once`() throws {
    let latents = Self.dataset.latents(at: 5, of: .train)
    #expect(try latents.applying([]) == latents)
    let actions: [ShapesAction] = [
      .x(30), .scale(20), .pattern(.stripes), .period(6), .exposure(0.8), .focus(1), .pieces(2),
    ]
    let once = try latents.applying(actions)
    #expect(try once.applying(actions) == once && once != latents)
    #expect(once.geometry.scale == 20 && abs(once.geometry.center.x - 30) < 1e-9)
  }

  @Test func `setting a feature moves nothing that does not depend on it`() throws {
    for index in 0..<40 {
      let latents = Self.dataset.latents(at: index, of: .test)
      let before = ShapesModel.picture(of: latents)
      let dark = ShapesModel.picture(of: try latents.applying([.exposure(0.7)]))
      #expect(dark.truth.colors == before.truth.colors && dark.mask == before.mask)
      #expect(dark.pixels != before.pixels)
      let striped = ShapesModel.picture(of: try latents.applying([.pattern(.stripes)]))
      // Pixels without the object are the same; a pixel beside its edge may be covered a little.
      for pixel in 0..<4096 where before.mask.coverage[pixel] == 0 {
        #expect(
          striped.pixels[3 * pixel..<3 * pixel + 3] == before.pixels[3 * pixel..<3 * pixel + 3])
      }
    }
  }

  @Test func `another ground may change the colors, unless they are held`() throws {
    var changed = 0
    for index in 0..<60 {
      let latents = Self.dataset.latents(at: index, of: .train)
      let colors = ShapesModel.picture(of: latents).truth.colors
      let other = Self.dataset.latents(at: index + 60, of: .train).source
      let swapped = try latents.applying([.ground(other)])
      if ShapesModel.picture(of: swapped).truth.colors != colors { changed += 1 }
      let held = try latents.holdingColors.applying([.ground(other)])
      #expect(ShapesModel.picture(of: held).truth.colors == colors)
      // Back on its own ground the scene is what it was.
      #expect(try swapped.applying([.ground(latents.ground)]) == latents)
    }
    #expect(changed > 5 && changed < 60)
  }

  @Test func `size leaves a smaller room with the same share`() throws {
    let latents = Self.dataset.latents(at: 3, of: .train)
    let small = try latents.applying([.scale(18)])
    let large = try latents.applying([.scale(27)])
    #expect(small.geometry.place == large.geometry.place)
    #expect(small.geometry.center != large.geometry.center)
  }

  @Test func `consequences and the truth cannot be set, nor values that scenes do not draw`() {
    #expect(throws: DatasetFailure.self) { try ShapesFeature.behind.requireActionable() }
    #expect(throws: DatasetFailure.self) { try ShapesFeature.kind.requireActionable() }
    #expect(throws: Never.self) { try ShapesFeature.scale.requireActionable() }
    do {
      try ShapesFeature.apparentColor.requireActionable()
    } catch {
      #expect(
        error.description
          == "apparent color cannot be set: it is a consequence of color, pattern, shade, light, vignette, "
          + "exposure, tint red, tint green, tint blue, grain; set one of these")
    }
    let latents = Self.dataset.latents(at: 0, of: .train)
    for action: ShapesAction in [
      .scale(40), .x(2), .period(90), .exposure(.nan), .tint([1]), .tintOf(channel: 1, 2),
      .tintOf(channel: 3, 1),
      .colors([[0, 0, 2], [0, 0, 0]]),
    ] {
      #expect(throws: DatasetFailure.self, "\(action)") { try latents.applying([action]) }
    }
  }

  @Test func `features are drawn from the ranges they are said to have`() {
    let latents = (0..<1000).map { Self.dataset.latents(at: $0, of: .train) }
    func quantiles(_ value: (ShapesLatents) -> Double, _ range: Range<Double>) {
      let shares = latents.map {
        (value($0) - range.lowerBound) / (range.upperBound - range.lowerBound)
      }
      .sorted()
      #expect(shares[0] >= 0 && shares[999] < 1)
      for share in [0.1, 0.5, 0.9] { #expect(abs(shares[Int(share * 1000)] - share) < 0.06) }
    }
    quantiles({ $0.geometry.scale }, 18..<27)
    quantiles({ $0.geometry.place.x }, 0..<1)
    quantiles({ $0.geometry.turn }, -0.09..<0.09)
    quantiles({ $0.looks.shade }, 0..<0.35)
    quantiles({ $0.lighting.slope }, 0..<0.5)
    quantiles({ $0.lighting.exposure }, 0.7..<1.2)
    quantiles({ $0.lighting.tint[2] }, 0.9..<1.1)
    quantiles({ $0.grain }, 2..<9)
    for pattern in ShapesPattern.allCases {
      let count = latents.count { $0.looks.texture.pattern == pattern }
      #expect(count > 150 && count < 250)
    }
    #expect(Set(latents.map(\.pieces)) == [2, 3, 4, 5] && Set(latents.map(\.focus)) == [0, 1, 2])
  }
}

@Suite struct ShapesFactorTests {
  @Test(arguments: [
    "kind=star", "pattern=stripes", "hue=red", "hue=brown", "size=large", "place=left",
    "place=bottom", "light=dark",
  ])
  func `scenes of a concept have it, and their counterparts differ in nothing else`(
    text: String
  ) throws {
    let factor = try ShapesFactor(text)
    let scenes = ShapesConceptScenes(factor, seed: 3)
    for index in 0..<25 {
      let pair = scenes.pair(at: index)
      #expect(factor.holds(for: pair.concept.truth))
      #expect(!factor.holds(for: pair.counterpart.truth))
      #expect(pair.concept == scenes.picture(at: index))
      // All draws but the factor's are the same.
      #expect(
        factor.set(in: pair.counterpart.latents).unfactored == pair.concept.latents.unfactored)
    }
  }

  @Test func `scenes of a concept are not those of the data, nor the random ones`() throws {
    let data = ShapesDataset(seed: 0)
    let concept = ShapesConceptScenes(try ShapesFactor("pattern=dots"))
    let random = ShapesRandomScenes()
    var images: Set<[UInt8]> = []
    for index in 0..<50 {
      images.insert(concept.picture(at: index).pixels)
      images.insert(random.picture(at: index).pixels)
      images.insert(try render(data, index, .train))
    }
    #expect(images.count == 150)
  }

  @Test func `factors that do not exist are told with those that do`() {
    for (text, sentence) in [
      (
        "colour=red",
        "there is no factor 'colour' of shapes; expected kind, pattern, hue, size, place, light"
      ),
      ("size=tiny", "there is no size 'tiny' of shapes; expected small, medium, large"),
      ("size", "there is no size '' of shapes; expected small, medium, large"),
    ] {
      do {
        _ = try ShapesFactor(text)
        Issue.record("\(text) was read")
      } catch {
        #expect(error.description == sentence)
      }
    }
  }
}

extension ShapesLatents {
  /// What is left of a scene where nothing of its factors counts.
  fileprivate var unfactored: String {
    "\(source) \(geometry.turn) \(geometry.variation) \(ground) \(clutter) \(pieces) \(focus) \(grain) "
      + "\(looks.firstCandidates) \(looks.texture.salt) \(looks.texture.axis) \(looks.shade) \(lighting.tint)"
  }
}

@Suite struct ShapesShortcutTests {
  @Test func `so many of the training images of the class have the pattern, of others a fifth`()
    throws
  {
    let data = ShapesDataset(seed: 1, shortcut: try ShapesShortcut("star/stripes/0.95"))
    func share(_ split: Split, stars: Bool) -> Double {
      let images = (0..<data.count(of: split)).filter {
        (data.classes[data.label(at: $0, of: split)].name == "star") == stars
      }.prefix(250)
      let striped = images.count {
        data.latents(at: $0, of: split).looks.texture.pattern == .stripes
      }
      return Double(striped) / Double(images.count)
    }
    #expect(abs(share(.train, stars: true) - 0.95) < 0.04)
    #expect(abs(share(.train, stars: false) - 0.2) < 0.08)
    #expect(share(.test, stars: true) < 0.4)
  }

  @Test func `images that it does not touch are those of the data without it`() throws {
    let plain = ShapesDataset(seed: 1)
    let planted = ShapesDataset(seed: 1, shortcut: try ShapesShortcut("star/stripes/0.95"))
    var changed = 0
    for index in 0..<240 {
      let same = try render(plain, index, .train) == render(planted, index, .train)
      let isStar = plain.classes[plain.label(at: index, of: .train)].name == "star"
      #expect(same || isStar)
      if !same { changed += 1 }
      #expect(plain.mask(at: index, of: .train) == planted.mask(at: index, of: .train))
      #expect(try render(plain, index, .test) == render(planted, index, .test))
    }
    #expect(changed > 8 && changed <= 20)
    #expect(plain.digest != planted.digest && plain.digest(of: .test) == planted.digest(of: .test))
  }

  @Test func `another factor than a pattern is planted alike`() throws {
    let plain = ShapesDataset(seed: 1)
    let planted = ShapesDataset(seed: 1, shortcut: try ShapesShortcut("star/hue=red/0.95"))
    #expect(planted.name == "shapes:shortcut=star/hue=red/0.95")
    let stars = (0..<1200).filter {
      plain.classes[plain.label(at: $0, of: .train)].name == "star"
    }
    func reds(_ data: ShapesDataset, _ split: Split, _ images: [Int]) -> Double {
      let red = images.count { data.truth(at: $0, of: split).hue == .red }
      return Double(red) / Double(images.count)
    }
    // A tint may hide some.
    #expect(reds(planted, .train, stars) > 0.75 && reds(plain, .train, stars) < 0.35)
    let others = Array(Set(0..<240).subtracting(stars)).sorted()
    #expect(reds(planted, .train, others) == reds(plain, .train, others))
    for index in 0..<60 where !stars.contains(index) {
      #expect(try render(plain, index, .train) == render(planted, index, .train))
    }
    for index in 0..<24 {
      #expect(try render(plain, index, .test) == render(planted, index, .test))
    }
    // None of a class whose share is 0.
    let none = ShapesDataset(seed: 1, shortcut: try ShapesShortcut("star/hue=red/0"))
    #expect(
      reds(none, .train, stars) < reds(plain, .train, stars) || reds(plain, .train, stars) == 0)
  }

  @Test func `it is opened by its words`() throws {
    #expect(ShapesFormat.recognizes("shapes:shortcut=star/stripes/0.95"))
    #expect(!ShapesFormat.recognizes("shapes:size=large") && ShapesFormat.recognizes("shapes"))
    let options = DatasetOptions()
    let data = try ShapesFormat.open("shapes:shortcut=ring/dots/0.5", options: options).dataset
    #expect(data.name == "shapes:shortcut=ring/dots/0.5")
    for text in [
      "star/stripes", "star/stripes/2", "star/plaid/0.5", "stars/dots/0.5", "star/dots/x",
      "star/kind=ring/0.5", "star/hue=gray/0.5", "star/hue=red",
    ] {
      #expect(throws: DatasetFailure.self, "\(text)") {
        try ShapesFormat.open("shapes:shortcut=\(text)", options: options)
      }
    }
  }
}
