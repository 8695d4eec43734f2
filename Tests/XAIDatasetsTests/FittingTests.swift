import Testing
import XAIDatasets
import XAIImages

/// How data sets bring images and boxes to the size of a network.
@Suite struct FittingTests {
  /// An image of 16 x 24 and a box; the others are 8 x 8.
  private func folder() throws -> DataFolder {
    let folder = try DataFolder(testImages: 1)
    try folder.writeImage("val/images/val_0.JPEG", seed: 3, height: 16, width: 24)
    try folder.write("val_0.JPEG\tn01\t4\t3\t23\t9\n", "val/val_annotations.txt")
    return folder
  }

  private let middle = ImageFitting(
    height: 8, width: 8, shorterSide: 8, interpolation: .bicubic)

  @Test func `pixels are fitted, with and without a cache`() throws {
    let folder = try folder()
    let file = folder.path("val/images/val_0.JPEG")
    let wanted = try RGBImage(contentsOf: file).fitted(middle).pixels
    for place in [CachePlace.automatic, .none] {
      let data = try folder.open {
        $0.fitting = middle
        $0.cache = place
      }
      #expect(try data.pixels(at: 0, of: .test) == wanted)
    }
  }

  /// By hand: 16 x 24 becomes 8 x 12, of which columns 2 to 9 are kept; the box of columns 4 to 23 and
  /// rows 3 to 9 becomes 2 to 11 and 1 to 4, less the two columns cut off on either side.
  @Test func `boxes are cut as the image is`() throws {
    let folder = try folder()
    let data = try folder.open { $0.fitting = middle }
    let box = BoundingBox(xMin: 0, yMin: 1, xMax: 7, yMax: 4)
    #expect(data.sample(at: 0, of: .test).boxes == [LabelledBox(label: 1, box: box)])
  }

  @Test func `a box of which nothing is left is dropped`() throws {
    let folder = try folder()
    try folder.write(
      "val_0.JPEG\tn01\t0\t3\t3\t9\nval_0.JPEG\tn02\t3\t3\t4\t9\n", "val/val_annotations.txt")
    let data = try folder.open { $0.fitting = middle }
    let box = BoundingBox(xMin: 0, yMin: 1, xMax: 0, yMax: 4)
    #expect(data.sample(at: 0, of: .test).boxes == [LabelledBox(label: 2, box: box)])
  }

  @Test func `each fitting has a cache of its own, and takes no other's for it`() throws {
    let folder = try folder()
    let plain = try folder.open()
    let fitted = try folder.open { $0.fitting = middle }
    #expect(fitted.cacheReport.path == folder.path(".xai-cache-8x8-of-8-bicubic"))
    #expect(plain.cacheReport.path == folder.path(PixelCacheTests.file))
    #expect(try folder.open { $0.fitting = middle }.cacheReport.rebuiltBecause == nil)
    #expect(try folder.open().cacheReport.rebuiltBecause == nil)
    for change in [
      { (fitting: inout ImageFitting) in fitting.interpolation = .nearest },
      { $0.shorterSide = 9 },
    ] {
      let place = CachePlace.file(folder.path(".xai-cache-8x8-of-8-bicubic"))
      var other = middle
      change(&other)
      let data = try folder.open {
        $0.fitting = other
        $0.cache = place
      }
      #expect(data.cacheReport.rebuiltBecause == "its images got their size in another way")
      let fresh = try folder.open {
        $0.fitting = middle
        $0.cache = place
      }
      #expect(fresh.cacheReport.rebuiltBecause != nil)
    }
  }

  @Test func `shapes are fitted like any other image, and their boxes`() throws {
    let shapes = ShapesDataset(trainCount: 1, validationCount: 0, testCount: 2)
    let fitting = ImageFitting(height: 16, width: 20, shorterSide: 20)
    let fitted = FittedDataset(shapes, fitting)
    #expect((fitted.height, fitted.width, fitted.count(of: .test)) == (16, 20, 2))
    let drawn = RGBImage(height: 64, width: 64, pixels: try shapes.pixels(at: 1, of: .test))
    #expect(try fitted.pixels(at: 1, of: .test) == drawn.fitted(fitting).pixels)
    let (before, after) = (shapes.sample(at: 1, of: .test), fitted.sample(at: 1, of: .test))
    #expect((before.name, before.label) == (after.name, after.label))
    // 64 rows become 20, of which rows 2 to 17 are kept.
    let (old, new) = (try #require(before.boxes.first).box, try #require(after.boxes.first).box)
    #expect(new.xMin == old.xMin * 20 / 64)
    #expect(new.yMin == max(old.yMin * 20 / 64 - 2, 0))
    #expect(new.yMax == min(((old.yMax + 1) * 20 + 63) / 64 - 1 - 2, 15))
  }

  @Test func `the built-in data come in any size that is asked for`() throws {
    var options = DatasetOptions()
    options.fitting = ImageFitting(height: 32, width: 32)
    let data = try DataSource("shapes").open(options).dataset
    #expect((data.height, data.width, data.name) == (32, 32, "shapes"))
    #expect(data.count(of: .train) == 3000)
  }
}
