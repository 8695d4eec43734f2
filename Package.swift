// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "swift-xai",
  products: [
    .executable(name: "xai-train", targets: ["xai-train"]),
    .executable(name: "xai-eval", targets: ["xai-eval"]),
    .executable(name: "xai-explain", targets: ["xai-explain"]),
    .library(name: "XAI", targets: ["XAI"]),
    .library(name: "XAITensor", targets: ["XAITensor"]),
    .library(name: "XAIStatistics", targets: ["XAIStatistics"]),
    .library(name: "XAIFiles", targets: ["XAIFiles"]),
    .library(name: "XAIImages", targets: ["XAIImages"]),
    .library(name: "XAIPlots", targets: ["XAIPlots"]),
    .library(name: "XAIDatasets", targets: ["XAIDatasets"]),
    .library(name: "XAIKernels", targets: ["XAIKernels"]),
    .library(name: "XAINetworks", targets: ["XAINetworks"]),
    .library(name: "XAIClassifiers", targets: ["XAIClassifiers"]),
    .library(name: "XAITraining", targets: ["XAITraining"]),
    .library(name: "XAIAttribution", targets: ["XAIAttribution"]),
    .library(name: "XAIMetrics", targets: ["XAIMetrics"]),
    .library(name: "XAIEvaluation", targets: ["XAIEvaluation"]),
    .library(name: "XAIRepresentations", targets: ["XAIRepresentations"]),
    .library(name: "XAIExamples", targets: ["XAIExamples"]),
    .library(name: "XAIExperiments", targets: ["XAIExperiments"]),
    .library(name: "XAIReports", targets: ["XAIReports"]),
    .library(name: "XAICommandLine", targets: ["XAICommandLine"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    // C libraries. Each is seen by exactly one Swift target.
    .systemLibrary(name: "CDNNL", providers: [.apt(["libdnnl-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CCairo", pkgConfig: "cairo", providers: [.apt(["libcairo2-dev"])]),
    .target(name: "CJPEG", linkerSettings: [.linkedLibrary("jpeg")]),
    .target(name: "CWinograd"),
    .target(name: "CDigest"),
    .target(name: "CFiles"),
    .target(name: "CProgram"),

    // The line of libraries, from the bottom up.
    .target(name: "XAITensor"),
    .target(name: "XAIStatistics", dependencies: ["XAITensor"]),
    .target(name: "XAIFiles", dependencies: ["XAITensor", "CDigest", "CFiles"]),
    .target(name: "XAIImages", dependencies: ["XAITensor", "XAIFiles", "CJPEG", "CPNG"]),
    .target(name: "XAIPlots", dependencies: ["XAITensor", "XAIImages", "CCairo"]),
    .target(name: "XAIDatasets", dependencies: ["XAITensor", "XAIFiles", "XAIImages"]),
    .target(name: "XAIKernels", dependencies: ["XAITensor", "CDNNL", "CWinograd"]),
    .target(name: "XAINetworks", dependencies: ["XAITensor", "XAIFiles", "XAIKernels"]),
    .target(
      name: "XAIClassifiers",
      dependencies: ["XAITensor", "XAIFiles", "XAIImages", "XAIDatasets", "XAINetworks"]),
    .target(
      name: "XAITraining",
      dependencies: [
        "XAITensor", "XAIFiles", "XAIImages", "XAIPlots", "XAIDatasets", "XAIKernels",
        "XAINetworks", "XAIClassifiers",
      ]),
    .target(
      name: "XAIAttribution",
      dependencies: ["XAITensor", "XAIFiles", "XAIKernels", "XAINetworks"]),
    .target(name: "XAIMetrics", dependencies: ["XAITensor", "XAIStatistics"]),
    .target(
      name: "XAIRepresentations",
      dependencies: [
        "XAITensor", "XAIStatistics", "XAIFiles", "XAIKernels", "XAINetworks", "XAIAttribution",
        "XAIMetrics",
      ]),
    .target(
      name: "XAIExamples",
      dependencies: [
        "XAITensor", "XAIStatistics", "XAIFiles", "XAIKernels", "XAINetworks", "XAIAttribution",
        "XAIMetrics", "XAIRepresentations",
      ]),
    .target(
      name: "XAIEvaluation",
      dependencies: [
        "XAITensor", "XAIFiles", "XAIKernels", "XAINetworks", "XAIAttribution", "XAIMetrics",
      ]),
    .target(
      name: "XAIExperiments",
      dependencies: [
        "XAITensor", "XAIStatistics", "XAIFiles", "XAIImages", "XAIDatasets", "XAIKernels",
        "XAINetworks", "XAIClassifiers", "XAITraining", "XAIAttribution", "XAIMetrics",
        "XAIRepresentations", "XAIExamples", "XAIEvaluation",
      ]),
    .target(
      name: "XAIReports",
      dependencies: [
        "XAITensor", "XAIFiles", "XAIImages", "XAIPlots", "XAINetworks", "XAIClassifiers",
        "XAIAttribution", "XAIMetrics", "XAIRepresentations", "XAIEvaluation", "XAIExperiments",
      ],
      resources: [.embedInCode("Resources")]),

    // Everything by one import.
    .target(
      name: "XAI",
      dependencies: [
        "XAITensor", "XAIFiles", "XAIImages", "XAIDatasets", "XAIKernels", "XAINetworks",
        "XAIClassifiers", "XAITraining", "XAIAttribution", "XAIMetrics", "XAIEvaluation",
        "XAIRepresentations", "XAIStatistics", "XAIExamples", "XAIExperiments", "XAIReports",
      ]),

    // The programs: what only a command line knows, and arguments.
    .target(
      name: "XAICommandLine",
      dependencies: [
        "XAITensor", "XAIFiles", "XAIImages", "XAIDatasets", "XAIKernels", "XAINetworks",
        "XAIClassifiers", "XAITraining", "XAIAttribution", "XAIMetrics", "XAIEvaluation",
        "XAIRepresentations", "XAIExamples", "XAIExperiments", "XAIReports", "CProgram",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "xai-train",
      dependencies: [
        "XAIFiles", "XAIDatasets", "XAICommandLine",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "xai-eval",
      dependencies: [
        "XAICommandLine",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "xai-explain",
      dependencies: [
        "XAIExperiments", "XAIReports", "XAICommandLine",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // Tests. Fixtures lie beside them and are found by #filePath.
    .target(
      name: "XAITestSupport", dependencies: ["XAITensor", "XAIFiles"], path: "Tests/XAITestSupport"),
    .testTarget(name: "XAITensorTests", dependencies: ["XAITensor"]),
    .testTarget(
      name: "XAIStatisticsTests", dependencies: ["XAIStatistics", "XAITensor", "XAITestSupport"]),
    .testTarget(
      name: "XAIFilesTests", dependencies: ["XAIFiles", "XAITensor", "XAITestSupport"],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "XAIImagesTests",
      dependencies: ["XAIImages", "XAIFiles", "XAITensor", "XAITestSupport"],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "XAIPlotsTests", dependencies: ["XAIPlots", "XAIImages", "XAITensor"]),
    .testTarget(
      name: "XAIDatasetsTests",
      dependencies: ["XAIDatasets", "XAIImages", "XAIFiles", "XAITensor", "XAITestSupport"]),
    .testTarget(
      name: "XAIKernelsTests", dependencies: ["XAIKernels", "XAITensor", "XAITestSupport"]),
    .testTarget(
      name: "XAINetworksTests",
      dependencies: ["XAINetworks", "XAIKernels", "XAIFiles", "XAITensor", "XAITestSupport"],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "XAIClassifiersTests",
      dependencies: [
        "XAIClassifiers", "XAINetworks", "XAIDatasets", "XAIImages", "XAIFiles", "XAITensor",
        "XAITestSupport",
      ]),
    .testTarget(
      name: "XAITrainingTests",
      dependencies: [
        "XAITraining", "XAIClassifiers", "XAINetworks", "XAIKernels", "XAIDatasets", "XAIImages",
        "XAIFiles",
        "XAITensor", "XAITestSupport",
      ],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "XAIAttributionTests",
      dependencies: [
        "XAIAttribution", "XAINetworks", "XAIKernels", "XAIFiles", "XAITensor", "XAITestSupport",
      ],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "XAIMetricsTests",
      dependencies: ["XAIMetrics", "XAIStatistics", "XAITensor", "XAITestSupport"],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "XAIRepresentationsTests",
      dependencies: [
        "XAIRepresentations", "XAIStatistics", "XAIAttribution", "XAINetworks", "XAIKernels",
        "XAIFiles", "XAITensor", "XAITestSupport",
      ],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "XAIExamplesTests",
      dependencies: [
        "XAIExamples", "XAIRepresentations", "XAIStatistics", "XAIAttribution", "XAINetworks",
        "XAIKernels", "XAIFiles", "XAITensor", "XAITestSupport",
      ],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "XAIEvaluationTests",
      dependencies: [
        "XAIEvaluation", "XAIMetrics", "XAIAttribution", "XAINetworks", "XAIKernels", "XAIFiles",
        "XAITensor", "XAITestSupport",
      ],
      exclude: ["Fixtures"]),
    .target(
      name: "XAIExperimentsTestSupport",
      dependencies: [
        "XAIExperiments", "XAIMetrics", "XAIAttribution", "XAIClassifiers", "XAINetworks",
        "XAIKernels", "XAIDatasets", "XAIImages", "XAIFiles", "XAITensor", "XAITestSupport",
      ], path: "Tests/XAIExperimentsTestSupport"),
    .testTarget(
      name: "XAIExperimentsTests",
      dependencies: [
        "XAIExperiments", "XAIExperimentsTestSupport", "XAIRepresentations", "XAIExamples",
        "XAIStatistics",
        "XAIMetrics", "XAIAttribution", "XAIClassifiers", "XAINetworks", "XAIKernels",
        "XAIDatasets", "XAIImages", "XAIFiles", "XAITensor", "XAITestSupport",
      ],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "XAIReportsTests",
      dependencies: [
        "XAIReports", "XAIExperiments", "XAIExperimentsTestSupport", "XAIEvaluation", "XAIMetrics",
        "XAIAttribution", "XAIClassifiers", "XAINetworks", "XAIImages", "XAIFiles", "XAITensor",
        "XAITestSupport",
      ],
      exclude: ["JavaScript"]),
    .testTarget(name: "XAITests", dependencies: ["XAI", "XAITestSupport"]),
    .testTarget(
      name: "XAICommandLineTests",
      dependencies: [
        "XAICommandLine", "XAIReports", "XAIExperiments", "XAITraining", "XAIAttribution",
        "XAIClassifiers", "XAINetworks", "XAIKernels", "XAIDatasets", "XAIFiles", "XAITensor",
        "XAITestSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .testTarget(
      name: "XAICommandTests",
      dependencies: [
        "XAIReports", "XAIExperiments", "XAIMetrics", "XAIAttribution", "XAITraining",
        "XAIClassifiers", "XAINetworks", "XAIDatasets", "XAIImages", "XAIFiles", "XAICommandLine",
        "XAITensor", "XAITestSupport",
      ],
      exclude: ["Fixtures"]),
  ]
)

// For `Scripts/docs` alone, so that nobody who builds the programs needs it.
if Context.environment["SWIFT_XAI_DOCS"] != nil {
  package.dependencies.append(
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"))
}

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
]
let c = ["CJPEG", "CWinograd", "CDigest", "CFiles", "CProgram"]
for target in package.targets where target.type != .system && !c.contains(target.name) {
  target.swiftSettings = (target.swiftSettings ?? []) + strict
}
