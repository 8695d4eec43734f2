import ArgumentParser
import XAICommandLine
import XAIExperiments
import XAIReports

/// Finds objects by maps and graph cut.
struct SegmentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "segment",
    abstract: "Where is the object? Graph cut of any method's map, boxes, and how well they fit.",
    usage: "xai-explain segment --checkpoint FILE --data DIR|shapes --output DIR",
    discussion: """
      The largest and the least values of a map teach the colors of object and background; a minimum cut parts them. \
      IoU with the boxes of the data, with exact masks of shapes, beside reference rows: the whole image, a box in its \
      middle, the same cut of random maps and of an edge detector, and of maps of a random dense head.

      The folder receives index.html, results.json, results.csv, summary.csv, a chart and pictures; nothing of it \
      where the program is interrupted, with status 130.
      """)

  @OptionGroup(title: "Segmentation") var segment: SegmentOptions
  @OptionGroup(title: "Network and images") var options: ExampleImageOptions

  func run() throws {
    try options.test.work.run { console in
      let session = try options.session(console)
      let experiment = try SegmentExperiment(
        segment.configuration(options.chosen.choice(), session), in: session)
      try StudyWork(options.test, overwrite: options.overwrite, console).run(
        experiment, in: session
      ) {
        SegmentReport($0, command: console.commandWords)
      } lines: {
        $0.results.lines
      }
    }
  }
}
