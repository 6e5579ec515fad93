using Refrag.Composition.Overrides;
using Refrag.Composition.Search;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Composing;

/// <summary>
/// Adds the directories of <c>hydra.searchpath</c>, from the command line or else from the primary file, behind the others.
/// </summary>
/// <param name="cache">What is known of directories.</param>
/// <param name="directory">Where the program was started, below which packages of Python are looked for; null for this process's.</param>
/// <param name="problems">Gets what is wrong with the setting.</param>
internal sealed class SearchPathSetting(SourceCache cache, string? directory, ProblemList problems)
{
    private const string Key = "hydra.searchpath";
    private const string FileScheme = "file://";
    private const string PackageScheme = "pkg://";

    public ConfigRepository Extend(ConfigRepository repository, string? configName, IEnumerable<Override> overrides)
    {
        var primary = configName is null ? null : repository.Load(configName);
        if (primary is { Problems.Count: 0, Body: not ConfigMapping })
            problems.Add(ComposeProblems.PrimaryIsNoMapping(configName!, primary));
        var typed = overrides.FirstOrDefault(item => item is { Kind: OverrideKind.Change, Package: null, Key: Key, IsSweep: false });
        var value = typed is null ? ConfigOperations.Select(primary?.Body ?? ConfigMapping.Empty, Key) : OverrideNodes.ToNode(typed);
        if (value is null || value.IsNull) return repository;
        if (value is not ConfigList list || list.Any(item => item is not ConfigScalar { Text: not null }))
        {
            problems.Add(ComposeProblems.BadSearchPath(value.Origin));
            return repository;
        }
        return new ConfigRepository(
            [.. repository.Sources, .. list.Select(item => Index(((ConfigScalar)item).Text!)).OfType<SourceIndex>()]);
    }

    // Null for what only Hydra's plug-ins can read; what they would have given is then missing by its own name.
    private SourceIndex? Index(string path) =>
        path.StartsWith(PackageScheme, StringComparison.Ordinal) ? cache.OfPackage(path, Folders(path[PackageScheme.Length..]))
        : path.StartsWith(FileScheme, StringComparison.Ordinal) ? cache.OfDirectory(path[FileScheme.Length..])
        : path.Contains("://", StringComparison.Ordinal) ? null
        : cache.OfDirectory(path);

    // A project's own package lies where its program is started, or in src. One that is installed elsewhere cannot be found from here.
    private string[] Folders(string package)
    {
        string below = package.Replace('.', '/');
        return [.. ((string[])["", "src"]).Select(above => Path.Combine(directory ?? Environment.CurrentDirectory, above, below))];
    }
}
