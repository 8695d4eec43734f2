print("xai-eval")
