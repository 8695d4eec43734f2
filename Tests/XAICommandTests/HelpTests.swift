import Foundation
import Testing
import XAITensor
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
    (
      ["xai-train", "prune"],
      """
      --checkpoint --data --criterion --rate --until --floor --epochs --learning-rate --images --random-orders
      --no-randomized --recalibrate --validation-images --tolerance --architecture --cache --skip-corrupt --seed
      --memory --threads --dry-run --quiet --output
      """
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
      ["xai-explain", "examples"],
      "--checkpoint --architecture --tensor --target --given --raw --threads --quiet"
    ),
    (
      ["xai-explain", "similarity"],
      """
      --checkpoint --data --layers --measure --images --batch --full --architecture --weights --cache
      --skip-corrupt --overwrite --seed --memory --threads --dry-run --quiet --output
      """
    ),
    (
      ["xai-explain", "concepts"],
      """
      --checkpoint --data --layers --concepts --classes --set --runs --random --vector --score --relative
      --randomize --architecture --overwrite --seed --memory --threads --dry-run --quiet --output
      """
    ),
    (
      ["xai-explain", "dissect"],
      """
      --checkpoint --data --layers --images --quantile --iou --permutations --random-networks --architecture
      --overwrite --seed --memory --threads --dry-run --quiet --output
      """
    ),
    (
      ["xai-explain", "probe"],
      """
      --checkpoint --data --layers --property --images --penalty --features --random-networks --controls
      --ablate --subspaces --architecture --overwrite --seed --memory --threads --dry-run --quiet --output
      """
    ),
    (
      ["xai-explain", "visualize"],
      """
      --checkpoint --data --classes --units --concept --layers --set --style --steps --images --architecture --overwrite --seed
      --memory --threads --dry-run --quiet --output
      """
    ),
    (
      ["xai-explain", "surrogate"],
      """
      --checkpoint --data --model --target --features --concepts --set --units --layers --images --depth --least --neighbors --architecture
      --overwrite --seed --memory --threads --dry-run --quiet --output
      """
    ),
    (
      ["xai-explain", "segment"],
      """
      --checkpoint --data --image --samples --method --parameters --target --smoothness --architecture
      --cache --skip-corrupt --overwrite --seed --memory --threads --dry-run --quiet --output
      """
    ),
    (
      ["xai-explain", "prototypes"],
      """
      --checkpoint --data --class --count --criticisms --most --tests --layer --bank --architecture --cache
      --skip-corrupt --overwrite --seed --memory --threads --dry-run --quiet --output
      """
    ),
    (
      ["xai-explain", "influence"],
      """
      --checkpoint --data --image --samples --method --top --check --no-check --most --penalty --epochs --layer --bank
      --architecture --overwrite --seed --memory --threads --dry-run --quiet --output
      """
    ),
    (
      ["xai-explain", "suspects"],
      """
      --checkpoint --data --score --most --flip --neighbors --top --penalty --layer --bank --architecture --overwrite
      --seed --memory --threads --dry-run --quiet --output
      """
    ),
    (
      ["xai-explain", "anchors"],
      """
      --checkpoint --data --image --samples --rules --segments --threshold --confidence --keep --fill --architecture
      --overwrite --seed --memory --threads --dry-run --quiet --output
      """
    ),
    (
      ["xai-explain", "counterfactual"],
      """
      --checkpoint --data --image --samples --kind --goal --segments --baseline --also --budget --most --tests --bank
      --actionable --immutable --bounds --hold --cost --diverse --architecture --overwrite --seed --memory --threads --dry-run --quiet --output
      """
    ),
    (
      ["xai-explain", "representatives"],
      """
      --checkpoint --data --samples --columns --layer --count --floor --architecture --overwrite --seed --memory
      --threads --dry-run --quiet --output
      """
    ),
    (
      ["xai-explain", "class-sensitivity"],
      """
      --checkpoint --architecture --image --data --samples --baseline --classes
      --random-classes --method --parameters --relevance-seed --without --pictures --seed
      --memory --threads --dry-run --quiet --output --overwrite --shard
      """
    ),
    (
      ["xai-explain", "evaluate"],
      """
      --checkpoint --architecture --image --images --data --samples --cache --skip-corrupt --method
      --parameters --target --measures --baseline --cells --steps --box-area --correct-only --meta
      --randomized --compared --tensor --given --raw --maps --masks --boxes --baseline-tensor
      --neighbors --neighbor-maps --score-weights --convolutions --seed --memory --threads --quiet
      --dry-run --output --shard
      """
    ),
    (
      ["xai-explain", "compare"],
      """
      --checkpoint --architecture --image --data --samples --baseline --target --method
      --parameters --relevance-seed --without --pictures --seed --memory --threads --dry-run
      --quiet --output --overwrite --shard
      """
    ),
    (
      ["xai-explain", "randomize"],
      """
      --checkpoint --architecture --weights --ignore-tensors --class-names --preprocessing --image
      --images --data --cache --skip-corrupt --samples --baseline --preset --mode --seeds
      --initializer --batch-norm --target --layers --health-images --without --smooth --raw-maps
      --method --parameters --ig-steps --ig-rule --occlusion-window --occlusion-stride --layer
      --relevance-seed --noise --noise-samples --noise-std --seed --memory --threads --dry-run
      --quiet --output --profile --shard
      """
    ),
    (["xai-explain", "merge"], "--output --quiet"),
    (
      ["xai-explain", "import"],
      """
      --network --checkpoint --image-size --weights --ignore-tensors --class-names --preprocessing
      --image --verify --output --threads --quiet
      """
    ),
    (
      ["xai-explain", "export"],
      "--checkpoint --architecture --weights --ignore-tensors --format --half --output --quiet"
    ),
  ]

  /// A command as ArgumentParser describes it.
  private struct Description: Decodable {
    struct Name: Decodable {
      let kind: String
      let name: String
    }

    struct Argument: Decodable {
      let kind: String
      let shouldDisplay: Bool
      let abstract: String?
      let valueName: String?
      let names: [Name]?
      let isOptional: Bool
    }

    let commandName: String
    let abstract: String?
    let arguments: [Argument]?
    let subcommands: [Description]?
  }

  private struct Tree: Decodable { let command: Description }

  /// A command with the words that call it.
  private struct Command {
    let words: [String]
    let description: Description

    /// This one and all below it, but for the one that prints help.
    var all: [Command] {
      let below = (description.subcommands ?? []).filter { $0.commandName != "help" }
      return [self]
        + below.flatMap { Command(words: words + [$0.commandName], description: $0).all }
    }
  }

  private static func tree(_ words: [String]) throws -> [Command] {
    let result = try runProgram(
      words[0], Array(words.dropFirst()) + ["--experimental-dump-help"])
    let tree = try JSONDecoder().decode(Tree.self, from: Data(result.standardOutput.utf8))
    return Command(words: words, description: tree.command).all
  }

  @Test(arguments: [
    ["xai-train"], ["xai-train", "export-data"], ["xai-train", "prune"], ["xai-eval"],
    ["xai-explain"],
  ])
  func `every command has a help that says what each of its options does`(
    _ program: [String]
  ) throws {
    let commands = try Self.tree(program)
    for command in commands {
      let words = command.words.joined(separator: " ")
      let help = try runProgram(
        command.words[0], Array(command.words.dropFirst()) + ["--help"])
      #expect(help.status == 0 && help.standardError.isEmpty, "\(words)")
      #expect(
        help.standardOutput.contains(words), "\(words): \(help.standardOutput.prefix(300))")
      #expect(command.description.abstract?.hasSuffix(".") == true, "\(words)")
      for argument in command.description.arguments ?? [] where argument.shouldDisplay {
        let names = (argument.names ?? []).filter { $0.kind == "long" }.map { "--\($0.name)" }
        for name in names {
          let isNamed = [" ", "/", "\n", ","].contains { help.standardOutput.contains(name + $0) }
          #expect(isNamed, "\(words) \(name)")
        }
        let says = argument.abstract ?? ""
        #expect(says.count > 8 || names == ["--help"], "\(words) \(names): '\(says)'")
        #expect(says.isEmpty || says.hasSuffix("."), "\(words) \(names): '\(says)'")
      }
    }
    let contracts = Set(Self.options.map { $0.arguments.joined(separator: " ") })
    let walked = commands.filter { $0.description.subcommands?.isEmpty ?? true }
      .map { $0.words.joined(separator: " ") }
    #expect(walked.allSatisfy(contracts.contains), "\(walked) of \(contracts)")
  }

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
  func `the version is one line with commit, oneDNN and instruction set`(program: String) throws {
    let result = try runProgram(program, ["--version"])
    #expect(result.status == 0 && result.standardError.isEmpty)
    let line = try Regex(
      "\(program) \(Toolkit.version), commit (unknown|[0-9a-f]{12}(-changed)?), oneDNN [0-9]+[.][0-9]+[.][0-9]+, "
        + "(plain|AVX2|AVX-512)\n")
    #expect(result.standardOutput.wholeMatch(of: line) != nil, "\(result.standardOutput)")
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
