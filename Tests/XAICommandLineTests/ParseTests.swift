import ArgumentParser
import Testing
import XAICommandLine

private struct Options: ParsableArguments {
  @Option(transform: Parse.positiveInteger) var epochs = 1
}

@Suite struct ParseTests {
  @Test func `whole numbers have a lower bound`() throws {
    #expect(try Parse.positiveInteger("1") == 1)
    #expect(try Parse.nonNegativeInteger("0") == 0)
    for text in ["0", "-3", "1.5", "", "many"] {
      #expect(throws: ValidationError.self) { try Parse.positiveInteger(text) }
    }
    #expect(throws: ValidationError.self) { try Parse.nonNegativeInteger("-1") }
  }

  @Test func `numbers are finite and in range`() throws {
    #expect(try Parse.positiveNumber("1e-3") == 0.001)
    #expect(try Parse.nonNegativeNumber("0") == 0)
    #expect(try Parse.fraction("0") == 0)
    #expect(try Parse.properFraction("0.2") == 0.2)
    for text in ["0", "-1", "nan", "inf", "x"] {
      #expect(throws: ValidationError.self) { try Parse.positiveNumber(text) }
    }
    for text in ["-0.1", "1", "nan"] {
      #expect(throws: ValidationError.self) { try Parse.fraction(text) }
    }
    for text in ["0", "1"] {
      #expect(throws: ValidationError.self) { try Parse.properFraction(text) }
    }
    #expect(try Parse.seed("18446744073709551615") == UInt64.max)
    #expect(throws: ValidationError.self) { try Parse.seed("-1") }
  }

  @Test(arguments: [
    ("1500000", 1_500_000), ("1.5GB", 1_500_000_000), ("512 MiB", 536_870_912),
    ("2g", 2_000_000_000),
    ("1kib", 1024), ("10B", 10),
  ])
  func `sizes have decimal and binary units`(text: String, bytes: Int) throws {
    #expect(try Parse.byteCount(text) == bytes)
  }

  @Test(arguments: ["", "0", "-1GB", "1.5XB", "GB", "1..5GB", "99999999TB", "1 GB 2", "nan", "²"])
  func `a size that cannot be is refused`(text: String) {
    #expect(throws: ValidationError.self) { try Parse.byteCount(text) }
  }

  @Test func `a save interval is steps or minutes`() throws {
    #expect(try Parse.saveInterval("500") == .steps(500))
    #expect(try Parse.saveInterval("10min") == .minutes(10))
    #expect(try Parse.saveInterval("1.5 m") == .minutes(1.5))
    for text in ["0", "0min", "-5", "min", "1.5", "x"] {
      #expect(throws: ValidationError.self) { try Parse.saveInterval(text) }
    }
  }

  @Test func `the message names the option, the value and what is expected`() {
    let error = #expect(throws: (any Error).self) { try Options.parse(["--epochs", "0"]) }
    let message = error.map { Options.message(for: $0) } ?? ""
    #expect(
      message
        == "The value '0' is invalid for '--epochs <epochs>': expected a whole number of at least 1"
    )
    #expect(error.map { Options.exitCode(for: $0).rawValue } == 64)
  }
}
