using Refrag.SourceAnalysis;

namespace Refrag.Architecture.Tests;

/// <summary>This repository, parsed once for all tests.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static readonly Lazy<SourceCode> s_code = new(() => SourceCode.Read(Root));
    private static readonly Lazy<IReadOnlyList<FolderUse>> s_uses = new(() => FolderUses.Find(s_code.Value));

    public static SourceCode Code => s_code.Value;

    public static IReadOnlyList<FolderUse> Uses => s_uses.Value;

    private static string Find(string directory) =>
        File.Exists(Path.Combine(directory, "refrag.slnx")) ? directory : Find(Path.GetDirectoryName(directory)!);
}
