import XAITensor
import Testing
import XAITestSupport
import XAITraining

@Suite struct HelpTests {
  static let options: [(arguments: [String], options: String)] = [
    (
      ["xai-train"],
      """
      --data --output --architecture --recipe --epochs --batch-size --learning-rate --schedule
      --schedule-factor --schedule-epochs --momentum --nesterov --weight-decay --dropout-convolution
      --dropout-dense --patience --validation-fraction --augment --label-smoothing --random-labels
      --seed --threads --max-steps --resume --resume-or-start --from --freeze --sizes --validation-stride --full-validations --save-every --quiet --tensorboard --skip-corrupt
      """
    ),
    (
      ["xai-eval"],
      """
      --checkpoint --data --split --json --per-class --confusion --predictions --threads
      --architecture --skip-corrupt --image
      """
    ),
    (
      ["xai-train", "export-data"],
      "--data --output --layout --quality --image-size --skip-corrupt --overwrite"
    ),
    (["xai-explain", "methods"], "--json"),
    (
      ["xai-explain", "attribute"],
      """
      --checkpoint --architecture --image --data --samples --method --target --baseline --ig-steps
      --ig-rule --noise --noise-samples --noise-std --occlusion-window --occlusion-stride --layer
      --relevance-seed --seed --memory --threads --sign --output --dry-run --tensor --raw
      --baseline-tensor --noise-tensor --parameters --quiet --convolutions --repeat
      """
    ),
    (
      ["xai-explain", "represent"],
      "--checkpoint --architecture --tensor --target --given --raw --threads --quiet"
    ),
    (
      ["xai-explain", "class-sensitivity"],
      """
      --checkpoint --architecture --image --data --samples --baseline --classes
      --random-classes --method --parameters --relevance-seed --without --pictures --seed
      --memory --threads --dry-run --quiet --output
      """
    ),
    (
      ["xai-explain", "evaluate"],
      "--checkpoint --architecture --tensor --target --given --raw --seed --memory --threads --quiet"
    ),
    (
      ["xai-explain", "compare"],
      """
      --checkpoint --architecture --image --data --samples --baseline --target --method
      --parameters --relevance-seed --without --pictures --seed --memory --threads --dry-run
      --quiet --output
      """
    ),
  ]

  @Test(arguments: options)
  func `the help names every option of the contract`(
    _ command: (arguments: [String], options: String)
  ) throws {
    let result = try runProgram(
      command.arguments[0], Array(command.arguments.dropFirst()) + ["--help"])
    #expect(result.status == 0 && result.standardError.isEmpty)
    for option in command.options.split(whereSeparator: \.isWhitespace) {
      // Followed by its value or by the other form: "--data" is no "--data-set".
      let isNamed = [" ", "/", "\n"].contains { result.standardOutput.contains(option + $0) }
      #expect(isNamed, "\(option)")
    }
    #expect(result.standardOutput.contains("USAGE: \(command.arguments.joined(separator: " "))"))
  }

  @Test(arguments: ["xai-train", "xai-eval", "xai-explain"])
  func `the version is that of the toolkit`(program: String) throws {
    let result = try runProgram(program, ["--version"])
    #expect(result.status == 0)
    #expect(result.standardOutput == Toolkit.version + "\n")
  }

  @Test(arguments: [
    (["xai-train"], "--data"), (["xai-train", "--data", "shapes"], "--output"),
    (["xai-eval", "--data", "shapes"], "--checkpoint"), (["xai-train", "export-data"], "--data"),
    (["xai-train", "--data", "shapes", "--output", "x", "--speed", "9"], "--speed"),
    (["xai-eval", "--checkpoint", "x", "--data", "shapes", "--split", "all"], "--split"),
    (["xai-train", "train", "--data", "shapes", "--output", "x"], "train"),
    (
      ["xai-train", "export-data", "--data", "shapes", "--output", "x", "--quality", "0"],
      "--quality"
    ),
    (
      ["xai-train", "export-data", "--data", "shapes", "--output", "x", "--quality", "101"],
      "--quality"
    ),
  ])
  func `a command line that cannot be is told with its usage`(
    words: [String], culprit: String
  ) throws {
    let result = try runProgram(words[0], Array(words.dropFirst()))
    #expect(result.status == 64)
    #expect(result.standardError.contains(culprit))
    // In capitals where the whole help follows.
    #expect(
      result.standardError.lowercased().contains("usage: \(words[0])"), "\(result.standardError)")
  }
}
