import Testing
import XAIEvaluation
