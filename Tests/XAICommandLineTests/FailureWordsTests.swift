import Testing
import XAIAttribution
import XAIClassifiers
import XAICommandLine
import XAIDatasets
import XAIExperiments
import XAIFiles
import XAIReports
import XAITensor
import XAITraining

@Suite struct FailureWordsTests {
  static let failures: [(failure: any Failure, library: String, command: String)] = [
    (
      ExperimentFailure(.memoryTooLittle(limit: 1_000_000, fixed: 2_000_000, least: 3_000_000)),
      "1000000 bytes of memory are too little", "--memory 1.0 MB is too little"
    ),
    (
      ExperimentFailure(.baselineImages(path: "a", count: 3)),
      "the baseline file a holds 3 images", "--baseline file a: holds 3 images, expected one"
    ),
    (
      ExperimentFailure(.unknownLayer("conv9", layers: ["conv1", "fc1"])),
      "'conv9' is no layer", "--layers 'conv9' is no layer"
    ),
    (
      ExperimentFailure(.tensorNotFinite(.noise, source: "f:n")), "the noise f:n hold NaN",
      "--noise-tensor f:n: holds NaN or infinity"
    ),
    (
      ExperimentFailure(
        .method("lime"), cause: ExperimentFailure(.baselineDistribution)),
      "lime: a distribution of baselines suits", "lime: --baseline data: a distribution suits"
    ),
    (
      ExperimentFailure(
        .notApplicable(method: "deep-shap"), cause: ExperimentFailure(.noData)),
      "deep-shap cannot be applied: it compares with images of the data",
      "deep-shap cannot be applied: it compares with images of the data; name them with --data"
    ),
    (
      AttributionFailure(.parameterOfNone("steps")), "steps: none of the chosen methods has it",
      "steps: none of the chosen methods has it; xai-explain methods --json lists parameters"
    ),
    (
      ReportFailure(.holdsExplanations, path: "out"), "out: holds explanations already",
      "out: holds explanations already; choose another folder, or replace them with --overwrite"
    ),
    (
      DatasetFailure(.cannotCreate, "no place for a cache", code: .cache), "no place for a cache",
      "no place for a cache (--cache FILE, --cache none)"
    ),
    (
      TrainingFailure(.holdsTraining(path: "run")), "run: holds a training already",
      "run: holds a training already; continue it with --resume or choose another folder"
    ),
    (
      TrainingFailure(
        FileFailure(.notEmpty, .cannotCreate, .init(), "'out' is not empty, or replace it")),
      "'out' is not empty", "'out' is not empty, or replace it with --overwrite"
    ),
  ]

  @Test(arguments: failures.indices)
  func `a library says what is wrong and a command line which option`(_ index: Int) {
    let (failure, library, command) = Self.failures[index]
    #expect(failure.description.hasPrefix(library), "\(failure.description)")
    #expect(!failure.description.contains("--"), "\(failure.description)")
    #expect(failure.commandSentence.hasPrefix(command), "\(failure.commandSentence)")
  }

  @Test func `a failure caused by another is of its kind`() {
    let cause = FileFailure(.missingInput, "gone")
    #expect(ExperimentFailure(.method("lime"), cause: cause).kind == .missingInput)
    #expect(ExperimentFailure(.noMethodLeft).kind == .usage)
    #expect(ExperimentFailure(.logitsNotFinite).kind == .badData)
  }

  @Test func `remarks name options only on a command line`() {
    let remark = ExperimentRemark.long(methods: ["rise"])
    #expect(remark.description == "rise is left out because it takes long" && !remark.isWarning)
    #expect(
      remark.commandSentence
        == "rise is left out because it takes long; name it with --method")
    let several = ExperimentRemark.long(methods: ["rise", "lime"])
    #expect(several.commandSentence.hasSuffix("name them with --method: rise, lime"))
    let missing = CheckpointRemark.missingNormalization(path: "a.pt")
    #expect(missing.isWarning && missing.commandSentence.hasSuffix("; --preprocessing says it"))
    let note = ContrastNote.negativeLogits(
      method: "rap", startsThere: true, count: 1, maps: 2, example: "ox in a.png")
    #expect(note.description.hasPrefix("rap starts from the logit (its parameter seed), which"))
    #expect(
      ExperimentRemark.contrast(note).commandSentence
        .hasPrefix("rap starts from the logit (--relevance-seed logit), which"))
  }
}
