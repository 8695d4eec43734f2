import ArgumentParser

// `export-data` is a word of its own before the options; everything else trains.
let words = Array(CommandLine.arguments.dropFirst())
if words.first == ExportDataCommand.word {
  ExportDataCommand.main(Array(words.dropFirst()))
} else {
  TrainCommand.main(words)
}
