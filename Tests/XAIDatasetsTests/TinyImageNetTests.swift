import Testing
import XAIDatasets
import XAIImages
import XAITensor

@Suite struct TinyImageNetTests {
  @Test func `classes come in the order of wnids.txt with their first name`() throws {
    let data = try DataFolder().open()
    #expect(
      data.classes == [
        ClassLabel(id: "n03", name: "ox"), ClassLabel(id: "n01", name: "goldfish"),
        ClassLabel(id: "n02", name: "great white shark"),
      ])
  }

  @Test func `every image has the pixels of its own file, with and without a cache`() throws {
    let folder = try DataFolder()
    for place in [CachePlace.automatic, .none] {
      let data = try folder.open { $0.cache = place }
      let everything = try data.everything()
      #expect(everything.count == 36)
      for (name, pixels) in everything {
        let id = String(name.prefix(3))
        let path = id == "val" ? "val/images/\(name)" : "train/\(id)/images/\(name)"
        #expect(try pixels == folder.pixels(path), "\(name)")
      }
    }
  }

  @Test func `labels and boxes are those of the annotations`() throws {
    let data = try DataFolder().open()
    for split in [Split.train, .validation] {
      for index in 0..<data.count(of: split) {
        let sample = data.sample(at: index, of: split)
        #expect(data.classes[sample.label].id == sample.name.prefix(3))
        #expect(data.label(at: index, of: split) == sample.label)
        let box = BoundingBox(xMin: sample.label, yMin: 1, xMax: 6, yMax: 7)
        #expect(sample.boxes == [LabelledBox(label: sample.label, box: box)])
      }
    }
    #expect(data.names(of: .test) == (0..<6).map { "val_\($0).JPEG" })
    #expect((0..<6).map { data.label(at: $0, of: .test) } == [0, 1, 2, 0, 1, 2])
    let box = BoundingBox(xMin: 0, yMin: 0, xMax: 4, yMax: 7)
    #expect(data.sample(at: 4, of: .test).boxes == [LabelledBox(label: 1, box: box)])
  }

  @Test func `further lines of a test image annotate further objects`() throws {
    let folder = try DataFolder(testImages: 1)
    try folder.write(
      "val_0.JPEG\tn01\t0\t0\t3\t3\nval_0.JPEG\tn02\t4\t4\t7\t7\r\n\n", "val/val_annotations.txt")
    let sample = try folder.open().sample(at: 0, of: .test)
    #expect(sample.label == 1)
    #expect(sample.boxes.map(\.label) == [1, 2])
  }

  @Test func `a test image that has a line must be there`() throws {
    let folder = try DataFolder()
    try folder.remove("val/images/val_5.JPEG")
    let failure = try #require(throws: DatasetFailure.self) { try folder.open() }
    #expect(failure.kind == .badData)
    #expect(failure.description.contains("line 6: there is no image 'val_5.JPEG' in"))
  }

  @Test func `boxes of training images may be missing`() throws {
    let folder = try DataFolder()
    try folder.remove("train/n01/n01_boxes.txt")
    let data = try folder.open()
    #expect(data.count(of: .test) == 6)
    #expect(data.sample(at: 8, of: .train).boxes.isEmpty)
    #expect(data.sample(at: 0, of: .train).boxes.count == 1)
  }

  @Test func `images of another size are resized, and their boxes with them`() throws {
    let folder = try DataFolder(testImages: 1)
    try folder.writeImage("val/images/val_0.JPEG", seed: 3, height: 16, width: 24)
    try folder.write("val_0.JPEG\tn01\t4\t3\t23\t9\n", "val/val_annotations.txt")
    let file = folder.path("val/images/val_0.JPEG")
    let wanted = try RGBImage(contentsOf: file).resized(toHeight: 8, width: 8).pixels
    for place in [CachePlace.automatic, .none] {
      let data = try folder.open { $0.cache = place }
      #expect(try data.pixels(at: 0, of: .test) == wanted)
      let box = BoundingBox(xMin: 1, yMin: 1, xMax: 7, yMax: 4)
      #expect(data.sample(at: 0, of: .test).boxes == [LabelledBox(label: 1, box: box)])
    }
  }

  @Test(arguments: [(0.0, 0), (0.2, 2), (0.25, 3), (0.01, 1), (0.99, 9)])
  func `the split holds back the same number of every class`(fraction: Double, held: Int) throws {
    let data = try DataFolder().open { $0.validationFraction = fraction }
    for label in 0..<3 {
      let train = (0..<data.count(of: .train)).count { data.label(at: $0, of: .train) == label }
      let validation = (0..<data.count(of: .validation)).count {
        data.label(at: $0, of: .validation) == label
      }
      #expect((train, validation) == (10 - held, held))
    }
    #expect(Set(data.names(of: .train)).isDisjoint(with: data.names(of: .validation)))
  }

  @Test func `the split depends on the seed and on the class alone`() throws {
    let folder = try DataFolder()
    let first = try folder.open { $0.splitSeed = 1 }
    #expect(
      try folder.open { $0.splitSeed = 1 }.names(of: .validation) == first.names(of: .validation))
    #expect(
      try folder.open { $0.splitSeed = 2 }.names(of: .validation) != first.names(of: .validation))
    // Another order of classes and another class with more images move no image of n01.
    try folder.write("n01\nn02\nn03\n", "wnids.txt")
    try folder.writeImage("train/n02/images/n02_99.JPEG", seed: 99)
    let other = try folder.open { $0.splitSeed = 1 }
    func ofFirst(_ data: FolderDataset) -> [String] {
      data.names(of: .validation).filter { $0.hasPrefix("n01") }
    }
    #expect(ofFirst(other) == ofFirst(first))
    #expect(ofFirst(other).count == 2)
  }

  @Test func `unreadable images can be left out without moving the others`() throws {
    let folder = try DataFolder()
    let before = try folder.open()
    let victim = before.sample(at: 3, of: .train).name
    let path = "train/\(victim.prefix(3))/images/\(victim)"
    try folder.write(Array(folder.bytes(path).prefix(40)), path)
    try folder.write([], "val/images/val_2.JPEG")
    for place in [CachePlace.automatic, .none] {
      let data = try folder.open {
        $0.skipCorrupt = true
        $0.cache = place
      }
      #expect(data.skipped == [path, "val/images/val_2.JPEG"])
      #expect(data.names(of: .train) == before.names(of: .train).filter { $0 != victim })
      #expect(data.names(of: .validation) == before.names(of: .validation))
      #expect(data.label(at: 2, of: .test) == 0)
      #expect(try data.pixels(at: 2, of: .test) == folder.pixels("val/images/val_3.JPEG"))
    }
    // The cache of a run that skips must not hide the files from one that does not.
    #expect(try folder.failure()?.description.contains("DATA/\(path)") == true)
  }
}
