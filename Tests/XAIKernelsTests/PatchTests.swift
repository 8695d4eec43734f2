import Testing
import XAIKernels
import XAITensor
import XAITestSupport

@Suite struct PatchTests {
  let backend: CPUBackend

  init() throws { backend = try CPUBackend() }

  /// The definition, element by element.
  private func literal(
    _ clean: ReferenceArray, _ patches: ReferenceArray, _ places: [PatchCrop]
  ) -> ReferenceArray {
    let extent = [places[0].crop.rows.count, places[0].crop.columns.count]
    var result = ReferenceArray([places.count, clean.shape[1]] + extent)
    for (index, place) in places.enumerated() {
      for channel in 0..<clean.shape[1] {
        for row in place.crop.rows {
          for column in place.crop.columns {
            let isChanged =
              place.changed.rows.contains(row) && place.changed.columns.contains(column)
            result[
              index, channel, row - place.crop.rows.lowerBound,
              column - place.crop.columns.lowerBound] =
              isChanged
              ? patches[index, channel, row - place.origin.row, column - place.origin.column]
              : clean[0, channel, row, column]
          }
        }
      }
    }
    return result
  }

  private func place(
    _ origin: (row: Int, column: Int), _ changed: (Range<Int>, Range<Int>),
    _ crop: (Range<Int>, Range<Int>)
  ) -> PatchCrop {
    PatchCrop(
      origin: origin, changed: Rectangle(rows: changed.0, columns: changed.1),
      crop: Rectangle(rows: crop.0, columns: crop.1))
  }

  /// Changes inside the crop, across each of its borders, of all of it, of nothing, and beside it.
  private var places: [PatchCrop] {
    [
      place((2, 3), (3..<5, 4..<7), (2..<7, 3..<9)),
      place((0, 0), (0..<4, 0..<5), (2..<7, 3..<9)),
      place((4, 6), (5..<8, 7..<11), (2..<7, 3..<9)),
      place((-1, -2), (0..<3, 0..<3), (0..<5, 0..<6)),
      place((4, 6), (4..<9, 6..<12), (4..<9, 6..<12)),
      place((2, 3), (3..<3, 4..<4), (2..<7, 3..<9)),
      place((6, 8), (7..<9, 9..<12), (0..<5, 0..<6)),
    ]
  }

  @Test(arguments: [1, 16, 17])
  func `crops show the patch where it changed something and the clean map elsewhere`(
    _ channels: Int
  ) throws {
    let clean = ReferenceArray.random([1, channels, 9, 12], "clean")
    let patches = ReferenceArray.random([places.count, channels, 5, 6], "patches")
    let result = try backend.crops(
      of: try backend.activation(clean), changedBy: try backend.activation(patches), at: places)
    let expected = literal(clean, patches, places)
    #expect(result.layout == .blocked)
    #expect(backend.array(result) == expected)
    // The oracle tells a patch from the clean map.
    #expect(expected.values != literal(clean, patches, places.map(unchanged)).values)
  }

  private func unchanged(_ place: PatchCrop) -> PatchCrop {
    var place = place
    place.changed.rows = place.changed.rows.lowerBound..<place.changed.rows.lowerBound
    return place
  }

  @Test func `no crops are no images`() throws {
    let clean = try backend.activation(.random([1, 3, 4, 4], "clean"))
    let none = try backend.crops(
      of: clean, changedBy: try backend.activation(ReferenceArray([0, 3, 2, 2])), at: [])
    #expect(none.shape[0] == 0 && none.shape[1] == 3)
  }

  @Test func `a crop beyond the map is a programmer's error`() async {
    await #expect(processExitsWith: .failure) {
      let backend = try CPUBackend()
      _ = try backend.crops(
        of: try backend.uploadActivation(Tensor(shape: [1, 3, 4, 4])),
        changedBy: try backend.uploadActivation(Tensor(shape: [1, 3, 2, 2])),
        at: [
          PatchCrop(
            origin: (0, 0), changed: Rectangle(rows: 0..<2, columns: 0..<2),
            crop: Rectangle(rows: 2..<5, columns: 0..<3))
        ])
    }
  }

  @Test func `a change that the patch does not hold is a programmer's error`() async {
    await #expect(processExitsWith: .failure) {
      let backend = try CPUBackend()
      _ = try backend.crops(
        of: try backend.uploadActivation(Tensor(shape: [1, 3, 4, 4])),
        changedBy: try backend.uploadActivation(Tensor(shape: [1, 3, 2, 2])),
        at: [
          PatchCrop(
            origin: (0, 0), changed: Rectangle(rows: 0..<3, columns: 0..<2),
            crop: Rectangle(rows: 0..<3, columns: 0..<3))
        ])
    }
  }
}
