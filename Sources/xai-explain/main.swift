import XAIAttribution
print(MethodCatalog.entries.map(\.identifier))
