using Refrag.Composition.Overrides;
using Refrag.Composition.Schemas;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Composing;

/// <summary>Finds what composes, and is nearly always a slip: each is a warning, because it may be meant.</summary>
internal sealed class LikelySlips(IReadOnlyList<string> programKeys, ProblemList warnings)
{
    /// <summary>Keys that <c>+</c> added, and that are nearly another key beside them or are one of the program's.</summary>
    public void CheckAdded(IEnumerable<Override> overrides, ConfigMapping config, IReadOnlyList<PlacedSchema> schemas)
    {
        foreach (var item in overrides.Where(item => item is { Kind: OverrideKind.Add, Package: null }))
        {
            var path = KeyPath.Split(item.Key);
            string parent = KeyPath.Join(path.Take(path.Count - 1));
            var known = ConfigOperations.Select(config, [.. path.Take(path.Count - 1)]) is ConfigMapping mapping
                ? mapping.Select(entry => entry.Key.ToString())
                : [];
            if (NearKey.Of(path[^1], parent, known, schemas) is { } near) warnings.Add(ComposeProblems.NearlyAnotherKey(item, near));
        }
    }

    /// <summary>Files of a group that write a key of the program, as <c>env</c>, and land below their group for want of a header.</summary>
    public void CheckPackages(IEnumerable<ResolvedDefault> items)
    {
        foreach (var item in items)
        {
            if (item is not { IsPrimary: false, File: { PackageHeader: null, Body: ConfigMapping body } } || item.Package.Length == 0)
                continue;
            foreach (string key in programKeys.Where(key => body.ContainsKey(key)))
                warnings.Add(ComposeProblems.WithoutHeader(item, key, body[key]!.Origin));
        }
    }
}
