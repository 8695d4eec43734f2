import ArgumentParser

ExplainCommand.main()
