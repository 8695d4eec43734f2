print("xai-train")
