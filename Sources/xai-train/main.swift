import ArgumentParser

// `export-data` and `prune` are words of their own before the options; everything else trains.
let words = Array(CommandLine.arguments.dropFirst())
switch words.first {
case ExportDataCommand.word: ExportDataCommand.main(Array(words.dropFirst()))
case PruneCommand.word: PruneCommand.main(Array(words.dropFirst()))
default: TrainCommand.main(words)
}
