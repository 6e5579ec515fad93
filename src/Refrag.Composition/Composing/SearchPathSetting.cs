using Refrag.Composition.Overrides;
using Refrag.Composition.Search;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Composing;

/// <summary>
/// Adds the directories of <c>hydra.searchpath</c>, from the command line or else from the primary file, behind the others.
/// </summary>
internal sealed class SearchPathSetting(SourceCache cache, ProblemList problems)
{
    private const string Key = "hydra.searchpath";
    private const string FileScheme = "file://";

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
            [.. repository.Sources, .. list.Select(item => ((ConfigScalar)item).Text!).Where(IsDirectory).Select(Index)]);
    }

    // Python packages (pkg://) cannot be looked into from here; what they would have given is then missing by its own name.
    private static bool IsDirectory(string path) =>
        path.StartsWith(FileScheme, StringComparison.Ordinal) || !path.Contains("://", StringComparison.Ordinal);

    private SourceIndex Index(string path) =>
        cache.OfDirectory(path.StartsWith(FileScheme, StringComparison.Ordinal) ? path[FileScheme.Length..] : path);
}
