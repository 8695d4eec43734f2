import Testing
import XAIDatasets

@Suite struct ShapesCausalModelTests {
  private static let dataset = ShapesDataset(seed: 5)

  private static func latents(_ index: Int) -> ShapesLatents {
    dataset.latents(at: index, of: .test)
  }

  @Test func `every feature that may be set has a range, words or other scenes to take it from`() {
    let latents = Self.latents(3)
    for feature in ShapesFeature.allCases {
      let domain = feature.domain(in: latents)
      #expect((domain == .measured) == (feature.role == .consequence), "\(feature)")
      switch domain {
      case .numbers(let range):
        #expect(latents.number(of: feature).map(range.contains) == true, "\(feature)")
        #expect(latents.share(of: feature).map { 0...1 ~= $0 } == true, "\(feature)")
      case .words(let words):
        #expect(latents.word(of: feature).map(words.indices.contains) == true, "\(feature)")
      case .scenes, .measured: #expect(latents.share(of: feature) == nil, "\(feature)")
      }
    }
  }

  @Test(arguments: ShapesFeature.allCases)
  func `a number that is set is the number that the scene has, and others keep theirs`(
    _ feature: ShapesFeature
  ) throws {
    let latents = Self.latents(8)
    guard case .numbers(let range) = feature.domain(in: latents), feature.role == .actionable
    else { return }
    let value = range.lowerBound + 0.3 * (range.upperBound - range.lowerBound)
    let action = try #require(feature.action(value))
    let changed = try latents.applying([action])
    #expect(abs((changed.number(of: feature) ?? 0) - value) < 1e-9)
    #expect(abs((changed.share(of: feature) ?? 0) - 0.3) < 1e-9)
    for other in ShapesFeature.allCases where other != feature {
      #expect(changed.word(of: other) == latents.word(of: other))
      // What depends on it moves, but keeps its share.
      let isMoved = other.parents.contains(feature)
      let (old, new) = (latents.share(of: other), changed.share(of: other))
      #expect(
        zip([old].compactMap(\.self), [new].compactMap(\.self)).allSatisfy { abs($0 - $1) < 1e-9 })
      if !isMoved { #expect(changed.number(of: other) == latents.number(of: other), "\(other)") }
    }
  }

  @Test func `a word that is set is the word that the scene has`() throws {
    let latents = Self.latents(9)
    for (feature, count) in [(ShapesFeature.pattern, 5), (.mirrored, 2), (.focus, 3)] {
      for word in 0..<count {
        let action = try #require(feature.action(word: word))
        #expect(try latents.applying([action]).word(of: feature) == word)
      }
      #expect(feature.action(word: count) == nil)
    }
    #expect(ShapesFeature.kind.action(word: 0) == nil && ShapesFeature.behind.action(0.5) == nil)
  }

  @Test func `a scene satisfies its predicates, and others as often as is said`() {
    let predicates = ShapesPredicate.all(of: Self.latents(2))
    #expect(predicates.count == 19)
    #expect(predicates.allSatisfy { $0.holds(for: Self.latents(2)) })
    #expect(predicates.map(\.feature).contains(.kind))
    let scenes = (0..<400).map {
      ShapesLatents(
        satisfying: [], from: ShapesSource(seed: 1, list: "predicates", index: $0))
    }
    for predicate in predicates {
      let share = Double(scenes.count { predicate.holds(for: $0) }) / 400
      // Four standard errors.
      let error = (predicate.probability * (1 - predicate.probability) / 400).squareRoot()
      #expect(abs(share - predicate.probability) < 4 * error, "\(predicate.description)")
    }
  }

  @Test func `scenes drawn among those that satisfy predicates do, and differ in all else`() {
    let own = Self.latents(4)
    let predicates = ShapesPredicate.all(of: own).filter {
      [.kind, .pattern, .exposure, .x, .period, .mirrored, .grain].contains($0.feature)
    }
    let scenes = (0..<60).map {
      ShapesLatents(
        satisfying: predicates, from: ShapesSource(seed: 1, list: "satisfying", index: $0))
    }
    for scene in scenes {
      #expect(predicates.allSatisfy { $0.holds(for: scene) })
    }
    #expect(Set(scenes.map(\.lighting.exposure)).count == 60)
    #expect(Set(scenes.map(\.geometry.scale)).count == 60)
    #expect(Set(scenes.compactMap { $0.word(of: .focus) }).count == 3)
    // Nothing imposed is the scene as it is drawn.
    let source = ShapesSource(seed: 1, list: "satisfying", index: 0)
    let plain = ShapesLatents(satisfying: [], from: source)
    #expect(plain == ShapesModel.latents(of: plain.geometry.kind, from: source))
  }

  @Test func `predicates are said in words`() throws {
    let latents = try Self.latents(0).applying([
      .exposure(1), .pattern(.dots), .period(4.5), .mirrored(true),
    ])
    func words(_ feature: ShapesFeature) -> String? {
      ShapesPredicate(feature, of: latents)?.description
    }
    #expect(words(.pattern) == "pattern = dots" && words(.mirrored) == "mirrored = yes")
    #expect(words(.exposure) == "exposure in [0.9500, 1.0750)")
    #expect(words(.period) == "period in the first quarter of what its pattern leaves")
    #expect(words(.color) == nil && words(.behind) == nil && words(.ground) == nil)
  }

  @Test func `noise of the sensor that is drawn again changes nothing else`() {
    let latents = Self.latents(1)
    let own = ShapesModel.picture(of: latents)
    let others = (1...3).map { ShapesModel.picture(of: latents, sensor: $0) }
    #expect(Set(([own] + others).map(\.pixels)).count == 4)
    #expect(others.allSatisfy { $0.mask == own.mask && $0.truth.colors == own.truth.colors })
    let differences = zip(own.pixels, others[0].pixels).map { abs(Int($0) - Int($1)) }
    // The noise of each is below twice the grain, and rounding adds a half.
    #expect(Double(differences.max() ?? 0) <= 4 * latents.grain + 1)
    #expect(own == ShapesModel.picture(of: latents, sensor: 0))
  }

  @Test func `features are read by their names`() throws {
    #expect(try ShapesFeature.list("exposure, turn,exposure") == [.exposure, .turn])
    #expect(try ShapesFeature.list("tint") == [.tintRed, .tintGreen, .tintBlue])
    #expect(try ShapesFeature.list("apparent color") == [.apparentColor])
    do {
      _ = try ShapesFeature.list("colour")
      Issue.record("it was read")
    } catch {
      #expect(
        error.description.hasPrefix(
          "there is no feature 'colour' of scenes; expected kind, variation, scale, x, y, turn"))
    }
  }
}
