import ArgumentParser
import XAICommandLine

/// Lists the methods.
struct MethodsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "methods",
    abstract: "List the methods: identifier, group, what each does, and its source.")

  @Flag(help: "Print one JSON array, default parameters included.")
  var json = false

  func run() throws {
    try Console(program: "xai-explain").reportingFailures { console in
      try MethodTable().print(asJSON: json, on: console)
    }
  }
}
