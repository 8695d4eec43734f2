import Testing
import XAIDatasets
import XAITensor

@Suite struct PreprocessingTests {
  /// Mean and standard deviation as their definition says, in Float64.
  private func naive(
    _ data: some ImageDataset, _ kind: Preprocessing.Kind
  ) throws -> (mean: [Double], deviation: [Double]) {
    let plane = data.height * data.width
    let images = try (0..<data.count(of: .train)).map {
      try data.pixels(at: $0, of: .train).map { Double($0) / 255 }
    }
    var mean = [Double](repeating: 0, count: 3 * plane)
    for index in mean.indices {
      mean[index] = images.map { $0[index % plane * 3 + index / plane] }.reduce(0, +)
      mean[index] /= Double(images.count)
    }
    if kind == .channelMean {
      mean = (0..<3).map { mean[($0 * plane)..<(($0 + 1) * plane)].reduce(0, +) / Double(plane) }
    }
    let deviation = (0..<3).map { channel in
      var sum = 0.0
      for image in images {
        for pixel in 0..<plane {
          let center = kind == .meanImage ? mean[channel * plane + pixel] : mean[channel]
          sum += (image[3 * pixel + channel] - center) * (image[3 * pixel + channel] - center)
        }
      }
      return (sum / Double(images.count * plane)).squareRoot()
    }
    return (mean, deviation)
  }

  @Test(arguments: Preprocessing.Kind.allCases, [1, 2, 5])
  func `statistics equal their definition`(_ kind: Preprocessing.Kind, threads: Int) throws {
    // More images than fit into one 16-bit sum, and a width whose bytes fill no whole vectors.
    let data = NoiseDataset(counts: [.train: 600])
    let measured = try Preprocessing(measuring: data, kind: kind, threads: threads)
    let wanted = try naive(data, kind)
    #expect(measured.kind == kind)
    #expect(measured.mean.shape == (kind == .meanImage ? [3, 5, 7] : [3]))
    for (found, wanted) in zip(measured.mean.elements, wanted.mean) {
      #expect(abs(Double(found) - wanted) < 1e-7)
    }
    for (found, wanted) in zip(measured.standardDeviation.elements, wanted.deviation) {
      #expect(abs(Double(found) - wanted) < 1e-7)
    }
  }

  @Test func `statistics do not depend on the number of threads`() throws {
    let data = NoiseDataset(counts: [.train: 300])
    let one = try Preprocessing(measuring: data, threads: 1)
    #expect(try Preprocessing(measuring: data, threads: 3) == one)
  }

  @Test(arguments: Preprocessing.Kind.allCases)
  func `normalised images are (pixel / 255 - mean) / std, channel by channel`(
    _ kind: Preprocessing.Kind
  ) throws {
    let data = NoiseDataset()
    let preprocessing = try Preprocessing(measuring: data, kind: kind)
    let batch = try #require(
      try BatchLoader(
        dataset: data, split: .train, preprocessing: preprocessing, batchSize: 23
      ).next())
    let deviation = preprocessing.standardDeviation.elements
    let mean = preprocessing.mean.elements
    for image in 0..<23 {
      let pixels = try data.pixels(at: image, of: .train)
      for channel in 0..<3 {
        for pixel in 0..<35 {
          let center = kind == .meanImage ? mean[channel * 35 + pixel] : mean[channel]
          let wanted =
            (Double(pixels[3 * pixel + channel]) / 255 - Double(center))
            / Double(deviation[channel])
          let found = Double(batch.images[image, channel, pixel / 7, pixel % 7])
          #expect(abs(found - wanted) < 1e-5)
        }
      }
    }
    // The split that was measured has mean 0 and standard deviation 1 in every channel.
    for channel in 0..<3 {
      var sum = 0.0
      var squares = 0.0
      for image in 0..<23 {
        for pixel in 0..<35 {
          let value = Double(batch.images[image, channel, pixel / 7, pixel % 7])
          sum += value
          squares += value * value
        }
      }
      #expect(abs(sum / 805) < 1e-5)
      #expect(abs(squares / 805 - 1) < 1e-5)
    }
  }

  @Test func `a channel that never varies is divided by one`() throws {
    let data = NoiseDataset(counts: [.train: 1])
    #expect(try Preprocessing(measuring: data).standardDeviation.elements == [1, 1, 1])
  }

  @Test func `it can be rebuilt from its tensors`() throws {
    let measured = try Preprocessing(measuring: NoiseDataset())
    let rebuilt = try Preprocessing(
      mean: measured.mean, standardDeviation: measured.standardDeviation, height: 5, width: 7)
    #expect(rebuilt == measured)
  }

  @Test func `numbers that cannot be used are refused`() throws {
    let three = Tensor(shape: [3], repeating: 1)
    #expect(
      throws: DatasetFailure(
        .badData,
        "normalization.mean has the shape [3, 4, 4]; expected [3] or [3, 5, 7]; it belongs to images "
          + "of another size")
    ) {
      try Preprocessing(
        mean: Tensor(shape: [3, 4, 4]), standardDeviation: three, height: 5, width: 7)
    }
    for bad in [
      Tensor(shape: [3]), Tensor(shape: [3], repeating: .nan), Tensor(shape: [2], repeating: 1),
    ] {
      #expect(throws: DatasetFailure.self) {
        try Preprocessing(mean: three, standardDeviation: bad, height: 5, width: 7)
      }
    }
    #expect(
      throws: DatasetFailure(.badData, "the train split of noise is empty, so it has no mean image")
    ) { try Preprocessing(measuring: NoiseDataset(counts: [:])) }
  }
}
