namespace Refrag.Aws.Batch;

/// <summary>
/// What the keys of UntagResource must fulfil: they travel in the query, where the walk over the body does not see them. (API model,
/// TagKeysList)
/// </summary>
internal static class TagKeyLimits
{
    private const string Path = "UntagResource tagKeys";

    public static IEnumerable<Problem> Check(IReadOnlyList<string>? keys)
    {
        if (keys is not { Count: > 0 }) return [LimitProblems.Missing(Path)];
        return
        [
            .. keys.Count > BatchLimits.Tags
                ? [LimitProblems.OutOfRange(Path, "elements", keys.Count, 1, BatchLimits.Tags)]
                : Array.Empty<Problem>(),
            .. from key in keys.Index()
               where key.Item is not { Length: >= 1 and <= BatchLimits.TagKeyLength }
               select LimitProblems.OutOfRange($"{Path}[{key.Index}]", "characters", key.Item?.Length ?? 0, 1, BatchLimits.TagKeyLength),
        ];
    }
}
