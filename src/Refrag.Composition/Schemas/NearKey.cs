namespace Refrag.Composition.Schemas;

/// <summary>The key that was most likely meant by one that is not there.</summary>
internal static class NearKey
{
    /// <summary>
    /// The whole path of the key that <paramref name="name"/> is nearest to: one beside it, one that a schema declares there, or a key of
    /// that very name that a schema declares elsewhere. Null if none is near.
    /// </summary>
    /// <param name="name">The name that was typed.</param>
    /// <param name="parent">The mapping that it was typed in; empty for the root.</param>
    /// <param name="siblings">The keys of that mapping.</param>
    /// <param name="schemas">The schemas of the composition.</param>
    public static string? Of(string name, string parent, IEnumerable<string> siblings, IEnumerable<PlacedSchema> schemas)
    {
        (string Path, SchemaKey Key)[] declared = [.. schemas.SelectMany(placed => placed.Flatten())];
        string prefix = parent.Length == 0 ? "" : $"{parent}.";
        var beside = declared.Where(key => key.Path == prefix + key.Key.Name).Select(key => key.Key.Name).ToList();
        if (beside.Contains(name)) return null;
        // Any two letters are alike, but one may be left out of a short name: ap for app.
        IEnumerable<string> others = siblings.Concat(beside).Where(other => !DifferInDigits(name, other)
            && (name.Length > 2 || other.StartsWith(name, StringComparison.Ordinal)));
        if (Suggestion.Nearest(name, others) is { } near) return prefix + near;
        // gpus=2 for env.gpus=2; of names that are merely alike elsewhere too many would be meant.
        return parent.Length == 0 ? declared.FirstOrDefault(key => key.Key.Name == name).Path : null;
    }

    // layer1 and layer2 are alike on purpose.
    private static bool DifferInDigits(string one, string other) =>
        one.Where(c => !char.IsAsciiDigit(c)).SequenceEqual(other.Where(c => !char.IsAsciiDigit(c)));
}
