/// Everything that swift-xai has for programs, by one import: tensors, images, data sets, networks,
/// training, attribution, measures, experiments, reports.
@_exported public import XAIAttribution
@_exported public import XAIClassifiers
@_exported public import XAIDatasets
@_exported public import XAIEvaluation
@_exported public import XAIExamples
@_exported public import XAIExperiments
@_exported public import XAIFiles
@_exported public import XAIImages
@_exported public import XAIKernels
@_exported public import XAIMetrics
@_exported public import XAINetworks
@_exported public import XAIReports
@_exported public import XAIRepresentations
@_exported public import XAIStatistics
@_exported public import XAITensor
@_exported public import XAITraining
