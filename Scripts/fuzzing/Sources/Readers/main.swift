import Driver
import Foundation

// fuzz-readers READER [libFuzzer's options and folders]: gives a reader whatever libFuzzer makes up.
// fuzz-readers --seeds FOLDER: writes undamaged files for every reader, FOLDER/READER/...
// fuzz-readers: lists the readers.

let words = CommandLine.arguments
guard words.count > 1 else {
  print(Readers.all.map(\.name).joined(separator: "\n"))
  exit(0)
}
if words[1] == "--seeds", words.count == 3 {
  try writeSeeds(to: words[2])
  exit(0)
}
guard let reader = Readers.all.first(where: { $0.name == words[1] }) else {
  FileHandle.standardError.write(Data("there is no reader \(words[1])\n".utf8))
  exit(64)
}
Readers.chosen = reader

var arguments: [UnsafeMutablePointer<CChar>?] = ([words[0]] + words.dropFirst(2)).map { strdup($0) }
arguments.append(nil)
var count = Int32(arguments.count - 1)
let status = arguments.withUnsafeMutableBufferPointer { buffer in
  var start = buffer.baseAddress
  return LLVMFuzzerRunDriver(&count, &start) { bytes, count in
    guard let reader = Readers.chosen else { return 0 }
    judge(reader, Array(UnsafeBufferPointer(start: bytes, count: bytes == nil ? 0 : count)))
    return 0
  }
}
exit(status)
