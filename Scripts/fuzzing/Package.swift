// swift-tools-version: 6.1
import PackageDescription

// What Scripts/fuzz builds: libFuzzer around every reader of the toolkit. A package of its own, so that
// the toolkit's build knows nothing of it.
let package = Package(
  name: "fuzzing",
  dependencies: [
    .package(name: "swift-xai", path: "../.."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
  ],
  targets: [
    // libFuzzer's own entry: the executable has a main function already.
    .target(name: "Driver"),
    .executableTarget(
      name: "fuzz-readers",
      dependencies: [
        "Driver",
        .product(name: "XAITensor", package: "swift-xai"),
        .product(name: "XAIFiles", package: "swift-xai"),
        .product(name: "XAIImages", package: "swift-xai"),
        .product(name: "XAIDatasets", package: "swift-xai"),
        .product(name: "XAINetworks", package: "swift-xai"),
        .product(name: "XAITraining", package: "swift-xai"),
        .product(name: "XAIAttribution", package: "swift-xai"),
        .product(name: "XAIExperiments", package: "swift-xai"),
        .product(name: "XAICommandLine", package: "swift-xai"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Sources/Readers"),
  ]
)
