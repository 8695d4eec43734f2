package import ArgumentParser

/// The options of raw tensors.
package struct TensorOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Normalised images [N, C, H, W].", valueName: "file:name"))
  package var tensor: String?
  @Option(help: "The safetensors file to write.")
  package var raw: String?
  @Option(
    help: ArgumentHelp(
      "Baselines: [N, C, H, W] or [1, C, H, W]; a distribution [B, C, H, W] where a method wants one.",
      valueName: "file:name"))
  package var baselineTensor: String?
  @Option(
    help: ArgumentHelp("Standard-normal noise [S, N, C, H, W].", valueName: "file:name"))
  package var noiseTensor: String?
  @Option(
    parsing: .unconditional,
    help: """
      Compute each method so many times, and print a line of JSON with the seconds that each time \
      took; the maps are those of the last time.
      """, transform: Parse.positiveInteger)
  package var `repeat`: Int?

  package init() {}

  package func validateUse() throws {
    if raw == nil { throw ValidationError("--tensor needs --raw, the file to write") }
  }

  /// These options say nothing about pictures.
  package func requireNothing() throws {
    for (option, value) in [
      ("--raw", raw), ("--baseline-tensor", baselineTensor), ("--noise-tensor", noiseTensor),
      ("--repeat", `repeat`.map(String.init)),
    ] where value != nil {
      throw ValidationError("\(option) needs --tensor")
    }
  }
}
