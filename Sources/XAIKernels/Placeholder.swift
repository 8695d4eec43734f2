import XAITensor
